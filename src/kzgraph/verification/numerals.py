"""The words that numbers are written in, and the value of a phrase of them.

The words are data, `numerals.csv`: language, kind, value, the classes of endings that a stem takes,
and the words. No library reads all three languages in their inflections, so this one does.
"""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple

#: The most words in one entry of the table, as in `and a half`.
LONGEST = 3

#: The kinds of words for a part: `half`, `third`, `thirds`.
PARTS = frozenset({"one-part", "part", "parts"})

#: The ending classes that mean something: `n of d` in Kazakh is `d` from which `n`.
_FORMS = {"ablative", "possessive"}

#: A class of which the stem takes the endings, but does not stand without.
_BOUND = "adjective"

#: Words that in the texts of other languages mean something else are read in Kazakh only.
_ONLY_KAZAKH = "only-kk"


class Word(NamedTuple):
    """What a word means in a number: its kind, its value, and the case that it is in."""

    kind: str
    value: Decimal
    form: str = ""


@cache
def lexicon(kazakh: bool) -> dict[str, Word]:
    """The words of all languages in lower case; letters such as `m` as they are written.

    Args:
        kazakh: whether to take also what is a number in Kazakh and a pronoun in Russian.
    """
    text = files(__package__).joinpath("numerals.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    endings = {
        (row["language"], row["endings"]): row["words"].split("|")
        for row in rows
        if row["kind"] == "endings"
    }
    found: dict[str, Word] = {}
    for row in rows:
        classes = row["endings"].split()
        if row["kind"] == "endings" or (_ONLY_KAZAKH in classes and not kazakh):
            continue
        value = Decimal(row["value"] or 0)
        for stem in row["words"].split("|"):
            if _BOUND not in classes:
                form = row["kind"] if row["kind"] in _FORMS else ""
                kind = "ten" if form and value >= 10 else "unit" if form else row["kind"]
                found[stem] = Word(kind, value, form)
            for name in {*classes, *(("ablative",) if "case" in classes else ())} - {_ONLY_KAZAKH}:
                form = name if name in _FORMS else ""
                for ending in endings[row["language"], name]:
                    found.setdefault(stem + ending, Word(row["kind"], value, form))
    return found


def value_of(words: Sequence[Word], *, of_follows: bool = False) -> tuple[Decimal, bool] | None:
    """The value of a phrase of number words, and whether it is a fraction; None if it has none.

    Args:
        words: the words, of which the first may be a number in digits (kind `digits`).
        of_follows: whether `of` comes next: `a third of` is a fraction, `a third country` is not.
    """
    if not words:
        return None
    last = words[-1]
    if len(words) == 1 and last.kind in {"none", "whole"}:
        return last.value, False
    if last.kind in PARTS:
        return _read_fraction(words, of_follows)
    if last.form == "possessive" and len(words) > 1 and words[-2].form == "ablative":
        below = _cardinal(words[:-1])
        return (last.value / below, True) if below and last.value < below else None
    parts = [at for at, word in enumerate(words) if word.kind in PARTS]
    if parts:
        rest = words[parts[0] + 1 :]
        rest = rest[1:] if rest[0].kind == "article" else rest
        bare = parts[0] == 0 and words[0].kind != "parts"
        part = (
            (_part_value(words[0]), True) if bare else _read_fraction(words[: parts[0] + 1], True)
        )
        if part and len(rest) == 1 and rest[0].kind.removeprefix("lone-") in {"scale", "dozen"}:
            return part[0] * rest[0].value, False
        return None
    whole = _cardinal(words)
    return None if whole is None else (whole, False)


def _part_value(part: Word) -> Decimal:
    return part.value if part.value < 1 else 1 / part.value


def _read_fraction(words: Sequence[Word], of_follows: bool) -> tuple[Decimal, bool] | None:
    """`half`, `a third of`, `one third`, `two thirds`, and `two and three quarters`."""
    part, before = words[-1], list(words[:-1])
    whole = Decimal(0)
    joints = [at for at, word in enumerate(before) if word.kind == "and"]
    if joints:
        found = _cardinal(before[: joints[-1]])
        if found is None:
            return None
        whole, before = found, before[joints[-1] + 1 :]
    if not before:
        return (whole + _part_value(part), True) if part.kind == "one-part" else None
    if len(before) == 1 and before[0].kind == "article":
        fits = part.kind == "one-part" or (part.kind == "part" and of_follows)
        return (whole + _part_value(part), True) if fits else None
    count = _cardinal(before)
    if count is None or count != count.to_integral() or not 0 < count * _part_value(part) <= 1:
        return None
    if (part.kind == "part" and count != 1) or (part.kind == "parts" and count == 1):
        return None
    share = count * part.value if part.value < 1 else count / part.value
    return whole + share, True


def _cardinal(words: Iterable[Word]) -> Decimal | None:
    """The value of words that are one number in the right order, or None: `two twenty`."""
    number = _Cardinal()
    return number.value if all(map(number.take, words)) else None


class _Cardinal:
    """A number that is read word by word."""

    def __init__(self) -> None:
        self._total = Decimal(0)
        #: What is below the next scale, and what may still be added to it must be less than this.
        self._group: Decimal | None = None
        self._room = Decimal(0)
        #: The least scale so far.
        self._scale = Decimal("Infinity")
        self._previous = ""

    @property
    def value(self) -> Decimal | None:
        """The number, or None while another word has to follow."""
        return None if self._previous in {"article", "and"} else self._total + (self._group or 0)

    def take(self, word: Word) -> bool:
        """Add a word; whether it fits behind those before."""
        kind = word.kind.removeprefix("lone-")
        opened = self._previous == "article"
        if opened and kind not in {"hundred", "scale", "dozen"}:
            return False
        alone = opened or word.kind != kind
        if kind in {"digits", "unit", "ten", "hundreds"}:
            fits = self._add(kind, word.value)
        elif kind in {"hundred", "dozen", "scale"}:
            fits = self._multiply(kind, word.value, alone)
        elif kind == "and-half":
            fits = self._previous in {"unit", "scale"} and self._group != 0
            if self._group is None:
                self._total += word.value * self._scale
            else:
                self._group += word.value
        elif kind == "article":
            fits = self._group is None
        else:
            fits = kind == "and" and self._previous in {"hundred", "scale"}
        self._previous = kind
        return fits

    def _add(self, kind: str, value: Decimal) -> bool:
        if self._group is None:
            self._group, fits = value, value < self._scale
        else:
            fits = 0 < value < self._room and kind != "digits"
            self._group += value
        self._room = {"ten": Decimal(10), "hundreds": Decimal(100)}.get(kind, Decimal(0))
        return fits

    def _multiply(self, kind: str, value: Decimal, alone: bool) -> bool:
        """Take a hundred, a dozen or a scale, which needs a number before it or stands `alone`."""
        group, one = self._group, 1 if self._group is None else self._group
        if kind == "scale":
            fits = value < self._scale and (alone or group is not None)
            self._total += one * value
            self._group, self._room, self._scale = None, Decimal(0), value
            return fits
        if kind == "hundred":
            fits = alone if group is None else 0 < group < 100 and self._room == 0
            self._room = Decimal(100)
        else:
            fits = value > 0 and (alone if group is None else group < 100)
            self._room = Decimal(0)
        self._group = (group or 1) * value
        return fits
