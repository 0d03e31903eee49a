"""Shapes, and how they validate data, https://www.w3.org/TR/shacl/#shapes."""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.namespaces import SH, Term
from kzgraph.validation import property_paths
from kzgraph.validation.components import Check, Findings
from kzgraph.validation.constraints import SparqlConstraint
from kzgraph.validation.data import Data, Finding
from kzgraph.validation.property_paths import Path
from kzgraph.validation.result import Result, Severity

#: Targets by the property that gives them: https://www.w3.org/TR/shacl/#targets.
TARGETS: dict[str, Callable[[Data, Any], set[Term]]] = {
    "targetNode": lambda _, node: {node},
    "targetClass": Data.instances,
    "targetSubjectsOf": Data.subjects_of,
    "targetObjectsOf": Data.objects_of,
}


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape.

    Attributes:
        component: the name of its component, such as `MinCount`.
        check: what finds its violations.
        messages: what its results say.
        query: what its check asks, where it is SPARQL-based.
        parameter: what its component was given, such as the number of `sh:minCount`.
        members: the shapes that its values are checked against.
    """

    component: str
    check: Check
    messages: tuple[Literal, ...]
    query: SparqlConstraint | None = None
    parameter: Term | None = None
    members: "tuple[Shape, ...]" = ()


@dataclass(eq=False)
class Shape:
    """A node shape, or a property shape where it has a path.

    Attributes:
        node: its IRI or blank node.
        severity: of its results.
        path: the property it is about.
        deactivated: whether it has no results, wherever it is used.
        targets: how its focus nodes are found, by the name of SHACL, and with what.
        constraints: its own.
        properties: the property shapes that its value nodes are focus nodes of.
    """

    node: NamedNode | BlankNode
    severity: Severity
    path: Path | None = None
    deactivated: bool = False
    targets: list[tuple[str, Term]] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    properties: "list[Shape]" = field(default_factory=list)

    def focus_nodes(self, data: Data) -> set[Term]:
        """The focus nodes of the targets, https://www.w3.org/TR/shacl/#targets."""
        found: set[Term] = set()
        for kind, node in self.targets:
            found |= TARGETS[kind](data, node)
        return found

    def results(
        self, data: Data, among: Set[Term] | None = None, but: Set[Term] = frozenset()
    ) -> Iterator[Result]:
        """The results of the focus nodes, in no particular order.

        Args:
            data: the data graph.
            among: the nodes that are looked at, where not all are.
            but: those that are not.
        """
        found = self.focus_nodes(data) - but
        for focus in found if among is None else found & among:
            yield from self.results_for(data, focus)

    def results_for(self, data: Data, focus: Term) -> Iterator[Result]:
        """The results of one node."""
        if self.deactivated:
            return
        values = [focus] if self.path is None else property_paths.values(data, self.path, focus)
        for constraint in self.constraints:
            for finding in constraint.check(data, focus, values):
                yield self._result(constraint, focus, finding)
        for inner in self.properties:
            for value in values:
                yield from inner.results_for(data, value)

    def allows(self, data: Data, node: Term) -> bool:
        """Whether the node conforms, https://www.w3.org/TR/shacl/#conformance-checking."""
        return next(self.results_for(data, node), None) is None

    def _result(self, constraint: Constraint, focus: Term, finding: Finding) -> Result:
        return Result(
            severity=self.severity,
            focus=focus,
            path=finding.path or self.path,
            value=finding.value,
            messages=constraint.messages if finding.messages is None else finding.messages,
            shape=self.node,
            component=NamedNode(f"{SH.iri}{constraint.component}ConstraintComponent"),
            constraint=constraint.query.node if constraint.query else None,
        )


def check_logical(members: Sequence[Shape], enough: Callable[[int, int], bool]) -> Check:
    """`sh:and`, `sh:or`, `sh:xone`: https://www.w3.org/TR/shacl/#core-components-logical."""

    def check(data: Data, _focus: Term, values: Sequence[Term]) -> Findings:
        for term in values:
            met = sum(member.allows(data, term) for member in members)
            if not enough(met, len(members)):
                yield Finding(term)

    return check


def check_conformance(shape: Shape, wanted: bool) -> Check:
    """`sh:node` and `sh:not`: https://www.w3.org/TR/shacl/#core-components-shape."""

    def check(data: Data, _focus: Term, values: Sequence[Term]) -> Findings:
        return (Finding(term) for term in values if shape.allows(data, term) is not wanted)

    return check


def check_qualified(shape: Shape, siblings: Sequence[Shape], fails: Callable[[int], bool]) -> Check:
    """How many values conform to a shape, and to none of its siblings.

    https://www.w3.org/TR/shacl/#QualifiedValueShapeConstraintComponent
    """

    def check(data: Data, _focus: Term, values: Sequence[Term]) -> Findings:
        met = sum(
            shape.allows(data, term) and not any(sibling.allows(data, term) for sibling in siblings)
            for term in values
        )
        return iter([Finding(None)] if fails(met) else [])

    return check
