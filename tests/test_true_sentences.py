"""True sentences that a page may have, each as a row that builds and agrees with its words."""

from pathlib import Path

import pytest

from kzgraph.build import assemble
from kzgraph.iri import ID
from kzgraph.tables import read_tables
from kzgraph.validation import validate
from kzgraph.verification.rows import check_row
from small_tables import DOCUMENT, Cells, broken, small, write

PEOPLE = {
    "group": "REF", "origin": "origin/all", "quantity": "stock", "registered_by": "not-stated",
    "unit": "persons", "status": "actual", "bound": "exact",
}  # fmt: skip
RESULT = {"group": "NOG", "status": "actual", "bound": "exact"}
MONEY = {"series": "total", "status": "planned", "quantity": "budget", "bound": "exact"}
GIFT = {"kind": "listed", "donor": "country/KGZ", "donor_kind": "government"}
RANGE = {"bound": "range"}
OF = {"base_group": "ASY", "unit": "percent"}
WHOLE, OVER = f"figure/{DOCUMENT}/whole", f"figure/{DOCUMENT}/over"
STAFF = {"unit": "persons", "component_of": f"figure/{DOCUMENT}/staff"}
LESSONS = {"indicator": "trainings", "unit": "sessions", "sex": "female"}
FAMILIES = PEOPLE | {"unit": "households"}
IN_OSH = {"scope": "place/osh", "component_of": f"figure/{DOCUMENT}/families"}
PARTNER = {"kind": "other", "partner": "organisation/desk"}
EVENT = {"kind": "conference", "description": "A meeting."}

#: The words of the page, the table, and the cells of the row that says the same.
SENTENCES: dict[str, tuple[str, Cells]] = {
    "Stocks of asylum-seekers fell by 44 %": (
        "population",
        PEOPLE | {"group": "ASY", "quantity": "stock-change", "value": "-44"} | OF,
    ),
    "25 sessions": (
        "indicators", RESULT | {"indicator": "trainings", "value": "25", "unit": "sessions"}
    ),
    "3 teams": ("indicators", RESULT | {"indicator": "trainings", "value": "3", "unit": "teams"}),
    "EUR 2.5 million": ("finance", MONEY | {"value": "2500000", "unit": "euros"}),
    "87'632 tenge": ("finance", MONEY | {"value": "87632", "unit": "tenge"}),
    "10.03m dollars": ("finance", MONEY | {"value": "10030000", "unit": "us-dollars"}),
    "USD 2 181 727 for shelter in winter": (
        "contributions",
        GIFT | {
            "value": "2181727", "bound": "exact", "unit": "us-dollars",
            "purpose": "Roofs for the cold months",
        },
    ),
    "USD 9 000 from the same donor": (
        "contributions", GIFT | {"value": "9000", "bound": "exact", "unit": "us-dollars"}
    ),
    "Kyrgyzstan thanked": ("contributions", GIFT | {"availability": "not-given"}),
    "over 1,000 arrived": (
        "population",
        PEOPLE | {"key": "over", "quantity": "arrivals", "value": "1000"}
        | {"bound": "lower", "hedge": "over"},
    ),
    "320 Kyrgyz arrived": (
        "population",
        PEOPLE | {
            "quantity": "arrivals", "value": "320", "origin": "country/KGZ", "component_of": OVER
        },
    ),
    "683 others arrived": (
        "population",
        PEOPLE | {
            "quantity": "arrivals", "value": "683", "origin": "origin/other", "component_of": OVER
        },
    ),
    "7,353 stateless people": (
        "population", PEOPLE | {"key": "whole", "group": "STA", "value": "7353"}
    ),
    "769 stateless girls": (
        "population",
        PEOPLE | {
            "group": "STA", "value": "769", "included_in": WHOLE, "sex": "female", "age": "children"
        },
    ),
    "fifty-seven returned": ("population", PEOPLE | {"group": "RET", "value": "57"}),
    "one third of them": (
        "population", PEOPLE | OF | {"quantity": "stock-share", "group": "UAC", "value": "33.3"}
    ),
    "between 5,000 and 10,000 people": (
        "population", PEOPLE | RANGE | {"group": "POC", "least": "5000", "most": "10000"}
    ),
    "5 to 7 per cent": (
        "population",
        PEOPLE | OF | RANGE | {"quantity": "stock-share", "least": "5", "most": "7"},
    ),
    "15 staff": (
        "indicators",
        RESULT | {"key": "staff", "indicator": "staff", "value": "15", "unit": "persons"},
    ),
    "12 national staff": (
        "indicators",
        RESULT | STAFF | {"indicator": "national-staff", "value": "12"},
    ),
    "3 international staff": (
        "indicators",
        RESULT | STAFF | {"indicator": "international-staff", "value": "3"},
    ),
    "953 families": ("population", FAMILIES | {"key": "families", "value": "953"}),
    "640 families in Osh": ("population", FAMILIES | IN_OSH | {"value": "640"}),
    "313 families in Batken": (
        "population", FAMILIES | IN_OSH | {"scope": "place/batken", "value": "313"}
    ),
    "14 sessions in the country": (
        "indicators",
        RESULT | LESSONS | {"key": "lessons", "value": "14"},
    ),
    "2 of these sessions in Osh": (
        "indicators",
        RESULT | LESSONS | {
            "scope": "place/osh", "value": "2", "included_in": f"figure/{DOCUMENT}/lessons"
        },
    ),
    "1 field office in Osh": (
        "offices", {"kind": "field-office", "office": "organisation/unhcr", "place": "place/osh"}
    ),
    "in the project Roads, with the desk": (
        "partnerships", PARTNER | {"project": "initiative/roads", "listing": "closed"}
    ),
    "partners include the desk": ("partnerships", PARTNER | {"listing": "open"}),
    "met on 9-10 December 2009": ("events", EVENT | {"time": "2009-12-09/2009-12-10"}),
    "met from July 2018 to June 2019": ("events", EVENT | {"time": "2018-07/2019-06"}),
    "meets since January 1993": ("events", EVENT | {"time": "1993-01/.."}),
}  # fmt: skip
#: Four parts of one total, by sex and by disability; each part is a word of the page.
DIVIDED = {
    "900 refugees": {"key": "divided", "value": "900", "time": "2001"},
    "420 women": {"value": "420", "sex": "female", "time": "2001"},
    "480 men": {"value": "480", "sex": "male", "time": "2001"},
    "50 with disabilities": {"value": "50", "disability": "with", "time": "2001"},
}
YEAR = "Of the year 2001"


def page(extra: dict[str, tuple[str, Cells]] | None = None) -> tuple[str, dict[str, list[Cells]]]:
    """The text of a page with every sentence, and the tables that say the same."""
    sentences = SENTENCES | (extra or {})
    for words, cells in DIVIDED.items():
        part = {} if "key" in cells else {"component_of": f"figure/{DOCUMENT}/divided"}
        part |= {"included_in": part.pop("component_of")} if "disability" in cells else {}
        sentences[words] = ("population", PEOPLE | part | cells)
    tables = small()
    for table in [file for file in tables if file.startswith(DOCUMENT)]:
        if not table.endswith("document.csv"):
            del tables[table]
    text = f"{YEAR}.\n" + "".join(f"{words}.\n" for words in sentences)
    document = tables[f"{DOCUMENT}/document.csv"][0]
    document |= {"length": str(len(text)), "issued": "2020-05"}
    tables["shared/places.csv"] += [
        {"id": "country/KGZ", "kind": "country", "label_en": "Kyrgyzstan", "iso3": "KGZ"},
        {"id": "place/osh", "kind": "city", "label_en": "Osh", "within": "country/KGZ"},
        {"id": "place/batken", "kind": "city", "label_en": "Batken", "within": "country/KGZ"},
    ]
    tables["shared/initiatives.csv"] = [
        {"id": "initiative/roads", "kind": "project", "label_en": "Roads"}
    ]
    for number, (words, (table, cells)) in enumerate(sentences.items()):
        at = text.index(words)
        row = {"key": f"row-{number}", "label": f"Row {number}", "scope": "country/KGZ"}
        row |= {"evidence": f"{at}-{at + len(words)}"} | cells
        if row.get("time") == "2001":
            row["context"] = f"0-{len(YEAR)}"
        if table in {"offices"}:
            del row["scope"]
        tables.setdefault(f"{DOCUMENT}/{table}.csv", []).append(row)
    return text, tables


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, tables = page()
    return write(tmp_path_factory.mktemp("page"), tables)


def test_every_sentence_builds(built: Path) -> None:
    store = assemble(built, lambda _: None)
    results = validate(store).results
    violations = [result for result in results if result.severity.value.endswith("Violation")]
    assert violations == []
    subjects = {str(quad.subject).strip("<>").removeprefix(ID) for quad in store}
    # Women and men make up the total, as cities and kinds of staff do theirs;
    # what is only among it has a share and leaves no remainder.
    assert [
        each for each in subjects if each.startswith("derived/") and "/remainder/" in each
    ] == []
    assert len([each for each in subjects if each.startswith(f"derived/{DOCUMENT}/share/")]) == 11
    # Two gifts are not compared, nor is a range with anything.
    assert [each for each in subjects if each.startswith("comparison/")] == []


def test_every_row_agrees_with_its_words(built: Path) -> None:
    text, _ = page()
    read = read_tables(built)
    faults = [
        fault
        for row in read.rows
        if row.folder == DOCUMENT and "evidence" in row.cells
        for fault in check_row(row, text, read.hedges)
    ]
    assert faults == []


#: What is not so, and the columns or shapes that say it.
UNTRUE: dict[str, tuple[str, str, Cells, set[str]]] = {
    "a range without an end": (
        "some 60 to 70 came", "population", PEOPLE | RANGE | {"least": "60"}, {"most"}
    ),
    "a range told backwards": (
        "60 to 70 came", "population", PEOPLE | RANGE | {"least": "70", "most": "60"}, {"most"}
    ),
    "a range that is a value too": (
        "60 to 70 came",
        "population",
        PEOPLE | RANGE | {"least": "60", "most": "70", "value": "65"},
        {"value"},
    ),
    "a range that is called exact": (
        "60 to 70 came", "population", PEOPLE | {"least": "60", "most": "70"}, {"bound"}
    ),
    "half a person at an end": (
        "60 to 70 came", "population", PEOPLE | RANGE | {"least": "60.5", "most": "70"}, {"least"}
    ),
    "over as an upper bound": (
        "over 70 came", "population", PEOPLE | {"value": "70", "bound": "upper", "hedge": "over"},
        {"bound"},
    ),
    "a gift of an unsaid amount": ("a gift", "contributions", GIFT, {"value"}),
    "a gift of people": (
        "a gift of 5", "contributions", GIFT | {"value": "5", "bound": "exact", "unit": "persons"},
        {"Figure-unit-of-quantity"},
    ),
    "women beyond the total": (
        "490 women more",
        "population",
        PEOPLE | {
            "value": "490", "sex": "other", "time": "2001",
            "component_of": f"figure/{DOCUMENT}/divided",
        },
        {"Total-exceeded"},
    ),
    "families beyond those of the country": (
        "1 family in Almaty", "population",
        FAMILIES | IN_OSH | {"scope": "place/almaty", "value": "1"},
        {"Component-cell", "Total-exceeded"},
    ),
    "families of one city more than are left": (
        "7 families in Jalal-Abad", "population",
        FAMILIES | IN_OSH | {"scope": "place/jalal-abad", "value": "7"}, {"Total-exceeded"},
    ),
    "sessions as a part of staff": (
        "5 sessions", "indicators", RESULT | STAFF | {"indicator": "cash-grants", "value": "5"},
        {"Component-cell", "Total-exceeded"},
    ),
    "one cell twice": (
        "421 women", "population", PEOPLE | {"value": "421", "sex": "female", "time": "2001"},
        {"PopulationFigure-cell-once"},
    ),
    "a ministry of another country": (
        "the ministry", "partnerships",
        {"kind": "government", "partner": "organisation/ministry"}, {"Partnership-country"},
    ),
    "an office nowhere": (
        "an office", "offices", {"kind": "not-stated", "office": "organisation/desk"}, {"place"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNTRUE)
def test_what_cannot_be_is_refused(name: str, tmp_path: Path) -> None:
    words, table, cells, expected = UNTRUE[name]
    _, tables = page({words: (table, cells)})
    tables["shared/places.csv"].append(
        {
            "id": "place/jalal-abad", "kind": "city", "label_en": "Jalal-Abad",
            "within": "country/KGZ",
        }
    )  # fmt: skip
    tables["shared/organisations.csv"].append(
        {
            "id": "organisation/ministry", "kind": "government-body", "label_en": "Ministry",
            "country": "country/KAZ",
        }
    )  # fmt: skip
    assert broken(write(tmp_path, tables)) == expected
