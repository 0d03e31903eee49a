"""Queries on what documents and official lists say: their answers, read from the files."""

import csv
from collections.abc import Callable
from decimal import Decimal

import pytest
from pyoxigraph import Store

from built_graph import SOURCES, built_quads, built_with_sources
from kzgraph_mappings.official.reference_tables import read_table
from reasoning_stores import select
from test_competency import Answer, Value, answer, asked

STATED = {"V-2", "V-5"}
TITLES = {
    "V-2": "1951 Convention relating to the Status of Refugees",
    "V-3": "1954 Convention relating to the Status of Stateless Persons",
    "V-4": "1961 Convention on the Reduction of Statelessness",
    "V-5": "1967 Protocol relating to the Status of Refugees",
}


@pytest.fixture(scope="module")
def store() -> Store:
    """The documents with some packaged sources beside them."""
    found = Store()
    found.bulk_extend(built_with_sources())
    return found


def rows(kind: str) -> list[dict[str, str]]:
    """The rows of a packaged source."""
    with dict(SOURCES)[kind].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def inhabitants(year: int) -> dict[str, Decimal]:
    """Those of each country in a year."""
    of_year = [row for row in rows("worldbank-population") if row["Year"] == str(year)]
    return {row["Country Code"]: Decimal(row["Value"]) for row in of_year}


def treaties() -> Answer:
    """The document names two treaties; the list has a row for each of the four."""
    kinds = {row["act"]: row["kind"] for row in read_table("treaty-acts.csv")}
    found: list[list[str | None]] = []
    for row in rows("treaties"):
        if row["participant"] == "Kazakhstan":
            treaty = TITLES[row["depositary_number"]]
            act = kinds[row["act"]]
            found.append([treaty, "depositary", act, row["date"] or None, row["status_as_of"]])
            if row["depositary_number"] in STATED:
                found.append([treaty, "fact-sheet-2024", "state-party", None, None])
    return answer(["treaty", "source", "standing", "date", "list"], sorted(found, key=str))


def two_years() -> Answer:
    before, after = inhabitants(2014), inhabitants(2024)
    order = sorted(after, key=lambda iso: -after[iso])
    return answer(
        ["iso", "inhabitants2014", "inhabitants2024"],
        ([iso, before[iso], after[iso]] for iso in order),
    )


def stateless() -> Answer:
    """7,690 close to the end of 2018, and 7,892 on 1 January 2024, by the documents."""
    found: list[list[Value]] = []
    for year, people, bound in ((2018, 7690, "approximate"), (2024, 7892, "exact")):
        whole = inhabitants(year)["KAZ"]
        rate = round(Decimal(people) * 100_000 / whole, 4)
        found.append([Decimal(year), rate, bound, whole, Decimal(year)])
    return answer(["year", "per100000", "bound", "inhabitants", "counted"], found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("125-treaties-by-document-and-depositary", treaties),
        ("126-inhabitants-of-2024", two_years),
        ("127-stateless-per-inhabitant", stateless),
    ],
)
def test_the_answer_is_what_the_files_say(
    store: Store, name: str, expected: Callable[[], Answer]
) -> None:
    assert asked(store, name) == expected()


def test_numbers_that_documents_state_are_what_they_were(store: Store) -> None:
    query = """SELECT ?q (SUM(?v) AS ?n) { ?f a kzg:StatedFigure ; kzg:quantity ?q ; kzg:value ?v }
        GROUP BY ?q"""
    assert select(store, query) == select(built_quads(), query) != []
