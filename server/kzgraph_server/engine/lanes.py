"""Fair queues of waiting queries, and records of how long queries were."""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item", bound=Hashable)


class FairQueue(Generic[Item]):
    """Waiting items of several clients: each client's in order, the clients round-robin."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, deque[Item]] = OrderedDict()
        self._turns: Counter[str] = Counter()  # of those that wait
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def count(self, client: str) -> int:
        """How many items of `client` wait."""
        return len(self._clients.get(client, ()))

    def add(self, client: str, item: Item) -> None:
        """Append `item` to those of `client`."""
        self._clients.setdefault(client, deque()).append(item)
        self._size += 1

    def take(
        self,
        share: Callable[[str], int] = lambda _: 0,
        length: Callable[[str], float] = lambda _: 1.0,
        allowed: Callable[[str], bool] = lambda _: True,
    ) -> Item | None:
        """Take the next item, by client.

        Args:
            share: what a client has already; the least comes first.
            length: how long an item of a client takes, above 0. Among equals the least comes
                first, times the turns that the client has had while it waited; then the client
                that has waited longest. So many new clients with a long item each do not delay
                one whose items are short.
            allowed: whether a client is eligible.
        """

        def rank(client: str) -> tuple[int, float]:
            return share(client), length(client) * (1 + self._turns[client])

        client = min(filter(allowed, self._clients), key=rank, default=None)
        if client is None:
            return None
        self._turns[client] += 1
        items = self._clients[client]
        item = items.popleft()
        self._size -= 1
        if items:
            self._clients.move_to_end(client)
        else:
            self._forget(client)
        return item

    def discard(self, client: str, item: Item) -> bool:
        """Remove `item`, wherever it is queued; returns whether it was."""
        items = self._clients.get(client)
        if items is None or item not in items:
            return False
        items.remove(item)
        self._size -= 1
        if not items:
            self._forget(client)
        return True

    def _forget(self, client: str) -> None:
        del self._clients[client], self._turns[client]


class Lanes(Generic[Item]):
    """Two queues: of items presumed small, and of items known to be long.

    Attributes:
        light: the small ones.
        heavy: the long ones.
    """

    def __init__(self) -> None:
        self.light: FairQueue[Item] = FairQueue()
        self.heavy: FairQueue[Item] = FairQueue()

    def __len__(self) -> int:
        return len(self.light) + len(self.heavy)

    def count(self, client: str) -> int:
        """How many items of `client` wait."""
        return self.light.count(client) + self.heavy.count(client)

    def take(self) -> Item | None:
        """Take any item."""
        item = self.light.take()
        return self.heavy.take() if item is None else item

    def discard(self, client: str, item: Item) -> bool:
        """Remove `item`, wherever it is queued; returns whether it was."""
        return self.light.discard(client, item) or self.heavy.discard(client, item)


class Started(Protocol):
    """A running item of a client; `started` is when it began."""

    client: str
    started: float


def newest_of_busiest(running: Mapping[Item, Started], client: str | None = None) -> Item:
    """The latest started item of `client`, or else of the client with most, in `running`."""
    busiest = client or Counter(each.client for each in running.values()).most_common(1)[0][0]
    return max(
        (item for item, each in running.items() if each.client == busiest),
        key=lambda item: running[item].started,
    )


class Lengths:
    """How many seconds the queries of a client take, the last ones most.

    Args:
        fresh: what is expected of a client that has had none.
        most: the clients that are remembered, least recently seen evicted.
    """

    def __init__(self, fresh: float = 0.05, most: int = 4096) -> None:
        self._fresh = fresh
        self._most = most
        self._clients: OrderedDict[str, float] = OrderedDict()

    def add(self, client: str, seconds: float) -> None:
        """Take account of a query."""
        self._clients[client] = (self.of(client) + seconds) / 2
        self._clients.move_to_end(client)
        if len(self._clients) > self._most:
            self._clients.popitem(last=False)

    def of(self, client: str) -> float:
        """What is to be expected of the next query of `client`."""
        return self._clients.get(client, self._fresh)


class LongQueries:
    """The queries that were long the last time, at most `most`, least recently seen evicted."""

    def __init__(self, most: int = 4096) -> None:
        self._most = most
        self._keys: OrderedDict[Hashable, None] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._keys

    def add(self, key: Hashable) -> None:
        """Remember `key`."""
        self._keys[key] = None
        self._keys.move_to_end(key)
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)

    def discard(self, key: Hashable) -> None:
        """Forget `key`."""
        self._keys.pop(key, None)
