"""`/sparql` and what belongs to queries."""

from kzgraph.rdf.formats import (
    CSVW as CSVW_METADATA,
)
from kzgraph.rdf.formats import (
    GRAPH_FORMATS,
    HTML,
    RESULT_FORMATS,
    RESULTS_JSON,
)
from kzgraph_server.negotiate import FORM, QUERY
from kzgraph_server.pages.openapi.elements import (
    N_,
    Address,
    Answer,
    Group,
    Operation,
    Parameter,
    sent_as,
)
from kzgraph_server.pages.openapi.json_bodies import make_list, ref
from kzgraph_server.pages.openapi.parameters import (
    CSVW,
    GRAPH_IRI,
    HXL,
    SPARQL,
    choose_format,
    in_path,
    text_of,
)

#: A query that has an answer in any release.
_EXAMPLE = (
    'SELECT ?year ?value WHERE { ?figure kzg:quantity/skos:notation "budget" ; '
    'kzg:series/skos:notation "total" ; kzg:year ?year ; kzg:value ?value } ORDER BY ?year'
)
_NOTHING = 'SELECT ?figure WHERE { ?figure kzg:year "2018" }'
_QUERY = Parameter(
    "query",
    N_("The query, in SPARQL 1.1. Many prefixes are declared already."),
    text_of(SPARQL),
    _EXAMPLE,
)
#: An empty one names nothing: some clients always send the parameter.
_GRAPHS = {"type": "array", "items": {**text_of(GRAPH_IRI, 2048), "minLength": 0}}
_DATA_SET = (
    Parameter(
        "default-graph-uri",
        N_(
            "A graph of the default graph; may be repeated. Without one these are all "
            "current graphs."
        ),
        _GRAPHS,
    ),
    Parameter("named-graph-uri", N_("A named graph; may be repeated."), _GRAPHS),
)
_TIMEOUT = Parameter(
    "timeout",
    N_(
        "The most seconds that the query may take, such as 5 or 0.5. The limit of the "
        "server holds in any case."
    ),
    {"type": "string", "pattern": r"^([0-9]{1,9}(\.[0-9]{1,9})?)?$"},
)
#: Tables have it as well.
OFFSET = Parameter(
    "offset",
    N_("The rows of a table to leave out first, where the server gives tables in pages."),
    {"type": "string", "pattern": "^[0-9]{0,12}$"},
)
_FORMATS = (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)
_OPTIONS = (
    *_DATA_SET,
    choose_format(_FORMATS, "csv"),
    _TIMEOUT,
    OFFSET,
    HXL,
    CSVW,
)
#: JSON is sent under one media type for results and for graphs: a schema for both says nothing.
_ANSWER = Answer(
    N_("The solutions of SELECT and ASK, or the graph of CONSTRUCT and DESCRIBE."),
    sent_as(_FORMATS, {RESULTS_JSON.name: ref("SparqlResults")})
    | {CSVW_METADATA.content_type: {"type": "object"}, "application/json": {"type": "object"}},
    headers={
        "Link": N_(
            "The licence (license), the metadata of a table (describedby), the next page "
            "(next) and, where nothing was found, the reasons (help)."
        ),
        "Kzgraph-Answered-By": N_("What of this server computed the answer: columns or store."),
        "Kzgraph-More-Rows": N_(
            "Whether a table goes on: true or false. Only where the server gives tables in pages."
        ),
    },
)
_REFUSALS = (406, 422, 502, 504, 507)
_OF_BODIES = (408, 413, 415, 501)

_FORM_BODY = {
    "type": "object",
    "properties": {each.name: each.schema for each in (_QUERY, *_OPTIONS)},
    "required": [_QUERY.name],
    "examples": [
        {each.name: each.example for each in (_QUERY, *_OPTIONS) if each.example is not None}
    ],
}

ADDRESSES = (
    Address(
        "/sparql",
        Group.QUERIES,
        (
            Operation(
                "query",
                N_("Asks a query"),
                N_(
                    "Without a query it answers with the service description or, to a browser, the "
                    "page to write one on. SPARQL 1.1 Protocol."
                ),
                (_ANSWER,),
                (_QUERY, *_OPTIONS),
                _REFUSALS,
            ),
            Operation(
                "queryByPost",
                N_("Asks a query that is long"),
                N_(
                    "As a form, with the parameters in it, or as the query alone, with the "
                    "parameters in the address."
                ),
                (_ANSWER,),
                _OPTIONS,
                (*_REFUSALS, *_OF_BODIES),
                {FORM: _FORM_BODY, QUERY: text_of(SPARQL)},
                "post",
            ),
        ),
    ),
    Address(
        "/sparql/explain",
        Group.QUERIES,
        (
            Operation(
                "explain",
                N_("Tells why a query finds nothing"),
                N_(
                    "The answer to a query that finds nothing links here. Each reason has its kind,"
                    " a sentence and a pattern that has solutions, if there is one to propose."
                ),
                (Answer(N_("The reasons."), {"application/json": ref("Reasons")}),),
                (
                    Parameter(_QUERY.name, _QUERY.text, _QUERY.schema, _NOTHING, required=True),
                    *_DATA_SET,
                    _TIMEOUT,
                ),
                (422, 501, 502, 504),
            ),
        ),
    ),
    Address(
        "/sparql/completions",
        Group.QUERIES,
        (
            Operation(
                "listCompletions",
                N_("Lists the prefixes, classes and properties that an editor may propose"),
                N_("With their labels, how often they occur and which properties a class has."),
                (Answer(N_("The vocabulary in use."), {"application/json": ref("Vocabulary")}),),
            ),
        ),
    ),
    Address(
        "/sparql/completions/{prefix}",
        Group.QUERIES,
        (
            Operation(
                "listNames",
                N_("Lists the things that have a prefix of their own"),
                "",
                (Answer(N_("The things."), {"application/json": make_list(ref("NamedThing"))}),),
                (
                    in_path(
                        "prefix",
                        N_("A prefix that is declared already."),
                        {"type": "string", "minLength": 1},
                        "population-group",
                    ),
                ),
                (404,),
            ),
        ),
    ),
)
