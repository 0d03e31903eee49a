"""What is made of a release beside its other files, by one thread: its store, columns and tables.

They need as long as all else that a large release is made with, and leave the interpreter free.
Graphs of sources are loaded as soon as they are files. One after the other, for each of them takes
hundreds of megabytes.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Quad, RdfFormat, Store

from kzgraph.release.integrity import STORE

#: Lines that are loaded together, some 350 MB of memory: the store rewrites what it has for every
#: other piece that comes. A hash table of the loader doubles beyond 458,752 of them.
_MOST = 450_000
#: Pieces up to which the store is left as it has merged them itself, every other one as it came: it
#: would write all of them once more, a quarter of the time that loading them took.
_MANY = 8
#: Bytes that are read together.
_READ = 4 << 20
#: Seconds after which the interpreter goes to a thread that waits for it: these need it seldom, and
#: for moments.
_TURN = 0.0005

_Made = TypeVar("_Made")


class Filling:
    """A store that is being filled.

    Attributes:
        path: its folder.
    """

    def __init__(self, folder: Path, thread: ThreadPoolExecutor) -> None:
        """Begin a new store in `folder`, which `thread` fills."""
        self.path = folder / STORE
        self._thread = thread
        self._stores = [Store(str(self.path))]
        self._known: set[Path] = set()
        self._loading: list[Future[None]] = []
        self._rest = folder / ".piece.nq"
        self._lines = self._pieces = 0
        self._finished = False

    def load(self, path: Path) -> None:
        """Load a file of canonical N-Quads, unless that was done or is under way."""
        if path not in self._known:
            self._known.add(path)
            self._loading.append(self._thread.submit(self._load, path))

    def _load(self, path: Path) -> None:
        # In pieces: one load of all of them would hold a million at a time. What is left of a file
        # goes with the next one.
        with path.open("rb") as stream:
            while data := stream.read(_READ):
                data += stream.readline()
                lines = data.count(b"\n")
                if self._lines + lines > _MOST:
                    self._load_rest()
                with self._rest.open("ab") as rest:
                    rest.write(data)
                self._lines += lines

    def _load_rest(self) -> None:
        if self._lines:
            self._lines = 0
            # From a file: in memory they would take as much as the store makes of them. They were
            # checked when they were sorted.
            self._stores[0].bulk_load(path=self._rest, format=RdfFormat.N_QUADS, lenient=True)
            self._rest.unlink()
            self._pieces += 1

    @contextmanager
    def beside(self, make: Callable[[], _Made]) -> Iterator[Future[_Made]]:
        """Let `make` be called once all is loaded; in the end that is over, whatever happened."""
        self._loading.append(self._thread.submit(self._load_rest))
        made = self._thread.submit(make)
        try:
            yield made
        finally:
            made.cancel()
            wait([made])

    def finish(self, quads: Iterable[Quad], paths: Iterable[Path]) -> Store:
        """The store with `quads` and with the files `paths`, filled once.

        Raises:
            OSError: the disk fails.
        """
        [store] = self._stores
        if not self._finished:
            for path in paths:
                self.load(path)
            for each in self._loading:
                each.result()
            self._load_rest()
            store.bulk_extend(quads)
            store.flush()
            # Each piece is files of its own until they are merged: a look-up would try them all,
            # and a store of 12.5 million quads would take twice the room.
            if self._pieces > _MANY:
                store.optimize()
            self._finished = True
        return store

    def close(self) -> None:
        """Close the store, once nobody else has it."""
        self._stores.clear()


@contextmanager
def filling(folder: Path) -> Iterator[Filling]:
    """A store to be filled in `folder`, closed in the end."""
    with _short_turns(), ThreadPoolExecutor(1, "store") as thread:
        made = Filling(folder, thread)
        try:
            yield made
        finally:
            thread.shutdown(cancel_futures=True)
            made.close()


@contextmanager
def _short_turns() -> Iterator[None]:
    """Let threads that wait for the interpreter have it sooner."""
    turn = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
