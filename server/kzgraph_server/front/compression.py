"""Content codings: choosing one, and compressing.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
"""

import gzip
import re
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import brotli
import zstandard

#: The supported codings, best first: zstd is the fastest of the three and nearly the smallest.
CODINGS = ("zstd", "br", "gzip")

#: Smaller bodies gain less than the header field costs.
LEAST_BYTES = 512

# Levels: each costs about the same time for a result in JSON; higher ones gain under 10 %.
_BROTLI, _GZIP, _ZSTD = 4, 5, 3

_COMPRESSIBLE = re.compile(
    rb"text/|application/(?:[a-z0-9.-]+\+)?(?:json|xml)\b|application/n-(?:triples|quads)\b"
    rb"|application/trig\b|image/svg\+xml"
)
_CODING = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_WEIGHT = re.compile(r"[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def is_compressible(content_type: bytes) -> bool:
    """Whether a body of this type gets smaller: text does, archives and spreadsheets do not."""
    return _COMPRESSIBLE.match(content_type.lower()) is not None


def choose_coding(accept_encoding: str) -> str:
    """The content coding for an Accept-Encoding field; `identity` where none fits better.

    >>> choose_coding("gzip, br;q=0.5"), choose_coding("*"), choose_coding("gzip;q=0")
    ('gzip', 'zstd', 'identity')
    """
    # Few fields are in use, and they are short: what is kept here is some kilobytes.
    return (
        _choose_known(accept_encoding) if len(accept_encoding) <= 64 else _choose(accept_encoding)
    )


def _choose(accept_encoding: str) -> str:
    weights: dict[str, float] = {}
    for member in accept_encoding.split(","):
        # Split first: blanks on both sides of a pattern are tried in all their divisions.
        coding, semicolon, parameter = member.partition(";")
        coding = coding.strip(" \t").lower()
        weight = _WEIGHT.fullmatch(parameter.strip(" \t"))
        if _CODING.fullmatch(coding) and (weight or not semicolon):
            weights[coding.removeprefix("x-")] = float(weight[1]) if weight else 1.0
    rest = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, rest))
    weighed = weights.get(best, rest)
    return best if weighed > 0 and weighed >= weights.get("identity", 0.0) else "identity"


_choose_known = lru_cache(maxsize=64)(_choose)


def compress(coding: str, body: bytes) -> bytes:
    """A whole body under a content coding.

    Raises:
        KeyError: the coding is not supported.
    """
    if coding == "identity":
        return body
    return _WHOLE[coding](body)


_WHOLE: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=_ZSTD).compress(body),
    "br": lambda body: bytes(brotli.compress(body, quality=_BROTLI)),
    "gzip": lambda body: gzip.compress(body, _GZIP, mtime=0),
}


class Compressor(NamedTuple):
    """A body being compressed part by part.

    Attributes:
        compress: takes a part and returns what can be sent so far, often nothing.
        finish: returns the rest.
    """

    compress: Callable[[bytes], bytes]
    finish: Callable[[], bytes]


def compressor(coding: str) -> Compressor:
    """A compressor for a body that is sent while it is made.

    Raises:
        KeyError: the coding is not supported.
    """
    return _PARTS[coding]()


def _gzip_parts() -> Compressor:
    inner = zlib.compressobj(_GZIP, wbits=31)
    return Compressor(inner.compress, inner.flush)


def _zstd_parts() -> Compressor:
    inner = zstandard.ZstdCompressor(level=_ZSTD).compressobj()
    return Compressor(inner.compress, inner.flush)


def _brotli_parts() -> Compressor:
    inner = brotli.Compressor(quality=_BROTLI)
    return Compressor(inner.process, inner.finish)


_PARTS: dict[str, Callable[[], Compressor]] = {
    "zstd": _zstd_parts,
    "br": _brotli_parts,
    "gzip": _gzip_parts,
}
