"""Taking files in: a copy that cannot change any more, named by the hash of its content."""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kzgraph.faults import Fault
from kzgraph.licences import object_to
from kzgraph.sources.errors import FaultList, SourceFaults
from kzgraph.sources.reading import At, open_source
from kzgraph.sources.source import Source

#: How much is copied at a time, and what a kind is recognized by.
_PIECE = 1 << 16
#: 6 takes a third of the time of 9 and 1 % more room.
_LEVEL = 6


@dataclass(frozen=True)
class Offer:
    """A file that is to be a source.

    Attributes:
        kind: see `Source`; likewise the others but these.
        path: where it lies.
        shown: what it is called in messages.
        packaged: whether it belongs to the packaged tables, so that no copy of it is kept.
    """

    kind: str
    path: Path
    shown: str
    title: str
    licence: str
    attribution: str
    url: str = ""
    date: str = ""
    whole: str = ""
    packaged: bool = False


def read_head(path: Path, shown: str) -> bytes:
    """The first 64 KiB of a file, decompressed.

    Raises:
        SourceFaults: it is not a file, is empty or damaged.
        OSError: it cannot be read.
    """
    with open_source(At(path), FaultList(shown)) as stream:
        head = stream.read(_PIECE)
    if not head:
        raise SourceFaults([_empty(shown)])
    return head


def take_in(offer: Offer, folder: Path) -> Source:
    """The source of an offer, copied into `folder`, compressed, unless it is packaged.

    Raises:
        SourceFaults: see `read_head`; or it is larger than a source may be, or no release may hold
            data under its licence.
        OSError: it cannot be read, or not copied.
    """
    objection = object_to(offer.licence)
    if objection:
        raise SourceFaults([Fault(offer.shown, 0, "licence", *objection)])
    if offer.packaged:
        return _source(offer, offer.path, hash_content(offer.path, offer.shown))
    folder.mkdir(exist_ok=True)
    draft = folder / "draft.gz"
    digest = hashlib.sha256()
    with (
        draft.open("wb") as file,
        # Without time or name: https://www.rfc-editor.org/rfc/rfc1952#section-2.3
        gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed,
    ):
        for piece in _pieces(offer.path, offer.shown):
            digest.update(piece)
            packed.write(piece)
    path = folder / f"{digest.hexdigest()}.gz"
    draft.replace(path)
    return _source(offer, path, digest.hexdigest())


def hash_content(path: Path, shown: str) -> str:
    """The SHA-256 of the content of a file, decompressed, in hexadecimal.

    Raises:
        SourceFaults: see `take_in`.
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    for piece in _pieces(path, shown):
        digest.update(piece)
    return digest.hexdigest()


@contextmanager
def naming(shown: str) -> Iterator[None]:
    """Let faults of a copy be told of the file that it is a copy of."""
    try:
        yield
    except SourceFaults as refused:
        told = [replace(fault, file=shown) for fault in refused.faults]
        raise SourceFaults(told, more=refused.more) from None


def _source(offer: Offer, path: Path, sha256: str) -> Source:
    return Source(
        offer.kind,
        path,
        sha256,
        offer.title,
        offer.licence,
        offer.attribution,
        offer.url,
        offer.date,
        offer.whole,
    )


def _pieces(path: Path, shown: str) -> Iterator[bytes]:
    empty = True
    with open_source(At(path), FaultList(shown)) as stream:
        while piece := stream.read(_PIECE):
            empty = False
            yield piece
    if empty:
        raise SourceFaults([_empty(shown)])


def _empty(shown: str) -> Fault:
    return Fault.of_file(shown, "it is empty", "fetch the file again, and ingest that")
