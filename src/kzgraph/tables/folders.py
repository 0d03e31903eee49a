"""The files below a folder of tables: which are tables, and which would be skipped silently.

A file that is skipped loses its rows silently. So a file in a folder of tables is a table, a note
(`*.md`), hidden, or refused.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kzgraph.faults import Fault, TableFaults
from kzgraph.iri import PROJECT_GRAPHS, is_source
from kzgraph.tables.schema import Schema

#: The folder whose tables belong to no single document.
SHARED = "shared"

_SUFFIX = ".csv"
#: Files of workbooks, in lower case: their sheets are not read.
_WORKBOOKS = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"}
#: What file managers leave behind.
_LITTER = {"thumbs.db", "desktop.ini"}


class TableFile(NamedTuple):
    """A table: its path, its name in messages, and the name of its folder."""

    path: Path
    shown: str
    folder: str

    def fault(self, line: int, column: str, message: str, remedy: str) -> Fault:
        """A fault in it."""
        return Fault(self.shown, line, column, message, remedy)


def check_has_tables(root: Path, known: dict[str, Schema]) -> None:
    """Check that `root` is a folder of tables and not one alongside, above or below it.

    Raises:
        TableFaults: no folder in `root` has a table; names the folder nearby that has, or the
            files that are nearly tables.
    """
    if _has_tables(root, known):
        return
    near: list[Fault] = []
    for path in sorted(path for folder in _list_visible(root) for path in _list_visible(folder)):
        name = path.name.casefold()
        tabular = _SUFFIX in name or path.suffix.casefold() in _WORKBOOKS
        if tabular and name.partition(".")[0] in known:
            near.append(_explain_file(path, f"{path.parent.name}/{path.name}", known))
    if near:
        raise TableFaults(near)
    right = [
        folder
        for folder in (root.resolve().parent, *_list_visible(root))
        if folder.is_dir() and _has_tables(folder, known)
    ]
    remedy = (
        f"name {' or '.join(map(str, right))}"
        if right
        else f"name a folder that holds {SHARED} and a folder of CSV tables for each document"
    )
    raise TableFaults([Fault.of_file(str(root), "there are no tables in the folders here", remedy)])


def table_files(root: Path, known: dict[str, Schema], faults: list[Fault]) -> Iterator[TableFile]:
    """The tables below `root` in order of folder and name; other files are added to `faults`."""
    for folder in _list_visible(root):
        if not folder.is_dir():
            if not _is_note(folder):
                faults.append(_stray_file(folder))
            continue
        faults += check_folder_name(folder.name, known)
        for path in _list_visible(folder):
            shown = f"{folder.name}/{path.name}"
            if path.is_dir() and path.suffix != _SUFFIX:
                faults += _check_inner(path, shown)
            elif path.suffix == _SUFFIX and path.stem in known and path.is_file():
                yield TableFile(path, shown, folder.name)
            elif not _is_note(path) and not _is_copy(path, known):
                faults.append(_explain_file(path, shown, known))


def _list_visible(folder: Path) -> list[Path]:
    """The entries of a folder, sorted, without hidden files, Office lock files and litter."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith((".", "~$")) and path.name.casefold() not in _LITTER
    )


def _has_tables(root: Path, known: dict[str, Schema]) -> bool:
    return any(
        path.suffix == _SUFFIX and path.stem in known
        for folder in _list_visible(root)
        for path in _list_visible(folder)
    )


def _is_note(path: Path) -> bool:
    """Whether it is a note, and not a table that was given the suffix of one."""
    suffixes = [suffix.casefold() for suffix in path.suffixes]
    return suffixes[-1:] == [".md"] and _SUFFIX not in suffixes and path.is_file()


def _is_copy(path: Path, known: dict[str, Schema]) -> bool:
    """Whether it is the workbook that the table of the same name was saved from."""
    table = path.with_suffix(_SUFFIX)
    return path.suffix.casefold() in _WORKBOOKS and path.stem in known and table.is_file()


def _stray_file(path: Path) -> Fault:
    if path.suffix.casefold() == _SUFFIX:
        return Fault.of_file(path.name, "a table outside a folder", "move it to a document's")
    return Fault.of_file(path.name, "the file is among the folders of tables", "move it away")


def check_folder_name(name: str, known: dict[str, Schema]) -> Iterator[Fault]:
    """The fault of a name that no folder of a document may have."""
    slug = known["document"].by_name["slug"].pattern
    if name in PROJECT_GRAPHS or is_source(name):
        remedy = "give the document another slug"
        yield Fault.of_file(name, "a graph of the project has this name", remedy)
    elif slug and not slug.fullmatch(name):
        remedy = "write lower-case Latin letters, digits and hyphens: fact-sheet-2024"
        yield Fault.of_file(name, f"a folder cannot be called {name!r}", remedy)


def _check_inner(folder: Path, shown: str) -> Iterator[Fault]:
    """A subfolder of a document's folder is not read, so it must be empty."""
    if any(path.is_file() for path in folder.rglob("*") if not path.name.startswith(".")):
        remedy = f"move them to {shown.partition('/')[0]}/"
        yield Fault.of_file(shown, "tables in a folder of a folder are not read", remedy)


def _explain_file(path: Path, shown: str, known: dict[str, Schema]) -> Fault:
    """Why a file among tables is not one: its suffix, its name, or its type."""
    suffix = path.suffix.casefold()
    stem = path.name.partition(".")[0].casefold()
    right = f"{stem}{_SUFFIX}"
    if not path.is_file():
        message, remedy = "it is not a regular file", "put a copy of the file in its place"
    elif suffix in _WORKBOOKS:
        message = "a workbook is not read"
        slug = shown.partition("/")[0]
        remedy = (
            f"save its sheet as {right if stem in known else 'a table'}, CSV in UTF-8; one that"
            f" kzgraph template wrote is for kzgraph import {slug}, and kept elsewhere"
        )
    elif stem in known:
        message = f"a table is read only from a file called {right}"
        remedy = f"rename it to {right}" if suffix == _SUFFIX else f"save it as {right}, in UTF-8"
    elif suffix == _SUFFIX:
        message = f"no table is called {path.stem!r}"
        remedy = "use " + ", ".join(known)
    else:
        message, remedy = "the file is not a table", "keep it elsewhere, or make it a note (.md)"
    return Fault.of_file(shown, message, remedy)
