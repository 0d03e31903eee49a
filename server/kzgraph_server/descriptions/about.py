"""The metadata of a release: the part that every description shares."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import graph, term, thing
from kzgraph.licences import OWN, find_licence
from kzgraph.namespaces import DCAT, DCT, FOAF, OWL, SKOS, TYPE, VOID
from kzgraph.rdf.formats import RESULTS_CSV, RESULTS_PARQUET
from kzgraph.release.dumps import ATTRIBUTION, File
from kzgraph.release.metadata import CREATOR, DESCRIPTIONS, TITLES
from kzgraph.release.statistics import Statistics
from kzgraph.tidy.file_tables import FOLDER
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.descriptions.query_help import find_query_help
from kzgraph_server.descriptions.source_sets import SourceSet, find_source_sets
from kzgraph_server.descriptions.triples import Description
from kzgraph_server.kept import read_sound_history
from kzgraph_server.served import Served

DATASET = thing("dataset", "kzgraph")
_AGENT = thing("agent", "kzgraph-contributors")


@dataclass(frozen=True)
class Source:
    """A document from which the facts were taken."""

    iri: NamedNode
    title: str


@dataclass(frozen=True)
class Variable:
    """What figures tell of: a quantity, with its name and definition in English."""

    iri: NamedNode
    name: str
    definition: str


@dataclass(frozen=True)
class SupersededGraph:
    """A graph that a query has to name.

    Attributes:
        iri: its name.
        title: what it holds.
        triples: how many it has.
        replaced_by: the graph that has its place.
    """

    iri: NamedNode
    title: Literal | None
    triples: int
    replaced_by: NamedNode | None


@dataclass(frozen=True)
class About:
    """The metadata of a release.

    Attributes:
        titles: one per language; likewise `descriptions`.
        licence: of the whole; the text on all licences where its data are under several.
        creator: who made it and publishes it, with `creator_name`.
        files: of the dumps, in order of their names.
        graph_titles: what each named graph holds, in words, by its IRI.
        numbers: of what the release holds, among them the time and places of its facts.
        addresses: where the service is.
        prior: the address of the release before, where the history knows of one.
        superseded: the graphs that no plain query meets.
        source_sets: the data sets that joined the release, current and superseded.
        linksets: what the release says of its linksets, and of the data sets they lead into.
        query_help: gives its prefixes, its example queries, and what things of each class have.
        variables: the quantities that it has figures of, in order of their names.
    """

    version: str
    titles: tuple[Literal, ...]
    descriptions: tuple[Literal, ...]
    licence: NamedNode
    creator: NamedNode
    creator_name: str
    sources: tuple[Source, ...]
    files: tuple[File, ...]
    graph_titles: Mapping[str, Literal]
    numbers: Statistics
    addresses: Addresses
    prior: NamedNode | None = None
    superseded: tuple[SupersededGraph, ...] = ()
    source_sets: tuple[SourceSet, ...] = ()
    linksets: tuple[Triple, ...] = ()
    query_help: Callable[[], tuple[Triple, ...]] = tuple
    variables: tuple[Variable, ...] = ()

    def title(self) -> str:
        """The title in English."""
        return _english(self.titles)

    def description(self) -> str:
        """The description in English."""
        return _english(self.descriptions)

    def licence_of(self, licences: Collection[str]) -> NamedNode:
        """The licence of what holds data under these: the text on all where there are several."""
        if len(licences) > 1:
            return self.addresses.dump(ATTRIBUTION)
        return NamedNode(next(iter(licences), OWN.iri))

    def licence_name(self) -> str:
        """What people call the licence of the whole."""
        known = find_licence(self.licence.value)
        return known.name if known else "Several: each source has its own"

    def whole_files(self) -> list[File]:
        """The dumps of the whole data set."""
        return [file for file in self.files if file.whole]

    def table_files(self) -> list[File]:
        """The tables among the dumps that whole data sets have."""
        kinds = (RESULTS_CSV.media_type, RESULTS_PARQUET.media_type)
        return [
            file
            for file in self.files
            if file.name.startswith(f"{FOLDER}/") and file.media_type in kinds
        ]


def about(now: Served) -> About:
    """The metadata of the release `now`, from its graph `metadata` and its manifest."""
    store, manifest = now.store, now.release.manifest
    creator = _one(store, DATASET, DCT["creator"])
    agent = creator if isinstance(creator, NamedNode) else _AGENT
    name = _one(store, agent, FOAF["name"])
    files = tuple(file for file in now.release.files.values() if file.is_dump)
    found = About(
        version=now.release.version,
        titles=_texts(store, DCT["title"], TITLES),
        descriptions=_texts(store, DCT["description"], DESCRIPTIONS),
        licence=NamedNode(OWN.iri),
        creator=agent,
        creator_name=name.value if isinstance(name, Literal) else CREATOR,
        sources=tuple(
            Source(NamedNode(each["iri"]), each["title"] or each["slug"])
            for each in manifest.get("documents", ())
        ),
        files=files,
        graph_titles={
            quad.subject.value: quad.object
            for quad in store.quads_for_pattern(None, DCT["title"], None, graph("metadata"))
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
        },
        numbers=now.statistics,
        addresses=Addresses(now.settings.public_url),
        prior=_prior(now),
        superseded=tuple(_superseded(now)),
        source_sets=tuple(find_source_sets(manifest, store, files)),
        linksets=tuple(_linksets(store)),
        # Two descriptions have it, and it takes longer than all else here.
        query_help=cache(partial(find_query_help, store)),
        variables=tuple(sorted(_variables(store), key=lambda each: each.name)),
    )
    current = (each.licence.value for each in found.source_sets if each.replaced_by is None)
    return replace(found, licence=found.licence_of({OWN.iri, *current}))


def _superseded(now: Served) -> Iterator[SupersededGraph]:
    for each in now.release.manifest.get("sources", ()):
        if each["name"] in now.release.superseded:
            yield SupersededGraph(
                graph(each["name"]),
                Literal(each["title"], language="en") if each.get("title") else None,
                each["triples"],
                graph(each["replaced_by"]) if each["replaced_by"] else None,
            )


def describe_superseded(into: Description, of: SupersededGraph) -> None:
    """Say what a superseded graph is, and which has its place."""
    into.add(of.iri, DCT["title"], of.title)
    into.add(of.iri, VOID["triples"], Literal(of.triples))
    into.add(of.iri, DCT["isReplacedBy"], of.replaced_by)


def _prior(now: Served) -> NamedNode | None:
    """The address of the release before; the release itself does not say, see its history."""
    entry = read_sound_history(now.root).find(now.release.version)
    if entry is None or entry.previous is None:
        return None
    return Addresses(now.site.public_url).at(f"releases/{entry.previous}/")


def _variables(store: Store) -> Iterator[Variable]:
    """The codes of the list of quantities that a figure has."""
    for quad in store.quads_for_pattern(None, SKOS["inScheme"], thing("scheme", "quantity")):
        code = quad.subject
        figures = store.quads_for_pattern(None, term("quantity"), code)
        if isinstance(code, NamedNode) and next(iter(figures), None) is not None:
            yield Variable(
                code,
                _state_in_english(store, code, SKOS["prefLabel"]),
                _state_in_english(store, code, SKOS["definition"]),
            )


def _state_in_english(store: Store, node: NamedNode, predicate: NamedNode) -> str:
    found = (each.object for each in store.quads_for_pattern(node, predicate, None))
    texts = (each.value for each in found if isinstance(each, Literal) and each.language == "en")
    return next(texts, "")


def _linksets(store: Store) -> Iterator[Triple]:
    """What is said of each linkset, and of each data set that one leads into."""
    targets = set()
    for found in store.quads_for_pattern(None, TYPE, VOID["Linkset"], graph("metadata")):
        for quad in store.quads_for_pattern(found.subject, None, None, graph("metadata")):
            yield quad.triple
            if quad.predicate == VOID["objectsTarget"]:
                targets.add(quad.object)
    for target in sorted(targets, key=str):
        if isinstance(target, NamedNode):
            for quad in store.quads_for_pattern(target, None, None, graph("links")):
                yield quad.triple


def describe_data_set(into: Description, of: About) -> None:
    """Say what the data set is, and who made it."""
    into.add(DATASET, DCT["title"], *of.titles)
    into.add(DATASET, DCT["description"], *of.descriptions)
    into.add(DATASET, DCT["license"], of.licence)
    into.add(DATASET, DCT["creator"], of.creator)
    into.add(DATASET, DCT["publisher"], of.creator)
    into.add(DATASET, DCAT["version"], Literal(of.version))
    into.add(DATASET, OWL["priorVersion"], of.prior)
    describe_agent(into, of)


def describe_agent(into: Description, of: About) -> None:
    """Say who made the release `of`."""
    into.typed(of.creator, FOAF["Agent"])
    into.add(of.creator, FOAF["name"], Literal(of.creator_name))


def _one(store: Store, subject: NamedNode, predicate: NamedNode) -> object:
    found = store.quads_for_pattern(subject, predicate, None, graph("metadata"))
    quad = next(iter(found), None)
    return None if quad is None else quad.object


def _texts(store: Store, predicate: NamedNode, otherwise: Mapping[str, str]) -> tuple[Literal, ...]:
    quads = store.quads_for_pattern(DATASET, predicate, None, graph("metadata"))
    found = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    found = found or [Literal(text, language=tag) for tag, text in otherwise.items()]
    return tuple(sorted(found, key=lambda text: (text.language or "", text.value)))


def _english(texts: tuple[Literal, ...]) -> str:
    return next((text.value for text in texts if text.language == "en"), texts[0].value)
