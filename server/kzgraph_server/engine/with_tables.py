"""Another engine for queries, and the release's own for the tables of the release.

Their queries are long, and made for the store of a release: of eleven tables with 2.8 million
triples, Virtuoso 7 refused one and took more than 30 s for two, and no engine but ours writes all
formats of tables. docs/scaling.md.
"""

import asyncio

from kzgraph.sparql.job import Job
from kzgraph_server.engine.answer import Answer, Engine, EngineState


class EngineWithTables:
    """Passes queries on to one engine, and answers the tables of the release from another."""

    def __init__(self, remote: Engine, own: Engine) -> None:
        """Answer from `remote`, and for tables from `own`."""
        self._remote = remote
        self._own = own

    @property
    def explains(self) -> bool:
        """Whether it says why a query has no solutions."""
        return self._remote.explains

    async def start(self) -> None:
        """Start what queries are passed on by; the first table starts the other."""
        await self._remote.start()

    async def stop(self, grace: float) -> None:
        """Stop both."""
        await asyncio.gather(self._remote.stop(grace), self._own.stop(grace))

    def state(self) -> EngineState:
        """The state of what answers queries."""
        return self._remote.state()

    async def ask(self, job: Job, client: str) -> Answer:
        """The answer to `job`.

        Raises:
            Problem: see the engines.
        """
        return await (self._own if job.own else self._remote).ask(job, client)
