"""The classes of the vocabulary as a picture: a tree of boxes, and lines for properties.

A class is drawn once, indented below the first of its wider classes by name; a line in the gutter
on the left leads to the others. Properties between classes are lines in lanes on the right, each
named where it begins. The same vocabulary always gives the same picture.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kzgraph_server.pages.views import View

#: In units of the picture, which are pixels where it is not scaled.
_WIDTH, _HEIGHT, _INDENT, _ROW, _SLOT = 252, 24, 26, 32, 18
_GUTTER, _LANE, _NAME, _MARGIN = 12, 14, 128, 8
#: Letters that fit into a box.
_LETTERS = 29


@dataclass(frozen=True)
class Class:
    """A class that is drawn.

    Attributes:
        iri: its IRI.
        name: its short name.
        view: what it is called, and where it is described.
        wider: the IRIs of the classes that it is a subclass of, in order.
        own: whether it is of the project.
    """

    iri: str
    name: str
    view: View
    wider: tuple[str, ...] = ()
    own: bool = True


@dataclass(frozen=True)
class Line:
    """A property from the things of one class to those of another, both by IRI."""

    start: str
    end: str
    name: str
    view: View


@dataclass(frozen=True)
class Box:
    """A class in the picture; its text is shortened to fit."""

    of: Class
    text: str
    x: int
    y: int
    width: int = _WIDTH
    height: int = _HEIGHT

    @property
    def middle(self) -> int:
        """Half its height."""
        return self.y + self.height // 2


@dataclass(frozen=True)
class Stroke:
    """A line as a path of SVG; its kind is `tree`, `further`, `property` or `loop`."""

    path: str
    kind: str


@dataclass(frozen=True)
class Name:
    """What a property is called, where its line begins; `loop` if it ends there too."""

    x: int
    y: int
    line: Line
    loop: bool


@dataclass(frozen=True)
class Node:
    """A class in the list that says the same as the picture."""

    of: Class
    narrower: list["Node"]
    lines: list[tuple[Line, Class]]


@dataclass(frozen=True)
class Diagram:
    """The picture, and the list that says the same."""

    width: int
    height: int
    boxes: list[Box]
    strokes: list[Stroke]
    names: list[Name]
    nodes: list[Node]


def draw_classes(classes: Sequence[Class], lines: Sequence[Line]) -> Diagram:
    """The picture of some classes, and of the properties between them."""
    return _Layout(classes, lines).draw()


class _Layout:
    """Where everything is."""

    def __init__(self, classes: Sequence[Class], lines: Sequence[Line]) -> None:
        self._classes = {each.iri: each for each in classes}
        self._lines = lines
        #: The classes directly below one in the tree; below nothing, the first ones.
        self._below: dict[str, list[str]] = defaultdict(list)
        #: How deep in the tree each stands, from the top down.
        self._depths: dict[str, int] = {}
        self._plant()
        self._rows = {iri: row for row, iri in enumerate(self._depths)}
        further = [
            (each.iri, wider)
            for each in classes
            for wider in each.wider
            if wider in self._classes and each.iri not in self._below[wider]
        ]
        self._further = list(zip(further, self._share(further), strict=True))
        spans = [(each.start, each.end) for each in lines]
        self._lanes = self._share(spans)
        gutter = max((lane for _, lane in self._further), default=-1) + 1
        self._left = _MARGIN + _GUTTER * gutter
        self._right = self._left + _INDENT * max(self._depths.values(), default=0) + _WIDTH
        self._boxes: dict[str, Box] = {}
        #: The height at which a line begins, by its number, and at which it ends.
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        self._height = self._place()

    def _plant(self) -> None:
        first: dict[str, list[str]] = defaultdict(list)
        for each in self._classes.values():
            wider = [iri for iri in each.wider if iri in self._classes]
            first[wider[0] if wider else ""].append(each.iri)

        def key(iri: str) -> tuple[bool, bool, str]:
            found = self._classes[iri]
            return (not found.own, not first[iri], found.name.casefold())

        def visit(iri: str, depth: int, parent: str) -> None:
            if iri not in self._depths:
                self._depths[iri] = depth
                self._below[parent].append(iri)
                for each in sorted(first[iri], key=key):
                    visit(each, depth + 1, iri)

        # Classes that are each wider than the other are below no first one.
        for iri in [*sorted(first[""], key=key), *sorted(self._classes, key=key)]:
            visit(iri, 0, "")

    def _share(self, spans: Sequence[tuple[str, str]]) -> list[int]:
        """A lane for each span, so that no two of one lane meet; the short ones lie inside."""
        lanes: list[list[tuple[int, int]]] = []
        chosen = [-1] * len(spans)
        rows = [sorted((self._rows[start], self._rows[end])) for start, end in spans]
        for at in sorted(range(len(spans)), key=lambda at: (rows[at][1] - rows[at][0], at)):
            low, high = rows[at]
            if low == high:
                continue
            for lane, taken in enumerate([*lanes, []]):
                if all(high < other[0] or low > other[1] for other in taken):
                    if lane == len(lanes):
                        lanes.append(taken)
                    taken.append((low, high))
                    chosen[at] = lane
                    break
        return chosen

    def _place(self) -> int:
        """Place the boxes, and the ends of the lines on them; the height of the picture."""
        ends: dict[str, list[tuple[dict[int, int], int]]] = defaultdict(list)
        for number, line in enumerate(self._lines):
            ends[line.start].append((self._starts, number))
            if line.end != line.start:
                ends[line.end].append((self._ends, number))
        y = _MARGIN
        for iri, depth in self._depths.items():
            found = ends[iri]
            tall = max(_ROW, _SLOT * len(found) + _ROW - _SLOT)
            of = self._classes[iri]
            top = y + (tall - _HEIGHT) // 2
            box = Box(of, _shorten(of.view.text), self._left + _INDENT * depth, top)
            self._boxes[iri] = box
            for at, (heights, number) in enumerate(found):
                heights[number] = box.middle + _SLOT * at - _SLOT * (len(found) - 1) // 2
            y += tall
        return y + _MARGIN

    def draw(self) -> Diagram:
        """The picture."""
        lanes = max(self._lanes, default=-1) + 1
        return Diagram(
            self._right + _NAME + _LANE * lanes + _MARGIN,
            self._height,
            list(self._boxes.values()),
            [*self._draw_tree(), *self._draw_further(), *self._draw_lines()],
            [
                Name(self._right + 6, self._starts[number] - 3, line, line.start == line.end)
                for number, line in enumerate(self._lines)
            ],
            list(self._list("")),
        )

    def _draw_tree(self) -> Iterator[Stroke]:
        for parent, children in self._below.items():
            for each in children if parent else ():
                above, box = self._boxes[parent], self._boxes[each]
                path = f"M{box.x} {box.middle}H{above.x + _INDENT // 2}V{above.y + _HEIGHT}"
                yield Stroke(path, "tree")

    def _draw_further(self) -> Iterator[Stroke]:
        for (narrow, wide), lane in self._further:
            box, other, x = self._boxes[narrow], self._boxes[wide], self._left
            path = f"M{box.x} {box.middle - 6}H{x - _GUTTER * (lane + 1)}V{other.middle}H{other.x}"
            yield Stroke(path, "further")

    def _draw_lines(self) -> Iterator[Stroke]:
        for number, line in enumerate(self._lines):
            start, box = self._starts[number], self._boxes[line.start]
            edge = box.x + _WIDTH
            if line.start == line.end:
                yield Stroke(f"M{edge} {_reach(box, start)}L{self._right + 3} {start}h30", "loop")
                continue
            x = self._right + _NAME + _LANE * self._lanes[number]
            end, other = self._ends[number], self._boxes[line.end]
            begin = f"M{edge} {_reach(box, start)}L{self._right + 3} {start}"
            tip = f"{other.x + _WIDTH} {_reach(other, end)}"
            yield Stroke(f"{begin}H{x}V{end}H{self._right}L{tip}", "property")

    def _list(self, parent: str) -> Iterator[Node]:
        for iri in self._below[parent]:
            lines = [(each, self._classes[each.end]) for each in self._lines if each.start == iri]
            yield Node(self._classes[iri], list(self._list(iri)), lines)


def _reach(box: Box, height: int) -> int:
    """The place on the side of a box that is nearest to a height."""
    return min(max(height, box.y + 4), box.y + box.height - 4)


def _shorten(text: str) -> str:
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1].rstrip() + "…"


def choose_lines(
    properties: Iterable[tuple[str, View, Sequence[str], Sequence[str]]],
    known: Mapping[str, object],
) -> list[Line]:
    """The properties that lead from one drawn class to another.

    Args:
        properties: name, view, domains and ranges of each.
        known: the classes that are drawn, by IRI.
    """
    return [
        Line(start, end, name, view)
        for name, view, domains, ranges in properties
        for start in domains
        for end in ranges
        if start in known and end in known
    ]
