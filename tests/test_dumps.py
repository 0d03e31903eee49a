"""How the dumps are laid out, and what they refuse to hold."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from dump_reading import (
    FORMATS,
    LABEL,
    RDF,
    RDFS,
    TYPE,
    XSD,
    canonical,
    merged,
    read_by_oxigraph,
    read_by_rdflib,
)
from kzgraph.iri import BASE, graph, term, thing
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content, ContentFaults, check
from kzgraph.rdf.jsonld import JsonLdWriter
from kzgraph.rdf.rdfxml import rdf_xml
from kzgraph.rdf.turtle import TurtleWriter
from kzgraph.release.dumps import check_sums, compressed, write_dumps


def figure(name: str, value: Literal, graph_name: str = "overview-2022") -> list[Quad]:
    subject, where = thing("figure", "overview-2022", name), graph(graph_name)
    return [
        Quad(subject, TYPE, term("PopulationFigure"), where),
        Quad(subject, TYPE, NamedNode(PREFIXES["qb"] + "Observation"), where),
        Quad(subject, LABEL, Literal(f"Figure {name}", language="en"), where),
        Quad(subject, term("value"), value, where),
        Quad(subject, term("scope"), thing("country", "KAZ"), where),
        Quad(subject, term("time"), thing("time", "2018"), where),
        Quad(subject, term("year"), Literal(2018), where),
    ]


def integer(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "integer"))


def decimal(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "decimal"))


EXAMPLE = [
    *figure("b", decimal("10.03")),
    *figure("a", integer("588")),
    Quad(thing("country", "KAZ"), LABEL, Literal("Kazakhstan", language="en"), graph("entities")),
    Quad(thing("country", "KAZ"), LABEL, Literal("Казахстан", language="ru"), graph("entities")),
    Quad(thing("country", "KAZ"), LABEL, Literal("Қазақстан", language="kk"), graph("entities")),
    Quad(term("scope"), TYPE, NamedNode(PREFIXES["owl"] + "ObjectProperty"), graph("ontology")),
    Quad(term("note"), LABEL, Literal('Two\nlines and a "quote"'), graph("ontology")),
    Quad(BlankNode("ontology-1"), NamedNode(RDF + "first"), term("scope"), graph("ontology")),
]


def test_turtle_is_laid_out_to_be_read() -> None:
    assert TurtleWriter(Content(EXAMPLE), PREFIXES).merge().decode() == (
        '''@base <https://w3id.org/kzgraph/> .
@prefix kzg: <https://w3id.org/kzgraph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<id/country/KAZ> rdfs:label "Kazakhstan"@en, "Казахстан"@ru, "Қазақстан"@kk .

<id/figure/overview-2022/a> a qb:Observation, kzg:PopulationFigure ;
    rdfs:label "Figure a"@en ;
    kzg:scope <id/country/KAZ> ;
    kzg:time <id/time/2018> ;
    kzg:value 588 ;
    kzg:year 2018 .

<id/figure/overview-2022/b> a qb:Observation, kzg:PopulationFigure ;
    rdfs:label "Figure b"@en ;
    kzg:scope <id/country/KAZ> ;
    kzg:time <id/time/2018> ;
    kzg:value 10.03 ;
    kzg:year 2018 .

kzg:note rdfs:label """Two
lines and a "quote\\"""" .

kzg:scope a owl:ObjectProperty .

_:ontology-1 rdf:first kzg:scope .

'''
    )


def test_trig_holds_each_graph_in_braces_in_order() -> None:
    trig = TurtleWriter(Content(EXAMPLE), PREFIXES).data_set().decode()
    heads = [line for line in trig.splitlines() if line.endswith("{")]
    assert heads == ["<graph/entities> {", "<graph/ontology> {", "<graph/overview-2022> {"]


def test_a_graph_of_its_own_declares_only_the_prefixes_it_uses() -> None:
    found = TurtleWriter(Content(EXAMPLE), PREFIXES).graph("entities").decode()
    assert [line for line in found.splitlines() if line.startswith("@prefix")] == [
        f"@prefix rdfs: <{RDFS}> ."
    ]


def test_many_objects_take_a_line_each() -> None:
    data = [
        Quad(thing("a", "b"), term("concerns"), thing("organisation", f"organisation-{n}"), g)
        for n in range(4)
        for g in [graph("entities")]
    ]
    text = TurtleWriter(Content(data), PREFIXES).merge().decode()
    assert "kzg:concerns\n        <id/organisation/organisation-0>,\n        <id/" in text
    assert " \n" not in text


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        (integer("-12"), "-12"),
        (integer("007"), '"007"^^xsd:integer'),
        (integer("+7"), '"+7"^^xsd:integer'),
        (decimal("10.50"), "10.50"),
        (decimal("-0.0"), "-0.0"),
        (decimal("0.000001"), "0.000001"),
        (decimal("0.0000001"), '"0.0000001"^^xsd:decimal'),
        (decimal("0.0000000"), '"0.0000000"^^xsd:decimal'),
        (decimal("5"), '"5"^^xsd:decimal'),
        (decimal(".5"), '".5"^^xsd:decimal'),
        (Literal(True), "true"),
        (Literal("1", datatype=NamedNode(XSD + "boolean")), '"1"^^xsd:boolean'),
        (Literal("2018", datatype=NamedNode(XSD + "gYear")), '"2018"^^xsd:gYear'),
        (Literal("tab\there"), r'"tab\there"'),
    ],
)
def test_turtle_shortens_only_what_reads_back_alike(
    literal: Literal, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = [Quad(thing("a"), term("value"), literal, graph("entities"))]
    dump = TurtleWriter(Content(data), PREFIXES).merge()
    assert f"kzg:value {written} ." in dump.decode()
    with monkeypatch.context() as patched:
        patched.setattr(rdflib, "NORMALIZE_LITERALS", False)
        for read in (read_by_oxigraph, read_by_rdflib):
            assert canonical(read(dump, "ttl")) == merged(data)


def test_json_ld_is_compact_under_the_context_it_carries() -> None:
    document = json.loads(JsonLdWriter(Content(EXAMPLE), PREFIXES).data_set())
    graphs = {entry["id"]: entry["@graph"] for entry in document["@graph"]}
    assert graphs[BASE + "graph/overview-2022"][0] == {
        "id": "kzr:figure/overview-2022/a",
        "type": ["Observation", "PopulationFigure"],
        "label": {"@language": "en", "@value": "Figure a"},
        "scope": "kzr:country/KAZ",
        "time": "kzr:time/2018",
        "value": 588,
        "year": 2018,
    }
    value = {"@type": "xsd:decimal", "@value": "10.03"}
    assert graphs[BASE + "graph/overview-2022"][1]["value"] == value
    context = document["@context"]
    assert context["scope"] == {"@id": "kzg:scope", "@type": "@id"}
    assert context["year"] == {"@id": "kzg:year", "@type": "xsd:integer"}
    assert context["value"] == "kzg:value", "integers and decimals: nothing to coerce to"
    assert context["time"] == {"@id": "kzg:time", "@type": "@id"}


def test_json_ld_sorts_labels_by_language_where_all_have_one() -> None:
    tagged = [quad for quad in EXAMPLE if quad.subject != term("note")]
    document = json.loads(JsonLdWriter(Content(tagged), PREFIXES).data_set())
    assert document["@graph"][0]["@graph"][0]["label"] == {
        "en": "Kazakhstan",
        "kk": "Қазақстан",
        "ru": "Казахстан",
    }


def test_json_ld_keeps_a_coercion_where_two_vocabularies_share_a_name() -> None:
    data = [
        Quad(thing("a"), NamedNode(PREFIXES[prefix] + "subject"), thing("b"), graph("entities"))
        for prefix in ("dcterms", "rdf")
    ]
    document = json.loads(JsonLdWriter(Content(data), PREFIXES).data_set())
    node = {"id": "kzr:a", "dcterms:subject": "kzr:b", "rdf:subject": "kzr:b"}
    assert document["@graph"][0]["@graph"] == [node]
    for read in (read_by_oxigraph, read_by_rdflib):
        dump = JsonLdWriter(Content(data), PREFIXES).data_set()
        assert canonical(read(dump, "jsonld")) == canonical(data)


def test_the_context_of_its_own_is_the_one_that_is_carried() -> None:
    writer = JsonLdWriter(Content(EXAMPLE), PREFIXES)
    carried = json.loads(writer.data_set())["@context"]
    assert json.loads(writer.context()) == {"@context": carried}


def test_rdf_xml_refuses_a_property_without_a_name() -> None:
    odd = Quad(thing("a"), NamedNode("http://a.example/1"), thing("b"), graph("entities"))
    with pytest.raises(ContentFaults, match=r"http://a\.example/1"):
        rdf_xml(Content([odd]), PREFIXES)


def test_n_quads_are_what_oxigraph_writes_in_the_order_of_sort() -> None:
    content = Content(EXAMPLE)
    lines = content.n_quads.splitlines(keepends=True)
    written = serialize(content.quads, format=RdfFormat.N_QUADS)
    assert written is not None
    assert lines == sorted(written.splitlines(keepends=True))


def test_written_dumps_are_all_there_and_what_they_say_they_are(tmp_path: Path) -> None:
    files = write_dumps(Content(EXAMPLE), tmp_path, PREFIXES)
    names = {f"kzgraph.{suffix}" for suffix in FORMATS}
    names |= {f"graphs/{name}.ttl" for name in ("entities", "ontology", "overview-2022")}
    names |= {f"{name}.gz" for name in names} | {"context.jsonld"}
    assert {file.path for file in files} == {f"dumps/{name}" for name in names}
    for file in files:
        data = (tmp_path / file.path).read_bytes()
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        if file.compression:
            plain = (tmp_path / file.path.removesuffix(".gz")).read_bytes()
            assert gzip.decompress(data) == plain


def test_the_graphs_together_are_the_data_set(tmp_path: Path) -> None:
    files = write_dumps(Content(EXAMPLE), tmp_path, PREFIXES)
    found = [
        Quad(triple.subject, triple.predicate, triple.object, NamedNode(file.graph))
        for file in files
        if file.graph and not file.compression
        for triple in parse(path=tmp_path / file.path, format=RdfFormat.TURTLE)
    ]
    assert canonical(found) == canonical(EXAMPLE)


def test_compressed_bytes_name_no_time_no_file_and_no_system() -> None:
    packed = compressed(b"kzgraph" * 100)
    assert packed[:4] == b"\x1f\x8b\x08\x00", "no flags, so no name"
    assert packed[4:8] == bytes(4), "no time"
    assert packed[9] == 255, "no operating system"
    assert gzip.decompress(packed) == b"kzgraph" * 100


def test_sums_are_in_the_order_of_their_names() -> None:
    assert check_sums({"b": "2" * 64, "a/c": "1" * 64}) == (
        b"1" * 64 + b"  a/c\n" + b"2" * 64 + b"  b\n"
    )


ENTITY = Quad(thing("a"), term("kind"), thing("b"), graph("entities"))


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (
            Quad(thing("a"), term("kind"), thing("b"), graph("links")),
            r"<[^ ]*id/a> <[^ ]*#kind> <[^ ]*id/b> stands in two graphs, entities and links",
        ),
        (
            Quad(BlankNode("x"), term("kind"), thing("b"), graph("entities")),
            "_:x .* has a blank node in the graph entities",
        ),
        (
            Quad(thing("a"), term("kind"), BlankNode("x"), graph("overview-2022")),
            "_:x has a blank node in the graph overview-2022",
        ),
        (
            Quad(thing("a"), term("kind"), BlankNode("shared"), graph("shapes")),
            "_:shared stands in two graphs, ontology and shapes",
        ),
        (
            Quad(thing("a"), term("kind"), BlankNode("0x"), graph("shapes")),
            "_:0x cannot be written in RDF/XML",
        ),
        (Quad(thing("a"), term("kind"), thing("c")), "is no graph of ours"),
        (
            Quad(thing("a"), term("kind"), thing("c"), NamedNode("http://a.example/g")),
            "<http://a.example/g>, which is no graph of ours",
        ),
        (
            Quad(thing("a"), term("kind"), thing("c"), NamedNode(BASE + "graph/../a")),
            "which is no graph of ours",
        ),
        (
            Quad(thing("a"), LABEL, Literal("bell\a"), graph("entities")),
            "holds a control character",
        ),
    ],
)
def test_content_that_breaks_a_rule_is_refused(extra: Quad, said: str) -> None:
    sound = [
        ENTITY,
        Quad(BlankNode("shared"), term("kind"), thing("b"), graph("ontology")),
        Quad(BlankNode("own"), term("kind"), thing("b"), graph("shapes")),
    ]
    check(Content(sound))
    with pytest.raises(ContentFaults, match=said) as caught:
        check(Content([*sound, extra]))
    assert len(caught.value.faults) == 1


def test_a_triple_term_is_refused() -> None:
    stated = Triple(thing("a"), term("kind"), thing("b"))
    with pytest.raises(ContentFaults, match="triple term"):
        Content([Quad(thing("a"), term("kind"), stated, graph("entities"))])


def test_only_the_first_faults_are_spelled_out() -> None:
    error = ContentFaults(f"fault {n}" for n in range(30))
    assert len(error.faults) == 30
    assert str(error).splitlines()[-1] == "and 10 more"
