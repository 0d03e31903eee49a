"""How the dumps are laid out, and what they refuse to hold."""

import gzip
import hashlib
from pathlib import Path

import pytest
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

from dump_reading import FORMATS, canonical, merged
from kzgraph.iri import BASE, graph, term, thing
from kzgraph.namespaces import OWL, RDF, RDFS, TYPE, XSD
from kzgraph.rdf.content import Content, ContentFaults, check
from kzgraph.release.dumps import check_sums, gzip_bytes, write_dumps


def figure(name: str, value: Literal, graph_name: str = "overview") -> list[Quad]:
    subject, where = thing("figure", "overview", name), graph(graph_name)
    return [
        Quad(subject, TYPE, term("PopulationFigure"), where),
        Quad(subject, LABEL, Literal(f"Figure {name}", language="en"), where),
        Quad(subject, term("value"), value, where),
    ]


LABEL = RDFS["label"]
OF_TRIPLES = ("ttl", "nt", "jsonld", "rdf")
EXAMPLE = [
    *figure("b", Literal("10.03", datatype=XSD["decimal"])),
    *figure("a", Literal(588)),
    Quad(thing("country", "KAZ"), LABEL, Literal("Kazakhstan", language="en"), graph("entities")),
    Quad(term("scope"), TYPE, OWL["ObjectProperty"], graph("ontology")),
    Quad(BlankNode("ontology-1"), RDF["first"], term("scope"), graph("ontology")),
]


def test_n_quads_are_what_oxigraph_writes_in_the_order_of_sort() -> None:
    content = Content(EXAMPLE)
    lines = content.n_quads.splitlines(keepends=True)
    written = serialize(content.quads, format=RdfFormat.N_QUADS)
    assert written is not None
    assert lines == sorted(written.splitlines(keepends=True))


def test_written_dumps_are_all_there_and_what_they_say_they_are(tmp_path: Path) -> None:
    files = write_dumps(Content(EXAMPLE), tmp_path)
    names = {f"kzgraph.{suffix}" for suffix in FORMATS}
    graphs = ("entities", "ontology", "overview")
    names |= {f"graphs/{name}.{suffix}" for name in graphs for suffix in OF_TRIPLES}
    names |= {f"{name}.gz" for name in names} | {"context.jsonld"}
    assert {file.path for file in files} == {f"dumps/{name}" for name in names}
    for file in files:
        data = (tmp_path / file.path).read_bytes()
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        if file.compression:
            plain = (tmp_path / file.path.removesuffix(".gz")).read_bytes()
            assert gzip.decompress(data) == plain


@pytest.mark.parametrize("suffix", OF_TRIPLES)
def test_the_graphs_together_are_the_data_set(tmp_path: Path, suffix: str) -> None:
    files = write_dumps(Content(EXAMPLE), tmp_path)
    found = [
        Quad(triple.subject, triple.predicate, triple.object, NamedNode(file.graph))
        for file in files
        if file.graph and file.path.endswith(suffix)
        for triple in parse(path=tmp_path / file.path, format=FORMATS[suffix])
    ]
    assert canonical(found) == canonical(EXAMPLE)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_whole_is_a_graph_or_a_data_set_as_its_format_is(tmp_path: Path, suffix: str) -> None:
    write_dumps(Content(EXAMPLE), tmp_path)
    found = parse(path=tmp_path / "dumps" / f"kzgraph.{suffix}", format=FORMATS[suffix])
    expected = merged(EXAMPLE) if suffix in OF_TRIPLES else canonical(EXAMPLE)
    assert canonical(found) == expected


def test_compressed_bytes_name_no_time_no_file_and_no_system() -> None:
    packed = gzip_bytes(b"kzgraph" * 100)
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
            r"<[^ ]*id/a> <[^ ]*#kind> <[^ ]*id/b> is in two graphs, entities and links",
        ),
        (
            Quad(BlankNode("x"), term("kind"), thing("b"), graph("entities")),
            "_:x .* has a blank node in the graph entities",
        ),
        (
            Quad(thing("a"), term("kind"), BlankNode("x"), graph("overview")),
            "_:x has a blank node in the graph overview",
        ),
        (
            Quad(thing("a"), term("kind"), BlankNode("shared"), graph("shapes")),
            "_:shared is in two graphs, ontology and shapes",
        ),
        (
            Quad(thing("a"), term("kind"), BlankNode("0x"), graph("shapes")),
            "_:0x cannot be written in RDF/XML",
        ),
        (Quad(thing("a"), term("kind"), thing("c")), "is not a graph of the project"),
        (
            Quad(thing("a"), term("kind"), thing("c"), NamedNode("http://a.example/g")),
            "<http://a.example/g>, which is not a graph of the project",
        ),
        (
            Quad(thing("a"), term("kind"), thing("c"), NamedNode(BASE + "graph/../a")),
            "which is not a graph of the project",
        ),
        (
            Quad(thing("a"), LABEL, Literal("bell\a"), graph("entities")),
            "holds a control character",
        ),
        (
            Quad(thing("a"), NamedNode("http://a.example/1"), thing("b"), graph("entities")),
            "http://a.example/1> does not end in a name",
        ),
        (
            Quad(thing("a"), term("kind"), Triple(*ENTITY.triple), graph("entities")),
            "triple about a triple",
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


def test_only_the_first_faults_are_spelled_out() -> None:
    error = ContentFaults(f"fault {n}" for n in range(30))
    assert len(error.faults) == 30
    assert str(error).splitlines()[-1] == "and 10 more"
