"""The flattened tables of IATI: which of them a file is, what rows become, what is refused."""

from pathlib import Path

import pytest

from iati_files import Kept, map_bytes, refusal
from kzgraph.prefixes import PREDECLARED
from kzgraph_mappings.official.iati_tables import HEADERS, map_tables, recognize

ROWS = {
    "activity": "AA-1-2020-X,Wells,4.0,KZ",
    "budgets": "AA-1-2020-X,1.0,,2020-01-01,2020-12-31,USD,2020-02-01,100.50",
    "transactions": "AA-1-2020-X,R1,11.0,2020-03-04,EUR,2020-03-04,-7,10.0,,Government of Norway,,",
    "results": "AA-1-2020-X,2.0,Water,% wells,2.0,5,2019,2020-01-01,2020-12-31,90.0,0",
}


def table(part: str, *rows: str) -> bytes:
    return "\n".join((",".join(HEADERS[part]), *rows, "")).encode()


def rows(kept: Kept, query: str) -> list[tuple[str, ...]]:
    found = kept.store().query(query, prefixes=dict(PREDECLARED), use_default_graph_as_union=True)
    kzr = PREDECLARED["kzr"]
    return sorted(tuple(term.value.removeprefix(kzr) for term in row) for row in found)  # type: ignore[union-attr]


@pytest.mark.parametrize("part", HEADERS)
def test_a_table_is_told_by_its_header(part: str, tmp_path: Path) -> None:
    data = table(part, ROWS[part])
    assert recognize(data)
    kept = map_bytes(data, tmp_path, map_tables)
    assert kept.claimed == [f"AA-1-2020-X#{part}"]
    assert kept.rows == 1
    assert map_bytes(data, tmp_path, map_tables, taken=kept.claimed).lines == []


def test_an_activity_states_its_recipient_and_no_country(tmp_path: Path) -> None:
    kept = map_bytes(table("activity", ROWS["activity"]), tmp_path, map_tables)
    query = """SELECT ?l ?k ?c {activity:AA-1-2020-X a kzg:Activity ; rdfs:label ?l ; kzg:kind ?k ;
        dcterms:spatial ?c FILTER NOT EXISTS {?x kzg:country ?c}}"""
    assert rows(kept, query) == [("Wells", "activity-status/4", "country/KAZ")]


def test_money_of_a_table_is_that_of_a_file(tmp_path: Path) -> None:
    query = """SELECT ?q ?v ?u ?row {?f a kzg:OfficialHeadlineFigure ;
        kzg:activity activity:AA-1-2020-X ;
        kzg:quantity ?q ; kzg:year 2020 ; kzg:officialValue ?v ; kzg:unit ?u ; kzg:row ?row}"""
    kept = map_bytes(table("budgets", ROWS["budgets"]), tmp_path, map_tables)
    assert rows(kept, query) == [("quantity/budget", "100.5", "unit/us-dollars", "2")]
    kept = map_bytes(table("transactions", ROWS["transactions"]), tmp_path, map_tables)
    assert rows(kept, query) == [("quantity/incoming-commitment", "-7", "unit/euros", "2")]
    query = "SELECT ?o ?l {?f schema:funder ?o . ?o rdfs:label ?l}"
    donor = "organisation/iati/AA-1-2020/government-of-norway"
    assert rows(kept, query) == [(donor, "Government of Norway")]


def test_a_row_of_results_has_a_baseline_a_target_and_an_actual_value(tmp_path: Path) -> None:
    again = ROWS["results"].replace("90.0,0", ",")
    kept = map_bytes(table("results", ROWS["results"], again), tmp_path, map_tables)
    query = """SELECT ?s ?v ?y ?row {?f kzg:status ?s ; kzg:officialValue ?v ; kzg:year ?y ;
        kzg:row ?row ; schema:variableMeasured ?i .
        ?i rdfs:label "% wells"@en ; kzg:unit unit:percent}"""
    assert rows(kept, query) == [
        ("status/actual", "0", "2020", "2"),
        ("status/baseline", "5", "2019", "2"),
        ("status/baseline", "5", "2019", "3"),
        ("status/target", "90", "2020", "2"),
    ]


def test_a_target_meets_the_result_of_its_own_row(tmp_path: Path) -> None:
    """Two rows of one title and period are two indicators, of two periods they are one."""
    later = ROWS["results"].replace("2020-01-01,2020-12-31", "2021-01-01,2021-12-31")
    again = ROWS["results"].replace("90.0,0", "70,66")
    kept = map_bytes(table("results", ROWS["results"], again, later), tmp_path, map_tables)
    query = """SELECT ?target ?actual {?t kzg:status status:target ; kzg:officialValue ?target ;
        schema:variableMeasured ?i ; kzg:year 2020 . ?a kzg:status status:actual ; kzg:year 2020 ;
        kzg:officialValue ?actual ; schema:variableMeasured ?i}"""
    assert rows(kept, query) == [("70", "66"), ("90", "0")]
    assert len(rows(kept, "SELECT ?i {?i a schema:StatisticalVariable}")) == 2


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"a,b\n1,2\n", "file:1:", "the header (a, b) is not that of one of the tables; ingest"),
        (b"iati_identifier,budget_value\n", "file:1:", "lacks budget_type, budget_status"),
        (table("budgets").replace(b"\n", b",budget_type\n"), "file:1:", "has 'budget_type' twice"),
        (table("activity"), "file:", "the table has no rows"),
        (table("activity", "A,b,4"), "file:2:", "3 cells, and the header 4"),
        (table("activity", ",b,4,KZ"), "file:2:iati_identifier:", "the cell is empty"),
        (table("activity", "A,b,9,KZ"), "file:2:activity_status_code:", "'9' is not a code"),
        (table("activity", "A,,4,KZ"), "file:2:title_eng:", "has no narrative"),
        (table("activity", "A,b,4,KZ", "A,b,4,KZ"), "file:3:iati_identifier:", "has a row already"),
        (table("activity", "A,b,4,KZ", "B,b,4,KZ", "A,b,4,KZ"), "file:4:", "rows up to line 2"),
        (
            table("budgets", ROWS["budgets"].replace("100.50", "1 000")),
            "file:2:budget_value:",
            "'1 000' is not a decimal number",
        ),
        (
            table("budgets", ROWS["budgets"].replace("2020-12-31", "31.12.2020")),
            "file:2:budget_period_end:",
            "not a day of the calendar",
        ),
        (
            table("budgets", ROWS["budgets"].replace("USD", "")),
            "file:2:budget_value:",
            "no currency",
        ),
        (
            table("transactions", ROWS["transactions"].replace("11.0", "11.5")),
            "file:2:transaction_type_code:",
            "'11.5' is not a code",
        ),
        (
            table("results", ROWS["results"].replace("2019", "19")),
            "file:2:result_indicator_baseline_year:",
            "'19' is not a year",
        ),
        (b'iati_identifier,"title\n', "file:1:", "not CSV"),
        (table("budgets").replace(b",", b";"), "file:1:", "cells are separated by semicolons"),
        (table("budgets").replace(b",", b"\t"), "file:1:", "cells are separated by tabs"),
        (table("budgets", ROWS["budgets"])[:-2], "file:2:", "may have been cut"),
        (table("activity", "A,b\xff,4,KZ").replace("ÿ".encode(), b"\xff"), "file:2:", "not UTF-8"),
    ],
)
def test_faulty_tables_are_refused_with_line_and_column(
    tmp_path: Path, data: bytes, place: str, words: str
) -> None:
    said = refusal(data, tmp_path, map_tables)
    assert words in said
    assert said[: said.index(words)].rpartition("\n")[2].startswith(place)


def test_other_columns_and_another_order_are_read(tmp_path: Path) -> None:
    header = b"title_eng,more,recipient_country_code,activity_status_code,iati_identifier"
    data = header + b"\nW,x,KZ,2,A-1\n"
    assert recognize(data)
    kept = map_bytes(data, tmp_path, map_tables)
    assert rows(kept, "SELECT ?a {?a rdfs:label 'W'@en}") == [("activity/A-1",)]
    assert not recognize(b"iati_identifier,title\n")
