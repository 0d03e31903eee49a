"""What a workbook of tables looks like: one sheet per kind of table, an example row, the lists.

The first row of a sheet holds the names of the columns, the second one an example, whose key begins
with a mark. The lists that cells are chosen from are on a sheet of their own, which is not read.
"""

import re

from kzgraph.tables.cells import example_of
from kzgraph.tables.folders import SHARED
from kzgraph.tables.schema import Column, Schema

#: The sheet with the lists of codes and things.
LISTS = "codes"
#: What the key of an example row begins with.
EXAMPLE = "example:"
#: The number format of a cell that Excel takes for text, whatever is typed.
TEXT = "@"


#: What a workbook takes for the number of a character (ECMA-376 part 1, 22.9.2.19).
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


#: Characters that XML does not have (https://www.w3.org/TR/xml/#charsets), or not as they are.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
#: The longest text of a cell: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
LONGEST = 32_767


def fits(text: str) -> bool:
    """Whether a cell of a workbook can hold a text as it is."""
    return len(text) <= LONGEST and not _NOT_XML.search(text)


def escape(text: str) -> str:
    """A text as a workbook has it, where `_x0041_` is the letter A."""
    return _ESCAPE.sub("_x005F_", text)


def tables_of(slug: str, schemas: dict[str, Schema]) -> dict[str, Schema]:
    """The tables that the folder of a document may have; facts are in no shared one.

    Args:
        slug: the name of the folder.
        schemas: all schemas by name of the table.

    Returns:
        The document first, then its facts, then what they refer to.
    """
    typed = [each for each in schemas.values() if not each.made_by]
    chosen = [each for each in typed if slug != SHARED or not each.is_fact]
    chosen.sort(key=lambda each: (each.name != "document", not each.is_fact, each.name))
    return {schema.name: schema for schema in chosen}


def example_row(schema: Schema) -> dict[str, str]:
    """The example row of a table, by column; the cells that have none are left out."""
    row = {column.name: example for column in schema.columns if (example := _example(column))}
    key = schema.primary_key[0]
    return row | {key: f"{EXAMPLE} {row.get(key, '')}".rstrip()}


def is_example(schema: Schema, cells: dict[str, str]) -> bool:
    """Whether a row is marked as an example."""
    key = cells.get(schema.primary_key[0], "")
    return key.strip().casefold().startswith(EXAMPLE)


def _example(column: Column) -> str:
    if column.example or not column.required:
        return column.example or ""
    return example_of(column.datatype) or "in your own words"
