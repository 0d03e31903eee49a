"""The schema of a table: what each column means, as W3C "CSV on the Web" metadata.

Supports what the project's tables need: columns with name, datatype,
format, required, separator, lang, propertyUrl and valueUrl, virtual columns, aboutUrl and
primaryKey (https://www.w3.org/TR/tabular-metadata/#schemas). In a URL template `{_document}` is
the name of the folder that the table lies in.
"""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kzgraph.iri import ID

_VARIABLE = re.compile(r"\{\+?(\w+)\}")
#: A format that lists what an item may be, and one that lists how a path may begin.
_WORDS = re.compile(r"[\w:]+(?:\|[\w:]+)+")
_HEADS = re.compile(r"\(([\w-]+(?:\|[\w-]+)*)\)/")
_HEAD = re.compile(r"([a-z-]+)/")

#: The values of a column of truths.
TRUTHS = ("true", "false")
#: The format of columns of spans.
SPAN = "[0-9]+-[0-9]+"
#: The columns of a figure that hold its number: the value, or the two ends of a range.
NUMBER_COLUMNS = ("value", "least", "most")
#: Columns in the notation of times.
TIME_COLUMNS = {"time", "base_time", "issued"}


@dataclass(frozen=True)
class Column:
    """One column: its name, what it means, what its cells may hold and what they map to.

    Attributes:
        name: the name in the header row; empty for a virtual column.
        description: what the column means, for the people who fill it in.
        datatype: the XSD base type of an item, without prefix.
        pattern: what an item must match as a whole, or None.
        required: whether a cell must not be empty.
        separator: what separates the items of a list, or None for a single value.
        lang: the language tag of the text, or None.
        predicate: the property as a prefixed name, or None where a mapping script decides.
        value_url: the template of the object's IRI, or None for a literal.
        example: an item as it would be right; every column with a pattern has one.
    """

    name: str
    description: str = ""
    datatype: str = "string"
    pattern: re.Pattern[str] | None = None
    required: bool = False
    separator: str | None = None
    lang: str | None = None
    predicate: str | None = None
    value_url: str | None = None
    example: str | None = None

    @cached_property
    def scheme(self) -> str | None:
        """The concept scheme whose codes the column holds, or None."""
        if self.value_url and self.value_url.startswith(ID):
            scheme, _, rest = self.value_url.removeprefix(ID).partition("/")
            if rest == f"{{{self.name}}}" and "{" not in scheme:
                return scheme
        return None

    @property
    def words(self) -> tuple[str, ...]:
        """The words that an item may be, where the format lists them."""
        if self.datatype == "boolean":
            return TRUTHS
        pattern = self.pattern.pattern if self.pattern else ""
        return tuple(pattern.split("|")) if _WORDS.fullmatch(pattern) else ()

    @property
    def heads(self) -> tuple[str, ...]:
        """How the paths begin that the column refers to, where the format lists that."""
        heads = _HEADS.match(self.pattern.pattern) if self.refers and self.pattern else None
        return tuple(heads[1].split("|")) if heads else ()

    @property
    def refers(self) -> bool:
        """Whether the column holds paths of other things."""
        return self.value_url == f"{ID}{{+{self.name}}}"

    @property
    def is_span(self) -> bool:
        """Whether the column holds spans of the document."""
        return self.pattern is not None and self.pattern.pattern == SPAN

    @property
    def is_formal(self) -> bool:
        """Whether the column has a format of its own, and not any text."""
        return self.pattern is not None or self.datatype != "string" or self.is_day

    @property
    def is_day(self) -> bool:
        """Whether the column holds a date, which a spreadsheet writes in its own way."""
        return self.datatype == "dateTime" or self.name in TIME_COLUMNS

    @property
    def remedy(self) -> str:
        """What would be right, in a message about an item of another form."""
        if self.scheme:
            return f"write a code such as {self.example}; kzgraph codes {self.scheme} lists them"
        if self.words:
            return "write " + ", ".join(self.words)
        if self.heads:
            kinds = ", ".join(f"{head}/" for head in self.heads)
            return f"write a path such as {self.example}; it begins with {kinds}"
        return f"write it like {self.example}"

    @property
    def hint(self) -> str:
        """What goes into the column: its meaning, with an example where there is one."""
        return f"{self.description} Example: {self.example}" if self.example else self.description


@dataclass(frozen=True)
class Schema:
    """The schema of one kind of table.

    Attributes:
        name: the name of the table, which is its file name without the ending.
        title: what its rows are.
        about_url: the template of the IRI of a row's subject.
        primary_key: the columns that no two rows share.
        columns: the columns in the order of the header row.
        types: the classes of a row's subject, as prefixed names.
        made_by: the command that writes the table from the text, or None for people.
    """

    name: str
    title: str
    about_url: str
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]
    types: tuple[str, ...]
    made_by: str | None = None

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def heads(self) -> tuple[str, ...]:
        """How the ids of its rows begin, such as `country`; nothing where they are no things."""
        if self.about_url != f"{ID}{{+id}}":
            return ()
        pattern = self.by_name["id"].pattern
        return tuple(_HEAD.findall(pattern.pattern)) if pattern else ()

    @property
    def is_fact(self) -> bool:
        """Whether its rows belong to a document, and so only to a document's folder."""
        return "{_document}" in self.about_url or self.name == "document"


def expand(template: str, values: dict[str, str]) -> str:
    """Fill a URL template: `{name}` and `{+name}` both become the value, unescaped.

    Cells were validated against their column's format before: nothing needs an escape.

    >>> expand("https://w3id.org/kzgraph/id/bound/{bound}", {"bound": "exact"})
    'https://w3id.org/kzgraph/id/bound/exact'
    """
    return _VARIABLE.sub(lambda match: values[match[1]], template)


def load_schemas(folder: Path) -> dict[str, Schema]:
    """The schemas of a folder by table name."""
    return {path.stem: _schema(path) for path in sorted(folder.glob("*.json"))}


def _schema(path: Path) -> Schema:
    source = json.loads(path.read_text("utf-8"))
    columns = tuple(_column(entry) for entry in source["columns"] if not entry.get("virtual"))
    return Schema(
        name=path.stem,
        title=source["dc:title"],
        about_url=source["aboutUrl"],
        primary_key=tuple(source["primaryKey"]),
        columns=columns,
        types=tuple(entry["valueUrl"] for entry in source["columns"] if entry.get("virtual")),
        made_by=source.get("dc:provenance"),
    )


def _column(entry: dict[str, Any]) -> Column:
    datatype, pattern = entry["datatype"], None
    if isinstance(datatype, dict):
        datatype, pattern = datatype["base"], re.compile(datatype["format"])
    return Column(
        name=entry["name"],
        description=entry["dc:description"],
        datatype=datatype,
        pattern=pattern,
        required=entry.get("required", False),
        separator=entry.get("separator"),
        lang=entry.get("lang"),
        predicate=entry.get("propertyUrl"),
        value_url=entry.get("valueUrl"),
        example=entry.get("dc:example"),
    )
