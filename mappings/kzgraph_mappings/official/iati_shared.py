"""What activities of IATI speak of: codes, currencies, times, organisations, other activities.

Several files speak of the same ones, so their quads are shared. A code that the tables have is a
concept there. One that they have not, of a list that publishers may extend or of their own, is a
schema:DefinedTerm, named by what publishers call it; so are their organisations, of which two
publishers' names may differ: `settle` chooses one of them for the label.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import ID, graph, thing
from kzgraph.namespaces import LABEL, LANGUAGES, TYPE
from kzgraph.resources import folder
from kzgraph.sources import Sink
from kzgraph.tables import Time
from kzgraph_mappings.curies import curie, english_literal, number_literal
from kzgraph_mappings.official.iati_values import code_segment, name_segment
from kzgraph_mappings.official.reference_tables import index_table, read_codes, read_table
from kzgraph_mappings.official.shared_things import country_quads
from kzgraph_mappings.owl_time import time_quads

#: A name with its language, which may be empty.
Name = tuple[str, str]

#: Where what several sources speak of stands.
ENTITIES, CONCEPTS = graph("entities"), graph("concepts")
_NAME = curie("schema:name")
_KIND = curie("kzg:kind")
_IDENTIFIER = curie("dcterms:identifier")
#: What files name as they like.
_NAMED = frozenset((curie("schema:Organization"), curie("schema:DefinedTerm")))
#: Vocabularies whose codes each reporting organisation makes for itself.
_OWN_VOCABULARIES = frozenset(("98", "99"))
#: Words that publishers put where they have no identifier.
_NO_REFERENCE = frozenset(("", "-", "n/a", "na", "none", "null", "unknown"))


class Things:
    """The things that one file speaks of, each shared once."""

    def __init__(self, sink: Sink) -> None:
        """Share them with `sink`."""
        self._sink = sink
        self._seen: set[object] = set()

    def concept(
        self, scheme: str, code: str, names: Iterable[Name] = (), *, within: Sequence[str] = ()
    ) -> NamedNode:
        """A code of a list.

        Args:
            scheme: the list.
            code: the code.
            names: what the publisher calls it, for a code that the tables do not have.
            within: the vocabulary of the code, and the organisation whose own it is; nothing for
                the vocabulary that the list is of.
        """
        if not within and code in known_codes(scheme):
            return thing(scheme, code)
        node = thing(scheme, *map(code_segment, (*within, code)))
        self._describe(node, "schema:DefinedTerm", CONCEPTS, names)
        self._once(Quad(node, curie("schema:termCode"), Literal(code), CONCEPTS))
        self._once(Quad(node, curie("dcterms:isPartOf"), thing("scheme", scheme), CONCEPTS))
        return node

    def vocabulary_concept(
        self, scheme: str, vocabulary: str, code: str, names: Iterable[Name], reporter: str
    ) -> NamedNode:
        """A code from one of several vocabularies, of which 1 is the usual one."""
        if vocabulary in ("", "1"):
            # What publishers call a code of others may be wrong: UNHCR writes Africa for 998.
            return self.concept(scheme, code)
        own = (reporter,) if vocabulary in _OWN_VOCABULARIES else ()
        return self.concept(scheme, code, names, within=(*own, vocabulary))

    def kind(self, scheme: str, code: str) -> tuple[str, NamedNode]:
        """A code of a list as the kind of something: the property by prefixed name, and the code.

        The values of `kzg:kind` are concepts, which a code is not that the tables do not have.
        """
        name = "kzg:kind" if code in known_codes(scheme) else "dcterms:type"
        return name, self.concept(scheme, code)

    def classify(self, node: NamedNode, scheme: str, code: str, where: NamedNode) -> None:
        """Say of what kind something that publishers name is, by a code of a list."""
        name, kind = self.kind(scheme, code)
        self._once(Quad(node, curie(name), kind, where))

    def country(self, code: str) -> NamedNode | None:
        """The country with a code of ISO 3166-1 alpha-2; None where there is none."""
        alpha_3 = _countries().get(code)
        if alpha_3 is None:
            return None
        if ("country", code) not in self._seen:
            self._seen.add(("country", code))
            self._sink.share(country_quads(alpha_3))
        return thing("country", alpha_3)

    def unit(self, currency: str) -> NamedNode:
        """A currency as the unit of an amount, by its code of ISO 4217."""
        unit = _units().get(currency)
        if unit:
            return thing("unit", unit)
        node, scheme = thing("unit", currency), thing("scheme", "unit")
        self._describe(node, "skos:Concept", CONCEPTS, ())
        for name, value in (
            ("skos:inScheme", scheme),
            ("skos:topConceptOf", scheme),
            ("skos:notation", Literal(currency)),
            (
                "skos:definition",
                english_literal(f"The currency that has the code {currency}, one by one."),
            ),
            ("kzg:unitKind", thing("unit-kind", "money")),
            ("kzg:factor", number_literal("1")),
            ("schema:currency", Literal(currency)),
        ):
            self._once(Quad(node, curie(name), value, CONCEPTS))
        for language in LANGUAGES:
            label = Literal(currency, language=language)
            self._once(Quad(node, LABEL, label, CONCEPTS))
            self._once(Quad(node, curie("skos:prefLabel"), label, CONCEPTS))
        return node

    def time(self, time: Time) -> NamedNode:
        """A day or a period."""
        if ("time", time.text) not in self._seen:
            self._seen.add(("time", time.text))
            self._sink.share(time_quads(time))
        return thing("time", time.slug)

    def activity(self, identifier: str) -> NamedNode:
        """An activity; what a file says of it stands in the graph of the file."""
        node = thing("activity", code_segment(identifier))
        self._describe(node, "kzg:Activity", ENTITIES, ())
        self._once(Quad(node, curie("schema:identifier"), Literal(identifier), ENTITIES))
        return node

    def organisation(
        self, reference: str, names: Sequence[Name], kind: str, reporter: str
    ) -> NamedNode | None:
        """An organisation, by its identifier or else by its name; None where it has neither.

        A name is one in what its publisher reports: "Private donors" of another are others.
        """
        if reference.casefold() not in _NO_REFERENCE:
            known = known_organisation(reference)
            if known:
                return NamedNode(ID + known)
            node = thing("organisation", "iati", code_segment(reference))
        elif names:
            own = code_segment(reporter)
            node = thing("organisation", "iati", own, name_segment(names[0][0]))
        else:
            return None
        self._describe(node, "schema:Organization", ENTITIES, names)
        if reference.casefold() not in _NO_REFERENCE:
            self._once(Quad(node, curie("schema:identifier"), Literal(reference), ENTITIES))
        if kind:
            self.classify(node, "organisation-type", kind, ENTITIES)
        return node

    def _describe(
        self, node: NamedNode, kind: str, where: NamedNode, names: Iterable[Name]
    ) -> None:
        self._once(Quad(node, TYPE, curie(kind), where))
        self._once(Quad(node, _IDENTIFIER, Literal(node.value.removeprefix(ID)), where))
        for text, language in names:
            literal = Literal(text, language=language) if language else Literal(text)
            self._once(Quad(node, _NAME, literal, where))

    def _once(self, quad: Quad) -> None:
        if quad not in self._seen:
            self._seen.add(quad)
            self._sink.share((quad,))


def settle(shared: Collection[Quad]) -> Iterator[Quad]:
    """`shared` with one label for each language and one kind of what files name differently.

    The label is the first of the names in the order of their characters, so that it does not depend
    on the order of the files; the kind likewise.
    """
    named = {quad.subject for quad in shared if quad.predicate == TYPE and quad.object in _NAMED}
    chosen: dict[tuple[object, ...], Quad] = {}
    for quad in shared:
        label = quad
        if quad.subject in named and quad.predicate == _NAME and isinstance(quad.object, Literal):
            yield quad
            label = Quad(quad.subject, LABEL, quad.object, quad.graph_name)
            key: tuple[object, ...] = (quad.subject, LABEL, quad.object.language)
        elif quad.subject in named and quad.predicate == _KIND:
            key = (quad.subject, _KIND)
        else:
            yield quad
            continue
        chosen[key] = min(label, chosen.get(key, label), key=str)
    yield from chosen.values()


@cache
def _countries() -> Mapping[str, str]:
    """The codes of countries in ISO 3166-1 of three letters by those of two."""
    rows = read_table("countries.csv")
    return {row["iso2"]: row["iso3"] for row in rows if row["iso2"] and row["country"]}


@cache
def _units() -> Mapping[str, str]:
    """Currency to the unit that is one of it."""
    path = folder("mappings") / "tables" / "shared" / "concepts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["currency"]: row["code"]
            for row in csv.DictReader(file)
            if row["currency"] and row["factor"] == "1"
        }


def known_codes(scheme: str) -> frozenset[str]:
    """The codes of a list that the packaged tables describe."""
    return read_codes().get(scheme, frozenset())


def known_organisation(reference: str) -> str:
    """The path of the organisation with an identifier, if the tables have it."""
    found = index_table("iati-organisations.csv", ("reference",)).get((reference,))
    return found["organisation"] if found else ""


def known_measures(title: str) -> Iterator[tuple[str, str]]:
    """The codes of what an indicator with a title counts: the properties that have them, and paths.

    A title is compared without regard to case and to a full stop; a `*` of the table is any words.
    """
    plain = " ".join(title.casefold().rstrip(" .").split())
    for row in read_table("iati-indicators.csv"):
        pattern = re.escape(row["title"].casefold()).replace(re.escape("*"), ".*")
        if re.fullmatch(pattern, plain):
            for name in ("indicator", "quantity"):
                if row[name]:
                    yield f"kzg:{name}", f"{name}/{row[name]}"
