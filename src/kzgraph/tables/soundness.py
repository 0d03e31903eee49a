"""The rows that can be mapped although others are faulty, and what may be said of them.

What depends on a faulty row is left out with it. What a faulty row refers to stays, but lacks
something: a total without one of its parts is not at fault, so nothing is said of it.
"""

from collections.abc import Iterable, Iterator

from kzgraph.faults import Fault
from kzgraph.tables.checks import derived_paths, path_of
from kzgraph.tables.folders import SHARED
from kzgraph.tables.reader import Row


def keep_sound(
    rows: Iterable[Row], refused: Iterable[Row], faults: Iterable[Fault]
) -> tuple[tuple[Row, ...], frozenset[str]]:
    """The rows that no fault concerns, and the IRIs of those among them that are complete.

    Args:
        rows: the rows that are valid by themselves.
        refused: the faulty rows that have a subject.
        faults: all faults of form and of references.
    """
    places = {(fault.file, fault.line) for fault in faults}
    bad = [*refused, *(row for row in rows if (row.file, row.line) in places)]
    # Rows without a subject, and files that were not read, may hold anything of their folder.
    lost = {file for file, _ in places - {(row.file, row.line) for row in bad}}
    if any(file.partition("/")[0] == SHARED or "/" not in file for file in lost):
        return (), frozenset()
    folders = {file.partition("/")[0] for file in lost}
    sound = [row for row in rows if (row.file, row.line) not in places]
    while True:
        known = {path_of(row) for row in sound} | derived_paths(sound)
        described = {row.folder for row in sound if row.schema.name == "document"} | {SHARED}
        kept = [row for row in sound if row.folder in described and known.issuperset(_paths(row))]
        if len(kept) == len(sound):
            break
        gone = set(map(id, sound)) - set(map(id, kept))
        bad += [row for row in sound if id(row) in gone]
        sound = kept
    lacking = {path for row in bad for path in _paths(row)}
    for row in bad:
        for column in row.schema.columns:
            if column.refers and not row.cells[column.name]:
                # The faulty cell may have named what others of the document name there.
                lacking |= {
                    item
                    for other in sound
                    if other.folder == row.folder
                    for item in other.cells.get(column.name, ())
                }
        lacking.add(f"document/{row.folder}")
    complete = (row for row in sound if row.folder not in folders)
    return tuple(sound), frozenset(row.iri for row in complete if path_of(row) not in lacking)


def _paths(row: Row) -> Iterator[str]:
    """The paths of the things and codes that a row refers to."""
    if path_of(row).startswith("scheme/"):
        return
    for column in row.schema.columns:
        for item in row.cells[column.name]:
            if column.refers:
                yield item
            elif column.scheme:
                yield f"{column.scheme}/{item}"
