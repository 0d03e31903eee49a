"""The cache of answers, under one budget of bytes.

A release never changes, so a cached answer stays right. The event loop is the only user of a
cache, so nothing is locked.
"""

import base64
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

from kzgraph_server.front.compression import compress

Fields = tuple[tuple[bytes, bytes], ...]

#: The memory of an answer in addition to its body: its key, header fields, objects. Measured with
#: tracemalloc on a thousand small answers, rounded up.
_OVERHEAD = 2_000
#: What a second key of an answer costs, measured likewise.
_ALIAS = 300
#: Bytes of a key.
_KEY = 16


def make_key(*parts: bytes) -> bytes:
    """A key of fixed size, whatever its parts: two that differ in a part have different keys."""
    lengths = ",".join([str(len(part)) for part in parts])
    data = b"".join((lengths.encode(), b":", *parts))
    return hashlib.blake2b(data, digest_size=_KEY).digest()


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
        codings: the body under each content coding that was requested.
    """

    status: int
    fields: Fields
    body: bytes
    etag: bytes
    kind: str = "page"
    query: str | None = None
    codings: dict[str, "Coded"] = field(default_factory=dict)

    def encode(self, coding: str) -> "Coded":
        """The answer under a content coding; made once."""
        found = self.codings.get(coding)
        if found is None:
            body = self.body if coding == "identity" else compress(coding, self.body)
            etag = self.etag if coding == "identity" else self.etag[:-1] + f'-{coding}"'.encode()
            fields = [*self.fields, (b"etag", etag), (b"content-length", b"%d" % len(body))]
            if coding != "identity":
                fields.append((b"content-encoding", coding.encode()))
            found = self.codings[coding] = Coded(tuple(fields), body, etag)
        return found

    @property
    def size(self) -> int:
        """The memory of the answer, in bytes."""
        fields = sum(len(name) + len(value) for name, value in self.fields)
        coded = sum(len(each.body) + fields for each in self.codings.values())
        return _OVERHEAD + len(self.body) + fields + coded


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
    """The most recently used answers, and aliases of their keys.

    Keys are digests (`make_key`): nothing that a client sends is kept itself.

    Args:
        max_bytes: the memory of all together; an answer over an eighth of it is not cached.

    Attributes:
        bytes: the memory in use.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        # An answer, or the key of one, and what it costs.
        self._kept: OrderedDict[bytes, tuple[Stored | bytes, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: bytes) -> Stored | None:
        """The answer under `key`, or under the key that `key` is an alias of."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        kept = found[0]
        return self.get(kept) if isinstance(kept, bytes) else kept

    def put(self, key: bytes, stored: Stored) -> None:
        """Cache an answer under `key`, and evict the least recently used if necessary."""
        size = stored.size
        if size > self._max_bytes // 8:
            self._discard(key)
            return
        self._put(key, stored, size)

    def alias(self, alias: bytes, key: bytes) -> None:
        """Make `alias` an alias of `key`, unless it is empty."""
        if alias and alias != key:
            self._put(alias, key, _ALIAS)

    def measure(self, key: bytes, stored: Stored) -> None:
        """Measure a cached answer again, since it may have gained codings."""
        found = self._kept.get(key)
        if found is not None and found[0] is stored and found[1] != stored.size:
            self.put(key, stored)

    def _put(self, key: bytes, kept: Stored | bytes, size: int) -> None:
        self._discard(key)
        self._kept[key] = (kept, size)
        self.bytes += size
        while self.bytes > self._max_bytes:
            _, (_, freed) = self._kept.popitem(last=False)
            self.bytes -= freed

    def _discard(self, key: bytes) -> None:
        before = self._kept.pop(key, None)
        if before is not None:
            self.bytes -= before[1]
