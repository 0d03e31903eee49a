"""What the packaged official tables say about figures and participations of the three documents.

The answers were worked out by hand from the tables (UNHCR's end-year figures, returns and
naturalisation, applications; UNHCR's activities of IATI), figure by figure.
"""

import csv
import json
from collections import defaultdict
from io import StringIO

import pytest
from pyoxigraph import Literal

from built_graph import built_with_sources
from kzgraph.iri import ID, term
from kzgraph.namespaces import DCT, OA, Term
from kzgraph.release.concordance_table import TABLE, concordance_files
from kzgraph.release.dump_tables import metadata_name

#: Document, key, explanation and further ones, confidence, difference.
ANSWERS = """
fact-sheet-2024 funded-share-2024-07-10 | not-found | |
fact-sheet-2024 refugees-and-asylum-seekers | unknown-origin masked | medium |
fact-sheet-2024 refugees-and-asylum-seekers-from-afghanistan | same | high | 0
fact-sheet-2024 refugees-and-asylum-seekers-from-ukraine | same | high | 0
fact-sheet-2024 requirement-2024 | rounded | high | -3900
fact-sheet-2024 refugee-convention-1951 | same | high |
fact-sheet-2024 refugee-protocol-1967 | same | high |
fact-sheet-2024 stateless-people | same | high | 0
fact-sheet-2024 stateless-people-registered-by-government | not-found | | -551
global-focus-2018 asylum-seekers-2018 | scope masked | high |
global-focus-2018 asylum-seekers-from-afghanistan-share-2018 | masked | medium |
global-focus-2018 asylum-seekers-kazakhstan-2018 | hedge | low |
global-focus-2018 basic-needs-2019 | not-found | |
global-focus-2018 budget-2014 | not-found | |
global-focus-2018 budget-2015 | not-found | |
global-focus-2018 budget-2016 | unit | high | 0
global-focus-2018 budget-2017 | unit | high | 0
global-focus-2018 budget-2018 | unit | high | 0
global-focus-2018 budget-2019 | unit | high | 0
global-focus-2018 cash-grants-2018 | not-found | |
global-focus-2018 expenditure-2014 | not-found | |
global-focus-2018 expenditure-2015 | not-found | |
global-focus-2018 expenditure-2016 | unit | high | 0
global-focus-2018 expenditure-2017 | unit | high | 0
global-focus-2018 expenditure-2018 | unit | high | 0
global-focus-2018 legal-assistance-2018 | not-found | |
global-focus-2018 nationality-assistance-2018 | same | high | 0
global-focus-2018 nationality-assistance-2019 | date | low |
global-focus-2018 nationality-confirmed-2018 | scope | low |
global-focus-2018 new-asylum-seekers-change-2018 | rounded unit | low |
global-focus-2018 people-of-concern-2016 | scope masked | medium |
global-focus-2018 people-of-concern-2017 | scope masked | medium |
global-focus-2018 people-of-concern-2018 | scope masked | high |
global-focus-2018 refugees-2018 | scope masked | high |
global-focus-2018 refugees-kazakhstan-2018 | hedge | medium |
global-focus-2018 refugees-naturalised-2018 | same | high |
global-focus-2018 returned-refugees-2018 | scope masked | high |
global-focus-2018 stateless-2018 | scope | high | 0
global-focus-2018 stateless-kazakhstan-2018 | same | high | 0
global-focus-2018 voluntary-returns-2018 | masked | low |
overview asylum-seekers | not-found | |
overview people-of-concern | not-found | |
overview refugees | not-found | |
overview stateless-persons | not-found | |
"""


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, str]]:
    """The rows of the table by document and key."""
    files = concordance_files(built_with_sources(), ())
    text = next(each.data for each in files if each.name == TABLE).decode()
    read = csv.DictReader(StringIO(text))
    return {" ".join(row["figure"].split("/")[-2:]): row for row in read}


def test_every_figure_has_the_answer_that_the_tables_give(rows: dict[str, dict[str, str]]) -> None:
    found = {
        figure: " | ".join(
            (
                f"{row['explanation']} {row['further']}".strip(),
                row["confidence"],
                row["difference"],
            )
        ).strip()
        for figure, row in rows.items()
    }
    expected = {
        figure.strip(): " | ".join(part.strip() for part in rest).strip()
        for figure, *rest in (line.split("|") for line in ANSWERS.strip().splitlines())
    }
    assert found == expected


def test_the_countries_of_the_regional_office_are_found(rows: dict[str, dict[str, str]]) -> None:
    told = {
        row["countries"]
        for figure, row in rows.items()
        if row["explanation"] == "scope" and "2018" in figure and "nationality" not in figure
    }
    assert told == {"KAZ UZB"}


def test_the_cell_of_unknown_origin_is_named(rows: dict[str, dict[str, str]]) -> None:
    row = rows["fact-sheet-2024 refugees-and-asylum-seekers"]
    assert row["left_out"].endswith("/2023/KAZ/UNK/REF")
    assert "42,412" not in row["looked_for"]


def test_notes_cite_what_bears_them_out() -> None:
    cited: dict[str, int] = defaultdict(int)
    for quad in built_with_sources():
        if quad.predicate == DCT["references"] and "/concordance/" in str(quad.object):
            cited[str(quad.subject).removeprefix(f"<{ID}editorial/").rstrip(">")] += 1
    assert cited == {
        "chart-unit": 7,
        "countries-of-the-regional-office": 7,
        "dollar-sign": 1,
        "origins-in-statistics": 2,
        "population-chart-2018-year": 5,
        "refugees-of-unknown-origin": 1,
        "requirement-2024-rounded": 1,
        "stateless-total-in-statistics": 1,
    }


def test_each_note_that_names_an_explanation_cites_a_concordance_for_every_fact_it_is_on() -> None:
    on, named, cited = set[tuple[Term, Term]](), set[Term](), set[tuple[Term, Term]]()
    fact_of: dict[Term, Term] = {}
    for quad in built_with_sources():
        if quad.predicate == OA["hasTarget"] and "/figure/" in str(quad.object):
            on.add((quad.subject, quad.object))
        elif quad.predicate == OA["hasBody"] and "/explanation/" in str(quad.object):
            named.add(quad.subject)
        elif quad.predicate == term("concordance"):
            fact_of[quad.object] = quad.subject
    for quad in built_with_sources():
        if quad.predicate == DCT["references"] and quad.object in fact_of:
            cited.add((quad.subject, fact_of[quad.object]))
    asserted = {(note, fact) for note, fact in on if note in named}
    assert len(asserted) > 3 and asserted <= cited


def test_small_numbers_are_told_nowhere() -> None:
    """No concordance with a difference sums a cell of five or less."""
    values: dict[Term, float] = {}
    groups, told = set[Term](), set[Term]()
    sums: dict[Term, list[Term]] = defaultdict(list)
    for quad in built_with_sources():
        if quad.predicate == term("officialValue"):
            assert isinstance(quad.object, Literal)
            values[quad.subject] = float(quad.object.value)
        elif quad.predicate == term("populationGroup"):
            groups.add(quad.subject)
        elif quad.predicate == term("officialFigure"):
            sums[quad.subject].append(quad.object)
        elif quad.predicate == term("difference"):
            told.add(quad.subject)
    small = [node for node in told if any(c in groups and values[c] <= 5 for c in sums[node])]
    assert told & sums.keys() and not small


def test_the_metadata_of_the_table_describe_its_columns() -> None:
    files = {each.name: each.data for each in concordance_files(built_with_sources(), ())}
    columns = json.loads(files[metadata_name(TABLE)])["tableSchema"]["columns"]
    header = next(csv.reader(StringIO(files[TABLE].decode())))
    assert [each["name"] for each in columns] == header
    areas = [each for each in columns if each["name"] == "countries"]
    assert areas[0]["separator"] == " "
