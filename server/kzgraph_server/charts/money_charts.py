"""Charts of money: budgets beside spending, their parts, and who gave."""

from collections.abc import Callable

from kzgraph.iri import thing
from kzgraph_server.charts.chart_queries import Row, ask, bind_query
from kzgraph_server.charts.model import Chart, Form, Point, Series
from kzgraph_server.charts.orders import MOST_BARS, Order, note_bars
from kzgraph_server.charts.row_points import read_node, read_point, read_year
from kzgraph_server.pages.figure_values import Kind
from kzgraph_server.pages.language import gettext as _

_BUDGET = thing("quantity", "budget")
_NO_UNIT = thing("unit", "not-stated")


def chart_money(order: Order) -> Chart | None:
    """Budget and spending of an operation by year, as documents have them."""
    text = bind_query("money", place=order.place)
    rows = ask(text)
    series = order.list_series(rows, _reader(order), _namer(order, "quantity"))
    title = _("Budget beside spending, %(place)s", place=order.label())
    notes = (
        *_note_unit(rows),
        _("Of a year without a bar of spending the documents have a budget alone."),
    )
    return order.make(title, _("US dollars, in each year"), Form.GROUPS, series, rows, text, notes)


def chart_money_by_series(order: Order) -> Chart | None:
    """The parts of a budget or of spending, by year."""
    text = bind_query("money-by-series", place=order.place, quantity=order.more)
    rows = ask(text)
    series = order.list_series(rows, _reader(order), _namer(order, "series"))
    notes = _note_unit(rows)
    title = _(
        "%(quantity)s by series, %(place)s", quantity=order.label(order.more), place=order.label()
    )
    return order.make(title, _("US dollars, in each year"), Form.LINES, series, rows, text, notes)


def chart_spent_of_budget(order: Order) -> Chart | None:
    """How much of its budget an operation spent, in per cent."""
    text = bind_query("spent-of-budget", place=order.place)
    rows = ask(text)

    def read(row: Row) -> Point:
        return read_point(row, order.viewer, Kind.DERIVED)

    series = order.list_series(rows, read, lambda _row, _point: _("Spent of the budget"))
    title = _("How much of the budget was spent, %(place)s", place=order.label())
    return order.make(title, _("per cent of the budget"), Form.LINES, series, rows, text)


def chart_activities(order: Order) -> Chart | None:
    """Budget and spending of the activities that UNHCR publishes for a country."""
    text = bind_query("activities", place=order.place)
    rows = ask(text)

    def read(row: Row) -> Point:
        quantity, year = read_node(row, "quantity"), read_year(row)
        cells = bind_query("activity-cells", place=order.place, quantity=quantity, year=year)
        kind = Kind.PLANNED if quantity == _BUDGET else Kind.OFFICIAL
        return read_point(row, order.viewer, kind, cells=cells)

    series = order.list_series(rows, read, _namer(order, "quantity"), scoped=False)
    title = _(
        "UNHCR's activities in its IATI data, recipient country: %(place)s", place=order.label()
    )
    notes = (
        _(
            "An activity names one recipient country, and may cover more: the money of an office "
            "for several countries stands under the one where it is."
        ),
    )
    return order.make(title, _("US dollars, in each year"), Form.GROUPS, series, rows, text, notes)


def chart_givers(order: Order) -> Chart | None:
    """Who committed how much to the activities that UNHCR publishes for a country."""
    text = bind_query("givers", place=order.place)
    rows = ask(text)

    def read(row: Row) -> Point:
        giver = read_node(row, "giver")
        cells = bind_query("giver-cells", place=order.place, giver=giver)
        label = order.viewer.named(giver)
        return read_point(row, order.viewer, Kind.OFFICIAL, label, cells)

    points = tuple(map(read, rows[:MOST_BARS]))
    series = Series(_("Commitments"), None, points)
    title = _(
        "Commitments to UNHCR's activities, recipient country: %(place)s", place=order.label()
    )
    years = [read_year(row, each) for row in rows for each in ("first", "last")]
    notes = (
        *note_bars(rows),
        _(
            "Commitments in US dollars; those in other currencies are not converted, and are not "
            "shown. One giver may stand under several names, as UNHCR publishes them."
        ),
    )
    unit = (
        _("US dollars, %(first)s to %(last)s", first=min(years), last=max(years))
        if years
        else _("US dollars")
    )
    return order.make(title, unit, Form.BARS, (series,), rows, text, notes)


def _note_unit(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """That the amounts are dollars by a note of the project, where no document says it."""
    if not any(row.get("unit") == _NO_UNIT for row in rows):
        return ()
    return (
        _("The documents give no unit: that the amounts are US dollars is a note of this project."),
    )


def _reader(order: Order) -> Callable[[Row], Point]:
    return lambda row: read_point(row, order.viewer)


def _namer(order: Order, variable: str) -> Callable[[Row, Point], str]:
    """Calls a series by the label of what `variable` is in its rows."""
    return lambda row, _point: order.label(read_node(row, variable))
