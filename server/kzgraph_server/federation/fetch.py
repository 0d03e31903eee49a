"""Calls other endpoints for the SERVICE clauses of a query.

Limits are for a query with all its calls: seconds, bytes, solutions, calls. The calls of all
queries together are limited too, so that this server floods nobody.
"""

import asyncio
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakValueDictionary

import httpx

from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.public_address import Address
from kzgraph.settings import MAX_QUERY_NESTING
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.refusals import Refusal
from kzgraph.version import VERSION
from kzgraph_server.allow_list import Network, split
from kzgraph_server.federation.probes import MOST_VALUES, Probe, find_probe
from kzgraph_server.federation.service_calls import Call, Row, find_calls, inline
from kzgraph_server.federation.solutions import Broken, NotInline, TooMuch, read_solutions

#: For a call that was sent as it is.
_ADVICE = (
    " Ask it for less: let patterns before its SERVICE bind one of its variables to at most "
    f"{MOST_VALUES:,} IRIs, or write VALUES or LIMIT into its group."
)
#: Seconds after which a query that was not called for may be sent again.
_AGAIN = "5"
_RESULTS = ("application/sparql-results+json", "application/json")


@dataclass(frozen=True)
class Limits:
    """The limits on the calls of a query.

    Attributes:
        calls: SERVICE clauses.
        seconds: for all calls, which run concurrently.
        bytes: of all answers together.
        rows: solutions of one answer.
        at_once: concurrent calls of all queries together, of one client's half as many.
        nesting: how deep brackets and signs may nest in a query.
    """

    calls: int = 4
    seconds: float = 10.0
    bytes: int = 2 * 1024 * 1024
    rows: int = 10_000
    at_once: int = 4
    nesting: int = MAX_QUERY_NESTING


@dataclass(frozen=True)
class Plan:
    """A query with calls of endpoints that may be called.

    Attributes:
        text: the query.
        calls: its calls, at least one.
        probes: for each call the query for what its variables can be; None where there is none.
    """

    text: str
    calls: tuple[Call, ...]
    probes: tuple[Probe | None, ...]


class _Budget:
    """The bytes left for the responses to one query."""

    def __init__(self, whole: int) -> None:
        self.whole = self.left = whole

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise TooMuch(f"the answers are larger than {self.whole:,} bytes")


class Federation:
    """Calls the endpoints on a list.

    Args:
        allowed: the endpoints, as `allow_list.allow_list` returns them; if empty, every SERVICE
            is refused.
        limits: the limits on a query.
        network: how to reach an endpoint; tests pass their own.
        tls: how to verify an endpoint; by default with the authorities of the system.
    """

    def __init__(
        self,
        allowed: Iterable[str],
        limits: Limits | None = None,
        *,
        network: Network | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = frozenset(allowed)
        self._limits = limits or Limits()
        self._network = network or Network()
        self._tls = tls
        self._slots = asyncio.Semaphore(self._limits.at_once)
        # Of each client, for as long as it has calls.
        self._shares = WeakValueDictionary[str, asyncio.Semaphore]()
        # A response takes many times its size while it is parsed.
        self._reading = asyncio.Semaphore(1)

    def plan(self, text: str) -> Plan | None:
        """The calls to make for the query `text`; None if it has none.

        Raises:
            Problem: 400, with line and column: it cannot be parsed, or a call is not accepted.
        """
        if "service" not in text.lower():
            return None
        try:
            analysis = analyse_whole(text, PREDECLARED, self._limits.nesting, services=True)
            text = analysis.text
            calls = find_calls(analysis)
            for count, call in enumerate(calls):
                self._check(call, count)
        except Refusal as error:
            raise error.problem(text) from None
        probes = tuple(find_probe(analysis, call) for call in calls)
        return Plan(text, tuple(calls), probes) if calls else None

    def _check(self, call: Call, before: int) -> None:
        start = call.node.start
        if not self._allowed:
            message = "SERVICE is not accepted: this endpoint queries no other one"
            raise Refusal(message, start)
        if call.endpoint not in self._allowed:
            message = "SERVICE is accepted for the endpoints that this server lists, and not for "
            raise Refusal(message + f"<{call.endpoint[:200]}>", start)
        if before >= self._limits.calls:
            raise Refusal(f"A query may have no more than {self._limits.calls} SERVICE", start)

    async def fill(self, plan: Plan, seconds: float, client: str) -> str:
        """The query of `plan` with its calls replaced by their solutions.

        Args:
            plan: its syntax has been checked.
            seconds: the time left until the query's deadline.
            client: who asks; one has no more than half of the calls that run at a time.

        Raises:
            Problem: 403 where an endpoint leads to an address that is not public, or redirects;
                422 where its response cannot be inlined, or is too large; 503 where other calls
                took all of the time; 502 and 504 where it fails and the call is not SILENT.
        """
        budget = _Budget(self._limits.bytes)
        until = asyncio.get_running_loop().time() + min(seconds, self._limits.seconds)
        share = self._shares.get(client)
        if share is None:
            self._shares[client] = share = asyncio.Semaphore(max(1, self._limits.at_once // 2))
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._solutions(call, budget, until, share))
                    for call in plan.calls
                ]
        except ExceptionGroup as errors:
            # One is enough: the others were cancelled or failed alike.
            raise _choose_error(errors) from None
        return inline(plan.text, plan.calls, [task.result() for task in tasks])

    async def _solutions(
        self, call: Call, budget: _Budget, until: float, share: asyncio.Semaphore
    ) -> list[Row] | None:
        if call.bound == 0:  # Whatever it answers is joined with nothing.
            return []
        waiting = True
        try:
            async with asyncio.timeout_at(until), share, self._slots:
                waiting = False
                body = await self._fetch(call, budget)
                async with self._reading:
                    return await asyncio.to_thread(
                        read_solutions, body, call.variables(), self._limits.rows
                    )
        except NotInline as error:
            raise Problem(
                422,
                f"The answer of <{call.endpoint}> holds {error}, which cannot be carried into "
                "this query. Let its SERVICE group bind IRIs and literals only, for example by a "
                "SELECT inside it.",
            ) from None
        except TooMuch as error:
            # A limit of this server, which SILENT is not about.
            advice = _ADVICE if call.bound is None else ""
            raise Problem(
                422, f"The endpoint <{call.endpoint}> has too much: {error}.{advice}"
            ) from None
        except Broken as error:
            failure = error
        except TimeoutError:
            if waiting:
                detail = "Too many calls of other endpoints are under way."
                raise Problem(503, detail, {"Retry-After": _AGAIN}) from None
            failure = Broken("it did not answer in time", 504)
        except (httpx.HTTPError, OSError, UnicodeError):
            failure = Broken("it cannot be reached, or its answer broke off")
        if call.node.silent is not None:
            return None
        raise Problem(failure.status, f"The endpoint <{call.endpoint}> failed: {failure}.")

    async def _fetch(self, call: Call, budget: _Budget) -> bytes:
        _, host, port = split(call.endpoint)
        try:
            addresses = await self._network.addresses(host, port)
        except PermissionError:
            # Without the address: it would disclose the network of this server.
            raise Problem(
                403,
                f"The endpoint <{call.endpoint}> is not at a public address, nor in a network that "
                "this server's operator permits: it is not called.",
            ) from None
        for address in addresses[:-1]:
            try:
                return await self._ask(call, address, budget)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._ask(call, addresses[-1], budget)

    def _tls_context(self) -> ssl.SSLContext:
        # Loading the authorities takes 50 ms: once, and only for a call.
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    async def _ask(self, call: Call, address: Address, budget: _Budget) -> bytes:
        """https://www.w3.org/TR/sparql11-protocol/#query-via-post-urlencoded."""
        parts, host, port = split(call.endpoint)
        shown = f"[{address}]" if address.version == 6 else str(address)
        async with (
            # Without the environment: a proxy in it would resolve the name again.
            httpx.AsyncClient(verify=self._tls_context(), trust_env=False, timeout=None) as client,  # noqa: S113
            client.stream(
                "POST",
                parts._replace(netloc=f"{shown}:{port}").geturl(),
                data={"query": call.query},
                headers={
                    "Host": parts.netloc,
                    "Accept": _RESULTS[0],
                    "Accept-Encoding": "identity",
                    "User-Agent": f"kzgraph/{VERSION}",
                },
                # The certificate is checked against the name, not the address.
                extensions={"sni_hostname": host},
                follow_redirects=False,
            ) as response,
        ):
            _check_response(call, response)
            body = bytearray()
            async for chunk in response.aiter_raw():
                budget.take(len(chunk))
                body += chunk
            return bytes(body)


def _choose_error(errors: ExceptionGroup[Exception]) -> Exception:
    """The most severe of `errors`: refusals come last."""
    worse = [each for each in errors.exceptions if not isinstance(each, Problem)]
    return (worse or errors.exceptions)[0]


def _check_response(call: Call, response: httpx.Response) -> None:
    if 300 <= response.status_code < 400:
        raise Problem(
            403, f"The endpoint <{call.endpoint}> points to another address: it is not followed."
        )
    if response.status_code != 200:
        raise Broken(f"it answered with the status {response.status_code}")
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in _RESULTS:
        raise Broken("its answer is not SPARQL 1.1 Query Results JSON")
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Broken("its answer is compressed, which was not asked for")
