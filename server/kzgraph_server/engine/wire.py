"""Frames between the pool and a worker, over a stream socket.

A frame is a kind (one byte), the length of its payload (four bytes, most significant first), and
the payload. The pool sends JOB; the worker answers with one HEADER, any number of DATA and one
END, or with PROBLEM in place of any of them. READY comes once, before the first job, with the
worker's process id, and FAULT at any time, with a line for the server's log.
"""

import json
from collections.abc import Hashable, Iterator
from functools import lru_cache
from struct import Struct
from typing import Any

from kzgraph.problem import Problem
from kzgraph.sparql.job import Header, Job

READY = ord("R")
JOB = ord("J")
HEADER = ord("H")
DATA = ord("D")
END = ord("E")
PROBLEM = ord("P")
FAULT = ord("F")

#: The most bytes of data in one frame.
CHUNK = 64 * 1024
#: A longer frame is a fault: the front bounds a query far below this.
_MOST = 64 * 1024 * 1024

_PREFIX = Struct("!BI")


class WireError(Exception):
    """The other side sent something that is not a frame."""


def frame(kind: int, payload: bytes | bytearray = b"") -> bytes:
    """The bytes of a frame."""
    return _PREFIX.pack(kind, len(payload)) + payload


def message(kind: int, content: Any) -> bytes:
    """A frame that holds `content` as JSON."""
    return frame(kind, json.dumps(content).encode("ascii"))


def read(payload: bytes) -> Any:
    """The content of a frame made by `message`."""
    return json.loads(payload)


def job_frame(job: Job) -> bytes:
    """The frame of `job`: its terms as JSON, what few have as JSON if it has any, its query."""
    rare = (job.default_graphs, job.named_graphs, job.endpoints, job.written)
    parts = (
        _encode((job.offers, job.timeout, job.max_rows, job.offset, job.hxl)),
        json.dumps(rare).encode() if any(rare) else b"",
        job.query.encode("utf-8", "surrogatepass"),
    )
    return frame(JOB, b"\n".join(parts))


def read_job(payload: bytes) -> Job:
    """The job in the payload of a JOB frame."""
    terms, rare, query = payload.split(b"\n", 2)
    offers, timeout, max_rows, offset, hxl = _decode(terms)
    *listed, written = json.loads(rare) if rare else ((), (), (), "")
    default_graphs, named_graphs, endpoints = map(tuple, listed)
    text = query.decode("utf-8", "surrogatepass")
    return Job(
        text,
        default_graphs,
        named_graphs,
        tuple(offers),
        timeout,
        max_rows=max_rows,
        offset=offset,
        hxl=hxl,
        endpoints=endpoints,
        written=written,
    )


def header_frame(header: Header) -> bytes:
    """The frame of `header`."""
    plain = _encode((header.content_type, header.format, header.volatile, header.answered_by))
    more = json.dumps(header.headers).encode() if header.headers else b""
    return frame(HEADER, plain + b"\n" + more)


def read_header(payload: bytes) -> Header:
    """The header in the payload of a HEADER frame."""
    plain, more = payload.split(b"\n", 1)
    content_type, name, volatile, answered_by = _decode(plain)
    return Header(content_type, name, json.loads(more) if more else {}, volatile, answered_by)


def problem_frame(problem: Problem) -> bytes:
    """The frame of `problem`."""
    return message(PROBLEM, [problem.status, problem.detail, problem.headers, problem.members])


def read_problem(payload: bytes) -> Problem:
    """The problem in the payload of a PROBLEM frame."""
    status, detail, headers, members = json.loads(payload)
    return Problem(status, detail, headers, **members)


# Most queries differ in nothing else: reading and writing JSON would take as long as they do.
@lru_cache(maxsize=64)
def _encode(content: Hashable) -> bytes:
    return json.dumps(content).encode("ascii")


@lru_cache(maxsize=64)
def _decode(data: bytes) -> Any:
    return json.loads(data)


class Decoder:
    """Decodes frames from a stream of bytes in chunks of any size."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The kinds and payloads of the frames that `data` completes.

        Raises:
            WireError: a frame is too long.
        """
        if self._pending:
            self._pending += data
            data = bytes(self._pending)
        start, size = 0, len(data)
        while size - start >= _PREFIX.size:
            kind, length = _PREFIX.unpack_from(data, start)
            if length > _MOST:
                raise WireError(f"a frame of {length} bytes")
            end = start + _PREFIX.size + length
            if end > size:
                break
            yield kind, data[start + _PREFIX.size : end]
            start = end
        self._pending = bytearray(data[start:])
