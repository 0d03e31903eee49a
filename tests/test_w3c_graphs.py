"""The graphs of the W3C's tests, and harder ones: read rightly, written so that they come back.

https://w3c.github.io/rdf-tests/rdf/rdf11/
"""

import io
import re
from collections.abc import Iterable
from xml.etree.ElementTree import canonicalize

import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from dump_reading import canonical, merged, read_by_oxigraph, read_by_rdflib
from hard_graphs import GRAPHS
from kzgraph.iri import graph
from kzgraph.problem import Problem
from kzgraph.sparql.evaluation import evaluate
from kzgraph.sparql.job import Job
from w3c_deviations import DIFFERS, PASSES, Outcome, check
from w3c_suite import EVALUATION, PARSING, RDF, READING, Test, name_of, parameters

NESTING = 100
FORMATS = ("ttl", "nt", "jsonld", "rdf", "trig", "nq")
XML_LITERAL = NamedNode(RDF + "XMLLiteral")

#: https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What an IRI ends with that can be the name of an element: https://www.w3.org/TR/xml-names/.
_START = "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
_START += "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_NAME = re.compile(f"[{_START}][{_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]*$")
#: https://www.w3.org/TR/rdf-syntax-grammar/#propertyElementURIs, and the namespaces of XML itself.
_RESERVED = re.compile(
    re.escape(RDF)
    + "(RDF|ID|about|parseType|resource|nodeID|datatype|Description|aboutEach|aboutEachPrefix"
    "|bagID|li)|http://www.w3.org/2000/xmlns/.*|http://www.w3.org/XML/1998/namespace.*"
)


@pytest.fixture(autouse=True)
def _lexical_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have rdflib keep the lexical forms it reads: they are what is compared."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def read(test: Test) -> list[Quad]:
    """What the file of a test says."""
    format = RdfFormat.from_extension(test.source.suffix[1:])
    return list(parse(path=str(test.source), format=format, base_iri=test.address))


@pytest.mark.parametrize("test", parameters(READING))
def test_a_file_says_what_the_suite_says(test: Test) -> None:
    format = RdfFormat.from_extension(test.result.suffix[1:])
    expected, got = list(parse(path=str(test.result), format=format)), read(test)
    outcome = PASSES
    if canonical(expected) != canonical(got):
        same = canonical(map(plain, expected)) == canonical(map(plain, got))
        outcome = Outcome(DIFFERS if same else "wrong", f"{got} instead of {expected}")
    check(test.id, outcome)


def plain(quad: Quad) -> Quad:
    """`quad` with an XML literal in canonical form: https://www.w3.org/TR/xml-c14n."""
    value = quad.object
    if isinstance(value, Literal) and value.datatype == XML_LITERAL:
        value = Literal(canonicalize(f"<x>{value.value}</x>"), datatype=XML_LITERAL)
    return Quad(quad.subject, quad.predicate, value, quad.graph_name)


@pytest.mark.parametrize("test", parameters(PARSING))
def test_a_file_is_taken_or_refused(test: Test) -> None:
    outcome = PASSES
    try:
        read(test)
    except SyntaxError as error:
        if "Positive" in test.kind:
            outcome = Outcome("wrong", str(error))
    else:
        if "Negative" in test.kind:
            outcome = Outcome("wrong", "it is taken")
    check(test.id, outcome)


@pytest.mark.parametrize("test", parameters(READING))
def test_a_graph_of_the_suite_comes_back_from_each_format(test: Test) -> None:
    come_back(read(test))


@pytest.mark.parametrize("test", parameters(EVALUATION))
def test_the_data_of_a_query_comes_back_from_each_format(test: Test) -> None:
    for file in {*test.default_graph, *test.named_graphs}:
        format = RdfFormat.from_extension(file.suffix[1:])
        come_back(parse(path=str(file), format=format, base_iri=name_of(file)))


@pytest.mark.parametrize("name", GRAPHS)
def test_a_hard_graph_comes_back_from_each_format(name: str) -> None:
    come_back(GRAPHS[name])


def come_back(quads: Iterable[Quad]) -> None:
    """Have quads written in each format, read by two parsers, and compared."""
    store = Store()
    store.extend(map(in_a_named_graph, quads))
    # What the store made of the numbers is a matter of the store's, and in the list.
    data = set(store)
    for format in FORMATS:
        try:
            written = write(store, format)
        except Problem as problem:
            assert problem.status == 406
            assert format == "rdf" and not fits_xml(data), f"{format} is refused: {problem}"
            continue
        for reader in (read_by_oxigraph, read_by_rdflib):
            try:
                found = comparable(reader(written, format))
            except Exception as error:  # of whatever kind the reader has
                found = [f"nothing: {error!r}"]
            if found != comparable(data):
                shown = "\n".join([written.decode(), *found])
                pytest.fail(
                    f"{reader.__name__} reads otherwise, in {format}: {shown}", pytrace=False
                )


def write(store: Store, format: str) -> bytes:
    """All the graphs of a store in one."""
    out = io.BytesIO()
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    evaluate(Job(query, (), (), (format,), 30), store, NESTING).write(out)
    return out.getvalue()


def in_a_named_graph(quad: Quad) -> Quad:
    """`quad` in a graph that has an IRI, as each of a release has."""
    name = quad.graph_name
    if isinstance(name, DefaultGraph):
        name = graph("default")
    elif isinstance(name, BlankNode):
        name = graph(f"blank-{name.value}")
    return Quad(quad.subject, quad.predicate, quad.object, name)


def comparable(quads: Iterable[Quad]) -> list[str]:
    """The triples in an order; with language tags as rdflib writes all of them."""
    return merged(map(with_lower_tag, quads))


def with_lower_tag(quad: Quad) -> Quad:
    """`quad` with its language tag in lower case: https://www.rfc-editor.org/rfc/rfc5646#section-2.1.1."""
    value = quad.object
    if isinstance(value, Literal) and value.language:
        value = Literal(value.value, language=value.language.lower())
    return Quad(quad.subject, quad.predicate, value, quad.graph_name)


def fits_xml(quads: Iterable[Quad]) -> bool:
    """Whether RDF/XML has a way to write all of `quads`."""
    return not any(
        _NOT_IN_XML.search(getattr(quad.object, "value", ""))
        or _RESERVED.fullmatch(quad.predicate.value)
        or not _NAME.search(quad.predicate.value)
        for quad in quads
    )
