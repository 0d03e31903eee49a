"""Placing the points of a chart: lines over years, bars in groups, bars below each other."""

from kzgraph_server.charts.axes import Scale, scale_values, scale_years
from kzgraph_server.charts.drawing import (
    Drawing,
    Frame,
    Label,
    Line,
    Mark,
    PointWriter,
    Rule,
    TickWriter,
    choose_patterns,
)
from kzgraph_server.charts.model import Chart, Form, Point

#: Around the plot, in units of the drawing.
_PAD = 12
#: Above the axis of the labels, for these.
_BELOW = 26
#: The part of the room of a group that its bars fill.
_FILLED = 0.8
#: The height of a bar below its label, and of both with what follows.
_BAR, _ROW = 16, 46


def draw(chart: Chart, frame: Frame, write: TickWriter, write_point: PointWriter) -> Drawing:
    """The picture of a chart.

    Args:
        chart: what is drawn.
        frame: the size.
        write: writes a value of an axis.
        write_point: writes the value of a point beside its bar.
    """
    if chart.form is Form.BARS:
        return _draw_bars(chart, frame, write_point)
    if chart.form is Form.GROUPS:
        return _draw_groups(chart, frame, write)
    return _draw_lines(chart, frame, write)


def _draw_lines(chart: Chart, frame: Frame, write: TickWriter) -> Drawing:
    drawn = [point for point in chart.points if point.at is not None]
    drawing, values = _begin(drawn or chart.points, frame, write)
    left = drawing.rules[0].x1
    if not drawn:
        return drawing
    room = frame.measure("0000") + _PAD
    years = scale_years(
        [point.at for point in drawn if point.at is not None],
        left + _PAD,
        frame.width - _PAD - frame.font,
        room,
    )
    for tick in years.ticks:
        x = years.place(tick)
        drawing.labels.append(Label(f"{tick:.0f}", x, drawing.height - 6, "middle"))
    for number, series in enumerate(chart.series):
        for run in series.list_runs():
            places = tuple(_place(point, years, values) for point in run)
            if len(places) > 1:
                drawing.lines.append(Line(number, places))
            for point, (x, y) in zip(run, places, strict=True):
                drawing.marks.append(Mark(point, number, "", x, y))
    return drawing


def _place(point: Point, years: Scale, values: Scale) -> tuple[float, float]:
    return years.place(point.at or 0.0), values.place(float(point.value))


def _draw_groups(chart: Chart, frame: Frame, write: TickWriter) -> Drawing:
    drawing, values = _begin(chart.points, frame, write)
    left, right = drawing.rules[0].x1, frame.width - _PAD
    labels = order_labels(chart)
    room = (right - left) / max(1, len(labels))
    width = room * _FILLED / max(1, len(chart.series))
    zero = values.place(0)
    widest = max((frame.measure(label) for label in labels), default=0.0) + 4
    every = max(1, -int(-widest // room))
    for place, label in enumerate(labels):
        if place % every == 0:
            middle = left + (place + 0.5) * room
            drawing.labels.append(Label(label, middle, drawing.height - 6, "middle"))
    patterns = choose_patterns([[p.kind for p in series.points] for series in chart.series])
    for number, series in enumerate(chart.series):
        for point in series.points:
            x = left + labels.index(point.label) * room + room * (1 - _FILLED) / 2 + number * width
            y = values.place(float(point.value))
            top, height = min(y, zero), abs(zero - y)
            pattern = patterns[number][point.kind]
            drawing.marks.append(Mark(point, number, pattern, x, top, width * 0.92, height))
    return drawing


def order_labels(chart: Chart) -> list[str]:
    """The labels of the points, in the order of time and where none is known as they come."""
    at: dict[str, float] = {}
    for point in chart.points:
        at.setdefault(point.label, float("inf") if point.at is None else point.at)
    return sorted(at, key=lambda label: at[label])


def _draw_bars(chart: Chart, frame: Frame, write: PointWriter) -> Drawing:
    numbers = [0.0, *(float(point.value) for point in chart.points)]
    low, high = min(numbers), max(numbers)
    # The longest bar fills the width: its number stands beside it, so there are no ticks.
    values = Scale(low, high if high > low else low + 1, _PAD, frame.width - _PAD, ())
    drawing = Drawing(frame)
    patterns = choose_patterns([[p.kind for p in series.points] for series in chart.series])
    y, zero = 4.0, values.place(0)
    for number, series in enumerate(chart.series):
        for point in series.points:
            written = write(point)
            left = frame.width - 2 * _PAD - frame.measure(written) - frame.font
            label = frame.shorten(point.label, left)
            baseline = y + frame.font
            drawing.labels += [
                Label(label, _PAD, baseline, language=point.language),
                Label(written, frame.width - _PAD, baseline, "end", strong=True),
            ]
            end = values.place(float(point.value))
            x, width = min(zero, end), max(1.0, abs(end - zero))
            pattern = patterns[number][point.kind]
            drawing.marks.append(Mark(point, number, pattern, x, baseline + 6, width, _BAR))
            y += _ROW
    drawing.height = y
    if low < 0:
        drawing.rules.append(Rule(zero, 0, zero, y - 4, axis=True))
    return drawing


def _begin(points: list[Point], frame: Frame, write: TickWriter) -> tuple[Drawing, Scale]:
    """A picture with its vertical axis; the first rule begins where the plot does."""
    bottom = _PAD + frame.height
    values = scale_values((float(point.value) for point in points), bottom, _PAD)
    written = {tick: write(tick) for tick in values.ticks}
    left = max(frame.measure(text) for text in written.values()) + _PAD
    drawing = Drawing(frame, height=bottom + _BELOW)
    for tick, text in written.items():
        y = values.place(tick)
        drawing.rules.append(Rule(left, y, frame.width - _PAD, y, axis=tick == 0))
        drawing.labels.append(Label(text, left - 6, y + frame.font * 0.35, "end"))
    return drawing, values
