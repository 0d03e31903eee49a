# ruff: noqa: RUF001, RUF003 (words in Cyrillic)
"""The words by which documents hedge a number, and the bounds that each of them can mean.

The words are data: the alternative names of the codes of the scheme `bound` in `concepts.csv`. One
word may go with two codes, as `nearly` does with `approximate` and `upper`.
"""

import re
from collections.abc import Iterable
from functools import cached_property

from kzgraph.tables.reader import Row

_SCHEME = "bound"
_COLUMNS = ("alternative", "alternative_ru", "alternative_kk")
#: The words that follow the number which they hedge, as in `500 or more` and `500+`.
_AFTER = re.compile(r"(?:or|and|и|или|с) |plus$|\+$|шақты$|шамасында$")
#: Those of Kazakh that govern a case: `500-ден астам`, and not `осы күнге дейін 500`.
_GOVERNS = re.compile(
    r".*(?:астамы?|аса|асып|артық|көп|көбі|кем|аз|азы|жоғары|төмен|емес|дейін|жуық|жуығы|тарта|"
    r"тартасы|таяу|таяуы|жақын|жақыны|аспайтын|жетпейтін)$"
)
_FROM = r"(?<=[ндт][ае]н)"
_ENDING = rf"(?:{_FROM}|(?<=[ғгқкн][ае]))"
#: The comparatives among them, which say by how much behind another case: `500-ге аз` is a change.
_COMPARES = re.compile(r"(?:артық|көп|көбі|кем|аз|азы|жоғары|төмен)(?: емес)?$")
#: A comparative that no number may end with: `на семь больше`, `500 above` is no bound.
_NO_LAST = {
    *("больше", "меньше", "более", "менее", "выше", "ниже"),
    *("above", "below", "over", "under", "beyond", "аз", "кем", "көп", "артық", "жоғары", "төмен"),
}
#: By how much something is more than the number behind: `14 per cent more than 500`.
_COMPARED = re.compile(
    r"(?:(?<!\w)(?:by|на)\s+[\d.,\s]*\d|\d\s?%|(?:per\s?cent|процент\w*|percentage points))"
    r"(?:\s+[^\W\d_]+)?\s+\Z",
    re.IGNORECASE,
)
#: A number that something grew or fell to is not hedged: `снизилось до 500`, `500-ге дейін азайды`.
_CHANGED_TO = re.compile(
    r"(?<!\w)(?:(?:у|по|вы)?(?:вели[чк]|высил|рос|раст)|с(?:о?кра[тщ]|ни[зж])|уменьш|возр[оа]с|упал|"
    r"пада|дове[дс]|дош)\w*\s+(?:[^\W\d_]+\s+|на\s+[^.;]{1,30}?[\s,\u2013-])?до\s|(?<!\w)с\s+(?:[^.;]|\.\d){1,40}\sдо\s",
    re.IGNORECASE,
)
_CHANGED_FROM = re.compile(
    r"\s+(?:[^\W\d_]+\s+)?(?:азай|азая|көбей|өс|төмен|артт|қысқар|ұлғай|кемі)\w*", re.IGNORECASE
)
_THAN = re.compile(r"\s(?:than|чем)\Z", re.IGNORECASE)
#: What may stand between a hedge and its number: signs, currencies, and characters that cannot be
#: seen, but not `of the`, as in `some of the 500`.
_BETWEEN = (
    r"(?:[\s$€£\\\"'“‘(*_\u00ad\u200b\u2060\ufeff]|(?<!\w)(?:a|an|another|total of|additional|"
    r"further|new|us|usd|eur|gbp|chf|kzt|чем|(?<=чем\s)(?:в|на|у|из|для)|"
    r"ещё|еще|новых|в общей сложности|тағы|жаңа)(?!\w))*"
)


class Hedges:
    """The hedges that the concepts of a set of tables define."""

    def __init__(self, bounds: dict[str, frozenset[str]]) -> None:
        """Take the words, in lower case, each with the codes that it can mean."""
        self._bounds = bounds

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Hedges":
        """The hedges of the rows of `concepts` among `rows`."""
        found: dict[str, set[str]] = {}
        for row in rows:
            if row.schema.name == "concepts" and row.get("scheme") == _SCHEME:
                for word in (word for column in _COLUMNS for word in row.cells[column]):
                    found.setdefault(word.casefold(), set()).add(row.require("code"))
        return cls({word: frozenset(codes) for word, codes in found.items()})

    def find_in(self, text: str) -> list[str]:
        """The known hedges in `text`, in lower case; none that a word before it turns round."""
        return [" ".join(match[0].casefold().split()) for match in self._any.finditer(text)]

    def bounds(self, text: str) -> frozenset[str]:
        """The codes that the hedges in `text` can mean; empty if it has no known hedge."""
        return frozenset(code for word in self.find_in(text) for code in self._bounds[word])

    def find_at(self, text: str, start: int, end: int) -> str | None:
        """The hedge directly before or after `text[start:end]`, or None."""
        near = max(0, start - 80)
        found = self._before.search(text, near, start)
        if found and any(
            change.end() > found.start(1) for change in _CHANGED_TO.finditer(text, near, start)
        ):
            return None
        if found and _THAN.search(found[1]) and _COMPARED.search(text, near, found.start(1)):
            return None
        if not found:
            found = self._after.match(text, end)
            if found and _CHANGED_FROM.match(text, found.end()) and "дейін" in found[0].casefold():
                return None
        return " ".join(next(filter(None, found.groups())).split()) if found else None

    @property
    def words(self) -> list[str]:
        """All known hedges in order."""
        return sorted(self._bounds)

    @cached_property
    def _any(self) -> re.Pattern[str]:
        turned = r"(?<!not\s)(?<!no\s)(?<!never\s)(?<!without\s)(?<!\bне\s)"
        return re.compile(turned + _one_of(self._bounds), re.IGNORECASE)

    @cached_property
    def _before(self) -> re.Pattern[str]:
        words = [
            word for word in self._bounds if not _AFTER.search(word) and not _GOVERNS.match(word)
        ]
        return re.compile(rf"({_one_of(words)}){_BETWEEN}\Z", re.IGNORECASE)

    @cached_property
    def _after(self) -> re.Pattern[str]:
        words = [word for word in self._bounds if _AFTER.search(word)]
        percent = r"[\s-]*(?:%|per cent|percent)?\s*"
        behind = (
            rf"{percent}\.?\s*(?:[^\W\d_]+(?:-[^\W\d_]+)*\s+){{0,3}}?({_one_of(words)})"
            r"(?!\s+(?:(?:than|чем)\b|\W*\d))"
        )
        # The word before, be it the number's last or that of what is counted, has the ending.
        governors = [word for word in self._bounds if _GOVERNS.match(word)]
        compared = [word for word in governors if _COMPARES.match(word)]
        stem = r"(?:(?:\s*%)?-\w+|(?:\s*%)?(?:\s+[^\W\d_]+){1,2}?)?"
        governed = (
            rf"{stem}(?:{_FROM}\s+({_one_of(compared)})"
            rf"|{_ENDING}\s+({_one_of({*governors} - {*compared})}))"
        )
        # Any hedge may end what is said of its number, as in `500, at least` and `500 (estimated)`.
        last = rf"{percent},?\s*\(?({_one_of({*self._bounds} - _NO_LAST)})\s*(?:[.,;:)\]]|\Z)"
        return re.compile(f"(?:{governed}|{behind}|{last})", re.IGNORECASE)


def _one_of(words: Iterable[str]) -> str:
    """A pattern of whole words; of two that begin alike, the longer one matches."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    # Without words, match nothing: an empty alternative would match everywhere.
    return rf"(?:{'|'.join(map(_whole, longest_first)) or '(?!)'})"


def _whole(word: str) -> str:
    """A pattern of `word` that is not a piece of a longer word; a sign may touch its number."""
    before = r"(?<!\w)" if word[0].isalpha() else ""
    after = r"(?!\w)" if word[-1].isalpha() else ""
    return before + r"\s+".join(map(re.escape, word.split())) + after
