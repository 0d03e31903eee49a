"""What the columns of official tables mean: CSV on the Web metadata, `mappings/sources/KIND.json`.

The metadata of a kind describes one table, or a group of tables: one for each layout in which
its files are published. Read are the properties that mappings/sources/README.md lists, of
https://www.w3.org/TR/tabular-metadata/ and three of the project's own. What is not listed there is
an error of the metadata: nothing is passed over that somebody meant to have an effect.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

#: The name that a `where` gives the cell of the measure that the statement is about.
VALUE = "_value"

_COLUMN_KEYS = frozenset(
    (
        *("name", "titles", "dc:description", "datatype", "required", "null", "lang", "virtual"),
        *("aboutUrl", "propertyUrl", "valueUrl", "where", "mayBeMissing", "nameOf"),
    )
)
_DATATYPE_KEYS = frozenset(("base", "format", "minimum", "maximum"))
_SCHEMA_KEYS = frozenset(("columns", "aboutUrl", "primaryKey", "foreignKeys"))
_TABLE_KEYS = frozenset(
    ("@context", "@type", "url", "dc:title", "dc:description", "dialect", "tableSchema", "preamble")
)
_DIALECT_KEYS = frozenset(("encoding", "skipRows", "trim"))
_GROUP_KEYS = frozenset(("@context", "@type", "dc:title", "dc:description", "tables"))


@dataclass(frozen=True)
class Column:
    """A column of a layout, or a virtual one, which a file does not have.

    Attributes:
        name: what templates call it.
        titles: what the header of a file may call it, in addition to its name.
        datatype: the XSD type of its cells, without prefix.
        pattern: what a cell must match as a whole, or None.
        minimum: the least number that a cell may be, or None.
        maximum: the greatest, or None.
        required: whether a cell must not be null.
        may_be_missing: whether a file may do without the column.
        null: the texts that mean that there is no value.
        lang: the language of the text, or an empty string.
        is_virtual: whether it is a statement that no cell of its own makes.
        about_url: the template of the subject's IRI, or None for that of the layout.
        property_url: the property, or None where the column makes no statement.
        value_url: the template of the object's IRI, or None for a literal.
        where: the columns that make the statement depend on them, each with the texts allowed.
        name_of: the column whose codes its cells are names for, or an empty string.
    """

    name: str
    titles: tuple[str, ...] = ()
    datatype: str = "string"
    pattern: re.Pattern[str] | None = None
    minimum: int | None = None
    maximum: int | None = None
    required: bool = False
    may_be_missing: bool = False
    null: frozenset[str] = frozenset(("",))
    lang: str = ""
    is_virtual: bool = False
    about_url: str | None = None
    property_url: str | None = None
    value_url: str | None = None
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    name_of: str = ""

    @property
    def title(self) -> str:
        """The column as the header of a file calls it."""
        return self.titles[0] if self.titles else self.name


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose cells together name a row of a table of the project.

    Attributes:
        columns: the columns of the file.
        resource: the table, a file beside the metadata.
        keys: its columns, in the same order.
    """

    columns: tuple[str, ...]
    resource: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """One layout of a kind of table.

    Attributes:
        title: what it is called in messages.
        columns: those of a file and the virtual ones.
        about_url: the template of the subject's IRI of columns that have none of their own, or None
            where such columns are about every thing that the row has a number of.
        primary_key: the columns that no two rows share.
        foreign_keys: the columns that name rows of tables of the project.
        skip_rows: how many lines stand before the header, about.
        preamble: the labels of these lines, and what the cell behind one says: a property.
    """

    title: str
    columns: tuple[Column, ...]
    about_url: str | None
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    skip_rows: int
    preamble: Mapping[str, str]

    @cached_property
    def real(self) -> tuple[Column, ...]:
        """The columns that a file has."""
        return tuple(column for column in self.columns if not column.is_virtual)

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """These by all that a header may call them, in the form of `fold_name`."""
        return {fold_name(name): each for each in self.real for name in (each.name, *each.titles)}


def fold_name(text: str) -> str:
    """The name of a column as names are compared: without outer blanks, in one case."""
    return " ".join(text.split()).casefold()


class MetadataError(ValueError):
    """The metadata of a kind is wrong: a fault of the project, not of a file that it is for."""


def read_layouts(path: Path) -> tuple[Layout, ...]:
    """The layouts that a file of metadata describes.

    Raises:
        MetadataError: it has what is not read, or lacks what is needed.
    """
    try:
        whole = json.loads(path.read_text("utf-8"))
        if "tables" not in whole:
            return (_layout(whole),)
        _refuse_others(whole, _GROUP_KEYS)
        return tuple(_layout(table) for table in whole["tables"])
    except (KeyError, MetadataError, TypeError, re.error, json.JSONDecodeError) as error:
        raise MetadataError(f"{path.name}: {error}") from error


def _refuse_others(entry: Mapping[str, Any], known: frozenset[str]) -> None:
    if others := sorted(entry.keys() - known):
        raise MetadataError(f"{', '.join(others)} is not read")


def _layout(table: Mapping[str, Any]) -> Layout:
    _refuse_others(table, _TABLE_KEYS)
    schema, dialect = table["tableSchema"], table.get("dialect", {})
    _refuse_others(schema, _SCHEMA_KEYS)
    _refuse_others(dialect, _DIALECT_KEYS)
    columns = tuple(_column(entry, at) for at, entry in enumerate(schema["columns"]))
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise MetadataError("two columns have one name")
    return Layout(
        title=table["dc:title"],
        columns=columns,
        about_url=schema.get("aboutUrl"),
        primary_key=_names(schema.get("primaryKey", ())),
        foreign_keys=tuple(
            ForeignKey(
                _names(entry["columnReference"]),
                entry["reference"]["resource"],
                _names(entry["reference"]["columnReference"]),
            )
            for entry in schema.get("foreignKeys", ())
        ),
        skip_rows=dialect.get("skipRows", 0),
        preamble=table.get("preamble", {}),
    )


def _column(entry: Mapping[str, Any], at: int) -> Column:
    _refuse_others(entry, _COLUMN_KEYS)
    datatype = entry.get("datatype", "string")
    if isinstance(datatype, str):
        datatype = {"base": datatype}
    _refuse_others(datatype, _DATATYPE_KEYS)
    is_virtual = entry.get("virtual", False)
    if is_virtual and not ("propertyUrl" in entry and "valueUrl" in entry):
        raise MetadataError(f"virtual column {at + 1} has no propertyUrl and valueUrl")
    return Column(
        name=entry.get("name", f"_col.{at + 1}") if is_virtual else entry["name"],
        titles=_names(entry.get("titles", ())),
        datatype=datatype.get("base", "string"),
        pattern=re.compile(datatype["format"]) if "format" in datatype else None,
        minimum=datatype.get("minimum"),
        maximum=datatype.get("maximum"),
        required=entry.get("required", False),
        may_be_missing=entry.get("mayBeMissing", False),
        null=frozenset(_names(entry.get("null", ""))) | {""},
        lang=entry.get("lang", ""),
        is_virtual=is_virtual,
        about_url=entry.get("aboutUrl"),
        property_url=entry.get("propertyUrl"),
        value_url=entry.get("valueUrl"),
        where={key: frozenset(_names(texts)) for key, texts in entry.get("where", {}).items()},
        name_of=entry.get("nameOf", ""),
    )


def _names(entry: Any) -> tuple[str, ...]:
    return (entry,) if isinstance(entry, str) else tuple(entry)
