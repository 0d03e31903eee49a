"""A request of the SPARQL 1.1 Protocol, taken apart.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Request
from pyoxigraph import NamedNode

from kzgraph_server.problems import Problem

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

#: More parameters than any sensible data set description has; a bound on the work of parsing.
_MAX_PARAMETERS = 1000


@dataclass(frozen=True)
class QueryRequest:
    """A query and how it is to be answered.

    Attributes:
        query: the text; None where a GET or HEAD request asks for the endpoint itself.
        default_graphs: `default-graph-uri`, without repetitions (the store's merge keeps
            duplicates, so a graph named twice would count twice).
        named_graphs: `named-graph-uri`, likewise.
        format: `format`, which overrides the Accept field.
    """

    query: str | None
    default_graphs: tuple[NamedNode, ...] = ()
    named_graphs: tuple[NamedNode, ...] = ()
    format: str | None = None


def parse_request(request: Request, max_bytes: int) -> QueryRequest:
    """Take `request` apart.

    Raises:
        Problem: 400, 413, 414 or 415.
    """
    raw = request.environ.get("QUERY_STRING", "")
    if len(raw) > max_bytes:
        raise Problem(414, f"The query string is longer than {max_bytes} bytes.")
    pairs = _parameters(_text(raw.encode("latin-1", "replace")))  # as PEP 3333 has it
    if request.method == "POST":
        media_type = request.mimetype
        if media_type == FORM:
            pairs += _parameters(_text(_body(request, max_bytes)))
        elif media_type == QUERY:
            _check_charset(request)
            pairs.append(("query", _text(_body(request, max_bytes))))
        elif media_type == UPDATE:
            raise _read_only()
        else:
            raise Problem(
                415,
                f"A query is sent by POST as {FORM} or {QUERY}, not as {media_type or 'nothing'}.",
                {"Accept-Post": f"{FORM}, {QUERY}"},
            )
    return _assemble(pairs, required=request.method == "POST")


def _assemble(pairs: list[tuple[str, str]], required: bool) -> QueryRequest:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if "update" in values or "using-graph-uri" in values or "using-named-graph-uri" in values:
        raise _read_only()
    queries = values.get("query", [])
    if len(queries) > 1:
        raise Problem(400, "The parameter query is given more than once.")
    if not queries and (required or "default-graph-uri" in values or "named-graph-uri" in values):
        raise Problem(400, "The parameter query is missing.")
    if queries and not queries[0].strip():
        raise Problem(400, "The parameter query is empty.")
    return QueryRequest(
        query=queries[0] if queries else None,
        default_graphs=_graphs("default-graph-uri", values),
        named_graphs=_graphs("named-graph-uri", values),
        # SPARQLWrapper repeats the format under several names; an empty one means none.
        format=next((value for value in values.get("format", []) if value), None),
    )


def _parameters(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            text,
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except UnicodeDecodeError:
        raise Problem(400, "The parameters are not percent-encoded UTF-8.") from None
    except ValueError:
        raise Problem(400, f"There are more than {_MAX_PARAMETERS} parameters.") from None


def _body(request: Request, max_bytes: int) -> bytes:
    too_large = Problem(413, f"The request body is longer than {max_bytes} bytes.")
    if (request.content_length or 0) > max_bytes:
        raise too_large
    # A chunked body states no length, so one byte more than allowed is asked for.
    stream = request.environ["wsgi.input"]
    body = bytearray()
    while len(body) <= max_bytes:
        part = stream.read(max_bytes + 1 - len(body))
        if not part:
            return bytes(body)
        body += part
    raise too_large


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "The request is not UTF-8.") from None


def _check_charset(request: Request) -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(415, f"A query is sent as UTF-8, not as {charset[:40]!r}.")


def _graphs(parameter: str, values: dict[str, list[str]]) -> tuple[NamedNode, ...]:
    graphs = []
    for value in dict.fromkeys(values.get(parameter, [])):
        try:
            graphs.append(NamedNode(value))
        except ValueError:
            raise Problem(400, f"{parameter}={value[:80]!r} is no absolute IRI.") from None
    return tuple(graphs)


def _read_only() -> Problem:
    return Problem(400, "This endpoint is read-only: SPARQL Update is not accepted.")
