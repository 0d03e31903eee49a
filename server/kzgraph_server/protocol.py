"""A request of the SPARQL 1.1 Protocol, taken apart.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from werkzeug.http import parse_options_header

from kzgraph.problem import Problem

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_NATURAL = re.compile(r"[0-9]{1,12}")

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
        timeout: `timeout`, the most seconds that the client will wait for; None for the server's.
        offset: `offset`, the first row of the page where the server caps rows.
    """

    query: str | None
    default_graphs: tuple[NamedNode, ...] = ()
    named_graphs: tuple[NamedNode, ...] = ()
    format: str | None = None
    timeout: float | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What the protocol looks at of an HTTP request, whatever server took it.

    Attributes:
        method: GET, HEAD or POST.
        query_string: the query string, still percent-encoded.
        content_type: the Content-Type field; empty where there is none.
        body: the whole body.
    """

    method: str
    query_string: bytes
    content_type: str = ""
    body: bytes = b""


def parse_request(request: HttpRequest, max_bytes: int) -> QueryRequest:
    """Take `request` apart.

    Raises:
        Problem: 400, 413, 414 or 415.
    """
    if len(request.query_string) > max_bytes:
        raise Problem(414, f"The query string is longer than {max_bytes} bytes.")
    if len(request.body) > max_bytes:
        raise too_large(max_bytes)
    pairs = _parameters(_text(request.query_string))
    if request.method == "POST":
        media_type, options = parse_options_header(request.content_type)
        media_type = media_type.lower()
        if media_type == FORM:
            pairs += _parameters(_text(request.body))
        elif media_type == QUERY:
            _check_charset(options.get("charset", "utf-8"))
            pairs.append(("query", _text(request.body)))
        elif media_type == UPDATE:
            raise _read_only()
        else:
            raise Problem(
                415,
                f"A query is sent by POST as {FORM} or {QUERY}, not as {media_type or 'nothing'}.",
                {"Accept-Post": f"{FORM}, {QUERY}"},
            )
    return _assemble(pairs, required=request.method == "POST")


def too_large(max_bytes: int) -> Problem:
    """The refusal of a body over the limit."""
    return Problem(413, f"The request body is longer than {max_bytes} bytes.")


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
        timeout=_seconds(values.get("timeout", [])),
        offset=_offset(values.get("offset", [])),
    )


def _seconds(values: list[str]) -> float | None:
    # One larger than the server's own limit, as when it is meant in milliseconds, changes nothing.
    value = next(filter(None, values), None)
    if value is None:
        return None
    if not _SECONDS.fullmatch(value) or float(value) == 0:
        raise Problem(400, f"timeout={value[:40]!r} is no number of seconds above 0, such as 5.")
    return float(value)


def _offset(values: list[str]) -> int:
    value = next(filter(None, values), "0")
    if not _NATURAL.fullmatch(value):
        raise Problem(400, f"offset={value[:40]!r} is no whole number from 0.")
    return int(value)


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


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "The request is not UTF-8.") from None


def _check_charset(charset: str) -> None:
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
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
