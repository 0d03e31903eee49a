"""Charts in words: kinds of values, numbers, and what a chart shows to whom does not see it."""

from collections.abc import Callable
from decimal import Decimal

from kzgraph_server.charts.model import Chart, Form, Point, Series
from kzgraph_server.pages.figure_values import Kind
from kzgraph_server.pages.language import format_number, format_short, ngettext
from kzgraph_server.pages.language import gettext as _

#: Values from which on an axis has them in short: 8M.
_SHORT = 1_000_000


#: What kinds of values are called, in the language of the page.
_KINDS: dict[Kind, Callable[[], str]] = {
    Kind.EXACT: lambda: _("exact"),
    Kind.HEDGED: lambda: _("hedged by the document"),
    Kind.FORECAST: lambda: _("forecast"),
    Kind.TARGET: lambda: _("target"),
    Kind.PLANNED: lambda: _("planned"),
    Kind.DERIVED: lambda: _("computed by this project"),
    Kind.OFFICIAL: lambda: _("official statistics"),
    Kind.NONE: lambda: _("no number"),
}


def name_kind(kind: Kind) -> str:
    """What a kind of value is called in a legend and in a table."""
    return _KINDS[kind]()


def write_value(point: Point) -> str:
    """A value with what bounds it: `≈ 570`."""
    number = format_number(point.value)
    return f"{point.sign}\N{NO-BREAK SPACE}{number}" if point.sign else number


def write_tick(value: float) -> str:
    """A value of an axis."""
    if abs(value) < _SHORT:
        return format_number(Decimal(repr(value)))
    return format_short(value)


def describe(chart: Chart) -> list[str]:
    """What a chart shows, as sentences: how many values, the first, last, highest and lowest."""
    count = len(chart.points)
    found = [
        ngettext(
            "A chart with %(num)s value. Unit: %(unit)s.",
            "A chart with %(num)s values. Unit: %(unit)s.",
            count,
            unit=chart.unit,
        )
    ]
    return found + [sentence for series in chart.series for sentence in _describe(chart, series)]


def _describe(chart: Chart, series: Series) -> list[str]:
    named = name_series(chart, series)
    # A value without a date is neither the first nor the last, and no high or low of the years.
    dated = [point for point in series.points if point.at is not None]
    if chart.form is Form.GROUPS or not dated:
        return _describe_points(named, list(series.points), ordered=False)
    undated = [point for point in series.points if point.at is None]
    return _describe_points(named, dated, ordered=True) + [
        _("%(series)s: %(value)s.", series=named, value=_tell(point)) for point in undated
    ]


def _describe_points(named: str, points: list[Point], *, ordered: bool) -> list[str]:
    if not points:
        return []
    highest = max(points, key=lambda point: point.value)
    lowest = min(points, key=lambda point: point.value)
    if len(points) == 1:
        return [_("%(series)s: %(value)s.", series=named, value=_tell(points[0]))]
    count = ngettext("%(num)s value", "%(num)s values", len(points))
    if not ordered:
        return [
            _(
                "%(series)s: %(count)s, the highest %(highest)s, the lowest %(lowest)s.",
                series=named,
                count=count,
                highest=_tell(highest),
                lowest=_tell(lowest),
            )
        ]
    return [
        _(
            "%(series)s: %(count)s, the first %(first)s, the last %(last)s, "
            "the highest %(highest)s, the lowest %(lowest)s.",
            series=named,
            count=count,
            first=_tell(points[0]),
            last=_tell(points[-1]),
            highest=_tell(highest),
            lowest=_tell(lowest),
        )
    ]


def name_series(chart: Chart, series: Series) -> str:
    """A series, with its scope where those of the chart differ."""
    if series.scope is None or chart.scope is not None:
        return series.name
    return _("%(series)s (%(scope)s)", series=series.name, scope=series.scope.text)


def _tell(point: Point) -> str:
    return _("%(value)s (%(when)s)", value=write_value(point), when=point.label)


def tell_point(chart: Chart, series: Series, point: Point) -> str:
    """A value in one line, as what shows where one points at its mark."""
    return _(
        "%(series)s, %(when)s: %(value)s, %(kind)s",
        series=name_series(chart, series),
        when=point.label,
        value=write_value(point),
        kind=name_kind(point.kind),
    )
