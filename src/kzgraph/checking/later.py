"""Whether a newer figure of the same thing takes the place of one."""

from pyoxigraph import NamedNode

from kzgraph.checking.known_figures import Figures, Known
from kzgraph.checking.verdicts import Dimension, Quantified


def find_later(
    known: Known, number: Quantified, figures: Figures, speaks_of_now: bool
) -> NamedNode | None:
    """The newest figure of what `known` is of, for a claim that names no time or speaks of now.

    None where the claim names the time of the figure, or nothing newer is there. A figure without
    a date is as old as the newest thing that its document tells of.
    """
    updated = figures.updated.get(known.node)
    if updated is not None:
        return updated
    if number.code(Dimension.TIME) is not None or not number.code(Dimension.GROUP):
        return None
    if known.measure != "stock" or known.is_foreseen:
        return None
    groups = {known.group}
    if speaks_of_now:
        groups |= figures.broader.get(known.group, set())
    newer = [
        each
        for each in figures.known
        if not each.is_computed
        and not each.is_foreseen
        and each.quantity == known.quantity
        and each.group in groups
        and each.origin == known.origin
        and (each.scope == known.scope or (each.country and each.country == known.country))
        and _age(each) > _age(known)
        and each.amount != known.amount
    ]
    if not newer:
        return None
    same = [each for each in newer if each.registered_by == known.registered_by]
    return max(same or newer, key=_age).node


def _age(known: Known) -> int:
    return known.year if known.year is not None else known.newest
