"""What a chart is made of: points in series, and where they come from.

A series has one scope, and what a document expects is in another series than what it reports, so
that nothing that is drawn as a line joins figures of two scopes or two statuses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from kzgraph_server.pages.figure_values import Kind
from kzgraph_server.pages.views import View


class Form(Enum):
    """How a chart is drawn."""

    #: A line over years for each series.
    LINES = "lines"
    #: For each label a bar of each series.
    GROUPS = "groups"
    #: A bar for each point, from the left, below its label.
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Point:
    """A value in a chart.

    Attributes:
        label: the time or thing that the value is of, as the page calls it.
        value: the number, in the unit of the chart.
        kind: what it is.
        at: its place in time in years, 2018.0 for the end of 2018; None where no time is stated,
            so that it is in the table only. Nothing where the chart is not over time.
        sign: what stands before the number: `≈`, `>` or `<`, where it is a bound.
        hedge: the words by which the document hedges it.
        iri: the figure; empty where several were added up.
        href: the address of its page, or of the figures that were added up.
        language: of the label, where it is not that of the page.
    """

    label: str
    value: Decimal
    kind: Kind
    at: float | None = None
    sign: str = ""
    hedge: str = ""
    iri: str = ""
    href: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one scope that can be compared with each other.

    Attributes:
        name: what they are.
        scope: the place, operation or office that all of them are of; None where each has its own.
        points: in the order of time, or of the chart.
    """

    name: str
    scope: View | None
    points: tuple[Point, ...]

    def list_runs(self) -> Iterator[tuple[Point, ...]]:
        """The points in stretches that a line may join, isolated ones too.

        It joins what was reported for years that follow each other: it does not bridge a year
        without a number, nor lead from what was counted to what was expected.
        """
        run: list[Point] = []
        for point in self.points:
            if point.at is None:
                continue
            if run and not _may_join(run[-1], point):
                yield tuple(run)
                run = []
            run.append(point)
        if run:
            yield tuple(run)


def _may_join(earlier: Point, later: Point) -> bool:
    if earlier.at is None or later.at is None or not 0 < later.at - earlier.at <= 1:
        return False
    kinds = {Kind.EXACT if kind is Kind.HEDGED else kind for kind in (earlier.kind, later.kind)}
    return len(kinds) == 1


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, with all that a reader needs to judge it.

    Attributes:
        name: the path of its address, such as `people/country/KAZ/REF`.
        title: what it shows.
        unit: of its values, in words.
        form: how it is drawn.
        series: its series.
        query: the text of the query that its values are from.
        sources: the documents and data sets that they are from.
        notes: what one has to know to read it, as sentences.
    """

    name: str
    title: str
    unit: str
    form: Form
    series: tuple[Series, ...]
    query: str
    sources: tuple[View, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> list[Point]:
        """The points of all series."""
        return [point for series in self.series for point in series.points]

    @property
    def scope(self) -> View | None:
        """The scope that all its series have; None where they differ."""
        scopes = {series.scope for series in self.series}
        return next(iter(scopes)) if len(scopes) == 1 else None

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of its values, in the order of `Kind`."""
        found = {point.kind for point in self.points}
        return [kind for kind in Kind if kind in found]
