"""The data set as compacted JSON-LD 1.1: https://www.w3.org/TR/json-ld11/#named-graphs.

The context stands inline, so that a reader fetches nothing. One node fills one line: half a
million lines of indented braces serve no one, and lines can be compared.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from operator import itemgetter

from pyoxigraph import BlankNode, Literal

from kzgraph.rdf.content import Content, Row, Term
from kzgraph.rdf.context import NONE, TO_IRI, TO_LANGUAGES, context_of
from kzgraph.rdf.names import RDF_TYPE, XSD_NAMESPACE

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
#: Whole numbers up to here are the same in every JSON reader (RFC 8259, section 6).
_SAFE = 2**53 - 1

_FIRST = itemgetter(0)
_SECOND = itemgetter(1)


class JsonLdWriter:
    """Writes a content under a context of its own."""

    def __init__(self, content: Content, prefixes: Mapping[str, str]) -> None:
        """Draw up the context of `content`."""
        self._content = content
        self._context = context_of(content, prefixes)
        self._values: dict[tuple[str, str], object] = {}

    def context(self) -> bytes:
        """The context as a document of its own."""
        document = {"@context": self._context.to_json()}
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()

    def data_set(self) -> bytes:
        """All named graphs as one document."""
        context = json.dumps(self._context.to_json(), ensure_ascii=False, indent=1)
        graphs = [self._graph(rows) for rows in self._content.graphs.values()]
        return (
            f'{{\n"@context": {context},\n"@graph": [\n' + ",\n".join(graphs) + "\n]\n}\n"
        ).encode()

    def _graph(self, rows: Iterable[Row]) -> str:
        name = ""
        nodes = []
        encode = json.JSONEncoder(ensure_ascii=False).encode
        for subject, group in groupby(rows, _FIRST):
            members = list(group)
            name = members[0][3][1:-1]
            nodes.append(encode(self._node(subject, members)))
        head = json.dumps(self._context.compact(name), ensure_ascii=False)
        return f'{{"id": {head}, "@graph": [\n' + ",\n".join(nodes) + "\n]}"

    def _node(self, subject: str, rows: Iterable[Row]) -> dict[str, object]:
        context = self._context
        node: dict[str, object] = {"id": self._identifier(subject)}
        properties: dict[str, object] = {}
        for predicate, group in groupby(rows, _SECOND):
            objects = [row[2] for row in group]
            if predicate == RDF_TYPE:
                node["type"] = _one_or_all([self._class(key) for key in objects])
                continue
            iri = predicate[1:-1]
            properties[context.term(iri)] = self._objects(iri, objects)
        node.update(sorted(properties.items()))
        return node

    def _objects(self, predicate: str, keys: list[str]) -> object:
        coercion = self._context.coercions.get(predicate, NONE)
        if predicate not in self._context.terms:
            coercion = NONE
        if coercion != TO_LANGUAGES:
            return _one_or_all([self._value(key, coercion) for key in keys])
        by_language: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            literal = self._content.terms[key]
            by_language[getattr(literal, "language", "")].append(literal.value)
        return {language: _one_or_all(by_language[language]) for language in sorted(by_language)}

    def _identifier(self, key: str) -> str:
        return key if key[0] == "_" else self._context.compact(key[1:-1])

    def _class(self, key: str) -> str:
        return key if key[0] == "_" else self._context.term(key[1:-1])

    def _value(self, key: str, coercion: str) -> object:
        known = self._values.get((key, coercion))
        if known is None:
            known = _encode(self._content.terms[key], coercion, self._context.compact)
            self._values[key, coercion] = known
        return known


def _encode(term: Term, coercion: str, compact: Callable[[str], str]) -> object:
    """The JSON of one value under `coercion`."""
    if not isinstance(term, Literal):
        iri = str(term) if isinstance(term, BlankNode) else compact(term.value)
        return iri if coercion == TO_IRI else {"id": iri}
    if term.language:
        return {"@language": term.language, "@value": term.value}
    datatype = term.datatype.value
    # JSON's own whole numbers and booleans are read as xsd:integer and xsd:boolean.
    if datatype == XSD_NAMESPACE + "integer" and _INTEGER.fullmatch(term.value):
        number = int(term.value)
        if abs(number) <= _SAFE:
            return number
    if datatype == XSD_NAMESPACE + "boolean" and term.value in ("true", "false"):
        return term.value == "true"
    if datatype == coercion or datatype == XSD_NAMESPACE + "string":
        return term.value
    return {"@type": compact(datatype), "@value": term.value}


def _one_or_all(values: list[object] | list[str]) -> object:
    return values[0] if len(values) == 1 else values
