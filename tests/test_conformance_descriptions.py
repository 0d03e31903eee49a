"""That each description is there for who asks for it; what they say has suites of its own.

In those rdflib reads each format, too (test_descriptions.py, test_build.py).
"""

from urllib.parse import quote

import pytest
import rdflib
from pyoxigraph import NamedNode
from rdflib.namespace import DCAT, VOID

from conformance import BROWSER, Site
from dump_reading import canonical, read_by_oxigraph
from kzgraph.namespaces import TYPE
from kzgraph.rdf.formats import TRIPLE_FORMATS

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
RDF_TYPES = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


SUFFIXES = {each.media_type: each.suffix for each in TRIPLE_FORMATS}


@pytest.fixture(scope="module")
def served(plain_site: Site) -> Site:
    return plain_site


@pytest.mark.parametrize("media_type", RDF_TYPES)
@pytest.mark.parametrize(
    ("target", "kind"),
    [("/sparql", SD.Service), ("/.well-known/void", VOID.Dataset), ("/catalog", DCAT.Catalog)],
)
def test_each_description_comes_in_every_format_of_rdf(
    served: Site, target: str, kind: rdflib.URIRef, media_type: str
) -> None:
    reply = served.get(target, media_type)
    assert (reply.status, reply.type) == (200, media_type)
    quads = read_by_oxigraph(reply.body, SUFFIXES[media_type])
    assert any((quad.predicate, quad.object) == (TYPE, NamedNode(kind)) for quad in quads)
    assert canonical(quads) == canonical(read_by_oxigraph(served.get(target).body, "ttl"))


def test_the_service_description_states_the_union_and_every_graph(served: Site) -> None:
    graph = rdflib.Graph().parse(data=served.get("/sparql", "text/turtle").body)
    assert (None, SD.feature, SD.UnionDefaultGraph) in graph
    names = {str(name) for name in graph.objects(None, SD.name)}
    asked = served.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").column
    assert names == set(asked)
    # Every format that is stated is one in which something is answered.
    stated = {
        str(each)
        for each in graph.objects(None, rdflib.URIRef("http://www.w3.org/ns/formats/media_type"))
    }
    assert {"text/csv", "application/sparql-results+json", "text/turtle"} <= stated
    for media_type in stated:
        statuses = {
            served.ask(query, media_type).status
            for query in ("SELECT (1 AS ?x) {}", "CONSTRUCT {} WHERE {}")
        }
        assert 200 in statuses, media_type


def test_crawlers_find_their_files(served: Site) -> None:
    assert b"Sitemap:" in served.get("/robots.txt").body
    index = served.get("/sitemap.xml")
    assert index.type in ("application/xml", "text/xml")
    assert b"<sitemapindex" in index.body
    assert b"<urlset" in served.get("/sitemap-1.xml").body


@pytest.mark.parametrize(
    ("accept", "place"),
    [(None, "/data/country/KAZ.ttl"), ("application/rdf+xml", "/data/country/KAZ.rdf"),
     ("application/ld+json", "/data/country/KAZ.jsonld"), (BROWSER, "/page/country/KAZ")],
)  # fmt: skip
def test_a_thing_is_found_by_303(served: Site, accept: str | None, place: str) -> None:
    reply = served.get("/id/country/KAZ", accept)
    assert (reply.status, reply.headers["Location"]) == (303, place)
    assert "Accept" in reply.headers["Vary"]
    assert served.get(place).status == 200


def test_every_iri_of_the_data_under_our_base_is_found(served: Site) -> None:
    """A sample, spread over all of them; none is 404."""
    query = """SELECT DISTINCT ?i {
        { ?i ?p ?o } UNION { ?s ?i ?o } UNION { ?s ?p ?i }
        FILTER(ISIRI(?i) && STRSTARTS(STR(?i), "https://w3id.org/kzgraph/"))
    } ORDER BY ?i"""
    found = served.ask(query).column
    assert len(found) > 2000
    for iri in found[:: len(found) // 150]:
        path = quote(iri.removeprefix("https://w3id.org/kzgraph").partition("#")[0], safe="/-~")
        assert served.get(path).status in (200, 303), iri


@pytest.mark.parametrize(
    "path",
    ["/id/country/XXX", "/id/", "/id//evil.example", "/id/%2f%2fevil.example", "/id/\\evil.example",
     "//evil.example/id/country/KAZ", "/id/country/KAZ%0d%0aLocation:%20http://evil.example",
     "/id/https://evil.example/", "/graph///evil.example", "//", "/////", "/dumps//",
     "/static/style.css//", "//sparql"],
)  # fmt: skip
def test_nothing_unknown_is_found_and_nobody_is_sent_elsewhere(served: Site, path: str) -> None:
    reply = served.get(path)
    assert reply.status == 404
    assert "Location" not in reply.headers


def test_the_ontology_is_a_page_or_rdf(served: Site) -> None:
    assert served.get("/ontology", BROWSER).type == "text/html"
    for media_type, name in RDF_TYPES.items():
        graph = rdflib.Graph().parse(data=served.get("/ontology", media_type).body, format=name)
        term = rdflib.URIRef("https://w3id.org/kzgraph/ontology#PopulationFigure")
        assert (term, None, None) in graph


@pytest.mark.parametrize("target", ["/", "/page/country/KAZ", "/data/country/KAZ.ttl", "/sparql"])
def test_links_lead_on(served: Site, target: str) -> None:
    links = ", ".join(served.get(target).headers.get_all("Link") or [])
    assert 'rel="license"' in links
    assert "rel=" in links.replace('rel="license"', "")
