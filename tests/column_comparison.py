"""The answers of columns against those of the store, query by query."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Protocol

from pyoxigraph import Literal, QuerySolutions, Store

from aggregate_queries import Query, Shape, make_shape
from known_data import Known
from kzgraph.namespaces import Term
from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.sparql.analysis import Analysis, analyse
from kzgraph.sparql.evaluation import ask
from kzgraph.sparql.job import Job
from kzgraph.sparql.refusals import Refusal
from query_pieces import shrink

_NESTING = 100
_Row = tuple[Term | None, ...]


class Answering(Protocol):
    """What answers some queries, and returns None for the others."""

    def ask(self, analysis: Analysis) -> QuerySolutions | None: ...


@dataclass(frozen=True)
class Answer:
    """The answer to a query, or how it was refused."""

    names: tuple[str, ...] = ()
    rows: tuple[_Row, ...] = ()
    refused: str | None = None


@lru_cache(8192)
def ask_store(store: Store, text: str) -> Answer:
    """What the store answers, as it does without columns."""
    try:
        result, _ = ask(Job(text, (), (), offers=(), timeout=60), store, _NESTING)
        if isinstance(result, QuerySolutions):
            return _read(result)
        return Answer(("a graph or a truth",), ((Literal(bool(result)),),))
    except Problem as error:
        return Answer(refused=str(error.status))
    except (ValueError, RuntimeError) as error:  # while rows are read
        return Answer(refused=type(error).__name__)


def ask_columns(columns: Answering, text: str) -> Answer | None:
    """What columns answer; None where they leave it to the store."""
    try:
        result = columns.ask(analyse(text, PREDECLARED.keys(), _NESTING))
        return None if result is None else _read(result)
    except Refusal:
        return None
    except Problem as error:
        return Answer(refused=str(error.status))


def _read(result: QuerySolutions) -> Answer:
    names = tuple(each.value for each in result.variables)
    return Answer(names, tuple(tuple(row) for row in result))


def find_difference(query: Query, got: Answer, store: Store) -> str | None:
    """What is wrong with an answer of columns; None for nothing."""
    expected = ask_store(store, query.without_limit)
    if expected.refused or got.refused:
        if got.refused == expected.refused:
            return None
        return f"refused: {got.refused}, expected {expected.refused or expected.rows[:5]}"
    if got.names != expected.names:
        return f"columns {got.names}, expected {expected.names}"
    most, offset = query.limit
    due = expected.rows[offset:] if most is None else expected.rows[offset : offset + most]
    if len(got.rows) != len(due):
        return f"{len(got.rows)} rows, expected {len(due)}: {_show(got.rows)} for {_show(due)}"
    surplus = Counter(got.rows) - Counter(expected.rows)
    if surplus:
        lacking = Counter(expected.rows) - Counter(got.rows)
        return f"rows {_show(surplus)}, expected {_show(lacking)}"
    at = [expected.names.index(key) for key in query.keys if key in expected.names]
    for one, other in zip(got.rows, due, strict=True) if at else ():
        if [_sorted_as(one[i]) for i in at] != [_sorted_as(other[i]) for i in at]:
            return f"order {_show(got.rows)}, expected {_show(due)}"
    return None


def _show(rows: Iterable[_Row]) -> str:
    shown = [" ".join("-" if each is None else str(each) for each in row) for row in rows]
    more = f" and {len(shown) - 6} more" if len(shown) > 6 else ""
    return " | ".join(shown[:6]).replace("http://www.w3.org/2001/XMLSchema#", "xsd:") + more


def _sorted_as(term: Term | None) -> object:
    """What terms that may stand in either order have in common."""
    if isinstance(term, Literal) and not term.language:
        try:
            if "XMLSchema#" in term.datatype.value and "string" not in term.datatype.value:
                number = Decimal(term.value)
                return number if number.is_finite() else term.value
        except InvalidOperation:
            pass
    return term


@dataclass
class Tally:
    """What was compared."""

    queries: int = 0
    answered: int = 0
    refused: int = 0
    rows: int = 0
    nonempty: int = 0
    with_feature: Counter[str] = field(default_factory=Counter)
    answered_with: Counter[str] = field(default_factory=Counter)

    def table(self) -> str:
        """The counts as text."""
        lines = [
            f"{self.queries:,} queries, of which columns answered {self.answered:,} "
            f"({100 * self.answered / max(self.queries, 1):.0f} %), {self.nonempty:,} of them with "
            f"rows other than a zero; the store refuses {self.refused:,}"
        ]
        for name, count in sorted(self.with_feature.items(), key=lambda each: -each[1]):
            lines.append(f"{name:32} {count:8,} {100 * self.answered_with[name] / count:5.0f} %")
        return "\n".join(lines)


@dataclass(frozen=True)
class Mismatch:
    """A wrong answer: the query, those asked before it that matter, and what is wrong."""

    query: Query
    wrong: str
    before: tuple[str, ...] = ()

    def __str__(self) -> str:
        before = "".join(f"\n--- asked before:\n{each}" for each in self.before)
        return f"{before}\n--- query:\n{self.query.text}\n--- {self.wrong}\n"


def shapes(known: Known, seed: str, most: float = 20_000) -> Iterator[Shape]:
    """Shapes without end."""
    number = 0
    while True:
        yield make_shape(known, f"{seed}/{number}", most)
        number += 1


def compare(
    made: Iterable[Shape],
    columns: Answering,
    other: Answering,
    store: Store,
    tally: Tally,
    each: int = 3,
) -> Iterator[Mismatch]:
    """Compare the answers to `each` queries of each shape, and to some of a shape again later.

    Args:
        made: the shapes.
        columns: what is asked every query.
        other: what is asked some of them: of what it was asked before nothing may depend.
        store: what has the right answers.
        tally: to which is added.
        each: how many queries of a shape.
    """
    past: list[Shape] = []
    chance = random.Random(1)  # noqa: S311 - nothing secret
    for shape in made:
        queries = [shape.query(number) for number in range(each)]
        if past and chance.random() < 0.2:
            queries.append(chance.choice(past).query(each))
        past = [*past[-300:], shape]
        for query in queries:
            wrong = _compare_one(query, columns, store, tally)
            if wrong is None and chance.random() < 0.15:
                wrong = _compare_engines(query, columns, other)
            if wrong is not None:
                yield Mismatch(query, wrong, tuple(one.text for one in queries))


def _compare_engines(query: Query, columns: Answering, other: Answering) -> str | None:
    one, two = (ask_columns(each, query.text) for each in (columns, other))
    if (one is None) != (two is None):
        return "answered or left to the store, by what was asked before"
    return None


def _compare_one(query: Query, columns: Answering, store: Store, tally: Tally) -> str | None:
    tally.queries += 1
    tally.with_feature.update(query.features)
    try:
        got = ask_columns(columns, query.text)
    except Exception as error:
        return f"raised {error!r}"
    if got is None:
        return None
    tally.answered += 1
    tally.answered_with.update(query.features)
    tally.nonempty += any(
        term is not None and getattr(term, "value", "") != "0" for row in got.rows for term in row
    )
    tally.refused += got.refused is not None
    return find_difference(query, got, store)


class Opening(Protocol):
    """Opens columns anew."""

    def __call__(self) -> Answering: ...


def simplify(found: Mismatch, open_columns: Opening, store: Store, most: int = 300) -> Mismatch:
    """A shorter query that is answered wrongly, by columns that were asked nothing before.

    Where only a query before it makes it wrong, that one is kept with it.
    """

    def wrong(query: Query, *before: str) -> str | None:
        columns = open_columns()
        try:
            for text in before:
                ask_columns(columns, text)
            got = ask_columns(columns, query.text)
        except Exception as error:
            return f"raised {error!r}"
        return None if got is None else find_difference(query, got, store)

    plain = replace(found.query, style="")
    begun = next((each for each in (plain, found.query) if wrong(each) is not None), None)
    if begun is not None:
        start = begun
        tree = shrink(start.tree, lambda it: wrong(replace(start, tree=it)) is not None, most)
        query = replace(start, tree=tree)
        return Mismatch(query, wrong(query) or "")
    for earlier in found.before:
        told = wrong(found.query, earlier)
        if told is not None:
            return Mismatch(found.query, told, (earlier,))
    return found


def until(made: Iterable[Shape], seconds: float) -> Iterator[Shape]:
    """Shapes until so many seconds of the processor have been used."""
    end = time.process_time() + seconds
    for shape in made:
        if time.process_time() > end:
            return
        yield shape


def show_all(found: Sequence[Mismatch]) -> str:
    return "\n".join(map(str, found))
