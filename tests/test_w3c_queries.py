"""The W3C's tests of queries, put to the evaluation that a worker runs.

https://w3c.github.io/rdf-tests/sparql/sparql11/
"""

import io
import re
from collections.abc import Collection

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kzgraph.problem import Problem
from kzgraph.sparql.evaluation import evaluate
from kzgraph.sparql.job import Job
from w3c_deviations import DIFFERS, PASSES, REFUSED, Outcome, check
from w3c_results import difference, read_answer, read_expected
from w3c_suite import EVALUATION, SYNTAX, Term, Test, name_of, parameters

#: The format to ask for, by the file of the expected answer; and what is asked for without one.
FORMATS = {".srx": "xml", ".srj": "json", ".tsv": "tsv", ".csv": "csv"}
OTHERWISE = "json"

NESTING = 100
_DATASET = re.compile(r"^FROM\b", re.MULTILINE)


def store_of(test: Test) -> tuple[Store, Collection[Term]]:
    """A store with the data of a test in named graphs, and the terms of it."""
    store, terms = Store(), set[Term]()
    for file in {*test.default_graph, *test.named_graphs}:
        format, name = RdfFormat.from_extension(file.suffix[1:]), NamedNode(name_of(file))
        for quad in parse(path=str(file), format=format, base_iri=name.value):
            store.add(Quad(quad.subject, quad.predicate, quad.object, name))
            terms |= {quad.subject, quad.predicate, quad.object}
    return store, terms


def answer(test: Test, store: Store, *, named: bool) -> tuple[str, bytes]:
    """The format and the bytes of the answer to the query of a test.

    Args:
        test: the test.
        store: the data.
        named: whether the data set is named, as the protocol allows it; otherwise the query is
            put to all there is.
    """
    named = named and not _DATASET.search(test.query)
    default, graphs = map(name_of, test.default_graph), map(name_of, test.named_graphs)
    job = Job(
        query=test.query,
        default_graphs=tuple(default) if named else (),
        named_graphs=tuple(graphs) if named else (),
        offers=(FORMATS.get(test.result.suffix, OTHERWISE), "ttl"),
        timeout=30,
    )
    out = io.BytesIO()
    evaluated = evaluate(job, store, NESTING)
    evaluated.write(out)
    return evaluated.header.format, out.getvalue()


def outcome(test: Test, *, named: bool) -> Outcome:
    """What an evaluation test comes to."""
    store, given = store_of(test)
    try:
        format, data = answer(test, store, named=named)
    except Problem as problem:
        return Outcome(REFUSED, str(problem), problem.status)
    expected, got = read_expected(test.result), read_answer(data, format)
    ordered = "order by" in test.query.rpartition("}")[2].lower()
    found = difference(expected, got, given, ordered=ordered)
    if not found:
        return PASSES
    by_value = difference(expected, got, ordered=ordered)
    return Outcome("wrong" if by_value else DIFFERS, by_value or found)


@pytest.mark.parametrize("test", parameters(EVALUATION))
def test_a_query_of_named_graphs_gets_the_answer_of_the_suite(test: Test) -> None:
    check(test.id, outcome(test, named=True))


@pytest.mark.parametrize("test", parameters(EVALUATION))
def test_a_query_of_all_graphs_gets_the_same_answer(test: Test) -> None:
    if test and (test.named_graphs or not test.default_graph):
        return  # nothing but the merge of all graphs is to be seen
    check(test.id, outcome(test, named=False))


@pytest.mark.parametrize("test", parameters(SYNTAX))
def test_what_the_grammar_takes_is_taken_and_nothing_else(test: Test) -> None:
    job = Job(test.query, (), (), (OTHERWISE, "ttl"), 30)
    try:
        evaluate(job, Store(), NESTING).write(io.BytesIO())
    except Problem as problem:
        refused = Outcome(REFUSED, str(problem), problem.status)
        if test.kind.startswith("Negative"):
            assert problem.status == 400
            assert {"line", "column"} <= problem.members.keys(), problem
            return
    else:
        refused = PASSES if test.kind.startswith("Positive") else Outcome("wrong", "taken")
    check(test.id, refused)
