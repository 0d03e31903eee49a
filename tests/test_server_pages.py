"""Dereferencing, descriptions, the vocabulary, the dumps and the other pages."""

import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad

from front_client import FrontClient
from kzgraph.example_queries import read_examples
from kzgraph.iri import term, thing
from kzgraph_server.pages.query_page import EXAMPLE
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease, call, small

__all__ = ["small"]

FIGURE = "figure/global-focus-2018/stateless-2018"
PAGES = [
    "/",
    "/sparql",
    "/examples",
    "/ontology",
    "/dumps/",
    "/quality",
    f"/page/{FIGURE}",
    "/page/country/KAZ",
]
GRAPHS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}


class Page(HTMLParser):
    """What a page links to, what it names, and whether its elements close."""

    VOID = frozenset({"meta", "link", "br", "input", "img", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        if values.get("href"):
            self.links.append(values["href"] or "")
        if values.get("id"):
            self.ids.append(values["id"] or "")
        assert not [name for name in values if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"


def test_the_vocabulary_answers_by_its_version_iri(release_root: Path) -> None:
    client = FrontClient(release_root / "current")
    graph = rdflib.Graph().parse(data=client.get("/ontology?format=ttl").data, format="turtle")
    ontology = rdflib.URIRef("https://w3id.org/kzgraph/ontology")
    version = graph.value(ontology, rdflib.OWL.versionIRI)
    assert version is not None
    path = "/" + str(version).removeprefix("https://w3id.org/kzgraph/")
    assert client.get(path, headers={"Accept": "text/turtle"}).data == (
        client.get("/ontology?format=ttl").data
    )
    assert client.get("/ontology/0.0.0").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_html_without_scripts_and_names_the_licence(url: str, path: str) -> None:
    reply = call(url + path, "text/html")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = Page(reply.body.decode())
    assert page.open == []
    # A block of data is no script: https://html.spec.whatwg.org/multipage/scripting.html#data-block
    text = reply.body.decode()
    described = path == "/" or path.startswith("/page/")
    assert text.count('<script type="application/ld+json">') == described
    for script in re.findall("<script[^>]*>", text):
        assert re.fullmatch(
            r'<script type="application/(ld\+)?json"( id="[a-z-]+")?>'
            r'|<script type="module" src="/static/built/[\w-]+\.js">',
            script,
        )
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("h1") == page.tags.count("main") == page.tags.count("footer") == 1
    assert "https://creativecommons.org/licenses/by/4.0/" in page.links
    assert "/dumps/" in page.links
    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"]


def test_every_link_within_this_host_leads_somewhere(url: str) -> None:
    links = set()
    for path in PAGES:
        page = Page(call(url + path, "text/html").body.decode())
        links |= {urljoin(url + path, link) for link in page.links if "sparql?" not in link}
    # Of the pages of things, those of one kind are made alike: two of each are opened.
    alike: dict[str, list[str]] = {}
    for link in sorted(link for link in links if link.startswith(url)):
        kind = re.sub(r"(/(?:page|data|id|cite)/[^/?#]+/).*", r"\1", link)
        alike.setdefault(kind, []).append(link)
    ours = [link for same in alike.values() for link in same[:2]]
    assert len(ours) > 50
    # That files come whole is seen elsewhere.
    broken = [
        link
        for link in ours
        if call(link, "text/html", "HEAD" if "/dumps/" in link else "GET").status not in (200, 303)
    ]
    assert broken == []


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", f"/page/{FIGURE}"),
        ("text/turtle", f"/data/{FIGURE}.ttl"),
        ("application/n-triples", f"/data/{FIGURE}.nt"),
        ("application/ld+json", f"/data/{FIGURE}.jsonld"),
        ("application/rdf+xml", f"/data/{FIGURE}.rdf"),
        ("*/*", f"/data/{FIGURE}.ttl"),
        (None, f"/data/{FIGURE}.ttl"),
        ("text/html;q=0.5, application/rdf+xml", f"/data/{FIGURE}.rdf"),
    ],
)
def test_a_thing_is_answered_with_see_other(url: str, accept: str | None, location: str) -> None:
    reply = call(f"{url}/id/{FIGURE}", accept)
    assert (reply.status, reply.headers["Location"]) == (303, location)
    assert "Accept" in reply.headers["Vary"]
    assert call(url + location).status == 200


def test_format_chooses_and_what_cannot_be_had_is_406(url: str) -> None:
    reply = call(f"{url}/id/{FIGURE}?format=nt", "text/html")
    assert reply.headers["Location"] == f"/data/{FIGURE}.nt"
    assert call(f"{url}/id/{FIGURE}", "image/png").status == 406


def test_every_thing_of_the_data_can_be_dereferenced(url: str) -> None:
    # The address itself stands in the data as a literal (void:uriSpace): no thing.
    ours = "FILTER(ISIRI(?x) && STRSTARTS(STR(?x), STR(kzr:)))"
    query = f"SELECT DISTINCT ?x {{ {{ ?x ?p ?o }} UNION {{ ?s ?p ?x }} {ours} }}"
    rows = call(f"{url}/sparql", "text/csv", "POST", query.encode(),
                Content_Type="application/sparql-query").body.decode().split()  # fmt: skip
    things = rows[1:]
    assert len(things) > 1000
    for iri in things[:: len(things) // 60]:
        path = iri.removeprefix("https://w3id.org/kzgraph")
        assert call(url + path, "text/html").status == 303
        assert call(url + path.replace("/id/", "/page/", 1)).status == 200


@pytest.mark.parametrize("extension", GRAPHS)
def test_a_description_is_the_same_graph_in_each_format(url: str, extension: str) -> None:
    reply = call(f"{url}/data/{FIGURE}.{extension}")
    assert reply.type == TYPES[extension]
    graph = rdflib.Graph().parse(data=reply.body, format=GRAPHS[extension])
    node = rdflib.URIRef(f"https://w3id.org/kzgraph/id/{FIGURE}")
    kzg = rdflib.Namespace("https://w3id.org/kzgraph/ontology#")
    oa = rdflib.Namespace("http://www.w3.org/ns/oa#")
    assert graph.value(node, kzg.value) == rdflib.Literal(87632)
    selectors = list(graph.objects(graph.value(node, kzg.evidence), oa.hasSelector))
    assert {True for each in selectors if (each, oa.start, None) in graph}
    quoted = {str(words) for each in selectors for words in graph.objects(each, oa.exact)}
    assert quoted == {'["Stateless",87632]'}
    reference = rdflib.Graph().parse(data=call(f"{url}/data/{FIGURE}.nt").body, format="nt")
    assert set(graph) == set(reference)


def test_a_page_shows_the_figure_with_its_document_and_span(url: str) -> None:
    text = call(f"{url}/page/{FIGURE}").body.decode()
    assert "87632" in text
    assert re.search(r"characters \d+ to \d+", text)
    assert '<link rel="alternate" type="text/turtle"' in text


def test_a_page_quotes_the_words_behind_a_figure_and_leads_to_them(url: str) -> None:
    text = call(f"{url}/page/figure/global-focus-2018/people-of-concern-2018").body.decode()
    assert "<q>2018 88,419</q>" in text
    (link,) = set(re.findall(r'<a href="([^"]*:~:text=[^"]*)"', text))
    page = (
        "https://webarchive.archive.unhcr.org/20190720104701/http://reporting.unhcr.org/node/13757"
    )
    assert link == f"{page}#:~:text=2018%2088%2C419"
    # What only a chart has is quoted, and not linked: the page does not show it as text.
    chart = call(f"{url}/page/{FIGURE}").body.decode()
    assert "Stateless&#34;,87632]</q></li>" in chart


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("budget-2018", "The charts print bare numbers."),  # what a note says
        ("budget-2018", "5520373.23"),
        ("stateless-2018", "Stateless persons on government records, Kazakhstan, end of 2018"),
        ("stateless-kazakhstan-2018", ">Kazakhstan</a>"),
    ],
)
def test_a_page_shows_notes_dollars_the_country_and_the_headline_instead(
    url: str, key: str, shown: str
) -> None:
    text = call(f"{url}/page/figure/global-focus-2018/{key}").body.decode()
    assert shown in text
    assert "kzg:searchText" not in text


def test_names_carry_their_language(url: str) -> None:
    text = call(f"{url}/page/country/KAZ").body.decode()
    assert '<span lang="ru">Казахстан</span>' in text
    assert '<span lang="kk">Қазақстан</span>' in text


def test_links_to_a_thing_are_capped_and_the_total_is_said(tmp_path: Path) -> None:
    release = SmallRelease(tmp_path).load()
    node = thing("thing", "one")
    for number in range(30):
        release.store.add(Quad(thing("many", str(number)), term("of"), node))
    client = FrontClient(release, Settings(max_incoming=10))
    text = client.get("/page/thing/one").text
    assert text.count('href="/page/many/') == 5
    assert "All 30: many" in text
    last = client.get("/page/thing/one?kind=many&page=3")
    assert last.text.count('href="/page/many/') == 10
    assert "Page 3 of 3" in last.text
    # 30 of these, and one from the release itself.
    data = client.get("/data/thing/one.nt")
    assert data.headers["Kzgraph-Incoming"] == "shown=10, total=31"
    assert data.text.count("ontology#of>") == 10
    assert "Kzgraph-Incoming" not in client.get("/data/thing/two.nt").headers


def test_values_are_escaped_and_only_addresses_of_the_web_are_linked(small: FrontClient) -> None:
    for path in ("/page/thing/one", "/sparql?format=html&query=SELECT*{?s?p?o}",
                 "/sparql?format=html&query=CONSTRUCT{?s?p?o}{?s?p?o}"):  # fmt: skip
        text = small.get(path).text
        assert "<script>" not in text
        assert "&lt;script&gt;" in text
        page = Page(text)
        assert not [link for link in page.links if link.startswith("javascript")]
        assert "/page/thing/one" in page.links or path.startswith("/page")


def test_a_result_page_shows_the_rows_it_can_and_says_how_many_there_are(tmp_path: Path) -> None:
    release = SmallRelease(tmp_path).load()
    client = FrontClient(release, Settings(html_rows=3))
    text = client.get("/sparql?format=html&query=SELECT ?s { ?s ?p ?o }").text
    total = len(release.store)
    assert "The first 3 rows; there are more." in text
    assert text.partition('id="result"')[2].partition("</table>")[0].count("<td") == 3
    links = [link for link in Page(text).links if "format=csv" in link]
    assert client.get(links[0]).text.count("\r\n") == total + 1


def test_an_ask_and_an_empty_result_have_pages(small: FrontClient) -> None:
    assert "Yes" in small.get("/sparql?format=html&query=ASK{}").text
    assert "No " in small.get("/sparql?format=html&query=ASK{?s <http://no> ?o}").text
    assert "0 rows" in small.get("/sparql?format=html&query=SELECT*{?s <http://no> ?o}").text


@pytest.mark.parametrize(
    "path",
    ["country/", "../etc/passwd", "a//b", "a b", "%00", "%E2%98%83", "http://example.org/",
     "country/KAZ%0d%0aX-A:b", "nothing"],
)  # fmt: skip
def test_what_the_data_does_not_speak_of_is_404(url: str, path: str) -> None:
    path = path.replace(" ", "%20")
    for kind in ("id", "page"):
        assert call(f"{url}/{kind}/{path}", "text/html").status == 404


@pytest.mark.parametrize(
    "path",
    ["//example.org/", "//example.org/id/country/KAZ", "/\\example.org", "/id//example.org",
     "/dumps//example.org", "/graph//example.org"],
)  # fmt: skip
def test_no_address_redirects_to_another_host(url: str, path: str) -> None:
    reply = call(url + path, "text/html")
    assert reply.status in (400, 404)
    assert "Location" not in reply.headers


def test_the_host_header_does_not_steer_redirects(url: str) -> None:
    for path in (f"/id/{FIGURE}", "/graph/entities"):
        location = call(url + path, Host="evil.example").headers["Location"]
        assert location.startswith("/")
        assert not location.startswith("//")


@pytest.mark.parametrize(("accept", "format_"), [(TYPES[key], GRAPHS[key]) for key in GRAPHS])
def test_the_vocabulary_as_rdf(url: str, accept: str, format_: str) -> None:
    reply = call(f"{url}/ontology", accept)
    assert reply.type == accept
    assert "Accept" in reply.headers["Vary"]
    graph = rdflib.Graph().parse(data=reply.body, format=format_)
    assert (rdflib.URIRef("https://w3id.org/kzgraph/ontology#Fact"), None, None) in graph


def test_the_vocabulary_as_a_page_has_an_anchor_for_each_of_its_terms(url: str) -> None:
    page = Page(call(f"{url}/ontology", "text/html").body.decode())
    graph = rdflib.Graph().parse(data=call(f"{url}/ontology", "text/turtle").body)
    base = "https://w3id.org/kzgraph/ontology#"
    own = {str(each)[len(base) :] for each in graph.subjects() if str(each).startswith(base)}
    assert len(own) > 40
    assert own <= set(page.ids)


def test_blank_nodes_of_the_vocabulary_are_the_same_everywhere(small: FrontClient) -> None:
    sizes = {
        name: len(rdflib.Graph().parse(data=small.get(f"/ontology?format={name}").data, format=f))
        for name, f in GRAPHS.items()
    }
    assert set(sizes.values()) == {7}


def test_the_dumps_are_listed_with_their_sums_and_sent_as_they_are(url: str) -> None:
    sums = call(f"{url}/dumps/SHA256SUMS").body.decode().splitlines()
    index = call(f"{url}/dumps/").body.decode()
    assert len(sums) > 20
    for line in sums:
        digest, _, name = line.partition("  ")
        reply = call(f"{url}/dumps/{name}")
        assert hashlib.sha256(reply.body).hexdigest() == digest
        assert f'href="/dumps/{name}"' in index
        assert f"{digest}  {name}\n" in index
        assert reply.headers.get("Content-Encoding") is None


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("kzgraph.ttl", "text/turtle; charset=utf-8"),
        ("kzgraph.nt", "application/n-triples"),
        ("kzgraph.nq", "application/n-quads"),
        ("kzgraph.trig", "application/trig"),
        ("kzgraph.jsonld", "application/ld+json"),
        ("kzgraph.rdf", "application/rdf+xml"),
        ("kzgraph.ttl.gz", "application/gzip"),
        ("graphs/entities.ttl", "text/turtle; charset=utf-8"),
        ("manifest.json", "application/json"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
    ],
)
def test_a_dump_has_its_media_type(url: str, name: str, content_type: str) -> None:
    reply = call(f"{url}/dumps/{name}", method="HEAD")
    assert (reply.status, reply.headers["Content-Type"]) == (200, content_type)
    assert int(reply.headers["Content-Length"]) > 0


def test_ranges_and_conditions_on_a_dump(url: str) -> None:
    address = f"{url}/dumps/kzgraph.nt"
    whole = call(address)
    part = call(address, Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.body)}"
    same = call(address, If_None_Match=whole.headers["ETag"])
    assert (same.status, same.body) == (304, b"")
    assert "Content-Type" not in same.headers  # A cache would take it for that of what it has.
    assert call(address, Range="bytes=999999999-").status == 416
    packed = call(f"{url}/dumps/kzgraph.nt.gz", Accept_Encoding="gzip").body
    assert gzip.decompress(packed) == whole.body


@pytest.mark.parametrize("name", ["kzgraph.nt", "SHA256SUMS"])
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"If_Match": "TAG"}, 206),
        ({"If_Match": "*"}, 206),
        ({"If_Match": '"other"'}, 412),
        ({"If_Match": "W/TAG"}, 412),
        ({"If_Range": "TAG"}, 206),
        ({"If_Range": '"other"'}, 200),
        ({"If_Range": "W/TAG"}, 200),
        ({"If_Range": "Thu, 26 Nov 2099 18:37:16 GMT"}, 200),
        ({"If_None_Match": "TAG"}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"other"'}, 206),
        # What came with another release may be older: it is told by its tag.
        ({"If_Modified_Since": "Thu, 26 Nov 2099 18:37:16 GMT"}, 206),
    ],
)
def test_conditions_on_a_range_of_a_dump(
    url: str, name: str, fields: dict[str, str], status: int
) -> None:
    address = f"{url}/dumps/{name}"
    whole = call(address)
    assert call(address, If_Match='"other"').status == 412
    sent = {field: value.replace("TAG", whole.headers["ETag"]) for field, value in fields.items()}
    reply = call(address, None, None, None, Range="bytes=10-19", **sent)
    assert reply.status == status
    if status < 300:
        assert reply.body == (whole.body[10:20] if status == 206 else whole.body)


@pytest.mark.parametrize(
    "name",
    ["../manifest.json", "..%2fmanifest.json", "graphs", "graphs/", "%2e%2e/store", "kzgraph",
     "/etc/passwd", "kzgraph.ttl%00"],
)  # fmt: skip
def test_only_files_of_the_release_are_sent(url: str, name: str) -> None:
    assert call(f"{url}/dumps/{name}").status in (400, 404)


def test_a_graph_leads_to_its_file(url: str) -> None:
    reply = call(f"{url}/graph/entities")
    assert (reply.status, reply.headers["Location"]) == (303, "/dumps/graphs/entities.ttl")
    assert call(f"{url}/graph/nothing").status == 404


def test_health_names_the_release(url: str) -> None:
    reply = call(f"{url}/health")
    assert reply.type == "application/json"
    manifest = json.loads(call(f"{url}/dumps/manifest.json").body)
    assert json.loads(reply.body) == {"status": "ok", "version": manifest["version"]}


def test_the_example_of_the_form_has_an_answer(url: str) -> None:
    reply = call(f"{url}/sparql", "text/csv", "POST", EXAMPLE.encode(),
                 Content_Type="application/sparql-query")  # fmt: skip
    assert len(reply.body.splitlines()) > 3


def test_the_example_of_the_form_mixes_nothing(url: str) -> None:
    """Each figure that it shows is of one quantity, one status and one unit."""
    query = (
        EXAMPLE.replace("SELECT ?scope ?group ?value", "SELECT DISTINCT ?quantity ?status ?unit")
        .replace(
            "?figure a",
            "?figure kzg:quantity ?quantity ; kzg:status ?status ; kzg:unit ?unit . ?figure a",
        )
        .replace("ORDER BY ?scope ?group", "")
    )
    reply = call(f"{url}/sparql", "text/csv", "POST", query.encode(),
                 Content_Type="application/sparql-query")  # fmt: skip
    (_, row) = reply.body.decode().splitlines()
    assert [each.rpartition("/")[2] for each in row.split(",")] == ["stock", "actual", "persons"]


def test_a_literal_is_no_thing(small: FrontClient) -> None:
    store = small.release.store
    store.add(Quad(NamedNode("http://a/b"), NamedNode("http://a/b"), Literal("thing/three")))
    assert small.get("/id/thing/three").status_code == 404


def test_every_example_that_ships_runs(url: str) -> None:
    page = Page(call(f"{url}/examples").body.decode())
    runs = [link for link in page.links if link.startswith("/sparql?")]
    for link in runs:
        assert call(url + link, "text/html").status == 200, link
    # Other endpoints are called only where the operator lists them.
    assert len(runs) == sum(not each.endpoints for each in read_examples())
