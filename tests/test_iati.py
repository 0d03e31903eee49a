"""Activity files of IATI as figures, activities, organisations and codes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Store

from fixed_tables import read_fixed_tables
from iati_files import CURRENCY, NEEDED, PERIOD, Kept, activity, document, map_bytes
from kzgraph.namespaces import LABEL, XSD
from kzgraph.prefixes import PREDECLARED
from kzgraph.reasoning import infer
from kzgraph.tables import Tables
from kzgraph.validation import validate
from kzgraph.vocabulary import ontology_quads
from kzgraph_mappings import map_tables
from kzgraph_mappings.official import settle
from kzgraph_mappings.official.iati import map_activities
from official_files import a_source, map_with

Ask = Callable[..., list[tuple[str, ...]]]

VALUE = '<value value-date="2020-01-01">{}</value>'


def transaction(kind: int, value: str, more: str = "", day: str = "2020-05-06") -> str:
    return (
        f'<transaction><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>'
        f"{value if value.startswith('<') else VALUE.format(value)}{more}</transaction>\n"
    )


def budget(value: str, attributes: str = "", period: str = PERIOD) -> str:
    return f"<budget {attributes}>{period}{VALUE.format(value)}</budget>\n"


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Answers a query over a file of these activities; names are shortened."""

    def answer(query: str, *activities: str) -> list[tuple[str, ...]]:
        kept = map_bytes(document(*activities), tmp_path)
        rows = kept.store().query(
            query, prefixes=dict(PREDECLARED), use_default_graph_as_union=True
        )
        return sorted(tuple(_shorten(term) for term in row) for row in rows)  # type: ignore[union-attr]

    return answer


def _shorten(term: object) -> str:
    return str(getattr(term, "value", "")).removeprefix(PREDECLARED["kzr"])


FIGURES = """SELECT ?quantity ?year ?value ?unit {?f a kzg:OfficialHeadlineFigure ;
    kzg:activity activity:AA-1-P1 ; kzg:scope activity:AA-1-P1 ; kzg:quantity ?quantity ;
    kzg:year ?year ; kzg:officialValue ?value ; kzg:unit ?unit}"""


def test_each_type_of_transaction_is_a_quantity_of_its_own(ask: Ask) -> None:
    found = ask(FIGURES, activity("".join(transaction(kind, f"{kind}") for kind in range(1, 14))))
    assert {(row[0].removeprefix("quantity/"), row[2]) for row in found} == {
        ("incoming-funds", "1"),
        ("outgoing-commitment", "2"),
        ("disbursement", "3"),
        ("direct-expenditure", "4"),
        ("interest-payment", "5"),
        ("loan-repayment", "6"),
        ("reimbursement", "7"),
        ("purchase-of-equity", "8"),
        ("sale-of-equity", "9"),
        ("credit-guarantee", "10"),
        ("incoming-commitment", "11"),
        ("outgoing-pledge", "12"),
        ("incoming-pledge", "13"),
    }


def test_amounts_keep_sign_currency_and_decimals(ask: Ask) -> None:
    own = '<value currency="{}" value-date="2020-01-01">{}</value>'
    found = ask(
        FIGURES,
        activity(
            transaction(3, "-1500.50")
            + transaction(3, own.format("EUR", " .25 "))
            + transaction(3, own.format("XDR", "+0010.0"))
        ),
    )
    assert {row[2:] for row in found} == {
        ("-1500.5", "unit/us-dollars"),
        ("0.25", "unit/euros"),
        ("10", "unit/XDR"),
    }


def test_a_revised_budget_takes_the_place_of_the_original(ask: Ask) -> None:
    later = PERIOD.replace("2020", "2021")
    found = ask(
        FIGURES,
        activity(
            budget("10", 'type="1"')
            + budget("12", 'type="2" status="2"')
            + budget("7", 'type="1"', later)
            + budget("8", "", later)
        ),
    )
    assert [row[1:3] for row in found] == [("2020", "12"), ("2021", "7"), ("2021", "8")]
    every = ask("SELECT ?v {?f a kzg:OfficialFigure ; kzg:officialValue ?v}", activity(budget("1")))
    assert every == [("1",)]


@pytest.mark.parametrize(
    ("reporter", "suffix", "years"),
    [
        ("XM-DAC-41121", "2020-KAZ", ["2020"]),
        ("XM-DAC-41121", "KAZ", ["2020", "2021"]),
        ("XM-DAC-41121", "2020-2021", ["2020", "2021"]),
        # The year in which it began, or a number.
        ("AA-1", "2020-KAZ", ["2020", "2021"]),
        ("AA-2020", "P1", ["2020", "2021"]),
    ],
)
def test_an_edition_of_a_yearly_series_counts_the_budget_of_its_year(
    ask: Ask, reporter: str, suffix: str, years: list[str]
) -> None:
    both = budget("10") + budget("11", "", PERIOD.replace("2020", "2021"))
    named = NEEDED.replace("AA-1-P1", f"{reporter}-{suffix}").replace('"AA-1"', f'"{reporter}"')
    text = activity(both, named)
    found = ask("SELECT ?y {?f a kzg:OfficialHeadlineFigure ; kzg:year ?y}", text)
    assert [row[0] for row in found] == years


def test_what_another_reports_and_what_is_planned_is_not_summed(ask: Ask) -> None:
    second = NEEDED.replace('type="40"', 'type="40" secondary-reporter="1"')
    plan = f"<planned-disbursement>{PERIOD}{VALUE.format('5')}</planned-disbursement>"
    assert ask(FIGURES, activity(transaction(3, "1"), second)) == []
    assert ask(FIGURES, activity(plan)) == []
    every = "SELECT ?q {?f a kzg:OfficialFigure ; kzg:quantity ?q}"
    assert ask(every, activity(plan)) == [("quantity/planned-disbursement",)]


@pytest.mark.parametrize(
    ("first", "last", "slug", "year"),
    [
        ("2020-01-01", "2020-12-31", "2020", "2020"),
        ("2020-04-01", "2020-06-30", "2020-Q2", "2020"),
        ("2020-02-01", "2020-02-29", "2020-02", "2020"),
        ("2020-04-06", "2021-04-05", "2020-04-06--2021-04-05", ""),
        ("2020-01-01Z", "2020-12-31+06:00", "2020", "2020"),
    ],
)
def test_a_period_is_the_year_quarter_or_month_that_it_is(
    ask: Ask, first: str, last: str, slug: str, year: str
) -> None:
    period = f'<period-start iso-date="{first}"/><period-end iso-date="{last}"/>'
    query = "SELECT ?t ?y {?f kzg:time ?t ; kzg:quantity ?q OPTIONAL {?f kzg:year ?y}}"
    assert ask(query, activity(budget("1", "", period))) == [(f"time/{slug}", year)]


def test_who_provides_and_receives(ask: Ask) -> None:
    more = (
        '<provider-org ref="BB-2" type="10"><narrative>Ministry</narrative></provider-org>'
        '<receiver-org type="22"><narrative xml:lang="fr">Société d\'eau</narrative></receiver-org>'
    )
    query = """SELECT ?from ?name ?kind ?to ?label {?f schema:funder ?from ; schema:recipient ?to .
        ?from rdfs:label ?name ; kzg:kind ?kind . ?to rdfs:label ?label}"""
    assert ask(query, activity(transaction(3, "1", more))) == [
        (
            "organisation/iati/BB-2",
            "Ministry",
            "organisation-type/10",
            "organisation/iati/AA-1/societe-d-eau",
            "Société d'eau",
        )
    ]


def test_what_files_call_an_organisation_is_one_label(ask: Ask) -> None:
    provider = '<provider-org ref="BB-2" type="{}"><narrative>{}</narrative></provider-org>'
    text = activity(
        transaction(1, "1", provider.format("10", "Norway"))
        + transaction(1, "2", provider.format("15", "Government of Norway"))
    )
    query = "SELECT ?l ?k {organisation:iati\\/BB-2 rdfs:label ?l ; kzg:kind ?k}"
    assert ask(query, text) == [("Government of Norway", "organisation-type/10")]
    names = ask("SELECT ?n {organisation:iati\\/BB-2 schema:name ?n}", text)
    assert names == [("Government of Norway",), ("Norway",)]


def test_unhcr_is_the_organisation_of_the_tables(ask: Ask) -> None:
    unhcr = NEEDED.replace('ref="AA-1"', 'ref="XM-DAC-41121"')
    query = """SELECT ?who ?role {?a dcterms:publisher ?who ; prov:qualifiedAssociation ?p .
        ?p prov:agent ?who ; prov:hadRole ?role}"""
    assert ask(query, activity("", unhcr)) == [("organisation/unhcr", "organisation-role/4")]


def test_titles_and_dates(ask: Ask) -> None:
    text = NEEDED.replace("Wells", 'Wells</narrative><narrative xml:lang="KK">Құдықтар')
    for kind, day in (("1", "2020-01-01"), ("3", "2021-12-31")):
        text += f'<activity-date type="{kind}" iso-date="{day}"/>'
    query = """SELECT ?l (LANG(?l) AS ?in) ?s ?t {?a a kzg:Activity ; rdfs:label ?l ;
        schema:startDate ?s ; dcterms:temporal ?t}"""
    assert ask(query, activity("", text)) == [
        ("Wells", "en", "2020-02-01", "time/2020-01-01--2021-12-31"),
        ("Құдықтар", "kk", "2020-02-01", "time/2020-01-01--2021-12-31"),
    ]


RECIPIENT = '<recipient-country code="{}" {}/>'


@pytest.mark.parametrize(
    ("more", "spatial", "country"),
    [
        (RECIPIENT.format("KZ", ""), ["country/KAZ"], ""),
        ('<activity-scope code="4"/>' + RECIPIENT.format("KZ", ""), ["country/KAZ"], "country/KAZ"),
        ('<activity-scope code="3"/>' + RECIPIENT.format("KZ", ""), ["country/KAZ"], ""),
        (
            '<activity-scope code="4"/>'
            + RECIPIENT.format("KZ", 'percentage="60"')
            + RECIPIENT.format("KG", 'percentage="40"'),
            ["country/KAZ", "country/KGZ"],
            "",
        ),
        (
            '<activity-scope code="4"/>'
            + RECIPIENT.format("KZ", "")
            + '<recipient-region code="619"/>',
            ["country/KAZ", "region/619"],
            "",
        ),
        (RECIPIENT.format("XK", ""), ["recipient-country/XK"], ""),
    ],
)
def test_a_figure_has_a_country_only_where_the_activity_is_about_one(
    ask: Ask, more: str, spatial: list[str], country: str
) -> None:
    text = activity(more + transaction(3, "1"))
    assert [row[0] for row in ask("SELECT ?s {?a dcterms:spatial ?s}", text)] == spatial
    query = "SELECT ?c {?f kzg:quantity ?q OPTIONAL {?f kzg:country ?c}}"
    assert ask(query, text) == [(country,)]


def test_two_recipients_do_not_double_an_amount(ask: Ask) -> None:
    shares = RECIPIENT.format("KZ", 'percentage="60"') + RECIPIENT.format("KG", 'percentage="40"')
    text = activity(shares + transaction(4, "100"))
    total = ask(
        "SELECT (SUM(?v) AS ?sum) {?f a kzg:OfficialHeadlineFigure ; kzg:officialValue ?v}", text
    )
    assert total == [("100",)]
    query = (
        "SELECT ?c ?v {?a schema:additionalProperty ?p . ?p schema:propertyID ?c ; schema:value ?v}"
    )
    assert ask(query, text) == [("country/KAZ", "60"), ("country/KGZ", "40")]


def test_a_transaction_may_state_its_country(ask: Ask) -> None:
    text = activity(transaction(3, "1", RECIPIENT.format("UZ", "")) + transaction(4, "2"))
    assert ask("SELECT ?v ?c {?f kzg:officialValue ?v ; kzg:country ?c}", text) == [
        ("1", "country/UZB")
    ]


CODES = """<sector code="72010" percentage="100"><narrative>Relief</narrative></sector>
<sector vocabulary="99" code="W 1"><narrative>Wells</narrative></sector>
<sector code="99999"/><tag vocabulary="2" code="6"/>
<humanitarian-scope type="2" vocabulary="2-1" code="HX1">
<narrative>Plan</narrative></humanitarian-scope>
<policy-marker code="1" significance="2"/>
<related-activity ref="AA-1-P0" type="1"/><related-activity ref="BB/2" type="3"/>
<location ref="L1"><location-id vocabulary="G1" code="1526384"/>
<name><narrative>Almaty</narrative></name>
<point srsName="EPSG:4326"><pos>43.25 76.95</pos></point></location>
"""


def test_codes_of_lists_are_concepts_and_others_are_kept(ask: Ask) -> None:
    query = "SELECT ?s ?label {?a dcterms:subject ?s OPTIONAL {?s rdfs:label ?label}}"
    assert ask(query, activity(CODES)) == [
        ("humanitarian-scope/2-1/HX1", "Plan"),
        ("sector/72010", ""),
        ("sector/99999", ""),
        ("sector/AA-1/99/W_201", "Wells"),
        ("tag/2/6", ""),
    ]
    query = (
        "SELECT ?m ?v {?a schema:additionalProperty ?p . ?p schema:propertyID ?m ; schema:value ?v}"
    )
    assert ask(query, activity(CODES)) == [
        ("policy-marker/1", "policy-significance/2"),
        ("sector/72010", "100"),
    ]


def test_other_activities_and_places(ask: Ask) -> None:
    query = "SELECT ?p ?o {activity:AA-1-P1 ?p ?o . ?o a kzg:Activity}"
    found = [(row[0].rpartition("/")[2], row[1]) for row in ask(query, activity(CODES))]
    assert found == [("isPartOf", "activity/AA-1-P0"), ("relation", "activity/BB_2F2")]
    query = """SELECT ?l ?lat ?long ?see {?a schema:location ?p . ?p rdfs:label ?l ;
        schema:latitude ?lat ; schema:longitude ?long ; rdfs:seeAlso ?see}"""
    assert ask(query, activity(CODES)) == [
        ("Almaty", "43.25", "76.95", "https://sws.geonames.org/1526384/")
    ]


RESULT = f"""<result type="1"><title><narrative>Water</narrative></title>
<indicator measure="2" ascending="0"><title><narrative>Dry wells</narrative></title>
<baseline year="2019" value="80"/><period>{PERIOD}<target value="10">
<dimension name="sex" value="f"/></target>
<actual value="0"/></period></indicator>
<indicator measure="5"><title><narrative>Taste</narrative></title>
<period>{PERIOD}<actual value="good"/></period></indicator></result>
"""


def test_results_against_targets(ask: Ask) -> None:
    query = """SELECT ?s ?v ?y ?kinds {?f schema:variableMeasured ?i ; kzg:status ?s ; kzg:year ?y ;
        kzg:officialValue ?v . FILTER NOT EXISTS {?f a kzg:OfficialHeadlineFigure}
        {SELECT ?i (COUNT(?kind) AS ?kinds) {?i kzg:kind ?kind
            FILTER(?kind IN (indicator-direction:descending, indicator-measure:2))} GROUP BY ?i}
        ?i rdfs:label "Dry wells"@en ; kzg:unit unit:percent ; dcterms:isPartOf ?r .
        ?r kzg:kind result-type:1 ; rdfs:label "Water"@en ; dcterms:isPartOf activity:AA-1-P1}"""
    assert ask(query, activity(RESULT)) == [
        ("status/actual", "0", "2020", "2"),
        ("status/baseline", "80", "2019", "2"),
        ("status/target", "10", "2020", "2"),
    ]
    assert (
        ask(
            "SELECT ?i {?f schema:variableMeasured ?i . ?i rdfs:label 'Taste'@en}", activity(RESULT)
        )
        == []
    )


def test_a_figure_names_its_line(tmp_path: Path) -> None:
    kept = map_bytes(document(activity(budget("1") + transaction(3, "2"))), tmp_path)
    rows = {line.rpartition(" ")[2] for line in kept.lines if "#row>" in line}
    integer = XSD["integer"]
    assert rows == {f'"10"^^{integer}', f'"11"^^{integer}'}
    assert kept.rows == 1


def test_what_a_newer_file_says_is_left_out(tmp_path: Path) -> None:
    data = document(activity(budget("1") + transaction(3, "2")))
    every = map_bytes(data, tmp_path)
    assert every.claimed == [
        f"AA-1-P1#{part}" for part in ("activity", "budgets", "transactions", "results")
    ]
    some = map_bytes(data, tmp_path, taken=every.claimed[1:2])
    assert set(every.lines) - set(some.lines) == {
        x for x in every.lines if "/budget/2020>" in x.split()[0]
    }
    assert map_bytes(data, tmp_path, taken=every.claimed).lines == []


@pytest.mark.parametrize(
    ("identifier", "attributes", "record"),
    [
        ("BB-2-P1", "", "BB-2-P1"),
        ("AA-1-P1", 'secondary-reporter="0"', "AA-1-P1"),
        ("BB-2-P1", 'secondary-reporter="true"', "BB-2-P1 by AA-1"),
        ("XM-DAC-41121-2020-KAZ", "", "XM-DAC-41121-2020-KAZ by AA-1"),
    ],
)
def test_what_others_say_of_an_activity_takes_no_place_of_what_its_owner_says(
    ask: Ask, tmp_path: Path, identifier: str, attributes: str, record: str
) -> None:
    needed = NEEDED.replace("AA-1-P1", identifier).replace('type="40"', f'type="40" {attributes}')
    text = activity(budget("1"), needed)
    assert map_bytes(document(text), tmp_path).claimed[0] == f"{record}#activity"
    query = """SELECT ?i ?other (COUNT(?headline) AS ?n) {?f kzg:officialValue 1 ; kzg:activity ?a .
        ?a schema:identifier ?i OPTIONAL {?a dcterms:relation/schema:identifier ?other}
        OPTIONAL {?f a ?headline FILTER(?headline = kzg:OfficialHeadlineFigure)}
        } GROUP BY ?i ?other"""
    repeats = record != identifier
    assert ask(query, text) == [(record, identifier if repeats else "", str(int(not repeats)))]


def test_the_same_file_gives_the_same_lines(tmp_path: Path) -> None:
    data = document(activity(CODES + RESULT + budget("1"), attributes=CURRENCY))
    first, second = map_bytes(data, tmp_path), map_bytes(data, tmp_path)
    assert (first.lines, first.shared) == (second.lines, second.shared)
    assert isinstance(first, Kept)


def test_codes_currencies_and_names_that_nobody_knows_are_valid() -> None:
    """What is shared is reasoned over with the ontology, which must not make it what it is not."""
    path = Path(__file__).parent / "data" / "activities.xml"
    sink = map_with(map_activities, a_source("iati", path))
    store = Store()
    rows = (row for row in read_fixed_tables().rows if row.schema.name in ("concepts", "places"))
    store.extend(map_tables(Tables(tuple(rows))))
    store.extend(settle(sink.shared))
    store.extend(ontology_quads())
    store.extend(infer(store))
    store.extend(sink.quads())
    found = validate(store).results
    assert [result for result in found if result.severity.stops] == []


def test_what_is_otherwise_than_it_should_be_is_told(tmp_path: Path) -> None:
    extra = '<x:y xmlns:x="http://x/"/><x:y xmlns:x="http://x/"/>'
    odd = "".join(f'<sector code="9{at:04}"/>\n' for at in range(25))
    kept = map_bytes(document(activity(odd + extra)), tmp_path)
    assert kept.told[1].startswith("line 11, sector: the code '90001' of sector is not described")
    assert kept.told[-2:] == [
        "and 5 more of the like",
        "2 elements y of the namespace http://x/ are left out",
    ]
    assert len(kept.told) == 22
    twice = map_bytes(document(activity(budget("1") + budget("1") + budget("2"))), tmp_path).told
    assert [each.partition(";")[0] for each in twice] == [
        "line 11, budget: the budget says what that of line 10 does",
        "line 11, budget: the budget shares days with another one of the activity, and a sum "
        "counts both",
    ]
    assert map_bytes(document(activity(budget("1"))), tmp_path).told == []


def test_money_that_may_be_there_twice_is_told(tmp_path: Path) -> None:
    """Two donors who gave the same on one day are two."""
    gifts = "".join(
        transaction(1, "5", f"<provider-org><narrative>{name}</narrative></provider-org>")
        for name in "ABA"
    )
    (told,) = map_bytes(document(activity(gifts)), tmp_path).told
    assert told.startswith("line 12, transaction: the transaction says what that of line 10 does;")


@pytest.mark.parametrize(
    ("budgets", "count"),
    [
        (budget("1", 'type="1"') + budget("2", 'type="2"'), 0),
        (budget("1") + budget("2", "", PERIOD.replace("2020", "2021")), 0),
        (budget("1") + budget("2").replace("<value ", '<value currency="EUR" '), 0),
        (budget("1", 'type="2"') + budget("2", 'type="2"'), 1),
        (budget("1", 'status="1"') + budget("2", 'status="2"'), 1),
        (budget("1") + budget("2", "", PERIOD.replace("2020-01-01", "2020-07-01")), 1),
    ],
)
def test_budgets_that_are_counted_and_share_days_are_told(
    tmp_path: Path, budgets: str, count: int
) -> None:
    told = map_bytes(document(activity(budgets)), tmp_path).told
    assert ["shares days" in each for each in told] == [True] * count


def test_a_currency_out_of_use_and_a_date_that_is_none_are_told(tmp_path: Path) -> None:
    value = '<value currency="DEM" value-date="1999-01-01">5</value>'
    attributes = 'version="2.03" generated-datetime="31/12/2020"'
    data = document(activity(transaction(3, value)), attributes=attributes)
    told = [each.partition(";")[0] for each in map_bytes(data, tmp_path).told]
    assert told == [
        "line 1, iati-activities: generated-datetime '31/12/2020' is not a day and a time",
        "line 10, value: the currency DEM is not one of ISO 4217 that is in use",
    ]


def test_labels_do_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    shared = []
    for name in ("Norad", "Agency of Norway"):
        donor = f'<provider-org ref="NO-1"><narrative>{name}</narrative></provider-org>'
        shared.append(map_bytes(document(activity(transaction(1, "1", donor))), tmp_path).shared)
    one, other = shared
    settled = set(settle(one | other))
    assert settled == set(settle(other | one))
    labels = {str(quad.object) for quad in settled if quad.predicate == LABEL}
    assert '"Agency of Norway"@en' in labels
    assert '"Norad"@en' not in labels
