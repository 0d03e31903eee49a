"""The read side of the Graph Store Protocol: whole graphs, small and large, in every format."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)
from rdflib import Graph

from description_fixtures import client, release
from front_client import FrontClient
from kzgraph.iri import BASE, GRAPH, graph, term, thing
from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.rdf.formats import WHOLE_GRAPH_FORMATS
from kzgraph.rdf.graph_writer import write_quads, write_whole
from kzgraph.release import Release
from server_fixtures import SmallRelease

__all__ = ["client", "release"]

TRIPLES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
QUADS = {"application/trig": RdfFormat.TRIG, "application/n-quads": RdfFormat.N_QUADS}
BY_NAME = {each.name: {**TRIPLES, **QUADS}[each.media_type] for each in WHOLE_GRAPH_FORMATS}

LARGE = graph("large")
#: More than are held back before the first byte is sent.
MANY = 50_000


def dataset(data: bytes, kind: RdfFormat, name: NamedNode | None = None) -> Dataset:
    """What `data` says, blank nodes renamed; triples stand in the graph `name`."""
    found = Dataset(
        Quad(each.subject, each.predicate, each.object, name) if name is not None else each
        for each in parse(data, format=kind, base_iri=BASE)
    )
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


def stored(quads: Iterator[Quad]) -> Dataset:
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> SmallRelease:
    """A graph too large to be written before it is sent, with whatever is hard to write."""
    made = SmallRelease(tmp_path_factory.mktemp("large"))
    name, odd = term("value"), NamedNode("http://example.org/ns/поле")
    kind = NamedNode(PREFIXES["rdf"] + "type")
    hard = [
        Quad(thing("odd"), name, Literal("<&>\"'\r\n\t]]>\\ \U0001f600"), LARGE),
        Quad(thing("odd"), name, Literal("слово", language="ru"), LARGE),
        Quad(thing("odd"), odd, Literal("1", datatype=NamedNode("http://x.org/?a=1&b='2'")), LARGE),
        Quad(thing("odd"), kind, NamedNode("http://example.org/time/2014--"), LARGE),
        Quad(BlankNode("8f"), name, BlankNode("a0"), LARGE),
        Quad(NamedNode("http://x.org/?a=1&b=2"), name, NamedNode("http://x.org/'é"), LARGE),
    ]
    made.store.extend(hard)
    made.store.bulk_extend(
        Quad(thing("many", str(n // 3)), name, Literal(n), LARGE) for n in range(MANY)
    )
    made.store.add(Quad(thing("odd"), name, Literal(1), graph("small")))
    return made


@pytest.mark.parametrize("media_type", [*TRIPLES, *QUADS])
def test_every_graph_of_the_release_comes_whole(
    client: FrontClient, release: Release, media_type: str
) -> None:
    names = sorted(release.manifest["counts"]["graphs"])
    assert len(names) > 5
    for name in names:
        node = graph(name)
        asked = {"graph": node.value}
        answer = client.get("/data", query_string=asked, headers={"Accept": media_type})
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert "Accept" in answer.headers["Vary"]
        quads = release.store.quads_for_pattern(None, None, None, node)
        kind = {**TRIPLES, **QUADS}[media_type]
        found = dataset(answer.data, kind, node if media_type in TRIPLES else None)
        assert found == stored(quads), name


@pytest.mark.parametrize("media_type", TRIPLES)
def test_the_default_graph_is_the_union_of_all(
    client: FrontClient, release: Release, media_type: str
) -> None:
    for parameter in ("default", "default="):
        answer = client.get(f"/data?{parameter}", headers={"Accept": media_type})
        assert answer.status_code == 200
        found = dataset(answer.data, TRIPLES[media_type])
        union = (Quad(*quad.triple) for quad in release.store)
        assert found == stored(union)


@pytest.mark.parametrize("media_type", QUADS)
def test_formats_of_quads_say_in_which_graph_each_triple_stands(
    client: FrontClient, release: Release, media_type: str
) -> None:
    answer = client.get("/data?default", headers={"Accept": media_type})
    assert dataset(answer.data, QUADS[media_type]) == stored(iter(release.store))


def test_a_small_graph_is_written_to_be_read(client: FrontClient) -> None:
    text = client.get("/data", query_string={"graph": f"{GRAPH}entities"}).text
    assert text.startswith(f"@base <{BASE}> .\n@prefix ")
    assert "\n<id/country/KAZ> a schema:Country" in text
    assert len(Graph().parse(data=text)) > 100


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
    for each in WHOLE_GRAPH_FORMATS:
        answer = client.get(f"{address}&format={each.name}", headers={"Accept": "text/csv"})
        assert answer.mimetype == each.media_type


class Pieces:
    """An output that keeps what is written to it, piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass


@pytest.mark.parametrize("name", BY_NAME)
def test_a_large_graph_comes_in_pieces_and_whole(large: SmallRelease, name: str) -> None:
    out = Pieces()
    write_whole(large.store, LARGE, name, PREFIXES, out)
    assert len(out.pieces) > 5
    assert max(map(len, out.pieces)) < 1_000_000
    kind = BY_NAME[name]
    found = dataset(b"".join(out.pieces), kind, LARGE if kind in TRIPLES.values() else None)
    assert found == stored(large.store.quads_for_pattern(None, None, None, LARGE))


@pytest.mark.parametrize("name", BY_NAME)
def test_writing_goes_along_with_reading(name: str) -> None:
    """Else a large graph would have to fit into memory."""
    out = Pieces()
    most = 0

    def quads() -> Iterator[Quad]:
        nonlocal most
        for number in range(MANY):
            yield Quad(thing("many", str(number)), term("value"), Literal(number), LARGE)
            written = sum(map(len, out.pieces[-1:]))
            most = max(most, number) if not written else most

    write_quads(quads(), name, PREFIXES, out)
    assert most < MANY / 2


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (term("value"), Literal("a\x01b")),
        (NamedNode("http://example.org/1"), Literal("x")),
        (NamedNode(PREFIXES["rdf"] + "li"), Literal("x")),
    ],
)
def test_what_xml_cannot_hold_never_ends_like_a_whole_graph(
    tmp_path: Path, predicate: NamedNode, value: Literal
) -> None:
    bad = Quad(thing("zzz"), predicate, value, LARGE)
    few = Store()
    few.add(bad)
    with pytest.raises(Problem) as refused:
        write_whole(few, LARGE, "rdf", PREFIXES, Pieces())
    assert refused.value.status == 406
    many = SmallRelease(tmp_path).store
    many.bulk_extend(
        [bad, *(Quad(thing("many", str(n)), term("value"), Literal(n), LARGE) for n in range(MANY))]
    )
    received = Pieces()
    with pytest.raises(Problem):
        write_whole(many, LARGE, "rdf", PREFIXES, received)
    assert b"</rdf:RDF>" not in b"".join(received.pieces)
    # Other formats hold it all.
    turtle = Pieces()
    write_whole(many, LARGE, "ttl", PREFIXES, turtle)
    found = parse(b"".join(turtle.pieces), format=RdfFormat.TURTLE)
    assert sum(1 for _ in found) == MANY + 1
