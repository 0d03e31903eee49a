"""What is published: sums of whole files, and figures of documents that they agree with."""

import xml.etree.ElementTree as ET
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from pyoxigraph import Store

from iati_files import map_bytes
from kzgraph.prefixes import PREDECLARED
from kzgraph.resources import folder
from kzgraph_mappings.official.iati_figures import TRANSACTION_QUANTITIES
from kzgraph_mappings.official.iati_tables import HEADERS, map_tables

SHARED = Path(__file__).parents[2] / "shared" / "data" / "iati"
DATA = folder("mappings") / "sources" / "data"
TABLES = folder("mappings") / "tables"
CONCEPTS = TABLES / "shared" / "concepts.csv"
PARTS = {"activity": "activities"}
SUMS = """SELECT ?a ?q ?y ?u (SUM(?v) AS ?sum) {?f a kzg:OfficialHeadlineFigure ;
    kzg:officialValue ?v ; kzg:year ?y ; kzg:quantity ?quantity ; kzg:unit/schema:currency ?u ;
    kzg:activity/schema:identifier ?a
    BIND(STRAFTER(STR(?quantity), "/quantity/") AS ?q)} GROUP BY ?a ?q ?y ?u"""
Sums = dict[tuple[str, str, int, str], Decimal]


def published(part: str) -> Path:
    return DATA / f"iati-central-asia-{PARTS.get(part, part)}.csv"


@cache
def tables_store(scratch: Path) -> Store:
    """The four tables in one store, with the units that they speak of."""
    store = Store()
    for part in HEADERS:
        store.extend(map_bytes(published(part).read_bytes(), scratch, map_tables).store())
    return add_currencies(store)


def add_currencies(store: Store) -> Store:
    shared = folder("mappings") / "tables" / "shared" / "concepts.csv"
    for row in (
        pd.read_csv(shared, dtype=str).query("currency.notna() and factor == '1'").itertuples()
    ):
        store.update(
            f"INSERT DATA {{<{PREDECLARED['unit']}{row.code}> "
            f'<{PREDECLARED["schema"]}currency> "{row.currency}"}}'
        )
    return store


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query, prefixes=dict(PREDECLARED), use_default_graph_as_union=True)
    return [tuple(term.value for term in row) for row in found]  # type: ignore[union-attr]


def sums(store: Store) -> Sums:
    return {(a, q, int(y), u): Decimal(s) for a, q, y, u, s in ask(store, SUMS)}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return tables_store(tmp_path_factory.mktemp("iati"))


def read(part: str) -> pd.DataFrame:
    return pd.read_csv(published(part), dtype=str)


def test_sums_by_activity_quantity_year_and_currency_are_those_of_the_tables(store: Store) -> None:
    expected: Sums = defaultdict(Decimal)
    for row in read("budgets").itertuples():
        year = int(row.budget_period_start[:4])
        # What an edition of one year says of the next one is an outlook.
        if f"-{year}-" in row.iati_identifier:
            key = (row.iati_identifier, "budget", year, row.budget_currency)
            expected[key] += Decimal(row.budget_value)
    for row in read("transactions").itertuples():
        quantity = TRANSACTION_QUANTITIES[row.transaction_type_code.removesuffix(".0")]
        year = int(row.transaction_date[:4])
        key = (row.iati_identifier, quantity, year, row.transaction_value_currency)
        expected[key] += Decimal(row.transaction_value)
    assert sums(store) == expected
    count = ask(store, "SELECT (COUNT(*) AS ?n) {?f kzg:activity [] ; kzg:quantity []}")
    assert count == [(str(len(read("budgets")) + len(read("transactions"))),)]


def test_money_of_the_regional_office_is_that_of_the_document(store: Store) -> None:
    """The charts of 2018 show it in millions, for the operation that they name."""
    path = TABLES / "global-focus-2018" / "finance.csv"
    stated = {row.key: row.value for row in pd.read_csv(path, dtype=str).itertuples()}
    own = sums(store)
    for year, kind in [(2016, 2), (2017, 2), (2018, 2), (2019, 1)]:
        name = f"XM-DAC-41121-{year}-ASO-KAZRO"
        budget = own[name, "budget", year, "USD"]
        assert budget == Decimal(stated[f"budget-{year}"]) * 1_000_000
        spent = sum(own[name, each, year, "USD"] for each in ("disbursement", "direct-expenditure"))
        if kind == 2:
            assert spent == Decimal(stated[f"expenditure-{year}"]) * 1_000_000
    broader = pd.read_csv(CONCEPTS, dtype=str).query("broader == 'expenditure'")
    assert set(broader.code) == {"disbursement", "direct-expenditure"}


def test_the_requirement_of_2024_is_that_of_two_activities(store: Store) -> None:
    query = """SELECT (SUM(?v) AS ?sum) (COUNT(?a) AS ?n) {?f a kzg:OfficialHeadlineFigure ;
        kzg:quantity quantity:budget ; kzg:year 2024 ; kzg:officialValue ?v ; kzg:activity ?a}"""
    assert ask(store, query) == [("10033900", "2")]


def test_values_of_indicators_are_those_of_the_table(store: Store) -> None:
    rows, found = read("results"), {}
    query = """SELECT ?s (COUNT(?f) AS ?n) (SUM(?v) AS ?sum) {?f kzg:status ?status ;
        kzg:officialValue ?v BIND(STRAFTER(STR(?status), '/status/') AS ?s)} GROUP BY ?s"""
    for status, count, total in ask(store, query):
        found[status] = (int(count), Decimal(total))
    for status in ("baseline", "target", "actual"):
        column = rows[f"result_indicator_{status}_value"].dropna()
        assert found[status] == (len(column), sum(map(Decimal, column)))


def test_no_figure_is_about_a_country_alone(store: Store) -> None:
    assert ask(store, "SELECT ?f {?f kzg:country ?c}") == []
    countries = ask(
        store, "SELECT DISTINCT ?c {?a a kzg:Activity ; dcterms:spatial ?c} ORDER BY ?c"
    )
    assert [row[0][-3:] for row in countries] == ["KAZ", "KGZ", "TJK", "TKM"]


@pytest.mark.long
def test_the_file_of_2023_sums_to_what_its_elements_do(tmp_path: Path) -> None:
    path = SHARED / "UNHCR-Activities-2023.xml"
    if not path.exists():
        pytest.skip(f"put the file into {path}")
    expected: Sums = defaultdict(Decimal)
    for activity in ET.parse(path).getroot():  # noqa: S314
        name = activity.findtext("iati-identifier") or ""
        budgets: dict[str, dict[str | None, Decimal]] = defaultdict(dict)
        for each in activity.findall("budget"):
            first = each.find("period-start").get("iso-date")  # type: ignore[union-attr]
            budgets[str(first)[:4]][each.get("type")] = Decimal(each.findtext("value") or "")
        for year, kinds in budgets.items():
            if year == "2023":
                expected[name, "budget", 2023, "USD"] += kinds.get("2", kinds.get("1", Decimal()))
        for each in activity.findall("transaction"):
            day = each.find("transaction-date").get("iso-date")  # type: ignore[union-attr]
            value = each.find("value")
            assert value is not None
            currency = value.get("currency") or "USD"
            key = (name, "incoming-commitment", int(str(day)[:4]), currency)
            expected[key] += Decimal(value.text or "")
    store = add_currencies(map_bytes(path.read_bytes(), tmp_path).store())
    assert sums(store) == expected
