"""Official cells, their sums, and how far a sum may be off because small cells were rounded.

UNHCR publishes a cell of one to four persons as 0 or 5, and leaves out rows in which all is 0. So a
published 5 may stand for one to five, and origins with a few people each may have no cell at all.
How many such origins there are cannot be known; of each cell that is summed over all origins one
hidden cell is allowed for. What a group with one origin only, such as stateless persons, counts has
no other origins that could hide.

Of decisions on asylum one to nine are published as 0, 5 or 10, which a note on the cell tells.

https://www.unhcr.org/refugee-statistics/methodology/
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from pyoxigraph import NamedNode

from kzgraph.namespaces import Term

#: The greatest number of persons that may hide in a cell published as 0.
HIDDEN = Decimal(4)
#: What a cell of one to four persons is published as, if not as 0.
ROUNDED = Decimal(5)


@dataclass(frozen=True)
class Cell:
    """A number of an official table, with the dimensions that tell it from others.

    `graph` is that of the file that it comes from; `spread` holds the countries of an activity that
    has several, whose cells have no `country`; `breakdown` holds further dimensions by name, such
    as the sex, where the cell is not of all; `is_summable` is false where the cell counts again
    what others count. `is_result` says that it is the value of an indicator of an activity, and
    `title` what that activity is called. `is_coarse` is true where the number is 5 or 10 and was
    rounded to that. `registered` is the body whose procedure the cell counts, where tables tell.
    """

    iri: NamedNode
    value: Decimal
    year: int
    quantity: Term
    table: Term | None = None
    group: Term | None = None
    origin: Term | None = None
    country: Term | None = None
    spread: frozenset[Term] = frozenset()
    activity: Term | None = None
    unit: Term | None = None
    status: Term | None = None
    breakdown: frozenset[tuple[str, Term]] = frozenset()
    is_summable: bool = True
    is_result: bool = False
    title: str = ""
    is_coarse: bool = False
    registered: Term | None = None
    footnotes: frozenset[NamedNode] = field(default=frozenset(), compare=False)
    graph: NamedNode | None = None

    @property
    def counts_people(self) -> bool:
        """Whether the cell is of a group of people, so that a small number of it was rounded."""
        return self.group is not None

    @property
    def member(self) -> Term | None:
        """What a set is made of that the cell may belong to: of money its activity."""
        return self.activity or self.country


@dataclass(frozen=True)
class Total:
    """A sum of cells, and the room that the rounding of small cells leaves.

    The true number is at least `value - below` and at most `value + above`.
    """

    cells: tuple[Cell, ...] = ()
    below: Decimal = Decimal(0)
    above: Decimal = Decimal(0)

    @cached_property
    def value(self) -> Decimal:
        """The sum of the cells as they are published."""
        return sum((cell.value for cell in self.cells), Decimal(0))

    @property
    def may_hide(self) -> bool:
        """Whether a small cell can hide in the sum, so that no difference from it is published."""
        return self.below > 0 or self.above > 0

    def __add__(self, other: "Total") -> "Total":
        """The sum of both; cells are not expected to be in both."""
        return Total(self.cells + other.cells, self.below + other.below, self.above + other.above)


def add_up(
    cells: Iterable[Cell], single_origin: frozenset[Term | None], origins_asked: int = 0
) -> Total:
    """The sum of the cells of one member, and the room that it leaves.

    Args:
        cells: what is summed.
        single_origin: the groups of people of which the table has one origin only.
        origins_asked: how many cells named origins could fill; 0 if all origins are asked for.

    >>> group = NamedNode("urn:g")
    >>> one = Cell(NamedNode("urn:x"), Decimal(5), 2018, NamedNode("urn:q"), group=group)
    >>> found = add_up([one], frozenset())
    >>> found.value - found.below, found.value + found.above
    (Decimal('1'), Decimal('9'))
    """
    found = tuple(sorted(cells, key=lambda cell: cell.iri.value))
    people = [cell for cell in found if cell.counts_people]
    rounded = sum(cell.is_coarse or cell.value == ROUNDED for cell in people)
    raised = sum(cell.is_coarse and cell.value == ROUNDED for cell in people)
    if origins_asked:
        hidden = max(origins_asked - len(people), 0)
    else:
        hidden = sum(cell.group not in single_origin for cell in people)
    return Total(found, HIDDEN * rounded, HIDDEN * (hidden + raised))
