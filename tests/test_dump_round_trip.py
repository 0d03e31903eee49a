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
    TYPE,
    XSD,
    canonical,
    every_dump,
    merged,
    read_by_oxigraph,
    read_by_rdflib,
)
from kzgraph.iri import BASE, graph, term
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content
from kzgraph.rdf.jsonld import JsonLdWriter
from kzgraph.rdf.turtle import TurtleWriter


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
# The properties of RDF/XML are elements, so they need a name that XML allows.
PROPERTIES = st.builds(
    lambda namespace, name: NamedNode(namespace + name),
    st.sampled_from([*PREFIXES.values(), "http://a.example/"]),
    st.sampled_from(["a", "label", "value", "time", "id", "b-c", "d.e", "dcterms", "http", "қ"]),
)
BLANK_NODES = st.sampled_from(["a", "b1", "list-2"]).map(BlankNode)
NUMBERS = st.builds(
    lambda text, name: Literal(text, datatype=NamedNode(XSD + name)),
    st.sampled_from(
        [
            *("0", "-0", "7", "+7", "007", "-12", "1.0", "1.50", ".5", "5.", "-0.0", "1e3"),
            *("0.00000000001", "9007199254740991", "9007199254740992", "true", "false", "1"),
            *("INF", "2024-01-01", ""),
        ]
    ),
    st.sampled_from(["integer", "decimal", "boolean", "double", "date", "nonNegativeInteger"]),
)


def literals(text: st.SearchStrategy[str]) -> st.SearchStrategy[Literal]:
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
            st.sampled_from([term("odd"), NamedNode(XSD + "anyURI")]),
        )
        | NUMBERS
    )


def quads(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[Quad]]:
    subjects = IRIS | BLANK_NODES
    named = st.sampled_from(["ontology", "shapes", "overview-2022"]).map(graph)
    types = st.builds(Quad, subjects, st.just(TYPE), IRIS | BLANK_NODES, named)
    others = st.builds(Quad, subjects, PROPERTIES, literals(text) | subjects, named)
    return st.lists(types | others, min_size=1, max_size=12)


@given(quads(XML_TEXT))
@settings(max_examples=150, deadline=None)
def test_every_format_gives_the_data_set_back_in_oxigraph(data: list[Quad]) -> None:
    for suffix, dump in every_dump(Content(data)).items():
        found = read_by_oxigraph(dump, suffix)
        expected = canonical(data) if suffix in OF_QUADS else merged(data)
        assert canonical(found) == expected, (suffix, dump.decode())


@given(quads(XML_TEXT))
@settings(max_examples=100, deadline=None)
def test_every_format_gives_the_data_set_back_in_rdflib(data: list[Quad]) -> None:
    for suffix, dump in every_dump(Content(data)).items():
        found = read_by_rdflib(dump, suffix)
        expected = canonical(data) if suffix in OF_QUADS else merged(data)
        assert canonical(found) == expected, (suffix, dump.decode())


@given(quads(ANY_TEXT))
@settings(max_examples=150, deadline=None)
def test_what_xml_cannot_hold_comes_back_from_every_other_format(data: list[Quad]) -> None:
    content = Content(data)
    turtle = TurtleWriter(content, PREFIXES)
    for read in (read_by_oxigraph, read_by_rdflib):
        assert canonical(read(turtle.merge(), "ttl")) == merged(data)
        assert canonical(read(turtle.data_set(), "trig")) == canonical(data)
        assert canonical(read(content.n_quads, "nq")) == canonical(data)
        assert canonical(read(content.n_triples, "nt")) == merged(data)
        json_ld = JsonLdWriter(content, PREFIXES).data_set()
        assert canonical(read(json_ld, "jsonld")) == canonical(data)


@given(quads(XML_TEXT), st.randoms())
@settings(max_examples=50, deadline=None)
def test_the_order_in_which_quads_come_changes_nothing(data: list[Quad], random: Random) -> None:
    shuffled = data * 2
    random.shuffle(shuffled)
    assert every_dump(Content(shuffled)) == every_dump(Content(data))
