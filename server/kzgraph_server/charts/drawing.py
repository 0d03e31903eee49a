"""Where everything of a chart stands in its picture.

A drawing is plain numbers and texts; a template writes it as SVG, and escapes what is in it. Each
chart is drawn twice, for a wide and for a narrow place, so that its letters are never tiny: the
style sheet shows the one that fits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kzgraph_server.charts.model import Point
from kzgraph_server.pages.figure_values import Kind

#: Writes a value of an axis.
TickWriter = Callable[[float], str]
#: Writes the value of a point.
PointWriter = Callable[[Point], str]

#: The mean width of a letter or digit of the axis, in parts of the size of its font.
_LETTER = 0.58


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a picture.

    Attributes:
        name: of the picture.
        width: in units of the drawing, which at full size are CSS pixels.
        height: of the plot of a chart with a vertical axis.
        font: the size of the letters.
    """

    name: str
    width: float
    height: float
    font: float

    def measure(self, text: str) -> float:
        """About how wide a text is."""
        return len(text) * self.font * _LETTER

    def shorten(self, text: str, width: float) -> str:
        """`text`, cut where it would be wider than `width`."""
        most = max(1, int(width / (self.font * _LETTER)))
        return text if len(text) <= most else text[: most - 1].rstrip() + "…"


WIDE = Frame("wide", 720, 300, 14)
NARROW = Frame("narrow", 400, 260, 13.5)
FRAMES = (WIDE, NARROW)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point or bar.

    Attributes:
        point: what it stands for.
        series: the number of its series, from 0.
        pattern: the name of its pattern, of a bar; empty for a point.
        x: its left edge; of a point its middle.
        y: its upper edge; of a point its middle.
        width: of a bar.
        height: of a bar.
    """

    point: Point
    series: int
    pattern: str
    x: float
    y: float
    width: float = 0
    height: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line that joins points of one series.

    Attributes:
        series: the number of the series.
        places: x and y of each point.
    """

    series: int
    places: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the grid; the one at zero is an `axis`."""

    x1: float
    y1: float
    x2: float
    y2: float
    axis: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A text of the picture.

    Attributes:
        text: what it says.
        x: where it is anchored.
        y: its baseline.
        anchor: start, middle or end.
        strong: whether it is a value.
        language: of the text, where it is not that of the page.
    """

    text: str
    x: float
    y: float
    anchor: str = "start"
    strong: bool = False
    language: str | None = None


@dataclass(slots=True)
class Drawing:
    """A chart, placed.

    Attributes:
        frame: the size it is drawn for.
        height: of the whole picture.
        rules: the grid.
        lines: what joins points.
        marks: points and bars.
        labels: texts.
    """

    frame: Frame
    height: float = 0
    rules: list[Rule] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    @property
    def patterns(self) -> list[tuple[int, str]]:
        """The patterns that its bars have: the number of the series, and the name."""
        return sorted({(mark.series, mark.pattern) for mark in self.marks if mark.pattern})


def choose_patterns(kinds: Sequence[Sequence[Kind]]) -> list[dict[Kind, str]]:
    """The pattern of each kind in each series: no two series of a chart share one.

    A kind has its pattern, and where several series have values of that kind, the second and third
    have a denser and a wider one, so that no colour is needed to tell them apart.

    Args:
        kinds: the kinds of each series.
    """
    taken: dict[Kind, int] = {}
    found = []
    for series in kinds:
        names = {}
        for kind in dict.fromkeys(series):
            variant = taken.get(kind, 0)
            taken[kind] = variant + 1
            names[kind] = f"{kind.value}-{variant % 3}"
        found.append(names)
    return found
