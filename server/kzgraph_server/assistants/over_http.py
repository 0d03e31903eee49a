"""One message of the protocol, as it comes by HTTP: the SDK's transport without sessions."""

import asyncio
from collections.abc import Mapping
from typing import Any

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from kzgraph_server.assistants.site_access import App, InnerSite, Message, Site
from kzgraph_server.assistants.tool_server import make_server

#: Where the SDK keeps what the site of a request is.
_SITE = "kzgraph.site"
#: A client that names nothing else accepts what the transport wants to see in this field.
_ACCEPT = b"application/json, text/event-stream"


async def answer_message(
    app: App,
    fields: Mapping[bytes, bytes],
    body: bytes,
    *,
    client: str,
    host: str,
    prefix: str,
    seconds: float,
) -> tuple[int, bytes]:
    """The status and the body of the answer.

    Where the task that awaits it is cancelled, so is the call.

    Args:
        app: the front.
        fields: the header fields.
        body: the message.
        client: the address of the client.
        host: the host that the client asked.
        prefix: the address of the release, or nothing.
        seconds: how long a call of a tool may take.
    """
    server = make_server(_find_site, seconds)
    # One for each request: all that it begins ends with it. The SDK's own checks of hosts and
    # origins stay off, since the front has checked: `TransportSecuritySettings` allows lists alone.
    manager = StreamableHTTPSessionManager(
        server, json_response=True, stateless=True, max_request_body_size=len(body) + 1
    )
    site = InnerSite(app, client, host, prefix)
    sent: list[Message] = []
    waiting = [body]

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()  # The front tells of a client that leaves.
        return {"type": "http.request", "body": waiting.pop(), "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async with manager.run():
        length = {b"content-length": b"%d" % len(body)}
        await manager.handle_request(_make_scope({**fields, **length}, site), receive, send)
    start = next(each for each in sent if each["type"] == "http.response.start")
    parts = (each.get("body", b"") for each in sent if each["type"] == "http.response.body")
    return int(start["status"]), b"".join(parts)


def _make_scope(fields: Mapping[bytes, bytes], site: Site) -> dict[str, Any]:
    headers = {b"accept": _ACCEPT, **fields}
    if headers[b"accept"].strip() in (b"*/*", b""):
        headers[b"accept"] = _ACCEPT
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "query_string": b"",
        "root_path": "",
        "headers": list(headers.items()),
        _SITE: site,
    }


def _find_site(context: Any) -> Site:
    site: Site = context.request.scope[_SITE]
    return site
