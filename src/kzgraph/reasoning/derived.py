"""Derived figures: what follows from stated figures by arithmetic, each with its inputs.

A rule finds its inputs with a SPARQL query over cells and knows no document. The result is a
`kzg:DerivedFigure`, https://www.w3.org/TR/prov-o/#wasDerivedFrom names its inputs. It is described
by what its inputs have in common, and it has a value only where its bound is known (see
`kzgraph.reasoning.hedged`).

- Nothing is derived from a figure without a value.
- Rates, shares and relative changes are in per cent, rounded to six significant digits; changes
  and remainders are exact; funded amounts are approximate, and their labels give the range.
- A change has the time of the later figure, a share the dimensions of the component, a funded
  amount the time of the share.
- A derived figure is of the class of its inputs (a rate of spending is a `kzg:FinanceFigure`).
- Only a remainder is itself a quantity of the kind of its inputs. The quantity of all others is
  that of their formula, so that a query for stocks, or for an indicator, does not find changes. It
  is the narrower one where the code list divides that by what it is computed of
  (`quantity/budget-share`, below `quantity/share`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term, thing
from kzgraph.namespaces import LABEL, PROV, SKOS, TYPE, Term
from kzgraph.reasoning.figures import DIMENSIONS, TIMES, Figure, Span, common, joint_labels, text
from kzgraph.reasoning.hedged import (
    format_number,
    joint_bound,
    literal,
    opposite_bound,
    quotient,
    round_to,
)
from kzgraph.reasoning.partitions import Partition, partitions
from kzgraph.reasoning.rules_text import nodes, objects, select

_BROADER = SKOS["broader"]
_DERIVED_FROM = PROV["wasDerivedFrom"]
_PERCENT = thing("unit", "percent")
_HUNDRED = Decimal(100)
_DIGITS_OF_A_RANGE = 3


@dataclass(frozen=True)
class Derived:
    """A figure to publish: `inputs` in the order of the formula, `bearer` one of them.

    `name` ends its IRI, by default the keys of the inputs. `taken` names dimensions that the bearer
    gives even where the inputs differ, `dropped` those that the result lacks even where they agree,
    `filled` what fills some regardless of the inputs.
    """

    derivation: str
    label: str
    value: Decimal
    bound: str | None
    inputs: tuple[Figure, ...]
    bearer: Figure
    unit: Term | None
    base: Figure | None = None
    name: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ("quantity", "indicator")
    filled: Mapping[str, Term] = field(default_factory=dict)


def derived_figures(store: Store, figures: dict[NamedNode, Figure]) -> Iterator[Triple]:
    """The triples of every derived figure that the default graph of `store` allows."""
    for rule in (_implementation_rates, _shares, _changes, _remainders, _funding):
        for result in rule(store, figures):
            if result.bound is not None:
                yield from _triples(store, result)


def _implementation_rates(store: Store, figures: dict[NamedNode, Figure]) -> Iterator[Derived]:
    for expenditure, budget in _inputs(store, figures, "implementation-rate", "expenditure budget"):
        label = f"Implementation rate: {expenditure.label}"
        yield _percentage("implementation-rate", label, expenditure.value, expenditure, budget)


def _shares(store: Store, figures: dict[NamedNode, Figure]) -> Iterator[Derived]:
    for component, whole in _inputs(store, figures, "parts", "component whole"):
        label = f"Share: {component.label}, in {whole.label}"
        yield _percentage("share", label, component.value, component, whole, DIMENSIONS)


def _changes(store: Store, figures: dict[NamedNode, Figure]) -> Iterator[Derived]:
    for earlier, later in _inputs(store, figures, "consecutive-years", "earlier later"):
        change = later.value - earlier.value
        year = text(earlier.cell["year"])
        yield Derived(
            derivation="change",
            label=f"Change on {year}: {later.label}",
            value=change,
            bound=joint_bound([later.bound, opposite_bound(earlier.bound)]),
            inputs=(later, earlier),
            bearer=later,
            unit=later.cell["unit"],
            base=earlier,
            taken=TIMES,
        )
        if earlier.value > 0:
            label = f"Relative change on {year}: {later.label}"
            yield _percentage("relative-change", label, change, later, earlier, TIMES)


def _percentage(
    derivation: str,
    label: str,
    part: Decimal,
    bearer: Figure,
    base: Figure,
    taken: tuple[str, ...] = (),
) -> Derived:
    """What `part`, a number that is as sure as `bearer`, is of `base` in per cent."""
    return Derived(
        derivation=derivation,
        label=label,
        value=quotient(part, base.value, scale=100),
        bound=joint_bound([bearer.bound, opposite_bound(base.bound)]),
        inputs=(bearer, base),
        bearer=bearer,
        unit=_PERCENT,
        base=base,
        taken=taken,
    )


def _remainders(store: Store, figures: dict[NamedNode, Figure]) -> Iterator[Derived]:
    """What a whole has in addition to its stated components.

    The components must be exact: with a hedged one, or a range, it is not known what remains. Where
    they make up the whole nothing remains; where they exceed it, validation says so. Where the
    document names one more component and gives no number for it, the remainder is of that one.
    """
    unvalued = list(nodes(select(store, "components-without-value.rq"), "component", "whole"))
    ranging = {
        of for _, of in nodes(select(store, "components-in-a-range.rq"), "component", "whole")
    }
    for found in partitions(_inputs(store, figures, "components", "component whole")):
        whole, components = found.whole, found.components
        rest = whole.value - sum((part.value for part in components), Decimal(0))
        known = whole.bound in ("exact", "lower")
        loose = whole.iri in ranging or any(part.bound != "exact" for part in components)
        if not known or loose or rest <= 0:
            continue
        axes = [_words(name) for name in found.axes]
        yield Derived(
            derivation="remainder",
            label=f"Remainder: {whole.label}, without the stated parts ({', '.join(axes)})",
            value=rest,
            bound=whole.bound,
            inputs=(whole, *components),
            bearer=whole,
            unit=whole.cell["unit"],
            name=(whole.key, "-".join(["by", *axes]).replace(" ", "-")),
            dropped=(),
            filled=_cell_of_the_rest(
                store, found, [part for part, of in unvalued if of == whole.iri]
            ),
        )


def _cell_of_the_rest(
    store: Store, found: Partition, unvalued: list[NamedNode]
) -> Mapping[str, Term]:
    """What fills the axes of a partition in the component without a value, if there is just one."""
    cells = [
        {
            name: filler
            for name in found.axes
            for filler in objects(store, part, term(name))
            if filler != found.whole.cell.get(name)
        }
        for part in unvalued
    ]
    apart = [cell for cell in cells if cell]
    return apart[0] if len(apart) == 1 and len(apart[0]) == len(found.axes) else {}


def _funding(store: Store, figures: dict[NamedNode, Figure]) -> Iterator[Derived]:
    """What of a requirement is funded, and what is not.

    A funded share is published in whole per cent: even without a hedge it is a rounded number, and
    so the amounts are approximate: 45 % of 10.03 million is 4.46 to 4.56 million.
    """
    for requirement, share in _inputs(store, figures, "funding", "requirement share"):
        for derivation, name, percent, bound in (
            ("funded-amount", "Funded amount", share.value, share.bound),
            (
                "unfunded-amount",
                "Unfunded amount",
                _HUNDRED - share.value,
                opposite_bound(share.bound),
            ),
        ):
            yield Derived(
                derivation=derivation,
                label=f"{name}{_on(share)}"
                f"{_range(requirement.value, share, percent)}: {requirement.label}",
                value=requirement.value * percent / _HUNDRED,
                bound=joint_bound([requirement.bound, bound, "approximate"]),
                inputs=(requirement, share),
                bearer=share,
                unit=requirement.cell["unit"],
                taken=TIMES,
            )


def _range(whole: Decimal, percent: Figure, share: Decimal) -> str:
    """The least and greatest amount, since its percentage is rounded; in words.

    Empty where the percentage is hedged: its error is not known.
    """
    exponent = share.as_tuple().exponent
    if percent.bound != "exact" or not isinstance(exponent, int):
        return ""
    half = Decimal(5).scaleb(exponent - 1)
    low, high = (
        format_number(round_to(whole * end / _HUNDRED, _DIGITS_OF_A_RANGE))
        for end in (share - half, share + half)
    )
    return f", {low} to {high}"


def _on(figure: Figure) -> str:
    """The day of a figure, as a label says it, or nothing where its time is not a day."""
    day = figure.span and figure.span.start
    return f" on {day.day} {day:%B %Y}" if day and figure.span == Span(day, day) else ""


def _inputs(
    store: Store, figures: dict[NamedNode, Figure], rule: str, variables: str
) -> Iterator[tuple[Figure, Figure]]:
    for one, other in nodes(select(store, f"{rule}.rq"), *variables.split()):
        if one in figures and other in figures:
            yield figures[one], figures[other]


def _triples(store: Store, result: Derived) -> Iterator[Triple]:
    keys = result.name or [figure.key for figure in result.inputs]
    node = thing("derived", result.bearer.source, result.derivation, *keys)
    yield Triple(node, TYPE, term("DerivedFigure"))
    for kind in sorted(result.bearer.kinds, key=str):
        yield Triple(node, TYPE, kind)
    derivation = thing("derivation", result.derivation)
    yield Triple(node, LABEL, Literal(result.label, language="en"))
    for label in joint_labels(store, derivation, result.inputs):
        yield Triple(node, LABEL, label)
    yield Triple(node, term("derivation"), derivation)
    yield Triple(node, term("value"), literal(result.value))
    yield Triple(node, term("bound"), thing("bound", str(result.bound)))
    if result.base:
        yield Triple(node, term("base"), result.base.iri)
    for figure in result.inputs:
        yield Triple(node, _DERIVED_FROM, figure.iri)
    for name, filler in _cell(store, result):
        yield Triple(node, term(name), filler)


def _cell(store: Store, result: Derived) -> Iterator[tuple[str, Term]]:
    """What fills the dimensions of a result: the unit of the formula, the rest from its inputs."""
    for name in DIMENSIONS + TIMES:
        filler: Term | None
        if name in result.filled:
            filler = result.filled[name]
        elif name == "quantity" and name in result.dropped:
            filler = _quantity(store, result)
        elif name == "unit":
            filler = result.unit
        elif name in result.dropped:
            filler = None
        elif name in result.taken:
            filler = result.bearer.cell.get(name)
        else:
            filler = common(result.inputs, name)
        if filler is not None:
            yield name, filler


def _quantity(store: Store, result: Derived) -> Term:
    """The quantity of the formula, or the narrower one for the quantity that it is computed of."""
    wide = thing("quantity", result.derivation)
    of = result.bearer.code("quantity")
    narrow = thing("quantity", f"{of}-{result.derivation}")
    return narrow if wide in objects(store, narrow, _BROADER) else wide


def _words(name: str) -> str:
    """The words that a name in camel case is made of.

    >>> _words("populationGroup")
    'population group'
    """
    return re.sub("([A-Z])", lambda letter: " " + letter[0].lower(), name)
