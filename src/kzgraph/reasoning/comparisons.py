"""Comparisons: figures that share a cell and differ, with the difference and what sets them apart.

A rule finds the pairs; none is entered by hand. Two figures are compared if they count the same
population group, origin, quantity, series or indicator in the same unit, at the same time, with
different results. Their scopes are the same, contain each other, overlap or are unknown: two
countries are two things. One of scope, status and registering body may differ, not more, for then
it is not known which of them makes the difference; so may document and bound. Times are the same
if they are equal; for a stock also if one contains the other, for a stock holds at a moment while
the part of a flow does not compete with the whole. A figure without a stated time is compared with
none, not even with another such.

Several kinds may apply, since each may account for a part of the difference. The first in this
order is the `kzg:kind` of the comparison, of which it has one; others are `kzg:furtherKind`:

- `scope`: the figures are about different operations, places or organisations that may meet;
- `forecast`: they differ in status (what was expected, aimed at or planned alongside what was
  reported);
- `definition`: they name different registering bodies, or only one of them names any;
- `rounding`: one is hedged, and the ranges of the two overlap;
- `update`: none of the above, and they come from different documents that speak of a period still
  open, or have different dates of issue;
- `unexplained`: none of the above.

The difference is the second figure, `kzg:comparand`, minus the first, `kzg:baseline`; the same in
per cent of the first is `kzg:percentDifference` (none where the first is 0). What was reported
comes after what was expected, a later document after an earlier one, a hedged figure after an
exact one, the greater after the smaller. A difference has the bound that follows from those of the
two, and there is none where nothing follows, as between two lower bounds. The one in per cent has
six significant digits, or as many as count in the hedged numbers it comes from.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term, thing
from kzgraph.namespaces import DCT, LABEL, TYPE, Term
from kzgraph.reach import reach
from kzgraph.reasoning.figures import Figure, joint_labels
from kzgraph.reasoning.hedged import (
    SIGNIFICANT_DIGITS,
    count_digits,
    format_number,
    joint_bound,
    literal,
    opposite_bound,
    overlap,
    quotient,
)
from kzgraph.reasoning.pairs import comparable_pairs
from kzgraph.reasoning.rules_text import objects

_NOT_STATED = frozenset({thing("registered-by", "not-stated"), None})
_ISSUED = DCT["issued"]


def comparisons(store: Store, figures: dict[NamedNode, Figure]) -> Iterator[Triple]:
    """The triples of every comparison between `figures` of the default graph of `store`."""
    for pair in comparable_pairs(store, figures):
        if (
            pair[0].value != pair[1].value
            and _same_time(*pair)
            and _differ_in_more_than_value(*pair)
            and _differ_in_one_respect(*pair)
            and not _wholes(store, pair[0].iri) & _wholes(store, pair[1].iri)
        ):
            yield from _triples(store, *pair)


def _wholes(store: Store, iri: Term) -> set[Term]:
    """A figure and all that it is a part of, by however many steps.

    A whole and its parts do not disagree, nor do the parts of one whole.
    """
    steps = (term("componentOf"), term("includedIn"))
    return {*reach([iri], lambda each: chain(*(objects(store, each, step) for step in steps)))}


def _same_time(one: Figure, other: Figure) -> bool:
    if one.cell.get("time") == other.cell.get("time"):
        return one.span is not None
    if one.span is None or other.span is None or one.code("quantity") != "stock":
        return False
    return one.span.within(other.span) or other.span.within(one.span)


def _differ_in_more_than_value(one: Figure, other: Figure) -> bool:
    """Whether anything but the value differs: if not, one document has two values for one cell.

    That is a fault of the table, which validation reports; a comparison would publish it.
    """
    return (one.document, one.bound) != (other.document, other.bound) or any(
        one.cell.get(name) != other.cell.get(name)
        for name in ("scope", "status", "registeredBy", "time")
    )


def _differ_in_one_respect(one: Figure, other: Figure) -> bool:
    """Whether the figures differ in no more than one of scope, status and registering body.

    Where a registering body is not stated it is not known to be another.
    """
    apart = {
        name
        for name in ("scope", "status", "registeredBy")
        if one.cell.get(name) != other.cell.get(name)
    }
    if _NOT_STATED & {one.cell.get("registeredBy"), other.cell.get("registeredBy")}:
        apart.discard("registeredBy")
    return len(apart) <= 1


def _kinds(store: Store, first: Figure, second: Figure) -> list[str]:
    named = {"scope": "scope", "status": "forecast", "registeredBy": "definition"}
    kinds = [kind for name, kind in named.items() if first.cell.get(name) != second.cell.get(name)]
    if overlap(first.value, first.bound, second.value, second.bound):
        kinds.append("rounding")
    if kinds:
        return kinds
    if first.document != second.document and _have_different_dates(store, first, second):
        return ["update"]
    return ["unexplained"]


def _have_different_dates(store: Store, first: Figure, second: Figure) -> bool:
    """Whether the two documents speak of different times, as far as is known."""
    if first.span is not None and first.span.end is None:
        return True
    issued = _issue_date(store, first), _issue_date(store, second)
    return all(issued) and issued[0] != issued[1]


def _issue_date(store: Store, figure: Figure) -> str:
    dates = objects(store, figure.document, _ISSUED)
    return min((each.value for each in dates if isinstance(each, Literal)), default="")


def _order(store: Store, one: Figure, other: Figure) -> tuple[Figure, Figure]:
    dated = all(_issue_date(store, figure) for figure in (one, other))

    def rank(figure: Figure) -> tuple[bool, str, bool, Decimal, str]:
        return (
            figure.code("status") == "actual",
            _issue_date(store, figure) if dated else "",
            figure.bound != "exact",
            figure.value,
            figure.iri.value,
        )

    first, second = sorted((one, other), key=rank)
    return first, second


def _triples(store: Store, one: Figure, other: Figure) -> Iterator[Triple]:
    first, second = _order(store, one, other)
    node = thing("comparison", first.source, first.key, second.source, second.key)
    label = f"{_phrase(second)} against {_phrase(first)}: {second.label}; {first.label}"
    yield Triple(node, TYPE, term("Comparison"))
    yield Triple(node, LABEL, Literal(label, language="en"))
    for translated in joint_labels(store, term("Comparison"), (second, first)):
        yield Triple(node, LABEL, translated)
    yield Triple(node, term("baseline"), first.iri)
    yield Triple(node, term("comparand"), second.iri)
    yield from _difference(node, first, second)
    for index, kind in enumerate(_kinds(store, first, second)):
        name = "furtherKind" if index else "kind"
        yield Triple(node, term(name), thing("comparison-kind", kind))
    # Both directions, which the closure would split between two graphs.
    yield Triple(first.iri, term("comparedWith"), second.iri)
    yield Triple(second.iri, term("comparedWith"), first.iri)


def _difference(node: NamedNode, first: Figure, second: Figure) -> Iterator[Triple]:
    bound = joint_bound([second.bound, opposite_bound(first.bound)])
    if bound is None:
        return
    difference = second.value - first.value
    yield Triple(node, term("difference"), literal(difference))
    yield Triple(node, term("bound"), thing("bound", bound))
    if first.value != 0:
        hedged = [figure.value for figure in (first, second) if figure.bound != "exact"]
        digits = min([SIGNIFICANT_DIGITS, *map(count_digits, hedged)])
        percent = quotient(difference, first.value, scale=100, digits=digits)
        yield Triple(node, term("percentDifference"), literal(percent))


def _phrase(figure: Figure) -> str:
    return f"{figure.hedge} {format_number(figure.value)}".strip()
