"""The dumps as parsed by rdflib."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO

import rdflib
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)
from rdflib.util import guess_format

from kzgraph.cross_check.outcome import Comparison, compare_items
from kzgraph.iri import GRAPH, graph
from kzgraph.rdf.formats import GRAPH_FORMATS, N_QUADS, N_TRIPLES, QUAD_FORMATS, Format
from kzgraph.rdf.rdflib_terms import from_rdflib, keep_lexical_forms
from kzgraph.release import Release
from kzgraph.release.dumps import File

#: The most triples of a dump that rdflib reads as a whole: half a million take 1 GB of memory and
#: half a minute.
MOST_READ = 500_000
#: Of a larger one in lines, so many are read, in pieces of so many.
OF_A_LARGE = 200_000
_PIECE = 10_000

_BY_SUFFIX = {f".{each.suffix}": each for each in GRAPH_FORMATS}
_HOW = "Every triple or quad that rdflib reads, blank nodes named canonically (RDFC-1.0)."
_HOW_IN_PIECES = (
    f"Pieces of {_PIECE:,} lines, spread evenly, as rdflib reads them, each line looked up in the "
    "store; and the number of all lines."
)
_TOO_LARGE = (
    f"More than {MOST_READ:,} triples, which rdflib would hold in memory, in a format that cannot "
    "be read in pieces; kzgraph verify-release compares its bytes with the manifest."
)


def compare_dumps(release: Release, version: str) -> Iterator[Comparison]:
    """Compare each dump of a release, as parsed by rdflib, with what its stores hold.

    Args:
        release: on disk.
        version: of rdflib.
    """
    reference = f"rdflib {version}"
    whole = _Whole(release)
    for path, file in sorted(release.files.items()):
        known = _BY_SUFFIX.get(Path(path).suffix)
        if known is None or file.compression or not (file.whole or file.graph):
            continue
        size = _count(release, file)
        if size <= MOST_READ:
            expected = (
                whole.expected(known) if file.whole else _canonicalize(_merged(release, file))
            )
            found = _read(release.path / path, known)
            yield compare_items(path, reference, _HOW, expected, found)
        elif known in (N_QUADS, N_TRIPLES):
            yield _compare_pieces(release, file, known, size, reference)
        else:
            yield Comparison(path, reference, _TOO_LARGE, None)


class _Whole:
    """What the dumps of all graphs should hold, canonical and sorted, made when it is needed."""

    def __init__(self, release: Release) -> None:
        self._release = release

    @cached_property
    def _named(self) -> list[str]:
        return _canonicalize(self._release.store)

    @cached_property
    def _merge(self) -> list[str]:
        return _canonicalize(map(_drop_graph, self._release.store))

    def expected(self, known: Format) -> list[str]:
        """The same for a format."""
        return self._named if known in QUAD_FORMATS else self._merge


def _count(release: Release, file: File) -> int:
    """How many triples a dump should have."""
    counts: dict[str, int] = release.manifest["counts"]["graphs"]
    if file.whole:
        return sum(counts.values())
    return (counts | release.superseded).get(file.graph.removeprefix(GRAPH), 0)


def _store_of(release: Release, file: File) -> Store:
    """The store that has what a dump should hold."""
    if file.graph.removeprefix(GRAPH) not in release.superseded:
        return release.store
    assert release.vintages is not None  # noqa: S101 - it has superseded graphs
    return release.vintages.store


def _merged(release: Release, file: File) -> Iterator[Quad]:
    """The triples of one graph."""
    name = graph(file.graph.removeprefix(GRAPH))
    return map(_drop_graph, _store_of(release, file).quads_for_pattern(None, None, None, name))


def _compare_pieces(
    release: Release, file: File, known: Format, size: int, reference: str
) -> Comparison:
    """Compare a part of a dump whose lines are quads or triples, without those of blank nodes."""
    store = _store_of(release, file)
    name = graph(file.graph.removeprefix(GRAPH)) if file.graph else None
    expected: list[str] = []
    found: list[str] = []
    nth, count, number = -(-size // OF_A_LARGE), 0, 0
    with (release.path / file.path).open("rb") as stream:
        while piece := list(islice(stream, _PIECE)):
            count += len(piece)
            if number % nth == 0:
                lines = b"".join(line for line in piece if not _has_blank_node(line))
                expected += _known_lines(lines, known, store, name)
                found += _read(BytesIO(lines), known)
            number += 1
    if count != size:
        found.append(f"{count:,} lines in place of {size:,}")
    left = f"Compared are {len(expected):,} of {size:,} lines, since rdflib takes a minute and 2 GB"
    return compare_items(
        *(file.path, reference, _HOW_IN_PIECES, expected, found), f"{left} for a million."
    )


def _has_blank_node(line: bytes) -> bool:
    return line.startswith(b"_:") or b" _:" in line


def _known_lines(
    lines: bytes, known: Format, store: Store, name: NamedNode | None
) -> Iterator[str]:
    """Of lines those whose quads, or triples of the graph `name`, are in a store."""
    syntax = RdfFormat.N_QUADS if known is N_QUADS else RdfFormat.N_TRIPLES
    try:
        for quad in parse(lines, syntax):
            where = quad.graph_name if known is N_QUADS else name
            triple = quad.subject, quad.predicate, quad.object
            if any(True for _ in store.quads_for_pattern(*triple, where)):
                yield str(quad)
    except (SyntaxError, ValueError):
        return  # rdflib has lines that are not here, or says that it cannot read them.


def _read(source: Path | IO[bytes], known: Format) -> list[str]:
    """What rdflib reads of a file, canonical and sorted; or, as the only item, why it cannot."""
    try:
        with keep_lexical_forms():
            return _parse(source, known)
    except Exception as error:  # Each parser of rdflib has its own exceptions.
        return [f"cannot be read: {' '.join(str(error).split())[:200]}"]


def _parse(source: Path | IO[bytes], known: Format) -> list[str]:
    has_graphs, syntax = known in QUAD_FORMATS, guess_format(f"dump.{known.suffix}")
    found = rdflib.Dataset()
    (found if has_graphs else found.default_graph).parse(source, format=syntax)
    return _canonicalize(
        Quad(
            _node(subject),
            NamedNode(str(predicate)),
            from_rdflib(obj),
            NamedNode(str(where)) if has_graphs else DefaultGraph(),
        )
        for subject, predicate, obj, where in found.quads()
    )


def _node(node: rdflib.term.Node) -> NamedNode | BlankNode:
    found = from_rdflib(node)
    if isinstance(found, Literal):
        raise TypeError(f"{node} cannot be a subject")
    return found


def _drop_graph(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)


def _canonicalize(quads: Iterable[Quad]) -> list[str]:
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, found))
