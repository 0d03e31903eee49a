"""What of a release other programs validate: all of it, or a part that they can hold.

Every shape looks at a thing and at what it refers to, so a part of the things is as good a test of
two engines as all of them. Superseded graphs tell of the cells that current ones tell of, and are
validated, as in a build, apart from these.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import NamedNode, Quad, Store

from kzgraph.iri import graph
from kzgraph.release import Release
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.validation.inputs import SHAPES_GRAPH

#: The most triples of graphs that are not of sources: pySHACL and rdflib take 20 s and 100 MB of
#: memory for 50,000.
MOST_TRIPLES = 300_000
#: Of a graph of a source that has more triples, so many are validated.
OF_A_SOURCE = 20_000
#: How many superseded graphs of a table are validated, the newest first.
VINTAGES = 3


@dataclass
class Sample:
    """Quads that are validated together.

    Attributes:
        what: which part of the release, in words.
        quads: these, the graph `shapes` aside; none where they are too many.
        left_out: what of the part is not among them, and why; nothing if all is.
    """

    what: str
    quads: Sequence[Quad] = ()
    left_out: str = ""


def own_quads(release: Release) -> Iterator[Quad]:
    """The quads of a release but for those of sources, one by one."""
    sources = {each.name for each in release.sources}
    for name in release.manifest["counts"]["graphs"]:
        if name not in sources:
            yield from release.store.quads_for_pattern(None, None, None, graph(name))


def choose_samples(release: Release) -> Iterator[Sample]:
    """What is validated of a release: what a plain query meets, then vintages before it."""
    sources = [each for each in release.sources if each.current]
    names = {each.name for each in release.sources} | {"shapes"}
    counts: dict[str, int] = release.manifest["counts"]["graphs"]
    size = sum(count for name, count in counts.items() if name not in names)
    if size > MOST_TRIPLES:
        why = f"More than {MOST_TRIPLES:,} triples beside the sources: pySHACL would take hours."
        yield Sample("all graphs", left_out=why)
        return
    own = [quad for quad in own_quads(release) if quad.graph_name != SHAPES_GRAPH]
    yield _sample("what a plain query meets", own, release.store, sources)
    rounds, rest = _choose_superseded(release)
    for number, entries in enumerate(rounds, 1):
        assert release.vintages is not None  # noqa: S101 - it has superseded graphs
        what = f"superseded graphs, {number} of {len(rounds)}"
        found = _sample(what, own, release.vintages.store, entries)
        if rest and number == len(rounds):
            left = f"Not validated, as graphs before these: {', '.join(rest)}."
            found.left_out = f"{found.left_out} {left}".strip()
        yield found


def _choose_superseded(release: Release) -> tuple[list[list[SourceEntry]], list[str]]:
    """Superseded graphs that are validated together, one of each table; names of the others."""
    by_table: dict[str, list[SourceEntry]] = defaultdict(list)
    for each in release.sources:
        if not each.current:
            by_table[each.kind].append(each)
    for entries in by_table.values():
        entries.sort(key=lambda each: each.date, reverse=True)
    most = min(VINTAGES, max(map(len, by_table.values()), default=0))
    rounds = [
        [entries[number] for entries in by_table.values() if number < len(entries)]
        for number in range(most)
    ]
    return rounds, [each.name for entries in by_table.values() for each in entries[most:]]


def _sample(what: str, own: Iterable[Quad], store: Store, sources: Iterable[SourceEntry]) -> Sample:
    """The quads `own`, and those of the graphs of `sources` in `store`, or every nth thing."""
    quads = list(own)
    left: list[str] = []
    for each in sources:
        before = len(quads)
        quads += _every_nth(store, graph(each.name), -(-each.triples // OF_A_SOURCE))
        missing = each.triples - (len(quads) - before)
        if missing:
            left.append(f"{missing:,} of {each.triples:,} triples of {each.name}")
    told = f"Left out, whole things spread evenly: {'; '.join(left)}." if left else ""
    return Sample(what, quads, told)


def _every_nth(store: Store, name: NamedNode, nth: int) -> Iterator[Quad]:
    """What a graph says of every nth of its things."""
    quads = store.quads_for_pattern(None, None, None, name)
    for number, (_, about) in enumerate(groupby(quads, lambda quad: quad.subject)):
        if number % nth == 0:
            yield from about
