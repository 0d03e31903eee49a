"""RDF/XML, grouped by subject: https://www.w3.org/TR/rdf-syntax-grammar/.

pyoxigraph 0.5.13 makes elements of classes whose IRIs do not end in an XML name, such as
`time/2014--`, and writes carriage returns that a parser reads as line feeds; hence this writer.
`tests/test_graph_writer.py` turns red when it does neither.
"""

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, Literal

from kzgraph.namespaces import PLAIN, RDF, Term
from kzgraph.rdf.subjects import Described
from kzgraph.rdf.xml_text import escape_attribute, escape_text, split_name


def xml_pieces(groups: Sequence[Described], prefixes: Mapping[str, str]) -> Iterator[str]:
    """A document, in pieces; each of `groups` is a description.

    Args:
        groups: of triples that RDF/XML can carry, which `graph_writer.find_fault` tells.
        prefixes: for the namespaces of properties; other namespaces get one made up.
    """
    prefix_of = {namespace: prefix for prefix, namespace in prefixes.items()}
    declared, names = {"rdf": RDF.iri}, {}
    for iri in sorted({iri for _, about in groups for iri, _ in about}):
        namespace, local = split_name(iri) or ("", iri)
        prefix = prefix_of.setdefault(namespace, f"ns{len(prefix_of)}")
        declared[prefix] = namespace
        names[iri] = f"{prefix}:{local}"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    for prefix, namespace in sorted(declared.items()):
        yield f'\n  xmlns:{prefix}="{escape_attribute(namespace)}"'
    yield ">\n"
    written: dict[Term, tuple[str, bool]] = {}
    for subject, about in groups:
        lines = [f"<rdf:Description {_node('about', subject)}>\n"]
        for iri, value in about:
            name = names[iri]
            known = written.get(value)
            if known is None:
                known = written[value] = _value(value)
            inner, is_text = known
            lines.append(f"  <{name}{inner}</{name}>\n" if is_text else f"  <{name}{inner}/>\n")
        yield "".join((*lines, "</rdf:Description>\n"))
    yield "</rdf:RDF>\n"


def _value(term: Term) -> tuple[str, bool]:
    """What follows the name of a property in its first tag, and whether it has a second one."""
    if not isinstance(term, Literal):
        return f" {_node('resource', term)}", False
    how = ""
    if term.language:
        how = f' xml:lang="{term.language}"'
    elif term.datatype not in PLAIN:
        how = f' rdf:datatype="{escape_attribute(term.datatype.value)}"'
    return f"{how}>{escape_text(term.value)}", True


def _node(attribute: str, term: object) -> str:
    if isinstance(term, BlankNode):
        return f'rdf:nodeID="{term.value}"'
    return f'rdf:{attribute}="{escape_attribute(str(term)[1:-1])}"'
