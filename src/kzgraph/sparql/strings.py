"""String literals of SPARQL: what they mean, and how they are written.

https://www.w3.org/TR/sparql11-query/#rECHAR
"""

import re

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
