"""What a figure of a document asks of official tables: which cells could be the same number.

A question has no cells yet. It is asked only where a table counts the same quantity of the same
group in the same status for any country and year at all; of what no table counts, such as people
with undetermined nationality, nothing is asked and nothing can be missing.

A group that tables count as a movement only, as they do returned refugees, is whoever made the
movement: a number of such people is compared with the movement of the year, and a number of
movements of whatever group with theirs.

A stock of 1 January is the one of the end of the year before. A stock of another day has no cell of
its own, and the ends of the years before and after are told as other dates only. A flow is asked
for the whole years that it covers.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import term, thing
from kzgraph.namespaces import LABEL, SCHEMA, SKOS, Term
from kzgraph.reasoning.concordance.cell_totals import Cell
from kzgraph.reasoning.concordance.number_matches import Number
from kzgraph.reasoning.concordance.official_reading import (
    BREAKDOWNS,
    Meaning,
    is_country,
    is_of_all,
)
from kzgraph.reasoning.concordance.question_years import flow_years, stock_years
from kzgraph.reasoning.figures import Figure, Span, span_of
from kzgraph.reasoning.rules_text import objects
from kzgraph.reasoning.scopes import Scopes

#: How alike two words are of which one has a slip; Austria and Australia are less.
_ALIKE = 0.9
CASES = thing("unit", "cases")
_ACTUAL = thing("status", "actual")
_WITHIN = SCHEMA["containedInPlace"]


@dataclass(frozen=True)
class Question:
    """What is looked for on behalf of a figure.

    Attributes:
        figure: the figure of the document.
        number: its number, in its unit.
        quantities: the official quantities that may be the same.
        groups: the groups of people that are summed; empty for money.
        origins: the origins asked for; empty for all.
        countries: the countries that the scope is stated to cover; empty where nobody says.
        region: the countries that the scope may cover.
        years: the years whose cells are asked for; empty where the time has none.
        near: other years that may be told as another date.
        breakdown: sex, age and the like, where not of all.
        base: for a share or a change, what it is one of.
        form: `number`; `share` or `change`, in per cent; `difference`, a change in persons.
        factor: how many persons, or of its currency, one of the figure's unit is.
        units: the official units that the cells may have; empty where they need none.
        in_cases: whether official figures in cases will do, each of one person or of several.
        is_bare: whether the unit is not stated, so that it is to be found.
        is_result: whether values of indicators are asked for.
        status: that of these values.
        scope_names: what the scope is called, in English.
    """

    figure: Figure
    number: Number
    quantities: frozenset[Term]
    groups: frozenset[Term] = frozenset()
    origins: frozenset[Term] = frozenset()
    countries: frozenset[Term] = frozenset()
    region: frozenset[Term] = frozenset()
    years: tuple[int, ...] = ()
    near: tuple[int, ...] = ()
    breakdown: frozenset[tuple[str, Term]] = frozenset()
    base: "Question | None" = None
    form: str = "number"
    factor: Decimal = Decimal(1)
    units: frozenset[Term] = frozenset()
    is_bare: bool = False
    in_cases: bool = False
    is_result: bool = False
    status: Term | None = None
    scope_names: tuple[str, ...] = ()

    @property
    def is_dated(self) -> bool:
        """Whether its time has official cells of its own."""
        return bool(self.years)

    @property
    def is_plain(self) -> bool:
        """Whether its number is a sum of cells in a known unit, of countries that are stated."""
        return self.form == "number" and not self.is_bare and bool(self.countries)

    @property
    def registered(self) -> Term | None:
        """The body that registered whom the figure counts; None where all are counted."""
        body = self.figure.cell.get("registeredBy")
        return None if is_of_all(body) else body

    def admits(self, cell: Cell) -> bool:
        """Whether a cell counts what is asked for, in whatever country and year."""
        if cell.quantity not in self.quantities or cell.breakdown != self.breakdown:
            return False
        if self.is_result or cell.is_result:
            return self.is_result and cell.is_result and cell.status == self.status
        if self.units and cell.unit not in self.units:
            return False
        if self.registered and cell.registered not in (None, self.registered):
            return False
        if self.groups and (
            cell.group not in self.groups or (self.origins and cell.origin not in self.origins)
        ):
            return False
        return bool(self.breakdown) or cell.is_summable or (self.in_cases and cell.unit == CASES)

    def names(self, cell: Cell) -> bool:
        """Whether the activity of a cell is called what the scope is, as an office's are.

        Titles have slips, such as "Kazakstan": words that are nearly the same are the same.
        """
        title = _words(cell.title)
        return not self.countries and any(
            _is_within(words, title) for words in map(_words, self.scope_names) if words
        )


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


@cache
def _is_within(words: tuple[str, ...], title: tuple[str, ...]) -> bool:
    """Whether words stand in a title one after the other."""
    return any(
        all(
            one == other or SequenceMatcher(None, one, other).ratio() >= _ALIKE
            for one, other in zip(words, title[start:], strict=False)
        )
        for start in range(len(title) - len(words) + 1)
    )


def read_questions(
    store: Store, figures: Iterable[Figure], cells: Iterable[Cell]
) -> Iterator[Question]:
    """The questions of those figures that an official figure can exist for, by IRI."""
    asking = _Asking(store, tuple(cells))
    for figure in sorted(figures, key=lambda each: each.iri.value):
        question = asking.ask(figure)
        if question is not None:
            yield question


class _Asking:
    def __init__(self, store: Store, cells: tuple[Cell, ...]) -> None:
        self._store = store
        self._meaning = Meaning(store)
        self._scopes = Scopes(store)
        self._units = units_of_money(store, cells)
        self._cells: dict[Term, list[Cell]] = {}
        self._results = frozenset(cell.quantity for cell in cells if cell.is_result)
        for cell in cells:
            self._cells.setdefault(cell.quantity, []).append(cell)
        self._groups = frozenset(cell.group for cell in cells if cell.group is not None)
        #: By group that is counted as a movement only, these movements.
        self._movements = self._find_movements(cells)
        self._near: dict[Term, frozenset[Term]] = {}

    def _find_movements(self, cells: Iterable[Cell]) -> dict[Term, frozenset[Term]]:
        counted: dict[Term, set[Term]] = {}
        for cell in cells:
            if cell.group is not None:
                counted.setdefault(cell.group, set()).add(cell.quantity)
        return {
            group: frozenset(quantities)
            for group, quantities in counted.items()
            if not any(map(self._is_stock, quantities))
        }

    def ask(self, figure: Figure) -> Question | None:
        """The question of a figure, or None where no table counts what it counts."""
        quantity = figure.cell.get("indicator") or figure.cell.get("quantity")
        results = self._meaning.below(quantity) & self._results
        if results:
            return self._ask_result(figure, results)
        form = self._form(quantity, figure.cell.get("unit"))
        whole = self._meaning.set_against(quantity) if form != "number" else quantity
        official = self._meaning.comparable(whole, self._cells)
        scope = figure.cell.get("scope")
        countries = self._countries(scope)
        if not official or countries is None:
            return None
        groups = self._meaning.below(figure.cell.get("populationGroup")) & self._groups
        if self._is_stock(whole):
            official |= {one for each in groups for one in self._movements.get(each, ())}
        elif "populationGroup" in figure.cell:
            groups |= {each for each, made in self._movements.items() if made <= official}
        question = Question(
            figure=figure,
            number=self._number(figure),
            quantities=official,
            groups=groups,
            origins=frozenset(
                {origin} if (origin := figure.cell.get("origin")) and not is_of_all(origin) else ()
            ),
            countries=countries,
            region=self._region(figure, countries),
            breakdown=frozenset(
                (name, filler)
                for name in BREAKDOWNS
                if (filler := figure.cell.get(name)) is not None and not is_of_all(filler)
            ),
            form=form,
            scope_names=self._names(scope),
        )
        question = self._date(question, figure.span, is_stock=self._is_stock(whole))
        if form != "number":
            return self._relate(question, figure, whole)
        measured = self._measure(question, figure.cell.get("unit"))
        if measured and self._can_exist(measured, self._status(figure, quantity)):
            return measured
        return None

    def _ask_result(self, figure: Figure, results: frozenset[Term]) -> Question | None:
        """The question of a result or a target, which indicators of activities measure.

        An indicator says itself whom it counts and in which unit.
        """
        scope = figure.cell.get("scope")
        countries = self._countries(scope)
        quantity = next(iter(sorted(results, key=str)))
        status = self._status(figure, quantity)
        if countries is None or not any(
            cell.status == status for each in results for cell in self._cells[each]
        ):
            return None
        question = Question(
            figure=figure,
            number=self._number(figure),
            quantities=results,
            countries=countries,
            region=self._region(figure, countries),
            form="share" if self._meaning.measure(quantity) == "share" else "number",
            is_result=True,
            status=status,
            scope_names=self._names(scope),
        )
        return self._date(question, figure.span, is_stock=self._is_stock(quantity))

    def _number(self, figure: Figure) -> Number:
        return Number(figure.value, figure.bound or "exact", figure_most(self._store, figure))

    def _names(self, scope: Term | None) -> tuple[str, ...]:
        return tuple(
            each.value
            for name in (LABEL, SKOS["altLabel"])
            for each in objects(self._store, scope, name)
            if isinstance(each, Literal) and each.language == "en"
        )

    def _form(self, quantity: Term | None, unit: Term | None) -> str:
        measure = self._meaning.measure(quantity)
        if measure not in ("share", "change"):
            return "number"
        is_ratio = thing("unit-kind", "ratio") in objects(self._store, unit, term("unitKind"))
        return measure if is_ratio else "difference"

    def _can_exist(self, question: Question, status: Term | None) -> bool:
        if "populationGroup" in question.figure.cell and not question.groups:
            return False
        # That nobody of an origin is counted is no reason not to ask for them.
        asked = replace(question, origins=frozenset())
        return any(
            asked.admits(cell) and self._has_status(cell, status)
            for quantity in question.quantities
            for cell in self._cells[quantity]
        )

    def _status(self, figure: Figure, quantity: Term | None) -> Term | None:
        return figure.cell.get("status") or self._meaning.only_status(quantity) or _ACTUAL

    def _has_status(self, cell: Cell, status: Term | None) -> bool:
        """A cell is actual where neither it nor its table nor its quantity says otherwise."""
        own = cell.status or self._meaning.only_status(cell.quantity) or _ACTUAL
        return own == status

    def _relate(self, question: Question, figure: Figure, whole: Term | None) -> Question | None:
        """The question of a share or a change, with that of what it is one of."""
        if not question.groups:
            # Of money a table may have the whole, but what part of it is covered it does not tell.
            return question if "populationGroup" not in figure.cell else None
        actual = replace(question, form="number", number=Number(Decimal(0)))
        if question.form == "share":
            base_group = self._meaning.below(objects_of(self._store, figure, "baseGroup"))
            groups = base_group & self._groups or actual.groups
            base = replace(actual, groups=groups, origins=frozenset())
            if base.groups == question.groups and base.origins == question.origins:
                return None
        else:
            span = span_of(self._store, objects_of(self._store, figure, "baseTime"))
            base = self._date(actual, span, is_stock=self._is_stock(whole))
            if span is None:
                base = replace(actual, years=tuple(year - 1 for year in question.years))
        if not self._can_exist(base, self._status(figure, None)):
            return None
        return replace(question, base=base)

    def _is_stock(self, quantity: Term | None) -> bool:
        return self._meaning.measure(quantity) == "stock"

    def _date(self, question: Question, span: Span | None, *, is_stock: bool) -> Question:
        years, near = stock_years(span) if is_stock else flow_years(span)
        return replace(question, years=years, near=near)

    def _measure(self, question: Question, unit: Term | None) -> Question | None:
        """The question in the unit of its figure; None where no official figure has such a unit."""
        if thing("unit-kind", "not-stated") in objects(self._store, unit, term("unitKind")):
            return replace(question, is_bare=True)
        if unit == CASES:
            return replace(question, units=frozenset({CASES}), in_cases=True)
        factors = objects(self._store, unit, term("factor"))
        if len(factors) != 1 or not isinstance(factors[0], Literal):
            return None
        own = Decimal(factors[0].value)
        known = self._units.get(unit, {}) if unit else {}
        units = {official for official, factor in known.items() if factor == own}
        if objects(self._store, unit, SCHEMA["currency"]) and not units:
            return None
        return replace(question, factor=own, units=frozenset(units))

    def _countries(self, scope: Term | None) -> frozenset[Term] | None:
        """The countries of a scope; None where it is a part of one, or something that has none."""
        found: set[Term] = set()
        for place in self._scopes.places(scope):
            if is_country(place):
                found.add(place)
            elif self._scopes.country(place) is not None:
                return None
            else:
                found.update(self._inside(place))
        return frozenset(found)

    def _inside(self, region: Term) -> frozenset[Term]:
        """The countries of a region of the world."""
        if region not in self._near:
            pattern = self._store.quads_for_pattern(None, _WITHIN, region, None)
            self._near[region] = frozenset(
                quad.subject for quad in pattern if is_country(quad.subject)
            )
        return self._near[region]

    def _region(self, figure: Figure, countries: frozenset[Term]) -> frozenset[Term]:
        """The countries of the regions of a scope, or else of what its document is about."""
        around = countries or self._of_document(figure.document)
        regions = {each for country in around for each in objects(self._store, country, _WITHIN)}
        return around.union(*(self._inside(region) for region in regions))

    def _of_document(self, document: NamedNode) -> frozenset[Term]:
        pattern = self._store.quads_for_pattern(None, term("statedIn"), document, None)
        scopes = {s for quad in pattern for s in objects(self._store, quad.subject, term("scope"))}
        return frozenset(found for scope in scopes for found in self._countries(scope) or ())


def units_of_money(store: Store, cells: Iterable[Cell]) -> dict[Term, dict[Term, Decimal]]:
    """By unit of money, the units of `cells` of the same currency, and how many of them one is.

    Official amounts are told one by one: a table in millions would need a factor of its own.
    """
    money: dict[Term, tuple[Term, Decimal]] = {}
    for quad in store.quads_for_pattern(None, SCHEMA["currency"], None, None):
        for factor in objects(store, quad.subject, term("factor")):
            if isinstance(factor, Literal):
                money[quad.subject] = quad.object, Decimal(factor.value)
    official = {cell.unit for cell in cells if cell.unit in money and money[cell.unit][1] == 1}
    return {
        unit: {each: factor for each in official if each is not None and money[each][0] == currency}
        for unit, (currency, factor) in money.items()
    }


def objects_of(store: Store, figure: Figure, name: str) -> Term | None:
    """The one thing that a property of a figure leads to."""
    found = objects(store, figure.iri, term(name))
    return found[0] if len(found) == 1 else None


def figure_most(store: Store, figure: Figure) -> Decimal | None:
    """The upper end of a figure that is a range."""
    found = objects_of(store, figure, "most")
    return Decimal(found.value) if isinstance(found, Literal) else None
