"""The formats that a client of `/sparql` accepts, for every form of query."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kzgraph.problem import Problem
from kzgraph.rdf.formats import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    HTML,
    HXL_FORMATS,
    N_QUADS,
    N_TRIPLES,
    RESULT_FORMATS,
    Format,
)
from kzgraph_server.negotiate import rank_formats

#: The formats in which a page takes the result, or the graph, that it shows.
_PAGE_OF_RESULT, PAGE_OF_GRAPH = "json", "nt"
#: The formats that carry every result, or every graph.
_CARRY_ALL = (*BOOLEAN_FORMATS, N_TRIPLES, N_QUADS)


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


def make_offers(accept: str | None, asked: str | None, hxl: bool = False) -> Offers:
    """The formats that a client accepts by its Accept field and its `format` parameter.

    With HXL hashtags, tables come in those formats alone that have room for them, and not as pages.

    Where no format is acceptable, the engine refuses: only there the form of the query is known,
    and an error in the query takes precedence over one in the request.
    """
    # What is kept is bounded in number and length, a few hundred kilobytes at most.
    short = max(len(accept or ""), len(asked or "")) <= 512
    return _make_known(accept, asked, hxl) if short else _make(accept, asked, hxl)


def _make(accept: str | None, asked: str | None, hxl: bool) -> Offers:
    tables = HXL_FORMATS if hxl else (*RESULT_FORMATS, HTML)
    results = _rank(accept, tables, asked, _PAGE_OF_RESULT)
    content_types = results | _rank(accept, (*GRAPH_FORMATS, HTML), asked, PAGE_OF_GRAPH)
    return Offers(
        tuple(content_types),
        content_types,
        page_of_result=next(iter(results.values()), None) == HTML.content_type,
        key=" ".join(f"{name}={type_}" for name, type_ in content_types.items()).encode(),
    )


_make_known = lru_cache(maxsize=128)(_make)


def _rank(
    accept: str | None, family: tuple[Format, ...], asked: str | None, shown: str
) -> dict[str, str]:
    """The media types under which formats of a family are sent, best first, by their names.

    Not every format carries every answer: the next ones are named up to one that does. No more,
    so that clients that get the same answer share what is kept of it.

    Args:
        accept: the Accept field.
        family: the formats.
        asked: the `format` parameter.
        shown: the name of the format in which a page takes what it shows.
    """
    try:
        ranked = rank_formats(accept, family, asked)
    except Problem:
        return {}
    content_types: dict[str, str] = {}
    for each in ranked:
        if each.format is HTML:
            content_types.setdefault(shown, each.content_type)
            break
        content_types.setdefault(each.format.name, each.content_type)
        if each.format in _CARRY_ALL:
            break
    return content_types
