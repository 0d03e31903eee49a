"""Asking a store the example queries, and comparing its answers with those of the release.

Engines may write a value otherwise, so that numbers are compared by value, to nine places (how many
a division has is theirs to choose), and true and false with 1 and 0, which Virtuoso 7 makes of what
it computes. Blank nodes are alike, and rows are compared without their order.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal as OneOf

from pyoxigraph import (
    BlankNode,
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kzgraph.datatypes import BOOLEAN, BOOLEANS, NUMBERS
from kzgraph.example_queries import Example, read_examples
from kzgraph.iri import GRAPH
from kzgraph.prefixes import PREDECLARED, used_prefixes
from kzgraph.problem import Problem
from kzgraph.publish.errors import PublishError
from kzgraph.publish.store import RESULTS, RemoteStore
from kzgraph.release import Release
from kzgraph.release.integrity import STORE
from kzgraph.settings import MAX_QUERY_NESTING
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.apart import ask_apart
from kzgraph.sparql.superseded import Tables

#: Seconds for which the release is asked a query.
TIMEOUT = 120.0

_GRAPH = "application/n-triples, text/turtle;q=0.9"

#: What a row, or a triple, is compared by.
Row = frozenset[tuple[str, object]]
Verdict = OneOf["same", "different", "refused", "not asked"]


@dataclass(frozen=True)
class ExampleAnswer:
    """How a store answered an example query.

    Attributes:
        number: of the example.
        title: of the example.
        verdict: `same` as the release, `different`, `refused` by the store, or `not asked`.
        detail: why, if it is not the same.
    """

    number: str
    title: str
    verdict: Verdict
    detail: str = ""


def ask_examples(
    release: Release,
    url: str,
    store: RemoteStore,
    graphs: Sequence[str],
    step: Callable[[str], None] = lambda text: None,
) -> Iterator[ExampleAnswer]:
    """Ask the store at `url` each example query that calls no other endpoint.

    Args:
        release: what the store should have.
        url: where it answers queries.
        store: the client.
        graphs: the short names of the graphs that the store was sent.
        step: called with the name of each query.

    Raises:
        PublishError: the release itself does not answer a query.
    """
    tables = Tables.of_manifest(release.manifest)
    current = [name for name in graphs if name not in release.superseded]
    for example in read_examples():
        if example.endpoints:
            continue
        step(f"Asking {example.number}: {example.title}")
        analysis = analyse_whole(example.query, PREDECLARED.keys(), MAX_QUERY_NESTING)
        named = {each.value.removeprefix(GRAPH) for each in tables.find_named(analysis)}
        if not named <= set(graphs):
            why = "it is about superseded graphs, which were not sent"
            yield ExampleAnswer(example.number, example.title, "not asked", why)
            continue
        dataset = [GRAPH + name for name in (*current, *sorted(named))]
        yield _compare(release, example, url, store, dataset)


def _compare(
    release: Release, example: Example, url: str, store: RemoteStore, dataset: Sequence[str]
) -> ExampleAnswer:
    try:
        ours = _rows(ask_apart(release.path / STORE, example.query, TIMEOUT))
    except (Problem, TimeoutError) as error:
        raise PublishError(
            f"the release does not answer example {example.number}: {error}"
        ) from None
    try:
        theirs = _ask(example, url, store, dataset)
    except PublishError as error:
        return ExampleAnswer(example.number, example.title, "refused", str(error))
    if theirs == ours:
        return ExampleAnswer(example.number, example.title, "same")
    less, more = (ours - theirs).total(), (theirs - ours).total()
    detail = f"of {ours.total()} rows {less} are missing or changed, and {more} are not ours"
    return ExampleAnswer(example.number, example.title, "different", detail)


def _ask(example: Example, url: str, store: RemoteStore, dataset: Sequence[str]) -> Counter[Row]:
    declared = "".join(
        f"PREFIX {name}: <{namespace}> "
        for name, namespace in sorted(used_prefixes(example.query).items())
    )
    accept = _GRAPH if example.form == "construct" else RESULTS
    answer = store.query(url, declared + example.query, accept, dataset)
    return read_rows(answer, is_graph=example.form == "construct")


def read_rows(answer: bytes, *, is_graph: bool = False) -> Counter[Row]:
    """The rows of an answer in SPARQL's JSON, or the triples of one in Turtle.

    Raises:
        PublishError: it is neither.
    """
    try:
        if is_graph:
            return _rows([quad.triple for quad in parse(answer, RdfFormat.TURTLE)])
        return _rows(parse_query_results(answer, QueryResultsFormat.JSON))
    except (SyntaxError, ValueError) as error:
        raise PublishError(f"the answer is not a result of SPARQL: {error}") from None


def _rows(answer: QuerySolutions | QueryBoolean | list[Triple]) -> Counter[Row]:
    if isinstance(answer, QueryBoolean):
        return Counter([frozenset({("", bool(answer))})])
    if isinstance(answer, list):
        return Counter(frozenset(zip("spo", map(_value, each), strict=True)) for each in answer)
    names = [variable.value for variable in answer.variables]
    return Counter(
        frozenset((name, _value(each[name])) for name in names if each[name] is not None)
        for each in answer
    )


def _value(term: object) -> object:
    if isinstance(term, BlankNode):
        return "_:"
    if not isinstance(term, Literal):
        return term
    if term.datatype.value == BOOLEAN:
        return Decimal(BOOLEANS.get(term.value, False))
    if term.datatype.value in NUMBERS:
        try:
            return round(Decimal(term.value), 9)
        except InvalidOperation:  # INF and NaN, or more digits than there are places for.
            return term.value
    if term.language is not None:
        return term.value, term.language.lower()
    return term
