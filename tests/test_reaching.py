"""From a fact to its country, to all that it is about, and to the notes on it."""

import pytest

from built_graph import built_quads
from kzgraph.reasoning import infer
from reasoning_stores import CONTEXT, figure, select, store_of

PLACES = (
    "<country/KAZ> a schema:Country ; schema:containedInPlace <place/central-asia> ."
    "<place/central-asia> a schema:Place ."
    "<place/almaty> a schema:Place ; schema:containedInPlace <country/KAZ> ."
    "<place/astana> a schema:Place ; schema:containedInPlace <country/KAZ> ."
    "<operation/one> kzg:area <country/KAZ> ."
    "<operation/cities> kzg:area <place/almaty>, <place/astana> ."
    "<operation/two> kzg:area <country/KAZ>, <country/UZB> ."
    "<operation/wide> kzg:area <country/KAZ>, <place/central-asia> ."
    "<organisation/national> schema:areaServed <country/KAZ> ."
)


@pytest.mark.parametrize(
    ("scope", "country"),
    [
        ("country/KAZ", "country/KAZ"),
        ("place/almaty", "country/KAZ"),
        ("place/central-asia", None),
        ("operation/one", "country/KAZ"),
        ("operation/cities", "country/KAZ"),
        ("operation/two", None),
        ("operation/wide", None),
        ("operation/unknown", None),
        ("organisation/national", "country/KAZ"),
    ],
)
def test_the_country_of_a_figure_is_told_where_there_is_just_one(
    scope: str, country: str | None
) -> None:
    quads = infer(store_of(CONTEXT + PLACES + figure("a", "5", scope=scope)))
    assert select(quads, "SELECT ?c { ?f kzg:country ?c }") == ([(country,)] if country else [])


def test_a_fact_without_a_scope_has_the_country_of_who_acts_or_where_it_was() -> None:
    facts = (
        "<pledge/d/a> kzg:statedIn <document/d> ; kzg:actor <country/KAZ> ."
        "<participation/d/b> kzg:statedIn <document/d> ; kzg:participant <country/UZB> ."
        "<event/d/c> kzg:statedIn <document/d> ; kzg:actor <country/KAZ> ;"
        " schema:location <country/UZB> ."
        "<event/d/d> kzg:statedIn <document/d> ; kzg:actor <country/KAZ>, <country/UZB> ."
        "<reference/d/e> kzg:statedIn <document/d> ; kzg:concerns <country/KAZ> ."
    )
    quads = infer(store_of(CONTEXT + facts))
    assert select(quads, "SELECT ?f ?c { ?f kzg:country ?c }") == [
        ("event/d/c", "country/UZB"),
        ("participation/d/b", "country/UZB"),
        ("pledge/d/a", "country/KAZ"),
    ]


def test_the_seven_figures_of_january_2024_are_of_kazakhstan_and_87632_is_not() -> None:
    rows = select(
        built_quads(),
        "SELECT ?v { ?f kzg:country <country/KAZ> ; kzg:date '2024-01-01'^^xsd:date ;"
        " a kzg:StatedFigure ; kzg:value ?v }",
    )
    assert sorted(int(value) for (value,) in rows) == [275, 391, 551, 753, 7341, 7892]
    assert select(built_quads(), "SELECT ?c { ?f kzg:value 87632 ; kzg:country ?c }") == []


@pytest.mark.parametrize(
    ("thing", "fact"),
    [
        ("country/KAZ", "figure/fact-sheet-2024/stateless-people"),
        ("country/KAZ", "participation/fact-sheet-2024/refugee-convention-1951"),
        ("country/AFG", "figure/fact-sheet-2024/refugees-and-asylum-seekers-from-afghanistan"),
        # An operation of five countries, and an office that a document names with its donors.
        ("country/UZB", "figure/fact-sheet-2024/requirement-2024"),
        ("country/UZB", "statement/overview/multi-country-office-role"),
        ("country/KAZ", "contribution/fact-sheet-2024/norway"),
        ("country/JPN", "contribution/global-focus-2018/japan-1"),
        ("organisation/ministry-of-justice", "partnership/fact-sheet-2024/ministry-of-justice"),
        ("instrument/refugee-convention-1951", "reference/fact-sheet-2024/refugee-convention-1951"),
        (
            "initiative/global-refugee-forum-2023",
            "pledge/fact-sheet-2024/equal-access-for-refugees",
        ),
        ("person/mariko-hall", "appointment/fact-sheet-2024/mariko-hall"),
    ],
)
def test_whatever_a_fact_has_to_do_with_leads_to_it(thing: str, fact: str) -> None:
    assert select(built_quads(), f"SELECT ?o {{ <{fact}> kzg:about ?o FILTER(?o = <{thing}>) }}")


def test_a_list_of_donors_that_names_no_office_is_about_no_country_but_theirs() -> None:
    """Nor is a number of several countries one of them alone."""
    for fact in (
        "contribution/global-focus-2018/japan-1",
        "contribution/fact-sheet-2024/japan-for-unhcr",
    ):
        rows = select(built_quads(), f"SELECT ?c {{ <{fact}> kzg:about ?c . ?c a schema:Country }}")
        assert rows == [("country/JPN",)]
    assert (
        select(
            built_quads(), "SELECT ?c { <figure/fact-sheet-2024/requirement-2024> kzg:country ?c }"
        )
        == []
    )


def test_notes_are_reached_from_a_figure_from_what_is_made_of_it_and_from_things() -> None:
    page = "global-focus-2018"
    for node, note in (
        (f"figure/{page}/budget-2018", "chart-unit"),
        (f"derived/{page}/change/budget-2018/budget-2017", "chart-unit"),
        (
            f"comparison/{page}/refugees-2018/{page}/refugees-kazakhstan-2018",
            "countries-of-the-reg",
        ),
        ("series/p1", "series-p1"),
    ):
        found = select(built_quads(), f"SELECT ?n {{ <{node}> kzg:caveat ?n }}")
        assert [iri for (iri,) in found if iri.startswith(f"editorial/{note}")]


def test_a_state_that_only_signed_is_no_party() -> None:
    facts = "".join(
        f"<participation/d/{kind}> kzg:statedIn <document/d> ; kzg:participant <country/UZB> ;"
        f" kzg:instrument <instrument/{kind}> ; kzg:kind <participation-kind/{kind}> ."
        for kind in ("state-party", "signatory", "not-a-party")
    )
    quads = infer(store_of(CONTEXT + facts))
    assert select(quads, "SELECT ?s ?i { ?s kzg:partyTo ?i }") == [
        ("country/UZB", "instrument/state-party")
    ]
