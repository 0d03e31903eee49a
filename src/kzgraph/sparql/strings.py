"""String literals of SPARQL, what they mean and how they are written, and text put into queries.

https://www.w3.org/TR/sparql11-query/#rECHAR
"""

import re
from collections.abc import Iterable

_MEANINGS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(.)")
_SPECIAL = re.compile(r'[\\"\n\r]')
_SIGNS = {"\n": "\\n", "\r": "\\r"}


def unquote(token: str) -> str:
    r"""The value of a STRING token.

    >>> unquote(r"'a\\b'")
    'a\\b'
    """
    length = 3 if token.startswith(('"""', "'''")) else 1
    return _ESCAPE.sub(lambda match: _MEANINGS[match[1]], token[length:-length])


def quote(value: str) -> str:
    r"""`value` as a STRING token.

    >>> quote('say "hi"')
    '"say \\"hi\\""'
    """
    escaped = _SPECIAL.sub(lambda match: _SIGNS.get(match[0], "\\" + match[0]), value)
    return f'"{escaped}"'


def splice(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """`text` with other text in place of some stretches of it.

    Args:
        text: the whole.
        changes: start, end (exclusive) and what stands there then; in order.

    >>> splice("a ?b c", [(0, 0, "- "), (2, 4, "<b>")])
    '- a <b> c'
    """
    pieces: list[str] = []
    position = 0
    for start, end, new in changes:
        pieces += (text[position:start], new)
        position = end
    return "".join((*pieces, text[position:]))
