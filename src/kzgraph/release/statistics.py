"""Numbers of a release that never change: counted by the build, written into it, and read back.

For VoID (https://www.w3.org/TR/void/#statistics), DCAT, schema.org and the overview page. No triple
is in two graphs, so that the numbers of all graphs together count each once.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import ID, ONTOLOGY, graph, term
from kzgraph.namespaces import DCT, FOAF, LABEL, LANGUAGES, OA, SCHEMA, SKOS, TYPE, XSD
from kzgraph.rdf.content import Content
from kzgraph.release.contents import Contents
from kzgraph.release.tally import ClassCounts, GraphCounts, LinkCounts, PropertyCounts, Tally
from kzgraph.release.tallying import add_description

#: Its name in the folder of the dumps.
STATISTICS = "statistics.json"

#: The properties that name a thing, best first.
LABELS = (LABEL, SKOS["prefLabel"], DCT["title"], FOAF["name"])

_COUNTRY, _IDENTIFIER, _CONTAINED = (
    SCHEMA[name] for name in ("Country", "identifier", "containedInPlace")
)
_AREA, _YEAR, _STATED_IN = map(term, ("area", "year", "statedIn"))
_COMPARISON, _KIND = map(term, ("Comparison", "kind"))
_EVIDENCE, _LENGTH = map(term, ("evidence", "length"))
_SELECTOR, _START, _END = (OA[name] for name in ("hasSelector", "start", "end"))
_FIRST_YEAR, _LAST_YEAR = 1000, 9999


@dataclass(frozen=True)
class Coverage:
    """How much of a document its facts rest on.

    Attributes:
        document: its IRI.
        facts: how many facts are stated in it, `supported` how many of them have evidence.
        length: of its text, in code points, `covered` how many of them are in evidence.
    """

    document: str
    facts: int
    supported: int
    length: int
    covered: int


@dataclass(frozen=True)
class LabelCounts:
    """How many things lack a label: `missing` by language, in the order of the project's.

    `term` is their class, or None for all classes together; `things` is how many there are.
    """

    term: str | None
    things: int
    missing: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Place:
    """A place; `names` by language, `iso3` the ISO 3166-1 code of a country, else nothing."""

    iri: str
    names: tuple[tuple[str, str], ...]
    iso3: str

    def name(self) -> str:
        """The name in English, or what there is."""
        english = (text for language, text in self.names if language == "en")
        return next(english, self.names[0][1] if self.names else self.iri)


@dataclass(frozen=True)
class Statistics:
    """Numbers of a release; every list is in order of IRIs.

    Attributes:
        triples: in all graphs; likewise `subjects` and `objects`, which are distinct.
        entities: subjects that the data set is about, those under `id/`.
        coverage: of the documents that facts are stated in.
        years: the first and the last year that a fact is about.
        places: the areas of the operations, and the regions they are in.
        labels: how many entities that have a class lack a label, of all classes and of each.
        comparisons: IRIs of the kinds of disagreement, each with how many pairs are of it.
    """

    triples: int
    subjects: int
    objects: int
    entities: int
    graphs: tuple[GraphCounts, ...]
    classes: tuple[ClassCounts, ...]
    properties: tuple[PropertyCounts, ...]
    links: tuple[LinkCounts, ...]
    coverage: tuple[Coverage, ...]
    years: tuple[int, int] | None
    places: tuple[Place, ...]
    comparisons: tuple[tuple[str, int], ...]
    labels: tuple[LabelCounts, ...]

    def vocabularies(self) -> list[str]:
        """The namespaces of the classes and properties in use; of ours the ontology's IRI."""
        found = {namespace(each.term) for each in self.classes}
        found |= {namespace(each.term) for each in self.properties}
        found.discard("")  # of a URN, which has no namespace that could be looked up
        return sorted(ONTOLOGY[:-1] if each == ONTOLOGY else each for each in found)

    def own_classes(self) -> list[ClassCounts]:
        """The classes of the project's vocabulary, those with most things first."""
        own = (each for each in self.classes if each.term.startswith(ONTOLOGY))
        return sorted(own, key=lambda each: (-each.entities, each.term))

    def interval(self) -> str:
        """The years as an ISO 8601 interval, or nothing."""
        return "" if self.years is None else "{}/{}".format(*self.years)

    def to_json(self) -> bytes:
        """The numbers as JSON, its members named as the attributes are."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The numbers that `to_json` wrote.

        Raises:
            ValueError: `data` is something else.
        """
        try:
            found: dict[str, Any] = json.loads(data)
            lists: dict[str, Any] = {
                "graphs": tuple(GraphCounts(**each) for each in found["graphs"]),
                "classes": tuple(ClassCounts(**each) for each in found["classes"]),
                "properties": tuple(PropertyCounts(**each) for each in found["properties"]),
                "links": tuple(LinkCounts(**each) for each in found["links"]),
                "coverage": tuple(Coverage(**each) for each in found["coverage"]),
                "years": found["years"] and (found["years"][0], found["years"][1]),
                "places": tuple(
                    Place(each["iri"], tuple(map(tuple, each["names"])), each["iso3"])
                    for each in found["places"]
                ),
                "comparisons": tuple((iri, number) for iri, number in found["comparisons"]),
                "labels": tuple(
                    LabelCounts(each["term"], each["things"], tuple(map(tuple, each["missing"])))
                    # Releases that were kept from before they were counted have none.
                    for each in found.get("labels", ())
                ),
            }
            return cls(**{**found, **lists})
        except (LookupError, TypeError) as error:
            raise ValueError(f"it does not hold the numbers of a release: {error}") from None


def count(content: Content | Contents) -> Statistics:
    """Count what a plain query of a release meets, or what is not counted yet of it.

    20,000 quads take 0.1 s.
    """
    contents = content if isinstance(content, Contents) else Contents(content)
    tally = contents.tally
    if tally is None:
        tally = Tally()
        for subject, lines in contents.subjects():
            tally.add(subject, lines)
    else:
        files = contents.current if contents.streamed else ()
        add_description(tally, contents.content, [each.path for each in files])
    found = _complete(tally, contents.content, contents.source_names)
    tally.forget()
    return found


def _complete(tally: Tally, content: Content, sources: Collection[str]) -> Statistics:
    """The numbers of all that a plain query of a release meets.

    Args:
        tally: of all of it.
        content: the graphs that are in memory.
        sources: the names of graphs of sources. What is counted of facts and of labels is not asked
            of them: they state no fact of a document, and a cell of a table has no label.
    """
    properties: dict[NamedNode, list[Quad]] = defaultdict(list)
    left_out = {str(graph(name)) for name in sources}
    for row, quad in zip(content.rows, content.quads, strict=True):
        if row[3] not in left_out:
            properties[quad.predicate].append(quad)
    return Statistics(
        triples=tally.triples,
        subjects=tally.subjects,
        objects=tally.objects,
        entities=tally.entities,
        graphs=tally.graphs(),
        classes=tally.classes(),
        properties=tally.properties(),
        links=tally.links(),
        coverage=tuple(_coverage(properties)),
        years=_years(properties),
        places=tuple(_places(properties)),
        comparisons=tuple(_comparisons(properties)),
        labels=tuple(_labels(properties)),
    )


def namespace(term: str) -> str:
    """What the IRI of a term starts with: up to its last `#`, else its last `/`.

    >>> namespace("http://www.w3.org/ns/org#Role"), namespace("https://schema.org/Place")
    ('http://www.w3.org/ns/org#', 'https://schema.org/')
    """
    head, mark, _ = term.rpartition("#" if "#" in term else "/")
    return head + mark


def _is_iri(value: object) -> bool:
    return isinstance(value, NamedNode)


def _by_object(quads: Iterable[Quad]) -> list[tuple[str, set[object]]]:
    """Each IRI that `quads` lead to, in order, with their subjects."""
    found: dict[str, set[object]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.object, NamedNode):
            found[quad.object.value].add(quad.subject)
    return sorted(found.items())


def _coverage(properties: Mapping[NamedNode, list[Quad]]) -> Iterator[Coverage]:
    lengths, starts, ends = (dict(_integers(properties[each])) for each in (_LENGTH, _START, _END))
    # Evidence may have a second selector, a quote, which has no start.
    selectors: dict[object, object] = {
        quad.subject: quad.object for quad in properties[_SELECTOR] if quad.object in starts
    }
    evidence: dict[object, list[object]] = defaultdict(list)
    for quad in properties[_EVIDENCE]:
        evidence[quad.subject].append(selectors.get(quad.object))
    for document, stated in _by_object(properties[_STATED_IN]):
        spans = {each for fact in stated for each in evidence[fact]} & starts.keys() & ends.keys()
        yield Coverage(
            document,
            len(stated),
            sum(bool(evidence[fact]) for fact in stated),
            lengths.get(NamedNode(document), 0),
            len({at for span in spans for at in range(starts[span], ends[span])}),
        )


def _years(properties: Mapping[NamedNode, list[Quad]]) -> tuple[int, int] | None:
    stated = {quad.subject for quad in properties[_STATED_IN]}
    years = _integers(quad for quad in properties[_YEAR] if quad.subject in stated)
    found = [year for _, year in years if _FIRST_YEAR <= year <= _LAST_YEAR]
    return (min(found), max(found)) if found else None


def _integers(quads: Iterable[Quad]) -> Iterator[tuple[object, int]]:
    """Subject and object of the quads with an integer."""
    for quad in quads:
        if isinstance(quad.object, Literal) and quad.object.datatype == XSD["integer"]:
            yield quad.subject, int(quad.object.value)


def _places(properties: Mapping[NamedNode, list[Quad]]) -> Iterator[Place]:
    countries = {quad.subject for quad in properties[TYPE] if quad.object == _COUNTRY}
    areas = {quad.object for quad in properties[_AREA] if _is_iri(quad.object)}
    within = (quad.object for quad in properties[_CONTAINED] if quad.subject in areas)
    regions = {place for place in within if _is_iri(place) and place not in countries}
    found = areas | regions
    names: dict[object, set[tuple[str, str]]] = defaultdict(set)
    for quad in (quad for label in LABELS for quad in properties[label]):
        if quad.subject in found and isinstance(quad.object, Literal):
            names[quad.subject].add((quad.object.language or "", quad.object.value))
    codes: dict[object, list[str]] = defaultdict(list)
    for quad in properties[_IDENTIFIER]:
        if quad.subject in countries and isinstance(quad.object, Literal):
            codes[quad.subject].append(quad.object.value)
    for place in sorted(found, key=str):
        iso3 = min((code for code in codes[place] if len(code) == 3 and code.isalpha()), default="")
        yield Place(str(place)[1:-1], tuple(sorted(names[place])), iso3)


def _comparisons(properties: Mapping[NamedNode, list[Quad]]) -> Iterator[tuple[str, int]]:
    pairs = {quad.subject for quad in properties[TYPE] if quad.object == _COMPARISON}
    for kind, found in _by_object(quad for quad in properties[_KIND] if quad.subject in pairs):
        yield kind, len(found)


def _labels(properties: Mapping[NamedNode, list[Quad]]) -> Iterator[LabelCounts]:
    of_class: dict[str, set[object]] = {}
    for name, found in _by_object(properties[TYPE]):
        ours = {each for each in found if str(each).startswith(f"<{ID}")}
        if ours:
            of_class[name] = ours
    languages: dict[object, set[str | None]] = defaultdict(set)
    for quad in properties[LABEL]:
        if isinstance(quad.object, Literal):
            languages[quad.subject].add(quad.object.language)
    everything: set[object] = set().union(*of_class.values())
    counted: list[tuple[str | None, set[object]]] = [(None, everything), *of_class.items()]
    for class_name, things in counted:
        missing = (
            (language, sum(language not in languages.get(each, ()) for each in things))
            for language in LANGUAGES
        )
        yield LabelCounts(class_name, len(things), tuple(missing))
