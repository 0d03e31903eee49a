"""The graph says what the three documents say: scope, status, hedges, nothings and ambiguity.

Each expectation was taken by reading the documents, not by asking the graph.
"""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from fixed_tables import read_fixed_tables
from kzgraph.prefixes import PREFIXES
from kzgraph.tables import Tables, parse_span
from kzgraph_mappings import map_tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return read_fixed_tables()


@pytest.fixture(scope="module")
def store(tables: Tables) -> Store:
    mapped = Store()
    mapped.extend(map_tables(tables))
    return mapped


def ask(store: Store, pattern: str) -> list[tuple[str | None, ...]]:
    """The solutions of a pattern, each value as text with our own IRIs shortened to their path."""
    solutions = store.query(
        f"SELECT * WHERE {{ {pattern} }}",
        prefixes=dict(PREFIXES),
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, QuerySolutions)
    names = sorted(variable.value for variable in solutions.variables)
    rows = [tuple(_text(solution[name]) for name in names) for solution in solutions]
    return sorted(rows, key=lambda row: [value or "" for value in row])


def _text(term: object) -> str | None:
    if term is None:
        return None
    assert isinstance(term, NamedNode | Literal)
    return term.value.removeprefix(PREFIXES["kzr"])


def figure(store: Store, key: str) -> dict[str, str]:
    """The properties of a figure by local name."""
    iri = f"<{PREFIXES['kzr']}figure/{key}>"
    return {
        re.split("[#/]", name)[-1]: value
        for value, name in ask(store, f"{iri} ?p ?o")
        if name is not None and value is not None
    }


class TestScope:
    """A figure is about what its text is about."""

    def test_the_chart_is_about_the_regional_office(self, store: Store) -> None:
        chart = figure(store, "global-focus-2018/stateless-2018")
        assert (chart["value"], chart["scope"]) == (
            "87632",
            "operation/kazakhstan-regional-office",
        )

    def test_the_prose_is_about_kazakhstan(self, store: Store) -> None:
        prose = figure(store, "global-focus-2018/stateless-kazakhstan-2018")
        assert (prose["value"], prose["scope"]) == ("7690", "country/KAZ")

    def test_no_country_is_given_to_the_regional_office(self, store: Store) -> None:
        assert ask(store, "kzr:operation\\/kazakhstan-regional-office kzg:area ?area") == []
        office = "kzr:organisation\\/kazakhstan-regional-office"
        assert ask(store, f"{office} schema:areaServed ?area") == []

    def test_an_office_of_several_countries_is_not_given_one(self, store: Store) -> None:
        office = "kzr:organisation\\/kazakhstan-multi-country-office"
        assert ask(store, f"{office} schema:areaServed ?area") == []

    def test_all_chart_figures_share_the_scope(self, store: Store) -> None:
        found = ask(
            store,
            "{ SELECT DISTINCT ?scope WHERE { ?f a kzg:FinanceFigure ; kzg:scope ?scope ;"
            " kzg:statedIn kzr:document\\/global-focus-2018 } }",
        )
        assert found == [("operation/kazakhstan-regional-office",)]

    def test_the_requirement_is_for_five_countries(self, store: Store) -> None:
        assert figure(store, "fact-sheet-2024/requirement-2024")["scope"] == (
            "operation/central-asia"
        )
        assert ask(store, "kzr:operation\\/central-asia kzg:area ?area") == [
            (f"country/{code}",) for code in ("KAZ", "KGZ", "TJK", "TKM", "UZB")
        ]

    def test_the_names_of_regional_offices_stay_apart(self, store: Store) -> None:
        names = {
            "Kazakhstan Regional Office",
            "Kazakhstan Multi-Country Office",
            "UNHCR Regional Representation in Central Asia",
            "UNHCR Representation to Central Asia",
        }
        found = ask(
            store,
            "?office a org:OrganizationalUnit ; rdfs:label ?name FILTER(LANG(?name) = 'en')"
            " FILTER(REGEX(?name, 'Regional|Multi-Country|Representation'))",
        )
        assert {name for name, _ in found} == names
        assert len({office for _, office in found}) == len(names)
        assert ask(store, "?office org:unitOf ?whole ; owl:sameAs ?other") == []


class TestStatusAndTime:
    """Actual, forecast and target are different figures even for one cell."""

    def test_a_result_and_a_target_of_one_indicator(self, store: Store) -> None:
        result = figure(store, "global-focus-2018/nationality-assistance-2018")
        target = figure(store, "global-focus-2018/nationality-assistance-2019")
        assert (result["value"], result["status"], result["year"]) == (
            *("742", "status/actual", "2018"),
        )
        assert (target["value"], target["status"], target["year"]) == (
            *("650", "status/target", "2019"),
        )
        assert result["indicator"] == target["indicator"]

    def test_the_plan_is_a_forecast_beside_the_report(self, store: Store) -> None:
        found = ask(
            store,
            "?f kzg:populationGroup kzr:population-group\\/STA ;"
            " kzg:quantity kzr:quantity\\/stock ;"
            " kzg:scope kzr:country\\/KAZ ; kzg:year 2018 ; kzg:status ?status ; kzg:value ?value",
        )
        assert {row[1:] for row in found} == {
            ("status/actual", "7690"),
            ("status/forecast", "6706"),
        }

    def test_a_stock_has_a_day_and_a_flow_a_period(self, store: Store) -> None:
        stock = figure(store, "global-focus-2018/refugees-kazakhstan-2018")
        flow = figure(store, "global-focus-2018/refugees-naturalised-2018")
        assert stock["date"] == "2018-12-31"
        assert flow["time"] == "time/2018"
        assert "date" not in flow

    def test_years_are_integers_beside_the_calendar_type(self, store: Store) -> None:
        mismatched = ask(store, "?f kzg:year ?y ; kzg:gYear ?g FILTER(STR(?y) != STR(?g))")
        assert mismatched == []
        assert ask(store, "?f kzg:year ?y FILTER(DATATYPE(?y) != xsd:integer)") == []
        assert ask(store, "?f kzg:gYear ?g FILTER NOT EXISTS { ?f kzg:year ?y }") == []

    def test_documents_without_a_date_have_none(self, store: Store) -> None:
        assert ask(store, "?document dcterms:issued ?date") == []

    def test_the_overview_dates_none_of_its_stocks(self, store: Store) -> None:
        found = ask(
            store,
            "?f kzg:statedIn kzr:document\\/overview ; kzg:quantity kzr:quantity\\/stock ;"
            " kzg:value ?value . OPTIONAL { ?f kzg:year ?year }",
        )
        assert {(row[1], row[2]) for row in found} == {
            ("8000", None), ("354", None), ("319", None), ("7000", None),
        }  # fmt: skip


class TestHedges:
    """A hedge is part of the figure: the kind of bound and the document's word."""

    @pytest.mark.parametrize(
        ("key", "value", "bound", "hedge"),
        [
            ("overview/people-of-concern", "8000", "lower", "over"),
            ("overview/stateless-persons", "7000", "lower", "more than"),
            ("overview/stateless-naturalised-since-2014", "9000", "lower", "over"),
            ("fact-sheet-2024/stateless-naturalised-since-2014", "14000", "lower", "more than"),
            ("global-focus-2018/refugees-kazakhstan-2018", "570", "approximate", "some"),
            ("global-focus-2018/asylum-seekers-kazakhstan-2018", "200", "approximate", "close to"),
            ("global-focus-2018/stateless-kazakhstan-2018", "7690", "approximate", "close to"),
            ("global-focus-2018/arrivals-forecast-2018", "240", "approximate", "some"),
            ("global-focus-2018/refugees-forecast-2018", "650", "approximate", "around"),
        ],
    )
    def test_hedged(self, store: Store, key: str, value: str, bound: str, hedge: str) -> None:
        found = figure(store, key)
        assert (found["value"], found["bound"], found["hedge"].lower()) == (
            *(value, f"bound/{bound}", hedge),
        )

    def test_an_exact_figure_has_no_hedge(self, store: Store) -> None:
        assert ask(store, "?f kzg:bound kzr:bound\\/exact ; kzg:hedge ?hedge") == []
        assert figure(store, "fact-sheet-2024/stateless-people")["bound"] == "bound/exact"


class TestKindsOfNothing:
    """Null, zero, no reports, no figure, masked and lost are six different things."""

    def test_every_null_of_the_charts_is_a_figure_without_a_value(self, store: Store) -> None:
        nulls = ask(store, "?f kzg:availability kzr:availability\\/not-published")
        # Expenditure of 2019; p3 twice for six years; p4 for five of the budget and of the
        # expenditure; p1 and p2 of the expenditure of 2019.
        assert len(nulls) == 1 + 12 + 5 + 5 + 2
        valued = ask(store, "?f kzg:availability kzr:availability\\/not-published ; kzg:value ?v")
        assert valued == []

    def test_an_explicit_none_is_zero(self, store: Store) -> None:
        children = figure(store, "global-focus-2018/unaccompanied-children-2018")
        assert (children["value"], children["availability"]) == ("0", "availability/published")

    def test_zero_is_stored_for_nothing_else(self, store: Store) -> None:
        assert ask(store, "?f kzg:value 0") == [
            ("figure/global-focus-2018/unaccompanied-children-2018",)
        ]

    def test_no_reports_is_no_figure(self, store: Store) -> None:
        returns = figure(store, "global-focus-2018/forcible-returns-2018")
        assert returns["availability"] == "availability/no-reports"
        assert "value" not in returns

    def test_other_countries_have_no_figure(self, store: Store) -> None:
        others = ask(
            store,
            "?f kzg:origin kzr:origin\\/other ; kzg:availability ?a"
            " FILTER NOT EXISTS { ?f kzg:value ?v }",
        )
        assert [row[0] for row in others] == ["availability/not-given"]

    def test_the_masked_address_is_recorded_as_masked(self, store: Store) -> None:
        masked = ask(store, "?c kzg:availability kzr:availability\\/masked ; kzg:scope ?office")
        assert [row[1] for row in masked] == ["organisation/regional-representation-central-asia"]
        assert ask(store, "?c kzg:availability kzr:availability\\/masked ; schema:email ?e") == []

    def test_links_that_lost_their_target_have_no_address(self, store: Store) -> None:
        lost = ask(store, "?r kzg:availability kzr:availability\\/target-lost")
        # Two conventions of the refugee regime, the forum, the campaign, the statelessness
        # conventions, the analysis, the framework and the goals.
        assert len(lost) == 8
        addressed = ask(
            store, "?r kzg:availability kzr:availability\\/target-lost ; schema:url ?url"
        )
        assert addressed == []


class TestAmbiguity:
    """What the text leaves open stays open."""

    def test_dates_and_donors_of_the_list_are_not_paired(self, store: Store) -> None:
        donors = ask(store, "?c kzg:kind kzr:contribution-kind\\/listed ; kzg:donor ?donor")
        dates = ask(store, "?s kzg:kind kzr:statement-kind\\/list-date ; kzg:date ?date")
        assert (len(donors), len(dates)) == (18, 10)
        times = ask(store, "?c kzg:kind kzr:contribution-kind\\/listed ; kzg:time ?time")
        assert {time for _, time in times} == {"time/not-stated"}

    def test_only_the_pledges_the_text_includes_belong_to_the_five(self, store: Store) -> None:
        pledges = ask(store, "?p a kzg:Pledge OPTIONAL { ?p kzg:componentOf ?five }")
        assert sorted((p or "").rpartition("/")[2] for five, p in pledges if five) == [
            *("border-referral-procedures", "equal-access-for-refugees"),
        ]
        assert sum(five is None for five, _ in pledges) == 2

    def test_kazakhstan_takes_part_in_what_is_stated_and_no_more(self, store: Store) -> None:
        found = ask(
            store,
            "?p kzg:participant kzr:country\\/KAZ ; kzg:kind ?kind ; kzg:instrument ?i ."
            " ?p a kzg:Participation",
        )
        assert {row[0] for row in found} == {
            *("instrument/refugee-convention-1951", "instrument/refugee-protocol-1967"),
        }

    def test_what_the_charts_count_is_not_stated(self, store: Store) -> None:
        units = ask(
            store,
            "{ SELECT DISTINCT ?unit WHERE { ?f a kzg:FinanceFigure ; kzg:unit ?unit ;"
            " kzg:statedIn kzr:document\\/global-focus-2018 } }",
        )
        assert units == [("unit/not-stated",)]

    def test_the_project_says_so_itself_in_the_editorial_graph_only(self, store: Store) -> None:
        annotations = ask(
            store, "GRAPH ?g { ?a a oa:Annotation ; kzg:confidence ?c ; schema:citation ?s }"
        )
        assert annotations
        assert {row[2] for row in annotations} == {"https://w3id.org/kzgraph/graph/editorial"}


class TestPrivacy:
    """Office holders by role; nobody else by name."""

    def test_only_office_holders_are_people(self, store: Store) -> None:
        holders = {person for _, person in ask(store, "?m org:member ?person")}
        named = {person for (person,) in ask(store, "?person a foaf:Person")}
        assert named == holders
        assert len(named) == 3

    @pytest.mark.parametrize("name", ["Idris", "Aldauyev", "Izturgan"])
    def test_nobody_from_the_photograph_is_named(self, store: Store, name: str) -> None:
        assert not [quad for quad in store if name in str(quad)]


class TestWholeness:
    """Every element of every chart is there, in the right cell."""

    BUDGETS = (7.40638597, 6.99431923, 7.48582672, 5.56728442, 5.52037323, 5.52884917)
    EXPENDITURES = (4.11624681, 4.35487869, 3.33722939, 2.89956785, 2.73375977, None)

    @pytest.mark.parametrize(
        ("quantity", "values"), [("budget", BUDGETS), ("expenditure", EXPENDITURES)]
    )
    def test_totals(self, store: Store, quantity: str, values: tuple[float | None, ...]) -> None:
        found = ask(
            store,
            f"?f kzg:quantity kzr:quantity\\/{quantity} ; kzg:series kzr:series\\/total ;"
            " kzg:year ?a_year OPTIONAL { ?f kzg:value ?value }",
        )
        cells = {year: value for year, _, value in found}
        assert cells == {
            str(2014 + at): None if value is None else str(value) for at, value in enumerate(values)
        }

    def test_sixty_cells_of_finance(self, store: Store) -> None:
        cells = ask(
            store,
            "?f a kzg:FinanceFigure ; kzg:statedIn kzr:document\\/global-focus-2018",
        )
        assert len(cells) == 60

    def test_pillars_sum_to_their_totals(self, store: Store) -> None:
        found = ask(
            store,
            "?part kzg:componentOf ?total ; kzg:series ?series ; kzg:value ?a ."
            " ?total kzg:value ?b",
        )
        sums: dict[str | None, Decimal] = {}
        totals = {}
        for a, b, _, _, total in found:
            sums[total] = sums.get(total, Decimal(0)) + Decimal(a or 0)
            totals[total] = Decimal(b or 0)
        assert len(sums) == 6 + 5
        assert all(abs(sums[total] - totals[total]) <= Decimal("2e-8") for total in sums)

    @pytest.mark.parametrize(
        ("total", "parts"),
        [
            ("global-focus-2018/people-of-concern-2018", {588, 195, 4, 87632}),
            ("fact-sheet-2024/stateless-people", {7341, 551}),
            ("fact-sheet-2024/refugees-and-asylum-seekers", {391, 275, None}),
            ("overview/people-of-concern", {354, 319, 7000}),
        ],
    )
    def test_components(self, store: Store, total: str, parts: set[int | None]) -> None:
        found = ask(
            store,
            f"?f kzg:componentOf <{PREFIXES['kzr']}figure/{total}> ; a kzg:PopulationFigure"
            " OPTIONAL { ?f kzg:value ?value }",
        )
        assert {None if value is None else int(value) for _, value in found} == parts

    def test_every_fact_has_evidence_in_its_document(self, tables: Tables) -> None:
        facts = [row for row in tables.rows if "evidence" in row.cells]
        assert len(facts) > 300
        for row in facts:
            length = int(tables.documents[row.folder].require("length"))
            assert all(parse_span(item).end <= length for item in row.cells["evidence"])


class TestTexts:
    """With the source texts at hand: every span, and how much of them the facts cover."""

    def test_the_tables_agree_with_the_texts(self, tables: Tables, documents: Path) -> None:
        from kzgraph.verification.documents import verify

        reports = verify(tables, documents)
        assert [report.document for report in reports] == [
            *("fact-sheet-2024", "global-focus-2018", "overview"),
        ]
        for report in reports:
            assert report.faults == ()
            assert report.uncovered_numeric == ()
            assert report.covered_words >= 0.95 * report.words

    def test_no_sentence_of_a_text_stands_in_a_table(self, tables: Tables, documents: Path) -> None:
        word = re.compile(r"\w+")
        runs: set[tuple[str, ...]] = set()
        for path in documents.glob("*.txt"):
            words = word.findall(path.read_text("utf-8").lower())
            runs |= {tuple(words[at : at + 7]) for at in range(len(words) - 6)}
        for row in tables.rows:
            for column in ("description", "note", "source"):
                for text in row.cells.get(column, ()):
                    words = word.findall(text.lower())
                    copied = [
                        words[at : at + 7]
                        for at in range(len(words) - 6)
                        if tuple(words[at : at + 7]) in runs
                    ]
                    assert not copied, f"{row.file}:{row.line}:{column}"
