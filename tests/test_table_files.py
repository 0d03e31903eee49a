"""Tables that a release has as files: whole, and rows of them."""

import csv
import gzip
import hashlib
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet
import pytest
from werkzeug.test import TestResponse

import kzgraph
from cube_files import COLUMNS, ROWS, add_table
from front_client import FrontClient
from kzgraph.columns.column_file import open_reader
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HXL_FORMATS, RESULT_FORMATS
from kzgraph.sparql.job import TABLE_ROWS, Job
from kzgraph.tidy.table_templates import read_tables
from kzgraph_server.settings import Settings
from server_fixtures import TRIG, SmallRelease

COUNTRIES = """
GRAPH <graph/entities> {
  <id/country/KAZ> a schema:Country ; schema:identifier "KAZ" ; rdfs:label "Kazakhstan"@en .
  <id/country/UZB> a schema:Country ; schema:identifier "UZB" ; rdfs:label "Uzbekistan"@en .
  <id/country/TJK> a schema:Country ; schema:identifier "TJK" ; rdfs:label "Tajikistan"@en .
}
"""
NAMES = [each[0] for each in COLUMNS]
_TYPES = {"integer": "BIGINT", "decimal": "DECIMAL(38,2)", "boolean": "BOOLEAN"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> SmallRelease:
    made = SmallRelease(tmp_path_factory.mktemp("release")).load(TRIG + COUNTRIES)
    add_table(made, "cube-1")
    add_table(made, "packed", packed=True)
    return made


@pytest.fixture(scope="module")
def client(release: SmallRelease) -> FrontClient:
    return FrontClient(release)


def read(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def links_of(answer: TestResponse) -> str:
    return ", ".join(answer.headers.getlist("Link"))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_whole_table_is_its_file(client: FrontClient, release: SmallRelease, suffix: str) -> None:
    file = release.path / "dumps" / "tables" / f"cube-1.{suffix}"
    answer = client.get(f"/tables/cube-1.{suffix}")
    assert (answer.status_code, answer.data) == (200, file.read_bytes())
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert answer.headers["ETag"].startswith(f'"{digest}')
    assert f'filename="kzgraph-cube-1.{suffix}"' in answer.headers["Content-Disposition"]
    links = links_of(answer)
    assert f'</tables/cube-1.{suffix}?csvw=true>; rel="describedby"' in links
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links
    same = client.get(f"/tables/cube-1.{suffix}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    part = client.get(f"/tables/cube-1.{suffix}?year=", headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.data) == (206, file.read_bytes()[4:12])
    head = client.head(f"/tables/cube-1.{suffix}")
    assert head.headers["Accept-Ranges"] == "bytes"
    assert head.headers["Content-Length"] == str(file.stat().st_size)


class Ranges(io.RawIOBase):
    """A file of the server, read as DuckDB reads it: its length by HEAD, and ranges of bytes."""

    def __init__(self, client: FrontClient, address: str) -> None:
        self._client, self._address, self._at = client, address, 0
        self._size = int(client.head(address).headers["Content-Length"])

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        last = self._size if size < 0 else min(self._at + size, self._size)
        if last == self._at:
            return b""
        fields = {"Range": f"bytes={self._at}-{last - 1}"}
        answer = self._client.get(self._address, headers=fields)
        assert (answer.status_code, len(answer.data)) == (206, last - self._at)
        self._at = last
        data: bytes = answer.data
        return data


def test_a_column_is_read_by_ranges(client: FrontClient) -> None:
    file: Any = Ranges(client, "/tables/cube-1.parquet")
    found = pyarrow.parquet.ParquetFile(file).read(columns=["year"])
    assert found.column("year").to_pylist() == [row["year"] for row in ROWS]


def test_a_compressed_file_is_sent_as_it_is_or_unpacked(
    client: FrontClient, release: SmallRelease
) -> None:
    packed = (release.path / "dumps" / "tables" / "packed.csv.gz").read_bytes()
    sent = client.get("/tables/packed.csv", headers={"Accept-Encoding": "gzip"})
    assert (sent.headers["Content-Encoding"], sent.data) == ("gzip", packed)
    plain = client.get("/tables/packed.csv", headers={"Range": "bytes=0-3"})
    assert (plain.status_code, plain.data) == (200, gzip.decompress(packed))
    assert "Content-Encoding" not in plain.headers
    assert "Kzgraph-Unpack" not in plain.headers
    assert plain.headers["ETag"] != sent.headers["ETag"]
    assert {sent.headers["Vary"], plain.headers["Vary"]} == {"Accept-Encoding"}
    again = client.get("/tables/packed.csv", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head("/tables/packed.csv").data == b""


def test_rows_are_chosen_by_filters_in_the_order_of_the_file(client: FrontClient) -> None:
    rows = read(client.get("/tables/cube-1.csv?country=kaz,UZB&year=2019-2020"))
    assert [(row["country"], row["year"], row["value"]) for row in rows] == [
        ("KAZ", "2019", "10"),
        ("UZB", "2019", "0"),
        ("UZB", "2020", ""),
    ]
    assert read(client.get("/tables/cube-1.csv?country=TJK")) == []
    (row,) = read(client.get("/tables/cube-1.csv?headline=true"))
    assert row == {
        **{name: str(ROWS[0][name]) for name in NAMES},
        "headline": "true",
    }


def test_rows_as_csv_are_those_of_the_whole_file(client: FrontClient) -> None:
    every = read(client.get("/tables/cube-1.csv?year=1900-2100"))
    assert every == read(client.get("/tables/cube-1.csv")) != []


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_each_format_has_the_rows(client: FrontClient, form: Any) -> None:
    answer = client.get(f"/tables/cube-1.{form.name}?year=2018")
    assert (answer.status_code, answer.content_type) == (200, form.content_type)
    assert f"kzgraph-cube-1.{form.suffix}" in answer.headers["Content-Disposition"]
    if form.name == "json":
        (row,) = answer.get_json(force=True)["results"]["bindings"]
        assert row["cell"] == {"type": "uri", "value": ROWS[0]["cell"]}
        assert row["country_ru"] == {"type": "literal", "value": "Казахстан", "xml:lang": "ru"}
        assert row["value"]["datatype"].endswith("#decimal")
        assert row["year"]["datatype"].endswith("#integer")
        assert row["headline"]["value"] == "true"
    if form.name == "parquet":
        table = pyarrow.parquet.read_table(io.BytesIO(answer.data))
        assert table.column("country").to_pylist() == ["KAZ"]


def test_labels_are_in_all_languages_or_in_one(client: FrontClient) -> None:
    header = client.get("/tables/cube-1.csv?lang=ru").text.splitlines()[0].split(",")
    assert header == [name for name in NAMES if name != "country_en"]
    assert client.get("/tables/cube-1.csv?lang=en").text.count("country_en") == 1
    answer = client.get("/tables/cube-1.csv?lang=ru&year=2018")
    assert "/tables/cube-1.csv?year=2018&lang=ru&csvw=true" in links_of(answer)


@pytest.mark.parametrize("form", HXL_FORMATS, ids=lambda form: form.name)
def test_hashtags_stand_in_the_second_row(client: FrontClient, form: Any) -> None:
    answer = client.get(f"/tables/cube-1.{form.name}?hxl=true")
    assert answer.status_code == 200
    if form.name == "csv":
        tags = answer.text.splitlines()[1].split(",")
        assert tags == [each[4] for each in COLUMNS]
    assert client.get("/tables/cube-1.json?hxl=true").status_code == 406


@pytest.mark.parametrize(
    "address",
    [
        "/tables/cube-1.csv?csvw=true",
        "/tables/cube-1-metadata.json",
        "/tables/cube-1.csv-metadata.json",
    ],
)
def test_metadata_lead_to_their_table(client: FrontClient, address: str) -> None:
    answer = client.get(address)
    assert answer.content_type == "application/csvm+json"
    found = json.loads(answer.data)
    assert found["url"] == "cube-1.csv"
    assert [each["name"] for each in found["tableSchema"]["columns"]] == NAMES
    chosen = json.loads(client.get("/tables/cube-1.csv?csvw&lang=ru&year=2018&hxl").data)
    assert chosen["url"] == "cube-1.csv?year=2018&lang=ru&hxl=true"
    assert "country_en" not in [each["name"] for each in chosen["tableSchema"]["columns"]]
    assert chosen["dialect"]["skipRows"] == 2


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/tables/cube-1.csv?country=Kazakstan", 400, "did you mean KAZ (Kazakhstan)"),
        ("/tables/cube-1.csv?contry=KAZ", 400, "Did you mean country?"),
        ("/tables/cube-1.csv?year=twenty", 400, "is not a year such as 2018"),
        ("/tables/cube-1.csv?headline=perhaps", 400, "neither true nor false"),
        ("/tables/cube-1.csv?lang=de", 400, "Lang is one of en, ru, kk."),
        ("/tables/cube-1.csv?origin=AFG", 400, "The table cube-1 has no filter 'origin'"),
        ("/tables/cube-2.csv", 404, "Did you mean cube-1?"),
        ("/tables/cube-1.xls", 404, "it is there as .csv, .tsv"),
    ],
)
def test_what_is_wrong_is_refused_with_the_nearest(
    client: FrontClient, address: str, status: int, says: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert says in answer.get_json(force=True)["detail"]


def test_only_pages_are_capped(release: SmallRelease) -> None:
    client = FrontClient(release, Settings(max_rows=3))
    assert len(read(client.get("/tables/cube-1.csv"))) == 4
    refused = client.get("/tables/cube-1.csv?year=2018-2020")
    assert (refused.status_code, "in pages with offset=0" in refused.text) == (422, True)
    rows, address = [], "/tables/cube-1.csv?year=2018-2020&offset=0"
    while address:
        answer = client.get(address)
        rows += read(answer)
        following = re.search(r'<([^>]+)>; rel="next"', links_of(answer))
        address = following[1] if following else ""
    assert rows == read(client.get("/tables/cube-1.csv"))
    assert answer.headers["Kzgraph-More-Rows"] == "false"


def test_answers_are_kept_apart(client: FrontClient) -> None:
    for _ in range(2):
        plain = client.get("/tables/cube-1.csv?year=2018")
        tagged = client.get("/tables/cube-1.csv?year=2018&hxl")
        tabbed = client.get("/tables/cube-1.tsv?year=2018")
        assert len({each.headers["ETag"] for each in (plain, tagged, tabbed)}) == 3
    match = {"If-None-Match": plain.headers["ETag"]}
    other = client.get("/tables/cube-1.csv?year=2018&headline=&country=", headers=match)
    assert (other.status_code, other.data) == (304, b"")


def test_pages_show_the_tables_of_the_release(client: FrontClient, release: SmallRelease) -> None:
    for language in ("", "/ru", "/kk"):
        listed = client.get(f"{language}/tables/", headers={"Accept": "text/html"}).text
        assert 'href="/tables/cube-1.parquet"' in listed
        one = client.get(f"{language}/tables/cube-1", headers={"Accept": "text/html"}).text
        assert "/tables/cube-1.csv" in one
        assert "country_ru" in one
    found = client.get("/tables/?format=json").get_json(force=True)["tables"]
    (cube,) = [each for each in found if each["name"] == "cube-1"]
    assert cube["rows"] == len(ROWS)
    for each in cube["files"]:
        data = (release.path / "dumps" / "tables" / f"cube-1.{each['format']}").read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_a_release_without_files_has_the_tables_that_are_queries(tmp_path: Path) -> None:
    client = FrontClient(SmallRelease(tmp_path).load())
    assert client.get("/tables/cube-1.csv").status_code == 404
    assert client.get("/tables/pledges.csv").status_code == 200
    listed: Any = client.get("/tables/?format=json").json
    names = [each["name"] for each in listed["tables"]]
    assert "official" in names
    assert "cube-1" not in names


def test_rows_are_asked_of_the_release_itself(
    client: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where another engine answers queries."""
    asked: list[Job] = []

    async def note(_exchange: object, _serving: object, job: Job) -> None:
        asked.append(job)
        raise Problem(503, "It is noted.")

    monkeypatch.setattr("kzgraph_server.front.file_answers.ask", note)
    assert client.get("/tables/cube-1.csv?year=2017").status_code == 503
    (job,) = asked
    assert (job.own, job.offers) == (True, (TABLE_ROWS, "csv"))


def test_a_file_answers_for_a_query_of_the_same_columns(tmp_path: Path) -> None:
    """A file of other columns leaves the address to the query."""
    release = SmallRelease(tmp_path).load(TRIG + COUNTRIES)
    add_table(release, "figures")
    add_table(
        release,
        "official",
        [{"cell": "https://w3id.org/kzgraph/id/cell/a/1", "country": "KAZ", "year": 2018}],
        [
            (each.name, each.datatype, _TYPES.get(each.datatype, "VARCHAR"), "", "")
            for each in read_tables()["official"].columns
        ],
    )
    here = FrontClient(release)
    assert read(here.get("/tables/figures.csv")) == []
    assert [row["year"] for row in read(here.get("/tables/official.csv?country=KAZ"))] == ["2018"]


def test_a_reader_reaches_its_file_alone(release: SmallRelease, tmp_path: Path) -> None:
    folder = release.path / "dumps" / "tables"
    path = folder / "cube-1.parquet"
    reader = open_reader(path, 128)
    assert reader.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone() == (4,)
    for statement in (
        f"FROM read_parquet('{folder / 'packed.parquet'}')",
        f"FROM read_parquet('{path}/../packed.parquet')",
        f"FROM read_csv('{folder / 'cube-1.csv'}')",
        "FROM read_text('/etc/hostname')",
        f"FROM glob('{folder}/*')",
        f"ATTACH '{tmp_path / 'x.db'}'",
        f"COPY (SELECT 1) TO '{tmp_path / 'x.csv'}'",
        f"COPY (SELECT 1) TO '{path}' (FORMAT parquet)",
        "FROM 'http://127.0.0.1/a.parquet'",
        "SET allowed_paths = ['/']",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL httpfs",
        "LOAD httpfs",
    ):
        with pytest.raises(duckdb.Error):
            reader.execute(statement)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def listening(client: FrontClient) -> Iterator[str]:
    """The address of an endpoint that `client` answers for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(client.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind = self.headers["Content-Type"]
            self._send(client.post(self.path, data=body, content_type=kind))

        def _send(self, answer: TestResponse) -> None:
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.content_type)
            self.end_headers()
            self.wfile.write(answer.data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/sparql"
        server.shutdown()
        thread.join()


def test_a_frame_has_the_rows_and_the_types_of_the_table(client: FrontClient) -> None:
    with listening(client) as address:
        graph = kzgraph.endpoint(address)
        found = graph.table("cube-1", country="Kazakhstan", year=range(2018, 2021), lang="ru")
        assert found["year"].tolist() == [2018, 2019]
        assert found["value"].tolist() == [7.5, 10]
        assert found["headline"].tolist() == [True, False]
        assert "country_en" not in found.columns
        every = graph.table("packed")
        types = {name: str(kind) for name, kind in every.dtypes.items()}
        assert (len(every), every["value"].isna().sum()) == (4, 1)
        assert (types["year"], types["value"], types["headline"], types["cell"]) == (
            "Int64",
            "Float64",
            "boolean",
            "string",
        )
        with pytest.raises(ValueError, match=r"there is no table 'cube-2'; did you mean cube-1"):
            graph.table("cube-2")
        with pytest.raises(ValueError, match="has no filter 'origin'"):
            graph.table("cube-1", origin="AFG")
