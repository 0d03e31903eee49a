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
_AFTER = re.compile(r"or |and |plus$|\+$")
#: What may stand between a hedge and its number: signs, currencies, and characters that cannot be
#: seen, but not `of the`, as in `some of the 500`.
_BETWEEN = (
    r"(?:[\s$€£\\\"'“‘(*_\u00ad\u200b\u2060\ufeff]|(?<!\w)(?:a|an|another|total of|additional|"  # noqa: RUF001
    r"further|new|us|usd|eur|gbp|chf|kzt)(?!\w))*"
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
        found = self._before.search(text, max(0, start - 80), start) or self._after.match(text, end)
        return " ".join(next(filter(None, found.groups())).split()) if found else None

    @property
    def words(self) -> list[str]:
        """All known hedges in order."""
        return sorted(self._bounds)

    @cached_property
    def _any(self) -> re.Pattern[str]:
        turned = r"(?<!not\s)(?<!no\s)(?<!never\s)(?<!without\s)"
        return re.compile(turned + _one_of(self._bounds), re.IGNORECASE)

    @cached_property
    def _before(self) -> re.Pattern[str]:
        words = [word for word in self._bounds if not _AFTER.match(word)]
        return re.compile(rf"({_one_of(words)}){_BETWEEN}\Z", re.IGNORECASE)

    @cached_property
    def _after(self) -> re.Pattern[str]:
        words = [word for word in self._bounds if _AFTER.match(word)]
        percent = r"[\s-]*(?:%|per cent|percent)?\s*"
        behind = rf"(?:[a-z-]+\s+){{0,3}}?({_one_of(words)})(?!\s+(?:than\b|\W*\d))"
        # Any hedge may end what is said of its number, as in `500, at least` and `500 (estimated)`.
        last = rf",?\s*\(?({_one_of(self._bounds)})\s*(?:[.,;:)\]]|\Z)"
        return re.compile(f"{percent}(?:{behind}|{last})", re.IGNORECASE)


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
