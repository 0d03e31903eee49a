"""The engine that passes queries on, in front of servers that misbehave on purpose."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import httpx
import pytest

from forwarding import Passing, Reply, proxy
from kzgraph.iri import BASE
from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.settings import SettingsError
from kzgraph_server.engine import remote
from kzgraph_server.engine.answer import EngineFailure
from kzgraph_server.engine.remote import WHOLE
from kzgraph_server.settings import Settings
from remote_asking import asked, query, refused, started

T = TypeVar("T")

JSON = {"Content-Type": "application/sparql-results+json"}
EMPTY = b'{"head":{"vars":[]},"results":{"bindings":[]}}'


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", 400),
        ("DELETE WHERE { ?s ?p ?o }", 400),
        ("SELECT * { ?s nonsense:p ?o }", 400),
        ("SELECT * { " + "{" * 200 + "}" * 200 + " }", 400),
    ],
)
def test_what_no_engine_may_be_asked_is_not_passed_on(text: str, status: int) -> None:
    with proxy() as between:
        between.hook = lambda passing: (200, JSON, EMPTY)
        assert refused(f"{between.url}/sparql", query(text)).status == status
        assert [b"ASK" in each.body for each in between.seen] == [True]


def test_formats_that_the_engine_is_not_asked_for_are_406() -> None:
    with proxy() as between:
        between.hook = lambda passing: (200, JSON, EMPTY)
        for text, offer in (("SELECT * {}", "ttl"), ("DESCRIBE <urn:x>", "json")):
            problem = refused(f"{between.url}/sparql", query(text, offer))
            assert problem.status == 406
            assert problem.members["available"]


@pytest.mark.parametrize(
    ("reply", "status", "message"),
    [
        ((500, {}, b"<b>out of\x00 memory</b>"), 502, "answered 500: out of memory"),
        ((503, {"Retry-After": "7"}, b""), 503, "busy"),
        ((429, {}, b""), 503, "busy"),
        ((504, {}, b""), 504, "gave up"),
        ((404, {}, b"/etc/secret"), 502, "answered 404."),
        ((401, {}, b""), 502, "refuses this server"),
        ((302, {"Location": "http://elsewhere.example/"}, b""), 502, "answered 302."),
        ((406, {}, b""), 406, "does not write that format"),
        ((200, {"Content-Type": "text/html"}, b"<p>Hello"), 502, "text/html unasked"),
        ((200, {"Content-Type": "text/csv"}, b"a\r\n"), 502, "text/csv unasked"),
        ((200, {**JSON, "Content-Length": "99", "Connection": "close"}, b"{"), 502, "broke off"),
        ((200, JSON, b'{"head":{},"results":{"bindings":['), 502, "broke off"),
        ((200, {**JSON, "X-SQL-State": "S1TAT"}, EMPTY), 504, "before the answer was complete"),
    ],
)
def test_each_trouble_of_the_engine_has_its_status(reply: Reply, status: int, message: str) -> None:
    with proxy() as between:
        between.hook = lambda passing: reply
        problem = refused(f"{between.url}/sparql", query("SELECT * {}"))
    assert problem.status == status
    assert message in problem.detail
    assert problem.headers.get("Retry-After", "") == {"busy": reply[1].get("Retry-After", "5")}.get(
        message, ""
    )


def test_an_engine_that_is_not_there_is_503_and_not_ready() -> None:
    async def work() -> None:
        async with started("http://127.0.0.1:9/sparql") as made:
            assert not made.state().ready
            assert made.state().error
            with pytest.raises(Problem) as caught:
                await made.ask(query("ASK {}"), "someone")
            assert caught.value.status == 503
            assert caught.value.headers["Retry-After"]

    asyncio.run(work())


def test_readiness_comes_and_goes_with_the_engine() -> None:
    working = [True]

    def hook(passing: Passing) -> Reply:
        return (200, JSON, EMPTY) if working[0] else (500, {}, b"")

    async def work(url: str) -> None:
        async with started(url) as made:
            assert made.state().ready
            working[0] = False
            await made._probe()
            assert not made.state().ready
            working[0] = True
            await made._probe()
            assert made.state().ready

    with proxy() as between:
        between.hook = hook
        asyncio.run(work(f"{between.url}/sparql"))


def test_what_is_passed_on_is_the_protocols() -> None:
    with proxy() as between:
        between.hook = lambda passing: (200, JSON, EMPTY)
        job = query("SELECT * { ?s a kzg:Fact, <id/x> }", "json", "xml", timeout=4)
        told = {"engine_timeout": ("timeout", "{s}s")}
        asked(f"{between.url}/sparql", job, ["urn:a", "urn:b"], **told)
    sent = httpx.QueryParams(between.seen[-1].body.decode())
    assert sent.get_list("default-graph-uri") == ["urn:a", "urn:b"]
    assert sent.get_list("named-graph-uri") == ["urn:a", "urn:b"]
    assert sent["timeout"] == "5s"
    prelude = f"BASE <{BASE}> PREFIX kzg: <{PREFIXES['kzg']}> "
    assert sent["query"] == prelude + job.query


@pytest.mark.parametrize(
    ("text", "based"),
    [
        ("SELECT (IRI('x') AS ?y) {}", True),
        ("SELECT * { ?s ?p ?o FILTER(?s = uri(?o)) }", True),
        ("SELECT * { ?s <http://e/IRI> ?iri, 'IRI' }", False),
    ],
)
def test_what_makes_an_iri_is_given_the_base(text: str, based: bool) -> None:
    with proxy() as between:
        between.hook = lambda passing: (200, JSON, EMPTY)
        asked(f"{between.url}/sparql", query(text))
    sent = httpx.QueryParams(between.seen[-1].body.decode())["query"]
    assert sent == (f"BASE <{BASE}> " if based else "") + text


def test_left_to_the_engine_the_data_set_is_not_named() -> None:
    with proxy() as between:
        between.hook = lambda passing: (200, JSON, EMPTY)
        asked(f"{between.url}/sparql", query("SELECT * {}"), ["urn:a"], engine_dataset="engine")
    assert set(httpx.QueryParams(between.seen[-1].body.decode())) == {"query"}


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def served(serve: Serve, work: Callable[[str], Awaitable[T]]) -> T:
    """What `work` returns, given the address of a server that handles connections by `serve`."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        return await work(f"http://127.0.0.1:{port}/sparql")
    finally:
        server.close()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"


async def request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return await reader.readexactly(length)


def whole(data: bytes) -> bytes:
    return HEAD + b"Content-Length: %d\r\n\r\n" % len(data) + data


def test_memory_does_not_grow_with_the_answer() -> None:
    written = [0]

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"ASK" in await request(reader):
            writer.write(whole(EMPTY))
            await writer.drain()
            await request(reader)
        writer.write(HEAD + b"\r\n")
        try:
            while written[0] < 256 * WHOLE:
                writer.write(b" " * 65536)
                await writer.drain()
                written[0] += 65536
        except ConnectionError:
            pass

    async def work(url: str) -> None:
        async with started(url) as made:
            answer = await made.ask(query("SELECT * {}"), "someone")
            assert answer.complete is None
            async for _ in answer.chunks:
                break
            await asyncio.sleep(0.3)
            assert written[0] < 32 * WHOLE, "the engine's answer was read ahead of its reader"
            await answer.chunks.aclose()
            assert made.state().busy == 0

    asyncio.run(served(endless, work))


@pytest.mark.parametrize("end", ["stall", "break"])
def test_an_answer_that_breaks_off_half_way_does_not_look_complete(end: str) -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"ASK" in await request(reader):
            writer.write(whole(EMPTY))
            await request(reader)
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(32):
            writer.write(b"10000\r\n" + b" " * 65536 + b"\r\n")
            await writer.drain()
        if end == "stall":
            await reader.read()
        writer.close()

    async def work(url: str) -> Problem:
        async with started(url) as made:
            answer = await made.ask(query("SELECT * {}", timeout=3), "someone")
            assert answer.complete is None
            with pytest.raises(EngineFailure) as caught:
                async for _ in answer.chunks:
                    pass
            assert made.state().busy == 0
            return caught.value.problem

    problem = asyncio.run(served(half, work))
    assert problem.status == (504 if end == "stall" else 502)


def test_a_client_that_goes_away_closes_the_connection_to_the_engine() -> None:
    async def work_with_server() -> None:
        reached, gone = asyncio.Event(), asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if b"ASK" in await request(reader):
                writer.write(whole(EMPTY))
                await request(reader)
            reached.set()
            assert await reader.read() == b""
            gone.set()
            writer.close()

        async def work(url: str) -> None:
            async with started(url) as made:
                asking = asyncio.create_task(made.ask(query("SELECT * {}"), "someone"))
                await asyncio.wait_for(reached.wait(), 10)
                assert made.state().busy == 1
                asking.cancel()
                await asyncio.wait_for(gone.wait(), 10)
                assert made.state().busy == 0

        await served(silent, work)

    asyncio.run(work_with_server())


def test_one_client_does_not_take_every_connection() -> None:
    async def work_with_server() -> None:
        go_on = asyncio.Event()

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                try:
                    if b"ASK" not in await request(reader):
                        await go_on.wait()
                    writer.write(whole(EMPTY))
                    await writer.drain()
                except (asyncio.IncompleteReadError, ConnectionError):
                    return

        async def work(url: str) -> None:
            async with started(url, engine_connections=4) as made:
                job = query("SELECT * {}")
                greedy = [asyncio.create_task(made.ask(job, "greedy")) for _ in range(2)]
                while made.state().busy < len(greedy):
                    await asyncio.sleep(0.01)
                with pytest.raises(Problem) as caught:
                    await made.ask(job, "greedy")
                assert caught.value.status == 503
                assert caught.value.headers["Retry-After"]
                await made.ask(query("ASK {}"), "modest")
                go_on.set()
                await asyncio.gather(*greedy)
                await made.ask(job, "greedy")

        await served(slow, work)

    asyncio.run(work_with_server())


def test_a_query_that_finds_no_connection_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_WAIT", 0.1)

    async def work_with_server() -> None:
        go_on = asyncio.Event()

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    if b"ASK" not in await request(reader):
                        await go_on.wait()
                    writer.write(whole(EMPTY))
                    await writer.drain()

        async def work(url: str) -> None:
            async with started(url, engine_connections=2) as made:
                job = query("SELECT * {}")
                first = [asyncio.create_task(made.ask(job, name)) for name in ("a", "b")]
                while made.state().idle:
                    await asyncio.sleep(0.01)
                third = asyncio.create_task(made.ask(job, "c"))
                while not made.state().queued:
                    await asyncio.sleep(0.01)
                with pytest.raises(Problem, match="Too many queries") as caught:
                    await third
                assert (caught.value.status, caught.value.headers["Retry-After"]) == (503, "1")
                assert made.state().ready
                go_on.set()
                await asyncio.gather(*first)
                await made.ask(job, "c")

        await served(slow, work)

    asyncio.run(work_with_server())


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"KZGRAPH_ENGINE": "localhost:8890"}, "must begin with http"),
        ({"KZGRAPH_ENGINE": "http://me:hush@host/sparql"}, "do not belong in it"),
        ({"KZGRAPH_ENGINE": "http://host/", "KZGRAPH_ENGINE_USER": "me"}, "go together"),
        ({"KZGRAPH_ENGINE": "http://host/", "KZGRAPH_ENGINE_DATASET": "union"}, "is release or"),
        ({"KZGRAPH_ENGINE": "http://host/", "KZGRAPH_ENGINE_TIMEOUT": "30"}, "is like timeout="),
        ({"KZGRAPH_ENGINE": "http://host/", "KZGRAPH_ENGINE_CONNECTIONS": "0"}, "from 1 to 1000"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(variables: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        Settings.from_environment(variables)
    assert "hush" not in str(caught.value)


def test_settings_are_read_from_the_environment() -> None:
    assert Settings.from_environment({}).engine == ""
    read = Settings.from_environment(
        {
            "KZGRAPH_ENGINE": "https://host/sparql",
            "KZGRAPH_ENGINE_USER": "me",
            "KZGRAPH_ENGINE_PASSWORD": "hush",
            "KZGRAPH_ENGINE_DATASET": "engine",
            "KZGRAPH_ENGINE_TIMEOUT": "max={ms}",
            "KZGRAPH_ENGINE_CONNECTIONS": "5",
        }
    )
    assert (read.engine, read.engine_user, read.engine_dataset, read.engine_connections) == (
        *("https://host/sparql", "me", "engine"),
        5,
    )
    assert read.engine_timeout == ("max", "{ms}")
    assert "hush" not in repr(read)
