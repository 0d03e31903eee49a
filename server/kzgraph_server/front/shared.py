"""What handlers are given alongside the request: what the server has one of."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from kzgraph.tidy.code_lists import CodeLists
from kzgraph_server.front.cache import Cache, Stored
from kzgraph_server.front.exchange import Exchange, Receive, Scope, Send
from kzgraph_server.front.intake import Bodies, Calls
from kzgraph_server.front.metrics import Metrics
from kzgraph_server.front.turns import PageThreads
from kzgraph_server.settings import Settings

App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shared:
    """What all requests share, whatever release they are about.

    Attributes:
        settings: the limits.
        cache: the answers that are kept.
        metrics: what is counted.
        bodies: the memory for bodies of requests.
        threads: where pages are made.
        calls: the calls of tools that are answered at a time.
        front: the application itself, which tools ask.
        codes: those that filters of tables take, by the version of their release, which its content
            follows from.
    """

    settings: Settings
    cache: Cache
    metrics: Metrics
    bodies: Bodies
    threads: PageThreads
    calls: Calls
    front: App
    codes: OrderedDict[str, CodeLists] = field(default_factory=OrderedDict)

    async def answer_kept(self, exchange: Exchange, key: bytes) -> bool:
        """Answer with what is kept under `key`, if anything is."""
        stored = self.cache.get(key)
        if stored is None:
            return False
        self.metrics.cached("hit")
        exchange.outcome = "cached"
        exchange.kind, exchange.query = stored.kind, stored.query
        codings = len(stored.codings)
        await exchange.send_stored(stored)
        if len(stored.codings) != codings:
            self.cache.measure(key, stored)
        return True

    async def answer_and_keep(self, exchange: Exchange, key: bytes, stored: Stored) -> None:
        """Answer, and keep the answer under `key`, if there is one, and under the request line."""
        await exchange.send_stored(stored)
        if key:
            self.cache.put(key, stored)
            self.cache.alias(exchange.line, key)
