"""A chart as a template shows it: pictures, legend, words, table and links."""

import re
from dataclasses import dataclass

from flask import url_for

from kzgraph_server.charts.chart_queries import link_query
from kzgraph_server.charts.chart_words import (
    describe,
    name_kind,
    name_series,
    tell_point,
    write_tick,
    write_value,
)
from kzgraph_server.charts.drawing import FRAMES, Drawing, choose_patterns
from kzgraph_server.charts.model import Chart, Form, Point, Series
from kzgraph_server.charts.placement import draw, order_labels
from kzgraph_server.pages.figure_values import Kind
from kzgraph_server.pages.language import gettext as _

#: The dash patterns of lines, by the number of the series.
_DASHES = ("", "7 4", "2 4", "10 4 2 4", "1 3 6 3", "14 4")
#: Points of a series up to which marks have their usual size.
_MOST_LARGE = 30
#: How many colours the style sheet has.
COLOURS = 6


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of a legend.

    Attributes:
        text: what it stands for.
        series: the number of the series; None for a kind of value.
        kind: whose mark is shown.
        pattern: of a bar; empty for a line or a point.
    """

    text: str
    series: int | None
    kind: Kind
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what the values are of, and those of each column."""

    label: str
    language: str | None
    cells: list[list[Point]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with all that a page shows of it.

    Attributes:
        chart: the chart.
        id: begins the identifiers of its elements.
        drawings: its pictures, by size.
        sentences: the chart in words.
        legend: its entries: series, then kinds of values.
        columns: the heads of the table, after the first.
        rows: of the table.
        query_href: the address of the page of the query that its values are from.
        csv_href: the address of its values as CSV, where it has a name.
        hints: what each point stands for in one line, by its identity: two may be equal.
        numbers: those of the points, likewise.
    """

    chart: Chart
    id: str
    drawings: tuple[Drawing, ...]
    sentences: list[str]
    legend: list[Key]
    columns: list[str]
    rows: list[Row]
    query_href: str
    csv_href: str | None
    hints: dict[int, str]
    numbers: dict[int, int]

    @property
    def head(self) -> str:
        """The head of the first column of the table."""
        return _("What") if self.chart.form is Form.BARS else _("When")

    def dash(self, series: int) -> str:
        """The dash pattern of the lines of a series."""
        return _DASHES[series % len(_DASHES)]

    def colour(self, series: int) -> str:
        """The class that gives a series its colour."""
        return f"s{series % COLOURS}"

    @property
    def is_dense(self) -> bool:
        """Whether marks of the usual size would cover each other."""
        return max((len(series.points) for series in self.chart.series), default=0) > _MOST_LARGE

    def hint(self, point: Point) -> str:
        """What a point stands for, in one line."""
        return self.hints[id(point)]

    def number(self, point: Point) -> int:
        """The number of a point, by which a script finds its row in the table."""
        return self.numbers[id(point)]

    # The template has no other way to these.
    name_kind = staticmethod(name_kind)
    write_value = staticmethod(write_value)


def present(chart: Chart) -> Figure:
    """A chart, made ready for `templates/charts.html` in the language of the page."""
    columns, rows = _make_table(chart)
    return Figure(
        chart=chart,
        id="chart-" + re.sub(r"[^A-Za-z0-9]+", "-", chart.name),
        drawings=tuple(draw(chart, frame, write_tick, write_value) for frame in FRAMES),
        sentences=describe(chart),
        legend=_list_keys(chart),
        columns=columns,
        rows=rows,
        query_href=link_query(chart.query),
        csv_href=url_for("chart_data.table", name=chart.name) if chart.name else None,
        hints={
            id(point): tell_point(chart, series, point)
            for series in chart.series
            for point in series.points
        },
        numbers={id(point): number for number, point in enumerate(chart.points)},
    )


def _list_keys(chart: Chart) -> list[Key]:
    if chart.form is not Form.LINES:
        patterns = choose_patterns([[p.kind for p in each.points] for each in chart.series])
        return [
            Key(_name(chart, series, kind), number, kind, pattern)
            for number, series in enumerate(chart.series)
            for kind, pattern in patterns[number].items()
        ]
    drawn = [
        Key(name_series(chart, series), number, series.points[0].kind)
        for number, series in enumerate(chart.series)
        if series.points
    ]
    return drawn + [Key(name_kind(kind), None, kind) for kind in chart.kinds]


def _name(chart: Chart, series: Series, kind: Kind) -> str:
    """A series of bars with what its values are, unless its name says that already."""
    named, what = name_series(chart, series), name_kind(kind)
    if named.casefold() == what.casefold():
        return named
    return _("%(series)s: %(kind)s", series=named, kind=what)


def _make_table(chart: Chart) -> tuple[list[str], list[Row]]:
    if chart.form is Form.BARS:
        rows = [Row(p.label, p.language, [[p]]) for p in chart.points]
        return [chart.unit], rows
    found: dict[str, list[list[Point]]] = {
        label: [[] for _series in chart.series] for label in order_labels(chart)
    }
    for number, series in enumerate(chart.series):
        for point in series.points:
            found[point.label][number].append(point)
    languages = {point.label: point.language for point in chart.points}
    rows = [Row(label, languages[label], cells) for label, cells in found.items()]
    return [name_series(chart, series) for series in chart.series], rows
