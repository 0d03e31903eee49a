"""Which state is a party to which treaty, by whom: documents and the lists of depositaries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import is_source_graph, term
from kzgraph.namespaces import DCT, TYPE
from kzgraph_server.pages.browse.members import Pattern, find_nodes
from kzgraph_server.pages.kinds.look import Look
from kzgraph_server.pages.language import format_date
from kzgraph_server.pages.views import View

_CLASSES = (term("Participation"), term("OfficialParticipation"))
#: What is told of one state or treaty that is read: a treaty has some two hundred parties.
_MOST = 500


@dataclass(frozen=True)
class Standing:
    """What is told of a state and a treaty.

    Attributes:
        state: the state.
        instrument: the treaty.
        fact: the page of the statement or entry.
        kind: how the state takes part, or that it is not listed.
        date: of the act, where it is given.
        source: the document, or the list of the depositary.
        is_official: whether a depositary's list says it.
        agreement: what the other says, of a document's statement: why they agree or differ.
    """

    state: View
    instrument: View
    fact: View
    kind: View | None
    date: str
    source: View | None
    is_official: bool
    agreement: list[View]


def list_standings(look: Look, name: NamedNode) -> list[Standing]:
    """What is told of a treaty or a state, by state and treaty, documents first.

    Args:
        look: the treaty or state.
        name: the property by which statements lead to it: `kzg:instrument` or `kzg:scope`.
    """
    found = []
    for of in _CLASSES:
        # Of a state there are thousands of figures, of the class few statements.
        nodes, _whole = find_nodes(look.store, [Pattern(TYPE, of), Pattern(name, look.node)])
        found += [_show(look, each) for each in nodes[:_MOST]]
    return sorted(
        found, key=lambda each: (each.instrument.text, each.state.text, each.is_official, each.date)
    )


def _show(look: Look, node: NamedNode) -> Standing:
    quads = list(look.store.quads_for_pattern(node, None, None, None))
    said: dict[NamedNode, list[NamedNode | Literal]] = {}
    for quad in quads:
        if isinstance(quad.object, NamedNode | Literal):
            said.setdefault(quad.predicate, []).append(quad.object)
    is_official = _CLASSES[1] in said.get(TYPE, ())
    state = _first(look, said, ("participant", "scope"))
    dates = [each.value for each in said.get(term("date"), ()) if isinstance(each, Literal)]
    source = _first(look, said, ("statedIn",))
    if source is None:
        source = next(_name_lists(look, (quad.graph_name for quad in quads)), None)
    agreement = [
        look.viewer.named(why)
        for each in said.get(term("concordance"), ())
        if isinstance(each, NamedNode)
        for why in _read(look, each, term("explanation"))
        if isinstance(why, NamedNode)
    ]
    return Standing(
        state or View(""),
        _first(look, said, ("instrument",)) or View(""),
        look.viewer.named(node),
        _first(look, said, ("kind",)),
        _write_day(dates[0]) if dates else "",
        source,
        is_official,
        agreement,
    )


def _name_lists(look: Look, graphs: Iterable[object]) -> Iterator[View]:
    """The titles of the depositaries' lists among some graphs."""
    for each in dict.fromkeys(graphs):
        if isinstance(each, NamedNode) and is_source_graph(each):
            for title in _read(look, each, DCT["title"]):
                yield View(
                    getattr(title, "value", ""), each.value, look.viewer.plain(each).href, "en"
                )


def _first(
    look: Look, said: dict[NamedNode, list[NamedNode | Literal]], names: tuple[str, ...]
) -> View | None:
    found = (each for name in names for each in said.get(term(name), ()))
    return next((look.viewer.named(each) for each in found if isinstance(each, NamedNode)), None)


def _read(look: Look, node: NamedNode, name: NamedNode) -> list[object]:
    return [quad.object for quad in look.store.quads_for_pattern(node, name, None, None)]


def _write_day(text: str) -> str:
    try:
        return format_date(text)
    except ValueError:
        return text
