"""`/tables/`: tables without a query."""

from kzgraph.namespaces import LANGUAGES
from kzgraph.rdf.formats import CSVW as CSVW_METADATA
from kzgraph.rdf.formats import HTML, RESULT_FORMATS, RESULTS_JSON
from kzgraph.tidy.filter_values import LANGUAGE
from kzgraph.tidy.table_templates import SWITCH, Filter, read_filters, read_tables
from kzgraph_server.pages.openapi.elements import (
    N_,
    Address,
    Answer,
    Group,
    Operation,
    Parameter,
    Schema,
    sent_as,
)
from kzgraph_server.pages.openapi.json_bodies import ref
from kzgraph_server.pages.openapi.parameters import CSVW, HXL, RANGE, choose_format, in_path
from kzgraph_server.pages.openapi.query_addresses import OFFSET
from kzgraph_server.pages.table_pages import JSON

_TABLES = read_tables()
#: Two hundred codes of three letters; all filters together fit into an address.
_SCHEMAS: dict[str, Schema] = {
    "code": {"type": "string", "maxLength": 800},
    "year": {"type": "string", "pattern": r"^([0-9]{4}(-[0-9]{4})?)?$"},
    "word": {"type": "string", "maxLength": 100},
    "switch": {"type": "string", "enum": [*SWITCH, ""]},
}
#: What the example filters by, so that it has rows in any release of the project.
_SHOWN = ("country", "year")


def _describe(one: Filter) -> Parameter:
    having = [name for name, table in _TABLES.items() if one in table.filters]
    text = f"{one.texts['en']} In: {', '.join([*having, 'tables of data sets with this column'])}."
    shown = one.example if one.name in _SHOWN else None
    return Parameter(one.name, text, _SCHEMAS[one.kind], shown)


_NAME = in_path(
    "name",
    N_("The name of a table; /tables/ lists those of the release."),
    {"type": "string", "pattern": "^[a-z0-9-]{1,60}$", "examples": list(_TABLES)},
    "figures",
)
_SUFFIX = in_path(
    "suffix",
    N_("The name of a format."),
    {"type": "string", "enum": [each.name for each in RESULT_FORMATS]},
    "csv",
)
_LANGUAGE = Parameter(
    LANGUAGE,
    N_("The language of labels; where a label is not in it, the cell is empty."),
    {"type": "string", "enum": [*LANGUAGES, ""]},
    "en",
)

ADDRESSES = (
    Address(
        "/tables/",
        Group.QUERIES,
        (
            Operation(
                "listTables",
                N_("Lists the tables that need no query"),
                N_("With the columns, filters and formats of each, in three languages."),
                (
                    Answer(
                        N_("The tables."), {JSON.content_type: ref("Tables"), HTML.content_type: {}}
                    ),
                ),
                (choose_format((HTML, JSON), JSON.name),),
                (406,),
            ),
        ),
    ),
    Address(
        "/tables/{name}",
        Group.QUERIES,
        (
            Operation(
                "describeTable",
                N_("Tells what the columns and filters of a table are"),
                N_("The page has a form that makes addresses, and how programs load them."),
                (
                    Answer(
                        N_("The table."), {JSON.content_type: ref("Table"), HTML.content_type: {}}
                    ),
                ),
                (_NAME, choose_format((HTML, JSON), JSON.name)),
                (404, 406),
            ),
        ),
    ),
    Address(
        "/tables/{name}.{suffix}",
        Group.QUERIES,
        (
            Operation(
                "getTable",
                N_("Gives a table, or those of its rows that filters choose"),
                N_(
                    "Several values of a filter are separated by commas. What is not a filter of "
                    "the table, or not a code, is refused, and the refusal names the nearest. A "
                    "whole table that the release has as a file is that file, with ranges of bytes."
                ),
                (
                    Answer(
                        N_("The rows."),
                        sent_as(RESULT_FORMATS, {RESULTS_JSON.name: ref("SparqlResults")})
                        | {CSVW_METADATA.content_type: {"type": "object"}},
                    ),
                    Answer(N_("A part of the file."), {"*/*": {}}, 206),
                ),
                (
                    _NAME,
                    _SUFFIX,
                    *map(_describe, read_filters().values()),
                    _LANGUAGE,
                    HXL,
                    CSVW,
                    OFFSET,
                    RANGE,
                ),
                (404, 406, 412, 416, 422, 502, 504, 507),
            ),
        ),
    ),
)
