"""`/quality`: the validation report as a page and as files, and where sources disagree."""

import html
import json
import re
from pathlib import Path
from urllib.parse import unquote_plus, urlencode, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, parse

from description_fixtures import PUBLIC, client, description, release, select
from front_client import FrontClient
from kzgraph.cross_check import Comparison, CrossCheck
from kzgraph.namespaces import LANGUAGES
from kzgraph.prefixes import PREFIXES, shorten
from kzgraph.release import Release, write
from kzgraph.validation import Severity
from kzgraph_server.pages.quality.validation import SHOWN
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease
from small_release import content, published
from small_release import report as small_report

__all__ = ["client", "release"]

#: Where the public finds the server, behind the name of its host.
MOUNT = urlsplit(PUBLIC).path

FACT = PREFIXES["kzg"] + "Fact"
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
    page = client.get("/quality/validation").text
    results = json.loads(client.get("/quality/report.json").data)["results"]
    for result in results:
        assert result["message"] in page
    assert results
    for key in re.findall(r'<article id="([0-9a-f]+)">', page):
        whole = client.get(f"/quality/validation?finding={key}").text
        (message,) = {each["message"] for each in results if each["message"] in whole}
        found = {each["focus"] for each in results if each["message"] == message}
        for focus in found:
            assert focus.replace("https://w3id.org/kzgraph/id/", "/page/") in whole
    assert client.get("/quality/validation?finding=0").status_code == 404


def test_the_page_counts_what_the_manifest_counts(client: FrontClient, release: Release) -> None:
    page = client.get("/quality").text
    words = {"Violation": "Violations", "Warning": "Warnings", "Info": "Notes"}
    for severity, number in release.manifest["validation"].items():
        shown = f'<a href="{MOUNT}/quality/validation?severity={severity}">{number}</a>'
        shown = shown if number else "0"
        assert f"<dt>{words[severity]}</dt><dd>{shown}</dd>" in page


def test_the_page_counts_chosen_and_headline_figures_and_what_has_a_caveat(
    client: FrontClient, release: Release
) -> None:
    _, page = client.get("/quality").text.split('<h2 id="figures">')
    rows = re.findall(r"<dd><a [^>]*>([\d,]+)</a></dd>", page.partition("</dl>")[0])
    classes = ("StatedFigure", "ChosenFigure", "HeadlineFigure", "DerivedFigure")
    patterns = [*(f"?x a kzg:{name}" for name in classes), "?x kzg:caveat ?note"]
    assert rows == [str(count(release, pattern)) for pattern in patterns]
    assert "0" not in rows


def count(release: Release, pattern: str) -> int:
    return count_rows(release, f"SELECT DISTINCT ?x {{ {pattern} }}")


def count_rows(release: Release, query: str) -> int:
    found = release.store.query(query, use_default_graph_as_union=True, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    return len(list(found))


def test_the_page_counts_disagreements_as_a_query_does(
    client: FrontClient, release: Release
) -> None:
    found = release.store.query(
        "SELECT ?kind (COUNT(?c) AS ?n) { ?c a kzg:Comparison ;"
        " kzg:kind|kzg:furtherKind ?kind } GROUP BY ?kind",
        use_default_graph_as_union=True,
        prefixes=dict(PREFIXES),
    )
    assert isinstance(found, QuerySolutions)
    page, _ = client.get("/quality/disagreements").text.split('<h2 id="pairs">')
    row = r'title="([^"]+)">[^<]*</a>\s*</th><td class="number"><a href="([^"]+)">(\d+)<'
    rows = {iri: number for iri, _, number in re.findall(row, page)}
    for _, address, number in re.findall(row, page):
        listed = client.get(address.removeprefix(MOUNT)).text.partition('id="pairs"')[2]
        assert listed.count("<tr><td>") == int(number)
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
    page = client.get("/quality/labels").text
    rows = {}
    for row in page.split("<tr>")[2:]:
        title = re.search(r'title="([^"]+)"', row)
        cells = re.findall(r'<td class="number">(?:<[^>]*>)?([\d,]+)', row)
        _, *missing = (int(each.replace(",", "")) for each in cells)
        if title:
            rows[title[1]] = {
                language: number
                for language, number in zip(LANGUAGES, missing, strict=True)
                if number
            }
    assert rows == expected
    assert PREFIXES["kzg"] + "Fact" in expected


def test_a_missing_label_leads_to_the_things_that_lack_it(
    client: FrontClient, release: Release
) -> None:
    text = client.get("/quality/labels?class=kzg:Fact&in=ru").text
    counted = dict(next(each for each in release.statistics.labels if each.term == FACT).missing)
    things = set()
    for number in range(1, -(-counted["ru"] // 50) + 1):
        part = client.get(f"/quality/labels?class=kzg:Fact&in=ru&page={number}").text
        part = part.partition("<h1>")[2].partition('<nav class="pager"')[0]
        things |= set(re.findall(r'<li><a href="[^"]*" title="([^"]+)"', part))
    assert len(things) == counted["ru"]
    query = html.unescape(text).partition("/sparql?query=")[2].partition('"')[0]
    assert len(things) == count_rows(release, unquote_plus(query))
    for asked in ("class=kzg:Fact&in=de", "class=kzg:Nothing&in=ru", "class=<&in=ru"):
        assert client.get(f"/quality/labels?{asked}").status_code == 404
    for page, status in (("99", 404), ("0", 400), ("x", 400)):
        reply = client.get(f"/quality/labels?class=kzg:Fact&in=ru&page={page}")
        assert reply.status_code == status


def test_the_page_says_how_much_of_each_document_is_evidence(
    client: FrontClient, release: Release
) -> None:
    found = client.get("/quality/coverage").text
    rows = re.findall(r'/page/document/([^"]+)"[^>]*>[^<]*</a>\s*</th>(.*?)</tr>', found, re.DOTALL)
    numbers = {
        slug: [int(each.replace(",", "")) for each in re.findall(r">([\d,]+)<", cells)]
        for slug, cells in rows
    }
    assert numbers == {
        each.document.rpartition("/")[2]: [each.facts, each.supported, each.length, each.covered]
        for each in release.statistics.coverage
    }
    assert all(facts == supported > 0 for facts, supported, _, _ in numbers.values())
    assert all(0.8 * length < covered <= length for _, _, length, covered in numbers.values())


def test_the_spans_of_a_document_open_in_its_order(client: FrontClient, release: Release) -> None:
    for each in release.statistics.coverage:
        slug, starts, facts = each.document.rpartition("/")[2], [], set()
        first = client.get(f"/quality/coverage/{slug}").text
        parts = -(-int(re.findall(r"<dt>Places</dt><dd>([\d,]+)", first)[0]) // 100)
        uncovered = 0
        for number in range(1, parts + 1):
            text = client.get(f"/quality/coverage/{slug}?page={number}").text
            starts += [int(at) for at in re.findall(r">(\d+)\N{EN DASH}\d+</a>", text)]
            rows = re.findall(r"<tr><td.*?</tr>", text, re.DOTALL)
            uncovered += sum(map(int, re.findall(r">\+(\d+)<", text)))
            for row in rows:
                facts |= set(re.findall(r'<li><a href="[^"]*" title="([^"]+)"', row))
        assert starts == sorted(starts)
        # What is left of the text after the last span is shown as a number of the whole only.
        assert 0 <= each.length - each.covered - uncovered < 50
        assert len(facts) >= each.facts
    assert client.get("/quality/coverage/nothing").status_code == 404
    assert client.get("/quality/coverage/a%20b").status_code == 404


def test_links_open_with_how_sure_they_are(client: FrontClient, release: Release) -> None:
    text = client.get("/quality/links").text
    for each in release.statistics.links:
        asked = {"relation": shorten(each.term), "to": each.space}
        listed = client.get("/quality/links", query_string=asked).text
        rows = set(re.findall(r'<tr><th scope="row">(.*?)</tr>', listed, re.DOTALL))
        assert len(rows) == min(each.triples, 50)
        assert urlencode(asked, safe=":/") in html.unescape(text)
    assert client.get("/quality/links?relation=owl:sameAs&to=x").status_code == 404
    assert "0.9" in text


def test_a_finding_of_many_things_is_cut_and_opens(tmp_path: Path) -> None:
    version, data = content(80)
    found = small_report(*[Severity.WARNING] * 3)
    made = write(data, version, found, tmp_path)
    text = json.loads((made.path / "quality/report.json").read_bytes())
    one = text["results"][0]
    many = [{**one, "focus": f"https://w3id.org/kzgraph/id/figure/note/{n}"} for n in range(80)]
    (made.path / "quality/report.json").write_text(json.dumps({**text, "results": many}))
    client = FrontClient(made, Settings())
    page = client.get("/quality/validation").text
    assert "Warnings: 80" in page
    assert "All of them: 80" in page
    assert page.count('href="/page/figure/note/') == SHOWN
    key = re.findall(r"\?finding=([0-9a-f]+)", page)[0]
    counts = [
        client.get(f"/quality/validation?finding={key}&page={n}").text.count(
            'href="/page/figure/note/'
        )
        for n in (1, 2)
    ]
    assert counts == [50, 30]


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
    for path in ("/quality", "/quality/cross-check"):
        assert "was not compared" in client.get(path).text
    assert client.get("/quality/cross-check.json").status_code == 404
    compared = (
        Comparison("the closure", "owlrl 7", "both reason", 12),
        Comparison("a dump", "rdflib 7", "both read", 3, ("<a> & b",), ()),
        Comparison("too much", "pySHACL 1", "left aside", None),
    )
    found = CrossCheck(made.version, compared)
    made.cross_check.write_text(found.to_json(), "utf-8")
    assert "was not compared" not in client.get("/quality").text
    page = client.get("/quality/cross-check").text
    assert '<h2 lang="en">the closure</h2>' in page
    assert "<dt>Items</dt><dd>12</dd>" in page
    assert "&lt;a&gt; &amp; b" in page
    assert "differs: 1 only here, 0 only there" in page
    assert client.get("/quality/cross-check.json").json == json.loads(found.to_json())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"release": "other", "comparisons": []}'])
def test_what_is_not_the_cross_check_of_the_release_is_not_shown(tmp_path: Path, text: str) -> None:
    made = published(tmp_path)
    made.cross_check.write_text(text, "utf-8")
    client = FrontClient(made, Settings())
    assert "was not compared" in client.get("/quality").text
    assert client.get("/quality/cross-check.json").status_code == 404
