"""Scales that a heading or caption gives to the numbers below it: `млн сумов`, `thousand USD`."""

import re
from collections.abc import Iterator
from decimal import Decimal

from kzgraph.verification.numbers import numbers_in
from kzgraph.verification.numerals import lexicon

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
#: A letter is a scale behind the sign of money, or within brackets of its own.
_LETTER = re.compile(r"(?:[$€£₸₽]|(?<!\w)[A-Z]{3})\s?(k|K|m|M|B)(?!\w)")
#: Thousands by their noughts: `USD '000`, `(000s)`.
_NOUGHTS = re.compile(r"(?<![\w.])(?<!\d[\s.,'\u2019])['\u2019]?000s?(?![\w.,'\u2019])")
#: What makes an amount, a rate or a crowd of the scale behind it.
_OTHER_BEFORE = re.compile(
    r"(?<!\w)(?:several|few|many|some|hundreds?|tens?|dozens?|of|per|each|every|на|кажд\w+|"
    r"нескольк\w+|сот\w+|десят\w+|многи\w+|бірнеше|ондаған|жүздеген|әр)\s+\Z",
    re.IGNORECASE,
)
_IN = re.compile(r"(?<!\w)(?:in|в)\s+\Z", re.IGNORECASE)
_OF = re.compile(r"\s+of(?!\w)", re.IGNORECASE)
#: Plurals that make a crowd unless `in` is before them: `millions of people`, `тысячи людей`.
_PLURALS = {
    *("thousands", "millions", "billions", "trillions"),
    *("тысячи", "миллионы", "миллиарды", "мыңдаған", "миллиондаған"),
}


def scales_in(span: str, languages: tuple[str, ...] = ("en",)) -> set[Decimal]:
    """The scales that a span names with no number beside them.

    Args:
        span: the text of a span, such as a heading.
        languages: the languages of the text.

    >>> sorted(map(int, scales_in("Spent, USD million (people in thousands)")))
    [1000, 1000000]
    >>> scales_in("10.03 million of the USD")
    set()
    """
    return {
        scale
        for scale, start, end in _named(span, languages)
        # A number that has the scale has it for itself.
        if not any(
            (number.start < start < number.end) or (number.start < end < number.end)
            for number in numbers_in(span, languages)
        )
    }


def _named(span: str, languages: tuple[str, ...]) -> Iterator[tuple[Decimal, int, int]]:
    words = lexicon("kk" in languages)
    for found in _WORD.finditer(span):
        written = found[0].casefold()
        word = words.get(written) or words.get(written.removesuffix("s"))
        if word is None or word.kind.removeprefix("lone-") != "scale":
            continue
        before = span[max(0, found.start() - 20) : found.start()]
        crowd = written in _PLURALS and (_OF.match(span, found.end()) or not written.isascii())
        if not _OTHER_BEFORE.search(before) and not (crowd and not _IN.search(before)):
            yield word.value, *found.span()
    for found in _LETTER.finditer(span):
        yield words[found[1]].value, *found.span(1)
    for found in _NOUGHTS.finditer(span):
        yield Decimal(1000), *found.span()
