"""Finding the spans of a document again in its page: by their words, or by their hashes alone."""

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kzgraph.tables import Row, Span, parse_span
from kzgraph.tables.span_rows import hash_words, read_quote
from kzgraph.verification.page_text import PageText

#: Up to this length of a page, spans without words are looked for, by hashing all that are as long.
_MOST_HASHED = 200_000
#: Of so many places of the same words the one in order is looked for.
_MOST_PLACES = 1_000
_EDGE = re.compile(r"(?<!\w)(?=\S)|(?<=\W)(?=\w)|\b(?=\S)")


@dataclass(frozen=True)
class Placed:
    """A span and whether the page has it.

    Attributes:
        span: the span.
        state: `found`, in the order of the document; `moved`, elsewhere; `gone`.
        words: what was looked for; nothing where only the hash is known.
    """

    span: Span
    state: str
    words: str


def place_spans(rows: Iterable[Row], page: PageText, text: str | None = None) -> list[Placed]:
    """Look for each span of a document in its page, in the order of the document.

    Blanks and line ends are alike. Words that the page does not show, the data of charts, are
    looked for in its source.

    Args:
        rows: the spans.
        page: the page.
        text: the document, if it is at hand; else spans without a quote are found by their hash.
    """
    spans = sorted((parse_span(row.require("span")), row) for row in rows if row.cells["sha256"])
    words = {
        span: text[slice(*span)] if text is not None else read_quote(row)[1] for span, row in spans
    }
    flat, source = page.shown.replace("\n", " "), " ".join(page.source.split())
    hashed = _find_hashes([(span, row) for span, row in spans if not words[span]], page.shown)
    places = {
        span: list(_find_words(flat, words[span])) if words[span] else hashed.get(span, [])
        for span, _ in spans
    }
    in_order = _longest_order([(span, places[span]) for span, _ in spans])
    made = []
    for span, row in spans:
        sought = " ".join(words[span].split())
        if span in in_order or (row.get("shown") != "true" and sought and sought in source):
            state = "found"
        else:
            state = "moved" if places[span] else "gone"
        made.append(Placed(span, state, sought))
    return made


def _find_words(flat: str, words: str) -> Iterator[int]:
    pattern = r"(?<!\w)" if words[:1].isalnum() else ""
    pattern += re.escape(" ".join(words.split())) + (r"(?!\w)" if words[-1:].isalnum() else "")
    for count, match in enumerate(re.finditer(pattern, flat)):
        if count == _MOST_PLACES:
            return
        yield match.start()


def _find_hashes(spans: list[tuple[Span, Row]], shown: str) -> dict[Span, list[int]]:
    """The places of texts as long as a span with its hash, at the edges of words."""
    if not spans or len(shown) > _MOST_HASHED:
        return {}
    wanted: dict[int, dict[str, list[Span]]] = {}
    for span, row in spans:
        of_length = wanted.setdefault(span.end - span.start, {})
        of_length.setdefault(row.require("sha256"), []).append(span)
    found: dict[Span, list[int]] = {}
    for start in (match.start() for match in _EDGE.finditer(shown)):
        for length, hashes in wanted.items():
            end = start + length
            if end > len(shown) or (shown[end - 1].isalnum() and shown[end : end + 1].isalnum()):
                continue
            for span in hashes.get(hash_words(shown[start:end]), ()):
                found.setdefault(span, []).append(start)
    return found


def _longest_order(places: list[tuple[Span, list[int]]]) -> set[Span]:
    """The most spans that have places in the order of the spans, one each."""
    tails: list[int] = []
    ends: list[int] = []
    steps: list[tuple[Span, int]] = []
    for span, found in places:
        for place in sorted(found, reverse=True):
            at = bisect.bisect_right(tails, place)
            steps.append((span, ends[at - 1] if at else -1))
            if at == len(tails):
                tails.append(place)
                ends.append(len(steps) - 1)
            else:
                tails[at], ends[at] = place, len(steps) - 1
    chosen: set[Span] = set()
    step = ends[-1] if ends else -1
    while step >= 0:
        span, step = steps[step]
        chosen.add(span)
    return chosen
