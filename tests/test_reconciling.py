"""Names are matched with things: precisely first, and then as many as can be."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store

from kzgraph.iri import BASE
from kzgraph.prefixes import PREFIXES
from kzgraph.reconciling import Constraint, Matcher, Properties, find_types
from kzgraph.release import find_current
from kzgraph.search import Found, Index, write_index
from reconciling_names import OURS, measure, read_cases

COUNTRIES = find_types(["country"])[0].kinds

#: Two bodies of one name, one of which has a code; a country, and what is like others elsewhere.
TRIG = """
GRAPH <graph/entities> {
  <id/country/ZMB> a schema:Country ; rdfs:label "Zambia"@en, "Замбия"@ru .
  <id/country/SVK> a schema:Country ; rdfs:label "Slovakia"@en .
  <id/country/NGA> a schema:Country ; rdfs:label "Nigeria"@en, "Нигерия"@ru .
  <id/country/COG> a schema:Country ; rdfs:label "Congo"@en .
  <id/organisation/one> a org:Organization ; rdfs:label "Water Council"@en ;
    kzg:kind <id/organisation-kind/body> ; skos:altLabel "WACO"@en .
  <id/organisation/two> a org:Organization ; rdfs:label "Water Council"@en .
  <id/organisation/three> a org:Organization ; rdfs:label "Board of Long Rivers"@en .
  <id/organisation-kind/body> a skos:Concept ; rdfs:label "public body"@en .
}
GRAPH <graph/links> {
  <id/organisation/two> skos:notation "W-2"^^kzg:lei .
  <id/country/ZMB> owl:sameAs <http://www.wikidata.org/entity/Q953> ;
    skos:notation "ZM"^^kzg:iso3166Alpha2 .
  <id/country/SVK> skos:closeMatch <http://www.wikidata.org/entity/Q214> ;
    skos:notation "SK"^^kzg:iso3166Alpha2 .
  <id/country/NGA> skos:notation "NG"^^kzg:iso3166Alpha2 .
  <id/country/COG> skos:notation "CG"^^kzg:iso3166Alpha2 .
  <id/dataset/wikidata> a void:Dataset ; void:uriSpace "http://www.wikidata.org/entity/" .
}
"""


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    store.load(declared + TRIG, RdfFormat.TRIG, base_iri=BASE)
    return store


@pytest.fixture(scope="module")
def matcher(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    path = tmp_path_factory.mktemp("reconciling") / "search.sqlite"
    write_index(store, path, "1.0-test")
    return Matcher(Index(path), store)


def matched(matcher: Matcher, text: str, *constraints: Constraint) -> str:
    """The identifier of what a text is matched with; nothing for none."""
    found = matcher.match(text, constraints=constraints).candidates
    return next((each.id for each in found if each.match), "")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Zambia", "country/ZMB"),
        ("ZAMBIA", "country/ZMB"),
        ("Zambai", "country/ZMB"),
        ("Замбии", "country/ZMB"),
        ("Zambija", "country/ZMB"),
        ("Republic of Zambia", "country/ZMB"),
        ("country/ZMB", "country/ZMB"),
        ("https://w3id.org/kzgraph/id/country/ZMB", "country/ZMB"),
        ("Q953", "country/ZMB"),
        ("http://www.wikidata.org/entity/Q953", "country/ZMB"),
        ("https://www.wikidata.org/wiki/Q953#identifiers", "country/ZMB"),
        # What a table has beside a name: notes, numbers of rows, codes.
        *(
            (text, "country/ZMB")
            for text in ("Zambia\u00b9", "Zambia [2]", "Zambia (1)", "2. Zambia")
        ),
        *((text, "country/ZMB") for text in ("Zambia (ZM)", "zm - Zambia")),
        ("Slovakia (ZM)", ""),
        ("Slovensko", "country/SVK"),
        ("Board of Long Rivrs", "organisation/three"),
        ("Long Rivers, Board of", "organisation/three"),
        ("B. of Long Riv.", ""),
        ("Bd. of Long Riv.", ""),
        ("Board of Long Riv.", "organisation/three"),
        ("Борд оф Лонг Риверс", ""),
    ],
)
def test_a_name_is_matched_however_it_is_written(matcher: Matcher, text: str, meant: str) -> None:
    assert matched(matcher, text) == meant


@pytest.mark.parametrize(
    "text",
    [
        # Other countries, in letters near to those that are there.
        *("Gambia", "Slovenia", "Niger", "Нигер", "Словения", "Gabia"),
        # Two have the name, and it is not told which is meant.
        "Water Council",
        "Water Counil",
        # The word is in the name of another country too, or the rest is what tells it.
        *("Democratic Republic of the Congo", "Democratic Republic of Congo", "Congo (Kinshasa)"),
        # Something of the name is missing, or something is there that it has not.
        *("Long Rivers", "Board of Long Lakes", "Board of Long Rivers and Lakes", "Board"),
        # Short abbreviations have no spelling.
        "WAKO",
        # What is nearly the same elsewhere is not the same.
        "Q214",
        # Codes of two letters are words, where nobody says that they are codes.
        "zm",
        *("", "n/a", "—", "2018"),
    ],
)
def test_nothing_is_matched_where_it_is_not_sure(matcher: Matcher, text: str) -> None:
    assert matched(matcher, text) == ""


def test_a_type_makes_a_code_of_what_may_be_a_word(matcher: Matcher) -> None:
    found = matcher.match("ZM", kinds=COUNTRIES).candidates
    assert [(each.id, each.match) for each in found[:1]] == [("country/ZMB", True)]
    assert not matcher.match("ZM", kinds=frozenset()).candidates


def test_things_of_one_name_share_the_score(matcher: Matcher) -> None:
    found = matcher.match("Water Council").candidates
    assert {each.id for each in found[:2]} == {"organisation/one", "organisation/two"}
    assert [each.namesakes for each in found[:2]] == [1, 1]
    assert all(each.score < 70 for each in found)


def test_other_columns_tell_things_of_one_name_apart(matcher: Matcher, store: Store) -> None:
    properties = Properties(store)

    def known(name: str, *values: str) -> Constraint:
        return Constraint(properties[name], values)

    assert matched(matcher, "Water Council", known("lei", "W-2")) == "organisation/two"
    assert matched(matcher, "Water Council", known("kind", "Public body")) == "organisation/one"
    assert matched(matcher, "", known("lei", "w-2")) == "organisation/two"
    # A name that differs a good deal, and a code that tells; another name altogether.
    assert matched(matcher, "Council for Water", known("lei", "W-2")) == "organisation/two"
    assert matched(matcher, "Board of Long Rivers", known("lei", "W-2")) == ""
    # What contradicts, and what nothing is known of.
    assert matched(matcher, "Zambia", known("wikidata", "Q214")) == ""
    assert matched(matcher, "Zambia", known("wikidata", "Q214", "Q953")) == "country/ZMB"
    assert matched(matcher, "Board of Long Rivers", known("wikidata", "Q1")) == "organisation/three"


def test_a_search_that_time_ended_matches_nothing(store: Store, tmp_path: Path) -> None:
    class Interrupted(Index):
        def search(self, query: str, **how: Any) -> Found:
            return replace(super().search(query, **how), complete=False)

    write_index(store, tmp_path / "search.sqlite", "1.0-test")
    found = Matcher(Interrupted(tmp_path / "search.sqlite"), store).match("Zambia")
    assert [(each.id, each.match) for each in found.candidates][:1] == [("country/ZMB", False)]
    assert not found.complete


def test_candidates_come_in_the_order_of_their_scores(matcher: Matcher) -> None:
    for text in ("Congo", "Water Council Rivers", "Slovenia", "Zambia Nigeria"):
        scores = [each.score for each in matcher.match(text, limit=20).candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < each <= 100 for each in scores)


@pytest.fixture(scope="module")
def shipped(shipped_root: Path) -> Matcher:
    release = find_current(shipped_root)
    return Matcher(release.index, release.store)


def test_of_our_names_nothing_is_matched_wrongly(shipped: Matcher) -> None:
    """The names that the matching was made with: benchmarks/bench_reconcile.py has others too."""
    cases = read_cases(OURS)
    assert len(cases) >= 200
    assert sum(not case.expected for case in cases) >= 30
    found = measure(shipped, cases, typed=True)
    assert found.wrong == []
    assert found.whole.matched_right >= 0.97 * found.whole.there
    assert found.whole.first >= 0.99 * found.whole.there
    # A score is never less sure than a lower one.
    right = [by[True] / by.total() for _, by in sorted(found.scores.items()) if by.total() > 9]
    assert right == sorted(right)


def test_without_types_nothing_is_matched_wrongly_either(shipped: Matcher) -> None:
    few = read_cases(OURS)[::6]
    assert measure(shipped, few, typed=False).wrong == []


def test_a_kind_of_thing_may_be_told_apart_by_its_type(shipped: Matcher) -> None:
    assert not any(each.match for each in shipped.match("Kazakhstan Regional Office").candidates)
    for kind in ("organization", "operation"):
        [type_] = find_types([kind])
        found = shipped.match("Kazakhstan Regional Office", kinds=type_.kinds).candidates
        assert found[0].match
        assert found[0].hit.kind in type_.kinds
