"""The graph `metadata`, which describes the release.

All of it follows from the content. There is no build date: it would make two builds of the same
facts differ.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.citing import Credit, Kind, Reference
from kzgraph.iri import BASE, ID, ONTOLOGY, graph, term, thing
from kzgraph.licences import OWN, cite_licence
from kzgraph.namespaces import DCAT, DCT, FOAF, TYPE, VOID
from kzgraph.rdf.content import Content
from kzgraph.release.attribution import cite_rights, credit_sources
from kzgraph.release.linksets import linkset_quads
from kzgraph.release.property_uses import partition_quads
from kzgraph.release.tally import Tally
from kzgraph.release.tallying import count_described
from kzgraph.sources.source_entries import SourceEntry, SourceGraph
from kzgraph.version import VERSION

LICENCE_NAME, LICENCE_ID, LICENCE = OWN.name, OWN.spdx, OWN.iri
TITLES = {
    "en": "kzgraph: UNHCR's operation in Kazakhstan and Central Asia as linked data",
    "ru": "kzgraph: операция УВКБ ООН в Казахстане и Центральной Азии, связанные данные",  # noqa: RUF001
    "kk": "kzgraph: БҰҰ БЖКБ-нің Қазақстан мен Орталық Азиядағы операциясы: "
    "байланыстырылған деректер",
}
DESCRIPTIONS = {
    "en": "Figures, pledges, partners and claims of UNHCR documents, each with its place in them.",
    "ru": "Показатели, обязательства, партнёры и утверждения из документов УВКБ ООН "  # noqa: RUF001
    "с указанием места каждого в тексте.",  # noqa: RUF001
    "kk": "БҰҰ БЖКБ құжаттарындағы көрсеткіштер, міндеттемелер, серіктестер мен тұжырымдар, "
    "әрқайсысының мәтіндегі орнымен бірге.",  # noqa: RUF001
}
#: What the graphs hold that are not of one document.
GRAPH_TITLES = {
    "compared": "Comparisons of figures that invite them and differ",
    "computed": "What the project computes: derived figures, headline figures, dollars, words",
    "concepts": "Concept schemes",
    "editorial": "The project's own statements about the facts",
    "entailed": "What follows from the rest: the OWL 2 RL closure, countries, what facts are about",
    "entities": "Operations, organisations, places and other things that documents mention",
    "examples": "Example queries, and the prefixes that a query need not declare",
    "links": "Links to other data sets",
    "metadata": "This description",
    "ontology": "The vocabulary",
    "shapes": "The shapes that the graph is validated against",
}
CREATOR = "kzgraph contributors"
#: What people search for, by language.
KEYWORDS = {
    "en": (
        "Central Asia",
        "Kazakhstan",
        "UNHCR",
        "asylum-seekers",
        "humanitarian aid",
        "linked data",
        "refugees",
        "statelessness",
    ),
    "ru": (
        "Казахстан",
        "УВКБ ООН",  # noqa: RUF001
        "Центральная Азия",
        "беженцы",
        "безгражданство",
        "гуманитарная помощь",
        "лица, ищущие убежище",
        "связанные данные",
    ),
    "kk": (
        "Орталық Азия",
        "Қазақстан",
        "БҰҰ БЖКБ",
        "азаматтығы жоқтық",
        "байланыстырылған деректер",
        "босқындар",
        "гуманитарлық көмек",
        "пана іздеушілер",
    ),
}

#: The graph that describes the release.
METADATA = graph("metadata")
_DATA_SET, _AGENT = thing("dataset", "kzgraph"), thing("agent", "kzgraph-contributors")


@dataclass(frozen=True, order=True)
class SourceDocument:
    """A document whose facts the graph states.

    Attributes:
        iri: of the document's node.
        title: in English.
        sha256: of the exact bytes, hexadecimal.
        length: in Unicode code points.
    """

    iri: str
    title: str
    sha256: str
    length: int

    @property
    def slug(self) -> str:
        """The name that its graph and its folder of tables have too."""
        return self.iri.rpartition("/")[2]


def documents(content: Content) -> tuple[SourceDocument, ...]:
    """The source documents in `content`: everything with a `kzg:length`."""
    names = {DCT["title"]: "title", term("sha256"): "sha256", term("length"): "length"}
    wanted = {str(predicate): name for predicate, name in names.items()}
    found: dict[str, dict[str, str]] = {}
    for row, quad in zip(content.rows, content.quads, strict=True):
        name = wanted.get(row[1])
        if name and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            found.setdefault(quad.subject.value, {})[name] = quad.object.value
    return tuple(
        SourceDocument(iri, about.get("title", ""), about.get("sha256", ""), int(about["length"]))
        for iri, about in sorted(found.items())
        if "length" in about
    )


def version_of(content: Content, sources: Sequence[SourceGraph] = ()) -> str:
    """The version of a release whose graphs without `metadata` are `content` and `sources`.

    Code version and content, joined by a hyphen: a folder's name on every file system and a
    path segment that no server misreads, unlike a `+`, which many read as a space.
    """
    digest = content.digest
    if sources:
        parts = [digest, *sorted(_digest_line(each) for each in sources)]
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{VERSION}-{digest[:12]}"


def _digest_line(source: SourceGraph) -> str:
    """What of a source the version follows from: its graph, and whether a plain query meets it."""
    entry = source.entry
    return f"{entry.name} {entry.graph_sha256} {entry.replaced_by}"


def cite_release(
    version: str,
    sources: Iterable[SourceDocument],
    issued: str = "",
    entries: Iterable[SourceEntry] = (),
) -> Reference:
    """The citation of the release `version`.

    Args:
        version: of it.
        sources: its documents.
        issued: the date on which it was published; nothing in the release itself, which follows
            from its content and has no date.
        entries: its data sets.
    """
    entries = list(entries)
    return Reference(
        Kind.RELEASE,
        f"kzgraph-{version}",
        TITLES["en"],
        CREATOR,
        f"{BASE}releases/{version}/",
        issued=issued,
        version=version,
        abstract=DESCRIPTIONS["en"],
        keywords=KEYWORDS["en"],
        licence=cite_rights(version, entries),
        sources=tuple((each.title, each.iri) for each in sources),
        credits=tuple(
            Credit(each.title, each.attribution, cite_licence(each.licence), each.url)
            for each in entries
        ),
    )


def describe_release(content: Content, sources: Sequence[SourceGraph] = ()) -> tuple[str, Content]:
    """The version of a release, and `content` with the graph `metadata`.

    Args:
        content: all graphs but `metadata` and those of sources.
        sources: these.
    """
    return describe_counted(content, sources)[:2]


def describe_counted(
    content: Content, sources: Sequence[SourceGraph] = ()
) -> tuple[str, Content, Tally]:
    """The same, and the numbers of all that a plain query meets, but `metadata`."""
    version = version_of(content, sources)
    entries = [each.entry for each in sources]
    content = content.with_quads(credit_sources(content.graphs, entries))
    counts = {name: len(rows) for name, rows in content.graphs.items()}
    counts |= {each.name: each.entry.triples for each in sources if each.entry.current}
    tally = count_described(content, sources, (_DATA_SET, _AGENT, *map(graph, counts)))
    # The graph counts its own triples, and their number does not depend on what they say.
    added = [*linkset_quads(content, _DATA_SET), *partition_quads(tally, _DATA_SET)]
    counts["metadata"] = 0
    counts["metadata"] = len({*_quads(content, version, counts, sources), *added})
    described = [*_quads(content, version, counts, sources), *added]
    return version, content.with_quads(described), tally


def _quads(
    content: Content, version: str, counts: Mapping[str, int], sources: Sequence[SourceGraph]
) -> Iterator[Quad]:
    data_set, agent = _DATA_SET, _AGENT
    texts = documents(content)
    for kind in (DCAT["Dataset"], VOID["Dataset"]):
        yield Quad(data_set, TYPE, kind, METADATA)
    for name, by_language in (("title", TITLES), ("description", DESCRIPTIONS)):
        for language, text in by_language.items():
            yield _quad(data_set, DCT[name], Literal(text, language=language))
    entries = [each.entry for each in sources]
    yield _quad(data_set, DCT["license"], NamedNode(cite_rights(version, entries)[2]))
    yield _quad(data_set, DCT["creator"], agent)
    yield _quad(data_set, DCT["publisher"], agent)
    yield _quad(data_set, DCAT["version"], Literal(version))
    cited = Literal(cite_release(version, texts, entries=entries).text, language="en")
    yield _quad(data_set, DCT["bibliographicCitation"], cited)
    yield _quad(data_set, VOID["vocabulary"], NamedNode(ONTOLOGY.removesuffix("#")))
    yield _quad(data_set, VOID["uriSpace"], Literal(ID))
    yield _quad(data_set, VOID["triples"], Literal(sum(counts.values())))
    for source in texts:
        yield _quad(data_set, DCT["source"], NamedNode(source.iri))
    yield Quad(agent, TYPE, FOAF["Agent"], METADATA)
    yield _quad(agent, FOAF["name"], Literal(CREATOR))
    by_slug = {source.slug: source for source in texts}
    of_sources = {each.name for each in sources}
    for name, count in counts.items():
        subset = graph(name)
        yield _quad(data_set, VOID["subset"], subset)
        yield _quad(subset, VOID["triples"], Literal(count))
        if name in of_sources:
            continue  # It says itself what it is.
        yield Quad(subset, TYPE, VOID["Dataset"], METADATA)
        title = GRAPH_TITLES.get(name, name)
        if name in by_slug:
            title = f"Facts of the document: {by_slug[name].title}"
            yield _quad(subset, DCT["source"], NamedNode(by_slug[name].iri))
        yield _quad(subset, DCT["title"], Literal(title, language="en"))
    yield from _vintages(sources)


def _vintages(sources: Sequence[SourceGraph]) -> Iterator[Quad]:
    """Which graph of a table has the place of which."""
    for each in sources:
        if not each.entry.current:
            old, new = graph(each.name), graph(each.entry.replaced_by)
            yield _quad(old, VOID["triples"], Literal(each.entry.triples))
            yield _quad(old, DCT["isReplacedBy"], new)
            yield _quad(new, DCT["replaces"], old)


def _quad(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value, METADATA)
