"""The engine that answers from a release on this machine."""

import asyncio
from pathlib import Path

from kzgraph.sparql.job import Job
from kzgraph_server.engine.answer import Answer, EngineState
from kzgraph_server.engine.pool import Pool
from kzgraph_server.engine.run import RunChunks
from kzgraph_server.settings import Settings


class LocalEngine:
    """Answers jobs from one release; a new release gets a new engine.

    All methods must be called in the thread of the event loop in which `start` ran. The worker
    processes end with that thread.
    """

    _pool: Pool  # from `start` on

    def __init__(self, store: Path, settings: Settings | None = None) -> None:
        """Prepare to answer from the store in the folder `store`; nothing is started."""
        self._store = store
        self._settings = settings or Settings()

    @property
    def explains(self) -> bool:
        """Whether it says why a query has no solutions."""
        return True

    async def start(self) -> None:
        """Start the workers; returns when they are ready, or when one failed to start.

        Then `state` says why, and starting is tried again.
        """
        self._pool = Pool(self._store, self._settings)
        await self._pool.start()

    async def stop(self, grace: float) -> None:
        """Take no more jobs, give those that run `grace` seconds to end, and end the rest.

        When it returns, every process has exited.
        """
        await self._pool.stop(grace)

    async def ask(self, job: Job, client: str) -> Answer:
        """The answer to `job`, whole where it is complete within 1 MiB, else streamed.

        Cancelling it cancels the job. A streamed answer is to be read to its end or closed; the
        time limit includes reading.

        Raises:
            Problem: 400 with line and column, 404, 406, 422 for a limit of the worker, 503 with
                Retry-After where the engine is busy, 504 for the time limit.
        """
        run = self._pool.submit(job, client)
        try:
            await run.settled
        except asyncio.CancelledError:
            self._pool.abandon(run)
            raise
        if run.problem is not None:
            raise run.problem
        header = run.header
        assert header is not None  # noqa: S101 - a worker sends it before anything else
        return Answer(
            content_type=header.content_type,
            format=header.format,
            chunks=RunChunks(run, self._pool.abandon),
            headers=header.headers,
            volatile=header.volatile,
            answered_by=header.answered_by,
            complete=run.join_chunks() if run.ended else None,
        )

    def state(self) -> EngineState:
        """The state of the workers."""
        return self._pool.state()
