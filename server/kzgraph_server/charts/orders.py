"""What is asked of a recipe, and what every recipe does with its rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kzgraph.iri import thing
from kzgraph_server.charts.chart_queries import Row
from kzgraph_server.charts.model import Chart, Form, Point, Series
from kzgraph_server.charts.row_points import list_sources, read_node
from kzgraph_server.pages.figure_values import Kind
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import Viewer

#: Bars of one chart, one below the other: the largest are drawn, and the query has them all.
MOST_BARS = 12

_COUNTRY = thing("country", "X").value.removesuffix("X")


@dataclass(frozen=True, slots=True)
class Order:
    """A chart that is wanted.

    Attributes:
        name: the path of its address.
        place: the country, region or operation that it is about.
        more: the group of people, quantity, or whatever else its name says.
        viewer: finds labels.
    """

    name: str
    place: NamedNode
    more: NamedNode
    viewer: Viewer

    @property
    def is_of_country(self) -> bool:
        """Whether it is about a country."""
        return self.place.value.startswith(_COUNTRY)

    def label(self, node: NamedNode | None = None) -> str:
        """The label of `node`, or of the place."""
        return self.viewer.named(node or self.place).text

    def list_series(
        self,
        rows: Iterable[Row],
        read: Callable[[Row], Point],
        name: Callable[[Row, Point], str],
        *,
        scoped: bool = True,
    ) -> tuple[Series, ...]:
        """The rows as series: those of one name and one scope are together, and no others.

        Args:
            rows: with ?scope; without it they are of the place.
            read: makes the point of a row.
            name: calls the series that a row belongs to.
            scoped: False where the place of the order is not what the figures are about.
        """
        found: dict[tuple[str, NamedNode], list[Point]] = {}
        for row in rows:
            point = read(row)
            scope = read_node(row, "scope") if "scope" in row else self.place
            found.setdefault((name(row, point), scope), []).append(point)
        return tuple(
            Series(
                called,
                self.viewer.named(scope) if scoped else None,
                tuple(sorted(points, key=_order_in_time)),
            )
            for (called, scope), points in found.items()
        )

    def make(
        self,
        title: str,
        unit: str,
        form: Form,
        series: tuple[Series, ...],
        rows: tuple[Row, ...],
        query: str,
        notes: tuple[str, ...] = (),
    ) -> Chart | None:
        """The chart; None where there are no rows."""
        if not rows:
            return None
        sources = list_sources(rows, self.viewer)
        return Chart(self.name, title, unit, form, series, query, sources, notes)


def _order_in_time(point: Point) -> float:
    return float("inf") if point.at is None else point.at


def note_dates(series: tuple[Series, ...]) -> tuple[str, ...]:
    """That values without a time are in the table alone, where there are any."""
    undated = any(point.at is None for each in series for point in each.points)
    return (
        (_("A value without a date is in the table, and not in the picture."),) if undated else ()
    )


def note_small_cells(series: tuple[Series, ...]) -> tuple[str, ...]:
    """That UNHCR's statistics round small numbers, where there are any of them."""
    kinds = {point.kind for each in series for point in each.points}
    if Kind.OFFICIAL not in kinds:
        return ()
    return (_("UNHCR publishes numbers of 1 to 4 people as 0 or 5, so a sum may differ by a few."),)


def note_bars(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """How many bars are not drawn, where there are any."""
    left = len(rows) - MOST_BARS
    if left <= 0:
        return ()
    return (
        _(
            "The %(shown)s largest are shown; the query has %(left)s more.",
            shown=MOST_BARS,
            left=left,
        ),
    )
