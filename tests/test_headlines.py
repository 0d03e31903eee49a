"""Chosen figures, one a place, group, quantity and year; headline figures, to sum as they stand."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from built_graph import built_quads
from kzgraph.reasoning import infer
from reasoning_stores import CONTEXT, figure, select, store_of

OFFICE = "operation/kazakhstan-regional-office"
CONCEPTS = """
<quantity/stock> kzg:measure <measure/stock> ; kzg:additive true ; kzg:unitKind <unit-kind/people> .
<quantity/arrivals> kzg:measure <measure/flow> ; kzg:additive true ;
    kzg:unitKind <unit-kind/people> .
<quantity/stock-share> kzg:measure <measure/share> ; kzg:additive false ;
    kzg:unitKind <unit-kind/ratio> .
<quantity/budget> kzg:measure <measure/flow> ; kzg:additive true ; kzg:onlyStatus <status/planned> ;
    kzg:unitKind <unit-kind/money>, <unit-kind/not-stated> .
<unit/persons> kzg:unitKind <unit-kind/people> ; kzg:factor 1 .
<unit/households> kzg:unitKind <unit-kind/people> .
<unit/not-stated> kzg:unitKind <unit-kind/not-stated> .
<unit/us-dollars> kzg:unitKind <unit-kind/money> ; kzg:factor 1 ; schema:currency "USD" .
<unit/million-us-dollars> kzg:unitKind <unit-kind/money> ; kzg:factor 1000000 ;
    schema:currency "USD" .
<unit/euros> kzg:unitKind <unit-kind/money> ; kzg:factor 1 ; schema:currency "EUR" .
<population-group/REF> skos:broader <population-group/POC> .
<population-group/STA> skos:broader <population-group/POC> .
<series/p1> skos:broader <series/total> .
<country/KAZ> schema:containedInPlace <place/central-asia> .
<country/UZB> schema:containedInPlace <place/central-asia> .
<place/central-asia> a schema:Place .
<place/almaty> a schema:Place ; schema:containedInPlace <country/KAZ> .
<operation/two> kzg:area <country/KAZ>, <country/UZB> .
<operation/noted> a kzg:Operation .
<editorial/noted> oa:hasTarget <operation/noted> ; oa:hasBody <country/UZB> .
<document/d> dcterms:issued "2019-07-20"^^xsd:date .
<document/e> dcterms:issued "2024"^^xsd:gYear .
"""
MONEY = {
    "populationGroup": "",
    "origin": "",
    "registeredBy": "",
    "quantity": "quantity/budget",
    "series": "series/total",
    "status": "status/planned",
    "unit": "unit/us-dollars",
}


def choose(
    *figures: str, more: str = "", kind: str = "ChosenFigure"
) -> tuple[set[str], dict[str, set[str]]]:
    """The keys of the chosen figures, and of what was chosen instead of the others."""
    quads = infer(store_of(CONTEXT + CONCEPTS + more + "".join(figures)))
    chosen = {iri.rsplit("/", 1)[1] for (iri,) in select(quads, f"SELECT ?f {{ ?f a kzg:{kind} }}")}
    instead: dict[str, set[str]] = {}
    for one, other in select(quads, "SELECT ?f ?g { ?f kzg:chosenInstead ?g }"):
        instead.setdefault(one.rsplit("/", 1)[1], set()).add(other.rsplit("/", 1)[1])
    return chosen, instead


def headlines(*figures: str) -> set[str]:
    """The keys of the headline figures."""
    return choose(*figures, kind="HeadlineFigure")[0]


# The traps in the documents


def values_of(kind: str, pattern: str) -> list[str]:
    rows = select(built_quads(), f"SELECT ?f ?v {{ ?f a kzg:{kind} ; kzg:value ?v ; {pattern} }}")
    return [value for _, value in rows]


@pytest.mark.parametrize(
    ("kind", "pattern", "values"),
    [
        # 87,632 of the regional office, 6,706 expected, 940 naturalised: none of them is added.
        ("HeadlineFigure", "kzg:populationGroup <population-group/STA> ; kzg:year 2018", ["7690"]),
        # 195, 84 per cent and -47 per cent are left out.
        ("HeadlineFigure", "kzg:populationGroup <population-group/ASY> ; kzg:year 2018", ["200"]),
        # 7,341 is a part, 93.0182 a share.
        ("HeadlineFigure",
         "kzg:populationGroup <population-group/STA> ; kzg:date '2024-01-01'^^xsd:date", ["7892"]),
        # Over groups: 551 of undetermined nationality are among the 7,892.
        ("HeadlineFigure", "kzg:country <country/KAZ> ; kzg:quantity <quantity/stock> ;"
         " kzg:year 2024", ["753", "7892"]),
        # No unaccompanied children are among 200 asylum-seekers.
        ("HeadlineFigure", "kzg:country <country/KAZ> ; kzg:quantity <quantity/stock> ;"
         " kzg:year 2018", ["200", "570", "7690", "534"]),
        # Over places: 88,419 of the regional office have those of Kazakhstan among them.
        ("HeadlineFigure", "kzg:quantity <quantity/stock> ; kzg:year 2018",
         ["200", "570", "7690", "534"]),
        # Over time.
        ("HeadlineFigure", "kzg:country <country/KAZ> ;"
         " kzg:populationGroup <population-group/STA>", ["7892", "7690"]),
        # The totals of the charts, and the rates of them, without those of the series.
        ("HeadlineFigure", "kzg:quantity <quantity/expenditure>",
         ["4.11624681", "4.35487869", "3.33722939", "2.89956785", "2.73375977"]),
        ("HeadlineFigure", "kzg:derivation <derivation/implementation-rate> ; kzg:year 2016",
         ["44.5806"]),
        # What is no headline since it is a part, or counts others again, is found by its group.
        ("ChosenFigure", "kzg:country <country/KAZ> ; kzg:year 2024 ;"
         " kzg:populationGroup <population-group/UDN>", ["551"]),
        ("ChosenFigure", "kzg:scope <operation/kazakhstan-regional-office> ;"
         " kzg:populationGroup <population-group/POC>", ["95795", "94532", "88419"]),
        # Who names an office asks for its own people, and not for those of a country in it.
        ("ChosenFigure", "kzg:scope <operation/kazakhstan-regional-office> ; kzg:year 2018 ;"
         " kzg:quantity <quantity/stock>", ["87632", "88419", "588", "195", "4"]),
        ("ChosenFigure", "kzg:quantity <quantity/budget> ; kzg:series <series/total> ;"
         " kzg:year 2015", ["6.99431923"]),
    ],
)  # fmt: skip
def test_the_plain_sum_is_one_of_like_figures(kind: str, pattern: str, values: list[str]) -> None:
    assert sorted(values_of(kind, pattern)) == sorted(values)


def test_what_was_not_chosen_leads_to_what_was() -> None:
    page = "figure/global-focus-2018"
    rows = select(built_quads(), "SELECT ?f ?g { ?f kzg:chosenInstead ?g }")
    assert (f"{page}/refugees-forecast-2018", f"{page}/refugees-kazakhstan-2018") in rows
    sheet = "figure/fact-sheet-2024/stateless-people"
    assert (f"{sheet}-registered-by-government", sheet) in rows


def test_a_note_says_that_headlines_of_one_group_count_on_other_records() -> None:
    """7,690 of the government's records and 7,892 of all records are no series."""
    pairs = """SELECT ?f ?g ?n {
        ?f a kzg:HeadlineFigure ; kzg:country ?c ; kzg:populationGroup ?p ; kzg:registeredBy ?r .
        ?g a kzg:HeadlineFigure ; kzg:country ?c ; kzg:populationGroup ?p ; kzg:registeredBy ?s .
        FILTER(?r != ?s) OPTIONAL { ?f kzg:caveat ?n . ?g kzg:caveat ?n }
    }"""
    rows = select(built_quads(), pairs)
    assert rows
    assert {note for *_, note in rows} == {"editorial/known-stateless-people"}


# The rule


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"time": "time/2018-12-31"}, {"time": "time/2018-06-30"}),
        ({"bound": "bound/approximate"}, {"registeredBy": "registered-by/government"}),
        ({}, {"bound": "bound/approximate", "hedge": "some", "document": "e"}),
        ({"document": "e"}, {}),
        ({}, {"unit": "unit/households", "document": "e"}),
        ({}, {"status": "status/forecast"}),
        ({"scope": OFFICE}, {"status": "status/target"}),
        ({"scope": OFFICE}, {"scope": OFFICE, "document": "d", "bound": "bound/lower"}),
    ],
)
def test_one_of_two_rivals_is_chosen(better: dict[str, str], worse: dict[str, str]) -> None:
    """Whichever of them is named first."""
    for names in (("a", "b"), ("b", "a")):
        one, other = (
            figure(name, "5", **cell) for name, cell in zip(names, (better, worse), strict=True)
        )
        assert choose(one, other) == ({names[0]}, {names[1]: {names[0]}})


@pytest.mark.parametrize(
    "cell",
    [
        {"quantity": "quantity/arrivals"},
        {"quantity": "quantity/stock-share", "unit": "unit/percent"},
        {"status": "status/forecast"},
        {"origin": "country/AFG"},
        {"sex": "sex/female"},
        {"age": "age/children"},
        {"time": "time/2018--2019"},
        {"time": "time/2014--"},
        {"time": ""},
        {"scope": "place/almaty"},
        {"scope": ""},
        {"unit": "unit/percent"},
        {"donor": "country/JPN"},
        {**MONEY, "unit": "unit/not-stated"},
        {**MONEY, "unit": "unit/euros"},
        {**MONEY, "time": "time/2018-06-30"},
        {**MONEY, "status": "status/forecast"},
    ],
)
def test_what_does_not_add_up_is_not_chosen(cell: dict[str, str]) -> None:
    assert choose(figure("a", "5", **cell)) == (set(), {})


def test_a_part_of_the_same_group_and_place_gives_way_to_its_whole() -> None:
    whole = figure("whole", "9")
    part = figure("part", "5", componentOf="whole", registeredBy="registered-by/government")
    assert choose(whole, part) == ({"whole"}, {"part": {"whole"}})


def test_a_part_of_a_figure_of_another_place_is_the_figure_of_its_own() -> None:
    region = figure("region", "9", scope="place/central-asia")
    both = (region, figure("kaz", "5", componentOf="region"))
    assert choose(*both) == ({"kaz", "region"}, {})
    assert headlines(*both) == {"kaz"}


# What can be added up

ALL = {"populationGroup": "population-group/POC"}
STATELESS = {"populationGroup": "population-group/STA"}


@pytest.mark.parametrize(
    ("figures", "added"),
    [
        # Refugees and stateless persons make up the persons of concern: both stand for them.
        ([("poc", "9", ALL), ("ref", "5", {}), ("sta", "4", STATELESS)], {"ref", "sta"}),
        # With one person more, somebody would be missing from a sum of the groups.
        ([("poc", "10", ALL), ("ref", "5", {}), ("sta", "4", STATELESS)], {"poc"}),
        ([("poc", "0", ALL), ("ref", "0", {})], {"poc"}),
        # A document says that one group is among another, which no code list does.
        ([("ref", "5", {}), ("sta", "4", {**STATELESS, "includedIn": "ref"})], {"ref"}),
        # Nothing is counted twice of two places or years.
        ([("poc", "9", {**ALL, "scope": "country/UZB"}), ("ref", "5", {})], {"poc", "ref"}),
        ([("poc", "9", {**ALL, "time": "time/2019"}), ("ref", "5", {})], {"poc", "ref"}),
        # A country comes before an operation of several, one group before many or not.
        ([("poc", "9", {**ALL, "scope": "operation/two"}), ("ref", "5", {})], {"ref"}),
        ([("poc", "9", ALL), ("ref", "50", {"scope": "operation/two"})], {"poc"}),
        # The part of a total of an operation does not stand for it where the total gives way.
        ([("poc", "9", {**ALL, "scope": "operation/two"}),
          ("sta", "4", {**STATELESS, "scope": "operation/two"}), ("ref", "5", {})], {"ref"}),
        # The series of a budget divide it, and are asked for by name.
        ([("all", "9", MONEY), ("p1", "9", {**MONEY, "series": "series/p1"})], {"all"}),
        ([("p1", "9", {**MONEY, "series": "series/p1"})], {"p1"}),
    ],
)  # fmt: skip
def test_no_headline_counts_what_another_does(
    figures: list[tuple[str, str, dict[str, str]]], added: set[str]
) -> None:
    """All are chosen for their own group, in whatever order they are named."""
    made = [figure(name, value, **cell) for name, value, cell in figures]
    for order in (made, made[::-1]):
        assert choose(*order) == ({name for name, *_ in figures}, {})
        assert headlines(*order) == added


@pytest.mark.parametrize("unit", ["unit/million-us-dollars", "unit/not-stated"])
def test_amounts_that_are_dollars_only_by_a_factor_are_headlines_until_dollars_are_given(
    unit: str,
) -> None:
    note = NOTE + "<unit/million-us-dollars> ."
    chart = figure("a", "5.5", **{**MONEY, "unit": unit})
    assert choose(chart, more=note, kind="HeadlineFigure")[0] == {"a"}
    dollars = figure("b", "5400000", **{**MONEY, "bound": "bound/approximate"})
    assert choose(chart, dollars, more=note) == ({"b"}, {"a": {"b"}})


@pytest.mark.parametrize(
    ("scopes", "added"),
    [
        (["country/KAZ", "operation/two"], {"country/KAZ"}),
        (["country/KAZ", OFFICE], {"country/KAZ"}),
        (["operation/two", OFFICE], {"operation/two"}),
        (["country/KAZ", "country/UZB", "operation/two"], {"country/KAZ", "country/UZB"}),
        (["country/TJK", "operation/two"], {"country/TJK", "operation/two"}),
        # A note says where an operation is that no document places.
        (["country/KAZ", "operation/noted"], {"country/KAZ", "operation/noted"}),
        (["country/UZB", "operation/noted"], {"country/UZB"}),
    ],
)
def test_each_place_has_a_chosen_figure_and_of_those_that_overlap_the_narrower_is_a_headline(
    scopes: list[str], added: set[str]
) -> None:
    made = [figure(f"f{number}", "5", scope=scope) for number, scope in enumerate(scopes)]
    names = {f"f{number}": scope for number, scope in enumerate(scopes)}
    for order in (made, made[::-1]):
        assert choose(*order) == (set(names), {})
        assert {names[each] for each in headlines(*order)} == added


def test_a_forecast_of_a_place_without_a_number_leads_to_those_of_places_in_it() -> None:
    one, other = figure("kaz", "5"), figure("uzb", "7", scope="country/UZB")
    office = figure("office", "12", scope="operation/two", status="status/forecast")
    assert choose(one, other, office)[1] == {"office": {"kaz", "uzb"}}


def test_other_documents_do_not_change_the_choice_of_a_country_or_year() -> None:
    alone = choose(figure("kaz", "5"))[0]
    others = [
        figure("uzb", "9", scope="country/UZB", document="e"),
        figure("later", "9", time="time/2019", document="e"),
        figure("group", "9", populationGroup="population-group/ASY", document="e"),
    ]
    assert alone < choose(figure("kaz", "5"), *others)[0]


PLACED = [
    "country/KAZ",
    "country/UZB",
    "country/TJK",
    "operation/two",
    "place/central-asia",
    OFFICE,
]
COVERED = {
    "country/KAZ": {"KAZ"},
    "country/UZB": {"UZB"},
    "country/TJK": {"TJK"},
    "operation/two": {"KAZ", "UZB"},
    "place/central-asia": {"KAZ", "UZB"},
    OFFICE: {"KAZ", "UZB", "TJK"},
}
GROUPS = [f"population-group/{each}" for each in ("REF", "STA", "POC")]
FIGURES = st.fixed_dictionaries(
    {
        "scope": st.sampled_from(PLACED),
        "populationGroup": st.sampled_from(
            [f"population-group/{each}" for each in ("REF", "STA", "POC")]
        ),
        "time": st.sampled_from(["time/2018", "time/2018-12-31", "time/2019"]),
        "status": st.sampled_from(["status/actual", "status/forecast"]),
        "bound": st.sampled_from(["bound/exact", "bound/lower"]),
        "document": st.sampled_from(["d", "e"]),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(FIGURES, max_size=8))
def test_no_two_chosen_share_a_cell_and_a_place_and_no_two_headlines_count_the_same(
    cells: list[dict[str, str]],
) -> None:
    named = {f"f{number}": cell for number, cell in enumerate(cells)}
    made = [figure(name, "5", **cell) for name, cell in named.items()]
    chosen, instead = choose(*made)

    def meet(one: str, other: str) -> bool:
        this, that = named[one], named[other]
        return (
            this["populationGroup"] == that["populationGroup"]
            and this["time"][:9] == that["time"][:9]
            and this["scope"] == that["scope"]
        )

    def count_the_same(one: str, other: str) -> bool:
        this, that = named[one], named[other]
        return (
            this["time"][:9] == that["time"][:9]
            and bool(COVERED[this["scope"]] & COVERED[that["scope"]])
            and (
                this["populationGroup"] == that["populationGroup"]
                or "population-group/POC" in (this["populationGroup"], that["populationGroup"])
            )
        )

    assert not [pair for pair in combinations(chosen, 2) if meet(*pair)]
    added = headlines(*made)
    assert added <= chosen
    assert not [pair for pair in combinations(added, 2) if count_the_same(*pair)]
    assert all(named[name]["status"] == "status/actual" for name in chosen)
    for name, cell in named.items():
        if name not in chosen and cell["status"] == "status/actual":
            assert any(meet(name, other) for other in chosen)
            assert instead[name] <= chosen


# Dollars


def dollars(cell: dict[str, str], more: str = "") -> list[str]:
    quads = infer(store_of(CONTEXT + CONCEPTS + more + figure("a", "5.52037323", **cell)))
    return [value for (value,) in select(quads, "SELECT ?d { ?f kzg:usDollars ?d }")]


NOTE = "<editorial/n> oa:hasTarget <figure/d/a> ; kzg:confidence <confidence/high> ; oa:hasBody "


@pytest.mark.parametrize(
    ("cell", "more", "expected"),
    [
        (MONEY, "", ["5.52037323"]),
        ({**MONEY, "unit": "unit/million-us-dollars"}, "", ["5520373.23"]),
        ({**MONEY, "unit": "unit/not-stated"}, "", []),
        (
            {**MONEY, "unit": "unit/not-stated"},
            NOTE + "<unit/million-us-dollars> .",
            ["5520373.23"],
        ),
        ({**MONEY, "unit": "unit/not-stated"}, NOTE + "<unit/euros>, <unit/us-dollars> .", []),
        ({**MONEY, "unit": "unit/not-stated"}, NOTE + "<unit/euros> .", []),
        ({**MONEY, "unit": "unit/euros"}, NOTE + "<unit/million-us-dollars> .", []),
        ({"unit": "unit/not-stated"}, NOTE + "<unit/million-us-dollars> .", []),
        ({"unit": "unit/persons"}, NOTE + "<unit/million-us-dollars> .", []),
    ],
)
def test_amounts_are_in_dollars_where_a_document_or_one_note_says_so(
    cell: dict[str, str], more: str, expected: list[str]
) -> None:
    assert dollars(cell, more) == expected


def test_a_change_of_the_budget_is_in_dollars_and_a_rate_is_not() -> None:
    rows = select(
        built_quads(),
        "SELECT ?k ?d { ?f prov:wasDerivedFrom <figure/global-focus-2018/budget-2015> ;"
        " kzg:base <figure/global-focus-2018/budget-2014> ; kzg:derivation ?k"
        " OPTIONAL { ?f kzg:usDollars ?d } }",
    )
    assert rows == [("derivation/change", "-412066.74"), ("derivation/relative-change", "")]
