"""Days of the week, which no document has to state: they follow from the date."""

from collections.abc import Iterator
from datetime import date

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term
from kzgraph.namespaces import SCHEMA, TYPE

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def days_of_week(store: Store) -> Iterator[Triple]:
    """The day of the week of each public holiday in the default graph of `store` with one date.

    As for opening hours, a day is one of schema.org: https://schema.org/DayOfWeek
    """
    for quad in store.quads_for_pattern(None, TYPE, term("PublicHoliday"), None):
        holiday = quad.subject
        dates = [each.object for each in store.quads_for_pattern(holiday, term("date"), None, None)]
        if isinstance(holiday, NamedNode) and len(dates) == 1 and isinstance(dates[0], Literal):
            try:
                day = date.fromisoformat(dates[0].value)
            except ValueError:
                continue  # validation says that it is no date
            yield Triple(holiday, SCHEMA["dayOfWeek"], SCHEMA[_NAMES[day.weekday()]])
