"""REGEX and REPLACE: the store has another dialect of expressions, and of replacements.

https://www.w3.org/TR/xpath-functions/#regex-syntax and #func-replace. What is written out in the
query is translated; a pattern that is computed is, too, each time, by a function (`FUNCTIONS`) that
the store is given. Where it is none, that is an error, as the specification has it.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from kzgraph.namespaces import Term
from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.constants import evaluate
from kzgraph.sparql.rewriting.expressions import (
    Translated,
    Untranslatable,
    remaining_flags,
    translate,
)
from kzgraph.sparql.rewriting.writer import XSD, Rule, Writer
from kzgraph.sparql.strings import quote, unquote
from kzgraph.sparql.tree import Call

_FLAGS = frozenset("smixq")
#: A reference to a group, an escape, or one of the two signs that may not stand alone.
_REPLACEMENT = re.compile(r"\$([0-9]+)|\\([\\$])|([\\$])")
_STRING = NamedNode(f"{XSD}string")
#: What the store is given to call, for each row anew.
_MATCHING = NamedNode("urn:kzgraph:matching")
_REPLACING = NamedNode("urn:kzgraph:replacing")


def _write_call(call: Call, writer: Writer) -> str | None:
    if call.name not in ("REGEX", "REPLACE") or not 2 <= len(call.arguments) <= 4:
        return None
    replaces = call.name == "REPLACE"
    texts = [writer.write(argument) for argument in call.arguments]
    flags_at = 3 if replaces else 2
    flags = _constant(call, flags_at) if len(texts) > flags_at else ""
    if flags is None:
        raise Refusal(
            "The flags of a pattern have to be written out as a string here, such as 'i'",
            call.arguments[flags_at].start,
        )
    if not _FLAGS.issuperset(flags):
        raise Refusal(
            "The flags of a pattern are s, m, i, x and q (fn:matches)",
            call.arguments[flags_at].start,
        )
    pattern = _constant(call, 1)
    groups: int | None = None
    if pattern is None:
        function = _REPLACING if replaces else _MATCHING
        texts[1] = f"{function}({texts[1]}, {quote(flags)})"
    else:
        translated = _translate(pattern, flags, replaces, call.arguments[1].start)
        groups = translated.groups
        texts[1] = quote(translated.pattern)
    if len(texts) > flags_at:
        texts[flags_at] = quote(remaining_flags(flags))
    if replaces and len(texts) > 2:
        texts[2] = _replacement(call, groups, flags)
    return f"{call.name}({', '.join(texts)})"


def _translate(pattern: str, flags: str, replaces: bool, place: int) -> Translated:
    """The expression `pattern` for the store; refused where it is none, or none for REPLACE."""
    try:
        translated = translate(pattern, flags)
    except Untranslatable as error:
        raise Refusal(f"This pattern cannot be used here: {error}", place) from None
    empty = _matches_empty(translated.pattern, translated.flags)
    if empty is None:
        raise Refusal("This pattern is not a regular expression (fn:matches)", place)
    if empty and replaces:
        raise Refusal(
            "REPLACE takes no pattern that matches an empty string (fn:replace, FORX0003): "
            "use + for *, for one",
            place,
        )
    return translated


def _computed(replaces: bool) -> Callable[..., Term | None]:
    """What translates a pattern that is computed; nothing, which is an error, for what is none."""

    @lru_cache(maxsize=256)
    def translated(pattern: str, flags: str) -> Literal | None:
        try:
            return Literal(_translate(pattern, flags, replaces, 0).pattern)
        except Refusal:
            return None

    def function(*terms: Term) -> Term | None:
        pattern, flags = terms
        if not isinstance(pattern, Literal) or pattern.language or pattern.datatype != _STRING:
            return None
        return translated(pattern.value, flags.value) if isinstance(flags, Literal) else None

    return function


def _constant(call: Call, index: int) -> str | None:
    """The string that an argument is; None where it is computed."""
    tokens = call.arguments[index].tokens
    if len(tokens) == 1 and tokens[0].kind is Kind.STRING:
        return unquote(tokens[0].text)
    return None


def _replacement(call: Call, groups: int | None, flags: str) -> str:
    """The replacement as the store reads it: it knows `${1}` and `$$`, and no backslash."""
    argument = call.arguments[2]
    given = _constant(call, 2)
    if given is None:
        raise Refusal(
            "The replacement has to be written out as a string here, because the signs $ and \\ "
            "in a computed one would be taken for others: use CONCAT with STRBEFORE and STRAFTER",
            argument.start,
        )
    if "q" in flags:
        return quote(given.replace("$", "$$"))

    def convert(match: re.Match[str]) -> str:
        digits, escaped, wrong = match.groups()
        if wrong is not None:
            raise Refusal(
                f"In a replacement {wrong} stands before "
                + ("the number of a group" if wrong == "$" else "\\ or $")
                + f" only (fn:replace, FORX0004): write \\{wrong} for the sign itself",
                argument.start,
            )
        if digits is None:
            return "$$" if escaped == "$" else "\\"
        if groups is None and len(digits) > 1:
            raise Refusal(
                "How many groups there are shows only in a pattern that is written out",
                call.arguments[1].start,
            )
        # The longest number of a group that there is; what is left are digits of the text.
        length = len(digits)
        while length > 1 and groups is not None and int(digits[:length]) > groups:
            length -= 1
        if groups is not None and int(digits[:length]) > groups:
            return digits[length:]  # A group that is not there is empty.
        return f"${{{digits[:length]}}}{digits[length:]}"

    return quote(_REPLACEMENT.sub(convert, given))


def _matches_empty(pattern: str, flags: str) -> bool | None:
    """Whether the store's `pattern` matches the empty string; None where it is not a pattern."""
    matches = evaluate(f"REGEX('', {quote(pattern)}, {quote(flags)})")
    return matches.value == "true" if isinstance(matches, Literal) else None


#: Functions for the store, by their names.
FUNCTIONS = {_MATCHING: _computed(False), _REPLACING: _computed(True)}
WORDS = frozenset({"regex", "replace"})
RULES = (Rule(Call, _write_call),)
