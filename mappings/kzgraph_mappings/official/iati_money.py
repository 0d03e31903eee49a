"""The money of an activity of IATI: budgets, planned disbursements and transactions.

https://iatistandard.org/en/iati-standard/203/activity-standard/iati-activities/iati-activity/transaction/
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from pyoxigraph import Literal, NamedNode

from kzgraph.sources.xml_records import Element
from kzgraph.tables import Time, parse_time
from kzgraph_mappings.official.iati_activity import Context, read_country, read_sector
from kzgraph_mappings.official.iati_figures import TRANSACTION_QUANTITIES, Money
from kzgraph_mappings.official.iati_shared import Things, known_codes

#: The budget type of what was changed later: https://iatistandard.org/en/iati-standard/203/codelists/budgettype/
_REVISED = "2"
#: Who has an activity for each year, and states budgets that the activity of a later year does too.
#: Others name the year in which an activity began, and budget for all of its years.
_YEARLY = frozenset(("XM-DAC-41121",))
#: A year as a word of its own in the identifier of an activity that is one of a yearly series.
_EDITION = re.compile(r"(?<![0-9A-Za-z])((?:19|20)[0-9]{2})(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Budget:
    """A budget, before it is known which of those of its activity a sum counts.

    Attributes:
        money: the amount; not a headline as yet.
        kind: its type, 1 for original and 2 for revised; nothing where not stated.
    """

    money: Money
    kind: str


def choose_budgets(budgets: list[Budget], identifier: str, reporter: str) -> list[Money]:
    """The budgets of an activity, those that a plain sum counts as headlines.

    A revised budget takes the place of the original one of any day of its period. Of a yearly
    series of activities, which have the year in their identifiers, each counts the budget of its
    own year: what it says of later years the activities of those years say again. Who has such a
    series is known of few.
    """
    years = {int(year) for year in _EDITION.findall(identifier) if reporter in _YEARLY}
    edition = years.pop() if len(years) == 1 else None
    revised = _join(each.money.time for each in budgets if each.kind == _REVISED)
    chosen = []
    for each in budgets:
        time = each.money.time
        counts = each.kind == _REVISED or not _has_day_in(time, revised)
        counts = counts and (edition is None or time.year in (None, edition))
        chosen.append(replace(each.money, is_headline=each.money.is_headline and counts))
    return chosen


def _ends(time: Time) -> tuple[date, date]:
    return time.start or date.min, time.end or date.max


def _join(times: Iterable[Time]) -> list[tuple[date, date]]:
    """The first and the last day of each stretch that periods cover, in order and apart."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(map(_ends, times)):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _has_day_in(time: Time, stretches: list[tuple[date, date]]) -> bool:
    """Whether a period has a day in one of the stretches, found without looking at each."""
    start, end = _ends(time)
    # The last stretch that begins before the period ends is the one that reaches furthest.
    before = bisect_right(stretches, (end, date.max))
    return before > 0 and stretches[before - 1][1] >= start


def budget_kinds(things: Things, kind: str, status: str) -> tuple[NamedNode, ...]:
    """The concepts for the type and the status of a budget, as far as they are stated."""
    stated = (("budget-type", kind), ("budget-status", status))
    return tuple(things.concept(scheme, code) for scheme, code in stated if code)


def write_budgets(activity: Element, context: Context) -> None:
    """Write the budgets and the planned disbursements of an activity."""
    graph = context.graph
    budgets = [found for each in activity.all("budget") if (found := _budget(each, context))]
    _note_repeated(activity.all("budget"), context)
    chosen = choose_budgets(budgets, graph.identifier, context.reporter)
    _note_overlapping(chosen, context)
    for money in chosen:
        graph.write_money(money)
    for each in activity.all("planned-disbursement"):
        planned = _planned(each, context)
        if planned:
            graph.write_money(planned)


def _note_overlapping(budgets: list[Money], context: Context) -> None:
    """Warn of budgets that a sum counts though they share days: one may be in the other."""
    latest: dict[NamedNode, date] = {}
    counted = [each for each in budgets if each.is_headline]
    for each in sorted(counted, key=lambda money: (_ends(money.time), money.line)):
        start, end = _ends(each.time)
        before = latest.get(each.unit)
        if before and start <= before:
            context.checks.warn_at(
                each.line,
                "budget",
                "the budget shares days with another one of the activity, and a sum counts both",
                "ask the publisher whether one replaces the other",
            )
        latest[each.unit] = max(before or end, end)


def _note_repeated(elements: list[Element], context: Context) -> None:
    """Warn of money that is said twice: the standard allows it, and a sum counts each."""
    lines: dict[bytes, int] = {}
    for element in elements:
        said = hashlib.sha256(repr(_content(element)).encode()).digest()
        first = lines.setdefault(said, element.line)
        if first != element.line:
            context.checks.warn(
                element,
                f"the {element.name} says what that of line {first} does",
                "ask the publisher whether it is there twice; both are kept",
            )


def _content(element: Element) -> tuple[object, ...]:
    """What an element says, wherever it stands."""
    stated = sorted(element.attributes.items())
    return (element.name, element.text, stated, [_content(each) for each in element.children])


def write_transactions(activity: Element, context: Context) -> None:
    """Write the transactions of an activity."""
    _note_repeated(activity.all("transaction"), context)
    for each in activity.all("transaction"):
        money = _transaction(each, context)
        if money:
            context.graph.write_money(money)


def _budget(element: Element, context: Context) -> Budget | None:
    checks = context.checks
    time = checks.span(element)
    kind = checks.core_code(element, "type", known_codes("budget-type"), needed=False)
    status = checks.core_code(element, "status", known_codes("budget-status"), needed=False)
    found = _value(element, context)
    if time is None or found is None:
        return None
    value, unit, valued = found
    money = Money(
        "budget",
        time,
        value,
        unit,
        element.line,
        is_headline=not context.is_secondary,
        kinds=budget_kinds(context.things, kind, status),
        valued=valued,
        country=context.country,
    )
    return Budget(money, kind)


def _planned(element: Element, context: Context) -> Money | None:
    checks = context.checks
    time = checks.span(element, open_ended=True)
    kind = checks.core_code(element, "type", known_codes("budget-type"), needed=False)
    found = _value(element, context)
    if time is None or found is None:
        return None
    value, unit, valued = found
    return Money(
        "planned-disbursement",
        time,
        value,
        unit,
        element.line,
        # An original and a revised plan may tell of the same money.
        is_headline=False,
        kinds=budget_kinds(context.things, kind, ""),
        valued=valued,
        funder=_organisation(element.first("provider-org"), context),
        recipient=_organisation(element.first("receiver-org"), context),
        country=context.country,
    )


def _transaction(element: Element, context: Context) -> Money | None:
    checks, things = context.checks, context.things
    kind = checks.child(element, "transaction-type")
    code = checks.core_code(kind, "code", TRANSACTION_QUANTITIES) if kind else ""
    dated = checks.child(element, "transaction-date")
    day = checks.day(dated) if dated else None
    found = _value(element, context)
    funder = _organisation(element.first("provider-org"), context)
    recipient = _organisation(element.first("receiver-org"), context)
    place, region = element.first("recipient-country"), element.first("recipient-region")
    country = read_country(place, things, checks) if place else context.country
    for each in (place, region):
        if each:
            checks.attribute(each, "code")
    sectors = [
        read_sector(each, things, checks, context.reporter) for each in element.all("sector")
    ]
    if not code or day is None or found is None:
        return None
    value, unit, valued = found
    return Money(
        TRANSACTION_QUANTITIES[code],
        parse_time(day.isoformat()),
        value,
        unit,
        element.line,
        is_headline=not context.is_secondary,
        valued=valued,
        reference=element.get("ref"),
        funder=funder,
        recipient=recipient,
        country=None if place is None and region else country,
        subjects=tuple(node for node in sectors if node),
    )


def _value(element: Element, context: Context) -> tuple[Literal, NamedNode, date | None] | None:
    """The amount, its currency and the day of its rate of exchange; None where it has faults."""
    checks = context.checks
    value = checks.child(element, "value")
    if value is None:
        return None
    number = checks.number(value, value.text)
    currency = checks.currency(value, context.currency)
    valued = checks.day(value, "value-date")
    if number is None or not currency or valued is None:
        return None
    return number, context.things.unit(currency), valued


def _organisation(element: Element | None, context: Context) -> NamedNode | None:
    if element is None:
        return None
    kind = context.checks.open_code(element, "type", "organisation-type", needed=False)
    names = context.checks.texts(element)
    return context.things.organisation(element.get("ref"), names, kind, context.reporter)
