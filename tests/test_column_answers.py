"""What columns answer they answer as the store does; and what they leave to it.

One case for each kind of thing that a query may ask. `test_generated_aggregates` and the tests
beside it ask thousands of others.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from column_comparison import Answer, ask_columns, ask_store
from kzgraph.columns.column_answers import Columns
from kzgraph.columns.column_file import open_locked
from kzgraph.columns.column_tables import write_columns
from kzgraph.columns.file_facts import FileFacts
from kzgraph.prefixes import PREDECLARED
from kzgraph.sparql.analysis import analyse

PROLOGUE = """\
PREFIX : <http://example.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
#: `:count` is of integers, `:rate` of decimals, `:value` of both; `:mixed` also of texts. One
#: triple is in both graphs, some figures lack a value, and one has two.
FIRST = f"""{PROLOGUE}
:f1 a :Figure ; :in :a ; :year 2018 ; :count 10 ; :rate 0.5 ; :value 3 ; :mixed 5 .
:f2 a :Figure ; :in :a ; :year 2019 ; :count -4 ; :rate 1.25 ; :value 4.5 ; :mixed "five" .
:f3 a :Figure ; :in :b ; :year 2018 ; :count 7, 9 ; :value 1.0 ; :mixed 2.5 .
:f4 a :Figure ; :in :c ; :year 2020 ; :rate -0.333 ; :value 1 .
:f5 a :Other ; :in :c ; :count 1 ; :year "2018" .
:a rdfs:label "A"@en, "Б"@ru ; :within :north . :b rdfs:label "B"@en ; :within :north .
:c rdfs:label "C", "C"@en ; :within :south . :north rdfs:label "North"@en .
:f1 :day "2018-02-03"^^xsd:date . :f2 :day "2017-12-31"^^xsd:date, "2018-02-03"^^xsd:date .
:f1 :moment "2018-02-03Z"^^xsd:date . :f2 :moment "2017-12-31"^^xsd:date .
:x1 :first 1 ; :second :p ; :third 3 . :x2 :first 2 ; :second :q ; :third 2 .
:x3 :first 3 ; :second :q ; :third 1 . :x4 :first 4 ; :second :p ; :third 1 .
:large :huge 9223372036854775807 . :larger :huge 1 .
[] :in :a ; :count 2 . :f1 :source [ :year 2018 ] .
"""
SECOND = f"{PROLOGUE} :f1 :in :a ; :count 10 . :f2 :in :b ."

ANSWERED = [
    # Patterns.
    "SELECT (COUNT(*) AS ?n) { ?f a :Figure }",
    "SELECT (COUNT(*) AS ?n) { ?f :in :a }",
    "SELECT (COUNT(*) AS ?n) { ?f :in :nowhere }",
    "SELECT (COUNT(*) AS ?n) { ?f :unknown ?v }",
    "SELECT (SUM(?c) AS ?n) { ?f :in :b ; :year 2018 ; :count ?c }",
    "SELECT ?l (SUM(?c) AS ?n) { ?f :in ?p ; :count ?c . ?p rdfs:label ?l } GROUP BY ?l",
    "SELECT ?r (COUNT(?f) AS ?n) { ?f :in/:within ?r } GROUP BY ?r",
    "SELECT ?r (COUNT(*) AS ?n) { ?r ^(:in/:within) ?f } GROUP BY ?r",
    "SELECT (COUNT(*) AS ?n) { [] :in ?p ; :count 2, ?c }",
    "SELECT (COUNT(*) AS ?n) { ?f :source [ :year ?y ] }",
    'SELECT (COUNT(*) AS ?n) { ?p rdfs:label "A"@en . ?f :year "2018" }',
    "SELECT (COUNT(*) AS ?n) { ?f :rate 0.50 ; :year 2018 . ?g :value 1.0 }",
    "SELECT (COUNT(*) AS ?n) { ?f :value ?v . ?g :year ?v }",
    # `:first`, `:second` and `:third` have the same subjects, each once: see `are_aligned`.
    "SELECT ?b (SUM(?a) AS ?n) (MAX(?c) AS ?m) { ?x :first ?a ; :second ?b ; :third ?c } "
    "GROUP BY ?b",
    "SELECT (SUM(?a) AS ?n) { ?x :first ?a ; :second :q ; :third ?c FILTER(?c > 1) }",
    "SELECT (COUNT(*) AS ?n) { ?x :first ?a ; :third ?a }",
    "SELECT (COUNT(*) AS ?n) { ?x :first ?a . ?y :third ?a ; :second ?b . ?x :second ?b }",
    "SELECT (COUNT(*) AS ?n) { ?x :first ?a ; :first ?b ; :third ?c }",
    "SELECT (COUNT(?c) AS ?n) { ?x :first ?a ; :second ?b OPTIONAL { ?x :third ?c ; :first ?a "
    "FILTER(?c != 2) } }",
    # OPTIONAL, UNION, VALUES, BIND, subqueries.
    "SELECT ?f (COUNT(?c) AS ?n) (SUM(?c) AS ?s) { ?f a :Figure OPTIONAL { ?f :count ?c } } "
    "GROUP BY ?f",
    "SELECT ?c (COUNT(*) AS ?n) { ?f :in ?p OPTIONAL { ?f :count ?c FILTER(?c > 8) } } GROUP BY ?c",
    "SELECT (COUNT(?l) AS ?n) { ?f :year ?y OPTIONAL { ?f :in ?p OPTIONAL { ?p rdfs:label ?l "
    'FILTER(LANG(?l) = "en") } } }',
    "SELECT (COUNT(?c) AS ?n) { ?f :year ?y OPTIONAL { ?f :count ?c FILTER(?c < ?y) } }",
    "SELECT ?x (COUNT(*) AS ?n) { { ?x :rate ?c } UNION { ?f :in ?x } } GROUP BY ?x",
    "SELECT ?p (SUM(?c) AS ?n) { VALUES ?p { :a :c :d } ?f :in ?p ; :count ?c } GROUP BY ?p",
    "SELECT (SUM(?c) AS ?n) { VALUES (?p ?y) { (:a 2018) (:a 2018) } ?f :in ?p ; :count ?c ; "
    ":year ?y }",
    "SELECT (SUM(?x) AS ?n) { ?f :in ?p ; :count ?c BIND(IF(?p = :a, ?c, 0) AS ?x) }",
    "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?p { ?f :in ?p ; :count ?c } } }",
    'SELECT (MIN(?y) AS ?n) { VALUES ?y { "2018"^^xsd:integer } ?f :year ?y }',
    "SELECT ?v (COUNT(?f) AS ?n) { VALUES ?v { 1 1.0 -4 4.50 } OPTIONAL { ?f :value ?v } } "
    "GROUP BY ?v",
    "SELECT (COUNT(*) AS ?n) { ?f :count -4 }",
    # Filters.
    "SELECT (COUNT(*) AS ?n) { ?f :count ?c FILTER(?c >= 2 && !(?c = 9) || ?c < -3.5) }",
    "SELECT (COUNT(*) AS ?n) { ?f :value ?v FILTER(?v = 1) }",
    "SELECT (COUNT(*) AS ?n) { ?f :value ?v FILTER(?v IN (1.0, 3, 4.5)) }",
    "SELECT (COUNT(*) AS ?n) { ?f :count ?c FILTER(?c NOT IN (10, 7)) }",
    "SELECT (COUNT(*) AS ?n) { ?f :count ?c FILTER(?c IN ()) }",
    "SELECT (COUNT(*) AS ?n) { ?f :in ?p FILTER(?p IN (:a, :d)) FILTER(?f != :f1) }",
    "SELECT (COUNT(*) AS ?n) { ?f :mixed ?m FILTER(?m > 2) }",
    "SELECT (COUNT(*) AS ?n) { ?f :mixed ?m FILTER(!(?m > 3)) }",
    'SELECT ?p (COUNT(?l) AS ?n) { ?p rdfs:label ?l FILTER(LANG(?l) != "en") } GROUP BY ?p',
    'SELECT (COUNT(*) AS ?n) { ?p rdfs:label ?l FILTER(REGEX(?l, "^[a-b]", "i")) }',
    'SELECT (COUNT(*) AS ?n) { ?f :in ?p ; :year ?y FILTER(STRENDS(STR(?p), "/a")) }',
    "SELECT (COUNT(*) AS ?n) { ?f :year ?y OPTIONAL { ?f :rate ?r } FILTER(!BOUND(?r)) }",
    "SELECT (COUNT(*) AS ?n) { ?f :count ?c FILTER(?c > 1e1) }",
    "SELECT (COUNT(*) AS ?n) { ?f :count ?c ; :in ?p FILTER(?c * 2 - 1 > 10) }",
    # Aggregates.
    "SELECT (SUM(?v) AS ?s) (AVG(?v) AS ?a) (COUNT(DISTINCT ?v) AS ?n) { ?f :count ?v }",
    "SELECT (SUM(?v) AS ?s) (AVG(?v) AS ?a) (MIN(?v) AS ?i) (MAX(?v) AS ?x) { ?f :rate ?v }",
    "SELECT (SUM(?v) AS ?s) (AVG(?v) AS ?a) (MAX(?v) AS ?x) { ?f :value ?v }",
    "SELECT ?y (SUM(?v) AS ?s) (MIN(?v) AS ?i) { ?f :value ?v ; :year ?y } GROUP BY ?y",
    "SELECT (SUM(DISTINCT ?v) AS ?s) (AVG(DISTINCT ?v) AS ?a) { ?f :count ?v }",
    "SELECT (SUM(?v) AS ?s) (AVG(?v) AS ?a) (MIN(?v) AS ?i) (COUNT(?v) AS ?n) "
    "{ ?f :in :nowhere ; :count ?v }",
    "SELECT (SUM(?c + ?y) AS ?s) { ?f :count ?c ; :year ?y FILTER(?y > 0) }"
    " GROUP BY ?f HAVING(SUM(?c) > 0)",
    "SELECT ?p { ?f :in ?p } GROUP BY ?p",
    "SELECT (COUNT(?m + 1) AS ?n) (COUNT(DISTINCT LANG(?l)) AS ?m) { ?f :mixed ?m ; :in ?p . "
    "?p rdfs:label ?l }",
    "SELECT (SUM(xsd:integer(?y)) AS ?n) (SUM(?p) AS ?u) { ?f :year ?y ; :in ?p }",
    "SELECT (SUM(?c / 4) AS ?n) (AVG(-?c) AS ?a) (MAX(?c - ?r) AS ?m) { ?f :count ?c OPTIONAL "
    "{ ?f :rate ?r } }",
    "SELECT (MIN(COALESCE(?r, ?c, 0)) AS ?n) { ?f :year ?y OPTIONAL { ?f :rate ?r } OPTIONAL "
    "{ ?f :count ?c } FILTER(?f != :f2) }",
    "SELECT (MIN(?d) AS ?n) (MAX(?d) AS ?m) { ?f :day ?d OPTIONAL { ?f :count ?c } }",
    "SELECT (SUM(?c) AS ?n) (MAX(?c) AS ?m) { ?f :count ?c OPTIONAL { ?f :rate ?c } }",
    "SELECT (SUM(?c) AS ?n) { ?g :year ?y { SELECT ?y (COUNT(*) AS ?c) { ?f :year ?y } "
    "GROUP BY ?y } }",
    "SELECT ?f (MIN(?d) AS ?n) { ?f a :Figure OPTIONAL { ?f :day ?d } } GROUP BY ?f",
    # Groups by expressions, and groups within groups.
    "SELECT ?y (COUNT(*) AS ?n) { ?f :year ?z } GROUP BY (xsd:integer(?z) - 2000 AS ?y)",
    "SELECT ?l (COUNT(*) AS ?n) { ?p rdfs:label ?t } GROUP BY (LANG(?t) AS ?l) ORDER BY ?l",
    "SELECT (COUNT(*) AS ?n) { ?p rdfs:label ?t } GROUP BY STRLEN(?t)",
    "SELECT (MAX(?s) AS ?m) (AVG(?n) AS ?a) { { SELECT ?p (SUM(?c) AS ?s) (COUNT(*) AS ?n) "
    "{ ?f :in ?p ; :count ?c } GROUP BY ?p } ?p :within :north }",
    "SELECT ?p ?s (?s + 1 AS ?t) { ?p :within ?w { SELECT ?p (AVG(?c) AS ?s) "
    "{ ?f :in ?p ; :count ?c } GROUP BY ?p } } ORDER BY ?p",
    "SELECT * { { SELECT (SUM(?c) AS ?s) { ?f :in :nowhere ; :count ?c } } ?p :within ?w }",
    # What is asked of groups.
    "SELECT ?p (ROUND(AVG(?c)) AS ?a) { ?f :in ?p ; :count ?c } GROUP BY ?p "
    "HAVING (COUNT(*) > 1 && ?p != :c) ORDER BY DESC(?a)",
    "SELECT (MAX(?c) - MIN(?c) AS ?d) ?p { ?f :in ?p ; :count ?c } GROUP BY ?p ORDER BY ?d ?p "
    "LIMIT 2 OFFSET 1",
    "SELECT DISTINCT (COUNT(*) AS ?n) { ?f :in ?p } GROUP BY ?p",
    "SELECT (SUM(?c) AS ?c) { ?f :count ?c }",
    "SELECT (Count(*) AS ?n) (count( * ) AS ?m) { ?f :count ?c }",
]

#: With what is said of the reason.
LEFT = {
    "SELECT * { ?f :count ?c }": "no groups",
    "SELECT (SUM(?v) AS ?s) { ?f :huge ?v }": "a sum",
    "SELECT (MIN(?v) AS ?s) { ?f :value ?v FILTER(?v = 1) }": "equal",
    "SELECT (MIN(?d) AS ?n) { ?f :moment ?d }": "number",
    "SELECT (GROUP_CONCAT(?c) AS ?s) { ?f :count ?c }": "GROUP_CONCAT",
    "SELECT (SAMPLE(?c) AS ?s) { ?f :count ?c }": "SAMPLE",
    "SELECT (COUNT(*) AS ?n) { ?f :in|:within ?p }": "path",
    "SELECT (COUNT(*) AS ?n) { ?f :in/:within* ?p }": "path",
    "SELECT (COUNT(*) AS ?n) { ?f !:in ?p }": "property",
    "SELECT (COUNT(*) AS ?n) { ?f ?p ?o }": "property",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?f :in ?p } }": "Graph",
    "SELECT (COUNT(*) AS ?n) FROM <http://example.org/1> { ?f :in ?p }": "data set",
    "SELECT (COUNT(*) AS ?n) { ?f :in ?p MINUS { ?f :count ?c } }": "Minus",
    "SELECT (COUNT(*) AS ?n) { ?f :in ?p FILTER EXISTS { ?f :count ?c } }": "EXISTS",
    "SELECT (COUNT(*) AS ?n) { ?f :in ?p FILTER(RAND() < 2) }": "another",
    "SELECT (COUNT(*) AS ?n) { ?f :in ?p OPTIONAL { ?p :within ?w } ?w rdfs:label ?l }": "unbound",
    "SELECT ?f (COUNT(*) AS ?n) { ?f :in :a } GROUP BY ?f": "blank node",
    "SELECT ?x (COUNT(*) AS ?n) { ?f :in ?p } GROUP BY ?p": "refuses",
    'SELECT (SUM(IF(CONTAINS(STR(?f), ""), ?v, -10) - ?v) AS ?n) { ?f :value ?v }': "too often",
}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Columns]:
    folder = tmp_path_factory.mktemp("columns")
    store = Store()
    for number, text in enumerate((FIRST, SECOND)):
        graph = NamedNode(f"http://example.org/{number}")
        store.load(text, format=RdfFormat.TURTLE, to_graph=graph)
    return store, Columns(write(store, folder), 256)


def write(store: Store, folder: Path) -> Path:
    """The file of columns of a store."""
    lines = folder / "lines.nq"
    lines.write_text("".join(sorted(f"{quad} .\n" for quad in store)), "utf-8")
    write_columns(lines, folder / "columns.duckdb", "1")
    return folder / "columns.duckdb"


def comparable(answer: Answer | None, ordered: bool) -> object:
    assert answer is not None
    rows = answer.rows if ordered else tuple(sorted(answer.rows, key=str))
    return answer.refused, answer.names, rows


@pytest.mark.parametrize("query", ANSWERED)
def test_columns_answer_as_the_store_does(asked: tuple[Store, Columns], query: str) -> None:
    store, columns = asked
    text = PROLOGUE + query
    ordered = "ORDER BY" in query
    expected = comparable(ask_store(store, text), ordered)
    assert comparable(ask_columns(columns, text), ordered) == expected
    assert comparable(ask_columns(columns, text), ordered) == expected  # by its plan


@pytest.mark.parametrize("query", LEFT)
def test_columns_leave_to_the_store(asked: tuple[Store, Columns], query: str) -> None:
    _, columns = asked
    assert ask_columns(columns, PROLOGUE + query) is None
    reason = columns.explain(analyse(PROLOGUE + query, PREDECLARED.keys(), 100))
    assert isinstance(reason, str)
    assert LEFT[query] in reason


def test_tables_with_the_same_subjects_are_joined_row_by_row(
    asked: tuple[Store, Columns], tmp_path: Path
) -> None:
    store, _ = asked
    names = [f"http://example.org/{name}" for name in ("first", "second", "third")]
    pairs = [(one, other) for one in names for other in names if one != other]
    facts = FileFacts(open_locked(write(store, tmp_path), 256))
    assert all(facts.are_aligned(*pair) for pair in pairs)
    others = ("in", "count", "year", "rate", "within", "unknown")
    assert not any(facts.are_aligned(names[0], f"http://example.org/{each}") for each in others)


def test_queries_of_a_shape_share_a_plan(asked: tuple[Store, Columns]) -> None:
    store, columns = asked
    query = (
        "SELECT ?p (SUM(?c) AS ?n) { ?f :in ?p ; :year YEAR ; :count ?c . "
        "FILTER(?p != NAME && ?c > LEAST) } GROUP BY ?p"
    )
    for year, name, least in (("2018", ":a", "1"), ("2019", ":b", "-9"), ("02018", ":zz", "9")):
        text = query.replace("YEAR", year).replace("NAME", name).replace("LEAST", least)
        got = ask_columns(columns, PROLOGUE + text)
        assert comparable(got, False) == comparable(ask_store(store, PROLOGUE + text), False)


def ask_labels(columns: Columns, numbers: Iterable[int]) -> list[Answer | None]:
    """The answers to queries each of which has an expression of its own."""
    query = "SELECT (COUNT(*) AS ?n) { ?p rdfs:label ?l FILTER(STRLEN(?l) < NUMBER) }"
    return [ask_columns(columns, PROLOGUE + query.replace("NUMBER", str(each))) for each in numbers]


def test_tables_of_expressions_stay_within_their_share_of_the_memory(
    asked: tuple[Store, Columns], tmp_path: Path
) -> None:
    columns = Columns(write(asked[0], tmp_path), 8)
    answers = ask_labels(columns, range(100, 400))
    assert answers == ask_labels(asked[1], [100]) * 300
    taken = dict(
        columns._database.execute("SELECT tag, memory_usage_bytes FROM duckdb_memory()").fetchall()
    )
    assert 2**20 < taken["IN_MEMORY_TABLE"] <= 2.2 * 2**20


def test_what_is_kept_of_other_queries_never_ends_one(
    asked: tuple[Store, Columns], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = Columns(write(asked[0], tmp_path), 16)
    ask_labels(columns, range(3))
    compute, kept = Columns._compute_rows, list[int]()

    def fail_at_first(self: Columns, *about: Any) -> str:
        kept.append(len(self._tables._made))
        if len(kept) == 1:
            raise duckdb.OutOfMemoryException("no block is left")
        return compute(self, *about)

    monkeypatch.setattr(Columns, "_compute_rows", fail_at_first)
    assert ask_labels(columns, [100]) == ask_labels(asked[1], [100])
    assert kept[:2] == [3, 0]


def test_a_statement_that_the_database_cannot_plan_is_left_to_the_store(
    asked: tuple[Store, Columns], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns, tried = Columns(write(asked[0], tmp_path), 16), list[int]()

    def fail(*_: object) -> str:
        tried.append(1)
        raise duckdb.InternalException("a column reference is not bound")

    with monkeypatch.context() as patched:
        patched.setattr(Columns, "_compute_rows", fail)
        assert ask_labels(columns, [100, 200]) == [None, None]
    assert len(tried) == 1, "what is known of a shape is not tried again"
    assert ask_labels(columns, [300]) == [None]
    other = PROLOGUE + "SELECT (COUNT(*) AS ?n) { ?f :in :a }"
    assert ask_columns(columns, other) == ask_columns(asked[1], other)
