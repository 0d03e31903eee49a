"""Parameters that several addresses have."""

from collections.abc import Iterable

from kzgraph.rdf.formats import Format
from kzgraph_server.pages.openapi.elements import N_, Parameter, Schema
from kzgraph_server.pages.paging import LARGEST

#: A query of SPARQL, and the names of things and graphs: JSON Schema has no such formats, and
#: passes over those that it does not know. Tests make values of them.
SPARQL = "sparql-query"
THING = "kzgraph-thing"
CITATION = "kzgraph-citation"
GRAPH_NAME = "kzgraph-graph"
GRAPH_IRI = "kzgraph-graph-iri"
FILE = "kzgraph-file"
CHART = "kzgraph-chart"
DOC = "kzgraph-doc"
CLASS_NAME = "kzgraph-class"
#: Batches of the Reconciliation Service API, as JSON.
QUERIES = "reconciliation-queries"
EXTENSION = "reconciliation-extension"

#: As `read_switch` reads it; one that is empty asks for it.
_SWITCH: Schema = {"type": "string", "enum": ["true", "false", "1", "0", ""]}


def text_of(form: str, longest: int | None = None) -> Schema:
    """The schema of a text that has to be of a form."""
    limits = {} if longest is None else {"maxLength": longest}
    return {"type": "string", "minLength": 1, "format": form, **limits}


def in_path(name: str, text: str, schema: Schema, example: str) -> Parameter:
    """A part of a path."""
    return Parameter(name, text, schema, example, "path", required=True)


def choose_format(formats: Iterable[Format], example: str | None = None) -> Parameter:
    """The parameter `format`, which takes precedence over the Accept field.

    The names that the documentation gives are listed; synonyms and media types are taken too. An
    empty one is none.
    """
    names = [*(each.name for each in formats), ""]
    return Parameter(
        "format",
        N_("The format of the answer, whatever the Accept field says."),
        {"type": "string", "enum": list(dict.fromkeys(names))},
        example,
    )


#: Which part of a list is shown.
PART = Parameter(
    "page",
    N_("Which part of a long list, from 1."),
    {"type": "integer", "minimum": 1, "maximum": LARGEST},
    1,
)
#: Slashes in it stand as they are, or percent-encoded.
PATH = in_path(
    "path",
    N_("What follows https://w3id.org/kzgraph/id/ in the IRI of the thing. Slashes stay slashes."),
    text_of(THING),
    "country/KAZ",
)
GRAPH = in_path(
    "name", N_("The name of a graph, as on the page of downloads."), text_of(GRAPH_NAME), "entities"
)
VERSION = in_path(
    "version", N_("The version of a release."), {"type": "string", "minLength": 1}, "VERSION"
)
HXL = Parameter("hxl", N_("Whether the second row of a table is to have HXL hashtags."), _SWITCH)
CSVW = Parameter(
    "csvw",
    N_("Whether what the columns of the table mean is wanted instead of the table."),
    _SWITCH,
)
RANGE = Parameter(
    "Range",
    N_("The bytes that are wanted, as in bytes=0-999; one range only."),
    {"type": "string"},
    place="header",
)
