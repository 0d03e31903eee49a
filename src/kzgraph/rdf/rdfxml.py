"""RDF/XML, grouped by subject: https://www.w3.org/TR/rdf-syntax-grammar/.

Oxigraph's serialiser writes a class such as `time/2014--` as an element of that name, which is
no XML, and lets an XML parser turn a carriage return into a newline; hence this one.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from xml.sax.saxutils import escape

from pyoxigraph import Literal

from kzgraph.iri import BASE
from kzgraph.rdf.content import Content, ContentFaults
from kzgraph.rdf.names import BASE_CHARS, RDF_NAMESPACE, RDF_TYPE, XSD_NAMESPACE, relative

# The longest end of an IRI that can name an element: https://www.w3.org/TR/xml-names/#NT-NCName
_NCNAME_END = re.compile(
    rf"[A-Za-z_{BASE_CHARS}][A-Za-z0-9_.{BASE_CHARS}\u00b7\u0300-\u036f\u203f\u2040-]*\Z"
)
# Names that RDF/XML keeps for itself, or that it would read as something else.
_RESERVED = frozenset(
    f"<{RDF_NAMESPACE}{name}>"
    for name in (
        *("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)
_IN_TEXT = {"\r": "&#13;"}
_IN_ATTRIBUTE = {'"': "&quot;"}

_FIRST = itemgetter(0)


def rdf_xml(content: Content, prefixes: Mapping[str, str]) -> bytes:
    """The merge of all graphs, in order; the first type names a subject's element.

    Raises:
        ContentFaults: a property's IRI does not end in a name that XML allows.
    """
    elements = _Elements(content, prefixes)
    parts = []
    for subject, group in groupby(content.triples(), _FIRST):
        types: list[str] = []
        others = []
        for _, predicate, value in group:
            if predicate == RDF_TYPE and value[0] == "<":
                types.append(value)
            else:
                others.append((predicate, value))
        parts.append(elements.node(subject, types, others))
    declared = [f'\n  xmlns:{prefix}="{iri}"' for prefix, iri in sorted(elements.used.items())]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xml:base="{BASE}"'
    return f"{head}{''.join(declared)}>\n{''.join(parts)}</rdf:RDF>\n".encode()


class _Elements:
    """Writes the elements and keeps the prefixes they use."""

    def __init__(self, content: Content, prefixes: Mapping[str, str]) -> None:
        self._terms = content.terms
        self._prefix_of = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._names: dict[str, str | None] = {}
        self._values: dict[str, str] = {}
        self.used = {"rdf": RDF_NAMESPACE}

    def node(self, subject: str, types: list[str], others: Iterable[tuple[str, str]]) -> str:
        name = self._name(types[0]) if types else None
        if name:
            types = types[1:]
        else:
            name = "rdf:Description"
        at = f'rdf:nodeID="{subject[2:]}"' if subject[0] == "_" else self._link("about", subject)
        lines = [f"<{name} {at}>\n"]
        for value in types:
            lines.append(f"  <rdf:type{self._value(value)}/>\n")
        for predicate, value in others:
            element = self._name(predicate)
            if element is None:
                raise ContentFaults([f"{predicate} does not end in a name; RDF/XML needs one"])
            rest = self._value(value)
            if rest[-1] == '"' and not isinstance(self._terms[value], Literal):
                lines.append(f"  <{element}{rest}/>\n")
            else:
                lines.append(f"  <{element}{rest}</{element}>\n")
        lines.append(f"</{name}>\n")
        return "".join(lines)

    def _name(self, key: str) -> str | None:
        """The qualified name of an IRI in N-Triples form, if it has one."""
        if key not in self._names:
            iri = key[1:-1]
            found = _NCNAME_END.search(iri)
            if found is None or key in _RESERVED:
                self._names[key] = None
            else:
                namespace = iri[: found.start()]
                prefix = self._prefix_of.setdefault(namespace, f"ns{len(self._prefix_of)}")
                self.used[prefix] = escape(namespace, _IN_ATTRIBUTE)
                self._names[key] = f"{prefix}:{found.group()}"
        return self._names[key]

    def _value(self, key: str) -> str:
        """What follows an element's name: attributes, and the text of a literal."""
        if key not in self._values:
            term = self._terms[key]
            if isinstance(term, Literal):
                self._values[key] = _literal(term)
            elif key[0] == "_":
                self._values[key] = f' rdf:nodeID="{key[2:]}"'
            else:
                self._values[key] = " " + self._link("resource", key)
        return self._values[key]

    def _link(self, attribute: str, key: str) -> str:
        return f'rdf:{attribute}="{escape(relative(key[1:-1]), _IN_ATTRIBUTE)}"'


def _literal(literal: Literal) -> str:
    text = escape(literal.value, _IN_TEXT)
    if literal.language:
        return f' xml:lang="{literal.language}">{text}'
    datatype = literal.datatype.value
    if datatype == XSD_NAMESPACE + "string":
        return f">{text}"
    return f' rdf:datatype="{escape(datatype, _IN_ATTRIBUTE)}">{text}'
