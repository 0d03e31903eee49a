"""Cells that a program proposed and no editor has settled yet.

A draft cell begins with a mark that no key, code or text of a table begins with. A row is a draft
as long as its key is one.
"""

from collections.abc import Iterator

from kzgraph.faults import Fault
from kzgraph.tables.folders import TableFile

#: What a draft cell begins with.
DRAFT = "draft:"


def draft(proposal: str = "") -> str:
    """A draft cell.

    >>> draft("en")
    'draft: en'
    """
    return f"{DRAFT} {proposal}".rstrip()


def is_draft(text: str) -> bool:
    """Whether a cell is a draft."""
    # Spreadsheets capitalize the first letter of a cell that is edited.
    return text.strip().casefold().startswith(DRAFT)


def draft_faults(cells: dict[str, str], file: TableFile, line: int) -> Iterator[Fault]:
    """One fault for each draft cell of a row, or one alone where the row is a draft."""
    drafts = [name for name, text in cells.items() if is_draft(text)]
    if "key" in drafts:
        remedy = (
            "fill in its cells, give it a key of its own and a label in your own words,"
            " or delete the row"
        )
        yield file.fault(line, "key", "the row is a draft", remedy)
        return
    for name in drafts:
        proposed = cells[name].strip()[len(DRAFT) :].strip()
        remedy = f"write {proposed!r} if that is right, or what is" if proposed else "fill it in"
        yield file.fault(line, name, f"{cells[name]!r} is a draft", remedy)
