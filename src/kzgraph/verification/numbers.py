# ruff: noqa: RUF001, RUF003 (words in Cyrillic)
"""Finding numbers in prose and JSON, in English, Russian and Kazakh.

A number is read with all that belongs to it: `10.03m`, `2 181 727`, `fifty-seven`, `12 thousand`,
and two thirds in Kazakh words. What is only a part of a number, or an ordinal, is not a number.
"""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kzgraph.verification.digits import Digits, digits_in
from kzgraph.verification.numerals import LONGEST, PARTS, Word, lexicon, value_of

#: Languages that write `1,5` for one and a half.
_DECIMAL_COMMA = {"ru", "kk"}

_LETTERS = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_SUFFIX = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[^\S\n]*\n?[^\S\n]*")
#: The blanks of one line.
_BLANKS = re.compile(r"[^\S\n]+")
#: A dot may end what is abbreviated.
_ABBREVIATED = {"тыс", "млн", "млрд", "mln", "bln", "mn", "bn", "thsd"}
#: What makes a letter after a blank a scale and not a metre: `USD 10.03 m`.
_CURRENCY = re.compile(r"(?:[$€£₸]|\b(?:US|USD|EUR|GBP|CHF|KZT))\s*\Z", re.IGNORECASE)
#: The endings of an ordinal in digits in Russian (but `2-х`) and Kazakh.
_ORDINAL_ENDING = re.compile(
    r"[-\u2011](?:[ыо]?й|[ая]я|[ое]е|[яеюм]|[ео]?го|[ео]?му|[ыо]м|ую|ые|ых|ыми|[іы]?нш[іы]|ш[іы])(?!\w)"
    r"|(?<![234])[-\u2011]х(?!\w)",
    re.IGNORECASE,
)
#: A suffix that hedges, and the endings of Kazakh: of cases, and of `fifty of them`.
_ENDING = re.compile(r"-(?:plus|[ндт][ае]н|[ғгқк][ае]|с?[ыі](?:н(?:[ае]н?|[ыі]ң))?)(?!\w)")
_NUMBERED = re.compile(r"(?:№|#|(?<!\w)(?:nos?\.|n[°º]))\s*\Z", re.IGNORECASE)
#: After these, `no` is not zero.
_NOT_NONE = re.compile(
    r"\s+(?:more|fewer|less|later|longer|one|doubt|matter|sooner)(?!\w)|\.", re.IGNORECASE
)
_OF = re.compile(r"\s+of(?!\w)", re.IGNORECASE)
#: Between a part and what it is a part of: `a quarter of a million`.
_OF_GAP = re.compile(r"[^\S\n]+of[^\S\n]+", re.IGNORECASE)


#: The most words of one phrase; what is longer is no number, and pieces of it are not sought.
_MOST_WORDS = 60


class Number(NamedTuple):
    """A number in a text, and its position.

    Attributes:
        value: the value.
        start: where it starts, in code points.
        end: where it ends, exclusive.
        fraction: whether it is written as a fraction, so that decimals only come near it.
    """

    value: Decimal
    start: int
    end: int
    fraction: bool = False


class _Item(NamedTuple):
    """A word of a number, or its digits, with its position."""

    word: Word
    start: int
    end: int
    other: Decimal | None = None
    fraction: bool = False


@lru_cache(maxsize=4)
def numbers_in(text: str, languages: tuple[str, ...] = ("en",)) -> tuple[Number, ...]:
    """The numbers in `text`, in order, with digits or in words; no part of one and no ordinal.

    Where a comma can be read in two ways (`1,500` in Russian), both readings are given.

    Args:
        text: the text.
        languages: the languages of the text, as the table `document` gives them. Words are read in
            all three; the languages decide about commas, and about words of Kazakh that mean
            something else in Russian.
    """
    found = [number for phrase in _phrases(text, languages) for number in _read(text, phrase)]
    return tuple(sorted(found, key=lambda number: (number.start, number.value)))


@lru_cache(maxsize=4)
def digits_of(text: str, languages: tuple[str, ...] = ("en",)) -> tuple[Digits, ...]:
    """The numbers in digits in a text, in order, each with its separators."""
    return tuple(digits_in(text, bool(_DECIMAL_COMMA & set(languages))))


def numbers(text: str, languages: Collection[str] = ("en",)) -> set[Decimal]:
    """The values of the numbers in `text`.

    >>> sorted(map(int, numbers("requires $10.03 million for five countries")))
    [5, 10030000]
    """
    return {number.value for number in numbers_in(text, tuple(languages))}


def _phrases(text: str, languages: Collection[str]) -> Iterator[list[_Item]]:
    """The items of the text, in runs of those that belong together."""
    phrase: list[_Item] = []
    for item in _items(text, languages):
        if phrase and not _belongs(text, phrase[-1], item):
            yield phrase
            phrase = []
        phrase.append(item)
    if phrase:
        yield phrase


def _items(text: str, languages: Collection[str]) -> list[_Item]:
    words = lexicon("kk" in languages)
    items: list[_Item] = []
    for each in digits_of(text, tuple(languages)):
        digits = _Item(Word("digits", each.value), each.start, each.end, each.other, each.fraction)
        suffix = _SUFFIX.match(text, each.end)
        if not suffix:
            if text[each.end : each.end + 1] != "_":
                items.append(digits)
            continue
        scale = words.get(suffix[0]) or words.get(suffix[0].casefold())
        scales = scale and scale.kind.removeprefix("lone-") in {"scale", "letter"}
        if scale and scales and not text[suffix.end() : suffix.end() + 1].isalnum():
            items += [digits, _Item(Word("scale", scale.value), *suffix.span())]
    letters = list(_LETTERS.finditer(text))
    at = 0
    while at < len(letters):
        for size in range(LONGEST, 0, -1):
            chunk = letters[at : at + size]
            start, end = chunk[0].start(), chunk[-1].end()
            written = text[start:end]
            word = words.get(" ".join(written.split()).casefold())
            if word and word.kind == "letter":
                # `10 M` is as good as `10 m`, but `a` in another case is another letter.
                word = words.get(written)
            if len(chunk) == size and word:
                items.append(_Item(word, start, end))
                break
        at += size
    return sorted(items, key=lambda item: item.start)


def _belongs(text: str, before: _Item, after: _Item) -> bool:
    """Whether two items stand next to each other in one number."""
    kind, next_kind = before.word.kind, after.word.kind
    gap = text[before.end : after.start]
    scales = {"scale", "lone-scale"}
    if next_kind == "letter":
        start = max(0, before.start - 8)
        blank = len(gap) == 1 and gap.isspace() and gap != "\n"
        return kind == "digits" and blank and bool(_CURRENCY.search(text[start : before.start]))
    if kind == "letter":
        return False
    if kind in PARTS and next_kind in {"article", *scales} and _OF_GAP.fullmatch(gap):
        return True
    if kind == "digits":
        if next_kind not in {*scales, "hundred", "lone-hundred", "dozen", "and-half"}:
            return False
        return gap in {"", "-"} or bool(_GAP.fullmatch(gap))
    if next_kind == "digits":
        # 2 million 300 thousand; a number of four digits is another one, such as a year.
        dotted = gap.removeprefix(".") if _abbreviates(text, before) else gap
        whole = after.word.value == after.word.value.to_integral() and after.word.value < 1000
        return kind in scales and whole and bool(_BLANKS.fullmatch(dotted))
    if _abbreviates(text, before):
        gap = gap.removeprefix(".")
    return gap == "-" or bool(gap and _GAP.fullmatch(gap))


def _abbreviates(text: str, item: _Item) -> bool:
    return text[item.start : item.end].casefold() in _ABBREVIATED


def _read(text: str, phrase: list[_Item]) -> Iterator[Number]:
    """The numbers of a phrase: one, or several that `and` joins, or none."""
    if len(phrase) > _MOST_WORDS:
        return
    while phrase and phrase[0].word.kind in {"and", "and-half"}:
        phrase = phrase[1:]
    while phrase and phrase[-1].word.kind in {"and", "article"}:
        phrase = phrase[:-1]
    if not phrase:
        return
    start, end = phrase[0].start, phrase[-1].end
    if any(item.word.kind == "letter" for item in phrase):
        phrase = [
            item._replace(word=Word("scale", item.word.value))
            if item.word.kind == "letter" and len(phrase) > 1
            else item
            for item in phrase
        ]
    if len(phrase) == 1 and phrase[0].word.kind == "digits":
        yield from _read_digits(text, phrase[0])
        return
    joints = [at for at, item in enumerate(phrase) if item.word.kind == "and"]
    value = value_of([item.word for item in phrase], of_follows=bool(_OF.match(text, end)))
    if value is None:
        for joint in joints[::-1]:
            # Only the whole phrase is touched by what is around it, so each piece is read anew.
            yield from _read(text, phrase[:joint])
            yield from _read(text, phrase[joint + 1 :])
            return
        return
    if phrase[0].word.kind != "digits" and re.search(r"\w-\Z", text[max(0, start - 2) : start]):
        return
    if re.match(r"[-\u2011][^\W\d_]", text[end : end + 2]) and not _is_ending(text, end):
        return
    if phrase[0].word.kind == "none" and _NOT_NONE.match(text, end):
        return
    yield Number(value[0], start, end, value[1])


def _is_ending(text: str, end: int) -> bool:
    """Whether a suffix that hedges or a case ending follows: `fifty-plus`, and so in Kazakh."""
    return bool(
        re.match(
            r"-(?:plus|[ндт][ае]н|[ғгқк][ае]|с?[ыі](?:н(?:ан|ен|а|е|ың|ің))?)(?!\w)",
            text[end : end + 8],
        )
    )


def _read_digits(text: str, item: _Item) -> Iterator[Number]:
    before = text[max(0, item.start - 6) : item.start]
    if _ORDINAL_ENDING.match(text, item.end) or _NUMBERED.search(before):
        return
    yield Number(item.word.value, item.start, item.end, item.fraction)
    if item.other is not None:
        yield Number(item.other, item.start, item.end)
