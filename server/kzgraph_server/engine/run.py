"""One evaluation of a job: its state, and the buffered part of its answer."""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from typing import Protocol

from kzgraph.problem import Problem
from kzgraph.sparql.job import Header, Job
from kzgraph_server.engine.answer import EngineFailure

#: The most bytes of an answer that are buffered. An answer that ends within them is returned
#: whole.
KEPT = 1024 * 1024
#: Buffered bytes below which reading from the worker is resumed.
_LOW = 256 * 1024

#: How often a job is retried: where all workers are killed at once it may hit several.
_REPEATS = 5


class Source(Protocol):
    """The source of an answer, with back-pressure."""

    def pause(self) -> None:
        """Send no more for now."""

    def resume(self) -> None:
        """Send again."""


class Run:
    """A job on its way through the pool.

    Attributes:
        settled: done once the answer is complete, or exceeds the buffer, or has failed.
        problem: why there is no answer, or only a part of one.
        header: how the answer looks, once that is known.
        started: when the evaluation started (time of the loop), once it has.
        abandoned: whether its client has left.
    """

    def __init__(self, job: Job, client: str, timeout: float) -> None:
        self.job = job
        self.client = client
        self.timeout = timeout
        self.key: Hashable = hash((job.query, job.default_graphs, job.named_graphs))
        self.settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.problem: Problem | None = None
        self.header: Header | None = None
        self.source: Source | None = None
        self.started = 0.0
        self.abandoned = False
        self._repeats = 0
        self.ended = False
        self.timer: asyncio.TimerHandle | None = None
        self._chunks: deque[bytes] = deque()
        self._kept = 0
        self._paused = False
        self._reader: asyncio.Future[None] | None = None

    # What the pool does.

    def cancel_timer(self) -> None:
        """Cancel the timer."""
        if self.timer is not None:
            self.timer.cancel()

    def may_repeat(self) -> bool:
        """Whether it may be retried after its worker was killed, since no part of it was sent."""
        self._repeats += 1
        fresh = self.header is None and self.problem is None and not self.abandoned
        return fresh and self._repeats <= _REPEATS

    # What the worker does.

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the answer."""
        if self.abandoned:
            return
        self._chunks.append(data)
        self._kept += len(data)
        if self._kept >= KEPT:
            self._settle()
            if self.source is not None and not self._paused:
                self._paused = True
                self.source.pause()
        self._wake()

    def end(self) -> None:
        """Mark the answer as complete."""
        self.ended = True
        self.source = None
        self._settle()
        self._wake()

    def fail(self, problem: Problem) -> None:
        """End the answer with `problem`."""
        self.problem = problem
        self.source = None
        self._chunks.clear()
        self._settle()
        self._wake()

    # What the reader does.

    def abandon(self) -> None:
        """Drop the answer, whose client has left, and what still comes of it."""
        self.abandoned = True
        self._chunks.clear()
        self._kept = 0
        if self._paused and self.source is not None:
            self._paused = False
            self.source.resume()

    def join_chunks(self) -> bytes:
        """The body of an answer that has ended."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    async def next(self) -> bytes | None:
        """The next bytes, or None at the end.

        Raises:
            EngineFailure: the answer broke off.
        """
        while True:
            if self.problem is not None:
                raise EngineFailure(self.problem)
            if self._chunks:
                return self._take()
            if self.ended:
                return None
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None

    def _take(self) -> bytes:
        data = self._chunks.popleft()
        self._kept -= len(data)
        if self._paused and self._kept < _LOW and self.source is not None:
            self._paused = False
            self.source.resume()
        return data

    def _settle(self) -> None:
        if not self.settled.done():
            self.settled.set_result(None)

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


class RunChunks:
    """The bytes of a run's answer, streamed."""

    def __init__(self, run: Run, give_up: Callable[[Run], None]) -> None:
        self._run = run
        self._give_up = give_up

    def __aiter__(self) -> "RunChunks":
        return self

    async def __anext__(self) -> bytes:
        try:
            data = await self._run.next()
        except asyncio.CancelledError:
            self._give_up(self._run)
            raise
        if data is None:
            raise StopAsyncIteration
        return data

    async def aclose(self) -> None:
        """Discard the rest, and stop the evaluation."""
        self._give_up(self._run)
