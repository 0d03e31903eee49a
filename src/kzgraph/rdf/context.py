"""The JSON-LD context of a release, drawn from its vocabulary and from how its data uses it.

https://www.w3.org/TR/json-ld11/#the-context
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.iri import ID, ONTOLOGY
from kzgraph.rdf.content import Content, Term
from kzgraph.rdf.names import RDF_NAMESPACE, RDF_TYPE, XSD_NAMESPACE

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
LANG_STRING = RDF_NAMESPACE + "langString"

#: Coercions besides datatypes: to an IRI, to a map of languages, none.
TO_IRI = "@id"
TO_LANGUAGES = "@language"
NONE = ""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_KEYWORDS = frozenset({"id", "type"})


@dataclass(frozen=True)
class Context:
    """How IRIs and values are shortened.

    Attributes:
        prefixes: prefix to namespace.
        terms: IRI of a property or class to its term.
        coercions: IRI of a property to what its values are read as: a datatype's IRI, `TO_IRI`,
            `TO_LANGUAGES` or `NONE`.
    """

    prefixes: Mapping[str, str]
    terms: Mapping[str, str]
    coercions: Mapping[str, str]
    _prefix_of: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_namespace = {namespace: prefix for prefix, namespace in self.prefixes.items()}
        object.__setattr__(self, "_prefix_of", by_namespace)

    def compact(self, iri: str) -> str:
        """`iri` as a compact IRI, or in full: https://www.w3.org/TR/json-ld11/#compact-iris.

        A compact IRI may hold slashes, so that things need no base: `kzr:country/KAZ`.
        """
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        if iri.startswith(ID):
            cut = len(ID)
        prefix = self._prefix_of.get(iri[:cut])
        if prefix is None or iri.startswith("//", cut):
            return iri
        return f"{prefix}:{iri[cut:]}"

    def term(self, iri: str) -> str:
        """The term of the property or class `iri`; without one, its compact IRI."""
        return self.terms.get(iri) or self.compact(iri)

    def to_json(self) -> dict[str, object]:
        """The value of `@context`."""
        context: dict[str, object] = {"@version": 1.1, "id": "@id", "type": "@type"}
        context.update(self.prefixes)
        for iri, name in sorted(self.terms.items(), key=lambda item: item[1]):
            context[name] = self._definition(iri)
        return context

    def _definition(self, iri: str) -> str | dict[str, str]:
        coercion = self.coercions.get(iri, NONE)
        if coercion == NONE:
            return self.compact(iri)
        if coercion == TO_LANGUAGES:
            return {"@id": self.compact(iri), "@container": "@language"}
        if coercion == TO_IRI:
            return {"@id": self.compact(iri), "@type": "@id"}
        return {"@id": self.compact(iri), "@type": self.compact(coercion)}


def context_of(content: Content, prefixes: Mapping[str, str]) -> Context:
    """The context for `content`.

    Every property and class that the data uses or the vocabulary declares becomes a term: ours by
    the bare local name, others by theirs where it is free. A property has a coercion where all
    its values and its declaration agree on one.
    """
    kinds = _kinds(content)
    classes = {row[2][1:-1] for row in content.rows if row[1] == RDF_TYPE and row[2][0] == "<"}
    # Neither a term nor a prefix may be taken for the scheme of some IRI.
    schemes = {key[1 : key.find(":")] for key in content.terms if key[0] == "<"}
    iris = (kinds.keys() | classes) - {RDF_TYPE[1:-1]}
    terms = _bare_terms(iris, taken=_KEYWORDS | schemes)
    names = {*terms.values(), *schemes}
    free = {prefix: iri for prefix, iri in prefixes.items() if prefix not in names}
    coercions = dict.fromkeys(kinds, NONE)
    for iri, found in kinds.items():
        if len(found) == 1 and found != {XSD_NAMESPACE + "string"}:
            (coercions[iri],) = found
    # Where two vocabularies share a local name, a coercion needs a term all the same.
    bare = Context(free, terms, coercions)
    for iri in sorted(iris - terms.keys()):
        if coercions.get(iri, NONE) != NONE and (name := bare.compact(iri)) != iri:
            terms[iri] = name
    return Context(free, terms, coercions)


def _bare_terms(iris: Set[str], taken: Set[str]) -> dict[str, str]:
    """Local names that only one IRI has; ours before any other's."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for iri in iris:
        name = iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]
        if _NAME.fullmatch(name) and name not in taken:
            sharing[name].append(iri)
    terms = {}
    for name, candidates in sharing.items():
        ours = [iri for iri in candidates if iri.startswith(ONTOLOGY)]
        if ours or len(candidates) == 1:
            terms[(ours or candidates)[0]] = name
    return terms


def _kinds(content: Content) -> dict[str, set[str]]:
    """What the values of each property are, by its IRI, in the data and as declared."""
    kind_of = {key: _kind(term) for key, term in content.terms.items()}
    kinds: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, value, _ in content.rows:
        if predicate != RDF_TYPE:
            kinds[predicate[1:-1]].add(kind_of[value])
        if not subject.startswith(f"<{ONTOLOGY}"):
            continue
        if predicate == RDF_TYPE and value == f"<{_OWL}ObjectProperty>":
            kinds[subject[1:-1]].add(TO_IRI)
        elif predicate == f"<{_RDFS}range>" and value.startswith(f"<{XSD_NAMESPACE}"):
            kinds[subject[1:-1]].add(value[1:-1])
        elif predicate == f"<{_RDFS}range>" and value == f"<{LANG_STRING}>":
            kinds[subject[1:-1]].add(TO_LANGUAGES)
    return kinds


def _kind(term: Term) -> str:
    match term:
        case NamedNode() | BlankNode():
            return TO_IRI
        case Literal():
            return TO_LANGUAGES if term.language else term.datatype.value
