"""How what a release holds is cited: its facts, its documents, and the release itself."""

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.citing import Kind, Reference
from kzgraph.iri import BASE, ID, term, thing
from kzgraph.namespaces import DCT, FOAF, LABEL, PROV, SCHEMA, TYPE, XSD
from kzgraph.release.folder import Release
from kzgraph.release.history import HistoryDamaged, read_history
from kzgraph.release.metadata import (
    CREATOR,
    KEYWORDS,
    LICENCE,
    LICENCE_ID,
    LICENCE_NAME,
    TITLES,
    SourceDocument,
    cite_release,
)
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.version import VERSION

#: The data set, whose citation is that of the release.
DATA_SET = thing("dataset", "kzgraph")

SOFTWARE = "kzgraph: a knowledge graph of documents with evidence, and its SPARQL endpoint"
SOFTWARE_DESCRIPTION = (
    "Maps tables of what documents state to a graph in which each fact leads to the words that "
    "support it, validates it by SHACL, publishes it in releases, and serves it."
)


def cite_software() -> Reference:
    """The citation of this code; without a date, as long as no version of it was published."""
    return Reference(
        Kind.SOFTWARE,
        f"kzgraph-software-{VERSION}",
        SOFTWARE,
        CREATOR,
        BASE,
        version=VERSION,
        abstract=SOFTWARE_DESCRIPTION,
        keywords=KEYWORDS["en"],
        licence=("Apache License 2.0", "Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    )


def find_reference(release: Release, node: NamedNode, *, pinned: bool) -> Reference | None:
    """How `node` is cited; None where it is not a fact, a document or the data set.

    Args:
        release: the release that it is cited from.
        node: a thing.
        pinned: whether the address is that in the release of this version, which goes with the
            release; else it is the IRI, which stays.
    """
    if node == DATA_SET:
        sources = [
            SourceDocument(each["iri"], each["title"], each["sha256"], each["length"])
            for each in release.manifest["documents"]
        ]
        entries = map(SourceEntry.from_manifest, release.manifest.get("sources", ()))
        return cite_release(release.version, sources, find_issued(release), entries)
    return cite_node(release.store, release.version, node, pinned=pinned)


def cite_node(
    store: Store, version: str, node: NamedNode, *, pinned: bool = False
) -> Reference | None:
    """How a fact or a document is cited; None where `node` is neither.

    Args:
        store: holds what a release says of `node`, of its document and of that one's publisher.
        version: of the release.
        node: a thing.
        pinned: see `find_reference`.
    """
    types = {quad.object for quad in store.quads_for_pattern(node, TYPE, None, None)}
    path = node.value.removeprefix(ID)
    url = f"{BASE}releases/{version}/id/{path}" if pinned else node.value
    key = f"{path.replace('/', '-')}-{version.rpartition('-')[2]}"
    label = _text(store, node, LABEL)
    if term("Fact") in types and label:
        return _cite_fact(store, node, key, url, label, version)
    if FOAF["Document"] in types:
        return _cite_document(store, node, key)
    return None


def _cite_fact(
    store: Store, node: NamedNode, key: str, url: str, label: str, version: str
) -> Reference:
    where = _text(store, node, DCT["bibliographicCitation"])
    document = _object(store, node, term("statedIn"))
    source = _cite_document(store, document, key) if isinstance(document, NamedNode) else None
    return Reference(
        Kind.FACT,
        key,
        label,
        source.author if source else CREATOR,
        url,
        issued=source.issued if source else "",
        captured=source.captured if source else "",
        version=version,
        container=TITLES["en"],
        # That of what the project computes begins with the project and the label.
        note=f"{label}. {where}" if source else where or f"{CREATOR}: {label}",
        licence=(LICENCE_NAME, LICENCE_ID, LICENCE),
    )


def _cite_document(store: Store, node: NamedNode, key: str) -> Reference:
    publisher = _object(store, node, DCT["publisher"])
    author = _text(store, publisher, LABEL) if isinstance(publisher, NamedNode) else ""
    return Reference(
        Kind.DOCUMENT,
        key,
        _text(store, node, DCT["title"]),
        author or CREATOR,
        _text(store, node, SCHEMA["url"]) or node.value,
        issued=_text(store, node, DCT["issued"]),
        captured=_text(store, node, PROV["generatedAtTime"])[:10],
        archived=_text(store, node, SCHEMA["archivedAt"]),
        note=_text(store, node, DCT["bibliographicCitation"]),
    )


def find_issued(release: Release) -> str:
    """The date on which a release became current first; nothing where no history says."""
    try:
        entry = read_history(release.path.parent).find(release.version)
    except HistoryDamaged:
        return ""
    return entry.published[:10] if entry else ""


def _object(store: Store, node: NamedNode, predicate: NamedNode) -> object:
    found = sorted(store.quads_for_pattern(node, predicate, None, None), key=str)
    return found[0].object if found else None


def _text(store: Store, node: NamedNode, predicate: NamedNode) -> str:
    """The value of a property, in English where it has a language; nothing without one."""
    values = [quad.object for quad in store.quads_for_pattern(node, predicate, None, None)]
    texts = [
        (value.language != "en" and value.datatype != XSD["string"], value.value)
        for value in values
        if isinstance(value, Literal)
    ]
    iris = [each.value for each in values if isinstance(each, NamedNode)]
    return min(texts)[1] if texts else min(iris, default="")
