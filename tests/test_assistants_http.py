"""`/mcp` and `kzgraph mcp` as the SDK's own client and as hostile ones meet them."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.types import CallToolResult

from conformance import RUNAWAY, Site, Wire, site
from front_client import FrontClient
from kzgraph.problem import Problem
from kzgraph.release import Release
from kzgraph_server.assistants.tool_server import TOOLS
from kzgraph_server.clients import is_allowed_origin, parse_origins
from kzgraph_server.front.intake import Calls
from kzgraph_server.settings import Settings
from processes import PATIENCE, until
from server_fixtures import Reply, environment_with
from tool_calls import words_of

JSON = "application/json"
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


@pytest.fixture(scope="module")
def server(release_root: Path) -> Iterator[Site]:
    with site(release_root, queue="16", workers="2", trusted_proxies="127.0.0.1") as running:
        yield running


def post(server: Site, message: object, target: str = "/mcp", **fields: str) -> Reply:
    """Send a message, or what is none."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    sent = {"Content-Type": JSON, "Accept": f"{JSON}, text/event-stream", **fields}
    named = {name.replace("_", "-"): value for name, value in sent.items()}
    return server.request(target, "POST", body, named)


def send_call(server: Site, message: object, host: str = "x", **fields: str) -> socket.socket:
    """A connection on which a message was sent and nothing read yet."""
    body = json.dumps(message).encode()
    sent = {"Host": host, "Content-Type": JSON, "Content-Length": str(len(body)), **fields}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in sent.items())
    connection = server.connect()
    connection.sendall(f"POST /mcp HTTP/1.1\r\n{head}\r\n".encode() + body)
    return connection


def first_answered(wires: list[Wire], count: int) -> list[Wire]:
    """The first connections on which an answer begins; it is not read yet."""
    found: dict[Wire, None] = {}
    with DefaultSelector() as selector:
        for wire in wires:
            selector.register(wire.connection, EVENT_READ, wire)
        while len(found) < count:
            ready = selector.select(PATIENCE)
            assert ready, f"{len(found)} of {count} are answered"
            found.update((key.data, None) for key, _ in ready)
            for key, _ in ready:
                selector.unregister(key.fileobj)
    return list(found)


def make_call(tool: str, **arguments: Any) -> dict[str, Any]:
    """The message that calls a tool."""
    params = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}


async def _use(target: Any, mode: str) -> tuple[list[str], list[CallToolResult]]:
    async with Client(target, mode=mode) as client:
        names = [each.name for each in (await client.list_tools()).tools]
        calls = [
            await client.call_tool("search", {"text": "87,632"}),
            await client.call_tool("query", {"query": "SELECT ?p { ?p a kzg:Pledge }"}),
            await client.call_tool("schema", {"part": "pitfalls"}),
        ]
        return names, calls


def check_tools(target: Any, mode: str = "auto") -> None:
    """Meet the tools as a client does, which checks results by their schemas."""
    names, (found, rows, pitfalls) = asyncio.run(_use(target, mode))
    assert names == [each.name for each in TOOLS]
    assert "NOT the figure of one country" in words_of(found)
    assert "4 rows" in words_of(rows)
    assert "Money is summed in dollars" in words_of(pitfalls)


# --- the three ways


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_over_http(server: Site, mode: str) -> None:
    check_tools(f"{server.url}/mcp", mode)


def test_over_stdio_with_a_release_in_the_process(release_root: Path) -> None:
    command = ["-m", "kzgraph", "mcp", "--releases", str(release_root)]
    check_tools(StdioServerParameters(command=sys.executable, args=command, env=environment_with()))


def test_over_stdio_from_another_server(server: Site) -> None:
    command = ["-m", "kzgraph", "mcp", "--endpoint", f"{server.url}/sparql"]
    check_tools(StdioServerParameters(command=sys.executable, args=command, env=environment_with()))


def test_below_the_address_of_a_release(server: Site, release_root: Path) -> None:
    version = Release(release_root / "current").version
    answer = post(server, make_call("cite"), f"/releases/{version}/mcp")
    assert version in answer.json["result"]["structuredContent"]["citation"]
    assert post(server, PING, "/releases/0-none/mcp").status == 404


def test_a_server_that_is_not_there_is_a_refusal_that_says_so() -> None:
    from kzgraph_server.assistants.site_access import RemoteSite
    from kzgraph_server.assistants.tool_server import call

    async def use() -> CallToolResult:
        nobody = RemoteSite("http://127.0.0.1:9")
        try:
            return await call(nobody, "search", {"text": "x"}, 30)
        finally:
            await nobody.close()

    result = asyncio.run(use())
    assert result.is_error and "does not answer" in words_of(result)


def test_a_whole_number_with_a_fraction_of_zero_is_an_id(server: Site) -> None:
    answer = post(server, {**PING, "id": 16276.0})
    assert (answer.status, answer.json["id"]) == (200, 16276)


# --- what is no message, or from nobody who may send one


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "nest too deep"),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":' + b'{"a":' * 500 + b"1" + b"}" * 501,
         ""),
        ([PING, PING], "not a batch"),
        ("ping", "not a message"),
        ({**PING, "id": "x" * 5_000}, "id is a whole number"),
        (b'{"jsonrpc":"2.0","method":"ping","id":' + b"9" * 5_000 + b"}", ""),
        ({**PING, "id": 2**70}, "id is a whole number"),
        ({**PING, "id": 1.5}, "id is a whole number"),
        ({**PING, "id": True}, "id is a whole number"),
        ({**PING, "id": None}, "id is a whole number"),
        ({**PING, "method": "x" * 5_000}, "A method has"),
        ({**PING, "method": ["ping"]}, "A method has"),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, ""),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(server: Site, body: object, told: str) -> None:
    answer = post(server, body)
    assert answer.status == 400, answer.body[:300]
    refusal = answer.json
    assert refusal["status"] == 400 and told in refusal["detail"]
    assert refusal["jsonrpc"] == "2.0" and refusal["error"]["code"] in range(-32768, -31999)
    assert len(answer.body) < 2_000


@pytest.mark.parametrize(
    ("method", "fields", "status"),
    [
        ("GET", {}, 405),
        ("DELETE", {}, 405),
        ("PUT", {"Content-Type": JSON}, 405),
        ("POST", {"Content-Type": "text/plain"}, 415),
        ("POST", {}, 415),
        ("POST", {"Content-Type": JSON, "Content-Encoding": "gzip"}, 415),
        ("POST", {"Content-Type": JSON, "Origin": "https://example.org"}, 403),
        ("POST", {"Content-Type": JSON, "Origin": "null"}, 403),
        ("POST", {"Content-Type": JSON, "Origin": "http://127.0.0.1.example.org"}, 403),
        ("OPTIONS", {"Origin": "https://example.org"}, 403),
        ("OPTIONS", {"Origin": "http://localhost:6274"}, 200),
        ("POST", {"Content-Type": JSON, "Origin": "http://localhost:6274"}, 200),
        ("POST", {"Content-Type": f"{JSON}; charset=utf-8"}, 200),
        ("POST", {"Content-Type": JSON, "MCP-Protocol-Version": "1999-01-01"}, 400),
        ("POST", {"Content-Type": JSON, "Accept": "*/*"}, 200),
    ],
)
def test_method_type_and_origin_are_checked(
    server: Site, method: str, fields: dict[str, str], status: int
) -> None:
    body = json.dumps(PING).encode() if method in ("POST", "PUT") else None
    answer = server.request("/mcp", method, body, fields)
    assert answer.status == status, answer.body[:300]
    if status == 405:
        assert answer.headers["Allow"] == "POST, OPTIONS"
    elif status >= 400:
        assert answer.json["status"] == status


def test_a_name_that_leads_here_is_no_way_in(server: Site) -> None:
    """DNS rebinding: the page's host and the request's are the same, and neither is ours."""
    evil = "evil.example:8000"
    with Wire(send_call(server, PING, host=evil, Origin=f"http://{evil}")) as wire:
        reply = wire.reply()
    assert reply is not None and reply.status == 403


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://a.org", True),
        ("HTTPS://A.ORG", True),
        ("https://a.org:444", False),
        ("http://a.org", False),
        ("http://[::1]:3000", True),
        ("file://", False),
        ("https://a.org, http://localhost", False),
        ("", False),
    ],
)
def test_origins_are_those_of_the_operator_and_of_the_machine(origin: str, allowed: bool) -> None:
    assert is_allowed_origin(origin, parse_origins("https://a.org,https://b.org:444")) is allowed


def test_a_message_beyond_the_limit_is_refused(server: Site) -> None:
    # By the length that it states: who sends all of it may find the connection closed.
    head = f"POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\n"
    with server.connect() as connection:
        connection.sendall(f"{head}Content-Length: {1024 * 1024 + 1}\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")


# --- one client against others


def test_calls_are_bounded_in_all_and_of_one_client() -> None:
    calls = Calls(8)
    for _ in range(2):
        calls.begin("a")
    with pytest.raises(Problem, match="Too many calls"):
        calls.begin("a")
    for client in "bcd":
        for _ in range(2):
            calls.begin(client)
    with pytest.raises(Problem, match="Too many calls"):
        calls.begin("e")
    calls.end("a")
    calls.begin("e")


def test_a_flood_of_one_client_is_refused_and_others_are_answered(server: Site) -> None:
    server.settle()
    flood = make_call("query", query=RUNAWAY)
    with ExitStack() as connections:
        wires = [
            connections.enter_context(Wire(send_call(server, flood, X_Forwarded_For="192.0.2.1")))
            for _ in range(4 + 3)
        ]
        until(lambda: server.ready()["workers"]["long"] > 0, "no query became long")
        call = make_call("search", text="87,632")
        other = post(server, call, X_Forwarded_For="192.0.2.2")
        assert other.json["result"]["structuredContent"]["total"] > 0
        # Of one client a quarter of the queue is answered at a time, whichever came first.
        refused = [wire.reply() for wire in first_answered(wires, 3)]
        assert [each and each.status for each in refused] == [503] * 3
        assert all(each and each.fields["retry-after"] for each in refused)
    server.settle()


def test_a_client_that_leaves_withdraws_its_query(server: Site) -> None:
    server.settle()
    with send_call(server, make_call("query", query=RUNAWAY)):
        until(
            lambda: server.ready()["workers"]["busy"] + server.ready()["workers"]["long"] > 0,
            "the query did not begin",
        )
    server.settle()  # Its time would be up much later.


# --- what is loaded when


def test_the_sdk_is_loaded_when_it_is_needed() -> None:
    code = (
        "import sys, kzgraph.cli, kzgraph_server.front.opening, kzgraph_server.serve, "
        "kzgraph_server.flask_app; "
        "print([each for each in sys.modules if each.split('.')[0] in ('mcp', 'pydantic')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- llms.txt


@pytest.mark.parametrize("public_url", ["https://example.org/a/b", "http://127.0.0.1:8000"])
def test_llms_text_has_the_form_and_the_addresses_of_the_server(
    release_root: Path, public_url: str
) -> None:
    client = FrontClient(release_root / "current", Settings(public_url=public_url))
    mount = Settings(public_url=public_url).mount
    answer = client.get(f"{mount}/llms.txt")
    lines = answer.text.splitlines()
    assert answer.content_type.startswith("text/plain")
    assert lines[0] == "# kzgraph" and lines[2].startswith("> ")
    assert client.release.version in answer.text
    titles = [line for line in lines if line.startswith("## ")]
    assert titles[-1] == "## Optional"
    links = [line.partition("](")[2].partition(")")[0] for line in lines if "](" in line]
    assert len(links) > 20 and f"{public_url}/mcp" in links
    pinged = client.post(f"{mount}/mcp", json=make_call("cite"), headers={"Accept": JSON})
    assert client.release.version in pinged.get_json()["result"]["content"][0]["text"]
    for link in links:
        assert link.startswith(f"{public_url}/")
        if mount and not link.endswith("/mcp"):
            assert client.get(link.removeprefix(public_url.removesuffix(mount))).status_code == 200


def test_below_the_address_of_a_release_llms_text_stays_there(
    server: Site, release_root: Path
) -> None:
    version = Release(release_root / "current").version
    text = server.get(f"/releases/{version}/llms.txt").body.decode()
    assert f"/releases/{version}/mcp)" in text
    assert f"/releases/{version}/docs/model.md)" in text
