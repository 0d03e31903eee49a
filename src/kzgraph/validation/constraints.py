"""SPARQL-based constraints, https://www.w3.org/TR/shacl/#sparql-constraints.

The specification runs a query once for each focus node, with `$this` bound beforehand. A query of
which `prebinding` can tell that it makes no difference runs once, with `$this` free: that is the
difference between minutes and milliseconds. Any other runs once for each focus node.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, QuerySolutions

from kzgraph.iri import ID
from kzgraph.namespaces import OWL, SH, Term
from kzgraph.prefixes import split
from kzgraph.reach import reach
from kzgraph.validation import prebinding, property_paths
from kzgraph.validation.components import is_true, literal
from kzgraph.validation.data import Data, Finding
from kzgraph.validation.errors import ShapesRefused
from kzgraph.validation.prebinding import Query
from kzgraph.validation.property_paths import Path

_PLACEHOLDER = re.compile(r"\{[?$]([A-Za-z]\w*)\}")


@dataclass(frozen=True, eq=False)
class SparqlConstraint:
    """A query for what must not be.

    Attributes:
        node: the constraint in the shapes graph.
        query: its query, with the path of the shape put in for `$PATH`.
        prefixes: those that the query may use.
        messages: what to do; of the shape where the constraint has none.
        path: the path of the shape, if it has one.
    """

    node: Term
    query: Query
    prefixes: dict[str, str]
    messages: tuple[Literal, ...]
    path: Path | None

    def check(self, data: Data, focus: Term, _values: Sequence[Term]) -> Iterator[Finding]:
        """The violations of a focus node.

        Raises:
            ShapesRefused: the query cannot be run, or says that it failed.
        """
        if self.query.may_take_no_steps and not data.holds(focus):
            raise ShapesRefused(
                f"{self.node}: a path with * or ? leads from {focus}, which is not in the data, to "
                "itself, and the store does not see it"
            )
        # A literal may be written in several ways, of which the store keeps one.
        if self.query.for_all and not isinstance(focus, Literal):
            return iter(self._for_all(data).get(focus, ()))
        if isinstance(focus, BlankNode):
            raise ShapesRefused(
                f"{self.node}: for a blank node a query can be run only if it begins with a triple "
                "of $this in its outermost group"
            )
        solutions = self._solutions(data, self.query.bound_to(focus))
        return iter([self._finding(solution, solutions, focus) for solution in solutions])

    def allows(self, data: Data, focus: Term) -> bool:
        """Whether the query finds nothing for one node, asked for that node alone."""
        return next(self._solutions(data, self.query.bound_to(focus)), None) is None

    def _for_all(self, data: Data) -> dict[Term, list[Finding]]:
        """The findings of every node, by one run."""
        found = data.findings.get(self)
        if found is None:
            found = data.findings[self] = {}
            solutions = self._solutions(data, self.query.text)
            for solution in solutions:
                focus = solution["this"]
                # A query that groups gives one row of nothing where there is nothing to group.
                if focus is not None:
                    finding = self._finding(solution, solutions, focus)
                    found.setdefault(focus, []).append(finding)
        return found

    def try_query(self) -> None:
        """Run the query on an empty graph.

        Raises:
            ShapesRefused: it is not a SELECT query.
        """
        self._solutions(Data(()), self.query.text)

    def _solutions(self, data: Data, text: str) -> QuerySolutions:
        try:
            solutions = data.query(text, self.prefixes)
        except SyntaxError as error:
            raise ShapesRefused(f"{self.node}: sh:select is not a query: {error.msg}") from None
        except (RuntimeError, ValueError) as error:  # ValueError: of a prefix.
            raise ShapesRefused(f"{self.node}: sh:select cannot be run: {error}") from None
        if not isinstance(solutions, QuerySolutions):
            raise ShapesRefused(f"{self.node}: sh:select is not a SELECT query")
        return solutions

    def _finding(self, solution: QuerySolution, solutions: QuerySolutions, focus: Term) -> Finding:
        """https://www.w3.org/TR/shacl/#sparql-constraints-validation, mapping of solutions."""
        row = {
            variable.value: term
            for variable in solutions.variables
            if (term := solution[variable]) is not None
        }
        if "failure" in row and row["failure"] == Literal(True):
            raise ShapesRefused(f"{self.node}: the query reports a failure at {focus}")
        path, message = row.get("path"), row.get("message")
        messages = tuple(_fill_placeholders(each, row | {"this": focus}) for each in self.messages)
        return Finding(
            row.get("value", focus if self.path is None else None),
            path if isinstance(path, NamedNode) else None,
            (message,) if isinstance(message, Literal) else messages,
        )


def _fill_placeholders(message: Literal, row: dict[str, Term]) -> Literal:
    def fill(match: re.Match[str]) -> str:
        return format_term(row[match[1]]) if match[1] in row else match[0]

    text = _PLACEHOLDER.sub(fill, message.value)
    return Literal(text, language=message.language) if message.language else Literal(text)


def read(
    shapes: Data, node: Term, path: Path | None, messages: Sequence[Literal]
) -> SparqlConstraint | None:
    """The constraint at a node of the shapes graph; None where it is deactivated.

    Args:
        shapes: the shapes graph.
        node: the constraint.
        path: of the shape, if it has one.
        messages: of the shape, for a constraint without any.

    Raises:
        ShapesRefused: the query uses what SHACL forbids, or a part that this engine lacks.
    """
    if any(is_true(flag) for flag in shapes.objects(node, SH["deactivated"])):
        return None
    select = literal(shapes.one(node, SH["select"])).value
    strange = {SH["ask"], SH["severity"]} & {*shapes.predicates(node)}
    if strange and not shapes.objects(node, SH["sparql"]):  # It may be a shape itself.
        names = " or ".join(sorted(map(format_term, strange)))
        raise ShapesRefused(f"{node}: a SPARQL-based constraint has no {names}")
    own = sorted(map(literal, shapes.objects(node, SH["message"])), key=str)
    query = prebinding.read(select, None if path is None else property_paths.text(path, str))
    constraint = SparqlConstraint(
        node, query, _read_prefixes(shapes, node), tuple(own or messages), path
    )
    constraint.try_query()
    return constraint


def _read_prefixes(shapes: Data, node: Term) -> dict[str, str]:
    """The prefixes of a query, https://www.w3.org/TR/shacl/#sparql-prefixes."""
    found: dict[str, str] = {}
    imports = OWL["imports"]
    stated = shapes.objects(node, SH["prefixes"])
    for ontology in reach(stated, lambda each: shapes.objects(each, imports)):
        for declaration in shapes.objects(ontology, SH["declare"]):
            prefix = literal(shapes.one(declaration, SH["prefix"])).value
            namespace = literal(shapes.one(declaration, SH["namespace"])).value
            if found.setdefault(prefix, namespace) != namespace:
                raise ShapesRefused(f"{node}: sh:prefixes declares {prefix}: twice")
    return found


def format_term(term: Term) -> str:
    """A term as a message names it: one of our things by its path, as the tables do."""
    if isinstance(term, NamedNode):
        found = None if term.value.startswith(ID) else split(term.value)
        return ":".join(found) if found else term.value.removeprefix(ID)
    return term.value if isinstance(term, Literal) else str(term)
