"""What pages and crawlers get of the descriptions, and that no value in the data breaks them."""

import json
import re
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from rdflib import Graph

from description_fixtures import DESCRIPTIONS, FORMATS, PUBLIC, client, description, release, select
from front_client import FrontClient
from kzgraph.iri import BASE, ID
from kzgraph.release import Release
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.descriptions.sitemap import divide, index
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease

__all__ = ["client", "release"]

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

# A link-value with quoted parameters: https://www.rfc-editor.org/rfc/rfc8288#section-3
LINK = re.compile(r'<([^<>"\s]*)>((?:; [a-z]+="[^"]*")+)')

#: What would break out of HTML, XML, Turtle or a header field, and links to other data sets.
HOSTILE = """
GRAPH <graph/metadata> {
  <id/dataset/kzgraph> dcterms:title "</script><script>alert(1)</script> & \\"x\\" ]]>"@en ;
    dcterms:description "<!-- <b>it's</b> \\u2028 & more -->"@en ;
    dcterms:creator <id/agent/x> .
  <id/agent/x> foaf:name "<i>\\\\ </i>" .
}
GRAPH <http://elsewhere.example/graph#1> {
  <id/country/XXX> a schema:Country ; schema:identifier "<x>" ; rdfs:label "<u>Here</u>"@en .
  <id/operation/x> kzg:area <id/country/XXX> ; a kzg:Operation .
  <id/country/XXX> owl:sameAs <http://www.wikidata.org/entity/Q1>,
    <http://www.wikidata.org/entity/Q2>, <https://sws.geonames.org/1/>,
    <urn:isbn:1> ;
    skos:exactMatch <http://www.wikidata.org/entity/Q1>, <id/country/YYY> ;
    rdfs:seeAlso <https://example.org/page> .
  <id/fact/x> kzg:statedIn <id/document/x> ; kzg:year 2020, 99999999999999999999, "soon", 2021.5 .
  <id/thing/a&b> <http://example.org/2> "x" ; a <http://example.org/1/>, <urn:x> .
}
"""


@pytest.fixture
def hostile(tmp_path: Path) -> FrontClient:
    """A client of a release full of what no build would let pass."""
    documents = [{"iri": f"{ID}document/x", "title": "<s>", "slug": "x"}]
    made = SmallRelease(tmp_path, manifest={"documents": documents}).load(HOSTILE)
    return FrontClient(made, Settings(public_url=PUBLIC))


@pytest.fixture
def empty(tmp_path: Path) -> FrontClient:
    """A client of a release of nothing."""
    return FrontClient(SmallRelease(tmp_path), Settings(public_url=PUBLIC))


def block(html: str) -> dict[str, Any]:
    """The one block of data in a page."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("path", ["/", "/catalog"])
def test_the_page_tells_search_engines_of_the_data_set(
    client: FrontClient, release: Release, path: str
) -> None:
    found = block(client.get(path, headers={"Accept": "text/html"}).text)
    assert (found["@context"], found["@type"]) == ("https://schema.org/", "Dataset")
    assert 50 <= len(found["description"]) <= 5000
    assert found["version"] == release.version
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["temporalCoverage"] == "2014/2024"
    assert {"@type": "Country", "name": "Kazakhstan", "identifier": "KAZ"}.items() <= next(
        each for each in found["spatialCoverage"] if each["@id"] == f"{ID}country/KAZ"
    ).items()
    for each in found["distribution"]:
        sent = client.get(each["contentUrl"].removeprefix(PUBLIC))
        assert each["contentSize"] == f"{len(sent.data)} B"
        assert each["encodingFormat"] == sent.mimetype
    assert len(found["isBasedOn"]) == 3
    assert "sameAs" not in found  # Its own address says nothing that "@id" does not.
    assert {"беженцы", "босқындар", "refugees"} <= set(found["keywords"])
    measured = {each["propertyID"].rpartition("/")[2]: each for each in found["variableMeasured"]}
    assert {"stock", "naturalisation", "budget", "expenditure"} <= set(measured)
    assert measured["budget"]["name"] and measured["budget"]["description"].endswith(".")


def test_other_pages_carry_no_block_and_the_policy_is_as_strict_as_ever(
    client: FrontClient,
) -> None:
    for path in ("/", "/catalog", "/sparql", "/ontology", "/examples", "/dumps/"):
        answer = client.get(path, headers={"Accept": "text/html"})
        scripts = re.findall(r"<script[^>]*>", answer.text)
        blocks = scripts.count('<script type="application/ld+json">')
        assert blocks == (path in ("/", "/catalog"))
        # Nothing in a page runs: a script is data, or a file of this host.
        sound = re.compile(r'<script type="(?:application/(?:ld\+)?json"|module" src="/kz/static/)')
        assert all(map(sound.match, scripts)), path
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "script-src 'self'; " in policy
        assert "unsafe" not in policy


def test_crawlers_are_kept_from_what_has_no_end(client: FrontClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    path = urlsplit(PUBLIC).path
    assert {f"Disallow: {path}/sparql?", f"Disallow: {path}/data?"} <= set(lines)
    assert {f"Disallow: {path}/*browse/*?", f"Disallow: {path}/*browse/table/"} <= set(lines)
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in lines


def locations(document: bytes, root: str, member: str) -> list[str]:
    tree = ElementTree.fromstring(document)  # noqa: S314 - our own
    assert tree.tag == MAP + root
    assert {child.tag for child in tree} <= {MAP + member}
    return [child.findtext(f"{MAP}loc", "") for child in tree]


def test_the_sitemap_lists_the_page_of_every_thing(client: FrontClient, release: Release) -> None:
    maps = locations(client.get("/sitemap.xml").data, "sitemapindex", "sitemap")
    listed = []
    for each in maps:
        answer = client.get(each.removeprefix(PUBLIC))
        assert answer.mimetype == "application/xml"
        listed += locations(answer.data, "urlset", "url")
    assert len(listed) == len(set(listed))
    things = {str(quad.subject)[1:-1] for quad in release.store}
    pages = {
        f"{PUBLIC}/page/{iri.removeprefix(ID)}"
        for iri in things
        # Evidence is shown with its fact, an official figure with its table.
        if iri.startswith(ID)
        and not iri.startswith((f"{ID}evidence/", f"{ID}selector/", f"{ID}official/"))
    }
    assert len(pages) > 500
    assert pages < set(listed)
    lists = {each for each in listed if each.startswith(f"{PUBLIC}/browse/")}
    assert {f"{PUBLIC}/browse/class/Pledge", f"{PUBLIC}/browse/scheme/quantity"} < lists
    assert {each for each in listed if "/official/" in each or "/table/" in each} == set()
    some = [*sorted(set(listed) - pages - lists), *sorted(lists)[::15], *sorted(pages)[::40]]
    for each in some:
        answer = client.get(each.removeprefix(PUBLIC), headers={"Accept": "text/html"})
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), each
    assert client.get("/sitemap-2.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_many_addresses_fill_several_sitemaps() -> None:
    addresses = [f"https://example.org/?a={n}&b=<{n}>" for n in range(120_001)]
    found = divide(addresses)
    listed = []
    for part in map(zlib.decompress, found):
        assert len(part) < 50_000_000
        listed.append(locations(part, "urlset", "url"))
    assert [len(part) for part in listed] == [50_000, 50_000, 20_001]
    assert [address for part in listed for address in part] == addresses
    maps = locations(index(3, Addresses("https://a.org/x/")), "sitemapindex", "sitemap")
    assert maps == [f"https://a.org/x/sitemap-{n}.xml" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/catalog",
        "/sparql",
        "/sparql?query=ASK%20{}",
        "/ontology",
        "/examples",
        "/dumps/",
        "/dumps/kzgraph.nt",
        "/id/country/KAZ",
        "/page/country/KAZ",
        "/data/country/KAZ.ttl",
        f"/data?graph={BASE}graph/editorial",
    ],
)
def test_link_fields_name_licence_and_description(client: FrontClient, path: str) -> None:
    answer = client.get(path)
    links = {}
    for value in answer.headers.getlist("Link"):
        match = LINK.fullmatch(value)
        assert match, value
        parameters = dict(re.findall(r'; ([a-z]+)="([^"]*)"', match[2]))
        links[match[1]] = parameters
        if not match[1].startswith(("https://creativecommons.org/", ID)):
            target = client.get(match[1])
            assert target.status_code == 200, match[1]
            assert target.mimetype == parameters.get("type", target.mimetype)
    assert links["https://creativecommons.org/licenses/by/4.0/"] == {"rel": "license"}
    assert links[f"{urlsplit(PUBLIC).path}/.well-known/void"] == {"rel": "describedby"}


@pytest.mark.parametrize("path", [*DESCRIPTIONS, "/ontology", "/page/country/KAZ"])
def test_link_fields_name_the_other_formats(client: FrontClient, path: str) -> None:
    answer = client.get(path)
    kinds = set()
    for value in answer.headers.getlist("Link"):
        if 'rel="alternate"' in value:
            kinds.add(value.partition('type="')[2].rstrip('"'))
    # Comunica prefers these to the slower JSON-LD, and looks for them here alone.
    more = {"application/n-quads", "application/trig"} if path == "/sparql" else set()
    expected = {media_type for media_type, _ in FORMATS.values()} | more
    assert kinds == expected - {answer.mimetype}


def test_a_refusal_claims_no_licence(client: FrontClient) -> None:
    assert "Link" not in client.get("/data").headers
    assert "Link" not in client.get("/health").headers


@pytest.mark.parametrize("path", DESCRIPTIONS)
@pytest.mark.parametrize("name", FORMATS)
def test_no_value_in_the_data_breaks_a_description(
    hostile: FrontClient, path: str, name: str
) -> None:
    graph = description(hostile, path, name)
    assert set(graph) == set(description(hostile, path))
    titles = select(graph, f"SELECT ?t {{ <{ID}dataset/kzgraph> dct:title ?t }}")
    assert titles == {('</script><script>alert(1)</script> & "x" ]]>',)} or path == "/sparql"


@pytest.mark.parametrize("path", ["/", "/catalog"])
def test_no_value_in_the_data_breaks_out_of_the_block_in_a_page(
    hostile: FrontClient, path: str
) -> None:
    answer = hostile.get(path, headers={"Accept": "text/html"})
    # The others are those of the pages, where they were built.
    built = len(re.findall('<script type="module" src="[^"]*/static/built/', answer.text))
    assert answer.text.count("<script") == 1 + built
    assert answer.text.count("</script>") == 1 + built
    assert "<!-- " not in answer.text
    assert "<u>" not in answer.text
    found = block(answer.text)
    assert found["name"] == '</script><script>alert(1)</script> & "x" ]]>'
    assert found["temporalCoverage"] == "2020/2020"


def test_links_to_other_data_sets_make_linksets(hostile: FrontClient) -> None:
    found = description(hostile, "/.well-known/void")
    rows = select(
        found,
        """SELECT ?p ?space ?n { ?dataset void:subset ?set . ?set a void:Linkset ;
           void:subjectsTarget ?dataset ; void:linkPredicate ?p ; void:triples ?n ;
           void:objectsTarget [ void:uriSpace ?space ] }""",
    )
    wikidata, geonames = "http://www.wikidata.org/entity/", "https://sws.geonames.org/"
    same, match = "http://www.w3.org/2002/07/owl#sameAs", "http://www.w3.org/2004/02/skos/core#"
    assert rows == {
        (same, wikidata, "2"),
        (same, geonames, "1"),
        (f"{match}exactMatch", wikidata, "1"),
    }


@pytest.mark.parametrize("path", [*DESCRIPTIONS, "/", "/catalog?format=html", "/sitemap.xml"])
def test_a_release_of_nothing_is_described_all_the_same(empty: FrontClient, path: str) -> None:
    answer = empty.get(path)
    assert answer.status_code == 200
    if answer.mimetype == "text/turtle":
        assert len(Graph().parse(data=answer.data)) > 5
