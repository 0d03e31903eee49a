"""What a client of `/sparql` takes, for whichever form its query turns out to have."""

from dataclasses import dataclass
from functools import lru_cache

from kzgraph.problem import Problem
from kzgraph.rdf.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format
from kzgraph.sparql.analysis import read_form
from kzgraph_server.negotiate import Choice, negotiate_accept


@dataclass(frozen=True)
class Offers:
    """The formats to answer in.

    Attributes:
        result: the format of a result; None where the client takes none.
        graph: the format of a graph, likewise.
    """

    result: Choice | None
    graph: Choice | None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the formats."""
        return tuple(choice.format.name for choice in (self.result, self.graph) if choice)

    def content_type(self, name: str) -> str:
        """The media type under which to send the format called `name`."""
        chosen = (self.result, self.graph)
        return next(each.content_type for each in chosen if each and each.format.name == name)

    def page(self, query: str) -> bool:
        """Whether `query` is asked by a browser, which gets the page."""
        result, graph = (choice is not None and choice.format is HTML for choice in self._both)
        if result == graph:
            return result
        # The two families of formats rank HTML differently, so it depends on the query.
        return graph if read_form(query) in ("CONSTRUCT", "DESCRIBE") else result

    @property
    def _both(self) -> tuple[Choice | None, Choice | None]:
        return self.result, self.graph


@lru_cache(maxsize=1024)
def offers(accept: str | None, asked: str | None) -> Offers:
    """What a client takes by its Accept field and its `format` parameter.

    Where it takes nothing there is, the engine says so: only there it is known what the query is,
    and a fault in the query is worth more than one in the request.
    """

    def choose(family: tuple[Format, ...]) -> Choice | None:
        try:
            return negotiate_accept(accept, (*family, HTML), asked)
        except Problem:
            return None

    return Offers(choose(RESULT_FORMATS), choose(GRAPH_FORMATS))
