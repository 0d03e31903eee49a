"""The engine that forwards to another engine: `KZGRAPH_ENGINE=https://host/sparql`.

The query is forwarded by the SPARQL 1.1 Protocol with its data set; the answer is streamed, with
bounded memory and within the deadline. Past the deadline the connection is closed: that is all a
client can do, and engines differ in whether they stop then.
https://www.w3.org/TR/sparql11-protocol/#query-via-post-urlencoded
"""

import asyncio
import contextlib
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

import httpx

from kzgraph.engines import Credentials, plain_message
from kzgraph.problem import Problem
from kzgraph.rdf.formats import BY_NAME
from kzgraph.sparql.job import EXPLANATION, TABLE_METADATA, Job
from kzgraph.sparql.superseded import Tables
from kzgraph.version import VERSION
from kzgraph_server.engine.answer import Answer, EngineFailure, EngineState
from kzgraph_server.engine.passing import Passed, can_end_with, prepare, translate_error
from kzgraph_server.engine.published import PublishedGraphs
from kzgraph_server.offloading import run_sized
from kzgraph_server.settings import Settings

#: An answer up to this many bytes is returned whole.
WHOLE = 1024 * 1024

_CHUNK = 64 * 1024
#: How many bytes of an error message are read.
_COMPLAINT = 64 * 1024
#: Seconds to wait for a connection to be set up, and for one of those that are in use.
_CONNECT, _WAIT = 5.0, 5.0
#: Seconds between probes of the engine.
_LOOK = 15.0
#: Seconds that an answer is buffered to be returned whole.
_HOLD = 0.25


class RemoteEngine:
    """Answers from another engine."""

    def __init__(
        self, settings: Settings, graphs: Sequence[str], tables: Tables | None = None
    ) -> None:
        """Make a client of the engine that `settings` name.

        Args:
            settings: the engine.
            graphs: the IRIs of the current graphs of the release.
            tables: of the release, where it has superseded graphs.
        """
        self._settings = settings
        # The union of an engine may have superseded graphs: then nothing is left to it.
        named = settings.engine_dataset == "release" or tables is not None
        self._graphs = graphs if named else ()
        self._tables = tables
        self._published = PublishedGraphs(settings.engine)
        self._client: httpx.AsyncClient | None = None
        self._clients: Counter[str] = Counter()
        self._ended: Counter[str] = Counter()
        self._trouble: str | None = "not asked yet"
        self._looking: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def explains(self) -> bool:
        """Whether it says why a query has no solutions: another engine does not."""
        return False

    async def start(self) -> None:
        """Open the client; `state` says whether the engine answers."""
        auth = None
        if self._settings.engine_user:
            auth = Credentials(
                self._settings.engine, self._settings.engine_user, self._settings.engine_password
            )
        self._client = httpx.AsyncClient(
            auth=auth,
            verify=ssl.create_default_context(),
            # No proxy of the environment, no redirect: the queries go to the address that the
            # operator gave and nowhere else.
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(
                max_connections=self._settings.engine_connections, max_keepalive_connections=16
            ),
            timeout=httpx.Timeout(None, connect=_CONNECT, pool=_WAIT),
            headers={"User-Agent": f"kzgraph/{VERSION}", "Accept-Encoding": "identity"},
        )
        await self._probe()
        self._looking = asyncio.create_task(self._keep_probing())

    async def stop(self, grace: float) -> None:
        """Take no more jobs; those that run have `grace` seconds to end."""
        self._stopping = True
        if self._looking is not None:
            self._looking.cancel()
        loop = asyncio.get_running_loop()
        until = loop.time() + grace
        while self._clients and loop.time() < until:
            await asyncio.sleep(0.02)
        if self._client is not None:
            await self._client.aclose()

    def state(self) -> EngineState:
        """The state of the forwarded queries, and why the engine is not available."""
        connections, asked = self._settings.engine_connections, self._clients.total()
        busy = min(asked, connections)
        return EngineState(
            ready=self._trouble is None and not self._stopping,
            idle=connections - busy,
            busy=busy,
            queued=asked - busy,
            ended=dict(self._ended),
            error=self._trouble,
        )

    async def ask(self, job: Job, client: str) -> Answer:
        """The engine's answer to `job`.

        Raises:
            Problem: 400 with what the engine says of the query; 406; 501 where it does not have
                a superseded graph that the query is about; 502 where it answers something else;
                503 where it cannot be reached or too much is under way; 504 at the deadline.
        """
        if job.hxl or job.offers[:1] == (TABLE_METADATA,):
            raise Problem(
                501,
                "Another engine answers here, which does not say what columns mean: ask "
                "without hxl and csvw.",
            )
        if job.offers == EXPLANATION:
            raise Problem(
                501, "Another engine answers here, which does not say why it finds nothing."
            )
        nesting = self._settings.max_query_nesting
        passed_on = await run_sized(
            len(job.query), prepare, job, self._graphs, nesting, self._tables
        )
        limit = min(job.timeout, self._settings.query_timeout)
        assert self._client is not None, "start the engine first"  # noqa: S101
        self._enter(client)
        exchange = _Exchange(limit, lambda: self._leave(client), self._fail)
        try:
            with exchange.translate_errors():
                async with exchange.deadline():
                    await self._published.check(self._client, passed_on.superseded)
            return await self._answer(exchange, passed_on, job)
        except BaseException:
            await exchange.aclose()
            raise

    async def _answer(self, exchange: "_Exchange", passed_on: Passed, job: Job) -> Answer:
        assert self._client is not None, "start the engine first"  # noqa: S101
        fields = {
            "query": passed_on.query,
            **{name: iris for name, iris in passed_on.dataset.items() if iris},
            **_deadline(self._settings.engine_timeout, exchange.limit),
        }
        request = self._client.build_request(
            "POST", self._settings.engine, data=fields, headers={"Accept": passed_on.accept}
        )
        with exchange.translate_errors():
            async with exchange.deadline():
                response = exchange.response = await self._client.send(request, stream=True)
                if response.status_code != 200:
                    text = await exchange.read_error()
                    raise self._read_problem(response, text, passed_on, job)
        self._trouble = None
        # Virtuoso sends a partial answer with status 200 at its time limit.
        if response.headers.get("X-SQL-State", "").upper() == "S1TAT":
            limit = f"{exchange.limit:g} s"
            raise Problem(504, f"The engine gave up before the answer was complete ({limit}).")
        media_type, _, parameters = response.headers.get("Content-Type", "").partition(";")
        exchange.format = passed_on.formats.get(media_type.strip().lower(), "")
        charset = parameters.partition("charset=")[2].strip(' "').lower()
        if not exchange.format or charset not in ("", "utf-8", "us-ascii"):
            raise Problem(
                502, f"The engine answered {plain_message(media_type) or 'nothing'} unasked."
            )
        answer = Answer(
            BY_NAME[exchange.format].content_type,
            exchange.format,
            exchange,
            headers=_forward_row_cap(response),
            volatile=passed_on.volatile,
        )
        try:
            answer.complete = await exchange.read_small()
        except EngineFailure as failure:  # Nothing was sent yet.
            raise failure.problem from None
        return answer

    def _read_problem(
        self, response: httpx.Response, text: str, passed_on: Passed, job: Job
    ) -> Problem:
        """The problem of a response that is not a result."""
        status = response.status_code
        told = plain_message(text, self._settings.engine_password)
        if status == 400:
            return translate_error(text, passed_on, job.query)
        if status == 406:
            return Problem(406, "The engine behind this endpoint does not write that format.")
        if status in (408, 504) or "Error S1T00" in text:  # Virtuoso's time limit: a 500.
            self._fail("deadline")
            return Problem(504, "The engine behind this endpoint gave up at its own time limit.")
        if status in (429, 503):
            wait = response.headers.get("Retry-After", "")
            headers = {"Retry-After": wait if wait.isascii() and wait.isdigit() else "5"}
            return Problem(503, "The engine behind this endpoint is busy.", headers)
        self._fail("engine")
        if status in (401, 403):
            return Problem(502, "The engine behind this endpoint refuses this server.")
        detail = f"The engine behind this endpoint answered {status}"
        return Problem(502, f"{detail}: {told}" if told and status >= 500 else f"{detail}.")

    def _enter(self, client: str) -> None:
        """Count a query of a client; `_leave` when it has ended."""
        if self._stopping:
            raise Problem(503, "The server is stopping.", {"Retry-After": "5"})
        # Half of the connections at most are one client's, so that others find some.
        if self._clients[client] >= max(1, self._settings.engine_connections // 2):
            raise Problem(503, "Too many of your queries are under way.", {"Retry-After": "1"})
        self._clients[client] += 1

    def _leave(self, client: str) -> None:
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]

    def _fail(self, cause: str, trouble: str | None = None) -> None:
        """Count a query that failed by its cause; `trouble` says why the engine is not ready."""
        self._ended[cause] += 1
        self._trouble = trouble or self._trouble

    async def _keep_probing(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            await self._probe()

    async def _probe(self) -> None:
        """Send a small query, so that `ready` is up to date."""
        assert self._client is not None  # noqa: S101
        try:
            response = await self._client.post(
                self._settings.engine,
                data={"query": "ASK {}"},
                headers={"Accept": "application/sparql-results+json"},
                timeout=_CONNECT,
            )
            status = response.status_code
            self._trouble = None if status == 200 else f"the engine answers {status}"
        except httpx.PoolTimeout:
            pass  # Queries have all connections, and tell whether it answers.
        except httpx.HTTPError as error:
            self._trouble = f"the engine cannot be asked ({type(error).__name__})"


class _Exchange:
    """One forwarded answer: its connection, its deadline, and its bytes."""

    def __init__(self, limit: float, leave: Callable[[], None], fail: Callable[..., None]) -> None:
        self.limit = limit
        self.format = ""
        self.response: httpx.Response | None = None
        self._until = asyncio.get_running_loop().time() + limit
        self._leave: Callable[[], None] | None = leave
        self._fail = fail
        self._held: list[bytes] = []
        self._source: AsyncIterator[bytes] | None = None
        self._tail = b""

    def deadline(self) -> asyncio.Timeout:
        """Ends the block at the deadline."""
        return asyncio.timeout_at(self._until)

    @contextlib.contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Translate exceptions of the connection into problems."""
        try:
            yield
        except TimeoutError:
            self._fail("deadline")
            raise Problem(
                504,
                f"The engine did not answer within the time limit of {self.limit:g} s.",
                timeout=self.limit,
            ) from None
        except httpx.PoolTimeout:
            detail = "Too many queries are under way."
            raise Problem(503, detail, {"Retry-After": "1"}) from None
        except httpx.ConnectTimeout:
            self._fail("connection", "the engine does not take connections")
            raise Problem(504, "The engine behind this endpoint cannot be reached.") from None
        except httpx.ConnectError as error:
            self._fail("connection", "the engine cannot be reached")
            if isinstance(error.__context__, ssl.SSLError) or "SSL" in str(error):
                raise Problem(502, "The engine has no certificate that can be trusted.") from None
            raise Problem(
                503, "The engine behind this endpoint cannot be reached.", {"Retry-After": "10"}
            ) from None
        except httpx.HTTPError:
            self._fail("connection", "the connection to the engine broke off")
            raise Problem(502, "The engine's answer broke off.") from None

    async def read_error(self) -> str:
        """The first bytes of a response that is not a result, as text."""
        assert self.response is not None  # noqa: S101
        read = bytearray()
        async for part in self.response.aiter_bytes():
            read += part
            if len(read) >= _COMPLAINT:
                break
        return bytes(read[:_COMPLAINT]).decode("utf-8", "replace")

    async def read_small(self) -> bytes | None:
        """The answer, if it is small and complete soon; else None, and it is to be streamed."""
        loop = asyncio.get_running_loop()
        size, until = 0, loop.time() + _HOLD
        while size <= WHOLE and loop.time() < until:
            part = await self._read()
            if part is None:
                return b"".join(self._held)
            self._held.append(part)
            size += len(part)
        return None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            part = self._held.pop(0) if self._held else await self._read()
            if part is None:
                return
            for start in range(0, len(part), _CHUNK):
                yield part[start : start + _CHUNK]

    async def _read(self) -> bytes | None:
        """The next bytes, None at the end.

        Raises:
            EngineFailure: it broke off, or the deadline has passed.
        """
        assert self.response is not None  # noqa: S101
        if self._source is None:
            self._source = self.response.aiter_bytes()
        try:
            with self.translate_errors():
                async with self.deadline():
                    part = await anext(self._source, None)
                if part is None and not can_end_with(self.format, self._tail):
                    raise Problem(502, "The engine's answer broke off.")
        except Problem as problem:
            await self.aclose()
            raise EngineFailure(problem) from None
        except asyncio.CancelledError:
            await self.aclose()
            raise
        if part is None:
            await self.aclose()
        else:
            self._tail = (self._tail + part)[-256:]
        return part

    async def aclose(self) -> None:
        """Close the connection, if the answer has not ended."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()
            if self.response is not None:
                await self.response.aclose()


def _forward_row_cap(response: httpx.Response) -> dict[str, str]:
    """The engine's header field for its own row cap: a truncated answer must be marked."""
    rows = response.headers.get("X-SPARQL-MaxRows", "")
    return {"X-SPARQL-MaxRows": rows} if rows.isascii() and rows.isdigit() else {}


def _deadline(parameter: tuple[str, str] | None, seconds: float) -> dict[str, str]:
    """The parameter for a time-out of `seconds`, if the engine has one."""
    if parameter is None:
        return {}
    name, value = parameter
    # Engines take whole numbers; rounded up, because ours is the limit that counts.
    number = {"s": str(int(seconds) + 1), "ms": str(int(seconds * 1000) + 1)}
    return {name: value.format(**number)}
