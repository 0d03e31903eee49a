"""Regular expressions of XPath in the dialect of the store's library (Rust's `regex`).

https://www.w3.org/TR/xpath-functions/#regex-syntax,
https://www.w3.org/TR/xmlschema-2/#regexs
"""

import re
from dataclasses import dataclass

from kzgraph.rdf.xml_text import NAME_REST, NAME_START

_FIRST = f"{NAME_START}:"
_NAME = f"{NAME_REST}:"
#: Escapes that mean the same to both, and those for which the dialects have other sets: XPath's
#: `\w` is all but punctuation, separators and the rest, so it has € and not _.
_SAME = frozenset("nrt\\|.?*+(){}-[]^$dD")
_SETS = {
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_FIRST}]",
    "I": f"[^{_FIRST}]",
    "c": f"[{_NAME}]",
    "C": f"[^{_NAME}]",
}
_CATEGORY = re.compile(r"\{(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)\}")
#: Categories that a change of case leads out of.
_OF_ONE_CASE = ("{Lu}", "{Ll}", "{Lt}")
_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??")


class Untranslatable(ValueError):
    """The expression is not one of XPath, or has what the store lacks; the message says what."""


@dataclass(frozen=True)
class Translated:
    """An expression for the store.

    Attributes:
        pattern: the expression.
        flags: what of its flags is left to say.
        groups: how many groups in brackets it has.
    """

    pattern: str
    flags: str
    groups: int


def translate(pattern: str, flags: str) -> Translated:
    r"""The expression `pattern`, with `flags`, in the store's dialect.

    Raises:
        Untranslatable: there is none.

    >>> translate(r"^\w+$", "").pattern
    '^[^\\p{P}\\p{Z}\\p{C}]+$'
    """
    left = remaining_flags(flags)
    if "q" in flags:
        return Translated(pattern, left, 0)
    reader = _Reader(pattern, blanks="x" in flags, folds="i" in flags)
    return Translated(reader.read(), left, reader.groups)


def remaining_flags(flags: str) -> str:
    """What of `flags` is left to say behind a translated pattern."""
    return "".join(sorted({*flags} - ({"x", "m", "s"} if "q" in flags else {"x"})))


class _Reader:
    def __init__(self, pattern: str, blanks: bool, folds: bool) -> None:
        self.pattern = pattern
        self.blanks = blanks
        self.folds = folds
        self.at = 0
        self.groups = 0

    def read(self) -> str:
        pieces: list[str] = []
        while self.at < len(self.pattern):
            sign = self.pattern[self.at]
            if sign == "\\":
                pieces.append(self.escape())
            elif sign == "[":
                pieces.append(self.set())
            elif sign == "(":
                pieces.append(self.bracket())
            elif sign in "*+?{":
                pieces.append(self.quantifier())
            else:
                self.at += 1
                if sign in "]}":
                    raise Untranslatable(f"{sign} stands alone; write \\{sign}")
                if not (self.blanks and sign in " \t\r\n"):
                    pieces.append(sign)
        return "".join(pieces)

    def escape(self, within: bool = False) -> str:
        sign = self.pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if sign in _SETS:
            return _SETS[sign]
        if sign in ("p", "P"):
            category = _CATEGORY.match(self.pattern, self.at)
            if category is None:
                raise Untranslatable(f"\\{sign} takes a category such as \\p{{Lu}}")
            self.at = category.end()
            if self.folds and category[0] in _OF_ONE_CASE:
                # The flag i says nothing of categories (fn:matches, 5.6.1.1).
                if within:
                    raise Untranslatable(
                        f"with the flag i, \\{sign}{category[0]} cannot stand in square brackets"
                    )
                return f"(?-i:\\{sign}{category[0]})"
            return f"\\{sign}{category[0]}"
        if sign and sign in _SAME:
            return f"\\{sign}"
        if sign.isdigit():
            raise Untranslatable(f"the store has no references back such as \\{sign}")
        raise Untranslatable(f"XPath has no \\{sign}")

    def bracket(self) -> str:
        self.at += 1
        if self.pattern.startswith("?", self.at):
            if not self.pattern.startswith("?:", self.at):
                raise Untranslatable("XPath has no (? but (?:")
            self.at += 2
            return "(?:"
        self.groups += 1
        return "("

    def quantifier(self) -> str:
        match = _QUANTIFIER.match(self.pattern, self.at)
        if match is None:
            raise Untranslatable("{ stands alone; write \\{")
        self.at = match.end()
        if self.pattern[self.at : self.at + 1] in tuple("*+?{"):
            raise Untranslatable(f"another quantifier stands behind {match[0]}")
        return match[0]

    def set(self) -> str:
        """A class of characters in square brackets, where the store knows more signs than XPath."""
        self.at += 1
        pieces = ["["]
        if self.pattern.startswith("^", self.at):
            pieces.append("^")
            self.at += 1
        first = self.at
        while True:
            sign = self.pattern[self.at : self.at + 1]
            if not sign:
                raise Untranslatable("a [ is not closed")
            if sign == "]":
                if self.at == first:
                    raise Untranslatable("a class in square brackets is empty")
                self.at += 1
                return "".join([*pieces, "]"])
            if sign == "\\":
                pieces.append(self.escape(within=True))
            elif self.pattern.startswith("-[", self.at) and self.at > first:
                self.at += 1
                without = self.set()
                if self.pattern[self.at : self.at + 1] != "]":
                    raise Untranslatable("a class that is taken away stands at the end of another")
                self.at += 1
                return f"[{''.join(pieces)}]--{without}]"
            elif sign == "[":
                raise Untranslatable("a [ within square brackets; write \\[")
            else:
                pieces.append(f"\\{sign}" if sign in "&~^" else sign)
                self.at += 1
