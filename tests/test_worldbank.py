"""The World Bank's table of inhabitants: countries by their codes, without aggregates."""

from pathlib import Path

import pytest

from built_graph import built_quads
from kzgraph.resources import folder
from kzgraph_mappings.official.inhabitants import map_inhabitants, recognize_inhabitants
from kzgraph_mappings.official.reference_tables import read_table
from official_files import KeepingSink, a_file, a_source, faults_of, map_with
from reasoning_stores import select

KIND = "worldbank-population"
PACKAGED = folder("mappings") / "sources" / "data" / "worldbank-population-central-asia.csv"
HEADER = "Country Name,Country Code,Year,Value"
ROWS = (HEADER, "Kazakhstan,KAZ,2018,18276452", "World,WLD,2018,7000000000")


def mapped(path: Path) -> KeepingSink:
    """What a table is mapped to."""
    return map_with(map_inhabitants, a_source(KIND, path))


def test_inhabitants_are_official_figures_of_a_quantity_of_their_own(tmp_path: Path) -> None:
    query = """SELECT ?f ?v ?row { ?f a kzg:OfficialFigure, qb:Observation ;
        qb:dataSet <dataset/worldbank-population> ; kzg:scope <country/KAZ> ;
        kzg:country <country/KAZ> ; kzg:populationGroup <population-group/INH> ;
        kzg:quantity <quantity/inhabitants> ; kzg:time <time/2018> ; kzg:year 2018 ;
        kzg:officialValue ?v ; kzg:row ?row }"""
    found = list(mapped(a_file(tmp_path, ROWS)).quads())
    assert select(found, query) == [("official/worldbank-population/2018/KAZ", "18276452", "2")]


def test_aggregates_and_what_has_no_iso_code_are_left_out(tmp_path: Path) -> None:
    """UNHCR's CHI is China, the World Bank's the Channel Islands."""
    rows = ("Channel Islands,CHI,2018,170000", "Kosovo,XKX,2018,1800000", "Arab World,ARB,2018,4")
    assert mapped(a_file(tmp_path, (HEADER, *rows))).lines == []
    assert mapped(a_file(tmp_path, (*ROWS, *rows))).rows == 5


def test_a_first_sum_of_people_meets_no_inhabitants() -> None:
    """No headline figure, and none of the quantity of people of concern."""
    found = mapped(PACKAGED).store()
    for pattern in (
        "a kzg:OfficialHeadlineFigure",
        "kzg:quantity <quantity/stock>",
        "kzg:value ?v",
    ):
        assert select(found, f"SELECT ?f {{ ?f {pattern} }}") == []
    assert select(found, "SELECT (COUNT(?f) AS ?n) { ?f kzg:officialValue ?v }") == [("55",)]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("Kazakhstan,KAS,2018,1", ":4:Country Code: 'KAS' is not a code"),
        ("Kazakhstan,,2018,1", ":4:Country Code: the cell is empty"),
        ("Kazakhstan,KAZ,2018,1", ":4: line 2 has the same Year, Country Code"),
        ("Kazakhstan,KAZ,2019,-1", ":4:Value: -1 is less than 0"),
        ("Kazakhstan,KAZ,2019,many", ":4:Value: 'many' is not a number; the"),
        ("Kazakhstan,KAZ,19,1", ":4:Year: 19 is less than 1900"),
        ("Kazakhstan,KAZ,2019", ":4: the row has 3 cells"),
    ],
)
def test_a_wrong_row_is_refused(tmp_path: Path, row: str, fault: str) -> None:
    path = a_file(tmp_path, (*ROWS, row))
    found = faults_of(map_inhabitants, a_source(KIND, path))
    assert [each.removeprefix(path.name)[: len(fault)] for each in found] == [fault]


def test_every_country_of_the_codes_is_one_of_the_table_of_countries() -> None:
    known = {row["iso3"]: row for row in read_table("countries.csv")}
    for row in read_table("worldbank-codes.csv"):
        if row["iso3"]:
            country = known[row["iso3"]]
            assert (row["code"], row["scope"], row["country"]) == (
                row["iso3"],
                country["scope"],
                country["country"],
            )


def test_the_data_set_says_what_is_left_out() -> None:
    query = "SELECT ?d { <dataset/worldbank-population> dcterms:description ?d }"
    ((text,),) = select(built_quads(), query)
    assert "aggregates" in text


def test_a_file_is_recognized_by_its_header() -> None:
    head = PACKAGED.read_bytes()[:200]
    for text in (head, b"\xef\xbb\xbf" + head, head.replace(b"\n", b"\r\n")):
        assert recognize_inhabitants(text)
    for text in (b"", b"year,coo,coa\n", b"\xff\xfe\n", head.partition(b",")[2]):
        assert not recognize_inhabitants(text)
