"""Fair queues of waiting queries, and records of how long queries were."""

import math
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item", bound=Hashable)


class FairQueue(Generic[Item]):
    """Waiting items of several clients: each client's in order, the clients round-robin."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, deque[Item]] = OrderedDict()
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
        allowed: Callable[[str], bool] = lambda _: True,
    ) -> Item | None:
        """Take the next item, by client.

        Args:
            share: what a client has already; the least comes first, among equals the client
                that has waited longest.
            allowed: whether a client is eligible.
        """
        client = min(filter(allowed, self._clients), key=share, default=None)
        if client is None:
            return None
        items = self._clients[client]
        item = items.popleft()
        self._size -= 1
        if items:
            self._clients.move_to_end(client)
        else:
            del self._clients[client]
        return item

    def discard(self, client: str, item: Item) -> bool:
        """Remove `item`, wherever it is queued; returns whether it was."""
        items = self._clients.get(client)
        if items is None or item not in items:
            return False
        items.remove(item)
        self._size -= 1
        if not items:
            del self._clients[client]
        return True


class Turns(Generic[Item]):
    """Two fair queues in turn: of clients whose items were short of late, and of all others.

    Many new clients with a long item each would otherwise all come before a client that has had
    short ones all the time. Neither kind of client waits for more than one item of the other.

    Args:
        short: seconds up to which items are short, on average, the last ones counting most.
        most: the clients of which that is remembered, least recently seen evicted.
    """

    def __init__(self, short: float, most: int = 4096) -> None:
        self._short = short
        self._most = most
        self._lengths: OrderedDict[str, float] = OrderedDict()
        self._quick: FairQueue[Item] = FairQueue()
        self._others: FairQueue[Item] = FairQueue()
        self._last = self._others

    def __len__(self) -> int:
        return len(self._quick) + len(self._others)

    def count(self, client: str) -> int:
        """How many items of `client` wait."""
        return self._quick.count(client) + self._others.count(client)

    def add(self, client: str, item: Item) -> None:
        """Append `item` to those of `client`."""
        quick = self._lengths.get(client, math.inf) <= self._short
        (self._quick if quick else self._others).add(client, item)

    def take(
        self,
        share: Callable[[str], int] = lambda _: 0,
        allowed: Callable[[str], bool] = lambda _: True,
    ) -> Item | None:
        """Take the next item; see `FairQueue.take`."""
        for queue in sorted((self._quick, self._others), key=lambda each: each is self._last):
            item = queue.take(share, allowed)
            if item is not None:
                self._last = queue
                return item
        return None

    def discard(self, client: str, item: Item) -> bool:
        """Remove `item`, wherever it is queued; returns whether it was."""
        return self._quick.discard(client, item) or self._others.discard(client, item)

    def learn(self, client: str, seconds: float) -> None:
        """Take account of how long an item of `client` took."""
        before = self._lengths.get(client, seconds)
        self._lengths[client] = (before + seconds) / 2
        self._lengths.move_to_end(client)
        if len(self._lengths) > self._most:
            self._lengths.popitem(last=False)


class Lanes(Generic[Item]):
    """Two queues: of items presumed small, and of items known to be long.

    Args:
        short: see `Turns`.

    Attributes:
        light: the small ones.
        heavy: the long ones.
    """

    def __init__(self, short: float) -> None:
        self.light: Turns[Item] = Turns(short)
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
