"""The tables that a release has as files, by the list that its build wrote beside them.

`dumps/tables/tables.json` says of each table what `table_templates` says of one that is a query,
and which files it is. A column that has the name of a filter is one. So a new table of
a release needs no code here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kzgraph.namespaces import LANGUAGES
from kzgraph.tidy.table_templates import Column, Table, Texts, read_filters, read_tables

#: The folder of the files below that of the dumps, and the list in it.
FOLDER, LIST = "tables", "tables.json"
#: The form of the list that this code reads.
_FORMAT = 1


@dataclass(frozen=True)
class FileColumn:
    """A column of a file.

    Attributes:
        name: in the header.
        datatype: as `Column` has it.
        type: of DuckDB, in the Parquet file.
        language: of its texts, where it has labels in one language; else nothing.
        tag: its HXL hashtag; nothing where it has none.
    """

    name: str
    datatype: str
    type: str
    language: str = ""
    tag: str = ""


@dataclass(frozen=True)
class FileTable:
    """A table that a release has as files.

    Attributes:
        table: what it is. Where its template is empty, there is no query for it.
        columns: of the files, in their order.
        rows: how many there are.
        parquet: the file of Parquet, by its name below the dumps; likewise `csv` and `metadata`,
            which may be missing. A file of CSV may be compressed.
        languages: the files of Parquet with labels in one language each, by that language, where
            labels do not stand beside each other.
        sources: whose numbers are in it: names of graphs.
        numbers: what the rows are, by the names that the list has for it: observations, zeros,
            empties.
    """

    table: Table
    columns: tuple[FileColumn, ...]
    rows: int
    parquet: str
    csv: str = ""
    metadata: str = ""
    languages: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)

    def choose_columns(self, language: str) -> tuple[FileColumn, ...]:
        """The columns without labels in other languages; all of them where none is chosen."""
        if language in self.languages:
            names = {each.name for each in self.columns}
            # The name of what has a code beside it; any other text is in its own language.
            labels = {f"{name}_name" for name in names} & names
            return tuple(
                replace(each, language=language) if each.name in labels else each
                for each in self.columns
            )
        return tuple(
            each for each in self.columns if not language or each.language in ("", language)
        )

    def has_language(self, language: str) -> bool:
        """Whether there are labels in a language, or none in any."""
        told = {*self.languages, *(each.language for each in self.columns)} - {""}
        return not told or language in told

    def find_parquet(self, language: str) -> str:
        """The file of Parquet with labels in a language, or in all of them."""
        return self.languages.get(language, self.parquet)


@dataclass(frozen=True)
class ReleaseTables:
    """The tables that a release has at `/tables/`.

    Attributes:
        tables: by their names, those that are queries first.
        files: of those that are files.
        credit: whom to name for each source of the release, by the name of its graph.
    """

    tables: Mapping[str, Table]
    files: Mapping[str, FileTable] = field(default_factory=dict)
    credit: Mapping[str, str] = field(default_factory=dict)

    def credit_sources(self, file: FileTable) -> str:
        """Whom whoever passes on rows of `file` has to name, as text."""
        lines = dict.fromkeys(self.credit[each] for each in file.sources if each in self.credit)
        return "\n".join(["Data of", *lines]) if lines else ""


def find_tables(dumps: Path, credit: Mapping[str, str] | None = None) -> ReleaseTables:
    """The tables of a release.

    A file with the name of a query is that table only if it has its columns. A query without a file
    and a file without a query are tables alike.

    Args:
        dumps: the folder of the dumps.
        credit: see `ReleaseTables`.

    Raises:
        ValueError, KeyError: the list is not what this code reads, though it says that it is.
    """
    tables = dict(read_tables())
    files = {}
    for each in _read_list(dumps / FOLDER / LIST):
        name = each.table.name
        if name in tables:
            names = [column.name for column in tables[name].columns]
            if names != [column.name for column in each.columns]:
                continue
            each = replace(each, table=tables[name])
        tables[name] = each.table
        files[name] = each
    return ReleaseTables(tables, files, credit or {})


def _read_list(path: Path) -> Iterable[FileTable]:
    """The entries of a list; none where there is none, or it is of another version of the code."""
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return
    if found["format"] == _FORMAT:
        yield from map(_read_table, found["tables"])


def _read_table(entry: Mapping[str, Any]) -> FileTable:
    filters = read_filters()
    columns = entry["columns"]
    table = Table(
        entry["name"],
        _texts(entry["titles"]),
        _texts(entry["texts"]),
        tuple(entry["key"]),
        tuple(Column(each["name"], each["datatype"], _texts(each["texts"])) for each in columns),
        tuple(filters[each["name"]] for each in columns if each["name"] in filters),
        "",
    )
    return FileTable(
        table,
        tuple(
            FileColumn(
                each["name"],
                each["datatype"],
                each["type"],
                each.get("language", ""),
                each.get("tag", ""),
            )
            for each in columns
        ),
        entry["rows"],
        _below(entry["parquet"]),
        _below(entry.get("csv", "")),
        _below(entry.get("metadata", "")),
        {language: _below(name) for language, name in entry.get("languages", {}).items()},
        tuple(entry.get("sources", ())),
        {
            name: entry[name]
            for name in ("observations", "zeros", "empties")
            if entry.get(name) is not None
        },
    )


def _texts(told: Mapping[str, str]) -> Texts:
    return {language: told.get(language) or told.get("en", "") for language in LANGUAGES}


def _below(name: str) -> str:
    return f"{FOLDER}/{name}" if name else ""
