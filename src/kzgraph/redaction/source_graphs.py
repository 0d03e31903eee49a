"""Taking a person out of the graphs of sources, superseded ones among them.

They hold published data, not facts of documents: of what names the person in a text `REDACTED`
stands in the place of the name, and what has the name in an IRI, or refers to a thing that went,
goes; likewise in what the release says of the source. A graph is read from its dump one triple at a
time.
"""

import hashlib
import heapq
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import graph
from kzgraph.namespaces import Term
from kzgraph.redaction.mentions import Mentions
from kzgraph.release import Release
from kzgraph.release.all_graphs import read_graph
from kzgraph.release.attribution import credit_sources
from kzgraph.release.contents import read_file
from kzgraph.release.cube_tables import restore_left_out_cells
from kzgraph.sources.source_entries import SourceEntry, SourceGraph

#: Texts of which it is kept whether they name the person: 20 MB.
_MOST_KNOWN = 100_000


@dataclass
class RedactedSources:
    """The graphs of the sources of a release without the person.

    Attributes:
        graphs: all of them.
        texts: texts in which the name was replaced, as they were.
        changed: whether anything is otherwise than before.
    """

    graphs: list[SourceGraph] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    changed: bool = False


def redact_source_graphs(
    release: Release, mentions: Mentions, gone: Container[str], folder: Path
) -> RedactedSources:
    """Write the graphs of the sources of `release` into `folder`, without the person.

    Args:
        release: where they are.
        mentions: how the person is named.
        gone: the IRIs of things that went from other graphs.
        folder: of its own.

    Raises:
        ReleaseError, OSError: a dump cannot be read.
    """
    found = RedactedSources()
    search = _Search(mentions, gone)
    # Codes and numbers alone, which name nobody.
    left_out = restore_left_out_cells(release.path, folder)
    for entry in release.sources:
        name = graph(entry.name)
        kept, altered = folder / f"{entry.name}.kept", list[bytes]()
        changed = False
        with kept.open("wb") as stream:
            for quad in read_graph(release.path, release.manifest, entry.name):
                before = quad.object
                value = search.redact(quad.subject, before)
                changed = changed or value is not before
                if value is None:
                    continue
                line = f"{quad.subject} {quad.predicate} {value} {name} .\n".encode()
                # The dump is in order, and stays so but for what is altered.
                if value is before:
                    stream.write(line)
                else:
                    altered.append(line)
        path, digest, count = folder / entry.name, hashlib.sha256(), 0
        with path.open("wb") as stream:
            for line, _ in groupby(heapq.merge(read_file(kept), sorted(altered))):
                stream.write(line)
                digest.update(line)
                count += 1
        kept.unlink()
        if changed:
            entry = replace(entry, triples=count, graph_sha256=digest.hexdigest())
        told = search.redact_entry(entry)
        changed, entry = changed or told != entry, told
        found.graphs.append(SourceGraph(entry, path, left_out.get(entry.name)))
        found.changed = found.changed or changed
    found.texts = search.texts
    return found


def stated_quads(release: Release) -> Iterator[Quad]:
    """The quads of a release but for those of sources, and for what describing it credits to them.

    Without that, the version that follows from what is left is the one that a build would give.
    """
    sources = {each.name for each in release.sources}
    names = [name for name in release.manifest["counts"]["graphs"] if name not in sources]
    credited = set(credit_sources(names, release.sources))
    for name in names:
        quads = release.store.quads_for_pattern(None, None, None, graph(name))
        yield from (quad for quad in quads if quad not in credited)


class _Search:
    def __init__(self, mentions: Mentions, gone: Container[str]) -> None:
        self._mentions = mentions
        self._gone = gone
        self._known: dict[str, bool] = {}
        self.texts: set[str] = set()

    def redact(self, subject: Term, value: Term) -> Term | None:
        """`value`, what is said of `subject`, without the person; None where the triple goes."""
        if any(isinstance(each, NamedNode) and self._is_gone(each) for each in (subject, value)):
            return None
        if not isinstance(value, Literal) or not self._names(value.value):
            return value
        self.texts.add(value.value)
        text = self._mentions.redact(value.value)
        if value.language:
            return Literal(text, language=value.language)
        return Literal(text, datatype=value.datatype)

    def redact_entry(self, entry: SourceEntry) -> SourceEntry:
        """What a release says of a source, as `redact` leaves it in the source's own graph."""
        texts = [text for text in (entry.title, entry.attribution) if self._names(text)]
        self.texts.update(texts)
        return replace(
            entry,
            title=self._mentions.redact(entry.title),
            attribution=self._mentions.redact(entry.attribution),
            url="" if self._names(entry.url) else entry.url,
        )

    def _is_gone(self, node: NamedNode) -> bool:
        return node.value in self._gone or self._names(node.value)

    def _names(self, text: str) -> bool:
        # A table has few texts, each in many of its cells.
        if text not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[text] = bool(self._mentions.find(text))
        return self._known[text]
