"""The data graph of a validation, indexed for the checks of shapes.

Asking the store for each value node of each shape would cost a call over the language border a
hundred thousand times; two dictionaries of its triples answer from memory. The store itself answers
the SPARQL-based constraints.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Store

from kzgraph.namespaces import RDF, RDFS, TYPE, Term
from kzgraph.reach import reach
from kzgraph.validation.errors import ShapesRefused

FIRST = RDF["first"]
REST = RDF["rest"]
NIL = RDF["nil"]
SUBCLASS = RDFS["subClassOf"]

_Index: TypeAlias = dict[Term, dict[Term, list[Term]]]
_NONE: Mapping[Term, list[Term]] = {}
#: Triples that are lent to a store, and removed again; more are put into one of their own.
_FEW = 50_000


@dataclass(frozen=True)
class Finding:
    """One violation of a constraint.

    Attributes:
        value: the value at fault; None where there is no single one.
        path: the property at fault, where it is not that of the shape.
        messages: what to do, where it is not what the shape says.
    """

    value: Term | None
    path: NamedNode | None = None
    messages: tuple[Literal, ...] | None = None


class Data:
    """A set of triples, whatever graphs they come from."""

    def __init__(self, quads: Iterable[Quad], store: Store | None = None) -> None:
        """Index `quads`.

        Args:
            quads: the triples, in any graphs and more than once.
            store: one that holds just these triples, none of them in two graphs, for queries; by
                default one is filled when the first query comes.
        """
        self._by_subject = _index(quads)
        self._by_predicate: _Index = {}
        self._given = store
        for subject, predicate, obj in self._triples():
            self._by_predicate.setdefault(predicate, {}).setdefault(obj, []).append(subject)
        #: The findings of each query by node, from one run for all of them.
        self.findings: dict[object, dict[Term, list[Finding]]] = {}
        self._superclasses: dict[Term, frozenset[Term]] = {}

    @contextmanager
    def joined(self, quads: Iterable[Quad]) -> Iterator["Data"]:
        """These data together with further triples, as if all of them had been indexed."""
        made = Data(())
        made._by_subject = {**self._by_subject}
        made._by_predicate = {**self._by_predicate}
        added = made._add(_index(quads))
        if len(added) > _FEW:
            # What is removed from a store in memory leaves its place empty.
            yield made
            return
        made._given, made.store = self._given, self.store
        made.store.extend(added)
        try:
            yield made
        finally:
            for quad in added:
                made.store.remove(quad)

    def _add(self, new: _Index) -> list[Quad]:
        """Add the triples of an index that are not there, to copies of what others may have."""
        added: list[Quad] = []
        copied: set[Any] = set()
        for subject, about in new.items():
            known = self._by_subject[subject] = {**self._by_subject.get(subject, _NONE)}
            for name, objects in about.items():
                there = known.get(name, [])
                known[name] = list(dict.fromkeys(chain(there, objects)))
                if name not in copied:
                    copied.add(name)
                    self._by_predicate[name] = {**self._by_predicate.get(name, _NONE)}
                subjects = self._by_predicate[name]
                for obj in known[name][len(there) :]:
                    if (name, obj) not in copied:
                        copied.add((name, obj))
                        subjects[obj] = [*subjects.get(obj, ())]
                    subjects[obj].append(subject)
                    added.append(Quad(subject, name, obj))  # type: ignore[arg-type]
        return added

    @contextmanager
    def holding(
        self, thing: NamedNode, said: Mapping[NamedNode, list[Term]], *, queried: bool
    ) -> Iterator[None]:
        """These data, and what is said of a thing that is in none of them.

        It is found as a subject, and not by what it refers to.

        Args:
            thing: which no triple is about or refers to.
            said: what is said of it.
            queried: whether queries find it, too.
        """
        quads: list[Any] = []
        if queried:
            quads = [Quad(thing, name, each) for name in said for each in said[name]]
            self.store.extend(quads)
        self._by_subject[thing] = dict(said.items())
        try:
            yield
        finally:
            del self._by_subject[thing]
            for quad in quads:
                self.store.remove(quad)

    def query(self, text: str, prefixes: dict[str, str]) -> object:
        """The result of a query over the triples as its default graph.

        Raises:
            SyntaxError: it is not a query.
            RuntimeError: it cannot be run.
            ValueError: a prefix is not one.
        """
        union = self._given is not None
        return self.store.query(text, prefixes=prefixes, use_default_graph_as_union=union)

    @cached_property
    def store(self) -> Store:
        """The triples in a store: the one that was given, or one with them as its default graph."""
        if self._given is not None:
            return self._given
        store = Store()
        store.bulk_extend(Quad(*triple) for triple in self._triples())
        return store

    def _triples(self) -> Iterator[tuple[Any, Any, Any]]:
        for subject, about in self._by_subject.items():
            for predicate, objects in about.items():
                for obj in objects:
                    yield subject, predicate, obj

    def objects(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """The objects of the triples with this subject and predicate."""
        return self._by_subject.get(subject, _NONE).get(predicate, [])

    def predicates(self, subject: Term) -> list[NamedNode]:
        """The properties of a subject."""
        found = self._by_subject.get(subject, _NONE)
        return [predicate for predicate in found if isinstance(predicate, NamedNode)]

    def subjects(self, predicate: NamedNode, obj: Term) -> list[Term]:
        """The subjects of the triples with this predicate and object."""
        return self._by_predicate.get(predicate, _NONE).get(obj, [])

    def subjects_of(self, predicate: NamedNode) -> set[Term]:
        """Everything that has the property."""
        return set(chain.from_iterable(self._by_predicate.get(predicate, _NONE).values()))

    def objects_of(self, predicate: NamedNode) -> set[Term]:
        """Everything that is a value of the property."""
        return set(self._by_predicate.get(predicate, _NONE))

    def items(self, head: Term) -> list[Term]:
        """The members of a list, https://www.w3.org/TR/rdf-schema/#ch_list.

        Raises:
            ShapesRefused: it is not a list, or never ends.
        """
        found = []
        seen: set[Term] = set()
        node = head
        while node != NIL:
            if node in seen:
                raise ShapesRefused(f"the list at {head} leads back into itself")
            seen.add(node)
            found.append(self.one(node, FIRST))
            node = self.one(node, REST)
        return found

    def one(self, subject: Term, predicate: NamedNode) -> Term:
        """The only object.

        Raises:
            ShapesRefused: there is none, or more than one.
        """
        found = self.objects(subject, predicate)
        if len(found) != 1:
            raise ShapesRefused(f"{subject} has {len(found)} values of {predicate}, not one")
        return found[0]

    def describes(self, node: Term) -> bool:
        """Whether the node is the subject of a triple."""
        return node in self._by_subject

    def terms(self) -> Iterator[Term]:
        """Every subject."""
        return iter(self._by_subject)

    def holds(self, node: Term) -> bool:
        """Whether the node is the subject or the object of a triple."""
        return node in self._by_subject or any(
            node in objects for objects in self._by_predicate.values()
        )

    def is_instance(self, node: Term, wanted: NamedNode) -> bool:
        """Whether the node is a SHACL instance, https://www.w3.org/TR/shacl/#dfn-shacl-instance."""
        return any(wanted in self.classes(found) for found in self.objects(node, TYPE))

    def instances(self, wanted: NamedNode) -> set[Term]:
        """The SHACL instances of a class."""
        return {
            node
            for found, nodes in self._by_predicate.get(TYPE, _NONE).items()
            if wanted in self.classes(found)
            for node in nodes
        }

    def classes(self, found: Term) -> frozenset[Term]:
        """The class itself and what it is a subclass of, by however many steps."""
        if found not in self._superclasses:
            reached = reach([found], lambda each: self.objects(each, SUBCLASS))
            self._superclasses[found] = frozenset(reached)
        return self._superclasses[found]


def _index(quads: Iterable[Quad]) -> _Index:
    """The objects of triples by subject and property, each once."""
    found: _Index = {}
    # Each time a quad is asked for a term it makes a new one: equal terms are kept once.
    terms: dict[Any, Any] = {}
    one = terms.setdefault
    for quad in quads:
        subject, predicate, obj = quad.subject, quad.predicate, quad.object
        about = found.setdefault(one(subject, subject), {})
        about.setdefault(one(predicate, predicate), []).append(one(obj, obj))
    for about in found.values():
        for objects in about.values():
            if len(objects) > 1:
                objects[:] = dict.fromkeys(objects)
    return found
