"""The words of a document around a piece of evidence, where the operator has the text.

The texts are not the project's to publish: they are shown on the machine that they are on, to who
sits at it, and kept by no cache. A server with texts listens on the loopback only (`serve.py`). A
page of another site could still have a browser there fetch what it may not see: by the name of a
host that it has lead to this machine, or because every page of this server may be read by others
(`headers.py`). So a request has to name this machine, and the answer is for this site alone.
"""

import hashlib
import logging
import re
from dataclasses import replace
from functools import lru_cache
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from flask import Response, g, request
from pyoxigraph import Literal, NamedNode

from kzgraph.iri import term
from kzgraph_server.pages.description import Span, Words
from kzgraph_server.pages.kinds.look import Look
from kzgraph_server.served import Served, compute_once, get_served

_log = logging.getLogger(__name__)

#: Characters around the words, before and behind.
_WINDOW = 200
#: Files of the folder that are looked at, and the bytes of one.
_MOST_FILES, _MOST_BYTES = 1_000, 50_000_000
#: Texts that stay in memory.
_MOST_KEPT = 4
_SHA, _KEY = term("sha256"), "kzgraph_words"


def add_words(look: Look, span: Span) -> Span:
    """`span` with the words around it, where the request may see them and the text is there."""
    if not get_served().settings.documents:
        return span
    # The page without words is not kept either, or it would be sent to who may see them.
    g.setdefault(_KEY, True)
    if not _is_from_here():
        return span
    document, evidence = span.document.iri, span.evidence.iri
    path = compute_once(_find_texts).get(_read_hash(look, document))
    text = None if path is None else _read_text(path, _read_hash(look, document))
    start, end = int(span.start), int(span.end)
    if text is None or not start < end <= len(text):
        return replace(span, is_text_missing=True)
    words = text[start:end]
    if hashlib.sha256(words.encode()).hexdigest() != _read_hash(look, evidence):
        return replace(span, is_text_missing=True)
    before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    if start > _WINDOW:
        before = "…" + re.sub(r"^\S*\s", "", before)
    if end + _WINDOW < len(text):
        after = re.sub(r"\s\S*$", "", after) + "…"
    return replace(span, around=Words(before, words, after))


def protect(response: Response) -> None:
    """Keep `response` for this machine, if words of a text are in it or could be."""
    if g.get(_KEY):
        response.headers["Cache-Control"] = "no-store"
        # https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"


def is_loopback(host: str) -> bool:
    """Whether a host, as an address has it, is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_from_here() -> bool:
    """Whether a request is from this machine, to this machine, and came through no proxy."""
    forwarded = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
    try:
        host = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        return False
    return (
        is_loopback(request.remote_addr or "")
        and is_loopback(host)
        and not any(name in request.headers for name in forwarded)
    )


def _read_hash(look: Look, iri: str | None) -> str:
    quads = look.store.quads_for_pattern(NamedNode(iri or "urn:x"), _SHA, None, None)
    found = next(iter(quads), None)
    return found.object.value if found and isinstance(found.object, Literal) else ""


def _find_texts(now: Served) -> dict[str, Path]:
    """The files of the folder of texts by the SHA-256 of their bytes."""
    found = {}
    folder = Path(now.settings.documents)
    try:
        for path in islice(sorted(folder.iterdir()), _MOST_FILES):
            if path.is_file() and path.stat().st_size <= _MOST_BYTES:
                found[hashlib.sha256(path.read_bytes()).hexdigest()] = path
    except OSError as error:
        _log.error("%s cannot be read: %s", folder, error.strerror)
    return found


@lru_cache(maxsize=_MOST_KEPT)
def _read_text(path: Path, sha256: str) -> str | None:
    """The text of a file, as code points; None where it is no longer the one of this hash."""
    try:
        data = path.read_bytes()
        return data.decode("utf-8") if hashlib.sha256(data).hexdigest() == sha256 else None
    except (OSError, UnicodeDecodeError):
        return None
