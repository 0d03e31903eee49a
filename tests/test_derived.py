"""Derived figures: their values by hand, their inputs, and what must not be derived."""

from collections import Counter
from decimal import Decimal

import pytest
from pyoxigraph import Quad

from built_graph import built_quads
from kzgraph.reasoning import infer
from reasoning_stores import CONTEXT, figure, real_store, select, store_of

RATE = "derived/global-focus-2018/implementation-rate"


@pytest.fixture(scope="module")
def inferred() -> list[Quad]:
    return infer(real_store())


def values(quads: list[Quad], derivation: str) -> dict[str, tuple[str, str]]:
    """Value and bound of each derived figure of one kind, by the end of its IRI."""
    rows = select(
        quads,
        f"SELECT ?f ?v ?b {{ ?f kzg:derivation <derivation/{derivation}> ;"
        " kzg:value ?v ; kzg:bound ?b }",
    )
    return {
        iri.split(f"/{derivation}/")[1]: (value, bound.removeprefix("bound/"))
        for iri, value, bound in rows
    }


def derived(*turtle: str) -> list[tuple[str, ...]]:
    """Derivation, value and bound of whatever is derived from a few figures."""
    rows = select(
        infer(store_of(CONTEXT + "".join(turtle))),
        "SELECT ?d ?v ?b { ?f kzg:derivation ?d ; kzg:value ?v ; kzg:bound ?b }",
    )
    return [(d.removeprefix("derivation/"), v, b.removeprefix("bound/")) for d, v, b in rows]


# The real graph


def test_every_rule_finds_what_the_documents_allow(inferred: list[Quad]) -> None:
    found = Counter(
        derivation.removeprefix("derivation/")
        for _, derivation in select(inferred, "SELECT ?f ?d { ?f kzg:derivation ?d }")
    )
    assert found == {
        # The totals, p1 and p2 of 2014 to 2018, p4 of 2014.
        "implementation-rate": 5 + 5 + 5 + 1,
        # Budgets of six years, expenditures of five, each in p1 and p2 and once in p4; four groups
        # of 2018; two origins and two registers of 2024; two groups of the overview.
        "share": 2 * 6 + 1 + 2 * 5 + 1 + 4 + 4 + 2,
        # Six budgets and five expenditures of three series each, three totals of people of
        # concern, two forecasts of stateless persons.
        "change": 3 * 5 + 3 * 4 + 2 + 1,
        "relative-change": 3 * 5 + 3 * 4 + 2 + 1,
        "remainder": 1,
        "funded-amount": 1,
        "unfunded-amount": 1,
    }


@pytest.mark.parametrize(
    ("series", "expenditure", "budget", "rate"),
    [
        ("2014", "4.11624681", "7.40638597", "55.577"),
        ("2015", "4.35487869", "6.99431923", "62.2631"),
        ("2016", "3.33722939", "7.48582672", "44.5806"),
        ("2017", "2.89956785", "5.56728442", "52.0823"),
        ("2018", "2.73375977", "5.52037323", "49.5213"),
        ("p1-2018", "2.02644007", "4.40666094", "45.9858"),
        ("p2-2018", "0.7073197", "1.11371229", "63.5101"),
        ("p4-2014", "0.06263717", "0.09035", "69.3272"),
    ],
)
def test_an_implementation_rate_is_expenditure_by_budget_in_per_cent(
    inferred: list[Quad], series: str, expenditure: str, budget: str, rate: str
) -> None:
    assert abs(Decimal(expenditure) / Decimal(budget) * 100 - Decimal(rate)) <= Decimal("0.00005")
    found = values(inferred, "implementation-rate")
    assert found[f"expenditure-{series}/budget-{series}"] == (rate, "exact")


def test_no_rate_where_the_chart_has_no_expenditure(inferred: list[Quad]) -> None:
    found = values(inferred, "implementation-rate")
    assert not [name for name in found if "2019" in name or "p3" in name]
    assert [name for name in found if "p4" in name] == ["expenditure-p4-2014/budget-p4-2014"]


def test_a_rate_is_described_by_what_its_inputs_share(inferred: list[Quad]) -> None:
    node = f"{RATE}/expenditure-p1-2018/budget-p1-2018"
    rows = select(inferred, f"SELECT ?p ?o {{ <{node}> ?p ?o }}")
    described = {
        (p.removeprefix("https://w3id.org/kzgraph/ontology#"), o)
        for p, o in rows
        if p.startswith("https://w3id.org/kzgraph/ontology#")
    }
    assert described == {
        ("value", "45.9858"),
        ("unit", "unit/percent"),
        ("bound", "bound/exact"),
        ("derivation", "derivation/implementation-rate"),
        ("base", "figure/global-focus-2018/budget-p1-2018"),
        ("quantity", "quantity/implementation-rate"),
        ("about", "operation/kazakhstan-regional-office"),
        ("about", "series/p1"),
        ("caveat", "editorial/series-p1"),
        ("caveat", "editorial/chart-unit"),
        ("caveat", "editorial/finance-chart-2-is-budget"),
        ("caveat", "editorial/finance-chart-3-is-expenditure"),
        ("scope", "operation/kazakhstan-regional-office"),
        ("series", "series/p1"),
        ("time", "time/2018"),
        ("year", "2018"),
        ("gYear", "2018"),
        ("firstYear", "2018"),
        ("lastYear", "2018"),
    }
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    assert (
        label,
        "Implementation rate: Expenditure, series p1, Kazakhstan Regional Office, 2018",
    ) in rows
    assert select(inferred, f"SELECT ?i {{ <{node}> prov:wasDerivedFrom ?i }}") == [
        ("figure/global-focus-2018/budget-p1-2018",),
        ("figure/global-focus-2018/expenditure-p1-2018",),
    ]


def test_shares_of_the_groups_of_2018(inferred: list[Quad]) -> None:
    found = values(inferred, "share")
    whole = "people-of-concern-2018"
    for key, count in (
        ("refugees-2018", 588),
        ("asylum-seekers-2018", 195),
        ("returned-refugees-2018", 4),
        ("stateless-2018", 87632),
    ):
        share, bound = found[f"{key}/{whole}"]
        assert bound == "exact"
        assert float(share) == pytest.approx(100 * count / 88419, rel=1e-5)


def test_shares_of_2024(inferred: list[Quad]) -> None:
    found = values(inferred, "share")
    shares = {name.split("/")[0]: float(value) for name, (value, _) in found.items()}
    for key, part, whole in (
        ("refugees-and-asylum-seekers-from-afghanistan", 391, 753),
        ("refugees-and-asylum-seekers-from-ukraine", 275, 753),
        ("stateless-people-registered-by-government", 7341, 7892),
        ("undetermined-nationality-registered-by-partners", 551, 7892),
    ):
        assert shares[key] == pytest.approx(100 * part / whole, rel=1e-5)


def test_a_share_of_more_than_8000_is_an_upper_bound_and_of_two_lower_bounds_nothing(
    inferred: list[Quad],
) -> None:
    found = {n: v for n, v in values(inferred, "share").items() if n.endswith("/people-of-concern")}
    assert found == {
        "refugees/people-of-concern": ("4.425", "upper"),
        "asylum-seekers/people-of-concern": ("3.9875", "upper"),
    }


def test_a_share_is_told_by_its_component(inferred: list[Quad]) -> None:
    rows = select(
        inferred,
        "SELECT ?origin ?v { ?f kzg:derivation <derivation/share> ; kzg:value ?v ;"
        " kzg:origin ?origin ; kzg:populationGroup <population-group/REF-ASY> }",
    )
    assert rows == [("country/AFG", "51.9256"), ("country/UKR", "36.5206")]


def test_753_less_391_and_275_leaves_87_from_countries_not_counted(inferred: list[Quad]) -> None:
    assert values(inferred, "remainder") == {
        "refugees-and-asylum-seekers/by-origin": ("87", "exact")
    }
    node = "derived/fact-sheet-2024/remainder/refugees-and-asylum-seekers/by-origin"
    assert len(select(inferred, f"SELECT ?i {{ <{node}> prov:wasDerivedFrom ?i }}")) == 3
    cell = select(
        inferred, f"SELECT ?q ?t ?u {{ <{node}> kzg:quantity ?q ; kzg:time ?t ; kzg:unit ?u }}"
    )
    assert cell == [("quantity/stock", "time/2024-01-01", "unit/persons")]
    # The sheet names "other countries" as the only part that it gives no number for.
    assert select(inferred, f"SELECT ?o {{ <{node}> kzg:origin ?o }}") == [("origin/other",)]


def test_changes_of_people_of_concern(inferred: list[Quad]) -> None:
    changes, relative = values(inferred, "change"), values(inferred, "relative-change")
    pair = "people-of-concern-2018/people-of-concern-2017"
    assert (changes[pair], relative[pair]) == (("-6113", "exact"), ("-6.46659", "exact"))
    pair = "people-of-concern-2017/people-of-concern-2016"
    assert (changes[pair], relative[pair]) == (("-1263", "exact"), ("-1.31844", "exact"))


def test_a_change_of_money_is_exact_and_has_the_year_it_ends_in(inferred: list[Quad]) -> None:
    node = "derived/global-focus-2018/change/expenditure-2018/expenditure-2017"
    rows = select(
        inferred,
        f"SELECT ?v ?y ?u ?base {{ <{node}> kzg:value ?v ; kzg:year ?y ; kzg:unit ?u ;"
        " kzg:base ?base }",
    )
    base = "figure/global-focus-2018/expenditure-2017"
    assert rows == [("-0.16580808", "2018", "unit/not-stated", base)]


def test_a_change_between_forecasts_is_a_forecast(inferred: list[Quad]) -> None:
    rows = select(
        inferred,
        "SELECT ?v ?y { ?f kzg:derivation <derivation/change> ; kzg:status <status/forecast> ;"
        " kzg:value ?v ; kzg:year ?y }",
    )
    assert rows == [("-1706", "2019")]


def test_45_per_cent_of_10_03_million_dollars(inferred: list[Quad]) -> None:
    rows = select(
        inferred,
        "SELECT ?d ?v ?b ?u ?t { ?f kzg:derivation ?d ; kzg:value ?v ; kzg:unit ?u ; kzg:time ?t ;"
        " kzg:bound ?b ."
        " FILTER(CONTAINS(STR(?d), 'funded')) }",
    )
    # Whole per cent are rounded, so the amounts are not known to the dollar.
    rest = ("bound/approximate", "unit/us-dollars", "time/2024-07-10")
    assert rows == [
        ("derivation/funded-amount", "4513500", *rest),
        ("derivation/unfunded-amount", "5516500", *rest),
    ]


def test_an_amount_says_its_day_and_how_far_it_may_be_off(inferred: list[Quad]) -> None:
    rows = select(
        inferred,
        "SELECT ?l { ?f kzg:derivation ?d ; rdfs:label ?l"
        " FILTER(CONTAINS(STR(?d), 'funded') && LANG(?l) = 'en') }",
    )
    assert [label.partition(":")[0] for (label,) in rows] == [
        "Funded amount on 10 July 2024, 4,460,000 to 4,560,000",
        "Unfunded amount on 10 July 2024, 5,470,000 to 5,570,000",
    ]


def test_only_a_remainder_passes_for_the_quantity_of_its_inputs(inferred: list[Quad]) -> None:
    rows = select(inferred, "SELECT DISTINCT ?d ?q { ?f kzg:derivation ?d ; kzg:quantity ?q }")
    same = {d.removeprefix("derivation/"): q.removeprefix("quantity/") for d, q in rows}
    assert same.pop("remainder") == "stock"
    assert same and all(
        quantity in {derivation, f"budget-{derivation}", f"expenditure-{derivation}"}
        for derivation, quantity in same.items()
    )


def test_shares_and_changes_of_the_budget_and_of_spending_are_told_apart() -> None:
    """By their quantity; of what has no narrower one, by that of the formula."""
    rows = select(
        built_quads(),
        "SELECT DISTINCT ?b ?d ?q { ?f kzg:derivation ?d ; kzg:base/kzg:quantity ?b ;"
        " kzg:quantity ?q FILTER(?d != <derivation/implementation-rate>) }",
    )
    short = {tuple(each.partition("/")[2] for each in row) for row in rows}
    formulas = ("change", "relative-change", "share")
    assert short == {
        *(("stock", each, each) for each in formulas),
        *((of, each, f"{of}-{each}") for of in ("budget", "expenditure") for each in formulas),
    }


def test_a_derived_figure_is_of_the_class_of_what_it_comes_from(inferred: list[Quad]) -> None:
    rows = select(
        inferred,
        "SELECT ?d ?c (COUNT(?f) AS ?n) { ?f a kzg:DerivedFigure, ?c ; kzg:derivation ?d"
        " FILTER(?c IN (kzg:PopulationFigure, kzg:FinanceFigure)) } GROUP BY ?d ?c",
    )
    ontology = "https://w3id.org/kzgraph/ontology#"
    assert {
        (d.removeprefix("derivation/"), c.removeprefix(ontology)): int(n) for d, c, n in rows
    } == {
        ("change", "FinanceFigure"): 27,
        ("change", "PopulationFigure"): 3,
        ("funded-amount", "FinanceFigure"): 1,
        ("implementation-rate", "FinanceFigure"): 16,
        ("relative-change", "FinanceFigure"): 27,
        ("relative-change", "PopulationFigure"): 3,
        ("remainder", "PopulationFigure"): 1,
        ("share", "FinanceFigure"): 24,
        ("share", "PopulationFigure"): 10,
        ("unfunded-amount", "FinanceFigure"): 1,
    }


def test_what_is_computed_of_an_indicator_is_no_figure_of_that_indicator() -> None:
    result = {
        "quantity": "",
        "indicator": "indicator/cash-grants",
        "origin": "",
        "registeredBy": "",
    }
    quads = infer(
        store_of(
            CONTEXT
            + "kzg:indicator rdfs:subPropertyOf kzg:quantity ."
            + figure("a", "100", **result)
            + figure("b", "120", time="time/2019", **result)
        )
    )
    assert select(
        quads, "SELECT ?f ?q { ?f kzg:derivation <derivation/change> ; kzg:quantity ?q }"
    ) == [("derived/d/change/b/a", "quantity/change")]


def test_every_derived_figure_names_stated_figures_with_values_as_inputs(
    inferred: list[Quad],
) -> None:
    store = real_store()
    valued = {iri for (iri,) in select(store, "SELECT ?f { ?f kzg:value ?v ; kzg:statedIn ?d }")}
    nodes = select(inferred, "SELECT ?f { ?f a kzg:DerivedFigure }")
    rows = select(
        inferred,
        "SELECT ?f ?i { ?f a kzg:DerivedFigure ; prov:wasDerivedFrom ?i }",
    )
    assert {iri for iri, _ in rows} == {iri for (iri,) in nodes}
    assert {source for _, source in rows} <= valued
    assert min(Counter(iri for iri, _ in rows).values()) == 2


# The rules


def test_nothing_is_derived_from_a_figure_without_a_value() -> None:
    whole = figure("whole", "10")
    assert derived(whole, figure("part", "", componentOf="whole")) == []


def test_a_rate_needs_one_document_scope_series_year_and_unit() -> None:
    money = {"populationGroup": "", "origin": "", "registeredBy": "", "series": "series/total"}
    budget = figure("b", "4", quantity="quantity/budget", **money)
    spent = {"quantity": "quantity/expenditure", **money}
    assert derived(budget, figure("e", "1", **spent)) == [("implementation-rate", "25", "exact")]
    for name, other in (
        ("scope", "country/UZB"),
        ("series", "series/p1"),
        ("time", "time/2019"),
        ("unit", "unit/us-dollars"),
    ):
        assert derived(budget, figure("e", "1", **{**spent, name: other})) == []
    assert derived(budget, figure("e", "1", document="other", **spent)) == []


def test_nothing_is_divided_by_zero() -> None:
    assert derived(figure("whole", "0"), figure("part", "0", componentOf="whole")) == []
    money = {"populationGroup": "", "origin": "", "registeredBy": "", "series": "series/total"}
    budget = figure("b", "0", quantity="quantity/budget", **money)
    assert derived(budget, figure("e", "1", quantity="quantity/expenditure", **money)) == []
    change = derived(figure("a", "0"), figure("b", "5", time="time/2019"))
    assert change == [("change", "5", "exact")]


def test_a_change_joins_the_same_cell_of_consecutive_years_alone() -> None:
    first = figure("first", "200")
    assert derived(first, figure("next", "150", time="time/2019")) == [
        ("change", "-50", "exact"),
        ("relative-change", "-25", "exact"),
    ]
    for other in (
        {"populationGroup": "population-group/ASY"},
        {"status": "status/forecast"},
        {"scope": "country/UZB"},
        {"registeredBy": "registered-by/partners"},
        {"origin": "country/AFG"},
        {"unit": "unit/households"},
        {"series": "series/p1"},
        {"document": "other"},
        {"time": "time/2020"},
        {"time": "time/2019-12-31"},
    ):
        assert derived(first, figure("next", "150", **{"time": "time/2019", **other})) == []


def test_a_percentage_has_no_change() -> None:
    percent = {"unit": "unit/percent"}
    assert (
        derived(figure("a", "85", **percent), figure("b", "90", time="time/2019", **percent)) == []
    )


def test_ends_of_year_go_with_ends_of_year() -> None:
    found = derived(
        figure("a", "4", time="time/2018-12-31"), figure("b", "5", time="time/2019-12-31")
    )
    assert [row[0] for row in found] == ["change", "relative-change"]


def remainder(*turtle: str) -> list[tuple[str, ...]]:
    return [row[1:] for row in derived(*turtle) if row[0] == "remainder"]


def part(key: str, value: str, **cell: str) -> str:
    return figure(key, value, componentOf="whole", **{"origin": f"country/{key}", **cell})


def test_a_remainder_needs_exact_components_that_leave_something() -> None:
    whole = figure("whole", "10")
    assert remainder(whole, part("A", "3"), part("B", "4")) == [("3", "exact")]
    assert remainder(whole, part("A", "3"), part("B", "7")) == []
    assert remainder(whole, part("A", "3"), part("B", "8")) == []
    hedged = part("B", "4", bound="bound/approximate", hedge="some")
    assert remainder(whole, part("A", "3"), hedged) == []


def test_a_remainder_of_a_lower_bound_is_a_lower_bound_and_of_an_estimate_none() -> None:
    parts = part("A", "3"), part("B", "4")
    assert remainder(figure("whole", "10", bound="bound/lower"), *parts) == [("3", "lower")]
    assert remainder(figure("whole", "10", bound="bound/approximate"), *parts) == []
    assert remainder(figure("whole", "10", bound="bound/upper"), *parts) == []
    unbounded = part("B", "4", bound="bound/lower")
    assert remainder(figure("whole", "10", bound="bound/lower"), part("A", "3"), unbounded) == []


def origins_of_the_remainder(*turtle: str) -> list[tuple[str, ...]]:
    quads = infer(store_of(CONTEXT + "".join(turtle)))
    return select(
        quads,
        "SELECT ?o { ?f kzg:derivation <derivation/remainder> OPTIONAL { ?f kzg:origin ?o } }",
    )


def test_a_remainder_is_of_the_one_component_without_a_number() -> None:
    whole, known = figure("whole", "10"), part("A", "3")
    assert origins_of_the_remainder(whole, known, part("B", "")) == [("country/B",)]
    assert origins_of_the_remainder(whole, known) == [("",)]
    assert origins_of_the_remainder(whole, known, part("B", ""), part("C", "")) == [("",)]
    group = {"origin": "origin/all", "populationGroup": "population-group/ASY"}
    assert origins_of_the_remainder(whole, known, part("B", "", **group)) == [("",)]


def test_components_that_divide_a_whole_in_two_ways_are_not_added_up() -> None:
    group = {"origin": "origin/all", "populationGroup": "population-group/ASY"}
    parts = part("A", "3"), part("B", "4"), part("C", "9", **group)
    store = store_of(CONTEXT + figure("whole", "10") + "".join(parts))
    rows = select(
        infer(store), "SELECT ?f ?v { ?f kzg:derivation <derivation/remainder> ; kzg:value ?v }"
    )
    assert rows == [
        ("derived/d/remainder/whole/by-origin", "3"),
        ("derived/d/remainder/whole/by-population-group", "1"),
    ]


def test_components_told_apart_by_more_than_one_dimension_belong_together() -> None:
    government = {"origin": "origin/all", "registeredBy": "registered-by/government"}
    partners = {
        "origin": "origin/all",
        "registeredBy": "registered-by/partners",
        "populationGroup": "population-group/UDN",
    }
    whole = figure("whole", "10")
    assert remainder(whole, part("A", "3", **government), part("B", "4", **partners)) == [
        ("3", "exact")
    ]
    assert remainder(whole, part("A", "3", **government), part("B", "7", **partners)) == []


def test_a_component_that_nothing_tells_from_its_whole_leaves_no_remainder() -> None:
    assert remainder(figure("whole", "10"), figure("some", "3", componentOf="whole")) == []
