"""The types of things that names are reconciled to: kinds of the search index.

What a document states has sentences for names, and nobody has a column of these; people have, and
they did not ask to be matched. Neither is offered.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kzgraph.search import KIND_NAMES


@dataclass(frozen=True)
class Type:
    """A type of things.

    Attributes:
        name: its identifier: the kind, as addresses call it.
        usual: whether names are reconciled to it where no type is asked for.
        narrower: types whose things are of this one too.
    """

    name: str
    usual: bool = False
    narrower: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The classes by which the index groups its things."""
        return frozenset(KIND_NAMES[each].value for each in (self.name, *self.narrower))

    @property
    def iri(self) -> str:
        """The class."""
        return KIND_NAMES[self.name].value


#: Countries and territories, also those that only statistics name.
COUNTRY = Type("country", usual=True)
#: Those that tables have most first.
TYPES = (
    COUNTRY,
    Type("place", usual=True, narrower=("country",)),
    Type("organization", usual=True),
    Type("legal-instrument", usual=True),
    Type("operation", usual=True),
    Type("initiative", usual=True),
    Type("event"),
    Type("document"),
    Type("activity"),
    Type("concept"),
    Type("statistical-variable"),
    Type("table"),
)
_BY_NAME = {name: each for each in TYPES for name in (each.name, each.iri)}


def find_types(names: Iterable[str]) -> tuple[Type, ...]:
    """The types that are called so, by their identifiers or the IRIs of their classes.

    Raises:
        KeyError: with the name of which there is none.
    """
    return tuple(_BY_NAME[each] for each in dict.fromkeys(names))


def list_usual_kinds() -> frozenset[str]:
    """The classes of things where no type is asked for."""
    return frozenset(kind for each in TYPES if each.usual for kind in each.kinds)
