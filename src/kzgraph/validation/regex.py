r"""Regular expressions of SPARQL and XPath, matched by Python's.

https://www.w3.org/TR/shacl/#PatternConstraintComponent asks for SPARQL's REGEX, and so for those of
https://www.w3.org/TR/xpath-functions-31/#regex-syntax. What means the same to Python is handed on;
`$` becomes `\Z`, since Python's also matches before a last line feed; the rest is refused by name.
"""

import re
from collections.abc import Callable

from kzgraph.validation.errors import ShapesRefused

_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}
#: Escapes that both languages have, for one character or a class of them.
_ESCAPES = frozenset(r"nrt\|.?*+(){}[]^$-/sSdDwW0123456789")


def matcher(expression: str, flags: str = "") -> Callable[[str], bool]:
    r"""A function that says whether a text has a match somewhere.

    Raises:
        ShapesRefused: the expression is not well-formed, or of a form whose meaning differs.

    >>> matcher("^a$")("a\n")
    False
    """
    if strange := set(flags) - {*_FLAGS, "q"}:
        raise ShapesRefused(
            f"sh:flags {''.join(sorted(strange))!r} is not supported: use i, m, s, q"
        )
    options = re.RegexFlag(0)
    for flag in set(flags) & set(_FLAGS):
        options |= _FLAGS[flag]
    text = re.escape(expression) if "q" in flags else _translate(expression, "m" in flags)
    try:
        found = re.compile(text, options)
    except (re.error, RecursionError, OverflowError) as error:
        raise ShapesRefused(f"sh:pattern {expression!r} is not a pattern: {error}") from None
    return lambda value: found.search(value) is not None


def _translate(expression: str, multiline: bool) -> str:
    parts: list[str] = []
    in_class = False
    position = 0
    while position < len(expression):
        sign = expression[position]
        pair = expression[position : position + 2]
        if sign == "\\":
            if len(pair) < 2 or pair[1] not in _ESCAPES:
                raise _unsupported(expression, pair)
            parts.append(pair)
            position += 2
            continue
        if in_class:
            if pair in ("-[", "&&", "--", "||", "~~") or sign == "[":
                raise _unsupported(expression, pair)
            in_class = sign != "]"
        elif sign == "[":
            if re.match(r"\[\^?\]", expression[position:]):
                raise _unsupported(expression, "an empty class")
            in_class = True
        elif pair == "(?" and expression[position : position + 3] != "(?:":
            raise _unsupported(expression, expression[position : position + 3])
        elif sign == "$" and not multiline:
            sign = r"\Z"
        elif sign in "*+?}" and pair[1:] == "+":
            raise _unsupported(expression, pair)
        parts.append(sign)
        position += 1
    return "".join(parts)


def _unsupported(expression: str, part: str) -> ShapesRefused:
    return ShapesRefused(f"sh:pattern {expression!r} uses {part}, which is not supported")
