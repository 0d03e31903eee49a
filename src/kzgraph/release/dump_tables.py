"""Tables among the dumps, each in two variants, both with CSVW metadata that say what is in it.

| file | |
| --- | --- |
| `NAME` | the table |
| `STEM.hxl.csv` | the same with HXL hashtags in its second line |
| `...-metadata.json` | of each, where programs look for it |

https://www.w3.org/TR/tabular-data-model/#standard-file-metadata,
https://hxlstandard.org/standard/1-1final/tagging/
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from kzgraph.iri import GRAPH
from kzgraph.licences import OWN
from kzgraph.release.dumps import ATTRIBUTION
from kzgraph.sources.source_entries import SourceEntry

_CSV, _METADATA = "text/csv", "application/csvm+json"
#: The default would take a line that begins with a hash for a comment.
_DIALECT: Mapping[str, Any] = {"encoding": "utf-8", "commentPrefix": None}


@dataclass(frozen=True)
class TableColumn:
    """What the cells of a column are.

    Attributes:
        name: in the header.
        what: its meaning, in English.
        tag: its HXL hashtag.
        datatype: of CSVW.
        separator: what stands between the values of a cell; nothing where it has one at most.
        property: the IRI of what a row says in it; nothing where it says it of something else.
    """

    name: str
    what: str
    tag: str
    datatype: str = "string"
    separator: str = ""
    property: str = ""


@dataclass(frozen=True)
class DumpTable:
    """A table among the dumps.

    Attributes:
        name: of its file.
        title: in English.
        description: likewise.
        columns: in order.
        rows: their cells.
        sources: whose numbers are in it.
        members: of its metadata, in addition.
    """

    name: str
    title: str
    description: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[str]]
    sources: Sequence[SourceEntry] = ()
    members: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TableFile:
    """A file of a table: its name below the dumps, its media type and its bytes."""

    name: str
    media_type: str
    data: bytes


def tagged_name(name: str) -> str:
    """The name of the variant with hashtags of the table called `name`.

    >>> tagged_name("links.sssom.tsv")
    'links.hxl.csv'
    """
    return f"{name.partition('.')[0]}.hxl.csv"


def metadata_name(name: str) -> str:
    """The name of the metadata of the table called `name`."""
    return f"{name}-metadata.json"


def write_table(table: DumpTable) -> Iterator[TableFile]:
    """The table as CSV, and its metadata."""
    header = [column.name for column in table.columns]
    yield TableFile(table.name, _CSV, _write_csv([header, *table.rows]))
    yield describe_table(table, _DIALECT, [column.name for column in table.columns])


def write_tagged(table: DumpTable) -> Iterator[TableFile]:
    """The variant of the table with hashtags, and its metadata."""
    name = tagged_name(table.name)
    header = [column.name for column in table.columns]
    tags = [column.tag for column in table.columns]
    yield TableFile(name, _CSV, _write_csv([header, tags, *table.rows]))
    # Tools for CSVW take the second row of a header for data, so both are skipped.
    dialect = {**_DIALECT, "header": False, "skipRows": 2}
    titles = [[column.name, column.tag] for column in table.columns]
    yield describe_table(table, dialect, titles, name)


def describe_table(
    table: DumpTable, dialect: Mapping[str, Any], titles: Sequence[object], name: str = ""
) -> TableFile:
    """The metadata of a table: https://www.w3.org/TR/tabular-metadata/.

    Args:
        table: what it is.
        dialect: how its file is to be read.
        titles: of the columns, as its header has them.
        name: of the file, where it is another than that of the table.
    """
    licences = {OWN.iri, *(each.licence for each in table.sources)}
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name or table.name,
        "dialect": dict(dialect),
        "dc:title": table.title,
        "dc:description": table.description,
        # Of several none is that of the table: the text says whose data is under which.
        "dc:license": {"@id": OWN.iri if len(licences) == 1 else ATTRIBUTION},
        "dc:source": [
            {
                "@id": f"{GRAPH}{each.name}",
                "dc:title": each.title,
                "dc:license": {"@id": each.licence},
                "schema:creditText": each.attribution,
            }
            for each in sorted(table.sources, key=lambda each: each.name)
        ],
        "tableSchema": {
            **table.members,
            "columns": [
                _describe_column(column, title)
                for column, title in zip(table.columns, titles, strict=True)
            ],
        },
    }
    kept = {key: value for key, value in described.items() if value != []}
    data = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    return TableFile(metadata_name(name or table.name), _METADATA, data.encode())


def _describe_column(column: TableColumn, titles: object) -> dict[str, Any]:
    described = {
        "name": column.name,
        "titles": titles,
        "dc:description": {"en": column.what},
        "datatype": column.datatype,
        "separator": column.separator,
        "propertyUrl": column.property,
    }
    return {key: value for key, value in described.items() if value}


def _write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    output = StringIO(newline="")
    # https://www.rfc-editor.org/rfc/rfc4180
    csv.writer(output, lineterminator="\r\n").writerows(rows)
    return output.getvalue().encode()
