"""Properties by which rows are told apart, and from which columns are filled.

Those that tables are joined by: names, codes of others, links to other data sets, and what a thing
is, where it is and what it belongs to. Which codes and links there are is what the release has.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import GRAPH, ID, ONTOLOGY, term
from kzgraph.namespaces import DCT, LABEL, LANGUAGES, ORG, OWL, SCHEMA, SKOS, TYPE, VOID, Term

_LINKS = NamedNode(GRAPH + "links")
#: By these a thing has a name in another data set that means the same.
_SAME = (OWL["sameAs"], SKOS["exactMatch"], SCHEMA["sameAs"])
_CODES = (SKOS["notation"], SCHEMA["identifier"])
#: Properties that lead to things and values, by their identifiers.
_FACTS = {
    "kind": term("kind"),
    "within": SCHEMA["containedInPlace"],
    "unit-of": ORG["unitOf"],
    "party-to": term("partyTo"),
    "partner-of": term("partnerOf"),
    "year-in-title": term("yearInTitle"),
    "definition": SKOS["definition"],
}


@dataclass(frozen=True)
class Property:
    """A property of things.

    Attributes:
        id: its identifier.
        term: what it is called by: a term, or a data set that is linked to.
        language: of the values, where the property is a name in one.
        identifies: whether no two things have a value in common, so that one tells which it is.
        read: the values that a thing has.
    """

    id: str
    term: NamedNode
    read: Callable[[NamedNode], Iterator[Term]]
    language: str = ""
    identifies: bool = False


class Properties(Mapping[str, Property]):
    """The properties of one release, by their identifiers."""

    def __init__(self, store: Store) -> None:
        """Find out which there are."""
        self._store = store
        self._all = {each.id: each for each in (*self._names(), *self._list_facts())}
        self._all |= {each.id: each for each in (*self._list_codes(), *self._list_links())}

    def __getitem__(self, name: str) -> Property:
        """The property called so."""
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        """Their identifiers, in the order in which they are offered."""
        return iter(self._all)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._all)

    def _names(self) -> Iterator[Property]:
        for language in LANGUAGES:
            yield Property(f"label-{language}", LABEL, self._read_in(LABEL, language), language)
        other = SKOS["altLabel"]
        yield Property("other-names", other, self._reader((other,)))
        yield Property("iri", DCT["identifier"], _read_iri, identifies=True)

    def _list_facts(self) -> Iterator[Property]:
        for name, predicate in _FACTS.items():
            yield Property(name, predicate, self._reader((predicate,)))

    def _list_codes(self) -> Iterator[Property]:
        """Codes that others gave: the datatypes that they have."""
        found = {
            quad.object.datatype
            for predicate in _CODES
            for quad in self._store.quads_for_pattern(None, predicate, None, _LINKS)
            if isinstance(quad.object, Literal)
        }
        for datatype in sorted(found, key=lambda each: each.value):
            if datatype.value.startswith(ONTOLOGY):
                name = datatype.value.removeprefix(ONTOLOGY)
                yield Property(name, datatype, self._read_codes(datatype), identifies=True)

    def _list_links(self) -> Iterator[Property]:
        """Names in other data sets: those of which it is known how their IRIs begin."""
        find = self._store.quads_for_pattern
        for quad in sorted(find(None, TYPE, VOID["Dataset"], _LINKS), key=str):
            space = next(find(quad.subject, VOID["uriSpace"], None, _LINKS), None)
            if not (isinstance(quad.subject, NamedNode) and space):
                continue
            if isinstance(space.object, Literal):
                name = quad.subject.value.rpartition("/")[2]
                read = self._read_links(space.object.value)
                yield Property(name, quad.subject, read, identifies=True)

    def _reader(self, predicates: Sequence[NamedNode]) -> Callable[[NamedNode], Iterator[Term]]:
        def read(node: NamedNode) -> Iterator[Term]:
            found: dict[Term, None] = {}
            for predicate in predicates:
                for quad in self._store.quads_for_pattern(node, predicate, None, None):
                    found[quad.object] = None
            yield from sorted(found, key=str)

        return read

    def _read_in(
        self, predicate: NamedNode, language: str
    ) -> Callable[[NamedNode], Iterator[Term]]:
        every = self._reader((predicate,))
        return lambda node: (
            value
            for value in every(node)
            if isinstance(value, Literal) and value.language == language
        )

    def _read_codes(self, datatype: NamedNode) -> Callable[[NamedNode], Iterator[Term]]:
        every = self._reader(_CODES)
        return lambda node: (
            value
            for value in every(node)
            if isinstance(value, Literal) and value.datatype == datatype
        )

    def _read_links(self, space: str) -> Callable[[NamedNode], Iterator[Term]]:
        every = self._reader(_SAME)
        return lambda node: (
            value
            for value in every(node)
            if isinstance(value, NamedNode) and value.value.startswith(space)
        )


def _read_iri(node: NamedNode) -> Iterator[Term]:
    yield node


def is_thing(term: Term) -> bool:
    """Whether a value is a thing of the project, which has an identifier."""
    return isinstance(term, NamedNode) and term.value.startswith(ID)
