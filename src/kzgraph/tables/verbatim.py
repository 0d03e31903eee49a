r"""Words of a document in a cell to the code point, however they would look there.

Cells are plain text, and spreadsheets and editors change what cannot be seen. So what is not plain
is written as JSON strings write it: https://www.rfc-editor.org/rfc/rfc8259#section-7
"""

import json
import re

from kzgraph.tables.cells import CellFault, check_text, is_invisible

#: Escapes in a row, since those of a surrogate pair make one character.
_ESCAPES = re.compile(r'(?:\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt]))+')


def write_verbatim(text: str) -> str:
    r"""A cell that holds `text`.

    >>> print(write_verbatim("753\nRefugees "))
    753\nRefugees\u0020
    """
    written = "".join(_write_character(text, at) for at in range(len(text)))
    try:
        check_text(written)
    except CellFault:
        # Alphabets are mixed, accents stand apart, or the like.
        return "".join(
            _write_character(text, at) if text[at].isascii() else json.dumps(text[at])[1:-1]
            for at in range(len(text))
        )
    return written


def _write_character(text: str, at: int) -> str:
    character = text[at]
    if character == "\\":
        return r"\\"
    if character == " ":
        alone = 0 < at < len(text) - 1 and text[at - 1] != " "
        return character if alone else r"\u0020"
    if character.isspace() or is_invisible(character):
        return json.dumps(character)[1:-1]
    return character


def read_verbatim(cell: str) -> str:
    r"""The text that a cell holds.

    >>> read_verbatim(r"753\nRefugees\u0020")
    '753\nRefugees '

    Raises:
        ValueError: a backslash begins no escape, or half a surrogate pair stands alone.
    """
    if "\\" in _ESCAPES.sub("", cell):
        raise ValueError(f"a backslash in {cell!r} begins no escape")
    text = _ESCAPES.sub(lambda run: str(json.loads(f'"{run[0]}"')), cell)
    text.encode()
    return text
