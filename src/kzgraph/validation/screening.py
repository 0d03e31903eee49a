"""Which things of a table certainly conform, told from what other things of it say, too.

The cells of a table differ in what they are about and say it with the same few values. Of most
parts of shapes only the values of one property decide (`kzgraph.validation.looks`): a part that
allows a value once allows it in every thing that says the same by the same properties, and one that
bounds numbers allows those between two that it allows. What is not certain, such as a thing with a
violation, goes to the engine that reports: here nothing is.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kzgraph.iri import ID
from kzgraph.namespaces import TYPE, XSD, Term
from kzgraph.validation.data import Data
from kzgraph.validation.looks import Looks, Part, find_parts
from kzgraph.validation.shape import Shape

#: Values that are kept as known to be allowed, and ends of lines likewise; beyond, all is looked at
#: anew.
_MOST_KEPT = 100_000
_INTEGER = XSD["integer"]
_NUMBER = re.compile(rb'<([^>\\]*)> "(-?[0-9]+)"\^\^%b ' % re.escape(str(_INTEGER).encode()))
_TYPED, _OURS = f"{TYPE} ".encode(), f"<{ID}".encode()


@dataclass
class _Group:
    """Parts that are decided by the same lines of a thing.

    Attributes:
        pick: what takes the ends of these lines from those of all.
        places: of these lines; those of all where queries are asked.
        queried: whether one of the parts asks a query.
        is_range: whether all allow the integers between two that they allow; see `Part`.
        parts: what has to allow the thing.
        known: what was allowed.
        least: the smallest integer that was, of a range; likewise `most`.
        most: the largest.
    """

    pick: Callable[[Sequence[bytes]], Any]
    places: tuple[int, ...]
    queried: bool
    is_range: bool
    parts: list[Part] = field(default_factory=list)
    known: set[Any] = field(default_factory=set)
    least: int | None = None
    most: int | None = None

    def add(self, part: Part) -> None:
        """Add a part."""
        self.parts.append(part)
        self.is_range = self.is_range and part.is_range

    def is_between(self, said: Any) -> bool:
        """Whether it is a number between two that are known to be allowed."""
        number = self._read_number(said)
        if number is None or self.least is None or self.most is None:
            return False
        return self.least <= number <= self.most

    def keep(self, said: Any) -> None:
        """Keep that things that say this are allowed."""
        number = self._read_number(said)
        if number is not None:
            self.least = number if self.least is None else min(self.least, number)
            self.most = number if self.most is None else max(self.most, number)
            return
        if len(self.known) >= _MOST_KEPT:
            self.known.clear()
        self.known.add(said)

    def _read_number(self, said: Any) -> int | None:
        """The integer that is said, where it bounds others."""
        found = _NUMBER.match(said) if self.is_range else None
        return int(found[2]) if found else None


@dataclass
class _Plan:
    """How things with the same properties and classes are looked at.

    Attributes:
        groups: of parts.
        always: the parts that the thing's own name decides.
        places: of the lines that decide groups alone, and say what other things say, too.
        rest: the groups that have to be asked where all is known that these lines say.
        known: what these lines may say.
    """

    groups: list[_Group]
    always: list[Part]
    places: list[int] = field(init=False)
    rest: list[_Group] = field(init=False)
    known: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        alone = [each for each in self.groups if len(each.places) == 1 and not each.is_range]
        self.places = sorted({at for each in alone for at in each.places})
        self.rest = [each for each in self.groups if each not in alone]

    def keep(self, ends: Sequence[bytes]) -> None:
        """Keep what a thing says that all groups allow."""
        if len(self.known) >= _MOST_KEPT:
            self.known.clear()
        self.known.update([ends[at] for at in self.places])


class Screen:
    """Tells which things certainly conform."""

    def __init__(self, shapes: Iterable[Shape], context: Data) -> None:
        """Look at things by `shapes`, which refer to what is in `context`."""
        self._shapes = [(shape, list(find_parts(shape))) for shape in shapes if shape.targets]
        self._context = context
        self._there = {f"{subject} ".encode() for subject in context.terms()}
        self._there |= {
            f"{node} ".encode()
            for shape, _ in self._shapes
            for kind, node in shape.targets
            if kind == "targetNode"
        }
        self._names: dict[bytes, bytes] = {}
        self._met: set[bytes] = set()
        self._plans: dict[tuple[bytes, ...], _Plan | None] = {}
        self._is_first = False

    def passes(self, subject: bytes, lines: Iterable[bytes]) -> bool:
        """Whether a thing certainly conforms, if nothing refers to it.

        The first thing that says something of another does not pass: so the engine sees what
        refers to that.

        Args:
            subject: in N-Triples form, with the space behind it.
            lines: of N-Quads, all that is said of it, in order.
        """
        if subject in self._there:
            return False
        start, known = len(subject), self._names
        ends = [line[start:] for line in lines]
        kind = tuple([known.get(end) or self._learn(end) for end in ends])
        if self._is_first:
            self._is_first = False
            return False
        if kind not in self._plans:
            self._plans[kind] = self._make_plan(kind)
        plan = self._plans[kind]
        if plan is None:
            return False
        is_known = plan.known.issuperset([ends[at] for at in plan.places])
        for group in plan.rest if is_known else plan.groups:
            said = group.pick(ends)
            if said not in group.known and not group.is_between(said):
                if not self._allow(group, subject, ends):
                    return False
                group.keep(said)
        if not is_known:
            plan.keep(ends)
        if plan.always:
            thing = NamedNode(subject[1:-2].decode())
            return all(part.allows(self._context, thing) for part in plan.always)
        return True

    def find_missing(self, lines: Iterable[bytes]) -> set[bytes]:
        """The things of the project that lines refer to and the context does not describe.

        Each is in the form of `passes`.
        """
        found = {line.rsplit(b" ", 3)[1] + b" " for line in lines}
        return {each for each in found if each.startswith(_OURS)} - self._there

    def _learn(self, end: bytes) -> bytes:
        """What the end of a line is by kind: its property, or all of it where that is a class.

        Whether a thing is the first to refer to another is noted.
        """
        if len(self._names) >= _MOST_KEPT:
            self._names.clear()
        at = end.index(b" ") + 1
        # Equal ones are one object, which is compared faster.
        name = end if end.startswith(_TYPED) else self._names.setdefault(end[:at], end[:at])
        self._names[end] = name
        if end[at : at + 1] == b"<" and end not in self._met:
            self._met.add(end)
            self._is_first = True
        return name

    def _allow(self, group: _Group, subject: bytes, ends: Sequence[bytes]) -> bool:
        said: dict[NamedNode, list[Term]] = {}
        for at in group.places:
            for name, value in _read_end(ends[at]):
                said.setdefault(name, []).append(value)
        thing = NamedNode(subject[1:-2].decode())
        with self._context.holding(thing, said, queried=group.queried):
            return all(part.allows(self._context, thing) for part in group.parts)

    def _make_plan(self, kind: Sequence[bytes]) -> _Plan | None:
        """The plan for things of which such lines are; None where none will do."""
        properties = [NamedNode(each[1 : each.index(b">")].decode()) for each in kind]
        lines = b"".join(b"<x:x> " + each for each in kind if each.startswith(_TYPED))
        classes = {quad.object for quad in parse(lines, RdfFormat.N_QUADS)}
        above = {each for one in classes for each in self._context.classes(one)}
        groups: dict[tuple[tuple[int, ...], bool], _Group] = {}
        always: list[Part] = []
        for shape, parts in self._shapes:
            targets = shape.targets
            if not any(
                (kind == "targetClass" and node in above)
                or (kind == "targetSubjectsOf" and node in properties)
                for kind, node in targets
            ):
                continue
            for part in parts:
                if part.looks is None:
                    return None
                places = _find_places(part.looks, properties)
                if part.looks.itself and (places or part.queried):
                    return None
                if part.looks.itself:
                    always.append(part)
                    continue
                every = tuple(range(len(kind)))
                group = groups.get((places, part.queried))
                if group is None:
                    pick = itemgetter(*places) if places else _pick_nothing
                    looked = every if part.queried else places
                    group = _Group(pick, looked, part.queried, is_range=len(looked) == 1)
                    groups[places, part.queried] = group
                group.add(part)
        return _Plan([*groups.values()], always)


def _read_end(end: bytes) -> list[tuple[NamedNode, Term]]:
    """Property and value of the end of a line."""
    # Of tables nearly all that was not met before are numbers.
    if found := _NUMBER.match(end):
        return [(NamedNode(found[1].decode()), Literal(found[2].decode(), datatype=_INTEGER))]
    return [(quad.predicate, quad.object) for quad in parse(b"<x:x> " + end, RdfFormat.N_QUADS)]


def _find_places(looks: Looks, properties: Sequence[NamedNode]) -> tuple[int, ...]:
    return tuple(at for at, name in enumerate(properties) if name in looks.properties)


def _pick_nothing(_: Sequence[bytes]) -> None:
    """What decides where only the absence of properties does."""
