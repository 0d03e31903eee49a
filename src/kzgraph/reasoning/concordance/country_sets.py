"""Which sets of members, countries or activities, explain all numbers of a scope together.

A document may give numbers for an operation without saying which countries it covers. If one set of
the countries of its region gives all its numbers of a year, the set is what it counts, unless that
can be chance: a small number is the sum of some set of some cells almost always. So the numbers of
sets that would match by chance are estimated. A set drawn at random matches a number with about the
probability of its window (the values that would be accepted) over the span of the sums that sets
can have; numbers that are sums of others are left out; what all match is the product, times the
number of sets. Above `CHANCE` nothing is claimed.

A member that has no cells for any of the numbers neither is in the set nor is not: it stays
undetermined.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from kzgraph.namespaces import Term
from kzgraph.reasoning.concordance.cell_totals import Total
from kzgraph.reasoning.concordance.number_matches import Found, Number, rounds_to, window

#: With more candidates no set is looked for: there are 2 ** 12 - 1 sets of twelve.
MOST_MEMBERS = 12
#: The greatest number of sets that may be expected to match by chance for a match to be claimed.
CHANCE = 0.001
#: If more sets than these remain, none is named.
MOST_SETS = 8


@dataclass(frozen=True)
class Target:
    """A number that a set has to give, and what each member adds to it.

    `is_independent` is false for the sum of other targets, which says nothing of its own.
    """

    number: Number
    parts: Mapping[Term, Total]
    is_independent: bool = True


@dataclass(frozen=True)
class Search:
    """The sets that explain all targets, smallest first, and how many would by chance.

    `too_many` says that nothing was looked for, as there were more candidates than `MOST_MEMBERS`.
    """

    sets: tuple[frozenset[Term], ...] = ()
    undetermined: frozenset[Term] = frozenset()
    chance: float = 1.0
    too_many: bool = False

    @property
    def is_claimed(self) -> bool:
        """Whether the sets are more than chance, and few enough to be told."""
        return 0 < len(self.sets) <= MOST_SETS and self.chance <= CHANCE


def search_sets(
    targets: Sequence[Target],
    members: Collection[Term],
    candidates: Collection[frozenset[Term]] | None = None,
) -> Search:
    """The sets of `members` that give all `targets`.

    Args:
        targets: at least one.
        members: the countries or activities that a set may have.
        candidates: the sets to try, where not all of them are.
    """
    telling = sorted(
        (
            member
            for member in members
            if any(target.parts.get(member, Total()).cells for target in targets)
        ),
        key=str,
    )
    undetermined = frozenset(members) - frozenset(telling)
    if not targets or len(telling) > MOST_MEMBERS:
        return Search(undetermined=undetermined, too_many=len(telling) > MOST_MEMBERS)
    columns = [_sums(target, telling) for target in targets]
    found, chance = [], 0.0
    for mask in _masks(telling, candidates):
        if all(
            fits(target.number, column[mask])
            for target, column in zip(targets, columns, strict=True)
        ):
            found.append(frozenset(_chosen(mask, telling)))
        chance += _chance(targets, columns, mask)
    sets = sorted(found, key=lambda each: (len(each), sorted(map(str, each))))
    return Search(tuple(sets), undetermined, chance)


def fits(number: Number, found: Found) -> bool:
    """Whether an official number may be that of a document, in whichever way."""
    low, high = number.interval
    return (low <= found.high and found.low <= high) or (
        number.is_exact and rounds_to(number, found)
    )


def _masks(
    members: Sequence[Term], candidates: Collection[frozenset[Term]] | None
) -> Collection[int]:
    """The sets to try, each as the bits of a number."""
    if candidates is None:
        return range(1, 1 << len(members))
    bits = {member: 1 << index for index, member in enumerate(members)}
    found = {sum(bits.get(member, 0) for member in candidate) for candidate in candidates}
    return sorted(found - {0})


def _chosen(mask: int, members: Sequence[Term]) -> Iterator[Term]:
    return (member for index, member in enumerate(members) if mask >> index & 1)


def _sums(target: Target, members: Sequence[Term]) -> list[Found]:
    """The number that each set gives; a set is the bits of its index."""
    zero = Decimal(0)
    sums = [Found(zero, zero, zero)]
    for member in members:
        part = Found.of(target.parts.get(member, Total()))
        sums += [
            Found(each.value + part.value, each.low + part.low, each.high + part.high)
            for each in sums
        ]
    return sums


def _chance(targets: Sequence[Target], columns: Sequence[Sequence[Found]], mask: int) -> float:
    """The probability that a set with the rooms of this one would match all targets by chance."""
    return prod(
        min(1.0, float(window(target.number, column[mask]) / max(column[-1].value, Decimal(1))))
        for target, column in zip(targets, columns, strict=True)
        if target.is_independent
    )
