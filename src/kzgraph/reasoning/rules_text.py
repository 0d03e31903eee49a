"""The rules as text: SPARQL files next to the code, with the project's prefixes declared.

A relative IRI in a rule is a path below `id/`: `<quantity/budget>` is the concept.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from pyoxigraph import NamedNode, QuerySolution, QuerySolutions, Store, Variable

from kzgraph.iri import ID
from kzgraph.namespaces import Term
from kzgraph.prefixes import PREFIXES

_PREFIXES = dict(PREFIXES)


@cache
def rule(name: str) -> str:
    """The text of the rule file called `name`.

    Raises:
        FileNotFoundError: there is no file of that name.
    """
    return (files(__package__) / "rules" / name).read_text("utf-8")


def update(store: Store, name: str) -> None:
    """Run the rules of the file called `name` once, into the default graph of `store`."""
    store.update(rule(name), base_iri=ID, prefixes=_PREFIXES)


def select(store: Store, name: str) -> Iterator[QuerySolution]:
    """The solutions of the rule called `name` over the default graph of `store`."""
    solutions = store.query(rule(name), base_iri=ID, prefixes=_PREFIXES)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(f"{name} is not a SELECT query")
    yield from solutions


def nodes(solutions: Iterator[QuerySolution], *variables: str) -> Iterator[tuple[NamedNode, ...]]:
    """The IRIs bound to `variables`, one tuple for each solution, sorted.

    Raises:
        TypeError: a variable is unbound or not bound to an IRI.
    """
    found = []
    for solution in solutions:
        row = tuple(solution[Variable(name)] for name in variables)
        if not all(isinstance(term, NamedNode) for term in row):
            raise TypeError(f"a rule returned {row} instead of IRIs")
        found.append(row)
    yield from sorted(found, key=lambda row: [term.value for term in row])


def objects(store: Store, subject: Term | None, predicate: NamedNode) -> list[Term]:
    """What a property of an IRI leads to in the default graph of `store`; nothing for others."""
    if not isinstance(subject, NamedNode):
        return []
    return [quad.object for quad in store.quads_for_pattern(subject, predicate, None, None)]
