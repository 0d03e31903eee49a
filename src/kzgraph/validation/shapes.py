"""Parsing shapes from their graph, https://www.w3.org/TR/shacl/#shapes-graph.

What is not well-formed or not supported is refused by name. `docs/shacl.md` has the
whole list, and a test compares it with these tables.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.namespaces import OWL, RDFS, SH, Term
from kzgraph.validation import components, constraints, property_paths
from kzgraph.validation.components import Check
from kzgraph.validation.data import Data
from kzgraph.validation.errors import ShapesRefused
from kzgraph.validation.result import Severity
from kzgraph.validation.shape import (
    TARGETS,
    Constraint,
    Shape,
    check_conformance,
    check_logical,
    check_qualified,
)

_NODE_SHAPE, _PROPERTY_SHAPE = SH["NodeShape"], SH["PropertyShape"]
#: SHACL asks for instances of rdfs:Class; OWL makes its classes those, whether a graph says so or
#: not: https://www.w3.org/TR/owl2-rdf-based-semantics/#Parts_of_the_Universe
_CLASSES = (RDFS["Class"], OWL["Class"])
#: Shapes within shapes: a limit that only a graph made to break this would reach.
MAX_DEPTH = 60

#: Parameters of components that look at values: the check, and whether a shape may have several
#: values of the parameter, each a constraint of its own.
VALUES: dict[str, tuple[Callable[[Term], Check], bool]] = {
    "class": (components.class_, True),
    "datatype": (components.datatype, False),
    "nodeKind": (components.node_kind, False),
    "minCount": (components.min_count, False),
    "maxCount": (components.max_count, False),
    "minExclusive": (components.min_exclusive, False),
    "minInclusive": (components.min_inclusive, False),
    "maxExclusive": (components.max_exclusive, False),
    "maxInclusive": (components.max_inclusive, False),
    "minLength": (components.min_length, False),
    "maxLength": (components.max_length, False),
    "uniqueLang": (components.unique_lang, False),
    "equals": (components.equals, True),
    "disjoint": (components.disjoint, True),
    "lessThan": (components.less_than, True),
    "lessThanOrEquals": (partial(components.less_than, or_equal=True), True),
    "hasValue": (components.has_value, True),
}
#: Parameters with a list of terms.
LISTS: dict[str, Callable[..., Check]] = {
    "in": components.in_,
    "languageIn": components.language_in,
}
#: Parameters with a list of shapes: how many of them a value may conform to.
LOGICAL: dict[str, Callable[[int, int], bool]] = {
    "and": lambda met, of: met == of,
    "or": lambda met, of: met > 0,
    "xone": lambda met, of: met == 1,
}
#: Parameters with a shape: whether a value has to conform to it.
CONFORMING = {"node": True, "not": False}
#: Parameters that count conforming values: which counts fail.
QUALIFIED: dict[str, Callable[[int, int], bool]] = {
    "qualifiedMinCount": lambda met, limit: met < limit,
    "qualifiedMaxCount": lambda met, limit: met > limit,
}
#: What is read along with a parameter above, or constrains nothing.
OTHER = frozenset(
    {
        *("path", "property", "sparql", "severity", "message", "deactivated", "pattern", "flags"),
        *("closed", "ignoredProperties", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
        *("name", "description", "order", "group", "defaultValue"),
        # Of a SPARQL-based constraint, which may be a shape at the same time.
        *("select", "prefixes", "declare", "shapesGraph"),
    }
)
_ONLY_WITH_PATH = frozenset(
    {
        *("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"),
        "qualifiedValueShape",
    }
)
_CONSTRAINING = frozenset(
    {*VALUES, *LISTS, *LOGICAL, *CONFORMING, *QUALIFIED, "property", "sparql", "pattern", "closed"}
)
#: Properties and classes by which a shapes graph extends SHACL.
_EXTENDING = frozenset({"target", "rule", "expression", "js", "parameter", "validator"})
UNSUPPORTED_CLASSES = ("ConstraintComponent", "SPARQLFunction", "SPARQLRule", "JSFunction")


def read(graph: Data) -> list[Shape]:
    """The shapes of a graph in the order of their names.

    Raises:
        ShapesRefused: a shape is not well-formed, is recursive, or uses a part of SHACL that this
            engine lacks.
    """
    for name in UNSUPPORTED_CLASSES:
        for node in graph.instances(SH[name]):
            raise ShapesRefused(f"{node} is a sh:{name}, which is not supported")
    return _Reader(graph).read()


def _exceeds(fails: Callable[[int, int], bool], limit: int, met: int) -> bool:
    return fails(met, limit)


class _Reader:
    def __init__(self, graph: Data) -> None:
        self._graph = graph
        self._shapes: dict[Term, Shape] = {}
        #: The shapes being read, the outermost first.
        self._open: list[Term] = []

    def read(self) -> list[Shape]:
        return [self._shape(node) for node in sorted(self._roots(), key=str)]

    def _roots(self) -> Iterator[Term]:
        """Nodes that are shapes by their type, a target or a constraint, used or not."""
        for node in self._graph.terms():
            used = set(self._parameters(node))
            if (
                used & {*TARGETS, *_CONSTRAINING, *_EXTENDING}
                or self._graph.is_instance(node, _NODE_SHAPE)
                or self._graph.is_instance(node, _PROPERTY_SHAPE)
            ):
                yield node

    def _shape(self, node: Term) -> Shape:
        if node in self._open:
            circle = " -> ".join(map(str, [*self._open[self._open.index(node) :], node]))
            raise ShapesRefused(f"recursive shapes are not supported: {circle}", located=True)
        if len(self._open) > MAX_DEPTH:
            raise ShapesRefused(f"{self._open[0]} nests shapes deeper than {MAX_DEPTH}")
        if node not in self._shapes:
            self._open.append(node)
            try:
                self._shapes[node] = self._read(node)
            finally:
                self._open.pop()
        return self._shapes[node]

    def _read(self, node: Term) -> Shape:
        if not isinstance(node, NamedNode | BlankNode):
            raise ShapesRefused(f"{node} stands where a shape is meant")
        if isinstance(node, NamedNode) and not self._graph.predicates(node):
            raise ShapesRefused(f"{node} stands where a shape is meant, and is not in the shapes")
        try:
            path = self._optional(node, "path")
            severity = self._optional(node, "severity")
            shape = Shape(
                node=node,
                severity=Severity.of(components.iri(severity)) if severity else Severity.VIOLATION,
                path=property_paths.read(self._graph, path) if path else None,
                deactivated=self._flag(node, "deactivated"),
                targets=list(self._targets(node)),
            )
            if self._graph.is_instance(node, _PROPERTY_SHAPE) and not path:
                raise ShapesRefused("a property shape needs sh:path")
            if path and self._graph.is_instance(node, _NODE_SHAPE):
                raise ShapesRefused("a node shape has sh:path")
            if not shape.deactivated:
                shape.properties = list(self._properties(node))
                shape.constraints = list(self._constraints(shape))
        except ShapesRefused as error:
            raise error.at(node) from None
        return shape

    def _properties(self, node: Term) -> Iterator[Shape]:
        for value in self._values(node, "property"):
            inner = self._shape(value)
            if inner.path is None:
                raise ShapesRefused(f"sh:property leads to {value}, which has no sh:path")
            yield inner

    def _targets(self, node: Term) -> Iterator[tuple[str, Term]]:
        for name in TARGETS:
            for value in self._values(node, name):
                yield name, value if name == "targetNode" else components.iri(value)
        if isinstance(node, NamedNode) and self._is_class(node):
            # https://www.w3.org/TR/shacl/#implicit-targetClass
            yield "targetClass", node

    def _constraints(self, shape: Shape) -> Iterator[Constraint]:
        node = shape.node
        messages = tuple(map(components.literal, self._values(node, "message")))
        for name in self._parameters(node):
            if name in _ONLY_WITH_PATH and shape.path is None:
                raise ShapesRefused(f"sh:{name} needs sh:path")
            for value, check, members in self._checks(node, name):
                what = "" if isinstance(value, BlankNode) else f" {constraints.format_term(value)}"
                default = (Literal(f"sh:{name}{what} is not met.", language="en"),)
                component = name[0].upper() + name[1:]
                yield Constraint(component, check, messages or default, None, value, members)
        for value in self._values(node, "sparql"):
            default = (Literal("A SPARQL-based constraint is not met.", language="en"),)
            found = constraints.read(self._graph, value, shape.path, messages or default)
            if found:
                yield Constraint("SPARQL", found.check, found.messages, found)

    def _checks(self, node: Term, name: str) -> Iterator[tuple[Term, Check, tuple[Shape, ...]]]:
        """Value, check and further shapes of each constraint that a parameter makes."""
        if name in VALUES:
            make, repeats = VALUES[name]
            for value in self._values(node, name) if repeats else [self._one(node, name)]:
                yield value, make(value), ()
        elif name in LISTS:
            value = self._one(node, name)
            yield value, LISTS[name](*self._graph.items(value)), ()
        elif name in LOGICAL:
            for value in self._values(node, name):
                members = tuple(self._shape(item) for item in self._graph.items(value))
                yield value, check_logical(members, LOGICAL[name]), members
        elif name in CONFORMING:
            for value in self._values(node, name):
                member = self._shape(value)
                yield value, check_conformance(member, CONFORMING[name]), (member,)
        elif name in QUALIFIED and self._values(node, "qualifiedValueShape"):
            value = self._one(node, name)
            own, *siblings = self._qualified(node)
            fails, limit = QUALIFIED[name], components.count(value)
            check = check_qualified(own, siblings, partial(_exceeds, fails, limit))
            yield value, check, (own, *siblings)
        elif name == "pattern":
            value = self._one(node, name)
            yield value, components.pattern(value, self._optional(node, "flags")), ()
        elif name == "closed" and self._flag(node, name):
            yield self._one(node, name), components.closed(self._allowed_properties(node)), ()
        elif name not in OTHER and name not in TARGETS and name not in QUALIFIED:
            raise ShapesRefused(f"sh:{name} is not supported")

    def _qualified(self, node: Term) -> Iterator[Shape]:
        """The shape that values are counted by, and those that they must not conform to."""
        own = self._one(node, "qualifiedValueShape")
        yield self._shape(own)
        others: set[Term] = {own}
        if self._flag(node, "qualifiedValueShapesDisjoint"):
            for parent in self._graph.subjects(SH["property"], node):
                for child in self._values(parent, "property"):
                    for found in self._values(child, "qualifiedValueShape"):
                        if found not in others:
                            others.add(found)
                            yield self._shape(found)

    def _allowed_properties(self, node: Term) -> frozenset[NamedNode]:
        """The properties that a closed shape allows."""
        ignored = self._optional(node, "ignoredProperties")
        known = {*map(components.iri, self._graph.items(ignored))} if ignored else set()
        for inner in self._values(node, "property"):
            path = self._one(inner, "path")
            if isinstance(path, NamedNode):
                known.add(path)
        return frozenset(known)

    def _is_class(self, node: Term) -> bool:
        return any(self._graph.is_instance(node, found) for found in _CLASSES)

    def _parameters(self, node: Term) -> list[str]:
        found = self._graph.predicates(node)
        return sorted(p.value.removeprefix(SH.iri) for p in found if p.value.startswith(SH.iri))

    def _values(self, node: Term, name: str) -> Sequence[Term]:
        return sorted(self._graph.objects(node, SH[name]), key=str)

    def _one(self, node: Term, name: str) -> Term:
        found = self._optional(node, name)
        if found is None:
            raise ShapesRefused(f"sh:{name} is missing")
        return found

    def _optional(self, node: Term, name: str) -> Term | None:
        found = self._values(node, name)
        if len(found) > 1:
            raise ShapesRefused(f"sh:{name} has {len(found)} values, and may have one")
        return found[0] if found else None

    def _flag(self, node: Term, name: str) -> bool:
        found = self._optional(node, name)
        return found is not None and components.is_true(found)
