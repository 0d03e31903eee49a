"""Which words of a claim belong to which of its numbers.

A claim is cut into segments at punctuation and conjunctions. What is said of a number stands in its
own segment, or in one without a number, such as a heading; else it is what was said of the number
before: "37 refugees got permanent residency, and 7 became citizens".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kzgraph.checking.cues import Token, load_words

_STOP = re.compile(r"[;|•/:()\[\]\n,—–]|\s-\s|[.!?](?:\s|\Z)|\+")


@dataclass(frozen=True)
class Segment:
    """A piece of a claim.

    Attributes:
        first: the place of its first token.
        stop: the place after its last token.
        numbers: which of the claim's numbers stand in it; one at most.
    """

    first: int
    stop: int
    numbers: tuple[int, ...] = ()

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
        if stops or (tokens[at].text in load_words("and") and at not in inside):
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
    return segments


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

    Its own; those without a number before it, the nearest first; those behind it; then those of
    other numbers, before it and behind it.
    """
    own = next(at for at, each in enumerate(segments) if number in each.numbers)
    before, behind = segments[:own][::-1], segments[own + 1 :]
    free = [each for each in (*before, *behind) if not each.numbers]
    return [segments[own], *free, *(each for each in (*before, *behind) if each.numbers)]
