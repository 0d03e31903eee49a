"""Comparisons: which pairs of figures are found, what is said of them, and which are left alone."""

import pytest
from pyoxigraph import Quad

from kzgraph.reasoning import infer
from kzgraph.reasoning.closure import default_graph
from kzgraph.reasoning.figures import figures
from kzgraph.reasoning.pairs import comparable_pairs
from reasoning_stores import CONTEXT, figure, real_store, select, store_of, triples

#: Of this operation nobody says which countries it covers, so that Kazakhstan may be one.
OTHER = "operation/kazakhstan-regional-office"

ALL = (
    "SELECT ?c ?d ?r ?k { ?c a kzg:Comparison ; kzg:kind ?k"
    " OPTIONAL { ?c kzg:difference ?d } OPTIONAL { ?c kzg:percentDifference ?r } }"
)


def compared(quads: list[Quad]) -> dict[str, tuple[str, ...]]:
    """Difference, the same in per cent, and kinds of each comparison, by the end of its IRI."""
    further = select(quads, "SELECT ?c ?k { ?c kzg:furtherKind ?k }")
    rows: dict[str, tuple[str, ...]] = {}
    for node, difference, percent, kind in select(quads, ALL):
        kinds = [kind, *(more for one, more in further if one == node)]
        names = " ".join(each.removeprefix("comparison-kind/") for each in kinds)
        rows[node.removeprefix("comparison/")] = (difference, percent, names)
    return rows


def found(*turtle: str) -> dict[str, tuple[str, ...]]:
    """The comparisons of a few figures."""
    return compared(infer(store_of(CONTEXT + "".join(turtle))))


@pytest.fixture(scope="module")
def inferred() -> list[Quad]:
    return infer(real_store())


# The real graph


def test_these_figures_disagree_and_no_others(inferred: list[Quad]) -> None:
    page = "global-focus-2018"
    assert compared(inferred) == {
        # 588 in the chart of the regional office, some 570 in the text about Kazakhstan
        f"{page}/refugees-2018/{page}/refugees-kazakhstan-2018": ("-18", "-3.1", "scope"),
        # 195 and close to 200
        f"{page}/asylum-seekers-2018/{page}/asylum-seekers-kazakhstan-2018": (
            "5",
            "3",
            "scope rounding",
        ),
        # 87,632 and close to 7,690 on the records of the Government
        f"{page}/stateless-2018/{page}/stateless-kazakhstan-2018": (
            "-79942",
            "-91.2",
            "scope definition",
        ),
        # around 650 expected; some 570 came about
        f"{page}/refugees-forecast-2018/{page}/refugees-kazakhstan-2018": (
            "-80",
            "-12",
            "forecast",
        ),
        # 6,706 expected; close to 7,690 came about
        f"{page}/stateless-forecast-2018/{page}/stateless-kazakhstan-2018": (
            "984",
            "14.7",
            "forecast definition",
        ),
        # over 9,000 since 2014, then more than 14,000: by how much more, nobody can say
        "overview/stateless-naturalised-since-2014/"
        "fact-sheet-2024/stateless-naturalised-since-2014": ("", "", "update"),
    }


def test_a_comparison_names_its_two_figures_and_they_name_each_other(
    inferred: list[Quad],
) -> None:
    pairs = select(
        inferred,
        "SELECT ?c ?a ?b { ?c kzg:compares ?a, ?b . ?a kzg:comparedWith ?b FILTER(?a != ?b) }",
    )
    assert len(pairs) == 2 * 6
    assert len(select(inferred, "SELECT ?c ?a { ?c kzg:compares ?a }")) == 2 * 6
    assert len(select(inferred, "SELECT ?a ?b { ?a kzg:comparedWith ?b }")) == 2 * 6
    sources = select(inferred, "SELECT ?c ?a { ?c a kzg:Comparison ; prov:wasDerivedFrom ?a }")
    assert sources == select(inferred, "SELECT ?c ?a { ?c kzg:compares ?a }")


def test_a_label_quotes_the_numbers_with_their_hedges(inferred: list[Quad]) -> None:
    labels = [
        label
        for (label,) in select(
            inferred,
            "SELECT ?l { ?c a kzg:Comparison ; rdfs:label ?l FILTER(LANG(?l) = 'en') }",
        )
    ]
    assert (
        "some 570 against 588: Refugees, Kazakhstan, end of 2018;"
        " Refugees, Kazakhstan Regional Office, 2018"
    ) in labels
    assert [label for label in labels if label.startswith("more than 14,000 against over 9,000: ")]


def test_figures_without_a_time_are_compared_with_none(inferred: list[Quad]) -> None:
    rows = select(inferred, "SELECT DISTINCT ?f { ?c kzg:compares ?f }")
    overview = [iri for (iri,) in rows if "overview" in iri]
    assert overview == ["figure/overview/stateless-naturalised-since-2014"]


# Which pairs


def test_equal_values_are_no_comparison() -> None:
    assert found(figure("a", "5"), figure("b", "5", scope=OTHER)) == {}
    assert found(figure("a", "5"), figure("b", "5.0", scope=OTHER)) == {}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("populationGroup", "population-group/ASY"),
        ("origin", "country/AFG"),
        ("quantity", "quantity/arrivals"),
        ("series", "series/p1"),
        ("indicator", "indicator/cash-grants"),
        ("unit", "unit/households"),
        ("time", "time/2019"),
        ("time", ""),
    ],
)
def test_figures_of_different_things_are_no_comparison(name: str, other: str) -> None:
    cell = {"scope": OTHER, name: other}
    assert found(figure("a", "5"), figure("b", "6", **cell)) == {}


def test_a_figure_without_a_value_is_compared_with_none() -> None:
    assert found(figure("a", "5"), figure("b", "", scope=OTHER)) == {}


def test_undated_figures_are_not_compared_even_with_each_other() -> None:
    for time in ("", "time/not-stated"):
        undated = figure("a", "5", time=time), figure("b", "6", time=time, document="e")
        assert found(*undated) == {}


def test_a_whole_and_its_parts_are_no_comparison_nor_are_the_parts() -> None:
    government = {"registeredBy": "registered-by/government", "componentOf": "whole"}
    partners = {"registeredBy": "registered-by/partners", "componentOf": "a"}
    whole = figure("whole", "10")
    assert found(whole, figure("a", "5", **government)) == {}
    assert found(whole, figure("a", "5", **government), figure("b", "4", **partners)) == {}
    sibling = {**partners, "componentOf": "whole"}
    assert found(whole, figure("a", "5", **government), figure("b", "4", **sibling)) == {}


def test_one_document_that_says_two_things_of_one_cell_is_left_to_validation() -> None:
    assert found(figure("a", "5"), figure("b", "6")) == {}


def test_a_stock_of_a_day_is_held_against_that_of_its_year_a_flow_is_not() -> None:
    day = {"time": "time/2018-12-31", "scope": OTHER}
    assert len(found(figure("a", "5"), figure("b", "6", **day))) == 1
    flow = {"quantity": "quantity/naturalisation"}
    assert found(figure("a", "5", **flow), figure("b", "6", **day, **flow)) == {}
    since = {"time": "time/2014--", "scope": OTHER}
    assert found(figure("a", "5", **flow), figure("b", "6", **since, **flow)) == {}


def test_two_days_of_one_year_are_two_times() -> None:
    day = {"scope": OTHER, "time": "time/2018-12-31"}
    assert found(figure("a", "5", time="time/2018-06-30"), figure("b", "6", **day)) == {}


def test_a_stock_of_a_year_is_held_against_that_of_a_longer_period() -> None:
    longer = {"time": "time/2018--2019", "status": "status/forecast"}
    assert found(figure("a", "5"), figure("b", "6", **longer)) == {
        "d/b/d/a": ("-1", "-16.6667", "forecast")
    }


def test_figures_that_differ_in_scope_and_in_status_are_no_comparison() -> None:
    apart = {"scope": OTHER, "status": "status/forecast"}
    for name, filler in apart.items():
        assert len(found(figure("a", "5"), figure("b", "6", **{name: filler}))) == 1
    assert found(figure("a", "5"), figure("b", "6", **apart)) == {}
    elsewhere = figure("b", "6", document="e", registeredBy="registered-by/partners", **apart)
    assert found(figure("a", "5"), elsewhere) == {}


def test_figures_that_differ_in_two_respects_are_no_comparison() -> None:
    government = {"registeredBy": "registered-by/government"}
    partners = {"registeredBy": "registered-by/partners", "scope": OTHER}
    assert found(figure("a", "5", **government), figure("b", "6", **partners)) == {}
    unsaid = {"registeredBy": "registered-by/not-stated", "scope": OTHER}
    assert len(found(figure("a", "5", **government), figure("b", "6", **unsaid))) == 1


AREAS = """
<country/KAZ> schema:containedInPlace <place/central-asia> .
<country/UZB> schema:containedInPlace <place/central-asia> .
<place/almaty> a schema:Place ; schema:containedInPlace <country/KAZ> .
<place/central-asia> a schema:Place . <place/elsewhere> a schema:Place .
<operation/one> kzg:area <country/KAZ>, <country/TJK> .
<operation/two> kzg:area <country/UZB>, <country/TJK> .
<operation/three> kzg:area <place/almaty> .
<organisation/desk> schema:areaServed <country/UZB> .
"""


@pytest.mark.parametrize(
    ("one", "other", "comparable"),
    [
        ("country/KAZ", "country/UZB", False),
        ("country/KAZ", "place/elsewhere", False),
        ("country/KAZ", "operation/one", True),
        ("country/KAZ", "operation/two", False),
        ("country/KAZ", "operation/three", True),
        ("country/UZB", "operation/three", False),
        ("country/UZB", "organisation/desk", True),
        ("country/KAZ", "organisation/desk", False),
        ("operation/one", "operation/two", True),
        ("operation/one", "operation/three", True),
        ("operation/two", "operation/three", False),
        ("place/central-asia", "operation/three", True),
        ("country/KAZ", "place/central-asia", True),
        ("country/KAZ", OTHER, True),
        (OTHER, "organisation/unhcr", True),
        ("country/UZB", "", True),
    ],
)
def test_scopes_are_compared_where_they_can_meet(one: str, other: str, comparable: bool) -> None:
    for first, second in ((one, other), (other, one)):
        pair = figure("a", "5", scope=first), figure("b", "6", scope=second)
        assert bool(found(AREAS, *pair)) is comparable


def test_the_pairs_looked_at_grow_with_the_documents() -> None:
    def looked_at(countries: int) -> int:
        parts = [CONTEXT]
        for number in range(countries):
            place = f"country/{number}"
            parts.append(f"<{place}> a schema:Country ; schema:containedInPlace <place/world> .")
            for document in ("d", "e"):
                cell = {"scope": place, "document": f"{document}{number}"}
                parts.append(figure("a", str(number), **cell))
                parts.append(figure("b", str(number), **cell, time="time/2018-12-31"))
        store = default_graph(triples("".join(parts)))
        return len(list(comparable_pairs(store, figures(store))))

    # Four figures of a country make six pairs.
    assert [looked_at(countries) for countries in (1, 10, 40)] == [6, 60, 240]


def test_unknown_places_are_looked_at_only_where_nothing_else_differs() -> None:
    def looked_at(operations: int) -> int:
        parts = [CONTEXT]
        for number in range(operations):
            scope = {"scope": f"operation/{number}", "document": f"d{number}"}
            # Of one status each, and of two: only these two of an operation may be compared.
            parts.append(figure("a", str(number), **scope, status=f"status/{number}"))
            parts.append(figure("b", str(number), **scope, status=f"status/{number}-late"))
        store = default_graph(triples("".join(parts)))
        return len(list(comparable_pairs(store, figures(store))))

    assert [looked_at(operations) for operations in (1, 10, 40)] == [1, 10, 40]
    # Where all else is the same they may be of one place, however many there are.
    alike = [figure("a", str(n), scope=f"operation/{n}", document=f"d{n}") for n in range(4)]
    assert len(found(*alike)) == 6


def test_a_stock_of_several_years_meets_another_once() -> None:
    longer = {"time": "time/2018--2019"}
    assert len(found(figure("a", "5", **longer), figure("b", "6", document="e", **longer))) == 1
    since = {"time": "time/2014--"}
    assert len(found(figure("a", "5", **longer), figure("b", "6", document="e", **since))) == 1
    assert len(found(figure("a", "5", **since), figure("b", "6", document="e", **since))) == 1


# What is said of them


@pytest.mark.parametrize(
    ("first", "second", "bound"),
    [
        ("exact", "exact", "exact"),
        ("exact", "approximate", "approximate"),
        ("approximate", "approximate", "approximate"),
        ("exact", "lower", "lower"),
        ("exact", "upper", "upper"),
        ("lower", "upper", "upper"),
        ("upper", "lower", "lower"),
        ("lower", "lower", ""),
        ("upper", "upper", ""),
        ("approximate", "lower", ""),
        ("lower", "approximate", ""),
    ],
)
def test_a_difference_has_the_bound_that_follows_or_is_not_made(
    first: str, second: str, bound: str
) -> None:
    # What was expected comes first, whatever its bound.
    pair = (
        figure("a", "570", status="status/forecast", bound=f"bound/{first}"),
        figure("b", "650", bound=f"bound/{second}"),
    )
    rows = select(
        infer(store_of(CONTEXT + "".join(pair))),
        "SELECT ?d ?b { ?c a kzg:Comparison OPTIONAL { ?c kzg:difference ?d ; kzg:bound ?b } }",
    )
    assert rows == [("80", f"bound/{bound}") if bound else ("", "")]


@pytest.mark.parametrize(
    ("first", "second", "percent"),
    [
        ("650", "570", "-12"),
        ("650", "600", "-8"),
        ("6706", "7690", "14.7"),
        ("700", "7690", "1000"),
    ],
)
def test_a_difference_in_per_cent_has_the_digits_that_count_in_hedged_numbers(
    first: str, second: str, percent: str
) -> None:
    hedged = {"bound": "bound/approximate"}
    forecast = figure("a", first, status="status/forecast", **hedged)
    ((_, found_percent, _),) = found(forecast, figure("b", second, **hedged)).values()
    assert found_percent == percent


def test_a_note_on_a_figure_is_one_on_what_is_made_of_it(inferred: list[Quad]) -> None:
    rows = select(
        inferred, "SELECT ?t { <editorial/stateless-forecast-2018-status> oa:hasTarget ?t }"
    )
    page, forecast = "global-focus-2018", "stateless-forecast-2018"
    assert rows == [
        (f"comparison/{page}/{forecast}/{page}/stateless-kazakhstan-2018",),
        (f"derived/{page}/change/stateless-forecast-2019/{forecast}",),
        (f"derived/{page}/relative-change/stateless-forecast-2019/{forecast}",),
    ]


def test_every_note_on_an_input_reaches_the_result(inferred: list[Quad]) -> None:
    everything = [*inferred, *real_store()]
    missed = select(
        everything,
        "SELECT ?n ?r { ?n a oa:Annotation ; oa:hasTarget ?f . ?r prov:wasDerivedFrom ?f"
        " FILTER NOT EXISTS { ?n oa:hasTarget ?r } }",
    )
    assert missed == []


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("scope", {"scope": OTHER}),
        ("forecast", {"status": "status/forecast"}),
        ("forecast", {"status": "status/target"}),
        ("definition", {"registeredBy": "registered-by/government"}),
        ("rounding", {"bound": "bound/approximate", "hedge": "some"}),
        ("unexplained", {"document": "e"}),
        ("unexplained", {"time": "time/2018-12-31"}),
    ],
)
def test_a_kind_is_what_sets_the_figures_apart(kind: str, cell: dict[str, str]) -> None:
    ((_, _, kinds),) = found(figure("a", "588"), figure("b", "590", **cell)).values()
    assert kinds == kind


def test_every_kind_that_applies_is_named() -> None:
    cell = {
        "scope": OTHER,
        "registeredBy": "registered-by/government",
        "bound": "bound/approximate",
        "document": "e",
    }
    ((_, _, kinds),) = found(figure("a", "588"), figure("b", "590", **cell)).values()
    assert kinds == "scope definition rounding"


@pytest.mark.parametrize(
    ("value", "bound", "hedged", "fits"),
    [
        ("595", "approximate", "600", True),
        ("550", "approximate", "600", True),
        ("549", "approximate", "600", False),
        ("651", "approximate", "600", False),
        ("575", "approximate", "570", True),
        ("576", "approximate", "570", False),
        ("9001", "lower", "9000", True),
        ("9999", "lower", "9000", True),
        ("10000", "lower", "9000", False),
        ("8999", "lower", "9000", False),
        ("8999", "upper", "9000", True),
        ("8000", "upper", "9000", False),
        ("9001", "upper", "9000", False),
        ("1.26", "approximate", "1.3", True),
        ("1.2", "approximate", "1.3", False),
    ],
)
def test_rounding_is_as_wide_as_the_last_digit_that_counts(
    value: str, bound: str, hedged: str, fits: bool
) -> None:
    other = figure("b", hedged, bound=f"bound/{bound}", document="e")
    ((_, _, kinds),) = found(figure("a", value), other).values()
    assert (kinds == "rounding") is fits


def test_two_hedged_figures_meet_where_their_ranges_do() -> None:
    some = {"bound": "bound/approximate"}
    near = found(figure("a", "570", **some), figure("b", "580", document="e", **some))
    far = found(figure("a", "570", **some), figure("b", "590", document="e", **some))
    assert [row[2] for row in near.values()] == ["rounding"]
    assert [row[2] for row in far.values()] == ["unexplained"]


def test_a_later_document_updates_an_earlier_one_and_comes_second() -> None:
    issued = (
        "<document/d> dcterms:issued '2020-01-01'^^xsd:date ."
        "<document/e> dcterms:issued '2019-01-01'^^xsd:date ."
    )
    pair = figure("a", "5"), figure("b", "9", document="e")
    assert found(*pair, issued) == {"e/b/d/a": ("-4", "-44.4444", "update")}
    assert found(*pair) == {"d/a/e/b": ("4", "80", "unexplained")}
    one_date = "<document/d> dcterms:issued '2020-01-01'^^xsd:date ."
    assert found(*pair, one_date) == {"d/a/e/b": ("4", "80", "unexplained")}


def test_a_count_that_goes_on_is_updated_by_the_greater_one() -> None:
    since = {"time": "time/2014--", "quantity": "quantity/naturalisation", "bound": "bound/lower"}
    pair = figure("a", "14000", **since), figure("b", "9000", document="e", **since)
    assert found(*pair) == {"e/b/d/a": ("", "", "update")}


def test_what_came_about_is_measured_against_what_was_expected() -> None:
    forecast = figure("a", "650", status="status/forecast")
    assert found(forecast, figure("b", "570")) == {"d/a/d/b": ("-80", "-12.3077", "forecast")}


def test_a_hedged_figure_is_measured_against_an_exact_one() -> None:
    hedged = figure("a", "570", bound="bound/approximate")
    exact = figure("b", "588", scope=OTHER)
    assert found(hedged, exact) == {"d/b/d/a": ("-18", "-3.1", "scope")}


def test_nothing_is_relative_to_zero() -> None:
    rows = found(figure("a", "0"), figure("b", "4", scope=OTHER))
    assert rows == {"d/a/d/b": ("4", "", "scope")}
