"""`/tables/`: tables by addresses, for programs that write no SPARQL."""

import csv
import gzip
import io
import json
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import brotli
import csvw
import openpyxl
import pyarrow.parquet
import pytest
from werkzeug.test import TestResponse

from front_client import FrontClient
from kzgraph.problem import Problem
from kzgraph.rdf.formats import RESULT_FORMATS
from kzgraph.tidy.table_templates import read_tables
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease

#: Three figures, two counts and a forecast.
FIGURES = "/tables/figures.csv?country=KAZ&year=2018&group=STA"


@pytest.fixture(scope="module")
def client(shipped_root: Path) -> FrontClient:
    return FrontClient(shipped_root / "current")


def read(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_an_address_gives_the_rows_that_its_filters_choose(client: FrontClient) -> None:
    rows = read(client.get(FIGURES))
    assert {(row["status"], row["value"], row["hedge"]) for row in rows} == {
        ("actual", "940", ""),
        ("actual", "7690", "close to"),
        ("forecast", "6706", ""),
    }
    assert {row["country"] for row in rows} == {"KAZ"}
    assert all("characters" in row["citation"] for row in rows)


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_each_format_has_an_address(client: FrontClient, form: Any) -> None:
    answer = client.get(f"/tables/pledges.{form.name}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.content_type) == (200, form.content_type)
    name = f'filename="kzgraph-pledges.{form.suffix}"'
    assert name in answer.headers["Content-Disposition"]


def test_numbers_are_numbers(client: FrontClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get(FIGURES.replace("csv", "xlsx", 1)).data))
    header, *rows = book.active.iter_rows(values_only=True)
    assert {type(row[header.index("value")]) for row in rows} == {int}
    assert {type(row[header.index("chosen")]) for row in rows} == {bool}
    data = client.get(FIGURES.replace("csv", "parquet", 1)).data
    table = pyarrow.parquet.read_table(io.BytesIO(data))
    assert str(table.schema.field("value").type) == "int64"
    assert str(table.schema.field("year").type) == "int64"


def test_hashtags_and_metadata_are_those_of_the_query(client: FrontClient) -> None:
    tagged = client.get(f"{FIGURES}&hxl=true").text.splitlines()[1].split(",")
    header = client.get(FIGURES).text.splitlines()[0].split(",")
    found = dict(zip(header, tagged, strict=True))
    assert found["country"] == "#country+code+v_iso3"
    assert found["group_name"] == "#beneficiary+name+i_en"
    assert found["year"] == "#date+year"
    # What the filters say of the numbers, the hashtag says too.
    assert found["value"] == ""
    tagged = client.get(f"{FIGURES}&quantity=stock&hxl").text.splitlines()[1].split(",")
    assert dict(zip(header, tagged, strict=True))["value"] == "#affected+stateless"
    answer = client.get(f"{FIGURES}&csvw")
    assert answer.content_type == "application/csvm+json"
    columns = json.loads(answer.data)["tableSchema"]["columns"]
    assert [each["name"] for each in columns] == header
    refused = client.get("/tables/figures.json?hxl")
    assert refused.status_code == 406


@pytest.mark.parametrize(
    ("name", "tagged"),
    [
        ("figures", ""),
        ("figures", "&hxl=true"),
        ("official", "&hxl=true"),
        ("concordance", ""),
        ("documents", ""),
        ("places", ""),
    ],
)
def test_metadata_fit_their_table(
    client: FrontClient, tmp_path: Path, name: str, tagged: str
) -> None:
    """A validator reads the table by its metadata, and these lead to the table and to no other."""
    table = read_tables()[name]
    chosen = {"official": "?country=KAZ&year=2018", "concordance": "?country=KAZ"}.get(name, "?")
    address = f"/tables/{name}.csv{chosen}{tagged}"
    metadata = client.get(f"{address}&csvw").get_json(force=True)
    rows = client.get(urljoin(f"{address}&csvw", metadata["url"]))
    assert rows.status_code == 200
    assert rows.data == client.get(address).data
    columns = {each["name"]: each for each in metadata["tableSchema"]["columns"]}
    for each in table.columns:
        said = columns[each.name]["dc:description"]
        assert {text["@language"]: text["@value"] for text in said} == each.texts
    (tmp_path / "table.csv").write_bytes(rows.data)
    (tmp_path / "metadata.json").write_text(json.dumps(metadata | {"url": "table.csv"}), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_back = csvw.CSVW(str(tmp_path / "metadata.json"), validate=True)
        assert read_back.is_valid, read_back.warnings
    read = list(read_back.tables[0].iterdicts(with_metadata=False))
    assert len(read) == len(list(csv.DictReader(io.StringIO(rows.text)))) - bool(tagged)


def test_an_answer_is_cached_and_links_to_what_belongs_to_it(client: FrontClient) -> None:
    first = client.get(FIGURES)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    links = ", ".join(first.headers.getlist("Link"))
    assert f'<{FIGURES}&csvw=true>; rel="describedby"' in links
    assert 'rel="license"' in links
    again = client.get(FIGURES, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    # Other ways to ask for the same.
    other = client.get("/tables/figures.csv?group=sta&year=2018&country=kaz&origin=&lang=en")
    assert (other.data, other.headers["ETag"]) == (first.data, first.headers["ETag"])
    # The same query, asked as such, has the same rows under other links.
    head = client.head(FIGURES)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]


def test_only_reading_is_allowed(client: FrontClient) -> None:
    assert client.options(FIGURES).headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    refused = client.post(FIGURES)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/tables/figures.csv?country=Kazakstan", 400, "did you mean KAZ (Kazakhstan)"),
        ("/tables/figures.csv?contry=KAZ", 400, "Did you mean country?"),
        ("/tables/figures.csv?lang=de", 400, "Lang is one of en, ru, kk."),
        ("/tables/figures.csv?lang=en&lang=ru", 400, "Lang is one of en, ru, kk."),
        ("/tables/figures.csv?hxl=perhaps", 400, "neither true nor false"),
        ("/tables/figures.csv?offset=-1", 400, "is not a whole number"),
        ("/tables/figures.csv?query=ASK+{}", 400, "no filter 'query'"),
        ("/tables/figures.csv?country=%FF", 400, "not percent-encoded UTF-8"),
        ("/tables/pledges.csv?group=STA", 400, "The table pledges has no filter 'group'"),
        ("/tables/figure.csv", 404, "Did you mean figures?"),
        ("/tables/figures.xls", 404, "it is there as .csv, .tsv"),
        ("/tables/zzzzzz", 404, "/tables/ lists them"),
        ("/tables/figures?country=Kazakstan", 400, "did you mean KAZ (Kazakhstan)"),
    ],
)
def test_what_is_none_is_refused(client: FrontClient, address: str, status: int, says: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert says in answer.get_json()["detail"]


def test_a_table_is_never_cut_unseen(shipped_root: Path) -> None:
    """A spreadsheet shows no header field, so that only who asks for pages gets one."""
    capped = FrontClient(shipped_root / "current", Settings(max_rows=20))
    refused = capped.get("/tables/partners.csv")
    assert (refused.status_code, refused.get_json()["limit"]) == (422, 20)
    told = refused.get_json()["detail"]
    assert "in pages with offset=0. Choose fewer rows, as country=KAZ" in told
    assert len(read(capped.get("/tables/pledges.csv"))) < 20
    first = capped.get("/tables/partners.csv?country=KAZ&offset=0")
    [link] = [each for each in first.headers.getlist("Link") if 'rel="next"' in each]
    address = link.partition(">")[0].removeprefix("<")
    assert address == "/tables/partners.csv?country=KAZ&offset=20"
    pages = [*read(first), *read(capped.get(address))]
    whole = FrontClient(shipped_root / "current").get("/tables/partners.csv?country=KAZ")
    assert pages == read(whole)
    # Codes that are beyond the cap are codes.
    assert len(read(capped.get("/tables/codes.csv?list=unit&offset=0"))) == 20


def test_a_table_that_takes_too_long_says_how_to_ask_for_less(
    client: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def take_too_long(*_: object) -> None:
        raise Problem(504, "It was stopped.", limit={"name": "timeout", "seconds": 30})

    for name in ("answer_query", "answer_rows"):
        monkeypatch.setattr(f"kzgraph_server.front.table_answers.{name}", take_too_long)
    for name, narrow in (("official", "country=KAZ or year=2014-2018"), ("codes", "list=")):
        answer = client.get(f"/tables/{name}.csv?lang=ru")
        assert (answer.status_code, answer.get_json()["limit"]["seconds"]) == (504, 30)
        assert f"It was stopped. Choose fewer rows, as {narrow}" in answer.get_json()["detail"]


def test_below_a_mount_and_a_release_the_addresses_are_theirs(shipped_root: Path) -> None:
    mounted = FrontClient(shipped_root / "current", Settings(public_url="https://x.example/kz"))
    links = ", ".join(mounted.get(f"/kz{FIGURES}").headers.getlist("Link"))
    assert f"</kz{FIGURES}&csvw=true>" in links
    page = mounted.get("/kz/tables/figures?country=KAZ").text
    assert 'href="/kz/tables/figures.csv?country=KAZ"' in page
    assert "https://x.example/kz/tables/figures.csv?country=KAZ" in page


def test_rows_have_one_address_in_all_languages(client: FrontClient) -> None:
    moved = client.get("/ru/tables/figures.csv?lang=ru")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/tables/figures.csv?lang=ru")
    rows = read(client.get("/tables/codes.csv?list=status&lang=kk"))
    assert {row["code"]: row["name"] for row in rows}["forecast"] == "Болжам"


#: The header fields with which programs ask for an address that somebody typed.
PROGRAMS = {
    "Power Query": {"Accept-Encoding": "gzip, deflate", "Connection": "Keep-Alive"},
    "Excel, a web query": {"Accept": "*/*", "Accept-Language": "ru-KZ,ru;q=0.5"},
    "Google Sheets": {"Accept": "*/*", "Accept-Encoding": "gzip, deflate, br"},
    "LibreOffice": {"Accept": "*/*", "Accept-Language": "kk-KZ"},
    "R": {"Accept": "*/*", "User-Agent": "R (4.2.2 x86_64-pc-linux-gnu)"},
    "pandas": {"User-Agent": "Python-urllib/3.11", "Accept-Encoding": "identity"},
    "a browser": {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_get_the_format_of_the_address(client: FrontClient, program: str) -> None:
    """Whatever they accept and whichever language they are in; some ask for the head first."""
    address = "/tables/codes.csv?list=status&lang=kk"
    head = client.head(address, headers=PROGRAMS[program])
    answer = client.get(address, headers=PROGRAMS[program])
    for each in (head, answer):
        assert (each.status_code, each.content_type) == (200, "text/csv; charset=utf-8")
    data = answer.data
    if answer.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    elif answer.headers.get("Content-Encoding") == "br":
        data = brotli.decompress(data)
    assert "Болжам" in data.decode()


def test_numbers_have_a_point_in_each_format_of_text(client: FrontClient) -> None:
    """So that a program that is told the culture en-US reads them, on a computer with a comma."""
    rows = read(client.get("/tables/finance.csv?year=2018&series=total&quantity=budget"))
    assert [row["value"] for row in rows] == ["5.52037323"]
    tabs = client.get("/tables/finance.tsv?year=2018&series=total&quantity=budget").text
    assert "5.52037323" in tabs


def test_a_file_for_excel_has_its_mark_and_runs_no_formula(tmp_path: Path) -> None:
    label = "=HYPERLINK(1)"
    release = SmallRelease(tmp_path).load(
        f"""GRAPH <graph/a> {{ <id/document/d> a foaf:Document ; dcterms:identifier "d" ;
        dcterms:title "{label}" ; dcterms:bibliographicCitation "A document" }}"""
    )
    answer = FrontClient(release, Settings()).get("/tables/documents.csv-excel")
    assert answer.data.startswith(b"\xef\xbb\xbfdocument,")
    assert f"d,'{label}," in answer.text
    book = FrontClient(release, Settings()).get("/tables/documents.xlsx").data
    cell = openpyxl.load_workbook(io.BytesIO(book)).active["B2"]
    assert (cell.value, cell.data_type) == (label, "s")


# --- pages


def test_every_table_is_listed_for_readers_and_for_programs(client: FrontClient) -> None:
    page = client.get("/tables/").text
    listed = client.get("/tables/?format=json").get_json()
    names = [each["name"] for each in listed["tables"]]
    assert names[: len(read_tables())] == list(read_tables())
    for each in listed["tables"]:
        assert f'href="/tables/{each["name"]}"' in page
        assert each["formats"][0]["address"].endswith(f"/tables/{each['name']}.csv")
        alone = client.get(f"/tables/{each['name']}?format=json").get_json()
        assert alone == {"release": listed["release"], **each}
    described = client.get("/tables/pledges?format=json").get_json()
    header = client.get("/tables/pledges.csv").text.partition("\n")[0]
    assert header.strip().split(",") == [column["name"] for column in described["columns"]]


def test_the_page_of_a_table_makes_its_addresses(client: FrontClient) -> None:
    page = client.get("/kk/tables/figures?country=kaz&year=2017-2018&chosen=true").text
    shown = "country=KAZ&amp;year=2017,2018&amp;chosen=true&amp;lang=kk"
    assert f'href="/tables/figures.csv?{shown}"' in page
    assert 'value="KAZ"' in page
    assert "<title>" in page and "Құжаттардағы көрсеткіштер" in page
    assert "[Query = [country = &#34;KAZ&#34;, year = &#34;2017,2018&#34;" in page
    for each in read_tables()["figures"].columns:
        assert f"<code>{each.name}</code>" in page


def test_hashtags_are_offered_where_there_are_some(client: FrontClient) -> None:
    for name in read_tables():
        offered = "hxl=true" in client.get(f"/tables/{name}").text
        if name not in ("official", "concordance"):  # They take longer, and have some.
            there = client.get(f"/tables/{name}.csv?hxl").status_code == 200
            assert offered == there, name
        else:
            assert offered


def test_pages_lead_to_the_tables(client: FrontClient) -> None:
    for path, times in (("/docs/", 1), ("/dumps/", 2)):
        page = client.get(path, headers={"Accept": "text/html"}).text
        assert page.count('href="/tables/"') == times, path
