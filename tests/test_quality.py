"""`/quality`: the validation report as a page and as files, and where sources disagree."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, parse

from description_fixtures import PUBLIC, client, description, release, select
from front_client import FrontClient
from kzgraph.cross_check import Comparison, CrossCheck
from kzgraph.namespaces import LANGUAGES
from kzgraph.prefixes import PREFIXES
from kzgraph.release import Release, write
from kzgraph.validation import Severity
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease
from small_release import content, published
from small_release import report as small_report

__all__ = ["client", "release"]

#: Where the public finds the server, behind the name of its host.
MOUNT = urlsplit(PUBLIC).path

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (BROWSER, "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/json", "application/json"),
        ("text/plain", "text/plain"),
    ],
)
def test_the_accept_field_chooses(client: FrontClient, accept: str, media_type: str) -> None:
    answer = client.get("/quality", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert "Accept" in answer.headers["Vary"]


def test_a_format_that_there_is_not_is_refused(client: FrontClient) -> None:
    answer = client.get("/quality", headers={"Accept": "text/csv"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text


@pytest.mark.parametrize("name", ["ttl", "json", "txt"])
def test_the_report_is_sent_as_the_build_wrote_it(
    client: FrontClient, release: Release, name: str
) -> None:
    answer = client.get(f"/quality/report.{name}")
    assert answer.data == (release.path / f"quality/report.{name}").read_bytes()
    (entry,) = (
        each for each in release.manifest["files"] if each["path"] == f"quality/report.{name}"
    )
    assert answer.headers["ETag"].strip('W/"').startswith(entry["sha256"])
    assert answer.headers["Content-Disposition"] == f'inline; filename="kzgraph-report.{name}"'
    again = client.get(f"/quality/report.{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/quality/report.ttl", "/dumps/SHA256SUMS", "/dumps/kzgraph.nt"])
def test_every_file_answers_ranges_the_same_way(client: FrontClient, path: str) -> None:
    whole = client.get(path)
    part = client.get(path, headers={"Range": "bytes=3-9"})
    assert (part.status_code, part.data) == (206, whole.data[3:10])
    assert client.get(path, headers={"Range": "bytes=99999999-"}).status_code == 416
    for other in ("bytes=0-1,3-4", "lines=1-2", "bytes 0-1", "bytes=b-c", "bytes=-", "0-1"):
        again = client.get(path, headers={"Range": other})
        assert (again.status_code, again.data) == (200, whole.data), other


@pytest.mark.parametrize("name", ["nt", "", "ttl.gz", "../manifest.json", "json/x"])
def test_a_report_that_there_is_not_is_told(client: FrontClient, name: str) -> None:
    assert client.get(f"/quality/report.{name}").status_code == 404


def test_the_address_of_each_file_is_its_path_in_the_manifest(
    client: FrontClient, release: Release
) -> None:
    for file in release.manifest["files"]:
        answer = client.head(f"/{file['path']}")
        assert (file["path"], answer.status_code) == (file["path"], 200)


def test_the_iri_of_the_report_leads_to_it(client: FrontClient) -> None:
    answer = client.get("/report")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MOUNT}/quality/report.ttl")
    triples = parse(client.get("/quality/report.ttl").data, RdfFormat.TURTLE)
    kind = NamedNode(PREFIXES["sh"] + "ValidationReport")
    assert "https://w3id.org/kzgraph/report" in {
        each.subject.value for each in triples
        if each.object == kind and isinstance(each.subject, NamedNode)
    }  # fmt: skip


def test_the_page_shows_each_finding_with_its_things(client: FrontClient) -> None:
    page = client.get("/quality").text
    for result in json.loads(client.get("/quality/report.json").data)["results"]:
        assert result["message"] in page
        if result["focus"].startswith("https://w3id.org/kzgraph/id/"):
            assert result["focus"].replace("https://w3id.org/kzgraph/id/", "/page/") in page


def test_the_page_counts_what_the_manifest_counts(client: FrontClient, release: Release) -> None:
    page = client.get("/quality").text
    for severity, count in release.manifest["validation"].items():
        assert f"<dt>{severity}</dt><dd>{count}</dd>" in page


def test_the_page_counts_chosen_and_headline_figures_and_what_has_a_caveat(
    client: FrontClient, release: Release
) -> None:
    _, page = client.get("/quality").text.split('<h2 id="figures">')
    rows = re.findall(r"<dt>.*?</dt><dd>([\d,]+)</dd>", page.partition("</dl>")[0], re.DOTALL)
    classes = ("StatedFigure", "ChosenFigure", "HeadlineFigure", "DerivedFigure")
    patterns = [*(f"?x a kzg:{name}" for name in classes), "?x kzg:caveat ?note"]
    assert rows == [str(count(release, pattern)) for pattern in patterns]
    assert "0" not in rows


def count(release: Release, pattern: str) -> int:
    found = release.store.query(
        f"SELECT DISTINCT ?x {{ {pattern} }}",
        use_default_graph_as_union=True,
        prefixes=dict(PREFIXES),
    )
    assert isinstance(found, QuerySolutions)
    return len(list(found))


def test_the_page_counts_disagreements_as_a_query_does(
    client: FrontClient, release: Release
) -> None:
    found = release.store.query(
        "SELECT ?kind (COUNT(?c) AS ?n) { ?c a kzg:Comparison ; kzg:kind ?kind } GROUP BY ?kind",
        use_default_graph_as_union=True,
        prefixes=dict(PREFIXES),
    )
    assert isinstance(found, QuerySolutions)
    _, page = client.get("/quality").text.split('<h2 id="disagreements">')
    rows = dict(re.findall(r'title="([^"]+)">[^<]*</a>\s*</th><td class="number">(\d+)</td>', page))
    expected = {}
    for kind, number in found:
        assert isinstance(kind, NamedNode)
        assert isinstance(number, Literal)
        expected[kind.value] = number.value
    assert rows == expected
    assert expected


def test_the_page_counts_missing_labels_as_a_query_does(
    client: FrontClient, release: Release
) -> None:
    found = release.store.query(
        "SELECT ?class ?language (COUNT(DISTINCT ?thing) AS ?n) {"
        " VALUES ?language { 'en' 'ru' 'kk' } ?thing a ?class"
        " FILTER(STRSTARTS(STR(?thing), STR(kzr:)))"
        " FILTER NOT EXISTS { ?thing rdfs:label ?label FILTER(LANG(?label) = ?language) } }"
        " GROUP BY ?class ?language",
        use_default_graph_as_union=True,
        prefixes=dict(PREFIXES),
    )
    assert isinstance(found, QuerySolutions)
    expected: dict[str, dict[str, int]] = {}
    for name, language, number in found:
        assert isinstance(name, NamedNode)
        assert isinstance(language, Literal)
        assert isinstance(number, Literal)
        expected.setdefault(name.value, {})[language.value] = int(number.value)
    _, page = client.get("/quality").text.split('<h2 id="labels">')
    page, *_ = page.split("<h2")
    rows = {}
    for row in page.split("<tr>")[2:]:
        title = re.search(r'title="([^"]+)"', row)
        _, *missing = map(int, re.findall(r'<td class="number">(\d+)</td>', row))
        if title:
            rows[title[1]] = {
                language: number
                for language, number in zip(LANGUAGES, missing, strict=True)
                if number
            }
    assert rows == expected
    assert PREFIXES["kzg"] + "Fact" in expected


def test_the_page_says_how_much_of_each_document_is_evidence(
    client: FrontClient, release: Release
) -> None:
    page = client.get("/quality").text
    _, found = page.split('<h2 id="evidence">')
    rows = re.findall(r'/page/document/([^"]+)"[^>]*>[^<]*</a>\s*</th>(.*?)</tr>', found, re.DOTALL)
    numbers = {
        slug: [
            int(each.replace("\u202f", "").replace(",", ""))
            for each in re.findall(r">([\d,\u202f]+)<", cells)
        ]
        for slug, cells in rows
    }
    assert numbers == {
        each.document.rpartition("/")[2]: [each.facts, each.supported, each.length, each.covered]
        for each in release.statistics.coverage
    }
    assert all(facts == supported > 0 for facts, supported, _, _ in numbers.values())
    assert all(0.8 * length < covered <= length for _, _, length, covered in numbers.values())


def test_a_finding_of_many_things_is_cut_and_says_so(tmp_path: Path) -> None:
    version, data = content(80)
    found = small_report(*[Severity.WARNING] * 3)
    made = write(data, version, found, tmp_path)
    text = json.loads((made.path / "quality/report.json").read_bytes())
    one = text["results"][0]
    many = [{**one, "focus": f"https://w3id.org/kzgraph/id/figure/note/{n}"} for n in range(80)]
    (made.path / "quality/report.json").write_text(json.dumps({**text, "results": many}))
    page = FrontClient(made, Settings()).get("/quality").text
    assert "Warning: 80 things" in page
    assert "and 30 more in the report" in page
    assert page.count('href="/page/figure/note/') == 50


def test_a_release_without_a_report_has_a_page_all_the_same(tmp_path: Path) -> None:
    bare = FrontClient(SmallRelease(tmp_path).load(), Settings())
    assert bare.get("/quality").status_code == 200
    assert bare.get("/quality/report.ttl").status_code == 404


def test_the_catalogue_leads_to_the_report_and_the_manifest(client: FrontClient) -> None:
    pages = select(
        description(client, "/catalog"),
        "SELECT ?page { ?d a dcat:Dataset ; <http://xmlns.com/foaf/0.1/page> ?page }",
    )
    assert {f"{PUBLIC}/quality", f"{PUBLIC}/dumps/manifest.json"} <= {page for (page,) in pages}
    page = client.get("/catalog", headers={"Accept": BROWSER}).text
    assert f'href="{MOUNT}/quality"' in page
    assert f'href="{MOUNT}/dumps/manifest.json"' in page


def test_a_cross_check_is_shown_when_there_is_one(tmp_path: Path) -> None:
    made = published(tmp_path)
    client = FrontClient(made, Settings())
    assert "was not compared" in client.get("/quality").text
    assert client.get("/quality/cross-check.json").status_code == 404
    compared = (
        Comparison("the closure", "owlrl 7", "both reason", 12),
        Comparison("a dump", "rdflib 7", "both read", 3, ("<a> & b",), ()),
        Comparison("too much", "pySHACL 1", "left aside", None),
    )
    found = CrossCheck(made.version, compared)
    made.cross_check.write_text(found.to_json(), "utf-8")
    page = client.get("/quality").text
    assert "was not compared" not in page
    assert '<th scope="row">the closure</th><td>owlrl 7</td><td class="number">12</td>' in page
    assert "differs: 1 only here, 0 only there" in page
    assert client.get("/quality/cross-check.json").json == json.loads(found.to_json())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"release": "other", "comparisons": []}'])
def test_what_is_not_the_cross_check_of_the_release_is_not_shown(tmp_path: Path, text: str) -> None:
    made = published(tmp_path)
    made.cross_check.write_text(text, "utf-8")
    client = FrontClient(made, Settings())
    assert "was not compared" in client.get("/quality").text
    assert client.get("/quality/cross-check.json").status_code == 404
