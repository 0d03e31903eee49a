"""Random queries: each is answered as the specification has it, or refused with a reason.

What is right is worked out by `sparql_algebra`, which has nothing in common with the store.
"""

import io
from collections import Counter
from random import Random

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kzgraph.problem import Problem
from kzgraph.sparql.evaluation import evaluate
from kzgraph.sparql.job import Job
from sparql_algebra import Group
from sparql_guessing import NOWHERE, Guesser, disguise
from sparql_terms import Scene, Triple
from w3c_results import Table, read_answer

QUERIES = 250
NESTING = 100

Rows = Counter[frozenset[tuple[str, str]]]


def node(term: str) -> NamedNode | Literal:
    return NamedNode(term[1:-1]) if term.startswith("<") else Literal(int(term))


def store_of(graphs: dict[str, frozenset[Triple]]) -> Store:
    store = Store()
    for name, triples in graphs.items():
        for subject, predicate, value in triples:
            found = NamedNode(subject[1:-1]), NamedNode(predicate[1:-1]), node(value)
            store.add(Quad(*found, NamedNode(name[1:-1])))
    return store


def answer(
    query: str, store: Store, default: tuple[str, ...], named: tuple[str, ...] | None = None
) -> Rows:
    """The rows that come; with graphs, from a data set of these, as the protocol names them."""
    graphs = default if named is None else named
    out = io.BytesIO()
    evaluate(Job(query, default, graphs, ("json",), 30), store, NESTING).write(out)
    table = read_answer(out.getvalue(), "json")
    assert isinstance(table, Table)
    return Counter(
        frozenset((f"?{name}", getattr(term, "value", "")) for name, term in row.items())
        for row in table.rows
    )


def right(group: Group, named: dict[str, frozenset[Triple]], *default: frozenset[Triple]) -> Rows:
    """The rows that must come."""
    scene = Scene(frozenset[Triple]().union(*default), named)
    return Counter(
        frozenset((name, term.strip("<>")) for name, term in solution.items())
        for solution in group.solutions(scene)
    )


@pytest.mark.parametrize("start", range(0, 12 * QUERIES, QUERIES))
@pytest.mark.parametrize("named", [True, False], ids=["of named graphs", "of all graphs"])
def test_a_random_query_is_answered_rightly_or_refused(start: int, named: bool) -> None:
    refused = 0
    for seed in range(start, start + QUERIES):
        guesser = Guesser(seed)
        # A graph without a triple is none.
        graphs = {name: triples for name, triples in guesser.data().items() if triples}
        group = guesser.group()
        query = f"SELECT {' '.join(sorted(group.variables)) or '*'} {group.text}"
        query = disguise(query, seed)
        names = tuple(name[1:-1] for name in graphs) if named else ()
        try:
            rows = answer(query, store_of(graphs), names)
        except Problem as problem:
            assert problem.status == 400
            assert "Syntax error" not in problem.detail, query
            refused += 1
            continue
        wanted = right(group, graphs, *graphs.values())
        assert rows == wanted, f"seed {seed}: {query} of {graphs}"
    assert refused < QUERIES / 10


@pytest.mark.parametrize("start", range(0, 4 * QUERIES, QUERIES))
@pytest.mark.parametrize("protocol", [True, False], ids=["by the protocol", "by FROM"])
def test_a_random_query_of_a_random_data_set_is_answered_rightly(
    start: int, protocol: bool
) -> None:
    refused = 0
    for seed in range(start, start + QUERIES):
        guesser, random = Guesser(seed), Random(seed)  # noqa: S311 - for no secret
        graphs = {name: triples for name, triples in guesser.data().items() if triples}
        # Whether a graph that is not there is a named one, and empty, is left open.
        default = [name for name in (*graphs, NOWHERE) if random.random() < 0.5]
        named = [name for name in graphs if random.random() < 0.5]
        if not default and not named:
            continue
        group = guesser.group()
        clauses = [f"FROM {name}" for name in default] + [f"FROM NAMED {name}" for name in named]
        query = disguise(
            f"SELECT {' '.join(sorted(group.variables)) or '*'} "
            f"{'' if protocol else ' '.join(clauses)} WHERE {group.text}",
            seed,
        )
        chosen = [tuple(name[1:-1] for name in each) for each in (default, named)]
        dataset = chosen if protocol else [(), ()]
        try:
            rows = answer(query, store_of(graphs), *dataset)
        except Problem as problem:
            assert problem.status == 400
            assert "Syntax error" not in problem.detail, query
            refused += 1
            continue
        wanted = right(
            group,
            {name: graphs[name] for name in named},
            *(graphs.get(name, frozenset()) for name in default),
        )
        assert rows == wanted, f"seed {seed}: {query} of {graphs} from {default}, {named}"
    assert refused < QUERIES / 10
