"""Numbers per 100,000 inhabitants: of chosen figures and of official totals, and in no sum."""

from collections.abc import Iterable
from functools import cache

import pytest
from pyoxigraph import Quad

from built_graph import built_quads
from kzgraph.iri import graph, term
from kzgraph.namespaces import LABEL
from kzgraph.reasoning import infer
from reasoning_stores import CONTEXT, figure, real_store, select, store_of

CONCEPTS = """
<quantity/stock> kzg:measure <measure/stock> ; kzg:additive true ; kzg:unitKind <unit-kind/people> .
<unit/persons> kzg:unitKind <unit-kind/people> ; kzg:factor 1 .
<population-group/REF> rdfs:label "Refugees"@en, "Bežency"@ru .
<population-group/INH> rdfs:label "Inhabitants"@en, "Žiteli"@ru .
<country/KAZ> rdfs:label "Kazakhstan"@en, "Kazahstan"@ru .
<operation/two> a kzg:Operation ; kzg:area <country/KAZ>, <country/UZB> .
<operation/one> a kzg:Operation ; kzg:area <country/KAZ> .
<derivation/per-capita> rdfs:label "Per 100,000 inhabitants"@en, "na 100 000"@ru .
<dataset/worldbank-population> rdfs:label "Population (World Bank)"@en .
<dataset/unhcr-population> rdfs:label "Population table"@en .
<figure/d/a> dcterms:bibliographicCitation "A document, characters 1-2"@en .
"""


def inhabitants(year: int, value: int, country: str = "KAZ") -> str:
    """The inhabitants of a country in a year, in Turtle."""
    return f"""<official/worldbank-population/{year}/{country}> a kzg:OfficialFigure ;
        qb:dataSet <dataset/worldbank-population> ; kzg:scope <country/{country}> ;
        kzg:country <country/{country}> ; kzg:populationGroup <population-group/INH> ;
        kzg:quantity <quantity/inhabitants> ; kzg:time <time/{year}> ; kzg:year {year} ;
        kzg:officialValue {value} ; kzg:row 2 . """


def cell(origin: str, value: int, year: int = 2018, country: str = "KAZ", **more: str) -> str:
    """A headline stock of refugees from `origin`, in Turtle."""
    quantity = more.get("quantity", "stock")
    kind = more.get("kind", "OfficialHeadlineFigure")
    return f"""<official/unhcr-population/{year}/{country}/{origin}/REF> a kzg:{kind} ;
        qb:dataSet <dataset/unhcr-population> ; kzg:scope <country/{country}> ;
        kzg:country <country/{country}> ; kzg:origin <country/{origin}> ;
        kzg:populationGroup <population-group/REF> ; kzg:quantity <quantity/{quantity}> ;
        kzg:time <time/{year}-12-31> ; kzg:year {year} ; kzg:officialValue {value} ; kzg:row 3 . """


def quads(figures: str, *official: str, more: str = "") -> list[Quad]:
    """What follows from figures beside official ones."""
    return infer(store_of(CONTEXT + CONCEPTS + more + figures), store_of("".join(official), "x"))


PER_CAPITA = "?f kzg:derivation <derivation/per-capita>"


def results(found: Iterable[Quad]) -> list[tuple[str, ...]]:
    """Value, bound and base of each number per inhabitants."""
    query = f"SELECT ?v ?b ?of {{ {PER_CAPITA} ; schema:value ?v ; kzg:bound ?b ; kzg:base ?of }}"
    return [
        (value, bound.removeprefix("bound/"), base.removeprefix("official/worldbank-population/"))
        for value, bound, base in select(found, query)
    ]


# The denominator


@pytest.mark.parametrize(
    ("years", "result"),
    [
        ([2017, 2018, 2019], [("25", "exact", "2018/KAZ")]),
        ([2016, 2017, 2019], [("25", "approximate", "2017/KAZ")]),
        ([2016], [("25", "approximate", "2016/KAZ")]),
        ([2015, 2019], []),
    ],
)
def test_the_inhabitants_are_of_the_year_or_of_the_two_before(
    years: list[int], result: list[tuple[str, ...]]
) -> None:
    given = (inhabitants(year, 2_000_000) for year in years)
    assert results(quads(figure("a", "500"), *given)) == result


@pytest.mark.parametrize(
    ("bound", "year", "result"),
    [
        ("lower", 2018, ["lower"]),
        ("approximate", 2017, ["approximate"]),
        # Too high or too low by any amount: no number.
        ("lower", 2017, []),
        ("", 2018, []),
    ],
)
def test_a_hedge_carries_over(bound: str, year: int, result: list[str]) -> None:
    path = bound and f"bound/{bound}"
    found = quads(figure("a", "500", bound=path, hedge="some"), inhabitants(year, 2_000_000))
    assert [bound for _, bound, _ in results(found)] == result


def test_a_quotient_has_six_significant_digits() -> None:
    found = quads(figure("a", "7690"), inhabitants(2018, 18_276_452))
    assert [value for value, *_ in results(found)] == ["42.076"]


@pytest.mark.parametrize("value", [0, -5])
def test_nothing_is_divided_by_nobody(value: int) -> None:
    assert results(quads(figure("a", "500"), inhabitants(2018, value))) == []


# What is divided


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ({}, 1),
        ({"scope": "operation/one"}, 1),
        ({"scope": "operation/two"}, 0),
        ({"scope": "operation/unknown"}, 0),
        ({"unit": "unit/households"}, 0),
        ({"status": "status/forecast"}, 0),
        ({"time": ""}, 0),
    ],
)
def test_only_people_whom_one_country_counts_are_divided(cell: dict[str, str], number: int) -> None:
    found = quads(figure("a", "500", **cell), inhabitants(2018, 2_000_000))
    assert len(results(found)) == number


def test_cells_are_added_over_origins_and_the_total_is_approximate() -> None:
    found = quads(
        "",
        inhabitants(2018, 2_000_000),
        cell("AFG", 490),
        cell("SYR", 10),
        cell("IRQ", 99, kind="OfficialFigure"),
        cell("IRN", 99, quantity="naturalisation"),
        cell("AFG", 77, country="KGZ"),
    )
    assert results(found) == [("25", "approximate", "2018/KAZ")]
    query = f"SELECT ?input ?o {{ {PER_CAPITA} ; prov:wasDerivedFrom ?input ; kzg:origin ?o }}"
    assert select(found, query) == [
        ("official/unhcr-population/2018/KAZ/AFG/REF", "origin/all"),
        ("official/unhcr-population/2018/KAZ/SYR/REF", "origin/all"),
        ("official/worldbank-population/2018/KAZ", "origin/all"),
    ]


def test_a_result_says_what_it_is_and_where_it_comes_from() -> None:
    """In each language in which its parts have names; in the graph of what is computed."""
    found = quads(figure("a", "500"), inhabitants(2017, 2_000_000), cell("AFG", 500))
    query = f"SELECT ?l ?text {{ {PER_CAPITA} ; rdfs:label|dcterms:bibliographicCitation ?text }}"
    texts = {text for _, text in select(found, query)}
    computed = "; computed from"
    document = "Per 100,000 inhabitants: a; Inhabitants, 2017"
    total = "Per 100,000 inhabitants: Refugees, Kazakhstan, 2018; Inhabitants, 2017"
    denominator = "Population (World Bank), Inhabitants, Kazakhstan, 2017"
    assert texts == {
        document,
        f"kzgraph: {document}{computed} A document, characters 1-2; {denominator}",
        total,
        "Na 100 000: Bežency, Kazahstan, 2018; Žiteli, 2017",
        f"kzgraph: {total}{computed} Population table, Refugees, Kazakhstan, 2018; {denominator}",
    }
    nodes = {quad.subject for quad in found if quad.object == term("DerivedFigure")}
    labels = [quad for quad in found if quad.subject in nodes and quad.predicate == LABEL]
    assert {quad.graph_name for quad in labels} == {graph("computed")}


def test_without_official_figures_there_is_none() -> None:
    assert results(quads(figure("a", "500"))) == []
    assert results(infer(store_of(CONTEXT + CONCEPTS + figure("a", "500")))) == []


# With the documents


@cache
def with_inhabitants() -> tuple[Quad, ...]:
    """What follows from the documents and the inhabitants of Kazakhstan."""
    store = real_store()
    official = store_of(inhabitants(2018, 18_276_452) + inhabitants(2023, 20_330_104), "x")
    return (*store, *infer(store, official))


@pytest.mark.parametrize("kind", ["PopulationFigure", "ChosenFigure", "HeadlineFigure"])
def test_no_sum_of_people_changes(kind: str) -> None:
    query = f"""SELECT ?q ?p ?y (SUM(?v) AS ?sum) {{
        ?f a kzg:{kind} ; kzg:quantity ?q ; kzg:value ?v
        OPTIONAL {{ ?f kzg:populationGroup ?p }} OPTIONAL {{ ?f kzg:year ?y }}
    }} GROUP BY ?q ?p ?y"""
    assert select(with_inhabitants(), query) == select(built_quads(), query)


def test_nor_does_one_of_a_quantity_whatever_the_class() -> None:
    query = """SELECT ?c ?p ?y (SUM(?v) AS ?sum) {
        ?f kzg:quantity <quantity/stock> ; kzg:country ?c ; kzg:populationGroup ?p ; kzg:year ?y ;
            kzg:value ?v } GROUP BY ?c ?p ?y"""
    assert select(with_inhabitants(), query) == select(built_quads(), query) != []


def test_the_chosen_figures_of_kazakhstan_have_one() -> None:
    """With what a note says of their inputs."""
    query = f"""SELECT ?p ?y ?v ?n {{ {PER_CAPITA} ; kzg:country <country/KAZ> ; schema:value ?v ;
        kzg:populationGroup ?p ; kzg:year ?y OPTIONAL {{ ?f kzg:caveat ?n }} }}"""
    rows = {tuple(row) for row in select(with_inhabitants(), query)}
    note = "editorial/known-stateless-people"
    # 7,690 of 18,276,452, and 7,892 of 20,330,104 in the year before.
    assert ("population-group/STA", "2018", "42.076", note) in rows
    assert ("population-group/STA", "2024", "38.8193", note) in rows


def test_nothing_is_said_of_official_figures() -> None:
    found = infer(real_store(), store_of(inhabitants(2018, 18_276_452), "x"))
    assert not [quad for quad in found if "/id/official/" in str(quad.subject)]
