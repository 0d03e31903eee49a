"""What a client of `/sparql` takes, for whichever form its query turns out to have."""

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from kzgraph_server.formats import (
    GRAPH_FORMATS,
    HTML,
    RESULT_FORMATS,
    Choice,
    negotiate_accept,
)
from kzgraph_server.problems import Problem


@dataclass(frozen=True)
class Offers:
    """The formats to answer in.

    Attributes:
        names: the format of a result and the format of a graph, as far as the client takes one.
        content_types: the media type to send each under.
        page: whether the client is a browser, which gets the page.
    """

    names: tuple[str, ...]
    content_types: tuple[str, ...]
    page: bool

    def content_type(self, name: str) -> str:
        """The media type for the format called `name`."""
        return self.content_types[self.names.index(name)]


@lru_cache(maxsize=1024)
def offers(accept: str | None, asked: str | None) -> Offers:
    """What a client takes by its Accept field and its `format` parameter.

    Where it takes nothing there is, the engine says so: only there it is known what the query is,
    and a fault in the query is worth more than one in the request.
    """
    chosen: list[Choice] = []
    for family in (RESULT_FORMATS, GRAPH_FORMATS):
        with suppress(Problem):
            chosen.append(negotiate_accept(accept, (*family, HTML), asked))
    return Offers(
        tuple(choice.format.name for choice in chosen),
        tuple(choice.content_type for choice in chosen),
        any(choice.format is HTML for choice in chosen),
    )
