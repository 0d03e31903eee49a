"""What the page of a thing is made from: the thing, what is said of it, and who can name it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from flask import url_for
from pyoxigraph import Literal, NamedNode, Quad, Store

from kzgraph.namespaces import TYPE, Term
from kzgraph_server.pages.figure_values import Value, ValueReader
from kzgraph_server.pages.views import View, Viewer, sorted_views
from kzgraph_server.served import Served, compute_once

#: Statements about a thing up to which all are read at once; of more, so many of each property.
_MOST_READ, _MOST_OF_EACH = 2_000, 200


class Look:
    """A thing whose page is being made; of several on one page all share their `values`.

    Attributes:
        store: the release.
        node: the thing.
        viewer: names things in the language of the page.
        values: reads figures in short.
    """

    def __init__(self, store: Store, node: NamedNode, values: ValueReader | None = None) -> None:
        """Look at `node` of `store`, with what `values` has read already."""
        self.store = store
        self.node = node
        self.values = values or ValueReader(store, Viewer(store))
        self.viewer = self.values.viewer

    @cached_property
    def quads(self) -> list[Quad]:
        """What is said of the thing; of much, a part of each property."""
        found = list(islice(self._about(None), _MOST_READ + 1))
        if len(found) <= _MOST_READ:
            return found
        return [
            quad
            for name in list_properties()
            for quad in islice(self._about(name), _MOST_OF_EACH + 1)
        ]

    @property
    def is_cut(self) -> bool:
        """Whether `quads` may have only a part of what is said."""
        return len(self.quads) > _MOST_OF_EACH and any(
            len(each) > _MOST_OF_EACH for each in self.said.values()
        )

    @cached_property
    def said(self) -> dict[NamedNode, list[Term]]:
        """What `quads` says by each property, each once."""
        found: dict[NamedNode, dict[Term, None]] = {}
        for quad in self.quads:
            found.setdefault(quad.predicate, {})[quad.object] = None
        return {name: list(objects) for name, objects in found.items()}

    @property
    def classes(self) -> frozenset[Term]:
        """The classes of the thing."""
        return frozenset(self.said.get(TYPE, ()))

    def first(self, name: NamedNode) -> Term | None:
        """What is said by a property; the first of several in the order of terms."""
        return min(self.said.get(name, ()), key=str, default=None)

    def nodes(self, name: NamedNode) -> list[NamedNode]:
        """The things that a property leads to, in the order of their IRIs."""
        found = (each for each in self.said.get(name, ()) if isinstance(each, NamedNode))
        return sorted(found, key=lambda each: each.value)

    def text(self, name: NamedNode) -> str:
        """The literal that a property leads to; empty where there is none."""
        found = self.first(name)
        return found.value if isinstance(found, Literal) else ""

    def view(self, name: NamedNode) -> View | None:
        """What a property leads to, as pages show it; None where it says nothing."""
        found = self.first(name)
        return None if found is None else self.viewer.any(found)

    def views(self, name: NamedNode) -> list[View]:
        """All that a property leads to, as pages show it."""
        return sorted_views(map(self.viewer.any, self.said.get(name, ())))

    def referrers(self, name: NamedNode, most: int) -> list[NamedNode]:
        """At most so many things that refer to the thing by a property, in the order of IRIs."""
        quads = islice(self.store.quads_for_pattern(None, name, self.node, None), most)
        found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
        return sorted(found, key=lambda each: each.value)

    def read_all(self, nodes: Iterable[NamedNode]) -> list[Value]:
        """Those of some things that are figures, in short and in the same order."""
        return [value for node in nodes if (value := self.values.read(node)) is not None]

    def _about(self, name: NamedNode | None) -> Iterator[Quad]:
        return self.store.quads_for_pattern(self.node, name, None, None)


@dataclass(frozen=True)
class PageKind:
    """How the pages of a class are made.

    Attributes:
        of: the class.
        template: of `templates/`, such as `things/figure.html`; included above the general part,
            with what `make` returns as `made`, and `look`.
        make: reads what the template shows, in work that does not grow with the release.
        describe: the thing by the vocabulary of schema.org, of what `make` returned: members of
            a JSON-LD object, `@type` at least.
        query: the text of a query about the thing that somebody may go on from.
        is_indexed: whether search engines are to list the page.
    """

    of: NamedNode
    template: str
    make: Callable[[Look], Any]
    describe: Callable[[Look, Any], dict[str, Any]] | None = None
    query: Callable[[Look, Any], str] | None = None
    is_indexed: bool = True


def list_properties() -> tuple[NamedNode, ...]:
    """Every property that something is said with in the release."""
    return compute_once(_list_properties)


def _list_properties(now: Served) -> tuple[NamedNode, ...]:
    return tuple(NamedNode(each.term) for each in now.statistics.properties)


def link_editor(query: str) -> str:
    """The address of the query page with `query` in its editor."""
    return url_for("sparql.page", query=query)
