"""Reading sorted N-Quads of any size subject by subject.

A line costs a comparison and no object of a term: a million of them is read in a quarter of a
second.
"""

import heapq
from collections.abc import Iterable, Iterator
from io import SEEK_END
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias

#: A subject in N-Triples form with the space behind it, by which lines are in order, and its lines.
About: TypeAlias = tuple[bytes, list[bytes]]

#: Bytes that are read together.
PIECE = 1 << 20


def read_subjects(path: Path) -> Iterator[About]:
    """The subjects of a file of sorted N-Quads, each with all its lines.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        yield from group_pieces(iter(lambda: stream.readlines(PIECE), []))


def group_pieces(pieces: Iterable[list[bytes]]) -> Iterator[About]:
    """The subjects of sorted lines that come in pieces."""
    subject, about = b"\n", list[bytes]()
    for lines in pieces:
        for line in lines:
            if line.startswith(subject):
                about.append(line)
            else:
                if about:
                    yield subject, about
                subject, about = line[: line.index(b" ") + 1], [line]
    if about:
        yield subject, about


def merge_subjects(*sides: Iterable[About]) -> Iterator[tuple[bytes, list[list[bytes]]]]:
    """Each subject of any side in order, with its lines on each side that has some."""
    subject, found = b"", list[list[bytes]]()
    for name, lines in heapq.merge(*sides, key=itemgetter(0)):
        if name == subject:
            found.append(lines)
        else:
            if found:
                yield subject, found
            subject, found = name, [lines]
    if found:
        yield subject, found


def find_subject(path: Path, prefix: bytes) -> list[bytes]:
    """The lines of a sorted file that begin with `prefix`, found by halving the file."""
    found: list[bytes] = []
    with path.open("rb") as stream:
        low, high = 0, stream.seek(0, SEEK_END)
        while low < high:
            middle = (low + high) // 2
            stream.seek(middle)
            if middle:
                stream.readline()  # The rest of a line, whose start decides nothing.
            line = stream.readline()
            if line and line < prefix:
                low = middle + 1
            else:
                high = middle
        stream.seek(low)
        if low:
            stream.readline()
        for line in stream:
            if not line.startswith(prefix):
                break
            found.append(line)
    return found


def split_end(end: bytes) -> tuple[str, str, str]:
    """Property, value and graph of a line of N-Quads without its subject, in N-Triples form."""
    name, rest = end.decode().split(" ", 1)
    value, where, _ = rest.rsplit(" ", 2)
    return name, value, where
