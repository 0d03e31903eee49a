"""Filling the store of a release while its other files are made.

The store needs as long as all else that a large release is written with, and leaves the interpreter
free: graphs of sources are loaded by a thread as soon as they are files.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store

from kzgraph.release.integrity import STORE

#: Lines that are loaded together, some 150 MB of memory.
_PIECE = 200_000


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
        self._loading: dict[Path, Future[None]] = {}

    def load(self, path: Path) -> None:
        """Load a file of canonical N-Quads, unless that was done or is under way."""
        if path not in self._loading:
            self._loading[path] = self._thread.submit(self._load, path)

    def _load(self, path: Path) -> None:
        # In pieces: one load of all of them would hold a million at a time.
        with path.open("rb") as lines:
            while piece := b"".join(islice(lines, _PIECE)):
                # They were checked when they were sorted.
                self._stores[0].bulk_load(piece, RdfFormat.N_QUADS, lenient=True)

    def finish(self, quads: Iterable[Quad], paths: Iterable[Path]) -> Store:
        """The store with `quads` and with the files `paths`; without references it is closed.

        Raises:
            OSError: the disk fails.
        """
        for path in paths:
            self.load(path)
        for each in self._loading.values():
            each.result()
        store = self._stores.pop()
        store.bulk_extend(quads)
        store.flush()
        return store

    def drop(self) -> None:
        """Close the store, if it was not finished."""
        self._stores.clear()


@contextmanager
def filling(folder: Path) -> Iterator[Filling]:
    """A store to be filled in `folder`, closed in the end."""
    with ThreadPoolExecutor(1, "store") as thread:
        made = Filling(folder, thread)
        try:
            yield made
        finally:
            thread.shutdown(cancel_futures=True)
            made.drop()
