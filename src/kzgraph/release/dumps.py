"""The dumps of a release: one content in six formats, each plain and compressed.

The formats of triples hold the merge of all graphs as a set, those of quads the named graphs.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from kzgraph.rdf.content import Content
from kzgraph.rdf.jsonld import JsonLdWriter
from kzgraph.rdf.rdfxml import rdf_xml
from kzgraph.rdf.turtle import TurtleWriter

#: The folder of the dumps, the stem of their names, and the file of their checksums.
DUMPS = "dumps"
STEM = "kzgraph"
SUMS = "SHA256SUMS"

#: Suffix to media type, in the order in which pages list them.
MEDIA_TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}

#: 8 is 12 % smaller than 6 for twice its 20 ms per 4 MB; 9 is 2 % smaller for five times.
_LEVEL = 8


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
    """

    path: str
    media_type: str
    bytes: int
    sha256: str
    compression: str = ""
    graph: str = ""


def write_dumps(content: Content, root: Path, prefixes: Mapping[str, str]) -> list[File]:
    """Write the dumps below `root`/dumps, each file synced, and tell what was written."""
    (root / "dumps" / "graphs").mkdir(parents=True)
    # Compressing, hashing and writing leave the interpreter free to make the next format.
    with ThreadPoolExecutor(2, "dumps") as pool:
        pending: list[Future[list[File]]] = []
        for name, media_type, graph, data in _contents(content, prefixes):
            file = File(f"dumps/{name}", media_type, 0, "", graph=graph)
            compress = name != "context.jsonld"
            pending.append(pool.submit(_write, root, file, data, compress))
        return sorted(file for job in pending for file in job.result())


def _contents(
    content: Content, prefixes: Mapping[str, str]
) -> Iterator[tuple[str, str, str, bytes]]:
    """Name, media type, graph and bytes of each dump, the largest first."""
    yield f"{STEM}.nq", MEDIA_TYPES["nq"], "", content.n_quads
    yield f"{STEM}.nt", MEDIA_TYPES["nt"], "", content.n_triples
    yield f"{STEM}.rdf", MEDIA_TYPES["rdf"], "", rdf_xml(content, prefixes)
    turtle = TurtleWriter(content, prefixes)
    yield f"{STEM}.ttl", MEDIA_TYPES["ttl"], "", turtle.merge()
    yield f"{STEM}.trig", MEDIA_TYPES["trig"], "", turtle.data_set()
    json_ld = JsonLdWriter(content, prefixes)
    yield f"{STEM}.jsonld", MEDIA_TYPES["jsonld"], "", json_ld.data_set()
    yield "context.jsonld", MEDIA_TYPES["jsonld"], "", json_ld.context()
    for name, rows in content.graphs.items():
        yield f"graphs/{name}.ttl", MEDIA_TYPES["ttl"], rows[0][3][1:-1], turtle.graph(name)


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
        files.append(write_one(root, packed, compressed(data)))
    return files


def write_one(root: Path, file: File, data: bytes) -> File:
    """Write `data` as `file` below `root`; `file` with its size and hash."""
    write_file(root / file.path, data)
    return replace(file, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def compressed(data: bytes) -> bytes:
    """`data` as gzip without time or name: https://www.rfc-editor.org/rfc/rfc1952#section-2.3."""
    packed = bytearray(gzip.compress(data, _LEVEL, mtime=0))
    packed[9] = 255  # The operating system: unknown. Python releases differ in what they put here.
    return bytes(packed)


def check_sums(files: Mapping[str, str]) -> bytes:
    """The lines that `sha256sum -c` reads, from path to hexadecimal SHA-256."""
    return "".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode()
