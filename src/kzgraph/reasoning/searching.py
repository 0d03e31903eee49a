"""The text by which an entity is searched: all its names and codes, in every language, folded."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.folding import fold_text
from kzgraph.iri import ID, term
from kzgraph.namespaces import DCT, FOAF, LABEL, OA, SKOS, TYPE, Term
from kzgraph.reasoning.rules_text import objects

_NAMES = (LABEL, SKOS["altLabel"], FOAF["name"], SKOS["notation"], DCT["identifier"])
#: What nobody looks for by its name: spans of text, and what is computed or compared.
_LEFT_OUT = frozenset(
    {OA["SpecificResource"], *map(term, ("DerivedFigure", "Comparison", "Concordance"))}
)
_SEPARATOR = " | "


def search_texts(store: Store) -> Iterator[Triple]:
    """`kzg:searchText` of each labelled thing, code, person and fact in the default graph.

    Each name stands in it in lower case and, where that differs, folded: a query may fold what it
    looks for or not. A code is found, too, by the names of what a note of the project takes it for:
    a series, whose key says nothing, by the group of people whom it is for.
    """
    for subject in {quad.subject for quad in store.quads_for_pattern(None, LABEL, None, None)}:
        if not isinstance(subject, NamedNode) or not subject.value.startswith(ID):
            continue
        if _LEFT_OUT.isdisjoint(objects(store, subject, TYPE)):
            names = {
                name
                for named in (subject, *_noted(store, subject))
                for name in _names(store, named)
            }
            texts = {text for name in names for text in (name.lower(), fold_text(name))}
            yield Triple(subject, term("searchText"), Literal(_SEPARATOR.join(sorted(texts))))


def _names(store: Store, subject: Term) -> Iterator[str]:
    for each in _NAMES:
        for name in objects(store, subject, each):
            if isinstance(name, Literal):
                yield name.value


def _noted(store: Store, subject: NamedNode) -> Iterator[Term]:
    """The bodies of the notes on a code, and the notes themselves."""
    if SKOS["Concept"] in objects(store, subject, TYPE):
        for quad in store.quads_for_pattern(None, OA["hasTarget"], subject, None):
            yield quad.subject
            yield from objects(store, quad.subject, OA["hasBody"])
