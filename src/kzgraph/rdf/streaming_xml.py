"""RDF/XML, one description at a time, for graphs too large to be sorted and grouped.

https://www.w3.org/TR/rdf-syntax-grammar/

The store's own serialiser is not used: it makes elements of classes whose IRIs end in no XML name,
and lets carriage returns be read as line feeds.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kzgraph.problem import Problem
from kzgraph.rdf.names import BASE_CHARS, RDF_NAMESPACE, XSD_NAMESPACE

# The longest end of an IRI that can name an element: https://www.w3.org/TR/xml-names/#NT-NCName
_NAME = re.compile(
    rf"[A-Za-z_{BASE_CHARS}][A-Za-z0-9_.{BASE_CHARS}\u00b7\u0300-\u036f\u203f\u2040-]*\Z"
)
# What RDF/XML reads in a way of its own: https://www.w3.org/TR/rdf-syntax-grammar/#coreSyntaxTerms
_RESERVED = frozenset(
    RDF_NAMESPACE + name
    for name in (
        *("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_IN_ATTRIBUTE = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def xml_pieces(quads: Iterable[Quad]) -> Iterator[bytes]:
    """The triples of `quads` as a document; neighbours with one subject share a description.

    Raises:
        Problem: 406, at a triple that RDF/XML cannot hold.
    """
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<rdf:RDF xmlns:rdf="{RDF_NAMESPACE}">\n'.encode()
    names: dict[str, tuple[str, str]] = {}
    for subject, group in groupby(quads, key=lambda quad: quad.subject):
        lines = [f"<rdf:Description {_node('about', subject)}>\n"]
        for quad in group:
            iri = quad.predicate.value
            if iri not in names:
                names[iri] = _element(iri)
            namespace, name = names[iri]
            lines.append(f'  <{name} xmlns="{namespace}"{_value(quad.object, name)}\n')
        lines.append("</rdf:Description>\n")
        yield "".join(lines).encode()
    yield b"</rdf:RDF>\n"


def _element(iri: str) -> tuple[str, str]:
    found = _NAME.search(iri)
    if found is None or iri in _RESERVED:
        raise Problem(406, f"The property {iri[:200]} cannot be written in RDF/XML.")
    return escape(iri[: found.start()], _IN_ATTRIBUTE), found.group()


def _value(term: object, name: str) -> str:
    """What follows an element's name and namespace."""
    if not isinstance(term, Literal):
        return f" {_node('resource', term)}/>"
    if _NOT_IN_XML.search(term.value):
        raise Problem(406, "A value holds a control character, which XML cannot express.")
    text = escape(term.value, {"\r": "&#13;"}) + f"</{name}>"
    if term.language:
        return f' xml:lang="{term.language}">{text}'
    if term.datatype.value == XSD_NAMESPACE + "string":
        return f">{text}"
    return f' rdf:datatype="{escape(term.datatype.value, _IN_ATTRIBUTE)}">{text}'


def _node(attribute: str, term: object) -> str:
    if isinstance(term, BlankNode):
        return f'rdf:nodeID="{term.value}"'
    if isinstance(term, NamedNode):
        return f'rdf:{attribute}="{escape(term.value, _IN_ATTRIBUTE)}"'
    raise Problem(406, "A triple about a triple cannot be written in RDF/XML.")
