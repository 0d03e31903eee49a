"""Mapping official files in tests: a sink that keeps what it gets, and files of a few rows."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, parse

from kzgraph.iri import graph
from kzgraph.sources import Mapper, Source, SourceFaults
from kzgraph.sources.left_out import LeftOutKind

#: The header of the population table in the API's layout.
POPULATION = (
    "year,coo_name,coo,coo_iso,coa_name,coa,coa_iso,refugees,asylum_seekers,returned_refugees,"
    "idps,returned_idps,stateless,ooc,oip,hst"
)


class KeepingSink:
    """Keeps the lines and quads that a mapper writes."""

    def __init__(self, name: str = "source", known: Iterable[str] = ()) -> None:
        self.name = name
        self.known = tuple(known)
        self.lines: list[str] = []
        self.left_out: list[tuple[LeftOutKind, int, Sequence[str], str]] = []
        self.shared: set[Quad] = set()
        self.rows = 0
        self.told: list[str] = []

    def line(self, triple: str) -> None:
        self.lines.append(triple)

    def thing(self, subject: str, said: Iterable[str]) -> None:
        self.lines += [f"{subject} {each}" for each in said]

    def leave_out(
        self, row: int, properties: Sequence[str], cells: Sequence[tuple[LeftOutKind, str]]
    ) -> None:
        self.left_out += [(kind, row, properties, objects) for kind, objects in cells]

    def share(self, quads: Iterable[Quad]) -> None:
        self.shared.update(quads)

    def claim(self, key: str) -> bool:
        return True

    def advance(self, rows: int) -> None:
        self.rows += rows

    def cells(self, kinds: Iterable[str]) -> Iterator[str]:
        yield from self.known

    def tell(self, what: str) -> None:
        self.told.append(what)

    def quads(self) -> Iterator[Quad]:
        """The lines in a graph called like their source, and what is shared."""
        text = "".join(f"{line} .\n" for line in self.lines)
        for quad in parse(text.encode(), RdfFormat.N_TRIPLES):
            yield Quad(quad.subject, quad.predicate, quad.object, graph(self.name))
        yield from self.shared

    def store(self) -> Store:
        """The lines as a graph of their own (the default one), and what is shared."""
        text = "".join(f"{line} .\n" for line in self.lines)
        store = Store()
        store.load(text.encode(), RdfFormat.N_TRIPLES)
        store.extend(self.shared)
        return store


def a_source(kind: str, path: Path, licence: str = "") -> Source:
    return Source(kind, path, "0" * 64, "A table", licence, "Who made it")


def a_file(folder: Path, lines: Sequence[str] | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    data = lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(data)
    return path


def map_with(mapper: Mapper, source: Source) -> KeepingSink:
    sink = KeepingSink(source.name)
    mapper(source, sink)
    return sink


def faults_of(mapper: Mapper, source: Source) -> list[str]:
    """What a mapper says of a faulty file; fails where it says nothing."""
    try:
        mapper(source, KeepingSink())
    except SourceFaults as refused:
        return [str(fault) for fault in refused.faults]
    raise AssertionError(f"{source.path.name} was taken")
