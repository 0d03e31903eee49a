"""The queries that columns are tested with, and the comparison: that they would show a fault."""

import random
import re
from collections import Counter
from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Store

from aggregate_queries import Query, make_shape
from column_comparison import Answer, ask_store, find_difference
from column_data import awkward_quads, load_lines, write_lines
from known_data import XSD, Known
from kzgraph.sparql.lexer import tokens
from query_pieces import Piece, piece, restyle, shrink, simplifications, spare, text_of

SHAPES = 300
DECIMAL = NamedNode(XSD + "decimal")
#: What queries have, among much else.
FEATURES = frozenset(
    {
        *("COUNT", "SUM", "AVG", "MIN", "MAX", "COUNT(*)", "DISTINCT in aggregate", "GROUP BY"),
        *("OPTIONAL", "FILTER in OPTIONAL", "nested OPTIONAL", "sequence path", "inverse path"),
        *("join", "join backward", "FILTER", "IN", "LANG", "REGEX", "BOUND", "arithmetic", "error"),
        *("VALUES", "BIND", "UNION", "subquery", "HAVING", "ORDER BY", "LIMIT", "SELECT DISTINCT"),
        *("expression over aggregates", "aggregate of an expression", "GROUP BY expression"),
    }
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    lines = tmp_path_factory.mktemp("awkward") / "lines.nq"
    write_lines(awkward_quads(), lines)
    return load_lines(lines)


@pytest.fixture(scope="module")
def queries(store: Store) -> list[Query]:
    known = Known(store)
    shapes = [make_shape(known, f"sound/{number}") for number in range(SHAPES)]
    return [shape.query(number) for shape in shapes for number in range(2)]


def test_a_seed_stands_for_one_query(store: Store) -> None:
    known = Known(store)
    one, same = (make_shape(known, "x/1").query(0).text for _ in range(2))
    assert one == same != make_shape(known, "x/2").query(0).text


def test_most_queries_are_sound_and_find_something(queries: list[Query], store: Store) -> None:
    answers = [ask_store(store, each.text) for each in queries]
    sound = [each for each in answers if each.refused is None]
    assert len(sound) > 0.9 * len(queries)
    assert sum(any(any(row) for row in each.rows) for each in sound) > 0.4 * len(queries)


def test_queries_have_all_that_is_looked_for(queries: list[Query]) -> None:
    counts = Counter(feature for each in queries for feature in each.features)
    assert counts.keys() >= FEATURES


def test_queries_of_a_shape_differ_in_constants_alone(store: Store) -> None:
    known = Known(store)
    pairs = [
        [
            replace(make_shape(known, f"pair/{seed}").query(number), style="").text
            for number in (0, 1)
        ]
        for seed in range(100)
    ]
    assert sum(one != other for one, other in pairs) > 30
    names = re.compile(r"\?\w+")
    assert all(names.findall(one) == names.findall(other) for one, other in pairs)


def test_another_style_is_the_same_query(queries: list[Query]) -> None:
    styled = 0
    for query in queries:
        plain = replace(query, style="").text
        if "\\u" not in plain:
            other = restyle(plain, random.Random(query.style))  # noqa: S311 - nothing secret
            assert _signs(other) == _signs(plain)
            styled += other != plain
    assert styled > len(queries) / 2


def _signs(text: str) -> list[str]:
    return [each.text.lower().replace("$", "?") for each in tokens(text)]


def test_a_query_is_shrunk_to_what_matters() -> None:
    tree = piece("a", spare("b", spare("c"), "d"), spare("e"), spare("f", spare("g")))
    assert text_of(tree) == "a b c d e f g"
    assert text_of(shrink(tree, lambda each: "c" in text_of(each))) == "a b c d"
    assert text_of(shrink(tree, lambda each: "g" in text_of(each))) == "a f g"
    assert all(text_of(each) != text_of(tree) for each in simplifications(tree))


ROWS = ((Literal(1), Literal("a")), (Literal(2), Literal("b")), (Literal(2), Literal("c")))
ORDERED = Piece(("ORDER BY ?x",), tag="order", keys=("x",))
CUT = Piece(("LIMIT", "2"), tag="limit")


def _query(*behind: Piece) -> Query:
    values = 'SELECT ?x ?y { VALUES (?x ?y) { (1 "a") (2 "b") (2 "c") } }'
    return Query(piece(values, *behind), frozenset())


@pytest.mark.parametrize("behind", [(), (ORDERED,), (CUT,), (ORDERED, CUT)])
def test_a_right_answer_is_no_difference(behind: tuple[Piece, ...]) -> None:
    rows = ROWS[:2] if CUT in behind else ROWS
    assert find_difference(_query(*behind), Answer(("x", "y"), rows), Store()) is None


def test_rows_that_tie_may_change_places() -> None:
    one, two, three = ROWS
    ordered = _query(ORDERED, CUT)
    assert find_difference(ordered, Answer(("x", "y"), (one, three)), Store()) is None
    assert find_difference(_query(CUT), Answer(("x", "y"), (three, two)), Store()) is None


@pytest.mark.parametrize(
    ("behind", "answer"),
    [
        ((), Answer(("x", "y"), ROWS[:2])),
        ((), Answer(("x", "y"), (*ROWS, ROWS[0]))),
        ((), Answer(("x", "y"), (ROWS[0], ROWS[0], ROWS[1]))),
        ((), Answer(("y", "x"), ROWS)),
        ((), Answer(("x", "y"), ((Literal("1", datatype=DECIMAL), Literal("a")), *ROWS[1:]))),
        ((), Answer(("x", "y"), ((Literal(1), None), *ROWS[1:]))),
        ((), Answer(("x", "y"), ((Literal(1), Literal("a", language="en")), *ROWS[1:]))),
        ((), Answer(refused="400")),
        ((ORDERED,), Answer(("x", "y"), ROWS[::-1])),
        ((CUT,), Answer(("x", "y"), ROWS)),
        ((CUT,), Answer(("x", "y"), ROWS[:1])),
        ((ORDERED, CUT), Answer(("x", "y"), ROWS[1:])),
    ],
)
def test_a_wrong_answer_is_a_difference(behind: tuple[Piece, ...], answer: Answer) -> None:
    assert find_difference(_query(*behind), answer, Store()) is not None


def test_an_answer_to_what_the_store_refuses_is_a_difference() -> None:
    query = Query(piece("SELECT ?x ?y { SERVICE <x:> { } }"), frozenset())
    assert find_difference(query, Answer(("x", "y"), ROWS), Store()) is not None
    assert find_difference(query, Answer(refused="400"), Store()) is None
