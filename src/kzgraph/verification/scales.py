"""Scales that a heading or caption gives to the numbers below it: `млн сумов`, `thousand USD`."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from kzgraph.money import MONEY, currency_of
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
        word = words.get(written)
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


@cache
def _scale_words() -> dict[str, int]:
    """The words for scales in all languages, in lower case, and how much one of each is."""
    return {
        written: int(word.value)
        for written, word in lexicon(kazakh=True).items()
        if word.kind.removeprefix("lone-") == "scale"
    }


@cache
def _one_scale() -> re.Pattern[str]:
    """A word for a scale, with the dot that ends it where it is shortened."""
    # The longest first, so that `millions` is not taken for `million`.
    words = "|".join(sorted(_scale_words(), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?P<word>{words})(?!\w)\.?", re.IGNORECASE)


@cache
def _money_with_scale() -> re.Pattern[str]:
    """The words for money in a heading with those for its scale, before it or after it."""
    scale = _one_scale().pattern.replace("?P<word>", "?:")
    return re.compile(
        rf"(?:{scale}\s*(?:of\s+)?)?(?:{MONEY.pattern})(?:\s*{scale})?", re.IGNORECASE
    )


def scaled_money(heading: str) -> tuple[str, str | None, int] | None:
    """The money that a heading names: its words, its currency, how many one of its numbers is.

    >>> scaled_money("Spending, million EUR"), scaled_money("тыс. сомони")
    (('million EUR', 'EUR', 1000000), ('тыс. сомони', 'TJS', 1000))
    """
    found = _money_with_scale().search(heading)
    sign = found and MONEY.search(found[0])
    if not found or not sign:
        return None
    scale = _one_scale().search(found[0].replace(sign[0], " "))
    factor = _scale_words()[scale["word"].casefold()] if scale else 1
    return found[0], currency_of(sign[0]), factor
