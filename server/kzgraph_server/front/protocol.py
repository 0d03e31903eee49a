"""A request of the SPARQL 1.1 Protocol, parsed.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import hashlib
import re
from binascii import a2b_qp
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from pyoxigraph import NamedNode
from werkzeug.http import parse_options_header

from kzgraph.problem import Problem
from kzgraph_server.negotiate import FORM, QUERY, read_one, read_switch

UPDATE = "application/sparql-update"

#: Parameters of one request: a data set description may name each graph of a large release.
MOST_PARAMETERS = 1000
#: Characters of a parameter's name, and of the value of any parameter but the query: longer than
#: any IRI that names a graph, and any name of a format.
MOST_NAME, MOST_VALUE = 100, 2048

#: The parameters of SPARQL Update; an empty one is none, as some clients send each that they know.
_OF_UPDATE = ("update", "using-graph-uri", "using-named-graph-uri")

#: Bytes of which percent-encoding is taken off at a time.
_PIECE = 16 * 1024

_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_NATURAL = re.compile(r"[0-9]{1,12}")
#: The byte order mark, which some clients put before a text in UTF-8.
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class TableAddress:
    """The address of a table, where that is what was asked for and not a query.

    Attributes:
        name: of the table.
        path: of the address, below that of the release.
        parameters: the filters, in one way for each choice of rows.
        paged: whether a page of the rows is wanted, so that it is known that there may be more.
    """

    name: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    paged: bool


@dataclass(frozen=True, slots=True)
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
        hxl: `hxl`, whether a table is to have HXL hashtags.
        csvw: `csvw`, whether the answer is to be the metadata of the table.
        digest: the SHA-256 of the query in UTF-8; empty where there is none.
        table: the table whose query it is; None where the query was written by the client.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    timeout: float | None = None
    offset: int = 0
    hxl: bool = False
    csvw: bool = False
    digest: bytes = b""
    table: TableAddress | None = None


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """The parts of an HTTP request that the protocol uses.

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
    """Parse `request`; the time that it takes grows with its size.

    Raises:
        Problem: 400, 413, 414 or 415.
    """
    if len(request.query_string) > max_bytes:
        raise Problem(414, f"The query string is longer than {max_bytes} bytes.")
    if len(request.body) > max_bytes:
        raise too_large(max_bytes)
    pairs = parse_parameters(request.query_string)
    if request.method == "POST":
        media_type, options = parse_options_header(request.content_type)
        media_type = media_type.lower()
        if media_type == FORM:
            pairs += parse_parameters(request.body)
        elif media_type == QUERY:
            _check_charset(options.get("charset", "utf-8"))
            pairs.append(("query", _text(request.body)))
        elif media_type == UPDATE:
            raise _read_only()
        else:
            raise Problem(
                415,
                f"A query is sent by POST as {FORM} or {QUERY}, "
                f"not as {media_type[:100] or 'nothing'}.",
                {"Accept-Post": f"{FORM}, {QUERY}"},
            )
    return _assemble(pairs, required=request.method == "POST")


def too_large(max_bytes: int) -> Problem:
    """The problem of a body over the limit."""
    return Problem(413, f"The request body is longer than {max_bytes} bytes.")


def parse_parameters(data: bytes) -> list[tuple[str, str]]:
    """The parameters of a query string, or of a form, in order.

    Raises:
        Problem: 400, where they are not percent-encoded UTF-8, or too many or too long.
    """
    if not data:
        return []
    if data.count(b"&") >= MOST_PARAMETERS:
        raise Problem(400, f"There are more than {MOST_PARAMETERS} parameters.")
    try:
        pairs = [_parse_pair(pair) for pair in data.split(b"&") if pair]
    except UnicodeDecodeError:
        raise Problem(400, "The parameters are not percent-encoded UTF-8.") from None
    for name, value in pairs:
        if len(name) > MOST_NAME:
            detail = f"The name of a parameter is longer than {MOST_NAME} characters: {name[:40]}…"
            raise Problem(400, detail)
        if len(value) > MOST_VALUE and name != "query":
            detail = f"The parameter {name} is longer than {MOST_VALUE} characters."
            raise Problem(400, detail)
    return pairs


def _parse_pair(pair: bytes) -> tuple[str, str]:
    # https://url.spec.whatwg.org/#urlencoded-parsing
    name, _, value = pair.replace(b"+", b" ").partition(b"=")
    return unquote(name).decode(), unquote(value).decode()


def unquote(data: bytes) -> bytes:
    """`data` without percent-encoding: https://url.spec.whatwg.org/#percent-decode."""
    if b"%" not in data:
        return data
    if b"\n" not in data and b"\r" not in data:
        # Quoted-printable (RFC 2045, section 6.7) is the same with another sign, and its decoder
        # takes a tenth of the time. What it makes of a sign without two digits is longer.
        decoded = a2b_qp(data.replace(b"=", b"=3D").replace(b"%", b"="))
        if len(decoded) == len(data) - 2 * data.count(b"%"):
            return decoded
    # `unquote_to_bytes` makes an object of each escape, which takes thirty times the memory.
    pieces = []
    start = 0
    while start < len(data):
        end = start + _PIECE
        if b"%" in data[end - 2 : end]:
            end = data.rindex(b"%", start, end)  # An escape is not cut in two.
        pieces.append(unquote_to_bytes(data[start:end]))
        start = end
    return b"".join(pieces)


def _assemble(pairs: list[tuple[str, str]], required: bool) -> QueryRequest:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if any(any(values.get(name, ())) for name in _OF_UPDATE):
        raise _read_only()
    queries = [each.removeprefix(_BYTE_ORDER_MARK) for each in values.get("query", [])]
    default_graphs = _graphs("default-graph-uri", values)
    named_graphs = _graphs("named-graph-uri", values)
    if len(queries) > 1:
        raise Problem(400, "The parameter query is given more than once.")
    if not queries and (required or default_graphs or named_graphs):
        raise Problem(400, "The parameter query is missing.")
    if queries and (not queries[0] or queries[0].isspace()):
        raise Problem(400, "The parameter query is empty.")
    return QueryRequest(
        query=queries[0] if queries else None,
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        # Some clients repeat it, in other words; an empty one means none.
        format=next(filter(None, values.get("format", ())), None),
        timeout=_seconds(values["timeout"]) if "timeout" in values else None,
        offset=read_offset(values["offset"]) if "offset" in values else 0,
        csvw="csvw" in values and read_switch("csvw", values["csvw"]),
        hxl="hxl" in values and read_switch("hxl", values["hxl"]),
        digest=hashlib.sha256(queries[0].encode("utf-8", "replace")).digest() if queries else b"",
    )


def _seconds(values: list[str]) -> float | None:
    # One larger than the server's own limit, as when it is meant in milliseconds, changes nothing;
    # 0 is how some clients say that they set none.
    value = read_one("timeout", values) or "0"
    if not _SECONDS.fullmatch(value):
        raise Problem(400, f"timeout={value[:40]!r} is not a number of seconds, such as 5.")
    return float(value) or None


def read_offset(values: Sequence[str]) -> int:
    """The first row of a page, from 0.

    Raises:
        Problem: 400.
    """
    value = read_one("offset", values) or "0"
    if not _NATURAL.fullmatch(value):
        raise Problem(400, f"offset={value[:40]!r} is not a whole number from 0.")
    return int(value)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "The request is not UTF-8.") from None


def _check_charset(charset: str) -> None:
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(415, f"A query is sent as UTF-8, not as {charset[:40]!r}.")


def _graphs(parameter: str, values: dict[str, list[str]]) -> tuple[str, ...]:
    graphs = []
    # An empty one names nothing: some clients always send the parameter.
    for value in filter(None, dict.fromkeys(values.get(parameter, ()))):
        try:
            graphs.append(NamedNode(value).value)
        except ValueError:
            raise Problem(400, f"{parameter}={value[:80]!r} is not an absolute IRI.") from None
    return tuple(graphs)


def _read_only() -> Problem:
    return Problem(400, "This endpoint is read-only: SPARQL Update is not accepted.")
