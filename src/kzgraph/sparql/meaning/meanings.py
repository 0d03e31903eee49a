"""What can be known of the values of a column."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

#: Claims of one column, and alternatives of one claim, that are followed: a query that has more
#: says nothing clear.
_MOST = 16

#: What a query says of a thing: a property and its value, None where it names none. A value is the
#: local name of an IRI or the text of a literal: a code is one or the other.
Facts: TypeAlias = frozenset[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Step:
    """A property on the way to a value.

    Attributes:
        property: its IRI, with `^` before it where it leads from its object to its subject.
        facts: what is known of the thing that has it.
    """

    property: str
    facts: Facts = frozenset()


@dataclass(frozen=True, slots=True)
class Meaning:
    """One way in which a column comes by its values.

    Attributes:
        steps: the properties that lead to them, from what the query starts at; none where they are
            where it starts.
        facts: what is known of the values themselves.
        language: the language that the query asks for, in small letters; nothing for any.
        datatype: the IRI of the datatype that it asks for, likewise.
        aggregates: the names of the aggregates over them, the innermost first.
    """

    steps: tuple[Step, ...] = ()
    facts: Facts = frozenset()
    language: str = ""
    datatype: str = ""
    aggregates: tuple[str, ...] = ()

    @property
    def property(self) -> str:
        """The property whose object a value is; nothing where it is not an object."""
        return self.steps[-1].property if self.steps else ""


#: What is known of a column: claims that hold all together, each a set of alternatives of which
#: one holds in each row. None is known of what has no claims.
Claims: TypeAlias = tuple[frozenset[Meaning], ...]


def both(*found: Claims) -> Claims:
    """The claims of what is bound in several places that are joined."""
    return tuple(dict.fromkeys(claim for claims in found for claim in claims))[:_MOST]


def either(found: Iterable[Claims]) -> Claims:
    """The claims of what is bound in one of several places."""
    joined: Claims | None = None
    for claims in found:
        if joined is None:
            joined = claims
        else:
            pairs = (one | other for one in joined for other in claims)
            joined = both(tuple(each for each in pairs if len(each) <= _MOST))
    return joined or ()


def map_claims(claims: Claims, change: Callable[[Meaning], Meaning]) -> Claims:
    """The claims with each of their meanings changed."""
    return both(tuple(frozenset(map(change, claim)) for claim in claims))


def restrict(claims: Claims, language: str, datatype: str) -> Claims:
    """The claims of values of which a language or a datatype is asked for."""

    def change(meaning: Meaning) -> Meaning:
        return replace(
            meaning,
            language=language or meaning.language,
            datatype=datatype or meaning.datatype,
        )

    return map_claims(claims, change)


def aggregate(claims: Claims, name: str) -> Claims:
    """The claims of an aggregate over values."""
    return map_claims(
        claims, lambda meaning: replace(meaning, aggregates=(*meaning.aggregates, name))
    )
