"""Random functions, aggregates and templates: what comes is right, or refused with a reason.

What is right is worked out by `sparql_expressions`, which has nothing in common with the store.
"""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QueryTriples, Store, Triple

from kzgraph.problem import Problem
from kzgraph.sparql.evaluation import ask
from kzgraph.sparql.job import Job
from sparql_computing import Cells, Computer, cells
from sparql_values import BOOLEAN, DECIMAL, DOUBLE, INTEGER, IRI, LANGUAGE, Endless, Value

QUERIES = 250
_READERS: dict[str, Callable[[str], int | Fraction | float | bool]] = {
    INTEGER: int,
    DECIMAL: Fraction,
    DOUBLE: float,
    BOOLEAN: {"true": True, "false": False}.__getitem__,
}


def read(term: NamedNode | BlankNode | Literal | Triple | None) -> Value | None:
    if term is None:
        return None
    if not isinstance(term, Literal):
        return Value(IRI, str(term).strip("<>"))
    if term.language:
        return Value(LANGUAGE, term.value, term.language)
    kind = term.datatype.value
    try:
        return Value(kind, _READERS[kind](term.value))
    except (ValueError, KeyError):
        return Value(kind, term.value)


def answer(query: str) -> list[Cells]:
    result, _ = ask(Job(query, (), (), offers=(), timeout=10), Store(), 100)
    assert not isinstance(result, QueryBoolean)
    if isinstance(result, QueryTriples):
        return [cells([read(triple.subject), read(triple.object)]) for triple in result]
    return [cells([read(term) for term in row]) for row in result]


@pytest.mark.parametrize("start", range(0, 8 * QUERIES, QUERIES))
@pytest.mark.parametrize("form", ["selected", "grouped", "constructed"])
def test_a_random_query_of_values_is_answered_rightly_or_refused(form: str, start: int) -> None:
    left_out = 0
    for seed in range(start, start + QUERIES):
        try:
            query, wanted = getattr(Computer(seed), form)()
        except Endless:
            left_out += 1
            continue
        try:
            found = answer(query)
        except Problem as problem:
            assert "GROUP BY" in problem.detail, query
            left_out += 1
            continue
        assert Counter(found) == Counter(wanted), f"seed {seed}: {query}"
    assert left_out < QUERIES / 5
