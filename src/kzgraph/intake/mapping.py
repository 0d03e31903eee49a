"""Mapping sources: those of one table by the order of their dates, each to a file of its own."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from kzgraph.intake.describing import describe
from kzgraph.intake.joining import Joining
from kzgraph.intake.selecting import find_records, load, select_lines
from kzgraph.intake.sorting import LineSorter, UnsoundTriples
from kzgraph.iri import ID, graph, term
from kzgraph.rdf.sorted_lines import read_subjects
from kzgraph.sources import Source
from kzgraph.sources.left_out import LeftOutKind, LeftOutWriter
from kzgraph.sources.source_entries import SourceEntry, SourceGraph
from kzgraph.sources.taking import naming
from kzgraph.sources.vintages import Vintage, choose
from kzgraph_mappings.official import KINDS, MAPPERS, settle

__all__ = ["KINDS", "Mapped", "map_sources"]

#: The graphs that sources share.
_SHARED = frozenset(map(graph, ("entities", "concepts", "links")))
#: A year, as it is said of a thing.
_YEAR = re.compile(re.escape(f"{term('year')} ") + r'"(-?[0-9]+)"\^\^')
#: What a figure is about, likewise.
_SCOPE = f"{term('scope')} <{ID}"
#: How a line about a cell of an official table begins.
_CELL = f"<{ID}official/".encode()

#: Called with the name of each step.
Progress = Callable[[str], None]


@dataclass
class Mapped:
    """What the sources gave.

    Attributes:
        graphs: of each source, in the order in which they came.
        shared: of things that several sources speak of.
        official: what the current ones say of the countries of the tables' places.
        earlier: what the others say of them, each in its graph.
        told: what is to be said of the new ones: what of them is otherwise than it should be, and
            which did not become current, and why.
    """

    graphs: list[SourceGraph] = field(default_factory=list)
    shared: set[Quad] = field(default_factory=set)
    official: Store = field(default_factory=Store)
    earlier: Store = field(default_factory=Store)
    told: list[str] = field(default_factory=list)


def map_sources(
    joining: Sequence[Joining],
    current: Collection[str],
    countries: Iterable[NamedNode],
    folder: Path,
    step: Progress,
    ready: Callable[[Sequence[SourceGraph]], None] = lambda _: None,
) -> Mapped:
    """Map each source to a graph of its own.

    Args:
        joining: the sources in the order in which they came.
        current: the names of the graphs that are current already, by decision.
        countries: those of the tables' places.
        folder: where the graphs are written; it is there.
        step: called with the name of each step.
        ready: called with the graphs as soon as they are files.

    Raises:
        SourceFaults: a file is faulty.
        UnsoundTriples: a mapper is.
        OSError: the disk fails.
    """
    found = Mapped()
    claims: dict[str, str] = {}
    made: dict[str, tuple[SourceGraph, Vintage]] = {}
    for each in _in_order_of_claims(joining):
        cells: list[SourceGraph] = []
        if KINDS[each.source.kind].after_others:
            cells = _find_current(joining, made, current)
        sink = _Sink(each.source, folder, found.shared, claims, step, cells)
        with naming(each.shown):
            MAPPERS[each.source.kind](each.source, sink)
        made[each.source.name] = sink.finish(each.packaged), sink.vintage()
        if each.new:
            found.told += sink.told
    found.shared = set(settle(found.shared))
    place = _choose_current(
        joining, {name: vintage for name, (_, vintage) in made.items()}, current
    )
    found.told += place.told
    for each in joining:
        name = each.source.name
        entry = replace(
            made[name][0].entry,
            current=name not in place.replaced_by,
            replaced_by=place.replaced_by.get(name, ""),
        )
        found.graphs.append(replace(made[name][0], entry=entry))
    ready(found.graphs)
    # The parts of a record may be in one file, and which country it concerns in another.
    of_records = [each.source for each in joining if KINDS[each.source.kind].records]
    records = find_records((made[each.name][0].path for each in of_records), countries)
    for made_of in found.graphs:
        into = found.official if made_of.entry.current else found.earlier
        kind = KINDS[made_of.entry.kind]
        wanted = records if kind.records or kind.after_others else None
        load(into, select_lines(made_of.path, countries, wanted))
    return found


def _find_current(
    joining: Sequence[Joining],
    made: Mapping[str, tuple[SourceGraph, Vintage]],
    current: Collection[str],
) -> list[SourceGraph]:
    """The graphs made so far that a plain query will meet: notes are on no other cells."""
    before = [each for each in joining if each.source.name in made]
    every = {name: vintage for name, (_, vintage) in made.items()}
    hidden = _choose_current(before, every, current).replaced_by
    return [graph for name, (graph, _) in made.items() if name not in hidden]


def _in_order_of_claims(joining: Sequence[Joining]) -> list[Joining]:
    """Those that claim records first, first: by date, and of one date those that came last.

    What speaks of the cells of others comes after them.
    """
    numbered = list(enumerate(joining))
    numbered.sort(key=lambda pair: (pair[1].source.date, pair[0]), reverse=True)
    ordered = [each for _, each in numbered]
    return sorted(ordered, key=lambda each: KINDS[each.source.kind].after_others)


@dataclass
class _Places:
    replaced_by: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


def _choose_current(
    joining: Sequence[Joining], every: Mapping[str, Vintage], current: Collection[str]
) -> _Places:
    """By name of a graph that is not current the one that has its place."""
    found = _Places()
    decided = set(current)
    new = {str(every[each.source.name]) for each in joining if each.new}
    for kind in dict.fromkeys(each.source.kind for each in joining):
        if KINDS[kind].records:
            continue
        vintages = [every[each.source.name] for each in joining if each.source.kind == kind]
        names = [each.source.name for each in vintages]
        before = next((name for name in names if name in decided), "")
        choice = choose(vintages, before)
        found.replaced_by |= {name: choice.current for name in names if name != choice.current}
        found.told += [told for told in choice.told if any(told.startswith(each) for each in new)]
    return found


class _Sink:
    """Takes what one source gives."""

    def __init__(
        self,
        source: Source,
        folder: Path,
        shared: set[Quad],
        claims: dict[str, str],
        step: Progress,
        others: Sequence[SourceGraph],
    ) -> None:
        self._source, self._shared, self._claims, self._step = source, shared, claims, step
        self._others = others
        self._left_out = LeftOutWriter(folder / f"{source.name}.csv.gz")
        self._years: set[int] = set()
        self._places: set[str] = set()
        self._sorter = LineSorter(graph(source.name), folder, f"{source.name}.nq", self._notice)
        self._rows = 0
        self.told: list[str] = []
        step(f"Mapping {source.name}")
        for triple in describe(source):
            self._sorter.add(triple)

    def line(self, triple: str) -> None:
        self._sorter.add(triple)

    def thing(self, subject: str, said: Iterable[str]) -> None:
        self._sorter.add_thing(subject, said)

    def _notice(self, said: str) -> None:
        """Keep the year, or the place, that is said of a thing."""
        year = _YEAR.match(said)
        if year:
            self._years.add(int(year[1]))
        elif said.startswith(_SCOPE):
            self._places.add(said.removeprefix(_SCOPE).removesuffix(">"))

    def leave_out(
        self, row: int, properties: Sequence[str], cells: Sequence[tuple[LeftOutKind, str]]
    ) -> None:
        self._left_out.add(row, properties, cells)

    def share(self, quads: Iterable[Quad]) -> None:
        for quad in quads:
            if quad.graph_name not in _SHARED:
                raise UnsoundTriples(f"{quad.graph_name} is not a graph that sources share")
            self._shared.add(quad)

    def claim(self, key: str) -> bool:
        return self._claims.setdefault(key, self._source.name) == self._source.name

    def advance(self, rows: int) -> None:
        self._rows += rows
        self._step(f"Mapping {self._source.name}: {self._rows:,} rows")

    def tell(self, what: str) -> None:
        self.told.append(f"{self._source.name}: {what}")

    def cells(self, kinds: Iterable[str]) -> Iterator[str]:
        wanted = set(kinds)
        graphs = [made for made in self._others if made.entry.kind in wanted]
        for each in graphs:
            for subject, _ in read_subjects(each.path):
                if subject.startswith(_CELL):
                    yield subject[1:-2].decode()

    def vintage(self) -> Vintage:
        """The source with what it is about, once all of it is mapped."""
        return Vintage(self._source, frozenset(self._years), frozenset(self._places))

    def finish(self, packaged: bool) -> SourceGraph:
        """The graph, not yet known to be current or not."""
        made, source = self._sorter.finish(), self._source
        entry = SourceEntry(
            name=source.name,
            kind=source.kind,
            sha256=source.sha256,
            title=source.title,
            licence=source.licence,
            attribution=source.attribution,
            url=source.url,
            date=source.date,
            whole=source.whole,
            rows=self._rows,
            triples=made.triples,
            graph_sha256=made.sha256,
            years=tuple(sorted(self._years)),
            packaged=packaged,
            current=True,
            replaced_by="",
        )
        return SourceGraph(entry, made.path, self._left_out.finish())
