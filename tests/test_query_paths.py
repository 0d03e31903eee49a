"""Whether a query takes the thin path or the whole analysis, what comes of it is the same.

The words that keep a query off the thin path are gathered from the rules; here each rule is shown
to have named enough of them.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.sparql import evaluation
from kzgraph.sparql.analysis import WORDS, analyse, analyse_whole, is_thin
from kzgraph.sparql.dataset import View
from kzgraph.sparql.job import Job
from kzgraph.sparql.refusals import Refusal
from query_answers import EX, Answer, answer, data
from test_store_faults import REFUSED, WRONG

#: Queries that nothing has to be done about.
PLAIN = [
    'SELECT ?s ?l WHERE { ?s a ?t ; rdfs:label ?l FILTER(STR(?l) != "7") } LIMIT 10',
    "ASK { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DESCRIBE <http://example.org/a>",
    "SELECT ?s ?country { ?s :v ?country ; :summary ?sample ; :count ?count }",
    "SELECT ?x { ?s :p/:p ?x OPTIONAL { ?x :v ?v } FILTER(!BOUND(?v)) }",
    "SELECT?x{?s?p?x}",
    "SELECT ?s { ?s :v ?o FILTER :g (?o/2) }",
]
#: Queries that are volatile, name a data set, or hold a call.
OTHERS = [
    "SELECT (NOW() AS ?x) {}", "SELECT (RAND() AS ?x) {}", "SELECT (UUID() AS ?x) {}",
    "SELECT (STRUUID() AS ?x) {}", "SELECT (BNODE() AS ?x) {}",
    'SELECT ?x { VALUES ?x { "15" 10 2 } } ORDER BY ?x',
    "SELECT (NOW #c\n() AS ?x) {}", "SELECT (now\t( ) AS ?x) {}",
    "SELECT ?s FROM :g1 { ?s ?p ?o }", "SELECT ?s from#x\n named :g1 { graph ?g { ?s ?p ?o } }",
    "SELECT ?s { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT ?s { ?s :p? ?o }", "SELECT ?o { :nope :p? ?o }", "SELECT ?o { :nope :p?\n?o }",
    "SELECT ?o { :nope :p??o }", "SELECT ?o { ?o (:p?)/:q? :nope }",
    r'SELECT ?s { ?s ?p "\u0031" }', r"SELECT ?\u0073 { ?s ?p ?o }", r'ASK { ?s ?p "\q" }',
    "SELECT ?s { ?s nope:p ?o }", "SELECT ?s { ?s ?p }", "SELECT ?s { ?s ?p ?o", "INSERT DATA {}",
    "SELECT (" + "(" * 120 + "1" + ")" * 120 + " AS ?x) {}", "SELECT ?s { FILTER(" + "!" * 101
    + "true) }", "SELECT (" + "-" * 101 + "1 AS ?x) {}", "SELECT ?x { ?s " + "^" * 101 + ":p ?x }",
]  # fmt: skip
EVERY = [*PLAIN, *OTHERS, *WRONG, *REFUSED]


def outcome(query: str) -> Answer | str:
    try:
        return answer(query)
    except Problem as problem:
        return problem.detail


def whole(query: str, monkeypatch: pytest.MonkeyPatch) -> Answer | str:
    """What comes of `query` where every query is looked through token by token."""
    with monkeypatch.context() as patched:
        patched.setattr(evaluation, "analyse", analyse_whole)
        return outcome(query)


def ordered(found: Answer | str) -> bool | str | list[object]:
    return found if isinstance(found, bool | str) else sorted(found, key=repr)


VOLATILE = ("NOW", "now", "RAND", "UUID", "BNODE()")


@pytest.mark.parametrize("query", EVERY)
def test_both_paths_lead_to_the_same(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    thin, slow = outcome(query), whole(query, monkeypatch)
    if not any(word in query for word in VOLATILE):
        assert ordered(thin) == ordered(slow)


@pytest.mark.parametrize("query", EVERY)
@pytest.mark.parametrize("seed", range(3))
def test_the_same_query_in_other_letters_takes_the_same_path(query: str, seed: int) -> None:
    """Case, comments and white space neither hide a word nor make one."""
    changed = disguise(query, random.Random(seed))  # noqa: S311 - the same in every run
    if not is_thin(query, 100):
        assert not is_thin(changed, 100), changed


def disguise(query: str, chance: random.Random) -> str:
    """`query` with other letters in its words, and comments in its spaces."""
    found = []
    for character in query:
        if character == " " and chance.random() < 0.5:
            found.append(chance.choice(["\t", "\n", " # and\n", "\r\n  "]))
        else:
            found.append(chance.choice([character.lower(), character.upper(), character]))
    return "".join(found)


@pytest.mark.parametrize("query", PLAIN)
def test_a_plain_query_is_thin(query: str) -> None:
    assert is_thin(query, 100)


class NoStore:
    """A data set that holds nothing, so that every rule that can apply does."""

    def named_graphs(self) -> list[str]:
        return [f"{EX}g1", f"{EX}g2"]

    def holds(self, condition: str) -> bool:
        return False


PIECES = [
    "SELECT", "?s", "?o", "DISTINCT", "{", "}", "?s ?p ?o", ".", ";", ":p", ":q", "?", "*", "+",
    "(", ")", "AS ?x", "FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", ":g", "VALUES ?x { 1 }",
    "BIND(1 AS ?y)", "GROUP BY ?s", "ORDER BY", "LIMIT 1", "FROM", "NOW()", "COUNT(?s)", "MIN(?o)",
    "COUNT", "(?s/2)", "DESCRIBE",
    "REGEX(?o, 'a')", "REPLACE(?o, 'a', 'b')", "BNODE(?s)", "GROUP_CONCAT(?s)", "'a'", '"b"@en',
    "# c\n", "\\u0061", "^", "|", "/", "!", "<a:b>", "[]", "1", "SERVICE", "RAND ( )",
]  # fmt: skip


@settings(max_examples=3000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join))
def test_on_a_thin_query_the_whole_analysis_finds_nothing(middle: str) -> None:
    query = f"SELECT ?s WHERE {{ {middle} }}"
    if not is_thin(query, 100):
        return
    found = analyse_whole(query, {*PREFIXES, ""}, 100)
    assert not found.volatile
    assert not found.datasets
    assert found.columns is None
    assert found.rewrite(NoStore()) == query


def test_every_word_of_the_list_is_needed() -> None:
    """A word that no case needs stands for nothing."""
    cases = [*OTHERS, *WRONG, *REFUSED]
    for word in WORDS:
        others = [each for each in WORDS if each != word]
        assert any(
            word in case.lower() and not any(other in case.lower() for other in others)
            for case in cases
        ), word


def test_the_thin_path_makes_no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    def tokens(text: str) -> None:
        raise AssertionError(text)

    monkeypatch.setattr("kzgraph.sparql.analysis.tokens", tokens)
    assert analyse(PLAIN[0], PREFIXES, 100).thin
    assert View(data(), None, "").ask(PLAIN[0])
    with pytest.raises(AssertionError):
        analyse(f"{PLAIN[0]} # order", PREFIXES, 100)


def test_a_refusal_names_its_place_in_the_text_of_its_author() -> None:
    with pytest.raises(Refusal) as caught:
        analyse("SELECT * { ?s ?p ?o }\n# order\nSERVICE", PREFIXES, 100)
    assert caught.value.start == 30


def test_a_query_that_nests_too_deep_for_a_generous_operator_is_refused() -> None:
    depth = 900
    query = "SELECT ?s { " + "{ " * depth + "?s ?p ?o FILTER(MIN(1) = 1)" + "} " * depth + "}"
    job = Job(query, (), (), offers=(), timeout=10)
    with pytest.raises(Problem, match="nests too deep"):
        evaluation.ask(job, data(), 2 * depth)
