"""A syntactic checker of the OWL 2 RL profile, for ontologies written as RDF graphs.

It reads the graph by the mapping of OWL 2 to RDF and holds every axiom against the grammar of
https://www.w3.org/TR/owl2-profiles/#OWL_2_RL (sections 4.2.1 to 4.2.5), the declarations and the
global restrictions on roles against https://www.w3.org/TR/owl2-syntax/ (sections 5.8 and 11.2).
It fails closed: a triple that no rule accounts for is a violation.

Not read, and so refused: annotations on axioms and facets of datatypes, anonymous individuals,
imports. The ontology needs none of them.
"""

from collections.abc import Callable, Iterator

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

#: Datatypes of the profile, section 4.2.2; no owl:real, owl:rational, xsd:date or xsd:gYear.
_XSD = """decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger
long int short byte unsignedLong unsignedInt unsignedShort unsignedByte float double string
normalizedString token language Name NCName NMTOKEN boolean hexBinary base64Binary anyURI
dateTime dateTimeStamp"""
DATATYPES = {RDF.PlainLiteral, RDF.XMLLiteral, RDF.langString, RDFS.Literal} | {
    XSD[name] for name in _XSD.split()
}


def _owl(names: str) -> frozenset[URIRef]:
    return frozenset(OWL[name] for name in names.split())


_ANNOTATIONS = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy} | _owl(
    "versionInfo deprecated"
)
#: A datatype that is declared and stands in no axiom constrains nothing.
_DECLARATIONS = {RDFS.Datatype} | _owl(
    "Class ObjectProperty DatatypeProperty AnnotationProperty NamedIndividual Ontology"
)
_OBJECT_CHARACTERISTICS = _owl(
    "InverseFunctionalProperty SymmetricProperty AsymmetricProperty IrreflexiveProperty "
    "TransitiveProperty"
)
#: Characteristics of simple properties only, https://www.w3.org/TR/owl2-syntax/#Simple_Roles
_SIMPLE_ONLY = _owl(
    "FunctionalProperty InverseFunctionalProperty AsymmetricProperty IrreflexiveProperty"
)
#: Predicates that stand only inside an expression, which is read as a whole.
_PARTS = {RDF.first, RDF.rest} | _owl(
    "onProperty onClass onDataRange someValuesFrom allValuesFrom hasValue hasSelf minCardinality "
    "maxCardinality cardinality minQualifiedCardinality maxQualifiedCardinality "
    "qualifiedCardinality intersectionOf unionOf complementOf oneOf members distinctMembers"
)
Axiom = Callable[[Node, Node], None]
_RESERVED = (str(OWL), str(RDF), str(RDFS))


def violations(graph: Graph) -> list[str]:
    """What keeps the ontology in `graph` out of OWL 2 RL, one sentence each; empty if nothing."""
    return sorted(set(_Checker(graph).run()))


def _both(left: Callable[[Node], None], right: Callable[[Node], None]) -> Axiom:
    def read(subject: Node, value: Node) -> None:
        left(subject)
        right(value)

    return read


class _Checker:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.classes = self._declared(OWL.Class)
        self.objects = self._declared(OWL.ObjectProperty)
        self.data = self._declared(OWL.DatatypeProperty)
        self.annotations = self._declared(OWL.AnnotationProperty) | _ANNOTATIONS
        self.read: set[Node] = set()
        self.faults: list[str] = []
        self.axioms: dict[Node, Axiom] = {
            RDF.type: self._type,
            RDFS.subClassOf: _both(self._sub, self._super),
            OWL.equivalentClass: _both(self._equivalent, self._equivalent),
            OWL.disjointWith: _both(self._sub, self._sub),
            RDFS.domain: self._domain,
            RDFS.range: self._range,
            RDFS.subPropertyOf: self._same_kind,
            OWL.equivalentProperty: self._same_kind,
            OWL.propertyDisjointWith: self._same_kind,
            OWL.inverseOf: self._inverse,
            OWL.propertyChainAxiom: self._chain,
            OWL.hasKey: self._key,
            OWL.sameAs: self._individuals,
            OWL.differentFrom: self._individuals,
            OWL.versionIRI: self._individuals,
        }

    def run(self) -> list[str]:
        for subject, predicate, value in self.graph:
            if predicate in self.axioms:
                self.axioms[predicate](subject, value)
            elif predicate not in _PARTS:
                self._assertion(subject, predicate, value)
        for node in set(self.graph.subjects()):
            if isinstance(node, BNode) and node not in self.read:
                self._fault(node, "is a blank node that belongs to no axiom")
        self._kinds()
        self._roles()
        return self.faults

    def _declared(self, kind: URIRef) -> set[Node]:
        return {s for s in self.graph.subjects(RDF.type, kind) if isinstance(s, URIRef)}

    def _fault(self, node: Node, text: str) -> None:
        shown = "an anonymous node" if isinstance(node, BNode) else node.n3()
        self.faults.append(f"{shown} {text}")

    def _items(self, head: Node | None, least: int, owner: Node) -> list[Node]:
        """The items of an RDF list; a list that is malformed or too short is a fault."""
        items = []
        while head is not None and head != RDF.nil and head not in self.read:
            self.read.add(head)
            item = self.graph.value(head, RDF.first)
            if item is not None:
                items.append(item)
            head = self.graph.value(head, RDF.rest)
        if head != RDF.nil or len(items) < least:
            self._fault(owner, f"needs a well-formed list of at least {least}")
        return items

    # Class expressions, sections 4.2.3 and 4.2.4

    def _named(self, node: Node) -> None:
        if node == OWL.Thing:
            self._fault(node, "stands where RL allows only other classes")
        elif node != OWL.Nothing and node not in self.classes:
            self._fault(node, "is used as a class and not declared as one")

    def _parts(self, node: Node) -> dict[Node, Node]:
        """What an anonymous class is made of, without its type."""
        self.read.add(node)
        pairs = [(p, o) for p, o in self.graph.predicate_objects(node) if p in _PARTS]
        if len(pairs) != len(dict(pairs)):
            self._fault(node, "is given two values for one part of an expression")
        return dict(pairs)

    def _sub(self, node: Node) -> None:
        """A subClassExpression."""
        if isinstance(node, URIRef):
            return self._named(node)
        parts = self._parts(node)
        match set(parts):
            case s if s in ({OWL.intersectionOf}, {OWL.unionOf}):
                for item in self._items(next(iter(parts.values())), 2, node):
                    self._sub(item)
            case s if s == {OWL.oneOf}:
                self._items(parts[OWL.oneOf], 1, node)
            case s if s == {OWL.onProperty, OWL.someValuesFrom}:
                self._filler(parts, OWL.someValuesFrom, self._sub_or_thing)
            case s if s == {OWL.onProperty, OWL.hasValue}:
                self._value(parts)
            case _:
                self._fault(node, "is no subClassExpression of RL")

    def _super(self, node: Node) -> None:
        """A superClassExpression."""
        if isinstance(node, URIRef):
            return self._named(node)
        parts = self._parts(node)
        match set(parts):
            case s if s == {OWL.intersectionOf}:
                for item in self._items(parts[OWL.intersectionOf], 2, node):
                    self._super(item)
            case s if s == {OWL.complementOf}:
                self._sub(parts[OWL.complementOf])
            case s if s == {OWL.onProperty, OWL.allValuesFrom}:
                self._filler(parts, OWL.allValuesFrom, self._super)
            case s if s == {OWL.onProperty, OWL.hasValue}:
                self._value(parts)
            case s if OWL.onProperty in s and s & {
                OWL.maxCardinality,
                OWL.maxQualifiedCardinality,
            }:
                self._at_most(node, parts)
            case _:
                self._fault(node, "is no superClassExpression of RL")

    def _equivalent(self, node: Node) -> None:
        """An equivClassExpression."""
        if isinstance(node, URIRef):
            return self._named(node)
        parts = self._parts(node)
        if set(parts) == {OWL.intersectionOf}:
            for item in self._items(parts[OWL.intersectionOf], 2, node):
                self._equivalent(item)
        elif set(parts) == {OWL.onProperty, OWL.hasValue}:
            self._value(parts)
        else:
            self._fault(node, "is no equivClassExpression of RL")
        return None

    def _sub_or_thing(self, node: Node) -> None:
        if node != OWL.Thing:
            self._sub(node)

    def _filler(self, parts: dict[Node, Node], part: Node, read: Callable[[Node], None]) -> None:
        if parts[OWL.onProperty] in self.data:
            self._data_range(parts[part])
        else:
            self._object_property(parts[OWL.onProperty])
            read(parts[part])

    def _value(self, parts: dict[Node, Node]) -> None:
        prop, value = parts[OWL.onProperty], parts[OWL.hasValue]
        if prop in self.data:
            self._literal(value)
        else:
            self._object_property(prop)

    def _at_most(self, node: Node, parts: dict[Node, Node]) -> None:
        rest = set(parts) - {OWL.onProperty}
        number = parts.get(OWL.maxCardinality, parts.get(OWL.maxQualifiedCardinality))
        qualified = OWL.maxQualifiedCardinality in rest
        if not isinstance(number, Literal) or number.value not in (0, 1):
            self._fault(node, "restricts a cardinality to something else than 0 or 1")
        prop = parts[OWL.onProperty]
        if qualified and rest == {OWL.maxQualifiedCardinality, OWL.onDataRange}:
            self._data_range(parts[OWL.onDataRange])
        elif qualified and rest == {OWL.maxQualifiedCardinality, OWL.onClass}:
            self._sub_or_thing(parts[OWL.onClass])
        elif rest != {OWL.maxCardinality}:
            self._fault(node, "is no cardinality restriction of RL")
        if prop not in self.data:
            self._object_property(prop)
            if prop in self._composite():
                self._fault(prop, "is not simple and stands in a cardinality restriction")

    def _data_range(self, node: Node) -> None:
        """A DataRange: datatypes of the profile and their intersections."""
        if isinstance(node, BNode):
            parts = self._parts(node)
            if set(parts) != {OWL.intersectionOf}:
                self._fault(node, "is no data range of RL")
                return
            for item in self._items(parts[OWL.intersectionOf], 2, node):
                self._data_range(item)
        elif node not in DATATYPES:
            self._fault(node, "is used as a datatype and is none of RL")

    def _literal(self, node: Node) -> None:
        if not isinstance(node, Literal):
            self._fault(node, "stands where a literal belongs")
        elif node.datatype and node.datatype not in DATATYPES:
            self._fault(node.datatype, "is used as a datatype and is none of RL")

    # Axioms, section 4.2.5

    def _object_property(self, node: Node) -> None:
        if isinstance(node, BNode):
            inverse = self.graph.value(node, OWL.inverseOf)
            self.read.add(node)
            if inverse in self.objects:
                return
        elif node in self.objects:
            return
        self._fault(node, "is used as an object property and not declared as one")

    def _type(self, node: Node, kind: Node) -> None:
        if kind in _DECLARATIONS or (kind == OWL.Restriction and isinstance(node, BNode)):
            return
        if kind in _OBJECT_CHARACTERISTICS or (
            kind == OWL.FunctionalProperty and node not in self.data
        ):
            self._object_property(node)
        elif kind in {OWL.AllDisjointClasses, OWL.AllDisjointProperties, OWL.AllDifferent}:
            self._all(node, kind)
        elif kind != OWL.FunctionalProperty:
            self._class_assertion(node, kind)

    def _class_assertion(self, node: Node, kind: Node) -> None:
        if str(kind).startswith(_RESERVED) and kind != OWL.Thing:
            self._fault(kind, "is a kind of axiom or term that RL does not have")
        elif kind != OWL.Thing:
            self._super(kind)

    def _all(self, node: Node, kind: Node) -> None:
        parts = self._parts(node)
        members = parts.get(OWL.members, parts.get(OWL.distinctMembers))
        for item in self._items(members, 2, node):
            if kind == OWL.AllDisjointClasses:
                self._sub(item)
            elif kind == OWL.AllDisjointProperties and item not in self.data:
                self._object_property(item)

    def _domain(self, node: Node, value: Node) -> None:
        if node in self.annotations:
            return
        if node not in self.data:
            self._object_property(node)
        self._super(value)

    def _range(self, node: Node, value: Node) -> None:
        if node in self.data:
            self._data_range(value)
        elif node not in self.annotations:
            self._object_property(node)
            self._super(value)

    def _same_kind(self, node: Node, value: Node) -> None:
        for kind in (self.data, self.annotations):
            if node in kind or value in kind:
                if not (node in kind and value in kind):
                    self._fault(node, f"is related to {value.n3()}, a property of another kind")
                return
        self._object_property(node)
        self._object_property(value)

    def _inverse(self, node: Node, value: Node) -> None:
        self._object_property(node)
        self._object_property(value)

    def _chain(self, node: Node, value: Node) -> None:
        self._object_property(node)
        for item in self._items(value, 2, node):
            self._object_property(item)

    def _key(self, node: Node, value: Node) -> None:
        self._sub(node)
        for item in self._items(value, 1, node):
            if item not in self.data:
                self._object_property(item)

    def _individuals(self, node: Node, value: Node) -> None:
        for item in (node, value):
            if not isinstance(item, URIRef):
                self._fault(item, "stands where a named individual belongs")

    def _assertion(self, node: Node, predicate: Node, value: Node) -> None:
        if predicate in self.annotations:
            return
        if isinstance(node, BNode):
            self._fault(predicate, "is said of an anonymous node")
        elif predicate in self.data:
            self._literal(value)
        elif predicate not in self.objects:
            self._fault(predicate, "is used as a property and not declared, or is none of RL")
        elif not isinstance(value, URIRef):
            self._fault(predicate, "is an object property with a value that is no named individual")

    # Restrictions on the ontology as a whole

    def _kinds(self) -> None:
        """One name is a property of one kind only; a datatype is no class."""
        pairs = (
            (self.objects, self.data),
            (self.objects, self.annotations),
            (self.data, self.annotations),
            (self.classes, DATATYPES),
        )
        for one, other in pairs:
            for node in one & other:
                self._fault(node, "is declared as two kinds of term that must be apart")

    def _composite(self) -> set[Node]:
        """Properties that are not simple: transitive, made by a chain, or above such a one."""
        found = set(self.graph.subjects(RDF.type, OWL.TransitiveProperty))
        found |= set(self.graph.subjects(OWL.propertyChainAxiom))
        above = {
            (s, o)
            for p in (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf)
            for s, o in self.graph.subject_objects(p)
        }
        above |= {
            (o, s)
            for p in (OWL.equivalentProperty, OWL.inverseOf)
            for s, o in self.graph.subject_objects(p)
        }
        while more := {o for s, o in above if s in found} - found:
            found |= more
        return found

    def _roles(self) -> None:
        composite = self._composite()
        for node in composite:
            for kind in _SIMPLE_ONLY & set(self.graph.objects(node, RDF.type)):
                self._fault(node, f"is not simple and may not be {kind.n3()}")
            if (node, OWL.propertyDisjointWith, None) in self.graph:
                self._fault(node, "is not simple and may not be disjoint with another property")
        for node in set(self.graph.subjects(OWL.propertyChainAxiom)):
            if node in set(self._made_of(node)):
                self._fault(node, "is made, by a chain, of itself")

    def _made_of(self, node: Node) -> Iterator[Node]:
        """The properties in the chains of `node`, and in the chains of those.

        A chain may begin, or else end, with the property that it makes: the hierarchy stays
        regular, https://www.w3.org/TR/owl2-syntax/#Global_Restrictions_on_Axioms_in_OWL_2_DL.
        """
        seen: set[Node] = set()
        queue = [node]
        while queue:
            made = queue.pop()
            for head in self.graph.objects(made, OWL.propertyChainAxiom):
                items = list(self.graph.items(head))
                if made in (items[0], items[-1]):
                    items.pop(0 if items[0] == made else -1)
                for item in set(items) - seen:
                    seen.add(item)
                    queue.append(item)
                    yield item
