"""The terms of the vocabulary as the page shows them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import ID, ONTOLOGY, graph
from kzgraph.namespaces import DCT, OWL, RDF, RDFS, SKOS, TYPE
from kzgraph.prefixes import PREFIXES, shorten
from kzgraph_server.pages.language import get_language, order_languages
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.ontology.term_shapes import Rule
from kzgraph_server.pages.views import View, Viewer, sorted_views
from kzgraph_server.served import Served

_ONTOLOGY = graph("ontology")
_QB = PREFIXES["qb"]
_CODE_LIST, _CONCEPT = NamedNode(f"{_QB}codeList"), NamedNode(f"{_QB}concept")
_DEFINITIONS = (SKOS["definition"], RDFS["comment"])
CLASSES = (OWL["Class"], RDFS["Class"])
PROPERTIES = (
    OWL["ObjectProperty"],
    OWL["DatatypeProperty"],
    OWL["AnnotationProperty"],
    RDF["Property"],
)
DATATYPES = (RDFS["Datatype"],)


@dataclass(frozen=True)
class Definition:
    """What a term means, and in which language that is told."""

    text: str
    language: str | None


@dataclass(frozen=True)
class Example:
    """A thing of a class; or of a property, with one of its values."""

    thing: View
    value: View | None = None


@dataclass
class Entry:
    """A term of the vocabulary on the page.

    Attributes:
        anchor: its name, so that `#name` finds it.
        node: the term.
        label: in the language of the page, or the next best.
        names: its labels in the other languages.
        definition: what it means; None where that is not told.
        kinds: what sort of term it is, in words.
        relations: to other terms of the project: what each relation is called, and to which.
        alignments: to terms of other vocabularies, likewise.
        rules: what the shapes demand of it.
        count: of a class how many things it has, of a property how often it is used; None of a
            datatype, which is not counted.
        listing: where these are listed.
        example: one of them.
    """

    anchor: str
    node: NamedNode
    label: View
    names: list[Literal]
    definition: Definition | None
    kinds: list[str]
    relations: list[tuple[str, list[View]]]
    alignments: list[tuple[str, list[View]]]
    rules: list[Rule] = field(default_factory=list)
    count: int | None = None
    listing: str = ""
    example: Example | None = None

    def has(self, words: Iterable[str]) -> bool:
        """Whether each of some words, in small letters, is in its names or definition."""
        texts = [self.anchor, self.label.text, *(name.value for name in self.names)]
        if self.definition:
            texts.append(self.definition.text)
        whole = "\n".join(texts).casefold()
        return all(word in whole for word in words)


class Reader:
    """Reads terms in the language of the page."""

    def __init__(self, now: Served, viewer: Viewer, rules: Mapping[str, list[Rule]]) -> None:
        """Read from the release that `now` serves."""
        self._now, self._viewer, self._rules = now, viewer, rules
        self._store: Store = now.store
        self._classes = {each.term: each for each in now.statistics.classes}
        self._properties = {each.term: each for each in now.statistics.properties}
        self._relations = _name_relations()
        self._inverse = _name_inverse()
        self._kinds = _name_kinds()

    def read(self, kinds: tuple[NamedNode, ...]) -> list[Entry]:
        """The project's own terms that are of one of `kinds`, in order of their names."""
        found = {
            quad.subject
            for each in kinds
            for quad in self._store.quads_for_pattern(None, TYPE, each, _ONTOLOGY)
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ONTOLOGY)
        }
        ordered = sorted(found, key=lambda node: (node.value.casefold(), node.value))
        return [self._read(node) for node in ordered]

    def _read(self, node: NamedNode) -> Entry:
        names = self._viewer.names(node)
        own, others = self._relate(node)
        types = self._objects(node, TYPE)
        entry = Entry(
            anchor=node.value[len(ONTOLOGY) :],
            node=node,
            label=self._viewer.named(node),
            names=names[1:],
            definition=self._define(node),
            kinds=[self._kinds[each] for each in self._kinds if each in types],
            relations=own,
            alignments=others,
            rules=self._rules.get(node.value, []),
        )
        if any(each in types for each in CLASSES):
            self._count_class(entry)
        elif any(each in types for each in PROPERTIES):
            self._count_property(entry)
        return entry

    def _objects(self, node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        # Restrictions and lists are blank nodes; they are in the RDF, not on the page.
        quads = self._store.quads_for_pattern(node, predicate, None, _ONTOLOGY)
        return [quad.object for quad in quads if isinstance(quad.object, NamedNode)]

    def _relate(
        self, node: NamedNode
    ) -> tuple[list[tuple[str, list[View]]], list[tuple[str, list[View]]]]:
        """What a term has to do with terms of the project, and with those of others."""
        inside: dict[str, dict[NamedNode, None]] = defaultdict(dict)
        outside: dict[str, dict[NamedNode, None]] = defaultdict(dict)
        for predicate, (name, may_align) in self._relations.items():
            for target in self._objects(node, predicate):
                ours = not may_align or target.value.startswith((ONTOLOGY, ID))
                (inside if ours else outside)[name][target] = None
        for predicate, name in self._inverse.items():
            for quad in self._store.quads_for_pattern(None, predicate, node, _ONTOLOGY):
                subject = quad.subject
                if isinstance(subject, NamedNode) and subject.value.startswith(ONTOLOGY):
                    inside[name][subject] = None
        return self._show(inside), self._show(outside)

    def _show(self, found: Mapping[str, Iterable[NamedNode]]) -> list[tuple[str, list[View]]]:
        return [
            (name, sorted_views(self._view(each) for each in targets))
            for name, targets in found.items()
        ]

    def _view(self, node: NamedNode) -> View:
        # A code list under its label; a term as a query has it, in every language.
        return self._viewer.named(node) if node.value.startswith(ID) else self._viewer.plain(node)

    def _define(self, node: NamedNode) -> Definition | None:
        said: dict[str, str] = {}
        for predicate in _DEFINITIONS:
            for quad in self._store.quads_for_pattern(node, predicate, None, None):
                if isinstance(quad.object, Literal):
                    said.setdefault(quad.object.language or "", quad.object.value)
        for language in order_languages(get_language()):
            if language in said:
                return Definition(said[language], language or None)
        return None

    def _count_class(self, entry: Entry) -> None:
        counted = self._classes.get(entry.node.value)
        entry.count = counted.entities if counted else 0
        if counted and counted.example:
            entry.example = Example(self._viewer.named(NamedNode(counted.example)))

    def _count_property(self, entry: Entry) -> None:
        counted = self._properties.get(entry.node.value)
        entry.count = counted.triples if counted else 0
        quads = self._store.quads_for_pattern(None, entry.node, None, None)
        quad = next(iter(quads), None) if counted else None
        if quad is not None and isinstance(quad.subject, NamedNode):
            entry.example = Example(self._viewer.named(quad.subject), self._viewer.any(quad.object))

    def read_others(self) -> list[tuple[View, int]]:
        """The classes and properties of other vocabularies that are in use, with how often."""
        counts = {each.term: each.entities for each in self._classes.values()}
        counts |= {each.term: each.triples for each in self._properties.values()}
        return [
            (self._viewer.plain(NamedNode(iri)), number)
            for iri, number in sorted(counts.items(), key=lambda pair: shorten(pair[0]))
            if not iri.startswith(ONTOLOGY)
        ]


def _name_relations() -> dict[NamedNode, tuple[str, bool]]:
    """What relations of terms are called, and whether they align with other vocabularies."""
    return {
        RDFS["subClassOf"]: (_("Narrower than"), True),
        OWL["equivalentClass"]: (_("The same as"), True),
        RDFS["subPropertyOf"]: (_("Narrower than"), True),
        OWL["equivalentProperty"]: (_("The same as"), True),
        SKOS["exactMatch"]: (_("The same as"), True),
        SKOS["closeMatch"]: (_("Nearly the same as"), True),
        OWL["inverseOf"]: (_("The other direction of"), False),
        RDFS["domain"]: (_("Of things of the class"), False),
        RDFS["range"]: (_("Its values are"), False),
        _CODE_LIST: (_("Code list of its values"), False),
        _CONCEPT: (_("Concept of statistics"), True),
        RDFS["seeAlso"]: (_("See also"), True),
        DCT["isReplacedBy"]: (_("Replaced by"), False),
    }


def _name_inverse() -> dict[NamedNode, str]:
    """What relations to a term are called at its side."""
    return {
        RDFS["subClassOf"]: _("Wider than"),
        RDFS["subPropertyOf"]: _("Wider than"),
        RDFS["domain"]: _("Properties of its things"),
        RDFS["range"]: _("Properties that lead to it"),
    }


def _name_kinds() -> dict[NamedNode, str]:
    """What sorts of terms are called."""
    return {
        OWL["Class"]: _("Class"),
        OWL["ObjectProperty"]: _("Property with things as values"),
        OWL["DatatypeProperty"]: _("Property with literals as values"),
        OWL["AnnotationProperty"]: _("Annotation"),
        OWL["FunctionalProperty"]: _("at most one value"),
        OWL["InverseFunctionalProperty"]: _("a value belongs to one thing"),
        OWL["SymmetricProperty"]: _("holds in both directions"),
        OWL["TransitiveProperty"]: _("goes on from value to value"),
        NamedNode(f"{_QB}DimensionProperty"): _("dimension of data cubes"),
        NamedNode(f"{_QB}MeasureProperty"): _("measure of data cubes"),
        NamedNode(f"{_QB}AttributeProperty"): _("attribute of data cubes"),
        RDFS["Datatype"]: _("Datatype"),
    }
