"""Where to publish: the address that takes graphs or updates, and the one that answers queries.

https://www.w3.org/TR/sparql11-http-rdf-update/ and https://www.w3.org/TR/sparql11-protocol/
"""

from dataclasses import dataclass
from typing import Literal

import httpx

Method = Literal["gsp", "update"]

# Engines name their services differently. The end of the path determines what it takes and where
# the same data set answers queries; the first match counts.
_SERVICES: tuple[tuple[str, Method, str], ...] = (
    ("/sparql-graph-crud-auth", "gsp", "/sparql"),  # Virtuoso
    ("/sparql-graph-crud", "gsp", "/sparql"),
    ("/sparql-auth", "update", "/sparql"),
    ("/rdf-graphs/service", "gsp", ""),  # RDF4J and GraphDB
    ("/statements", "update", ""),
    ("/store", "gsp", "/query"),  # Oxigraph
    ("/data", "gsp", "/query"),  # Fuseki
    ("/update", "update", "/query"),  # Oxigraph and Fuseki
)


@dataclass(frozen=True)
class Target:
    """Addresses of a store.

    Attributes:
        url: what takes graphs or updates.
        query: what answers queries.
        method: which of the two `url` takes; None if unknown from its path.
    """

    url: str
    query: str
    method: Method | None

    @classmethod
    def at(cls, url: str, method: str = "auto", query: str | None = None) -> "Target":
        """The target at `url`.

        Args:
            url: its address.
            method: `gsp`, `update`, or `auto` to guess from the path.
            query: where it answers queries, if unknown from the path.

        >>> Target.at("http://host/ds/data").query
        'http://host/ds/query'
        >>> Target.at("http://host/sparql").method is None
        True
        """
        parsed = httpx.URL(url)
        path = parsed.path.rstrip("/")
        found: Method | None = None
        guessed = url
        for ending, service, instead in _SERVICES:
            if path.endswith(ending):
                found = service
                guessed = str(parsed.copy_with(path=path.removesuffix(ending) + instead or "/"))
                break
        if method == "gsp":
            found = "gsp"
        elif method == "update":
            found = "update"
        return cls(url, query or guessed, found)
