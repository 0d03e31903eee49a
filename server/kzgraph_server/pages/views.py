"""Terms as pages show them: a text, and an address to go to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import url_for
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from kzgraph.iri import BASE, GRAPH, ID, ONTOLOGY, is_path
from kzgraph.namespaces import PLAIN
from kzgraph.prefixes import shorten
from kzgraph.release.statistics import LABELS
from kzgraph_server.pages.dimension_names import Name, name_by_dimensions
from kzgraph_server.pages.language import get_language, order_languages
from kzgraph_server.pages.term_names import name_term

_WEB = re.compile(r"https?://[^/]", re.IGNORECASE)

Term = NamedNode | BlankNode | Literal | Triple | DefaultGraph


@dataclass(frozen=True)
class View:
    """A term as a page shows it.

    Attributes:
        text: what is read.
        iri: the IRI, where it is one.
        href: where a click leads: within this host for IRIs of the project, else only to the web.
        language: of a literal, for the `lang` attribute.
        datatype: the short name of a literal's datatype, where it is not a plain string.
    """

    text: str
    iri: str | None = None
    href: str | None = None
    language: str | None = None
    datatype: str | None = None


class Viewer:
    """Shows terms, remembering what it has looked up; one per request."""

    def __init__(self, store: Store) -> None:
        """Look labels up in `store`, those in the language of the page first."""
        self._store = store
        self._languages = order_languages(get_language())
        self._named: dict[NamedNode, View] = {}

    def names(self, node: NamedNode) -> list[Literal]:
        """All names of `node` in the languages of the project, best first."""
        found: dict[Literal, tuple[int, int]] = {}
        for rank, predicate in enumerate(LABELS):
            for quad in self._store.quads_for_pattern(node, predicate, None, None):
                name = quad.object
                if isinstance(name, Literal) and (name.language or "") in self._languages:
                    order = (self._languages.index(name.language or ""), rank)
                    found[name] = min(order, found.get(name, order))
        return sorted(found, key=lambda name: (found[name], name.value))

    def named(self, node: NamedNode) -> View:
        """`node` under its label, or what its dimensions or vocabulary say; else in short."""
        if node not in self._named:
            view, names = self.plain(node), self.names(node)[:1]
            for label in names:
                view = replace(view, text=label.value, language=label.language)
            made = None if names else self._name_without_label(node)
            if made is not None:
                view = replace(view, text=made.text, language=made.language)
            self._named[node] = view
        return self._named[node]

    def _name_without_label(self, node: NamedNode) -> Name | None:
        if node.value.startswith(BASE):
            return name_by_dimensions(self._store, node, self._name)
        text = name_term(node.value)
        return Name(text, None) if text else None

    def _name(self, node: NamedNode) -> Name:
        view = self.named(node)
        return Name(view.text, view.language)

    def plain(self, term: Term | None) -> View:
        """`term` as it stands: IRIs as a query may have them, literals as their text."""
        if isinstance(term, NamedNode):
            return View(shorten(term.value), term.value, address(term))
        if isinstance(term, Literal):
            datatype = term.datatype
            shown = None if datatype in PLAIN else shorten(datatype.value)
            return View(term.value, language=term.language, datatype=shown)
        return View("" if term is None else str(term))

    def any(self, term: Term | None) -> View:
        """An IRI under its label, anything else as it stands."""
        return self.named(term) if isinstance(term, NamedNode) else self.plain(term)


def address(node: NamedNode) -> str | None:
    """Where a link to `node` leads: a page of this host for IRIs of the project.

    Other IRIs are linked only if they are addresses of the web: one that a query makes up could
    be a script.
    """
    iri = node.value
    if iri.startswith(ID) and is_path(iri[len(ID) :]):
        return url_for("things.page", path=iri[len(ID) :])
    if iri.startswith(GRAPH) and is_path(iri[len(GRAPH) :]):
        return url_for("dumps.graph", name=iri[len(GRAPH) :])
    if iri.startswith(ONTOLOGY):
        return url_for("ontology.show", _anchor=iri[len(ONTOLOGY) :])
    if iri in (BASE, ONTOLOGY[:-1]):
        return url_for("home.overview" if iri == BASE else "ontology.show")
    return iri if is_web(iri) else None


def is_web(address: str) -> bool:
    """Whether an address is one of the web, and so can be linked."""
    return bool(_WEB.match(address))


def sorted_views(views: Iterable[View]) -> list[View]:
    """`views` in the order in which people look for them: numbers by value, then by text."""

    def key(view: View) -> tuple[bool, float, str, str]:
        number = re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", view.text)
        value = float(view.text) if number and view.iri is None else 0.0
        return (number is None, value, view.text.casefold(), view.iri or "")

    return sorted(views, key=key)
