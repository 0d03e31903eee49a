"""Every format gives back the data set it was made of, whatever that is, in any parser."""

import string
from random import Random

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
)

from dump_reading import (
    OF_QUADS,
    canonical,
    every_dump,
    merged,
    read_by_oxigraph,
    read_by_rdflib,
)
from kzgraph.iri import BASE, graph, term
from kzgraph.namespaces import TYPE, XSD
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content
from kzgraph.rdf.formats import RDF_XML, TRIPLE_FORMATS
from kzgraph.rdf.graph_writer import graph_bytes, trig


@pytest.fixture(autouse=True)
def _lexical_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have rdflib keep the lexical forms it reads: they are what is compared."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


# What XML can hold; the other formats are tried with everything below.
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t\"'\\<>&"),
    max_size=12,
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    st.sampled_from("\"'\\\n\r\t\b\f\0\x7fa"), max_size=8
)
LOCAL_NAMES = st.text(
    st.sampled_from(string.ascii_letters + string.digits + "_-.:é·\u0301қ"), max_size=6
)
AWKWARD = st.sampled_from(
    ["", "a/b", "a.", ".a", "-a", "1a", "a%20b", "a;b", "a,b", "a(b)", "~a", "a'b", "a@b", "//a"]
)
NAMESPACES = st.sampled_from(
    [*PREFIXES.values(), BASE, BASE + "graph/", "http://a.example/", "urn:x:", "time:", "kzg:"]
)


def _valid(iri: str) -> bool:
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


IRIS = st.builds(str.__add__, NAMESPACES, LOCAL_NAMES | AWKWARD).filter(_valid).map(
    NamedNode
) | st.builds(
    lambda path: NamedNode(BASE + "id/" + path),
    st.sampled_from(
        ["country/KAZ", "time/2014--", "evidence/a/1-2", "x", "..", "a/../b", "#x", "a#b"]
    ),
)
# As a release has them: unreserved characters and slashes.
PLAIN_IRIS = st.builds(
    str.__add__,
    st.sampled_from([*PREFIXES.values(), BASE, BASE + "id/", "urn:x:", "time:", "kzg:"]),
    st.sampled_from(["country/KAZ", "time/2014--", "evidence/a/1-2", "x", "a.b_c", "1a", "label"]),
).map(NamedNode)
# The properties of RDF/XML are elements, so they need a name that XML allows.
PROPERTIES = st.builds(
    lambda namespace, name: NamedNode(namespace + name),
    st.sampled_from([*PREFIXES.values(), "http://a.example/"]),
    st.sampled_from(["a", "label", "value", "time", "id", "b-c", "d.e", "dcterms", "http", "қ"]),
)
BLANK_NODES = st.sampled_from(["a", "b1", "list-2"]).map(BlankNode)
NUMBERS = st.builds(
    lambda text, name: Literal(text, datatype=XSD[name]),
    st.sampled_from(
        [
            *("0", "-0", "7", "+7", "007", "-12", "1.0", "1.50", ".5", "5.", "-0.0", "1e3"),
            *("0.00000000001", "9007199254740991", "9007199254740992", "true", "false", "1"),
            *("INF", "2024-01-01", ""),
        ]
    ),
    st.sampled_from(["integer", "decimal", "boolean", "double", "date", "nonNegativeInteger"]),
)


# In the form that the store gives to what it holds.
CANONICAL = st.builds(
    lambda text, name: Literal(text, datatype=XSD[name]),
    st.sampled_from(["0", "7", "-12", "9007199254740991", "9007199254740992"]),
    st.sampled_from(["integer", "nonNegativeInteger"]),
) | st.sampled_from(["1.5", "-0.25", "0.000001"]).map(
    lambda text: Literal(text, datatype=XSD["decimal"])
)


def literals(
    text: st.SearchStrategy[str], numbers: st.SearchStrategy[Literal]
) -> st.SearchStrategy[Literal]:
    return (
        text.map(Literal)
        | st.builds(
            lambda value, language: Literal(value, language=language),
            text,
            st.sampled_from(["en", "ru", "kk", "zh-hant"]),
        )
        | st.builds(
            lambda value, datatype: Literal(value, datatype=datatype),
            text,
            st.sampled_from([term("odd"), XSD["anyURI"]]),
        )
        | numbers
    )


def quads(
    text: st.SearchStrategy[str],
    iris: st.SearchStrategy[NamedNode] = IRIS,
    numbers: st.SearchStrategy[Literal] = NUMBERS,
) -> st.SearchStrategy[list[Quad]]:
    subjects = iris | BLANK_NODES
    named = st.sampled_from(["ontology", "shapes", "overview"]).map(graph)
    types = st.builds(Quad, subjects, st.just(TYPE), subjects, named)
    others = st.builds(Quad, subjects, PROPERTIES, literals(text, numbers) | subjects, named)
    return st.lists(types | others, min_size=1, max_size=12)


@given(quads(XML_TEXT))
@settings(max_examples=150, deadline=None)
def test_every_format_gives_the_data_set_back_in_oxigraph(data: list[Quad]) -> None:
    for suffix, dump in every_dump(Content(data)).items():
        found = read_by_oxigraph(dump, suffix)
        expected = canonical(data) if suffix in OF_QUADS else merged(data)
        assert canonical(found) == expected, (suffix, dump.decode())


# rdflib 7.6 reads bare numbers by their value (`01` as 1, `0.0000001` as 1E-7), and takes some
# escapes of local names, such as `kzr:\\.\\.`, for syntax errors.
@given(quads(XML_TEXT, PLAIN_IRIS, CANONICAL))
@settings(max_examples=100, deadline=None)
def test_what_a_release_can_hold_comes_back_from_every_format_in_rdflib(data: list[Quad]) -> None:
    for suffix, dump in every_dump(Content(data)).items():
        found = read_by_rdflib(dump, suffix)
        expected = canonical(data) if suffix in OF_QUADS else merged(data)
        assert canonical(found) == expected, (suffix, dump.decode())


@given(quads(ANY_TEXT))
@settings(max_examples=150, deadline=None)
def test_what_xml_cannot_hold_comes_back_from_every_other_format(data: list[Quad]) -> None:
    content = Content(data)
    triples = [quad.triple for quad in data]
    dumps = {each.suffix: graph_bytes(triples, each) for each in TRIPLE_FORMATS if each != RDF_XML}
    for suffix, dump in dumps.items():
        assert canonical(read_by_oxigraph(dump, suffix)) == merged(data), (suffix, dump.decode())
        if suffix != "ttl":
            assert canonical(read_by_rdflib(dump, suffix)) == merged(data), (suffix, dump.decode())
    assert canonical(read_by_oxigraph(trig(content.quads), "trig")) == canonical(data)
    for read in (read_by_oxigraph, read_by_rdflib):
        assert canonical(read(content.n_quads, "nq")) == canonical(data)


@given(quads(XML_TEXT), st.randoms())
@settings(max_examples=50, deadline=None)
def test_the_order_in_which_quads_come_changes_nothing(data: list[Quad], random: Random) -> None:
    shuffled = data * 2
    random.shuffle(shuffled)
    assert every_dump(Content(shuffled)) == every_dump(Content(data))
