"""The JSON-LD context of the project, which follows from its vocabulary alone.

It does not depend on the data, so that a client that reads `year` keeps finding it there,
whatever a release adds. https://www.w3.org/TR/json-ld11/#the-context
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import cache

from pyoxigraph import NamedNode, RdfFormat, parse

from kzgraph.iri import ONTOLOGY, term
from kzgraph.namespaces import DCT, OWL, OWL_TIME, RDF, RDFS, SCHEMA, SKOS, TYPE, XSD
from kzgraph.prefixes import PREFIXES, split
from kzgraph.resources import folder

#: Coercions other than datatypes: to an IRI, to a map of languages, none.
TO_IRI = "@id"
TO_LANGUAGES = "@language"
NONE = ""

_TEXT = RDF["langString"]
#: What the values of properties are where the vocabulary does not say it: texts in some language,
#: and dates, which OWL 2 has no datatypes for.
_UNSAID = {
    **dict.fromkeys((RDFS["label"], RDFS["comment"], DCT["title"], DCT["description"]), _TEXT),
    **dict.fromkeys((SKOS["prefLabel"], SKOS["altLabel"], SKOS["definition"]), _TEXT),
    **dict.fromkeys((SCHEMA["citation"], term("hedge")), _TEXT),
    **dict.fromkeys((term("date"), OWL_TIME["inXSDDate"]), XSD["date"]),
    **dict.fromkeys((SCHEMA["opens"], SCHEMA["closes"]), XSD["time"]),
    term("gYear"): XSD["gYear"],
}
#: Strings, whole numbers and booleans need no coercion, and a decimal may be a whole number.
_NATIVE = frozenset(XSD[name] for name in ("string", "integer", "decimal", "boolean"))
_TERMS = frozenset(
    OWL[name] for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_KEYWORDS = frozenset({"id", "type"})


@dataclass(frozen=True)
class Context:
    """How IRIs and values are shortened.

    Attributes:
        prefixes: prefix to namespace, the longest namespace first.
        terms: IRI of a property or class to its term.
        coercions: IRI of a property to what the values of its term are read as: a datatype's IRI,
            `TO_IRI`, `TO_LANGUAGES` or `NONE`.
    """

    prefixes: Mapping[str, str]
    terms: Mapping[str, str]
    coercions: Mapping[str, str]

    def without(self, names: Set[str]) -> "Context":
        """This context without the prefixes and terms among `names`."""
        return replace(
            self,
            prefixes={name: iri for name, iri in self.prefixes.items() if name not in names},
            terms={iri: name for iri, name in self.terms.items() if name not in names},
        )

    def split(self, iri: str) -> tuple[str, str] | None:
        """Prefix and rest of `iri` as a compact IRI, which may hold slashes: `kzr:country/KAZ`.

        https://www.w3.org/TR/json-ld11/#compact-iris
        """
        found = split(iri, self.prefixes.items())
        return None if found is None or found[1].startswith("//") else found

    def compact(self, iri: str) -> str:
        """`iri` as a compact IRI, or in full."""
        found = self.split(iri)
        return iri if found is None else ":".join(found)

    def define(self, iri: str) -> str | dict[str, str]:
        """The definition of the term for `iri`."""
        coercion = self.coercions.get(iri, NONE)
        if coercion == NONE:
            return self.compact(iri)
        if coercion == TO_LANGUAGES:
            return {"@id": self.compact(iri), "@container": TO_LANGUAGES}
        return {"@id": self.compact(iri), "@type": self.compact(coercion)}

    def to_json(self, iris: Iterable[str], prefixes: Iterable[str]) -> dict[str, object]:
        """The value of `@context` with the terms for `iris` and with `prefixes`."""
        context: dict[str, object] = {"@version": 1.1, "id": "@id", "type": "@type"}
        context |= {name: self.prefixes[name] for name in sorted(prefixes)}
        names = sorted((self.terms[iri], iri) for iri in iris)
        context |= {name: self.define(iri) for name, iri in names}
        return context


def make_context(prefixes: Mapping[str, str] = PREFIXES) -> Context:
    """The context of the project with `prefixes` in place of its own.

    Every property and class that the vocabulary declares becomes a term: ours by the bare local
    name, others by theirs where it is free. A term is stronger than a prefix of its name.
    """
    terms, coercions = _vocabulary()
    free = {name: iri for name, iri in prefixes.items() if name not in set(terms.values())}
    longest_first = dict(sorted(free.items(), key=lambda pair: (-len(pair[1]), pair[0])))
    return Context(longest_first, terms, coercions)


@cache
def _vocabulary() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Terms and coercions, as in `Context`."""
    declared = set(_UNSAID)
    kinds: dict[NamedNode, set[str]] = defaultdict(set)
    for node, value in _UNSAID.items():
        kinds[node].add(TO_LANGUAGES if value == _TEXT else value.value)
    for path in sorted(folder("ontology").glob("*.ttl")):
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            node, value = quad.subject, quad.object
            if not isinstance(node, NamedNode) or not isinstance(value, NamedNode):
                continue
            if quad.predicate == TYPE and value in _TERMS:
                declared.add(node)
                if value == OWL["ObjectProperty"]:
                    kinds[node].add(TO_IRI)
            elif quad.predicate == RDFS["range"] and value == _TEXT:
                kinds[node].add(TO_LANGUAGES)
            elif quad.predicate == RDFS["range"] and value.value.startswith(XSD.iri):
                kinds[node].add(NONE if value in _NATIVE else value.value)
    coercions = {node.value: min(found) for node, found in kinds.items() if len(found) == 1}
    return _bare_names({node.value for node in declared}), coercions


def _bare_names(iris: Iterable[str]) -> dict[str, str]:
    """Local names that only one IRI has; ours before any other's."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for iri in iris:
        name = iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]
        if _NAME.fullmatch(name) and name not in _KEYWORDS:
            sharing[name].append(iri)
    terms = {}
    for name, candidates in sharing.items():
        ours = [iri for iri in candidates if iri.startswith(ONTOLOGY)]
        if ours or len(candidates) == 1:
            terms[(ours or candidates)[0]] = name
    return terms
