"""A graph as JSON-LD 1.1, compacted under the project's context: https://www.w3.org/TR/json-ld11/.

What the document uses of the context stands inline, so that a reader fetches nothing. One node
fills one line: half a million lines of indented braces help nobody, and lines can be compared.
docs/decisions/json-ld.md says why no library does this.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from kzgraph.datatypes import BOOLEAN, INTEGER, STRING
from kzgraph.namespaces import TYPE, Term
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.context import NONE, TO_IRI, TO_LANGUAGES, make_context
from kzgraph.rdf.subjects import Described

_CANONICAL = re.compile(r"0|-?[1-9][0-9]*")
#: Whole numbers up to here are the same in every JSON reader (RFC 8259, section 6).
_SAFE = 2**53 - 1

_encode = json.JSONEncoder(ensure_ascii=False).encode


def context_document() -> str:
    """The whole context as a document of its own."""
    context = make_context()
    document = {"@context": context.to_json(context.terms, context.prefixes)}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def json_ld_pieces(
    groups: Sequence[Described], prefixes: Mapping[str, str] = PREFIXES
) -> Iterator[str]:
    """A document, in pieces.

    Args:
        groups: without triple terms and directions; values of one property are neighbours.
        prefixes: for compact IRIs.
    """
    writer = _Nodes(groups, prefixes)
    nodes = [_encode(writer.node(subject, about)) for subject, about in groups]
    context = json.dumps(writer.context(), ensure_ascii=False, indent=1)
    yield f'{{\n"@context": {context},\n"@graph": [\n'
    for place, node in enumerate(nodes):
        yield f",\n{node}" if place else node
    yield "\n]\n}\n"


class _Nodes:
    """Makes nodes, and keeps what they use of the context."""

    def __init__(self, groups: Sequence[Described], prefixes: Mapping[str, str]) -> None:
        """Leave out of the context whatever looks like the scheme of an IRI."""
        nodes: set[Term] = {subject for subject, _ in groups}
        nodes.update(value for _, about in groups for _, value in about)
        iris = {iri for _, about in groups for iri, _ in about}
        iris.update(node.value for node in nodes if isinstance(node, NamedNode))
        iris.update(node.datatype.value for node in nodes if isinstance(node, Literal))
        self._context = make_context(prefixes).without({iri.partition(":")[0] for iri in iris})
        self._compact: dict[str, str] = {}
        self._values: dict[tuple[Term, str], object] = {}
        self._prefixes: set[str] = set()
        self._terms: set[str] = set()

    def context(self) -> dict[str, object]:
        """What the nodes made so far use of the context."""
        for iri in self._terms:
            self._compact_iri(iri)
            coercion = self._context.coercions.get(iri, NONE)
            if coercion not in (NONE, TO_IRI, TO_LANGUAGES):
                self._compact_iri(coercion)
        return self._context.to_json(self._terms, self._prefixes)

    def node(self, subject: object, about: Iterable[tuple[str, Term]]) -> dict[str, object]:
        """The node object of a subject."""
        node: dict[str, object] = {"id": self._identifier(subject)}
        properties: dict[str, list[object]] = defaultdict(list)
        texts: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        for iri, value in about:
            if iri == TYPE.value and not isinstance(value, Literal):
                properties["type"].append(self._type(value))
                continue
            coercion = self._context.coercions.get(iri, NONE)
            if iri not in self._context.terms:
                properties[self._compact_iri(iri)].append(self._value(value, NONE))
            elif coercion != TO_LANGUAGES:
                properties[self._term(iri)].append(self._value(value, coercion))
            elif isinstance(value, Literal) and value.language:
                texts[self._term(iri)][value.language].append(value.value)
            else:
                # A map of languages holds nothing else; the IRI in place of the term has no map.
                properties[self._compact_iri(iri)].append(self._value(value, NONE))
        if kinds := properties.pop("type", None):
            node["type"] = _one_or_all(kinds)
        found: dict[str, object] = {key: _one_or_all(all_) for key, all_ in properties.items()}
        for key, by_language in texts.items():
            found[key] = {tag: _one_or_all(all_) for tag, all_ in sorted(by_language.items())}
        return node | dict(sorted(found.items()))

    def _compact_iri(self, iri: str) -> str:
        known = self._compact.get(iri)
        if known is None:
            found = self._context.split(iri)
            if found is not None:
                self._prefixes.add(found[0])
            known = self._compact[iri] = iri if found is None else ":".join(found)
        return known

    def _term(self, iri: str) -> str:
        self._terms.add(iri)
        return self._context.terms[iri]

    def _identifier(self, node: object) -> str:
        return self._compact_iri(node.value) if isinstance(node, NamedNode) else str(node)

    def _type(self, node: object) -> str:
        if isinstance(node, NamedNode) and node.value in self._context.terms:
            return self._term(node.value)
        return self._identifier(node)

    def _value(self, term: Term, coercion: str) -> object:
        """The JSON of one value under `coercion`."""
        known = self._values.get((term, coercion))
        if known is None:
            known = self._values[term, coercion] = self._make_value(term, coercion)
        return known

    def _make_value(self, term: Term, coercion: str) -> object:
        if not isinstance(term, Literal):
            iri = self._identifier(term)
            return iri if coercion == TO_IRI else {"id": iri}
        if term.language:
            return {"@language": term.language, "@value": term.value}
        datatype = term.datatype.value
        if coercion in (NONE, datatype):
            # JSON's own whole numbers and booleans are read as xsd:integer and xsd:boolean.
            if datatype == INTEGER and _CANONICAL.fullmatch(term.value):
                number = int(term.value) if len(term.value) < 20 else _SAFE + 1
                if abs(number) <= _SAFE:
                    return number
            if datatype == BOOLEAN and term.value in ("true", "false"):
                return term.value == "true"
        if datatype == (coercion or STRING):
            return term.value
        if datatype == STRING:
            return {"@value": term.value}
        return {"@type": self._compact_iri(datatype), "@value": term.value}


def _one_or_all(values: list[object]) -> object:
    return values[0] if len(values) == 1 else values
