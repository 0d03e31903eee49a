"""The read side of the Graph Store Protocol: whole graphs, small and large, in every format."""

import gzip
from collections.abc import Iterable

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from description_fixtures import client, release
from front_client import FrontClient
from kzgraph.iri import BASE, GRAPH, graph
from kzgraph.rdf.formats import GRAPH_FORMATS, TRIPLE_FORMATS
from kzgraph.release import Release

__all__ = ["client", "release"]

TRIPLES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
QUADS = {"application/trig": RdfFormat.TRIG, "application/n-quads": RdfFormat.N_QUADS}
BY_NAME = {each.name: {**TRIPLES, **QUADS}[each.media_type] for each in GRAPH_FORMATS}

SELECT = "/sparql?query=SELECT(1%20AS%20?x){}"


def dataset(data: bytes, kind: RdfFormat) -> Dataset:
    """What `data` says, blank nodes renamed."""
    found = Dataset(parse(data, format=kind, base_iri=BASE))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


def stored(quads: Iterable[Quad]) -> Dataset:
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


@pytest.fixture(scope="module")
def graphs(release: Release) -> dict[str, Dataset]:
    """Each graph of the release by its name."""
    return {
        name: stored(
            Quad(*quad.triple)
            for quad in release.store.quads_for_pattern(None, None, None, graph(name))
        )
        for name in release.manifest["counts"]["graphs"]
    }


@pytest.mark.parametrize("media_type", [*TRIPLES, *QUADS])
def test_every_graph_of_the_release_comes_whole(
    client: FrontClient, graphs: dict[str, Dataset], media_type: str
) -> None:
    assert len(graphs) > 5
    for name, expected in graphs.items():
        node = graph(name)
        asked = {"graph": node.value}
        answer = client.get("/data", query_string=asked, headers={"Accept": media_type})
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert "Accept" in answer.headers["Vary"]
        found = dataset(answer.data, {**TRIPLES, **QUADS}[media_type])
        assert found == expected, name


@pytest.fixture(scope="module")
def union(release: Release) -> Dataset:
    return stored(Quad(*quad.triple) for quad in release.store)


@pytest.mark.parametrize("media_type", [*TRIPLES, *QUADS])
def test_the_default_graph_is_the_union_of_all(
    client: FrontClient, union: Dataset, media_type: str
) -> None:
    answers = [
        client.get(f"/data?{parameter}", headers={"Accept": media_type})
        for parameter in ("default", "default=")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    assert dataset(answers[0].data, {**TRIPLES, **QUADS}[media_type]) == union


def test_one_graph_has_one_set_of_bytes_per_format(client: FrontClient) -> None:
    for each in TRIPLE_FORMATS:
        dump = client.get(f"/dumps/graphs/ontology.{each.suffix}").data
        asked = {"graph": f"{GRAPH}ontology", "format": each.name}
        assert client.get("/data", query_string=asked).data == dump
        accept = {"Accept": each.media_type}
        assert client.get("/ontology", headers=accept).data == dump
        moved = client.get("/graph/ontology", headers=accept, follow_redirects=True)
        assert (moved.data, moved.mimetype) == (dump, each.media_type)
        whole = client.get(f"/data?default&format={each.name}").data
        assert whole == client.get(f"/dumps/kzgraph.{each.suffix}").data


@pytest.mark.parametrize("name", ["ontology", "shapes"])
def test_blank_nodes_have_the_same_labels_everywhere(client: FrontClient, name: str) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{GRAPH}{name}> {{ ?s ?p ?o }} }}"
    asked = client.get("/sparql", query_string={"query": query, "format": "nt"}).data
    assert asked == client.get(f"/dumps/graphs/{name}.nt").data
    assert b"_:" + name.encode() in asked


def test_large_graphs_come_compressed_to_those_who_take_it(client: FrontClient) -> None:
    plain = client.get("/data?default&format=nt")
    assert "Content-Encoding" not in plain.headers
    packed = client.get("/data?default&format=nt", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(packed.data) == plain.data
    for field in ("gzip;q=0.5, identity", "gzip;q=0", "br"):
        other = client.get("/data?default&format=nt", headers={"Accept-Encoding": field})
        assert (other.data, other.headers.get("Content-Encoding")) == (plain.data, None)
    ranged = {"Accept-Encoding": "gzip", "Range": "bytes=10-19"}
    part = client.get("/data?default&format=nt", headers=ranged)
    assert (part.status_code, part.data) == (206, plain.data[10:20])
    assert "Content-Encoding" not in part.headers


def test_tags_tell_representations_apart_and_are_honoured(client: FrontClient) -> None:
    tags = {}
    for each in GRAPH_FORMATS:
        address = f"/data?graph={GRAPH}entities&format={each.name}"
        tag = tags[each.name] = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert len(set(tags.values())) == len(GRAPH_FORMATS)


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("bytes=0-9", 206),
        ("bytes=-10", 206),
        ("Bytes=5-", 206),
        ("bytes=0-9,20-29", 200),
        ("bytes=0-9, -1", 200),
        ("lines=0-9", 200),
        ("bytes=nonsense", 200),
        ("bytes=999999999-", 416),
    ],
)
@pytest.mark.parametrize(
    "address", ["/dumps/graphs/entities.nt", f"/data?graph={GRAPH}entities&format=nt"]
)
def test_one_range_is_answered_and_several_get_the_whole(
    client: FrontClient, address: str, field: str, status: int
) -> None:
    whole = client.get(address).data
    answer = client.get(address, headers={"Range": field})
    assert answer.status_code == status
    if status == 200:
        assert answer.data == whole


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/data?default&format=nq", 'inline; filename="kzgraph.nq"'),
        (f"/data?graph={GRAPH}shapes&format=nt", 'inline; filename="kzgraph-shapes.nt"'),
        ("/ontology?format=rdf", 'inline; filename="kzgraph-ontology.rdf"'),
        ("/dumps/kzgraph.ttl", 'inline; filename="kzgraph.ttl"'),
        ("/dumps/kzgraph.ttl.gz", 'attachment; filename="kzgraph.ttl.gz"'),
        ("/dumps/graphs/shapes.nt", 'inline; filename="graphs-shapes.nt"'),
        ("/dumps/manifest.json", 'inline; filename="manifest.json"'),
        ("/data/country/KAZ.ttl", 'inline; filename="country-KAZ.ttl"'),
        ("/.well-known/void?format=nt", 'inline; filename="kzgraph-void.nt"'),
        ("/catalog?format=ttl", 'inline; filename="kzgraph-catalog.ttl"'),
        ("/sparql?format=ttl", 'inline; filename="kzgraph-service.ttl"'),
        ("/sparql?query=ASK{}&format=xml", 'inline; filename="kzgraph-result.xml"'),
        ("/sparql?query=SELECT*{}&format=csv-excel", 'inline; filename="kzgraph-result.csv"'),
        ("/sparql?query=ASK{}&format=html", 'inline; filename="kzgraph-result.html"'),
        ("/sparql?query=DESCRIBE<urn:a>&format=html", 'inline; filename="kzgraph-graph.html"'),
        ("/sparql?format=html", 'inline; filename="kzgraph-service.html"'),
        (f"{SELECT}&format=xlsx", 'attachment; filename="kzgraph-result.xlsx"'),
        (f"{SELECT}&format=parquet", 'attachment; filename="kzgraph-result.parquet"'),
        ("/sparql?query=DESCRIBE<urn:a>&format=nq", 'inline; filename="kzgraph-graph.nq"'),
    ],
)
def test_files_are_named(client: FrontClient, address: str, expected: str) -> None:
    assert client.get(address).headers["Content-Disposition"] == expected


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "once"),
        ("?graph=http://a.org&default", "once"),
        ("?graph=http://a.org&graph=http://b.org", "once"),
        ("?default&default", "once"),
        ("?graph=", "not an absolute IRI"),
        ("?graph=entities", "not an absolute IRI"),
        ("?graph=http://a%20b.org", "not an absolute IRI"),
        ("?graph=%3Cscript%3E", "not an absolute IRI"),
        ("?graphs=http://a.org", "once"),
    ],
)
def test_a_request_that_names_no_one_graph_is_400(
    client: FrontClient, query: str, reason: str
) -> None:
    answer = client.get(f"/data{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert reason in answer.json["detail"]


@pytest.mark.parametrize("name", [f"{GRAPH}none", f"{BASE}id/country/KAZ", "urn:x", "javascript:x"])
def test_an_unknown_graph_is_404(client: FrontClient, name: str) -> None:
    assert client.get("/data", query_string={"graph": name}).status_code == 404
    assert client.head("/data", query_string={"graph": name}).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("query", ["?default", f"?graph={GRAPH}entities", ""])
def test_nothing_can_be_written(client: FrontClient, method: str, query: str) -> None:
    answer = client.open(f"/data{query}", method=method, data=b"<urn:a> <urn:b> <urn:c> .")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_head_and_options_answer_without_a_body(client: FrontClient) -> None:
    head = client.head(f"/data?graph={GRAPH}entities", headers={"Accept": "application/trig"})
    assert (head.status_code, head.mimetype, head.data) == (200, "application/trig", b"")
    options = client.options("/data")
    assert options.status_code == 200
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_what_cannot_be_had_is_406_and_the_parameter_wins(client: FrontClient) -> None:
    address = f"/data?graph={GRAPH}entities"
    refused = client.get(address, headers={"Accept": "text/csv"})
    assert refused.status_code == 406
    assert {each["format"] for each in refused.get_json()["available"]} == set(BY_NAME)
    for each in GRAPH_FORMATS:
        answer = client.get(f"{address}&format={each.name}", headers={"Accept": "text/csv"})
        assert answer.mimetype == each.media_type


# --- the graphs that queries make

ODD = {
    "a triple term": "<urn:a> <urn:b> <<( <urn:c> <urn:d> <urn:e> )>>",
    "a direction": '<urn:a> <urn:b> "x"@ar--rtl',
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize(
    "media_type",
    ["text/turtle", "text/n3", "application/trig", "application/ld+json", "application/rdf+xml"],
)
def test_what_a_format_cannot_carry_is_406_with_the_reason(
    client: FrontClient, what: str, media_type: str
) -> None:
    asked = {"query": f"CONSTRUCT {{ {ODD[what]} }} WHERE {{}}"}
    answer = client.get("/sparql", query_string=asked, headers={"Accept": media_type})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert "format=nt" in answer.get_json()["detail"]
    whole = client.get("/sparql", query_string=asked | {"format": "nt"}).text
    assert whole == f"{ODD[what]} .\n"


@pytest.mark.parametrize(
    ("accept", "sent", "kind"),
    [
        ("application/n-quads", "application/n-quads", RdfFormat.N_QUADS),
        ("application/trig", "application/trig", RdfFormat.TRIG),
        ("text/n3", "text/n3; charset=utf-8", RdfFormat.N3),
        ("application/x-turtle", "application/x-turtle", RdfFormat.TURTLE),
    ],
)
def test_a_graph_is_had_in_the_formats_that_clients_ask_for(
    client: FrontClient, accept: str, sent: str, kind: RdfFormat
) -> None:
    asked = {"query": "CONSTRUCT WHERE { <id/country/KAZ> ?p ?o }"}
    answer = client.get("/sparql", query_string=asked, headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (200, sent)
    triples = client.get("/sparql", query_string=asked | {"format": "nt"}).data
    assert dataset(answer.data, kind) == dataset(triples, RdfFormat.N_TRIPLES)


@pytest.mark.parametrize(
    "address",
    [
        "/sparql?query=DESCRIBE<id/country/KAZ>&",
        "/data/country/KAZ.jsonld?",
        "/catalog?",
        "/ontology?",
        "/.well-known/void?",
        "/sparql?",
        f"/data?graph={GRAPH}entities&",
        "/data?default&",
    ],
)
def test_json_ld_is_compacted_under_the_context_of_the_project(
    client: FrontClient, address: str
) -> None:
    whole = client.get("/dumps/context.jsonld").get_json(force=True)["@context"]
    document = client.get(f"{address}format=jsonld").get_json(force=True)
    context = document["@context"]
    known = {"dcatap", "formats", "sd"}  # of descriptions alone
    assert all(whole[name] == value for name, value in context.items() if name not in known)
    assert all("id" in node for node in document["@graph"])
    assert not any(key.startswith("http") for node in document["@graph"] for key in node)
