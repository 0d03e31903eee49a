"""Answers kept in memory: a release never changes, so an answer to it stays right.

The event loop is the only user of a cache, so nothing is locked.
"""

import base64
import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

from kzgraph_server.front.compression import compress

Fields = tuple[tuple[bytes, bytes], ...]

#: What an entry costs beside its body: keys, header fields, objects. Measured with tracemalloc on
#: a thousand small answers, rounded up.
_OVERHEAD = 2_000


@dataclass(slots=True)
class Stored:
    """An answer ready to be sent.

    Attributes:
        status: the status code.
        fields: the header fields, all but those that depend on the content coding.
        body: the body without content coding.
        etag: the entity tag of the body without content coding, with its quotes.
        kind: what was asked, for the metrics.
        query: the hash of the query, for the log.
        rows: the rows of the result, for the log.
        codings: the body under each content coding that somebody asked for.
    """

    status: int
    fields: Fields
    body: bytes
    etag: bytes
    kind: str = "page"
    query: str | None = None
    rows: int | None = None
    codings: dict[str, "Coded"] = field(default_factory=dict)

    def coded(self, coding: str) -> "Coded":
        """The answer under a content coding; made once."""
        found = self.codings.get(coding)
        if found is None:
            body = compress(coding, self.body)
            etag = self.etag if coding == "identity" else self.etag[:-1] + f'-{coding}"'.encode()
            fields = [*self.fields, (b"etag", etag), (b"content-length", b"%d" % len(body))]
            if coding != "identity":
                fields.append((b"content-encoding", coding.encode()))
            found = self.codings[coding] = Coded(tuple(fields), body, etag)
        return found

    @property
    def size(self) -> int:
        """What the answer costs, in bytes."""
        return _OVERHEAD + len(self.body) + sum(len(coded.body) for coded in self.codings.values())


@dataclass(frozen=True, slots=True)
class Coded:
    """An answer under one content coding."""

    fields: Fields
    body: bytes
    etag: bytes


def strong_etag(body: bytes) -> bytes:
    """The strong entity tag of a body (RFC 9110, section 8.8.3).

    >>> strong_etag(b"")
    b'"47DEQpj8HBSa-_TI"'
    """
    return b'"' + base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:12]) + b'"'


class Cache:
    """The answers asked for most recently, up to a number of bytes.

    Args:
        max_bytes: what all answers may cost together; an answer over an eighth of it is not kept.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._stored: OrderedDict[Hashable, tuple[Stored, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._stored)

    def get(self, key: Hashable) -> Stored | None:
        """The answer under `key`, which is now the most recent one."""
        found = self._stored.get(key)
        if found is None:
            return None
        self._stored.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, stored: Stored) -> None:
        """Keep an answer, and give up the oldest ones where there is no room.

        An answer put again under its key is measured again: it may have gained codings.
        """
        before = self._stored.pop(key, None)
        if before is not None:
            self.bytes -= before[1]
        size = stored.size
        if size > self._max_bytes // 8:
            return
        self._stored[key] = (stored, size)
        self.bytes += size
        while self.bytes > self._max_bytes:
            _, (_, freed) = self._stored.popitem(last=False)
            self.bytes -= freed
