"""`/mcp`: the tools for assistants, as streamable HTTP without sessions and with answers in JSON.

https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http

Every request is a message by itself. What a tool needs it asks the front for, as the same client:
so the lanes, deadlines and limits of a call are those of its requests. The call itself holds no
turn while it waits for them.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from werkzeug.http import parse_options_header

from kzgraph.problem import Problem
from kzgraph_server.clients import find_share, is_allowed_origin
from kzgraph_server.front.cache import Stored, strong_etag
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.front.intake import check_codings
from kzgraph_server.front.queries import run_while_connected
from kzgraph_server.front.serving import Serving
from kzgraph_server.front.shared import Shared
from kzgraph_server.headers import COMMON, NO_STORE, preflight
from kzgraph_server.offloading import run_sized

_log = logging.getLogger(__name__)

_METHODS = "POST, OPTIONS"
_JSON = "application/json"
#: The longest id of a message, as text, and the largest as a number, which JavaScript still has
#: exactly; the longest name of a method.
_MOST_ID, _LARGEST_ID, _MOST_METHOD = 200, 2**53, 100
#: Characters of what the SDK says of a message that it refuses, which may repeat the message.
_MOST_TOLD = 300
# https://www.jsonrpc.org/specification#error_object
_NO_JSON, _NO_MESSAGE = -32700, -32600


async def mcp(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """Answer one message of the protocol."""
    exchange.kind = "assistants"
    _check_origin(exchange, shared)
    if exchange.method == "OPTIONS":
        await exchange.answer(200, preflight(exchange.fields, _METHODS), b"")
        return
    if exchange.method != "POST":
        # GET would open a stream and DELETE end a session: there are neither.
        detail = f"The method is not allowed here. Allowed: {_METHODS}."
        raise Problem(405, detail, {"Allow": _METHODS})
    media_type = parse_options_header(exchange.field(b"content-type") or "")[0].lower()
    if media_type != _JSON:
        detail = f"A message is sent as {_JSON}, not as {media_type[:100] or 'nothing'}."
        raise Problem(415, detail, {"Accept-Post": _JSON})
    check_codings(exchange)
    settings = shared.settings
    body = await shared.bodies.read(exchange, settings.max_query_bytes, settings.query_timeout)
    body = await run_sized(len(body), check_message, body)
    client = find_share(exchange.client)
    shared.calls.begin(client)
    try:
        status, answer = await run_while_connected(exchange, _answer(exchange, shared, body))
    finally:
        shared.calls.end(client)
    await _send(exchange, status, answer)


def _check_origin(exchange: Exchange, shared: Shared) -> None:
    """Refuse the pages of other sites, which a name of theirs may have led here.

    https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning

    Raises:
        Problem: 403.
    """
    origin = exchange.field(b"origin")
    if origin is not None and not is_allowed_origin(origin, shared.settings.origins):
        detail = "Pages of this origin may not call the tools; the operator can allow them."
        raise Problem(403, detail)


def check_message(body: bytes) -> bytes:
    """Check that a body is one message of JSON-RPC whose parts are not too long.

    Returns:
        The body, with a whole number as id without a fraction: `1.0` is one, too.

    Raises:
        Problem: 400, which is an error of JSON-RPC as well.
    """
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise _refuse(_NO_JSON, "The body is not JSON, or its values nest too deep.") from None
    if isinstance(message, list):
        raise _refuse(_NO_MESSAGE, "One message is sent at a time, not a batch of them.")
    if not isinstance(message, dict):
        raise _refuse(_NO_MESSAGE, "The body is not a message of JSON-RPC.")
    if message.get("jsonrpc") != "2.0" or not isinstance(message.get("params", {}), dict):
        raise _refuse(_NO_MESSAGE, "A message has jsonrpc 2.0, and an object as its params.")
    number = message.get("id", 0)
    is_fraction = isinstance(number, float) and number.is_integer()
    if is_fraction:
        number = message["id"] = int(number)
    is_number = isinstance(number, int) and not isinstance(number, bool)
    sound = is_number and abs(number) <= _LARGEST_ID
    if not sound and not (isinstance(number, str) and len(number) <= _MOST_ID):
        raise _refuse(_NO_MESSAGE, f"An id is a whole number or up to {_MOST_ID} characters.")
    # What has none answers a question, and without sessions nobody was asked any.
    method = message.get("method")
    if not isinstance(method, str) or len(method) > _MOST_METHOD:
        raise _refuse(_NO_MESSAGE, f"A method has up to {_MOST_METHOD} characters.")
    return json.dumps(message).encode() if is_fraction else body


def _refuse(code: int, told: str) -> Problem:
    return _make_problem(HTTPStatus.BAD_REQUEST, None, {"code": code, "message": told})


def _make_problem(status: int, number: object, error: Mapping[str, Any]) -> Problem:
    """An error of JSON-RPC as a problem: it has the members of both."""
    told = str(error["message"]).partition("\n")[0][:_MOST_TOLD]
    return Problem(status, told, jsonrpc="2.0", id=number, error={**error, "message": told})


async def _answer(exchange: Exchange, shared: Shared, body: bytes) -> tuple[int, bytes]:
    answer_message = await asyncio.to_thread(_import_answering)
    return await answer_message(
        shared.front,
        exchange.fields,
        body,
        client=exchange.client,
        host=exchange.field(b"host") or "localhost",
        prefix=exchange.prefix,
        seconds=2.0 * shared.settings.query_timeout,
    )


def _import_answering() -> Callable[..., Awaitable[tuple[int, bytes]]]:
    # When first called, and on a thread: the SDK takes a second to import.
    from kzgraph_server.assistants.over_http import answer_message

    return answer_message


async def _send(exchange: Exchange, status: int, body: bytes) -> None:
    if status >= HTTPStatus.BAD_REQUEST:
        raise _read_refusal(status, body)
    if not body:
        await exchange.answer(status, (*COMMON, NO_STORE, (b"content-length", b"0")), b"")
        return
    fields = (*COMMON, NO_STORE, (b"content-type", _JSON.encode()))
    await exchange.send_stored(Stored(status, fields, body, strong_etag(body), exchange.kind))


def _read_refusal(status: int, body: bytes) -> Problem:
    """What the SDK refuses a message with, as everything here is refused."""
    try:
        told = json.loads(body)
        return _make_problem(status, told.get("id"), told["error"])
    except (ValueError, TypeError, LookupError, AttributeError):
        return Problem(status, body[:200].decode("utf-8", "replace"))
