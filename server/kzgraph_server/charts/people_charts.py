"""Charts of people: how many there were, where from, and what happened to them."""

from dataclasses import replace

from pyoxigraph import Literal

from kzgraph.iri import term, thing
from kzgraph_server.charts.chart_queries import Row, ask, bind_query
from kzgraph_server.charts.model import Chart, Form, Point, Series
from kzgraph_server.charts.orders import (
    MOST_BARS,
    Order,
    note_bars,
    note_dates,
    note_small_cells,
)
from kzgraph_server.charts.row_points import (
    read_kind,
    read_node,
    read_number,
    read_point,
    read_year,
)
from kzgraph_server.pages.figure_values import Kind
from kzgraph_server.pages.language import gettext as _

_REFUGEES, _ASYLUM_SEEKERS = (thing("population-group", code) for code in ("REF", "ASY"))
#: Both: nobody is a refugee and an asylum-seeker. A refugee may be stateless, and so be counted
#: twice among people of concern: no other groups are added up.
_TOGETHER = thing("population-group", "REF-ASY")


def chart_people(order: Order) -> Chart | None:
    """People of a group, by year: documents and official statistics."""
    group, place = order.label(order.more), order.label()
    title = _("%(group)s, %(place)s", group=group, place=place)
    text, every = _ask_people(order)
    rows = tuple(row for row in every if row["group"] == order.more)
    return _chart_stock(order, title, text, rows, "cells")


def chart_people_of_known_origin(order: Order) -> Chart | None:
    """The same, the statistics without those whose origin they do not know.

    None where the origin of all is known, unless documents count two groups together: then those
    are added up, and what documents say stands beside the sum.
    """
    group, place = order.label(order.more), order.label()
    text, rows = _ask_people(order)
    told = tuple(
        row for row in rows if "cells" not in row and order.more == row["group"] and "year" in row
    )
    told = tuple(row for row in told if read_kind(row) in (Kind.EXACT, Kind.HEDGED))
    parts = (_REFUGEES, _ASYLUM_SEEKERS) if order.more == _TOGETHER else (order.more,)
    counted = [row for row in rows if "cells" in row and row["group"] in parts]
    if not told and (len(parts) > 1 or all(row["known"] == row["value"] for row in counted)):
        return None
    years: dict[int, list[Row]] = {}
    for row in counted:
        years.setdefault(read_year(row), []).append(row)
    known = (_add_known(each) for each in years.values())
    title = _("%(group)s of known origin, %(place)s", group=group, place=place)
    note = _("Official statistics are shown without people of unknown origin.")
    found = (*told, *(row for row in known if row is not None))
    return _chart_stock(order, title, text, found, "cells-of-known-origin", note)


def _add_known(rows: list[Row]) -> Row | None:
    """The people of known origin in one year, of groups that may be added up; None without any."""
    known = sum(read_number(row, "known") for row in rows)
    if known == 0:
        return None
    cells = sum(read_number(row, "cells") for row in rows)
    found = {**rows[0], "value": Literal(known), "cells": Literal(cells)}
    if known != read_number(rows[0], "value"):
        # The one cell of the row is not what is shown.
        del found["figure"]
    return found


def _ask_people(order: Order) -> tuple[str, tuple[Row, ...]]:
    """The query for all groups at a place, and its rows: one reading of its cells is for all."""
    of = term("country" if order.is_of_country else "scope")
    text = bind_query("people", place=order.place, of=of)
    return text, ask(text)


def _chart_stock(
    order: Order, title: str, text: str, rows: tuple[Row, ...], cells: str, *notes: str
) -> Chart | None:
    def read(row: Row) -> Point:
        return read_point(row, order.viewer, cells=_bind_cells(cells, order, row))

    # A line first, and above it the single numbers of documents.
    series = order.list_series(sorted(rows, key=_rank), read, _name_by_authority)
    notes = (*notes, *note_dates(series), *note_small_cells(series))
    unit = _("people, at the end of each year")
    return order.make(title, unit, Form.LINES, series, rows, text, notes)


def chart_by_country(order: Order) -> Chart | None:
    """People of a group in each country of a region, by official statistics."""
    text = bind_query("by-country", place=order.place)
    rows = tuple(row for row in ask(text) if row["group"] == order.more)
    group, region = order.label(order.more), order.label()
    title = _("%(group)s, countries of a region: %(region)s", group=group, region=region)
    return _chart_stock(order, title, text, rows, "cells")


def _bind_cells(query: str, order: Order, row: Row) -> str:
    """The query for what was added up in a row; nothing where nothing was."""
    if "cells" not in row:
        return ""
    place = read_node(row, "scope") if "scope" in row else order.place
    return bind_query(query, place=place, group=order.more, year=read_year(row))


def _rank(row: Row) -> int:
    """The place of a row's series: official statistics, documents, and what they expected."""
    if "cells" in row:
        return 0
    return 1 if read_kind(row) in (Kind.EXACT, Kind.HEDGED) else 2


def _name_by_authority(row: Row, point: Point) -> str:
    if "cells" in row:
        return _("Official statistics")
    if point.kind in (Kind.EXACT, Kind.HEDGED):
        return _("Documents")
    return _("Documents, what was expected")


def chart_movements(order: Order) -> Chart | None:
    """What happened to people in each year, by official statistics."""
    text = bind_query("movements", place=order.place)
    rows = ask(text)

    def read(row: Row) -> Point:
        quantity, year = read_node(row, "quantity"), read_year(row)
        cells = bind_query("movement-cells", place=order.place, quantity=quantity, year=year)
        return read_point(row, order.viewer, cells=cells)

    def name(row: Row, _point: Point) -> str:
        return order.label(read_node(row, "quantity"))

    series = order.list_series(rows, read, name)
    title = _("What happened in each year, %(place)s", place=order.label())
    notes = (
        _("A year without a value was published in cases and not in people, or as zero, or not."),
        *note_small_cells(series),
    )
    unit = _("people, in each year")
    return order.make(title, unit, Form.LINES, series, rows, text, notes)


def chart_by_origin(order: Order) -> Chart | None:
    """Where people of a group come from, in the newest year of official statistics."""
    years = [read_year(row) for row in _ask_people(order)[1] if "cells" in row]
    if not years:
        return None
    year = max(years)
    text = bind_query("by-origin", place=order.place, year=year)
    rows = tuple(row for row in ask(text) if row["group"] == order.more)

    def read(row: Row) -> Point:
        label = order.viewer.named(read_node(row, "origin"))
        return read_point(row, order.viewer, label=label, cells=_bind_cells("cells", order, row))

    series = Series(
        _("Official statistics"),
        order.viewer.named(order.place),
        tuple(map(read, rows[:MOST_BARS])),
    )
    group, place = order.label(order.more), order.label()
    title = _(
        "Origin at the end of %(year)s: %(group)s, %(place)s", year=year, group=group, place=place
    )
    notes = (*note_bars(rows), *note_small_cells((series,)))
    return order.make(title, _("people"), Form.BARS, (series,), rows, text, notes)


def chart_groups(order: Order) -> Chart | None:
    """How many people of each group an operation had in the last year that documents tell of."""
    text = bind_query("groups", place=order.place)
    rows = ask(text)
    if not rows:
        return None
    totals = {read_node(row, "figure") for row in rows}

    def read(row: Row) -> Point:
        label = order.viewer.named(read_node(row, "group"))
        if "total" in row and read_node(row, "total") in totals:
            label = replace(label, text=_("of these: %(group)s", group=label.text))
        return read_point(row, order.viewer, label=label)

    points = tuple(map(read, rows[:MOST_BARS]))
    series = Series(_("Documents"), order.viewer.named(order.place), points)
    title = _(
        "Groups of people in %(year)s: %(place)s", year=read_year(rows[0]), place=order.label()
    )
    return order.make(title, _("people"), Form.BARS, (series,), rows, text, note_bars(rows))


#: What official data that agree or differ are counted for: not a place.
AGREEMENT = thing("scheme", "explanation")


def chart_agreement(order: Order) -> Chart | None:
    """For how many figures of documents official data agree or differ, and why."""
    text = bind_query("agreement")
    rows = ask(text)

    def read(row: Row) -> Point:
        explanation = read_node(row, "explanation")
        cells = bind_query("agreeing-facts", explanation=explanation)
        label = order.viewer.named(explanation)
        return read_point(row, order.viewer, Kind.DERIVED, label, cells)

    series = Series(_("Figures of documents"), None, tuple(map(read, rows)))
    title = _("What official data say of the figures of documents")
    return order.make(title, _("figures"), Form.BARS, (series,), rows, text)
