"""The tokens of a SPARQL query, by the terminals of its grammar.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar (productions 139 to 173)

The server needs tokens, not a tree: whether a word such as SERVICE or FROM occurs in the query as
a keyword, or only in a string, a comment, an IRI or a name.
"""

import re
from collections.abc import Iterator
from enum import Enum
from string import ascii_letters, digits
from typing import NamedTuple

_WORD = ascii_letters + digits + "_"


def _class(ascii_: str) -> str:
    """A class of the characters of ASCII that are given, and of every character beyond.

    Those beyond count as letters here: more than the grammar allows, which is harmless, because
    the store refuses the others and none of them opens a string or a comment. Written as what is
    not in it, for `re` takes 5 ms to compile a range up to the last character, and each process of
    the server compiles this.
    """
    others = (code for code in range(128) if chr(code) not in ascii_)
    return "[^" + "".join(rf"\x{code:02x}" for code in others) + "]"


# The bound keeps the search for the colon linear in the query; a longer prefix is split into a
# word and a name, which hides nothing.
_PREFIX = rf"{_class(ascii_letters)}{_class(_WORD + '.-')}{{0,100}}(?<!\.)"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?#@%]"
# A dot belongs to a name only where the name continues after it.
_LOCAL = (
    rf"(?:{_class(_WORD + ':')}|{_ESCAPED})"
    rf"(?:{_class(_WORD + ':-')}+|{_ESCAPED}|\.+(?={_class(_WORD + ':%-' + chr(92))}))*+"
)
_LABEL = rf"{_class(_WORD)}(?:{_class(_WORD + '-')}+|\.+(?={_class(_WORD + '-')}))*+"
#: The store's parser takes no other escape, and reads what stands behind one anew.
_ECHAR = r"\\[tbnrf\\\"']"

_TOKEN = re.compile(
    rf"""
      (?P<SPACE>   (?:[ \t\r\n]+|\#[^\r\n]*)++ )
    | (?P<STRING>  \"\"\"(?:[^"\\]|{_ECHAR}|"(?!""))*+\"\"\"
                 | \'\'\'(?:[^'\\]|{_ECHAR}|'(?!\'\'))*+\'\'\'
                 | "(?!"")(?:[^"\\\r\n]|{_ECHAR})*+" | '(?!\'\')(?:[^'\\\r\n]|{_ECHAR})*+' )
    | (?P<IRI>     <[^<>"{{}}|^`\\\x00-\x20]*+> )
    | (?P<VARIABLE>[?$]{_class(_WORD)}+ )
    | (?P<BLANK>   _:{_LABEL} )
    | (?P<NAME>    (?:{_PREFIX})?:(?:{_LOCAL})? )
    | (?P<LANGUAGE>@[A-Za-z]+(?:-+[A-Za-z0-9]+)* )
    | (?P<NUMBER>  (?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+ | [0-9]*\.[0-9]+ | [0-9]+ )
    | (?P<WORD>    [A-Za-z_][A-Za-z0-9_]* )
    | (?P<SIGN>    \^\^|&&|\|\||!=|<=|>=|. )
    """,
    re.VERBOSE | re.DOTALL,
)


class Kind(Enum):
    """The kinds of token."""

    STRING = "STRING"
    IRI = "IRI"
    VARIABLE = "VARIABLE"
    BLANK = "BLANK"
    NAME = "NAME"  # a prefixed name, or a prefix with its colon
    LANGUAGE = "LANGUAGE"
    NUMBER = "NUMBER"
    WORD = "WORD"  # a keyword, `a`, or the name of a function
    SIGN = "SIGN"


#: Calling the enumeration takes four times as long.
_KINDS = {kind.value: kind for kind in Kind}


class Token(NamedTuple):
    """A token: its kind, its text, and where it starts (characters from the start of the query)."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token ends, exclusive."""
        return self.start + len(self.text)


#: What may stand in an IRI and makes a difference to the tokens behind a comparison.
_AMBIGUOUS = re.compile(r"[#'()\[\],]")
#: What stands between two comparisons.
_AND = "&&"
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")


class LexicalError(ValueError):
    """The query cannot be split into tokens.

    Attributes:
        start: where, in characters from the start of the query.
    """

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.start = start


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text` without white space and comments.

    Raises:
        LexicalError: a string is not closed, or a `<` can be read in two ways.
    """
    previous: Token | None = None
    brackets: list[str] = []
    position = 0
    while match := _TOKEN.match(text, position):
        position = match.end()
        kind = _KINDS.get(match.lastgroup or "")
        if kind is None:
            continue  # space
        token = Token(kind, match[0], match.start())
        if kind is Kind.SIGN:
            if token.text in "\"'":
                raise _string_error(text, token.start)
            _follow(brackets, token.text)
        elif kind is Kind.IRI and _may_be_less_than(token, previous, brackets):
            if _AMBIGUOUS.search(token.text):
                raise LexicalError(
                    "This can be read as an IRI or as a less-than sign: put a space behind the "
                    "sign, or write the IRI absolute",
                    token.start,
                )
            if _AND in token.text:  # No IRI that anybody writes has it, and conditions do.
                token = Token(Kind.SIGN, "<", token.start)
                position = token.end
        yield token
        previous = token


#: What a string may hold before something that no string holds.
_BEGINNING = re.compile(
    rf"""\"\"\"(?:[^"\\]|{_ECHAR}|"(?!""))*+ | \'\'\'(?:[^'\\]|{_ECHAR}|'(?!\'\'))*+
      | "(?:[^"\\\r\n]|{_ECHAR})*+ | '(?:[^'\\\r\n]|{_ECHAR})*+""",
    re.VERBOSE,
)


def _string_error(text: str, start: int) -> LexicalError:
    """What is wrong with the string that starts at `start`."""
    beginning = _BEGINNING.match(text, start)
    end = start if beginning is None else beginning.end()
    if text[end : end + 1] == "\\":
        return LexicalError(
            "A string knows the escapes \\t \\b \\n \\r \\f \\\" \\' and \\\\ only", end
        )
    return LexicalError("The string that starts here is not closed", start)


#: A pair of backslashes, or an escape of a character by its number.
_CODEPOINT = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def decode_codepoints(text: str) -> str:
    r"""`text` with its escapes `\uXXXX` and `\UXXXXXXXX` decoded.

    https://www.w3.org/TR/sparql11-query/#codepointEscape: before anything else is read of a query.

    Raises:
        LexicalError: there is no such character.
    """

    def character(match: re.Match[str]) -> str:
        digits = match[1] or match[2]
        if digits is None:
            return match[0]
        number = int(digits, 16)
        if number == 0 or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
            raise LexicalError("There is no such character", match.start())
        return chr(number)

    return _CODEPOINT.sub(character, text) if "\\" in text else text


def _follow(brackets: list[str], sign: str) -> None:
    if sign in "({[":
        brackets.append(sign)
    elif sign in ")}]" and brackets:
        brackets.pop()


def _may_be_less_than(token: Token, previous: Token | None, brackets: list[str]) -> bool:
    """Whether `token` may be a comparison that happens to end in `>`.

    The grammar asks for the longest token, the store's parser decides by context. A comparison
    stands directly in round brackets behind an operand; behind another `<`, this may be `<<`.
    The two readings can differ on what follows only where the text holds a comment, a string or a
    bracket, and on what the text holds where it is the end of one comparison and the beginning of
    another; `scheme://` cannot be read as an expression.
    """
    if previous is None:
        return False
    operand = previous.kind is not Kind.SIGN or previous.text in ")]}>"
    possible = (operand and brackets[-1:] == ["("]) or previous.text == "<"
    return possible and not _ABSOLUTE.match(token.text)
