"""A claim with what was read in it marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kzgraph.checking import Answer
from kzgraph.checking.answer_words import name_dimension
from kzgraph_server.pages.language import gettext as _

#: Control characters, and those that turn the direction of what follows: nobody sees them, and
#: what stands around them is read as something else.
_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Piece:
    """A stretch of a claim.

    Attributes:
        text: its words.
        means: what they were read as, such as *Place*; nothing where they were not read.
    """

    text: str
    means: tuple[str, ...] = ()


def show_plainly(text: str) -> str:
    """`text` with a blank for each line end, and a sign for each character that acts unseen."""
    return _ACTING.sub("\N{REPLACEMENT CHARACTER}", re.sub("[\n\r\t]", " ", text))


def mark_claim(answer: Answer) -> list[Piece]:
    """The claim of an answer in pieces, read or not, in order."""
    means: dict[tuple[int, int], dict[str, None]] = {}
    for each in answer.numbers:
        number = each.number
        means.setdefault((number.start, number.end), {})[_("Number")] = None
        for read in number.read:
            if read.words:
                name = name_dimension(read.dimension, _)
                means.setdefault((read.start, read.end), {})[name] = None
    return list(_cut(show_plainly(answer.claim), means))


def _cut(claim: str, means: dict[tuple[int, int], dict[str, None]]) -> Iterator[Piece]:
    at = 0
    # Of stretches that overlap the first is marked; each that is inside names what it means too.
    for (start, end), names in sorted(means.items(), key=lambda item: (item[0][0], -item[0][1])):
        if not at <= start < end <= len(claim):
            continue
        inside = {
            name: None
            for (first, last), others in means.items()
            if start <= first and last <= end
            for name in others
        }
        if at < start:
            yield Piece(claim[at:start])
        yield Piece(claim[start:end], tuple(dict.fromkeys((*names, *inside))))
        at = end
    if at < len(claim):
        yield Piece(claim[at:])
