"""Finding the header of a file, and by it the layout that the file has.

A download may have lines before its header that say what it is; the names of the columns tell
where they end. The order of the columns is free.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from itertools import islice

from kzgraph.sources import OTHER_SEPARATORS, FaultList, SourceFaults, describe_separator
from kzgraph_mappings.official.csvw_metadata import Column, Layout, fold_name
from kzgraph_mappings.official.official_cells import shorten, show

#: Lines in which a header is looked for.
_MOST_LINES = 60
#: The part of a layout's columns that a row must name to be taken for its header.
_ENOUGH = 0.4

Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Header:
    """The header of a file.

    Attributes:
        layout: the layout that has these columns.
        columns: the columns in their order in the file.
        line: its line.
        preamble: what the lines before it say: properties to texts.
    """

    layout: Layout
    columns: tuple[Column, ...]
    line: int
    preamble: Mapping[str, str]


def find_separator(cells: Sequence[str], count: Callable[[Sequence[str]], int]) -> str:
    """What separates the names of columns instead of commas, in words; nothing where commas do.

    Args:
        cells: the line, as commas divide it.
        count: how many columns a line names.
    """
    for separator, name in OTHER_SEPARATORS.items():
        pieces = [piece for cell in cells for piece in cell.split(separator)]
        if count(pieces) > max(1, count(cells)):
            return name
    return ""


def skip_blank_rows(records: Iterable[Record]) -> Iterator[Record]:
    """The records but for those without text, which spreadsheets write as commas alone."""
    return (record for record in records if any(map(str.strip, record[1])))


def find_header(records: Iterator[Record], layouts: Sequence[Layout], faults: FaultList) -> Header:
    """Read the records up to the header, and find which layout it is of.

    Raises:
        SourceFaults: there is none, or its columns are not those of a layout.
    """
    before: list[Record] = []
    for line, cells in islice(records, _MOST_LINES):
        counts = [_count_known(cells, layout) for layout in layouts]
        best = max(range(len(layouts)), key=counts.__getitem__)
        if counts[best] >= max(2, _ENOUGH * len(layouts[best].real)):
            columns = _match_columns(line, cells, layouts[best], faults)
            _refuse_lines_before(before, layouts[best], faults)
            return Header(layouts[best], columns, line, _read_preamble(before, layouts[best]))
        before.append((line, cells))
    raise _find_no_header(before, layouts, faults)


def _count_known(cells: Sequence[str], layout: Layout) -> int:
    return len({fold_name(cell) for cell in cells} & layout.by_name.keys())


def _match_columns(
    line: int, cells: Sequence[str], layout: Layout, faults: FaultList
) -> tuple[Column, ...]:
    """The columns that a header names.

    Raises:
        SourceFaults: it lacks one, has one twice or has one that is not known.
    """
    known, found = layout.by_name, []
    for cell in cells:
        column = known.get(fold_name(cell))
        if column is None:
            near = get_close_matches(fold_name(cell), known, n=1)
            wanted = f"call it {known[near[0]].title}" if near else "take the column out"
            faults.add(
                line,
                shorten(cell.strip()),
                f"{layout.title} has no column {show(cell)}",
                f"{wanted}, if nothing is lost by that",
            )
            continue
        if column in found:
            faults.add(line, cell.strip(), "the column is there twice", "keep one of the two")
        found.append(column)
    missing = [c for c in layout.real if c not in found and not c.may_be_missing]
    for column in missing:
        faults.add(
            line,
            column.title,
            f"{layout.title} has a column that is not there",
            "fetch the table with all of its columns",
        )
    if not faults.faults and not any(column.property_url for column in found):
        faults.add(line, "", "no column has numbers", "fetch the table with its numbers")
    faults.check()
    return tuple(found)


def _refuse_lines_before(before: Sequence[Record], layout: Layout, faults: FaultList) -> None:
    filled = [(line, cells) for line, cells in before if any(map(str.strip, cells))]
    if filled and not layout.skip_rows:
        raise faults.stop(
            filled[0][0],
            "",
            f"a line stands before the header, which {layout.title} does not have",
            "take the lines before the header out, if it is one table and not two",
        )


def _read_preamble(before: Sequence[Record], layout: Layout) -> dict[str, str]:
    facts = {fold_name(label).rstrip(":"): fact for label, fact in layout.preamble.items()}
    found: dict[str, str] = {}
    for _, cells in before:
        fact = facts.get(fold_name(cells[0]).rstrip(":")) if cells else None
        if fact and len(cells) > 1:
            found[fact] = cells[1].strip()
    return found


def _find_no_header(
    before: Sequence[Record], layouts: Sequence[Layout], faults: FaultList
) -> SourceFaults:
    filled = [(line, cells) for line, cells in before if any(map(str.strip, cells))]
    if not filled:
        return faults.stop(0, "", "the file is empty", "fetch it again")
    line, cells = filled[0]
    text = ",".join(cells).lstrip().lower()
    fetch = "fetch the table as CSV"
    if text.startswith("<"):
        what = "a page in HTML" if "html" in text[:200] else "XML"
        return faults.stop(line, "", f"it is {what}, not CSV", fetch)
    if text.startswith(("{", "[")):
        return faults.stop(line, "", "it is JSON, not CSV", fetch)
    for line, cells in filled:
        for layout in layouts:
            if separator := find_separator(cells, partial(_count_known, layout=layout)):
                return faults.stop(line, "", *describe_separator(separator))
    wanted = "; or ".join(
        f"{layout.title}: {', '.join(column.title for column in layout.real)}" for layout in layouts
    )
    return faults.stop(filled[0][0], "", "no line has the names of columns", f"they are {wanted}")
