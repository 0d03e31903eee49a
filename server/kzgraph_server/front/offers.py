"""The formats that a client of `/sparql` accepts, for every form of query."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kzgraph.problem import Problem
from kzgraph.rdf.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format
from kzgraph_server.negotiate import Choice, negotiate_accept

#: The formats in which a page takes the result, or the graph, that it shows.
_PAGE_OF_RESULT, PAGE_OF_GRAPH = "json", "nt"


@dataclass(frozen=True)
class Offers:
    """The formats to answer in.

    The engine is asked for a result or a graph without knowing which of them the query gives, and
    the format of its answer tells.

    Attributes:
        names: the names of the formats that the engine is asked for.
        content_types: under which media type each of them is sent.
        page_of_result: whether a result is shown as a page, for a browser.
        key: identifies these offers.
    """

    names: tuple[str, ...]
    content_types: Mapping[str, str]
    page_of_result: bool
    key: bytes

    def is_page(self, name: str) -> bool:
        """Whether an answer in the format called `name` is to be shown as a page."""
        return self.content_types[name] == HTML.content_type


def make_offers(accept: str | None, asked: str | None) -> Offers:
    """The formats that a client accepts by its Accept field and its `format` parameter.

    Where no format is acceptable, the engine refuses: only there the form of the query is known,
    and an error in the query takes precedence over one in the request.
    """
    # What is kept is bounded in number and length, a few hundred kilobytes at most.
    short = max(len(accept or ""), len(asked or "")) <= 512
    return _make_known(accept, asked) if short else _make(accept, asked)


def _make(accept: str | None, asked: str | None) -> Offers:
    result = _choose(accept, RESULT_FORMATS, asked)
    graph = _choose(accept, GRAPH_FORMATS, asked)
    content_types = {}
    for choice, shown in ((result, _PAGE_OF_RESULT), (graph, PAGE_OF_GRAPH)):
        if choice is not None:
            name = shown if choice.format is HTML else choice.format.name
            content_types[name] = choice.content_type
    return Offers(
        tuple(content_types),
        content_types,
        page_of_result=result is not None and result.format is HTML,
        key=" ".join(f"{name}={type_}" for name, type_ in content_types.items()).encode(),
    )


_make_known = lru_cache(maxsize=128)(_make)


def _choose(accept: str | None, family: tuple[Format, ...], asked: str | None) -> Choice | None:
    try:
        return negotiate_accept(accept, (*family, HTML), asked)
    except Problem:
        return None
