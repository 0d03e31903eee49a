"""How each format of a graph is written, and what it refuses to carry."""

import json
from collections.abc import Iterable

import pytest
import rdflib
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from dump_reading import canonical, merged, read_by_oxigraph, read_by_rdflib
from kzgraph.iri import BASE, graph, term, thing
from kzgraph.namespaces import DCT, OWL, RDF, RDFS, SKOS, TYPE, XSD
from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.rdf.formats import (
    GRAPH_FORMATS,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    TRIG,
    TURTLE,
    Format,
)
from kzgraph.rdf.graph_writer import (
    graph_bytes,
    label_blank_nodes,
    reading_order,
    trig,
    write_graph,
)
from kzgraph.rdf.jsonld import context_document


def integer(text: str) -> Literal:
    return Literal(text, datatype=XSD["integer"])


def decimal(text: str) -> Literal:
    return Literal(text, datatype=XSD["decimal"])


def figure(name: str, value: Literal) -> list[Triple]:
    subject = thing("figure", "overview", name)
    return [
        Triple(subject, term("year"), Literal(2018)),
        Triple(subject, term("value"), value),
        Triple(subject, RDFS["label"], Literal(f"Figure {name}", language="en")),
        Triple(subject, term("scope"), thing("country", "KAZ")),
        Triple(subject, TYPE, term("PopulationFigure")),
    ]


EXAMPLE = [
    *figure("b", decimal("10.03")),
    *figure("a", integer("588")),
    Triple(BlankNode("ontology-1"), RDF["first"], term("scope")),
    Triple(thing("country", "KAZ"), RDFS["label"], Literal("Казахстан", language="ru")),
    Triple(thing("country", "KAZ"), RDFS["label"], Literal("Kazakhstan", language="en")),
    Triple(thing("country", "KAZ", "x"), RDFS["label"], Literal("Below", language="en")),
]


def test_turtle_is_in_the_order_of_reading() -> None:
    text = graph_bytes(EXAMPLE, TURTLE).decode()
    head, _, body = text.partition("@prefix schema: <https://schema.org/> .\n")
    assert head.count("@prefix") == len(PREFIXES) - 1
    assert body == (
        'kzr:country\\/KAZ rdfs:label "Kazakhstan"@en , "Казахстан"@ru .\n'
        'kzr:country\\/KAZ\\/x rdfs:label "Below"@en .\n'
        "kzr:figure\\/overview\\/a a kzg:PopulationFigure ;\n"
        '\trdfs:label "Figure a"@en ;\n'
        "\tkzg:scope kzr:country\\/KAZ ;\n"
        "\tkzg:value 588 ;\n"
        "\tkzg:year 2018 .\n"
        "kzr:figure\\/overview\\/b a kzg:PopulationFigure ;\n"
        '\trdfs:label "Figure b"@en ;\n'
        "\tkzg:scope kzr:country\\/KAZ ;\n"
        "\tkzg:value 10.03 ;\n"
        "\tkzg:year 2018 .\n"
        "_:ontology-1 rdf:first kzg:scope .\n"
    )


def test_the_style_does_not_depend_on_the_size() -> None:
    many = [Triple(thing("many", str(n)), term("value"), Literal(n)) for n in range(30_000)]
    text = graph_bytes(reversed(many), TURTLE).decode()
    lines = text.splitlines()[len(PREFIXES) :]
    assert lines == sorted(lines)
    assert lines[0] == "kzr:many\\/0 kzg:value 0 ."


@pytest.mark.parametrize("chosen", GRAPH_FORMATS)
def test_neither_order_nor_repetition_changes_a_byte(chosen: Format) -> None:
    assert graph_bytes([*reversed(EXAMPLE), *EXAMPLE], chosen) == graph_bytes(EXAMPLE, chosen)


@pytest.mark.parametrize(("quads", "triples"), [(TRIG, TURTLE), (N_QUADS, N_TRIPLES)])
def test_a_graph_in_a_format_of_quads_is_the_default_graph(quads: Format, triples: Format) -> None:
    assert graph_bytes(EXAMPLE, quads) == graph_bytes(EXAMPLE, triples)


def test_trig_holds_each_graph_in_braces_in_order() -> None:
    quads = [
        Quad(each.subject, each.predicate, each.object, graph(name))
        for name in ("ontology", "entities")
        for each in EXAMPLE[:2]
    ]
    text = trig(sorted(quads, key=reading_order)).decode()
    heads = [line for line in text.splitlines() if line.endswith("{")]
    assert heads == [f"<{BASE}graph/entities> {{", f"<{BASE}graph/ontology> {{"]


def test_lines_are_in_the_order_of_sort() -> None:
    lines = graph_bytes(EXAMPLE, N_TRIPLES).splitlines()
    assert lines == sorted(lines)


# --- JSON-LD


def nodes(triples: Iterable[Triple]) -> dict[str, dict[str, object]]:
    document = json.loads(graph_bytes(triples, JSON_LD))
    return {node["id"]: node for node in document["@graph"]}


def test_json_ld_is_compact_under_the_context_of_the_project() -> None:
    found = nodes(EXAMPLE)
    assert found["kzr:figure/overview/a"] == {
        "id": "kzr:figure/overview/a",
        "type": "PopulationFigure",
        "label": {"en": "Figure a"},
        "scope": "kzr:country/KAZ",
        "value": 588,
        "year": 2018,
    }
    value = {"@type": "xsd:decimal", "@value": "10.03"}
    assert found["kzr:figure/overview/b"]["value"] == value
    assert found["kzr:country/KAZ"]["label"] == {"en": "Kazakhstan", "ru": "Казахстан"}
    assert found["_:ontology-1"]["rdf:first"] == {"id": "kzg:scope"}


def test_what_a_document_uses_of_the_context_stands_in_it_as_in_the_whole() -> None:
    whole = json.loads(context_document())["@context"]
    carried = json.loads(graph_bytes(EXAMPLE, JSON_LD))["@context"]
    assert carried.items() <= whole.items()
    assert carried["scope"] == {"@id": "kzg:scope", "@type": "@id"}
    assert carried["label"] == {"@id": "rdfs:label", "@container": "@language"}
    assert carried["year"] == "kzg:year"
    assert whole["gYear"] == {"@id": "kzg:gYear", "@type": "xsd:gYear"}
    assert "partner" not in carried
    assert "partner" in whole


#: Values that a property's coercion is not made for, each beside one that it is.
UNUSUAL: dict[NamedNode, list[NamedNode | BlankNode | Literal]] = {
    term("scope"): [thing("country", "KAZ"), Literal("kzr:country/KAZ"), integer("5")],
    term("gYear"): [Literal("2018", datatype=XSD["gYear"]), integer("2018"), Literal("2018")],
    term("year"): [integer("2018"), integer("02018"), decimal("2018"), Literal("2018")],
    RDFS["label"]: [Literal("a", language="en"), Literal("a"), thing("a"), Literal(True)],
    SKOS["notation"]: [Literal("a", language="en"), Literal("a"), Literal("a", datatype=XSD["x"])],
    TYPE: [term("Figure"), NamedNode("urn:x"), BlankNode("b1"), Literal("no class")],
    DCT["date"]: [Literal("2018-01-01", datatype=XSD["date"]), Literal("2018-01-01")],
    NamedNode("http://a.example/1"): [integer("9007199254740993"), integer("1" * 5000)],
}


@pytest.mark.parametrize("predicate", UNUSUAL, ids=str)
def test_a_value_that_does_not_fit_its_coercion_is_not_read_as_another(
    predicate: NamedNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    triples = [Triple(thing("a"), predicate, value) for value in UNUSUAL[predicate]]
    dump = graph_bytes(triples, JSON_LD)
    wanted = merged(Quad(each.subject, each.predicate, each.object) for each in triples)
    assert canonical(read_by_oxigraph(dump, "jsonld")) == wanted
    assert canonical(read_by_rdflib(dump, "jsonld")) == wanted


@pytest.mark.parametrize("scheme", ["kzr", "org", "scope", "Figure", "id", "http"])
def test_no_scheme_is_taken_for_a_prefix_or_a_term(scheme: str) -> None:
    odd = NamedNode(f"{scheme}:country/KAZ")
    triples = [
        Triple(odd, term("scope"), thing("country", "KAZ")),
        Triple(thing("a"), TYPE, term("Figure")),
        Triple(thing("a"), NamedNode(PREFIXES["org"] + "member"), odd),
    ]
    dump = graph_bytes(triples, JSON_LD)
    wanted = merged(Quad(each.subject, each.predicate, each.object) for each in triples)
    assert canonical(read_by_oxigraph(dump, "jsonld")) == wanted
    assert canonical(read_by_rdflib(dump, "jsonld")) == wanted


def test_a_plain_reader_finds_the_triples_of_json_ld() -> None:
    assert len(rdflib.Graph().parse(data=graph_bytes(EXAMPLE, JSON_LD), format="json-ld")) == 14


# --- what formats cannot carry

STATED = Triple(thing("a"), term("states"), Triple(thing("a"), term("kind"), thing("b")))
DIRECTED = Triple(
    thing("a"), RDFS["label"], Literal("نص", language="ar", direction=BaseDirection.RTL)
)


@pytest.mark.parametrize("chosen", [TURTLE, TRIG, JSON_LD, RDF_XML])
@pytest.mark.parametrize(
    ("odd", "reason"), [(STATED, "triple about a triple"), (DIRECTED, "direction")]
)
def test_what_rdf_1_1_does_not_know_is_refused_with_the_reason(
    chosen: Format, odd: Triple, reason: str
) -> None:
    with pytest.raises(Problem, match=reason) as refused:
        graph_bytes([*EXAMPLE, odd], chosen)
    assert refused.value.status == 406
    assert chosen.title in refused.value.detail
    assert "format=nt" in refused.value.detail


@pytest.mark.parametrize("chosen", [N_TRIPLES, N_QUADS])
@pytest.mark.parametrize("odd", [STATED, DIRECTED])
def test_formats_of_lines_carry_every_triple(chosen: Format, odd: Triple) -> None:
    (found,) = parse(graph_bytes([odd], chosen), format=RdfFormat.N_QUADS)
    assert found.triple == odd


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (term("value"), Literal("a\x01b")),
        (term("value"), Literal("\ufffe")),
        (NamedNode("http://example.org/1"), Literal("x")),
        (RDF["li"], Literal("x")),
        (NamedNode("http://www.w3.org/2000/xmlns/a"), Literal("x")),
        (NamedNode("http://www.w3.org/XML/1998/namespacelang"), Literal("x")),
        (term("value"), BlankNode("8f")),
    ],
)
def test_what_xml_cannot_hold_is_refused_before_the_first_byte(
    predicate: NamedNode, value: Literal
) -> None:
    class Nothing:
        def write(self, data: bytes) -> int:
            pytest.fail("something was written")

        def flush(self) -> None:
            pytest.fail("something was written")

    odd = Triple(thing("a"), predicate, value)
    with pytest.raises(Problem) as refused:
        write_graph([*EXAMPLE, odd], RDF_XML, Nothing())
    assert refused.value.status == 406
    for other in (TURTLE, JSON_LD):
        assert graph_bytes([odd], other)


def test_rdf_xml_holds_whatever_is_hard_to_write() -> None:
    subject = NamedNode("http://x.org/?a=1&b='2'")
    triples = [
        Triple(subject, term("value"), Literal("<&>\"'\r\n\t]]>\\ \U0001f600")),
        Triple(subject, NamedNode("http://example.org/поле"), Literal("слово", language="ru")),
        Triple(subject, term("value"), Literal("1", datatype=NamedNode("http://x.org/?a=1&b=2"))),
        Triple(subject, TYPE, NamedNode("http://example.org/time/2014--")),
        Triple(BlankNode("b8"), RDF["_1"], BlankNode("a0")),
    ]
    for read in (read_by_oxigraph, read_by_rdflib):
        found = canonical(read(graph_bytes(triples, RDF_XML), "rdf"))
        assert found == merged(Quad(*each) for each in triples)


def test_the_stores_own_rdf_xml_is_still_not_fit_to_be_used() -> None:
    """When this fails, `kzgraph.rdf.rdfxml` can go."""
    triple = Triple(thing("a"), TYPE, NamedNode("http://example.org/time/2014--"))
    text = Triple(thing("a"), term("value"), Literal("a\rb"))
    assert b"<oxprefix" in (serialize([triple], format=RdfFormat.RDF_XML) or b"") or (
        b"a\rb" in (serialize([text], format=RdfFormat.RDF_XML) or b"")
    )


def test_made_up_labels_become_names_and_those_of_a_release_stay() -> None:
    made, own = BlankNode("8f3a"), BlankNode("ontology-c14n7")
    triples = [Triple(made, OWL["sameAs"], own), Triple(own, OWL["sameAs"], made)]
    b0 = BlankNode("b0")
    assert list(label_blank_nodes(triples)) == [
        Triple(b0, OWL["sameAs"], own),
        Triple(own, OWL["sameAs"], b0),
    ]
