"""The signs by which a document says that a place has no number yet, or none at all."""

import re

from kzgraph.tables import Span

#: Signs of words, in any case and with any blanks between them.
_WORDS = re.compile(
    r"null|n[./\\]?\s?a\.?|n\.\s?d\.|tb[acd]\.?|to\s+be\s+(?:confirmed|determined|announced|decided)"
    r"|no\s+data|(?:data\s+)?not\s+(?:yet\s+)?(?:available|published|known)|pending"
    r"|н[./]\s?[дп]\.?|нет\s+(?:данных|сведений)|данных\s+нет|уточняется|не\s+опубликован[оаы]?"
    r"|ж[./]\s?қ\.?|(?:деректер|мәлімет|дерек)\s+жоқ|нақтылануда|жарияланбаған",
    re.IGNORECASE,
)
#: Signs without letters, which in a sentence mean other things.
_MARKS = re.compile(r"[-\u2010-\u2015\u2212]{1,3}|\.{2,3}|\u2026")
#: What is before and behind a mark that has a cell to itself.
_CELL_BEFORE = re.compile(r"(?:^|[\t|;\r\n\[(,]|[^\S\r\n]{2}|[\d%)][^\S\r\n])[^\S\r\n]*\Z")
_CELL_BEHIND = re.compile(
    r"[^\S\r\n]*(?:[\t|;\r\n\]),]|\Z)|[^\S\r\n]{2}|[^\S\r\n](?:[-\u2010-\u2015\u2212]|n/a)(?!\w)"
)
_LINE_BEFORE = re.compile(r"(?:^|[\r\n])[^\S\r\n]*\Z")
_LINE_BEHIND = re.compile(r"[^\S\r\n]*(?:[\r\n]|\Z)")
#: How far around a mark its cell is looked for, in code points.
_AROUND = 40


def is_nothing(shown: str) -> bool:
    """Whether a whole cell of a table says that there is no number.

    >>> is_nothing("N/A"), is_nothing("\u2013"), is_nothing("to be confirmed"), is_nothing("0")
    (True, True, True, False)
    """
    return bool(_WORDS.fullmatch(shown) or _MARKS.fullmatch(shown))


def says_nothing(text: str, span: Span) -> bool:
    """Whether a span of a text is such a sign; one without letters has its cell to itself.

    >>> says_nothing("98 | - | 196", Span(5, 6)), says_nothing("98 - less", Span(3, 4))
    (True, False)
    >>> says_nothing("47;8;\u2013", Span(5, 6))
    True
    """
    start, end = span
    shown = text[start:end]
    if not _MARKS.fullmatch(shown):
        return bool(_WORDS.fullmatch(shown))
    before, behind = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if _LINE_BEFORE.search(before):
        # A dash at the start of a line with more in it is the bullet of a list.
        return bool(_LINE_BEHIND.match(behind))
    return bool(_CELL_BEFORE.search(before) and _CELL_BEHIND.match(behind))
