"""Which superseded graphs were published to another engine.

An engine takes a graph that it does not have for an empty one, so that of two vintages each cell of
one would be new: a query about such a graph is refused.
"""

from collections.abc import Iterable

import httpx

from kzgraph.iri import GRAPH
from kzgraph.problem import Problem
from kzgraph.rdf.formats import BY_NAME


class PublishedGraphs:
    """The superseded graphs that an engine was found to have."""

    def __init__(self, engine: str) -> None:
        """Know of none yet, at the address `engine`."""
        self._engine = engine
        self._known: set[str] = set()

    async def check(self, client: httpx.AsyncClient, graphs: Iterable[str]) -> None:
        """Check that the engine has graphs; one that it has is not asked for again.

        Args:
            client: that the engine is asked by.
            graphs: their IRIs.

        Raises:
            Problem: 501, where it does not have one.
            httpx.HTTPError: it does not answer.
        """
        missing = []
        for iri in graphs:
            if iri not in self._known:
                if await self._has(client, iri):
                    self._known.add(iri)
                else:
                    missing.append(iri.removeprefix(GRAPH))
        if missing:
            raise Problem(
                501,
                "The query is about superseded graphs that the engine behind this endpoint does "
                f"not have: {', '.join(missing)}. Their files are in /dumps/; the operator may "
                "send them by kzgraph publish --all-vintages.",
            )

    async def _has(self, client: httpx.AsyncClient, iri: str) -> bool:
        response = await client.post(
            self._engine,
            data={"query": f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"},
            headers={"Accept": BY_NAME["json"].media_type},
        )
        try:
            return response.status_code == 200 and response.json()["boolean"] is True
        except (ValueError, LookupError, TypeError):
            return False
