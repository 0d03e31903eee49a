"""The dumps of a release: the whole graph, and each named graph, as files in every format.

The server sends these files wherever a graph is asked for, so that one graph has one set of bytes.
Formats of triples hold the merge of all graphs as a set; N-Quads and TriG the named graphs.
"""

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, Self

from pyoxigraph import Quad

from kzgraph.rdf.content import Content, Row, graph_name
from kzgraph.rdf.formats import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TRIPLE_FORMATS, Format
from kzgraph.rdf.graph_writer import NESTING_FORMATS, row_order, trig, write_groups, write_ordered
from kzgraph.rdf.jsonld import context_document
from kzgraph.rdf.subjects import group_by_subject

#: The folder of the dumps, the stem of their names, and the file of their checksums.
DUMPS = "dumps"
STEM = "kzgraph"
#: The current graphs as canonical N-Quads in their order, which other files are made from.
LINES = f"{DUMPS}/{STEM}.nq"
SUMS = "SHA256SUMS"
#: The text that says whose data each file has, and under which licence.
ATTRIBUTION = "ATTRIBUTION.txt"

#: Dumps that may wait for those before them to be written.
_WAITING = 3
#: 8 is 3 % smaller than 6 for nearly twice its time, and 4 is 14 % larger for two thirds of it.
GZIP_LEVEL = 6


@dataclass(frozen=True, order=True)
class File:
    """One file of a release.

    Attributes:
        path: from the folder of the release, with `/`.
        media_type: of the content; that of the uncompressed content for a compressed file.
        bytes: its size.
        sha256: hexadecimal.
        compression: `gzip` or nothing.
        graph: IRI of the one named graph it holds, if it holds one.
        licences: of what it holds, as IRIs; the manifest says them.
        sources: the names of those whose numbers are in it, of a table.
    """

    path: str
    media_type: str
    bytes: int
    sha256: str
    compression: str = ""
    graph: str = ""
    licences: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @classmethod
    def from_manifest(cls, entry: Mapping[str, Any]) -> Self:
        """The file that an entry of the manifest is about."""
        known = {each.name: entry[each.name] for each in fields(cls) if each.name in entry}
        lists = {name: tuple(entry.get(name, ())) for name in ("licences", "sources")}
        return cls(**{**known, **lists})

    @property
    def name(self) -> str:
        """What it is called below the folder of the dumps."""
        return self.path.removeprefix(f"{DUMPS}/")

    @property
    def is_dump(self) -> bool:
        """Whether it is in the folder of the dumps."""
        return self.path.startswith(f"{DUMPS}/")

    @property
    def whole(self) -> bool:
        """Whether it is a dump of the whole data set."""
        return self.name.startswith(f"{STEM}.")


def write_dumps(content: Content, root: Path, apart: Iterable[Content] = ()) -> list[File]:
    """Write the dumps below `root`/dumps, each file synced; returns the files.

    Args:
        content: all graphs, already checked by `content.check`, so that every format carries them.
        root: the folder of the release.
        apart: contents of one graph each, which the whole does not hold.
    """
    (root / DUMPS / "graphs").mkdir(parents=True)
    # Compressing, hashing and writing leave the interpreter free to make the next format.
    with ThreadPoolExecutor(2, "dumps") as pool:
        pending: list[Future[list[File]]] = []
        for stem, chosen, graph, data in chain(
            _contents(content), *(_graphs(each, _order(each)[1]) for each in apart)
        ):
            path = f"{DUMPS}/{stem}.{chosen.suffix}"
            file = File(path, chosen.media_type, 0, "", graph=graph)
            pending.append(pool.submit(_write, root, file, data, stem != "context"))
            del data
            # What waits to be written is held in memory: on a slow disk that would be all dumps.
            if len(pending) > _WAITING:
                pending[-1 - _WAITING].result()
        return sorted(file for job in pending for file in job.result())


def _contents(content: Content) -> Iterator[tuple[str, Format, str, bytes]]:
    """Stem, format, graph and bytes of each dump, the largest first.

    Sorting costs more than writing, so the order of reading is found once for all dumps.
    """
    yield STEM, N_QUADS, "", content.n_quads
    reading, by_graph = _order(content)
    yield STEM, TRIG, "", trig(reading)
    for chosen, data in _in_every_format(content.rows, reading):
        yield STEM, chosen, "", data
    del reading
    yield "context", JSON_LD, "", context_document().encode()
    yield from _graphs(content, by_graph)


def _order(content: Content) -> tuple[list[Quad], dict[str, list[Quad]]]:
    """The quads in the order of reading, all of them and those of each graph."""
    in_order = sorted(
        zip(content.rows, content.quads, strict=True), key=lambda pair: row_order(pair[0])
    )
    by_graph: dict[str, list[Quad]] = {name: [] for name in content.graphs}
    for row, quad in in_order:
        by_graph[graph_name(row[3])].append(quad)
    return [quad for _, quad in in_order], by_graph


def _graphs(
    content: Content, by_graph: Mapping[str, Iterable[Quad]]
) -> Iterator[tuple[str, Format, str, bytes]]:
    """The same of each graph alone."""
    for name, rows in content.graphs.items():
        for chosen, data in _in_every_format(rows, by_graph[name]):
            yield f"graphs/{name}", chosen, rows[0][3][1:-1], data


def _in_every_format(
    rows: Iterable[Row], reading: Iterable[Quad]
) -> Iterator[tuple[Format, bytes]]:
    """Each format of triples, and a graph in it.

    Args:
        rows: the graph in the order of lines.
        reading: the graph in the order of reading.
    """
    groups = group_by_subject(reading)
    for chosen in TRIPLE_FORMATS:
        if chosen is N_TRIPLES:
            yield chosen, "".join([f"{s} {p} {o} .\n" for s, p, o, _ in rows]).encode()
            continue
        output = BytesIO()
        if chosen in NESTING_FORMATS:
            write_groups(groups, chosen, output)
        else:
            write_ordered(reading, chosen, output)
        yield chosen, output.getvalue()


def write_file(path: Path, data: bytes) -> None:
    """Write `data` to a new file and wait until it is on the disk."""
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _write(root: Path, file: File, data: bytes, compress: bool) -> list[File]:
    files = [write_one(root, file, data)]
    if compress:
        packed = replace(file, path=file.path + ".gz", compression="gzip")
        files.append(write_one(root, packed, gzip_bytes(data)))
    return files


def write_one(root: Path, file: File, data: bytes) -> File:
    """Write `data` as `file` below `root`; `file` with its size and hash."""
    write_file(root / file.path, data)
    return replace(file, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def hash_file(root: Path, file: File) -> File:
    """`file`, which is below `root` already, with its size and hash, once it is on the disk."""
    with (root / file.path).open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
        return replace(file, bytes=stream.tell(), sha256=digest)


def gzip_bytes(data: bytes) -> bytes:
    """`data` as gzip without time or name: https://www.rfc-editor.org/rfc/rfc1952#section-2.3."""
    packed = bytearray(gzip.compress(data, GZIP_LEVEL, mtime=0))
    packed[9] = 255  # The operating system: unknown. Python releases differ in what they put here.
    return bytes(packed)


def check_sums(files: Mapping[str, str]) -> bytes:
    """The lines that `sha256sum -c` reads, from path to hexadecimal SHA-256."""
    return "".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode()
