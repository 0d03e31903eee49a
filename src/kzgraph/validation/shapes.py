"""Shapes, read from their graph and checked against data, https://www.w3.org/TR/shacl/#shapes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from kzgraph.prefixes import PREFIXES
from kzgraph.validation import core, paths, sparql
from kzgraph.validation.core import Check, Failures, UnsupportedConstraint
from kzgraph.validation.data import TYPE, Data, Term
from kzgraph.validation.paths import Path
from kzgraph.validation.result import Result, Severity
from kzgraph.validation.sparql import SparqlConstraint

_SH = PREFIXES["sh"]
_SHAPE_TYPES = (NamedNode(_SH + "NodeShape"), NamedNode(_SH + "PropertyShape"))

#: Parameters with one value, and the component each is for.
_SINGLE: dict[str, tuple[str, Callable[[Term], Check]]] = {
    "class": ("Class", core.class_),
    "datatype": ("Datatype", core.datatype),
    "nodeKind": ("NodeKind", core.node_kind),
    "minCount": ("MinCount", core.min_count),
    "maxCount": ("MaxCount", core.max_count),
    "minInclusive": ("MinInclusive", core.min_inclusive),
    "maxInclusive": ("MaxInclusive", core.max_inclusive),
    "minLength": ("MinLength", core.min_length),
    "maxLength": ("MaxLength", core.max_length),
    "pattern": ("Pattern", core.pattern),
    "uniqueLang": ("UniqueLang", core.unique_lang),
    "equals": ("Equals", core.equals),
    "disjoint": ("Disjoint", core.disjoint),
    "lessThan": ("LessThan", core.less_than),
    "hasValue": ("HasValue", core.has_value),
}
#: Parameters with a list of terms.
_LISTS: dict[str, tuple[str, Callable[..., Check]]] = {
    "in": ("In", core.in_),
    "languageIn": ("LanguageIn", core.language_in),
}
#: Parameters with a list of shapes: how many of them a value may conform to.
_LOGICAL_LISTS: dict[str, tuple[str, Callable[[int, int], bool]]] = {
    "and": ("And", lambda met, of: met == of),
    "or": ("Or", lambda met, of: met > 0),
    "xone": ("Xone", lambda met, of: met == 1),
}
#: Parameters with a shape: whether a value has to conform to it.
_LOGICAL: dict[str, tuple[str, bool]] = {"node": ("Node", True), "not": ("Not", False)}
_TARGETS: dict[str, Callable[[Data, NamedNode], set[Term]]] = {
    "targetClass": Data.instances,
    "targetSubjectsOf": Data.subjects_of,
    "targetObjectsOf": Data.objects_of,
}
_OTHER = {"path", "property", "sparql", "severity", "message"}


@dataclass
class Shape:
    """A node shape, or a property shape where it has a path."""

    iri: NamedNode
    severity: Severity
    message: str
    path: Path | None = None
    targets: list[tuple[str, NamedNode]] = field(default_factory=list)
    #: Name of the component and its check.
    checks: list[tuple[str, Check]] = field(default_factory=list)
    properties: "list[Shape]" = field(default_factory=list)
    queries: list[SparqlConstraint] = field(default_factory=list)

    def focus_nodes(self, data: Data) -> set[Term]:
        """What the shape is for, https://www.w3.org/TR/shacl/#targets."""
        found: set[Term] = set()
        for kind, node in self.targets:
            found |= _TARGETS[kind](data, node)
        return found

    def results(self, data: Data) -> Iterator[Result]:
        """What is wrong with the focus nodes, in no particular order."""
        focus_nodes = self.focus_nodes(data)
        for focus in focus_nodes:
            yield from self.results_for(data, focus)
        for query in self.queries:
            for found in query.findings(data, focus_nodes):
                yield self._result("SPARQL", found.focus, found.value, found.message)

    def results_for(self, data: Data, focus: Term) -> Iterator[Result]:
        """What is wrong with one node, but for SPARQL-based constraints."""
        values = [focus] if self.path is None else paths.values(data, self.path, focus)
        for component, check in self.checks:
            for value in check(data, focus, values):
                yield self._result(component, focus, value, self.message)
        for inner in self.properties:
            for value in values:
                yield from inner.results_for(data, value)

    def allows(self, data: Data, node: Term) -> bool:
        """Whether the node conforms, https://www.w3.org/TR/shacl/#conformance-checking."""
        return next(self.results_for(data, node), None) is None

    def _result(self, component: str, focus: Term, value: Term | None, message: str) -> Result:
        return Result(
            severity=self.severity,
            focus=focus,
            path=self.path,
            value=value,
            message=message,
            shape=self.iri,
            component=NamedNode(f"{_SH}{component}ConstraintComponent"),
        )


def read(graph: Data) -> list[Shape]:
    """The shapes of a graph, in the order of their IRIs.

    Raises:
        UnsupportedConstraint: a shape uses a part of SHACL that this engine does not know.
        UnsupportedPath: likewise for its path.
    """
    return _Reader(graph).read()


class _Reader:
    def __init__(self, graph: Data) -> None:
        self._graph = graph
        self._shapes: dict[NamedNode, Shape] = {}

    def read(self) -> list[Shape]:
        nodes = {
            node
            for shape_type in _SHAPE_TYPES
            for node in self._graph.subjects(TYPE, shape_type)
            if isinstance(node, NamedNode)
        }
        return [self._shape(node) for node in sorted(nodes, key=lambda node: node.value)]

    def _shape(self, node: Term) -> Shape:
        if not isinstance(node, NamedNode):
            raise UnsupportedConstraint(f"give the shape at {node} an IRI")
        if node not in self._shapes:
            severity = self._optional(node, "severity")
            message = self._optional(node, "message")
            path = self._optional(node, "path")
            # Entered before its parts are read: a shape may lead back to itself.
            self._shapes[node] = shape = Shape(
                iri=node,
                severity=Severity.of(severity) if severity else Severity.VIOLATION,
                message=message.value if isinstance(message, Literal) else "",
                path=paths.read(self._graph, path) if path else None,
            )
            for name in self._parameters(node):
                for value in self._values(node, name):
                    self._add(shape, name, value)
        return self._shapes[node]

    def _parameters(self, node: NamedNode) -> list[str]:
        found = self._graph.predicates(node)
        return sorted(p.value.removeprefix(_SH) for p in found if p.value.startswith(_SH))

    def _values(self, node: NamedNode, name: str) -> Sequence[Term]:
        found = self._graph.objects(node, NamedNode(_SH + name))
        return sorted(found, key=str)

    def _optional(self, node: NamedNode, name: str) -> Term | None:
        found = self._values(node, name)
        if len(found) > 1:
            raise UnsupportedConstraint(f"{node} has {len(found)} values of sh:{name}")
        return found[0] if found else None

    def _add(self, shape: Shape, name: str, value: Term) -> None:
        if name in _SINGLE:
            component, make = _SINGLE[name]
            shape.checks.append((component, make(value)))
        elif name in _LISTS:
            component, make_list = _LISTS[name]
            shape.checks.append((component, make_list(*self._graph.items(value))))
        elif name in _LOGICAL_LISTS:
            component, enough = _LOGICAL_LISTS[name]
            members = [self._inner(item) for item in self._graph.items(value)]
            shape.checks.append((component, _logical(members, enough)))
        elif name in _LOGICAL:
            component, wanted = _LOGICAL[name]
            shape.checks.append((component, _conforming(self._inner(value), wanted)))
        elif name in _TARGETS and isinstance(value, NamedNode):
            shape.targets.append((name, value))
        elif name == "property":
            shape.properties.append(self._inner(value))
        elif name == "sparql":
            shape.queries.append(sparql.read(self._graph, value))
        elif name not in _OTHER:
            raise UnsupportedConstraint(f"{shape.iri} uses sh:{name}, which is not supported")

    def _inner(self, node: Term) -> Shape:
        """A shape used by another one: it is checked node by node, which queries are not."""
        shape = self._shape(node)
        if shape.queries:
            raise UnsupportedConstraint(f"{shape.iri} has a query and cannot be used by a shape")
        return shape


def _logical(members: Sequence[Shape], enough: Callable[[int, int], bool]) -> Check:
    """`sh:and`, `sh:or`, `sh:xone`: https://www.w3.org/TR/shacl/#core-components-logical."""

    def check(data: Data, _focus: Term, values: Sequence[Term]) -> Failures:
        for term in values:
            met = sum(member.allows(data, term) for member in members)
            if not enough(met, len(members)):
                yield term

    return check


def _conforming(shape: Shape, wanted: bool) -> Check:
    """`sh:node` and `sh:not`: https://www.w3.org/TR/shacl/#core-components-shape."""

    def check(data: Data, _focus: Term, values: Sequence[Term]) -> Failures:
        return (term for term in values if shape.allows(data, term) is not wanted)

    return check
