"""RDF/XML, grouped by subject: https://www.w3.org/TR/rdf-syntax-grammar/.

pyoxigraph 0.5.13 makes elements of classes whose IRIs do not end in an XML name, such as
`time/2014--`, and writes carriage returns that a parser reads as line feeds; hence this writer.
`tests/test_graph_writer.py` turns red when it does neither.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from pyoxigraph import BlankNode, Literal, Triple

from kzgraph.namespaces import PLAIN, RDF
from kzgraph.rdf.xml_text import escape_attribute, escape_text, split_name


def xml_pieces(triples: Sequence[Triple], prefixes: Mapping[str, str]) -> Iterator[str]:
    """A document, in pieces; neighbours with one subject share a description.

    Args:
        triples: ones that RDF/XML can carry, which `graph_writer.find_fault` tells.
        prefixes: for the namespaces of properties; other namespaces get one made up.
    """
    prefix_of = {namespace: prefix for prefix, namespace in prefixes.items()}
    declared, names = {"rdf": RDF.iri}, {}
    for iri in sorted({each.predicate.value for each in triples}):
        namespace, local = split_name(iri) or ("", iri)
        prefix = prefix_of.setdefault(namespace, f"ns{len(prefix_of)}")
        declared[prefix] = namespace
        names[iri] = f"{prefix}:{local}"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    for prefix, namespace in sorted(declared.items()):
        yield f'\n  xmlns:{prefix}="{escape_attribute(namespace)}"'
    yield ">\n"
    for subject, group in groupby(triples, key=lambda each: each.subject):
        lines = [f"<rdf:Description {_node('about', subject)}>\n"]
        lines += [f"  <{_property(names[each.predicate.value], each)}>\n" for each in group]
        yield "".join((*lines, "</rdf:Description>\n"))
    yield "</rdf:RDF>\n"


def _property(name: str, triple: Triple) -> str:
    """The element of a property, without its outermost angle brackets."""
    term = triple.object
    if not isinstance(term, Literal):
        return f"{name} {_node('resource', term)}/"
    how = ""
    if term.language:
        how = f' xml:lang="{term.language}"'
    elif term.datatype not in PLAIN:
        how = f' rdf:datatype="{escape_attribute(term.datatype.value)}"'
    return f"{name}{how}>{escape_text(term.value)}</{name}"


def _node(attribute: str, term: object) -> str:
    if isinstance(term, BlankNode):
        return f'rdf:nodeID="{term.value}"'
    return f'rdf:{attribute}="{escape_attribute(str(term)[1:-1])}"'
