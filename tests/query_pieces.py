"""Queries in pieces, so that their constants can be exchanged, and what is not needed left out."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from kzgraph.sparql.lexer import Kind, tokens

Part: TypeAlias = "Piece | Constant | str"


@dataclass(frozen=True)
class Constant:
    """A place for a constant, with the texts of those that may stand there."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """A part of a query.

    Attributes:
        parts: what it consists of, from left to right.
        simpler: what may stand in its place in a query that is as sound.
        tag: what it is, where that matters.
        keys: the columns that an ORDER BY begins with.
    """

    parts: tuple[Part, ...]
    simpler: tuple[Part, ...] = ()
    tag: str = ""
    keys: tuple[str, ...] = ()


def piece(*parts: Part) -> Piece:
    """A part that has to be there."""
    return Piece(parts)


def spare(*parts: Part, tag: str = "") -> Piece:
    """A part that may be left out."""
    return Piece(parts, ("",), tag)


def either(whole: Piece, *simpler: Part) -> Piece:
    """A part in whose place others may stand."""
    return replace(whole, simpler=(*whole.simpler, *simpler))


def joined(between: str, parts: list[Part]) -> Piece:
    """Parts with a sign between them; each of several may be left out."""
    found: list[Part] = []
    for number, part in enumerate(parts):
        found += [between, part] if number else [part]
    return Piece(tuple(found), tuple(parts) if len(parts) > 1 else ())


def freeze(tree: Piece, seed: str, number: int) -> Piece:
    """The query with constants instead of places for them.

    Queries of other numbers have others, in all places or only in some: it is those that show
    what is kept of one query and used for the next.
    """
    first = random.Random(f"{seed} 0")  # noqa: S311 - nothing secret
    chance = random.Random(f"{seed} {number}")  # noqa: S311
    share = chance.choice((1, 0.5, 0.2)) if number else 0

    def choose(place: Constant) -> str:
        usual, other = first.choice(place.texts), chance.choice(place.texts)
        return other if chance.random() < share else usual

    return _map(tree, choose)


def _map(tree: Piece, change: Callable[[Constant], str]) -> Piece:
    def of(part: Part) -> Part:
        if isinstance(part, Constant):
            return change(part)
        return _map(part, change) if isinstance(part, Piece) else part

    return replace(tree, parts=tuple(map(of, tree.parts)), simpler=tuple(map(of, tree.simpler)))


def text_of(part: Part, without: str = "-") -> str:
    """The query as text, without the pieces of one tag."""
    if isinstance(part, str):
        return part
    if isinstance(part, Constant):
        return part.texts[0]
    if part.tag == without:
        return ""
    return " ".join(filter(None, (text_of(each, without) for each in part.parts)))


def find_tagged(tree: Piece, tag: str) -> Iterator[Piece]:
    """The pieces of one tag."""
    if tree.tag == tag:
        yield tree
    for part in tree.parts:
        if isinstance(part, Piece):
            yield from find_tagged(part, tag)


def simplifications(tree: Piece) -> Iterator[Piece]:
    """The query with one part simpler, large parts first."""
    for simpler in tree.simpler:
        yield simpler if isinstance(simpler, Piece) else Piece((simpler,))
    for at, part in enumerate(tree.parts):
        if isinstance(part, Piece):
            for other in simplifications(part):
                yield replace(tree, parts=(*tree.parts[:at], other, *tree.parts[at + 1 :]))


def shrink(tree: Piece, still: Callable[[Piece], bool], most: int = 400) -> Piece:
    """A query of which nothing can be left out so that `still` holds, with `most` attempts."""
    left = most
    found = True
    while found:
        found = False
        for simpler in simplifications(tree):
            left -= 1
            if left < 0:
                return tree
            if still(simpler):
                tree, found = simpler, True
                break
    return tree


_SPACES = (" ", " ", " ", "  ", "\n", "\t", "\r\n", " # ?x { \" ' \n", "\n#\n")
#: Words whose case matters, or whose readers do not agree that it does not.
_FIXED = frozenset({"a", "true", "false"})


def restyle(text: str, chance: random.Random) -> str:
    """The same query with other spaces, cases of keywords, comments and signs of variables."""
    if "\\u" in text:
        return text  # Characters written by their number are no tokens.
    found, end = [], 0
    loud = chance.random() < 0.5
    for token in tokens(text):
        space, shown = text[end : token.start], token.text
        if space and chance.random() < 0.3:
            space = chance.choice(_SPACES)
        if not space and token.kind is Kind.SIGN and shown in "{}()" and chance.random() < 0.1:
            space = " "
        if token.kind is Kind.WORD and shown not in _FIXED and loud:
            shown = chance.choice((shown.lower(), shown.upper(), shown.title()))
        if token.kind is Kind.VARIABLE and chance.random() < 0.1:
            shown = "$" + shown[1:]
        found += [space, shown]
        end = token.end
    return "".join(found)
