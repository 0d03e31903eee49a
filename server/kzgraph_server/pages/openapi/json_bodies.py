"""The JSON that the server sends, as JSON Schema, and what each kind of refusal means."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from kzgraph.checking import Reason, Verdict
from kzgraph.namespaces import LANGUAGES
from kzgraph_server.pages.openapi.elements import N_, Schema

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_LINK: Schema = {"type": "string", "format": "uri"}
_BY_LANGUAGE: Schema = {"type": "object", "additionalProperties": _TEXT}
_NUMBER: Schema = {"type": ["number", "null"]}
_MAYBE: Schema = {"type": ["string", "null"]}
_VERDICT: Schema = {"enum": [each.value for each in Verdict]}
#: A thing by the path of its IRI, and what it is called.
_NAMED: Schema = {
    "type": ["object", "null"],
    "properties": {"id": _TEXT, "label": _TEXT},
    "required": ["id", "label"],
}
#: What was read of a claim, by dimension.
_READING: Schema = {
    "type": "object",
    "additionalProperties": {
        "type": "array",
        "items": {"type": "object", "required": ["code", "label", "words", "start", "end"]},
    },
}


def ref(name: str) -> Schema:
    """The schema called `name` below."""
    return {"$ref": f"#/components/schemas/{name}"}


def make_object(optional: Mapping[str, Schema] | None = None, **required: Schema) -> dict[str, Any]:
    """The schema of an object. Members that it does not name may come with a later version."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
    }


def make_list(items: Schema) -> Schema:
    """The schema of a list."""
    return {"type": "array", "items": items}


#: What members are called as they cannot be in Python.
_FORMAT = make_object(format=_TEXT, mediaType=_TEXT)

SCHEMAS: Mapping[str, Schema] = {
    # https://www.rfc-editor.org/rfc/rfc9457
    "Problem": make_object(
        {
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1},
            "near": _TEXT,
            "limit": {"type": "number"},
            "available": make_list(_FORMAT),
        },
        type=_TEXT,
        title=_TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        detail=_TEXT,
    ),
    # https://www.w3.org/TR/sparql11-results-json/
    "SparqlResults": {
        "type": "object",
        "properties": {
            "head": make_object({"vars": make_list(_TEXT), "link": make_list(_TEXT)}),
            "results": make_object(
                bindings=make_list({"type": "object", "additionalProperties": ref("SparqlTerm")})
            ),
            "boolean": {"type": "boolean"},
        },
        "required": ["head"],
        "oneOf": [{"required": ["results"]}, {"required": ["boolean"]}],
    },
    "SparqlTerm": make_object(
        {"xml:lang": _TEXT, "datatype": _TEXT},
        type={"enum": ["uri", "literal", "bnode", "triple"]},
        value={"type": ["string", "object"]},
    ),
    "Reasons": make_object(
        reasons=make_list(make_object(kind=_TEXT, message=_TEXT, pattern=_MAYBE))
    ),
    "NamedThing": make_object({"about": _TEXT, "count": _COUNT}, name=_TEXT, label=_TEXT),
    "Vocabulary": make_object(
        prefixes={"type": "object", "additionalProperties": _TEXT},
        classes=make_list(ref("NamedThing")),
        properties=make_list(ref("NamedThing")),
        uses={"type": "object", "additionalProperties": make_list(_TEXT)},
        values={"type": "object", "additionalProperties": make_list(_TEXT)},
    ),
    "Releases": make_object(current=_TEXT, releases=make_list(ref("Release"))),
    "Release": make_object(
        {
            "address": _LINK,
            "sparql": _LINK,
            "triples": _COUNT,
            "documents": make_list(_TEXT),
            "files": make_list(
                make_object(address=_LINK, media_type=_TEXT, bytes=_COUNT, sha256=_TEXT)
            ),
        },
        version=_TEXT,
        previous=_MAYBE,
        published=_MAYBE,
        kept={"type": "boolean"},
        redacted={"type": "boolean"},
        replaced_by=_MAYBE,
        changes={"type": ["object", "null"]},
    ),
    "Examples": make_object(examples=make_list(ref("Example"))),
    "Example": make_object(
        iri=_LINK,
        number=_TEXT,
        title=_BY_LANGUAGE,
        answers=_BY_LANGUAGE,
        keywords={"type": "object", "additionalProperties": make_list(_TEXT)},
        topic=make_object(iri=_TEXT, name=_BY_LANGUAGE),
        user=make_object(iri=_TEXT, name=_BY_LANGUAGE),
        query=_TEXT,
    ),
    "SearchResult": make_object(
        query=_TEXT,
        release=_TEXT,
        total=_COUNT,
        counted_to=_COUNT,
        complete={"type": "boolean"},
        page=_COUNT,
        pages=_COUNT,
        reading=make_object(
            words=make_list(_TEXT),
            retyped=_TEXT,
            corrected={"type": "object", "additionalProperties": make_list(_TEXT)},
            dropped=make_list(_TEXT),
            nearest=make_list(_TEXT),
            partial={"type": "boolean"},
            shortened={"type": "boolean"},
        ),
        kinds=make_list(make_object(**{"kind": _TEXT, "class": _LINK, "total": _COUNT})),
        hits=make_list(ref("SearchHit")),
    ),
    "SearchHit": make_object(
        {
            "value": make_object(
                number=_NUMBER, least=_NUMBER, most=_NUMBER, kind=_TEXT, text=_TEXT, unit=_MAYBE
            )
        },
        iri=_LINK,
        page=_MAYBE,
        kind=_TEXT,
        match=_TEXT,
        score={"type": "number", "minimum": 0, "maximum": 1},
        labels={"type": "object", "additionalProperties": _TEXT},
        name={"type": ["object", "null"]},
    ),
    "CheckedClaim": make_object(
        claim=_TEXT,
        language={"enum": list(LANGUAGES)},
        release=_TEXT,
        shortened={"type": "boolean"},
        verdict=_VERDICT,
        sentence=_TEXT,
        reading=_READING,
        not_understood=make_list(_TEXT),
        numbers=make_list(
            make_object(
                written=_TEXT,
                value={"type": "number"},
                start=_COUNT,
                end=_COUNT,
                verdict=_VERDICT,
                sentence=_TEXT,
                reading=_READING,
                not_understood=make_list(_TEXT),
            )
        ),
        findings=make_list(ref("Finding")),
        nearest=make_list(ref("Finding")),
    ),
    "Finding": make_object(
        number=_COUNT,
        verdict=_VERDICT,
        reasons=make_list({"enum": [each.value for each in Reason]}),
        sentence=_TEXT,
        compared=_NUMBER,
        figure=make_object(
            id=_TEXT,
            iri=_LINK,
            label=_TEXT,
            amount=_TEXT,
            page=_MAYBE,
            value=_NUMBER,
            unit=_NAMED,
            scope=_NAMED,
            time=_NAMED,
            status=_NAMED,
            bound=_NAMED,
            hedge=_MAYBE,
            document=_NAMED,
            citation=_MAYBE,
            evidence=make_list(
                make_object(
                    {"start": _COUNT, "end": _COUNT, "quote": _TEXT, "link": _LINK}, iri=_LINK
                )
            ),
            caveats=make_list(_TEXT),
            official=make_list({"type": "object"}),
        ),
        cells=make_list({"type": "object"}),
        later={"type": ["object", "null"]},
    ),
    # https://www.jsonrpc.org/specification
    "Message": make_object(
        {
            "id": {
                "type": ["string", "integer"],
                "maxLength": 200,
                "minimum": -(2**53),
                "maximum": 2**53,
            },
            "params": {"type": "object"},
        },
        jsonrpc={"const": "2.0"},
        method={"type": "string", "maxLength": 100},
    ),
    "MessageAnswer": make_object(
        {
            "result": {"type": "object"},
            "error": make_object(code={"type": "integer"}, message=_TEXT),
        },
        jsonrpc={"const": "2.0"},
        id={"type": ["string", "integer"]},
    ),
    "Tables": make_object(release=_TEXT, tables=make_list(ref("Table"))),
    "Table": make_object(
        {
            "release": _TEXT,
            "rows": _COUNT,
            "files": make_list(
                make_object(
                    format=_TEXT,
                    address=_LINK,
                    file=_LINK,
                    bytes=_COUNT,
                    sha256=_TEXT,
                    licences=make_list(_TEXT),
                )
            ),
        },
        name=_TEXT,
        title=_BY_LANGUAGE,
        description=_BY_LANGUAGE,
        key=make_list(_TEXT),
        columns=make_list(make_object(name=_TEXT, datatype=_TEXT, description=_BY_LANGUAGE)),
        filters=make_list(
            make_object(
                name=_TEXT, kind=_TEXT, list=_MAYBE, example=_TEXT, description=_BY_LANGUAGE
            )
        ),
        formats=make_list(make_object(format=_TEXT, mediaType=_TEXT, address=_LINK)),
        page=_LINK,
    ),
    "Suggestions": {"type": "array", "minItems": 4, "maxItems": 4},
    "CrossCheck": make_object(release=_TEXT, comparisons=make_list({"type": "object"})),
    "Health": make_object(status={"const": "ok"}, version=_TEXT),
    "Readiness": make_object(
        status={"enum": ["ready", "not ready"]},
        version=_TEXT,
        workers=make_object(idle=_COUNT, busy=_COUNT, long=_COUNT),
        queued=_COUNT,
        network={"enum": ["none", "shared", "unknown"]},
        error=_MAYBE,
    ),
}

#: What each refusal means, by its status code.
REFUSALS: Mapping[int, str] = {
    400: N_(
        "The request makes no sense: a parameter is missing, given twice or not as it should "
        "be, or the query is not SPARQL; line and column say where."
    ),
    403: N_("Pages of this site may not ask here; the operator can allow them."),
    404: N_("There is nothing of this name."),
    406: N_(
        "It cannot be written in a format that is asked for; the answer lists those that "
        "are available."
    ),
    408: N_("The body took too long to arrive."),
    410: N_("What was here was taken out, and does not come back."),
    412: N_("The file is another version than the one that If-Match names."),
    413: N_("The body is too long."),
    414: N_("The address is too long; send a long query by POST."),
    415: N_("The body is of a media type that is not accepted here."),
    416: N_("The file does not have the bytes that Range asks for."),
    422: N_("The query needs more memory or gives more than the limits allow."),
    431: N_("The header fields are too long."),
    500: N_("A fault of the server."),
    501: N_("The server, as it is set up, cannot do this."),
    502: N_("Another endpoint that the query calls did not give a proper answer."),
    503: N_("The server is busy; Retry-After says when to try again."),
    504: N_("The query took longer than the limit."),
    507: N_("The disk of the server is full."),
}

#: Those that the HTTP library gives by itself where far more was sent, and then without a body.
MAY_BE_EMPTY = frozenset({414, 431})

#: What any request may be refused with.
ALWAYS = (400, 414, 431, 500, 503)


def name_refusal(status: int) -> str:
    """What the refusal is called among the components: its phrase without blanks."""
    return HTTPStatus(status).phrase.replace(" ", "").replace("-", "")
