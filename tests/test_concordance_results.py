"""Results and targets of documents beside the values of indicators of activities."""

import pytest

from concordance_stores import look_up
from kzgraph_mappings.official.iati_shared import known_measures
from kzgraph_mappings.official.reference_tables import read_codes, read_table
from reasoning_stores import figure

MEANT = """
<indicator/help> kzg:measure <measure/flow> .
<indicator/access> kzg:measure <measure/share> .
<quantity/helped> kzg:measure <measure/flow> .
<unit/percent> kzg:unitKind <unit-kind/ratio> ; kzg:factor 1 .
<operation/office> rdfs:label "Regional Office (operation)"@en ;
    skos:altLabel "Regional Office"@en .
"""
OFFICE = {
    "indicator": "indicator/help",
    "quantity": "",
    "populationGroup": "population-group/UDN",
    "scope": "operation/office",
    "origin": "",
    "registeredBy": "",
}


def record(activity: str, value: int, year: int = 2018, status: str = "actual", **more: str) -> str:
    """A value of an indicator in Turtle, each with a variable of its own."""
    key = f"{activity}/indicator/{value}/{status}/{year}"
    measured = more.pop("indicator", "indicator/help")
    extra = "".join(f" ; {name.replace('_', ':')} {filler}" for name, filler in more.items())
    return (
        f"<official/iati/{key}> a kzg:OfficialFigure ; kzg:activity <activity/{activity}> ;"
        f" kzg:scope <activity/{activity}> ; kzg:year {year} ; kzg:status <status/{status}> ;"
        f" schema:variableMeasured <variable/{key}> ; kzg:officialValue {value}{extra} .\n"
        f"<variable/{key}> kzg:indicator <{measured}> ; kzg:quantity <quantity/helped> .\n"
    )


ACTIVITIES = """
<activity/office> dcterms:spatial <country/KAZ> ; rdfs:label "The Regional Office (2018)"@en .
<activity/other> dcterms:spatial <country/TJK> ; rdfs:label "Operation in Tajikistan"@en .
"""
RECORDS = (
    ACTIVITIES
    + record("office", 252)
    + record("office", 490)
    + record("office", 280, status="target")
    + record("office", 650, status="target")
    + record("office", 300, 2017, status="target")
    + record("other", 30642)
    + record("office", 742, indicator="indicator/access")
)
TARGET = {"status": "status/target"}
OF_COUNTRY = {
    **OFFICE,
    "scope": "country/KAZ",
    "indicator": "",
    "quantity": "quantity/helped",
    "time": "time/2018",
}


@pytest.mark.parametrize(
    ("value", "more", "why", "sure"),
    [
        # All records of the activity that is called as the scope is.
        ("742", OFFICE, "same", "high"),
        ("740", OFFICE, "rounded", "high"),
        ("930", {**OFFICE, **TARGET}, "same", "high"),
        # One of them, of the year or of the year before.
        ("490", OFFICE, "scope", "low"),
        ("300", {**OFFICE, **TARGET}, "date", "low"),
        # Neither, though a target is a result of another status.
        ("650", OFFICE, "not-found", None),
        ("3", OFFICE, "not-found", None),
        # The prose of a country is not of the office, whose activity is in it.
        ("490", OF_COUNTRY, "scope", "low"),
        ("1232", OF_COUNTRY, "not-found", None),
        # Another office: no activity is called so, and one of the region is met.
        ("30642", {**OFFICE, "scope": "operation/elsewhere"}, "scope", "low"),
        # What no indicator measures with this status.
        ("742", {**OFFICE, "status": "status/forecast"}, "", None),
    ],
)
def test_a_result(value: str, more: dict[str, str], why: str, sure: str | None) -> None:
    found = look_up(MEANT + figure("f", value, **more), RECORDS)
    assert found.why("f") == why
    if why:
        assert found.get("f", "confidence") == ({sure} if sure else set())


def test_the_records_that_are_left_out_are_named() -> None:
    found = look_up(MEANT + figure("f", "490", **OFFICE), RECORDS)
    assert found.get("f", "left out") == {"official/iati/office/indicator/252/actual/2018"}
    assert not found.get("f", "difference")


def test_parts_of_the_people_or_of_the_places_are_not_added_up() -> None:
    part = record("office", 60, schema_additionalProperty="<p/women>")
    place = record("office", 70, schema_location='"Almaty"')
    assert look_up(MEANT + figure("f", "742", **OFFICE), RECORDS + part + place).why("f") == "same"


def test_a_small_result_is_not_taken_for_a_record() -> None:
    """Of numbers of two digits one in fifty is one of two records."""
    records = ACTIVITIES + record("office", 25) + record("office", 41)
    assert look_up(MEANT + figure("f", "41", **OFFICE), records).why("f") == "not-found"
    assert look_up(MEANT + figure("f", "66", **OFFICE), records).why("f") == "same"


def test_a_share_among_results_needs_no_whole() -> None:
    share = {**OFFICE, "indicator": "indicator/access", "unit": "unit/percent"}
    records = ACTIVITIES + record("office", 85, indicator="indicator/access")
    assert look_up(MEANT + figure("f", "85", **share), records).why("f") == "same"
    exact = records.replace("officialValue 85", "officialValue 85.4")
    assert look_up(MEANT + figure("f", "85", **share), exact).why("f") == "rounded"
    # Where no activity is called so, one of the region is met.
    elsewhere = {**share, "scope": "operation/elsewhere", "time": "time/2018"}
    far = record("other", 555, indicator="indicator/access")
    document = MEANT + figure("f", "555", **elsewhere)
    assert look_up(document, ACTIVITIES + far).why("f") == "scope"


def test_shares_are_not_added_up() -> None:
    share = {**OFFICE, "indicator": "indicator/access", "unit": "unit/percent", "time": "time/2018"}
    records = "".join(record("office", value, indicator="indicator/access") for value in (20, 40))
    for value in ("60", "61"):
        document = MEANT + figure("f", value, **share)
        assert look_up(document, ACTIVITIES + records).why("f") == "not-found"


def test_titles_of_indicators_lead_to_codes_that_there_are() -> None:
    codes = read_codes()
    for row in read_table("iati-indicators.csv"):
        assert row["indicator"] in codes["indicator"]
        assert row["quantity"] in codes["quantity"] | {""}


@pytest.mark.parametrize(
    ("title", "indicator"),
    [
        ("# of PoC receiving legal assistance", "legal-assistance"),
        ("# of  poc receiving Legal Assistance.", "legal-assistance"),
        ("# of PoC receiving legal assistance in camps", None),
        ("# of PoC receiving cash grants", None),
        ("% of households receiving cash grants", None),
    ],
)
def test_a_title_is_known_by_its_words(title: str, indicator: str | None) -> None:
    found = dict(known_measures(title))
    assert found == ({"kzg:indicator": f"indicator/{indicator}"} if indicator else {})
