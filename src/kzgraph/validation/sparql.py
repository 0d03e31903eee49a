"""SPARQL-based constraints, https://www.w3.org/TR/shacl/#sparql-constraints.

The specification runs a query once for each focus node, with `$this` bound beforehand. Here it runs
once, with `$this` free, and solutions for other nodes are left out: that is the same for queries
that bind `$this` by a triple pattern of their outermost group, and that group by it where they
group. The shapes keep to such queries, and a test holds the results against pySHACL, which binds
beforehand. Once for all is what makes the difference between minutes and milliseconds.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Variable

from kzgraph.iri import ID
from kzgraph.prefixes import PREFIXES
from kzgraph.validation.core import UnsupportedConstraint
from kzgraph.validation.data import Data, Term

_SH = PREFIXES["sh"]
_PREFIXES = NamedNode(_SH + "prefixes")
_DECLARE = NamedNode(_SH + "declare")
_PREFIX = NamedNode(_SH + "prefix")
_NAMESPACE = NamedNode(_SH + "namespace")
_SELECT = NamedNode(_SH + "select")
_MESSAGE = NamedNode(_SH + "message")
#: What the specification forbids, since it cannot be combined with variables bound beforehand.
_FORBIDDEN = re.compile(r"\b(VALUES|MINUS|SERVICE)\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{[?$]([A-Za-z]\w*)\}")


@dataclass(frozen=True)
class Finding:
    """One solution of a query: a focus node, what is wrong with it, and the message about it."""

    focus: Term
    value: Term
    message: str


@dataclass(frozen=True)
class SparqlConstraint:
    """A query for what must not be."""

    query: str
    message: str

    def findings(self, data: Data, focus_nodes: Collection[Term]) -> Iterator[Finding]:
        """The solutions for any of the focus nodes."""
        solutions = data.store.query(self.query)
        if not isinstance(solutions, QuerySolutions):
            raise UnsupportedConstraint("a SPARQL-based constraint is a SELECT query")
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            focus = solution[Variable("this")]
            # A query that aggregates nothing gives one row of nothing.
            if focus is not None and focus in focus_nodes:
                found = solution[Variable("value")] if "value" in names else None
                yield Finding(focus, found or focus, self._filled(solution, names))

    def _filled(self, solution: QuerySolution, names: list[str]) -> str:
        def fill(match: re.Match[str]) -> str:
            name = match[1]
            term = solution[Variable(name)] if name in names else None
            return match[0] if term is None else shown(term)

        return _PLACEHOLDER.sub(fill, self.message)


def read(shapes: Data, node: Term) -> SparqlConstraint:
    """The constraint at a node of the shapes graph.

    Raises:
        UnsupportedConstraint: the query uses what SHACL forbids.
    """
    select = shapes.one(node, _SELECT)
    message = shapes.one(node, _MESSAGE)
    if not isinstance(select, Literal) or not isinstance(message, Literal):
        raise UnsupportedConstraint(f"{node} needs a query and a message")
    if found := _FORBIDDEN.search(select.value):
        raise UnsupportedConstraint(f"{node} uses {found[0]}, which SHACL forbids")
    return SparqlConstraint(_declarations(shapes, node) + select.value, message.value)


def _declarations(shapes: Data, node: Term) -> str:
    """The prefixes of a query, https://www.w3.org/TR/shacl/#sparql-prefixes."""
    lines = []
    for ontology in shapes.objects(node, _PREFIXES):
        for declaration in shapes.objects(ontology, _DECLARE):
            prefix = shapes.one(declaration, _PREFIX)
            namespace = shapes.one(declaration, _NAMESPACE)
            if isinstance(prefix, Literal) and isinstance(namespace, Literal):
                lines.append(f"PREFIX {prefix.value}: <{namespace.value}>\n")
    return "".join(sorted(lines))


def shown(term: Term) -> str:
    """A term as a message names it: one of our things by its path, as the tables do."""
    if isinstance(term, NamedNode):
        if term.value.startswith(ID):
            return term.value.removeprefix(ID)
        for prefix, namespace in PREFIXES.items():
            if term.value.startswith(namespace):
                return f"{prefix}:{term.value.removeprefix(namespace)}"
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
