"""Figures by year as a picture that does not mix what differs; needs the extra `plot`.

The marks are those of the charts of the pages: docs/charts.md.
"""

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

#: The mark of a figure by its status, or of a count by its bound: matplotlib's name, whether it is
#: filled, and what the legend says.
_FORESEEN = ("D", False, "forecast, target or plan")
_MARKS = {
    "exact": ("o", True, "exact"),
    "approximate": ("o", False, "hedged"),
    "lower": ("^", False, "at least"),
    "upper": ("v", False, "at most"),
}
_OFFICIAL = ("s", True, "official statistics")
#: What a line may join: figures that are the same in all of these.
_SERIES = (
    *("scope", "scope_name", "group", "group_name", "origin", "quantity", "quantity_name"),
    *("series", "series_name", "indicator", "indicator_name", "status", "status_name", "document"),
)
#: What has a colour of its own.
_KIND = ("scope", "group", "quantity", "series", "indicator")
#: Figures of which kind are summed over origins.
_SUMMED = ("scope", "scope_name", "group", "group_name", "quantity", "quantity_name", "unit")
_DOLLARS = "us-dollars"
_WIDTH = 130


@dataclass(frozen=True)
class _Points:
    """What is drawn as one series.

    Attributes:
        label: what the legend calls it.
        kind: what decides the colour: the same scope, group, quantity and so on.
        points: year, value and mark of each.
        style: of its line.
    """

    label: str
    kind: tuple[Any, ...]
    points: list[tuple[int, float, tuple[str, bool, str]]]
    style: str


def draw(
    stated: "pandas.DataFrame",
    official: "pandas.DataFrame | None" = None,
    sources: Sequence[str] = (),
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw figures by year; the axes have the picture, with its sources below.

    Args:
        stated: of `figures`.
        official: of `official`; only headline figures are drawn, as sums over origins.
        sources: citations of the documents.
        ax: where to draw; by default axes of their own.

    Raises:
        ValueError: nothing has a year and a number, or not all have one unit.
        ImportError: matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot
        from matplotlib.ticker import MaxNLocator, StrMethodFormatter
    except ImportError:
        raise ImportError("plots need matplotlib: pip install 'kzgraph[plot]'") from None
    rows = [row for row in _list_rows(stated) if _is_drawn(row)]
    unit, name, column = _find_unit(rows)
    beside = [] if official is None else [row for row in _list_rows(official) if _is_added(row)]
    beside = [row for row in beside if row["unit"] == unit]
    # Those of documents lie above.
    series = [*_list_official(beside), *_list_stated(rows, column)]
    if not series:
        raise ValueError("nothing to draw: no figure that was chosen has a year and a number")
    if ax is None:
        ax = pyplot.subplots(figsize=(9, 6), layout="constrained")[1]
    elif ax.get_ylabel() not in ("", name):
        raise ValueError(f"the axes have {ax.get_ylabel()}, and the figures {name}")
    colours = dict.fromkeys(each.kind for each in series)
    before = len({line.get_color() for line in ax.get_lines() if line.get_gid()})
    for number, kind in enumerate(colours):
        for each in series:
            if each.kind == kind:
                _draw_series(ax, each, f"C{(before + number) % 10}")
    for mark in dict.fromkeys(point[2] for each in series for point in each.points):
        if mark[2] not in ax.get_legend_handles_labels()[1]:
            ax.plot([], [], mark[0], label=mark[2], color="black", markerfacecolor=_face(mark))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.relim()
    ax.autoscale()
    ax.set_ylim(bottom=min(0, ax.get_ylim()[0]), auto=True)
    ax.set_ylabel(name)
    ax.legend(fontsize="small", frameon=False, loc="upper left", bbox_to_anchor=(0, -0.06))
    caption = _write_caption(sources, beside, len(stated) - len(rows))
    said = "\n".join(dict.fromkeys(filter(None, (ax.get_title(loc="left"), caption))))
    ax.set_title(said, loc="left", fontsize="x-small")
    return ax


def _draw_series(ax: "Axes", series: _Points, colour: str) -> None:
    years, values = [point[0] for point in series.points], [point[1] for point in series.points]
    first = series.points[0][2]
    single = len(series.points) == 1
    ax.plot(years, values, color=colour, linestyle=series.style, linewidth=1.2, gid=series.label)
    # The legend shows the line, or the mark where there is no line.
    ax.plot(
        [],
        [],
        color=colour,
        linestyle="" if single else series.style,
        marker=first[0] if single or not series.style else "",
        markerfacecolor=_face(first, colour),
        label=series.label,
    )
    for year, value, mark in series.points:
        size = 4 if mark == _OFFICIAL else 7
        face = _face(mark, colour)
        ax.plot([year], [value], mark[0], color=colour, markerfacecolor=face, markersize=size)


def _face(mark: tuple[str, bool, str], colour: str = "black") -> str:
    return colour if mark[1] else "white"


def _list_rows(found: "pandas.DataFrame") -> list[dict[str, Any]]:
    """The rows, a missing value as None."""
    missing = found.isna()
    return [
        {name: None if missing.at[index, name] else row[name] for name in found.columns}
        for index, row in found.iterrows()
    ]


def _is_drawn(row: dict[str, Any]) -> bool:
    return row["year"] is not None and row["value"] is not None


def _is_added(row: dict[str, Any]) -> bool:
    return bool(row["headline"]) and _is_drawn(row)


def _find_unit(rows: Iterable[dict[str, Any]]) -> tuple[str, str, str]:
    """The unit of all figures, its name, and the column that has the numbers in it.

    Raises:
        ValueError: they have several.
    """
    found = list(rows)
    if found and all(row.get("us_dollars") is not None for row in found):
        return _DOLLARS, "US dollars", "us_dollars"
    units = {row["unit"]: row["unit_name"] for row in found}
    if len(units) > 1:
        raise ValueError(
            f"the figures have {len(units)} units ({', '.join(sorted(units))}): choose one by "
            "unit=, or a quantity"
        )
    unit, name = next(iter(units.items()), ("persons", "Persons"))
    return unit, name or unit, "value"


def _list_stated(rows: Iterable[dict[str, Any]], column: str) -> list[_Points]:
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[tuple(row.get(name) for name in _SERIES)].append(row)
    return [_make_points(group, column) for group in found.values()]


def _make_points(group: Sequence[dict[str, Any]], column: str) -> _Points:
    row, points = group[0], []
    for each in sorted(group, key=lambda each: int(each["year"])):
        counted = each["status"] == "actual"
        mark = _MARKS.get(each["bound"], _MARKS["exact"]) if counted else _FORESEEN
        points.append((int(each["year"]), float(each[column]), mark))
    parts = (
        *(row.get(name) for name in ("group_name", "indicator_name")),
        "" if row["quantity"] == "stock" else row["quantity_name"],
        row.get("series_name"),
        row["scope_name"],
        "" if row["status"] == "actual" else (row["status_name"] or row["status"]).lower(),
        row["document"],
    )
    years = [point[0] for point in points]
    # Two figures of one year differ in what no column tells: no line runs from one to the other.
    alike = len(set(years)) == len(years)
    style = ("-" if row["status"] == "actual" else "--") if alike else ""
    kind = tuple(row.get(name) or "" for name in _KIND)
    return _Points(", ".join(filter(None, parts)), kind, points, style)


def _list_official(rows: Iterable[dict[str, Any]]) -> list[_Points]:
    sums: dict[tuple[Any, ...], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        sums[tuple(row[name] for name in _SUMMED)][int(row["year"])] += float(row["value"])
    found = []
    for key, by_year in sums.items():
        row = dict(zip(_SUMMED, key, strict=True))
        quantity = "" if row["quantity"] == "stock" else row["quantity_name"]
        parts = (row["group_name"], quantity, row["scope_name"], _OFFICIAL[2])
        points = [(year, value, _OFFICIAL) for year, value in sorted(by_year.items())]
        kind = tuple(row.get(name) or "" for name in _KIND)
        found.append(_Points(", ".join(filter(None, parts)), kind, points, ":"))
    return found


def _write_caption(
    sources: Sequence[str], official: Iterable[dict[str, Any]], left_out: int
) -> str:
    names = dict.fromkeys(
        row["dataset_name"] or row["scope_name"] for row in official if row["scope_name"]
    )
    parts = [*sources, *(f"{name} (sums over origins)" for name in names if name)]
    lines = [f"Sources: {'; '.join(parts)}."] if parts else []
    if left_out:
        lines.append(f"Not drawn, without a year or a number: {left_out}.")
    return "\n".join(textwrap.fill(line, _WIDTH) for line in lines)
