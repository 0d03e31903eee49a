"""Words of a document as they are found again: which are unique, and which its page shows."""

import re
from functools import cached_property

from kzgraph.tables import Span
from kzgraph.tables.quotable import MAX_QUOTE_WORDS
from kzgraph.verification.charts import cells_in

_WORD = re.compile(r"\S*[^\W_]\S*")
#: How far words around a span are looked for, in code points.
_AROUND = 200
#: Signs of markup, which a page shows otherwise: of Markdown, of masked addresses, of JSON.
_MARKUP = re.compile(r"[*`\[\]{}\\<>]")


def fold(words: str) -> str:
    """Words as a search for them compares: without cases and kinds of white space."""
    return " ".join(words.split()).casefold()


class Page:
    """A document, and the page that it was taken from."""

    def __init__(self, text: str) -> None:
        """Take the text of the document."""
        self.text = text

    @cached_property
    def _folded(self) -> str:
        return fold(self.text)

    @cached_property
    def _charts(self) -> frozenset[Span]:
        return frozenset(cell.whole for cell in cells_in(self.text))

    def is_unique(self, words: str) -> bool:
        """Whether words are in the text once, a part of another word or number counted too."""
        wanted = fold(words)
        first = self._folded.find(wanted)
        return first >= 0 and self._folded.find(wanted, first + 1) < 0

    def shows(self, span: Span, prefix: str = "", suffix: str = "") -> bool:
        """Whether the page shows a quote as text, so that a link to the words can open it.

        Not if they are the data of a chart, if markup is among them, or if what tells them from
        other places is in several lines.
        """
        words = self.text[slice(*span)]
        if any(chart.start < span.end and span.start < chart.end for chart in self._charts):
            return False
        lines = words.splitlines()
        return (
            not _MARKUP.search(prefix + words + suffix)
            and len(prefix.strip().splitlines()) < 2
            and len(suffix.strip().splitlines()) < 2
            # Of several lines the link has the first and the last one.
            and (len(lines) == 1 or self.is_unique(prefix + lines[0]))
        )

    def starts_before(self, at: int) -> list[int]:
        """Where to begin to take in none, one, two words before a place, and so on."""
        begin = max(0, at - _AROUND)
        found = [match.start() for match in _WORD.finditer(self.text, begin, at)]
        return [at, *reversed(found[-MAX_QUOTE_WORDS:])]

    def ends_after(self, at: int) -> list[int]:
        """Where to end to take in none, one, two words behind a place, and so on."""
        found = [match.end() for match in _WORD.finditer(self.text, at, at + _AROUND)]
        return [at, *found[:MAX_QUOTE_WORDS]]
