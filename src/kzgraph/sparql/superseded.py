"""Superseded graphs: the older vintages of a table, which a query meets only where it names them.

They tell of the same cells as the current vintage, so they are in no union. A release that has any
has a second store, with every graph under its name, and with the current ones merged in its default
graph: pyoxigraph 0.5 looks a triple up in each graph of a list, which for 122 graphs took a hundred
times as long as in one.

https://www.w3.org/TR/sparql11-query/#rdfDataset leaves to the endpoint what a query is about that
names no data set. Here it is the current graphs, by name and as the default graph; and by name also
the superseded graphs that the query names by their IRIs, wherever in it. One that asks what
`dcterms:replaces` another, or `dcterms:isReplacedBy`, names all of them.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kzgraph.iri import GRAPH
from kzgraph.namespaces import DCT
from kzgraph.problem import Problem
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.dataset import Dataset, resolve_names
from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.tree import Graph

#: The folder of the second store, next to that of the first.
ALL_GRAPHS = "store-all"
_MANIFEST = "manifest.json"

#: Between the graphs of two vintages; whoever asks for these names every graph that they lead to.
_BETWEEN = frozenset((DCT["replaces"], DCT["isReplacedBy"]))
#: Quads of a default graph that has to be merged for one query: they take 4 s and 150 MiB.
_MOST_MERGED = 500_000


def read_superseded(manifest: Mapping[str, Any]) -> dict[str, int]:
    """The names of the superseded graphs of a release, with their numbers of triples."""
    sources = manifest.get("sources", ())
    return {each["name"]: each["triples"] for each in sources if not each["current"]}


@dataclass(frozen=True)
class Tables:
    """What the graphs of sources are of.

    Attributes:
        superseded: the names of the graphs that a query has to name.
        tables: the table that each graph of a source is of, by its name: graphs of one table may
            have triples in common, and no other graphs have.
    """

    superseded: frozenset[NamedNode]
    tables: Mapping[NamedNode, str]

    @classmethod
    def of_manifest(cls, manifest: Mapping[str, Any]) -> "Tables":
        """Those of the release with this manifest."""
        superseded = frozenset(NamedNode(GRAPH + name) for name in read_superseded(manifest))
        sources = manifest.get("sources", ())
        return cls(
            superseded, {NamedNode(GRAPH + each["name"]): str(each["kind"]) for each in sources}
        )

    def find_named(self, analysis: Analysis) -> frozenset[NamedNode]:
        """The superseded graphs that the query names, if it has any use for a graph's name.

        Raises:
            SyntaxError: the store's parser refuses a name.
        """
        if analysis.query is None or not any(analysis.query.find(Graph)):
            return frozenset()
        body = analysis.tokens[analysis.start :]
        names = {each.text: each for each in body if each.kind in (Kind.IRI, Kind.NAME)}
        resolved = frozenset(resolve_names(analysis, names.values()))
        return resolved & self.superseded if resolved.isdisjoint(_BETWEEN) else self.superseded

    def are_named(self, dataset: Dataset) -> bool:
        """Whether a superseded graph is in a data set that was named."""
        named = (*(dataset.default or ()), *(dataset.named or ()))
        return not self.superseded.isdisjoint(named)

    def find_overlap(self, graphs: Iterable[NamedNode]) -> list[NamedNode]:
        """Those of `graphs` that may have triples in common, in order."""
        graphs = list(graphs)
        counts = Counter(self.tables[each] for each in graphs if each in self.tables)
        shared = {self.tables[each] for each in graphs if each in self.superseded}
        return [
            each for each in graphs if (of := self.tables.get(each)) in shared and counts[of] > 1
        ]


@dataclass(frozen=True)
class Vintages:
    """The graphs of a release, superseded ones among them.

    Attributes:
        store: all of them by name; its default graph is the merge of the current ones.
        tables: which of them are superseded.
    """

    store: Store
    tables: Tables

    @property
    def superseded(self) -> frozenset[NamedNode]:
        """The names of the graphs that a query has to name."""
        return self.tables.superseded

    def add_to_current(self, named: frozenset[NamedNode]) -> Dataset:
        """The data set of the current graphs, with these superseded ones by name."""
        if named == self.superseded:
            return Dataset(None, None)  # A list of graphs is slower, at worst twenty times.
        every = self.store.named_graphs()
        return Dataset(
            None,
            tuple(
                name
                for name in every
                if isinstance(name, NamedNode) and (name in named or name not in self.superseded)
            ),
        )

    def merge(self, dataset: Dataset, overlap: Iterable[NamedNode]) -> Store:
        """A store of the data set alone, its default graph a set of triples.

        Raises:
            Problem: 422, where that is too much for one query.
        """
        merged = Store()
        merged.bulk_extend(self._read(dataset, overlap))
        return merged

    def _read(self, dataset: Dataset, overlap: Iterable[NamedNode]) -> Iterator[Quad]:
        count = 0
        places: list[tuple[NamedNode, NamedNode | DefaultGraph]] = [
            *((each, DefaultGraph()) for each in dataset.default or ()),
            *((each, each) for each in dataset.named or ()),
        ]
        for name, target in places:
            for quad in self.store.quads_for_pattern(None, None, None, name):
                count += 1
                if count > _MOST_MERGED:
                    raise Problem(422, explain_overlap(overlap, _MOST_MERGED))
                yield Quad(quad.subject, quad.predicate, quad.object, target)


def explain_overlap(overlap: Iterable[NamedNode], most: int = 0) -> str:
    """Why these graphs are not merged into one default graph."""
    names = " and ".join(each.value.removeprefix(GRAPH) for each in overlap)
    limit = (
        f", and together with the rest of the data set more than {most:,} triples" if most else ""
    )
    return (
        f"The graphs {names} are vintages of one table and have triples in common{limit}: they "
        "cannot be merged here. Name them by FROM NAMED, and ask each by GRAPH."
    )


def choose_data(
    analysis: Analysis, dataset: Dataset | None, store: Store, vintages: Vintages | None
) -> tuple[Store, Dataset | None]:
    """The store that a query is evaluated on, and its data set there.

    Args:
        analysis: of the query.
        dataset: the one that it or its request names.
        store: the current graphs.
        vintages: of the release, where it has superseded graphs.

    Raises:
        Problem: 422, where it would merge too much.
        SyntaxError: the store's parser refuses a name.
    """
    if vintages is None:
        return store, dataset
    if dataset is None:
        named = vintages.tables.find_named(analysis)
        return (vintages.store, vintages.add_to_current(named)) if named else (store, None)
    if not vintages.tables.are_named(dataset):
        return store, dataset
    overlap = vintages.tables.find_overlap(dataset.default or ())
    if overlap:
        return vintages.merge(dataset, overlap), Dataset(None, dataset.named)
    return vintages.store, dataset


def open_vintages(store: Path) -> Vintages | None:
    """The vintages of the release whose store is in the folder `store`; None if it has none.

    Raises:
        OSError, ValueError: they cannot be read.
    """
    folder = store.with_name(ALL_GRAPHS)
    if not folder.is_dir():
        return None
    manifest = json.loads((store.parent / _MANIFEST).read_bytes())
    return Vintages(Store.read_only(str(folder)), Tables.of_manifest(manifest))
