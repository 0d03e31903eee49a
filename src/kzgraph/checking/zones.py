"""Which words of a claim belong to which of its numbers.

A claim is cut into segments at punctuation and conjunctions. What is said of a number stands in its
own segment, or in one without a number, such as a heading; else it is what was said of the number
before: "37 refugees got permanent residency, and 7 became citizens".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kzgraph.checking.cues import Token, load_words
from kzgraph.folding import fold_text

_DASH = re.compile(r"[—–]|\s-\s")
_SENTENCE = re.compile(r"[.!?](?=\s)|\n")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_STOP = re.compile(r"[;|•/:()\[\]\n,—–]|\s-\s|[.!?](?:\s|\Z)|\+")


@dataclass(frozen=True)
class Segment:
    """A piece of a claim.

    Attributes:
        first: the place of its first token.
        stop: the place after its last token.
        numbers: which of the claim's numbers stand in it; one at most.
        line: which line of the claim it begins in.
        sentence: which sentence it is in.
        after_dash: whether a dash stands before it, so that it tells of the number before that.
    """

    first: int
    stop: int
    numbers: tuple[int, ...] = ()
    line: int = 0
    sentence: int = 0
    after_dash: bool = False

    @property
    def places(self) -> range:
        """The places of its tokens."""
        return range(self.first, self.stop)


def cut(
    text: str, tokens: Sequence[Token], spans: Sequence[tuple[int, int]], taken: Sequence[range]
) -> list[Segment]:
    """The segments of a claim, in order, with at most one number in each.

    Args:
        text: the claim.
        tokens: its words.
        spans: where its numbers stand, in code points and in order; nothing is cut within one.
        taken: places of tokens that mean something together, which are not cut either.
    """
    whole = {place for each in taken for place in each[1:]}
    borders = {0, len(tokens)}
    for at in range(1, len(tokens)):
        gap = (tokens[at - 1].end, tokens[at].start)
        if at in whole or any(start < gap[1] and gap[0] < end for start, end in spans):
            continue
        stops = _STOP.search(text[gap[0] : gap[1] + 1].rstrip() or " ")
        if stops and stops[0].startswith(".") and tokens[at - 1].text in load_words("abbreviation"):
            stops = None
        inside = {place for each in taken for place in each}
        joins = tokens[at].text in load_words("and")
        if stops or (joins and at not in inside and text[gap[1] - 1] not in "-\u2011"):
            borders.add(at)
    pieces = sorted(borders)
    segments = []
    for first, stop in pairwise(pieces):
        held = [
            number
            for number, (start, end) in enumerate(spans)
            if any(start < tokens[at].end and tokens[at].start < end for at in range(first, stop))
        ]
        segments += _split(tokens, first, stop, held, spans)
    return [_locate(each, text, tokens) for each in segments]


def _locate(segment: Segment, text: str, tokens: Sequence[Token]) -> Segment:
    start = tokens[segment.first].start if segment.first < len(tokens) else len(text)
    ends = [
        each
        for each in _SENTENCE.finditer(text, 0, start)
        if each[0] != "." or not _ends_abbreviation(text, each.start())
    ]
    gap = text[tokens[segment.first - 1].end : start] if segment.first else ""
    return replace(
        segment,
        line=text.count("\n", 0, start),
        sentence=len(ends),
        after_dash=bool(_DASH.search(gap)),
    )


def _ends_abbreviation(text: str, dot: int) -> bool:
    word = _LAST_WORD.search(text, 0, dot)
    return word is not None and fold_text(word[0]) in load_words("abbreviation")


def _split(
    tokens: Sequence[Token],
    first: int,
    stop: int,
    held: list[int],
    spans: Sequence[tuple[int, int]],
) -> list[Segment]:
    """A segment for each number of a piece."""
    found = []
    for number, later in pairwise(held):
        between = [
            at
            for at in range(first, stop)
            if spans[number][1] <= tokens[at].start and tokens[at].end <= spans[later][0]
        ]
        joints = [at for at in between if tokens[at].text in load_words("between")]
        begins = [at for at in range(first, stop) if tokens[at].start >= spans[later][0]]
        at = joints[0] if joints else (begins[0] if begins else stop)
        found.append(Segment(first, at, (number,)))
        first = at
    found.append(Segment(first, stop, tuple(held[-1:])))
    return found


def order(segments: Sequence[Segment], number: int) -> list[Segment]:
    """The segments in which something about a number is looked for, the likeliest first.

    Its own; those without a number before it, the nearest first, and those behind it, each time
    those of its own line before others; then those of other numbers, before it and behind it.
    """
    own = next(at for at, each in enumerate(segments) if number in each.numbers)
    bound = {
        segments[at].first: segments[at - 1].numbers[0]
        for at in range(1, len(segments))
        if segments[at].after_dash and segments[at - 1].numbers and not segments[at].numbers
    }
    before, behind = segments[:own][::-1], segments[own + 1 :]
    line = segments[own].line
    free = [
        each
        for each in (*before, *behind)
        if not each.numbers and bound.get(each.first, number) == number
    ]
    free.sort(key=lambda each: (each.first not in bound, each.line != line))
    return [segments[own], *free, *(each for each in (*before, *behind) if each.numbers)]
