"""Graphs that are easily written so that they do not come back, named by what is hard."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kzgraph.iri import graph
from kzgraph.prefixes import PREFIXES

RDF, XSD = PREFIXES["rdf"], PREFIXES["xsd"]
_GRAPH = graph("hard")
_S, _P = NamedNode("http://a.example/s"), NamedNode("http://a.example/p")
_TYPE, _FIRST, _REST = (NamedNode(RDF + name) for name in ("type", "first", "rest"))
_NIL, _LIST = NamedNode(RDF + "nil"), NamedNode(RDF + "List")

_Node = NamedNode | BlankNode
_Triple = tuple[_Node, NamedNode, _Node | Literal]

#: Names that are words of RDF/XML, which no property element can have, and such that are not.
_WORDS = "li ID about parseType resource nodeID datatype RDF Description bagID value _1 Alt"

#: Characters and sequences that a syntax escapes, drops or changes.
_TEXTS = [
    *("", " a ", "\t", "\n", "\r", "\r\n", "a\r", "\x00", "\x0b", "\x7f", "\x80", "\x85", "\u2028"),
    *("\ufeff", "\ufffd", "\ufffe", "\ud7ff", "\ue000", "\U0010ffff", "e\u0301", "\u200f"),
    *("]]>", "<a>&amp;", "'\"", '"""', 'a"', "\\", "\\n", "ends\\", "@en", "^^", "_:b", "{}"),
]
#: Literals whose lexical form could be taken for a short form, or lost in one.
_TYPED = {
    "integer": ["-0", "+1", "007", "", "1 ", "abc", "99999999999999999999999"],
    "decimal": ["1.", ".5", "-0.0", "1.50", "1e3", "0.001"],
    "double": ["1e0", "1E400", "INF", "NaN", "-0.0", "1.5E300", "1e21", "0.1", "1", "1.0", "true"],
    "float": ["1.0", "1e-7"],
    "boolean": ["1", "TRUE", "true", "no"],
    "date": ["2018-13-01", "2018-01-01Z"],
    "gYear": ["2018"],
    "nonNegativeInteger": ["5", "-5"],
    "anyURI": ["<a/>", ""],
}
_RDF_TYPED = {
    "XMLLiteral": ["<a>b</a>", "<a", "&"],
    "HTML": ["<b>unclosed"],
    "JSON": ['{"a":1}', "null", "not json{", '"\\u0000"'],
    "PlainLiteral": ["x"],
}
_TAGS = ["en", "EN-gb", "zh-Hant-TW", "x-private", "de-1996"]

_ONTOLOGY, _ID = PREFIXES["kzg"], PREFIXES["kzr"]
_IRIS = [
    # Schemes that are prefixes of ours, which JSON-LD would take for them.
    *("kzg:value", "schema:name", "time:x", "skos:", "rdf:type", "dcat:a/b", "kzg:"),
    *("urn:x", "mailto:a@b", "a:b", "http:x", "HTTP://A.example/", "http://[::1]/x"),
    *("http://a.example/", "http://a.example/a#", "http://a.example/a'b", "http://a.example/a&b"),
    *("http://a.example/%20", "http://a.example/é", "http://a.example/?q=1&r=(2)"),
    *("http://a.example/../b", "http://a.example/./b", "http://a.example/@type", "x:@id"),
    *("https://w3id.org/kzgraph/", "https://w3id.org/kzgraph//x", "https://w3id.org/kzgraph/../x"),
    *(_ID, _ID + "a/b", _ID + "-a", _ID + "a%20", _ID + "a(b)", _ID + ".a", _ID + "a,b;c"),
    *(_ONTOLOGY, _ONTOLOGY + "a.b", _ONTOLOGY + "1a", _ONTOLOGY + "a:b", _ONTOLOGY + "~a"),
    *(PREFIXES["skos"] + "@id", PREFIXES["rdfs"], RDF + "type", RDF + "nil", XSD + "string"),
]


def _b(name: str) -> BlankNode:
    return BlankNode(name)


def _list(*members: _Node | Literal, name: str = "l") -> Iterator[_Triple]:
    """A list whose nodes are called `name` and a number from 0."""
    for number, member in enumerate(members):
        yield _b(f"{name}{number}"), _FIRST, member
        last = number == len(members) - 1
        yield _b(f"{name}{number}"), _REST, _NIL if last else _b(f"{name}{number + 1}")


_ONE, _TWO = Literal(1), Literal("two")
_SHAPES: dict[str, Iterable[_Triple]] = {
    "nothing": [],
    "a list": [(_S, _P, _b("l0")), *_list(_ONE, _TWO)],
    "a list with two heads": [(_S, _P, _b("l0")), (_S, _TYPE, _b("l0")), *_list(_ONE, _TWO)],
    "a list with a way into its middle": [
        (_S, _P, _b("l0")),
        (_S, _P, _b("l1")),
        *_list(_ONE, _TWO),
    ],
    "a list that forks": [(_S, _P, _b("l0")), *_list(_ONE, _TWO), (_b("l1"), _FIRST, _ONE)],
    "a list with two ends": [(_S, _P, _b("l0")), *_list(_ONE), (_b("l0"), _REST, _b("x"))],
    "a list with more on a node": [(_S, _P, _b("l0")), *_list(_ONE, _TWO), (_b("l1"), _P, _ONE)],
    "a list with a class": [(_S, _P, _b("l0")), *_list(_ONE), (_b("l0"), _TYPE, _LIST)],
    "a list that is a circle": [
        (_S, _P, _b("l0")),
        (_b("l0"), _FIRST, _ONE),
        (_b("l0"), _REST, _b("l0")),
    ],
    "a list without an end": [(_S, _P, _b("l0")), (_b("l0"), _FIRST, _ONE)],
    "a list that ends in a literal": [
        (_S, _P, _b("l0")),
        (_b("l0"), _FIRST, _ONE),
        (_b("l0"), _REST, _TWO),
    ],
    "a list that nothing points to": [*_list(_ONE, _TWO)],
    "a list with a named node": [(_S, _P, _S), (_S, _FIRST, _ONE), (_S, _REST, _NIL)],
    "a list of lists": [(_S, _P, _b("l0")), *_list(_b("m0"), _NIL), *_list(_ONE, name="m")],
    "an empty list": [(_S, _P, _NIL)],
    "an empty list with properties": [(_NIL, _P, _ONE)],
    "a node that points to itself": [(_b("x"), _P, _b("x"))],
    "two nodes that point to each other": [(_b("x"), _P, _b("y")), (_b("y"), _P, _b("x"))],
    "a node with two parents": [(_S, _P, _b("x")), (_P, _P, _b("x")), (_b("x"), _P, _ONE)],
    "a node without properties": [(_S, _P, _b("x"))],
    "a long chain of nodes": [
        # Each with a number, or comparing them would take minutes.
        *((_b(f"n{n}"), _P, _b(f"n{n + 1}")) for n in range(300)),
        *((_b(f"n{n}"), _FIRST, Literal(n)) for n in range(301)),
    ],
    "nodes called by numbers": [(_b("8f"), _P, _b("9a"))],
    "nodes called by other letters": [(_b("é"), _P, _b("a·b")), (_b("é·‿.⁀"), _P, _b("0.1"))],
    "a class that is a literal": [(_S, _TYPE, _TWO), (_S, _TYPE, _b("q")), (_S, _TYPE, _S)],
    "one text in three languages": [
        (_S, _P, Literal("x", language="en")),
        (_S, _P, Literal("x", language="ru")),
        (_S, _P, Literal("x")),
    ],
}


def _named() -> Iterator[tuple[str, Iterable[_Triple]]]:
    yield from _SHAPES.items()
    for word in _WORDS.split():
        yield f"the property rdf:{word}", [(_S, NamedNode(RDF + word), _TWO)]
        yield f"the class rdf:{word}", [(_S, _TYPE, NamedNode(RDF + word))]
    for name in ("http://www.w3.org/2000/xmlns/a", "http://www.w3.org/XML/1998/namespace#lang"):
        yield f"the property {name}", [(_S, NamedNode(name), _TWO)]
    for text in _TEXTS:
        yield f"the text {text!r}", [(_S, _P, Literal(text))]
    for namespace, typed in ((XSD, _TYPED), (RDF, _RDF_TYPED)):
        for datatype, forms in typed.items():
            for form in forms:
                value = Literal(form, datatype=NamedNode(namespace + datatype))
                yield f"{form!r} as {datatype}", [(_S, _P, value)]
    for tag in _TAGS:
        yield f"the language {tag}", [(_S, _P, Literal("x", language=tag))]
    for iri in map(NamedNode, _IRIS):
        yield f"the subject {iri.value}", [(iri, _P, _ONE)]
        yield f"the property {iri.value}", [(_S, iri, _ONE)]
        yield f"the object {iri.value}", [(_S, _P, iri)]
        yield f"the class {iri.value}", [(_S, _TYPE, iri)]
        yield f"the datatype {iri.value}", [(_S, _P, Literal("x", datatype=iri))]


#: Quads by what is hard about them.
GRAPHS = {
    name: [Quad(subject, predicate, value, _GRAPH) for subject, predicate, value in triples]
    for name, triples in _named()
}
