"""SPARQL patterns, and what they mean by the specification, one operation after the other.

https://www.w3.org/TR/sparql11-query/#sparqlAlgebra. So plain that each line can be checked against
the text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sparql_terms import Expression, Pattern, Scene, Solution, is_variable, join, merge


@dataclass(frozen=True)
class Exists:
    """https://www.w3.org/TR/sparql11-query/#defn_evalExists."""

    group: "Group"

    @property
    def text(self) -> str:
        return f"EXISTS {self.group.text}"

    def value(self, solution: Solution, scene: Scene) -> str | bool | None:
        return bool(self.group.bound(solution).solutions(scene))

    def bound(self, values: Solution) -> Expression:
        return Exists(self.group.bound(values))


@dataclass(frozen=True)
class Union:
    """The solutions of one group and of another."""

    groups: tuple["Group", ...]

    @property
    def text(self) -> str:
        return " UNION ".join(group.text for group in self.groups)

    @property
    def variables(self) -> frozenset[str]:
        return frozenset[str]().union(*(group.variables for group in self.groups))

    def solutions(self, scene: Scene) -> list[Solution]:
        return [each for group in self.groups for each in group.solutions(scene)]

    def bound(self, values: Solution) -> Pattern:
        return Union(tuple(group.bound(values) for group in self.groups))


@dataclass(frozen=True)
class InGraph:
    """A group put to a named graph, or to each: https://www.w3.org/TR/sparql11-query/#defn_evalGraph."""

    name: str
    group: "Group"

    @property
    def text(self) -> str:
        return f"GRAPH {self.name} {self.group.text}"

    @property
    def variables(self) -> frozenset[str]:
        return self.group.variables | ({self.name} if is_variable(self.name) else frozenset())

    def solutions(self, scene: Scene) -> list[Solution]:
        if not is_variable(self.name):
            return self.group.solutions(scene.at(self.name)) if self.name in scene.named else []
        return [
            solution
            for name in scene.named
            for solution in join(self.group.solutions(scene.at(name)), [{self.name: name}])
        ]

    def bound(self, values: Solution) -> Pattern:
        return InGraph(values.get(self.name, self.name), self.group.bound(values))


@dataclass(frozen=True)
class Values:
    """A table of terms, some of them left out."""

    names: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    @property
    def text(self) -> str:
        rows = " ".join(f"({' '.join(each or 'UNDEF' for each in row)})" for row in self.rows)
        return f"VALUES ({' '.join(self.names)}) {{ {rows} }}"

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(self.names)

    def solutions(self, scene: Scene) -> list[Solution]:
        return [
            {name: term for name, term in zip(self.names, row, strict=True) if term is not None}
            for row in self.rows
        ]

    def bound(self, values: Solution) -> Pattern:
        return self


@dataclass(frozen=True)
class Select:
    """A query inside a query; with `count`, grouped by its columns, with a number for each group.

    Attributes:
        names: the columns.
        group: the pattern.
        distinct: whether each row comes once.
        count: the column of the number; empty for none.
        counted: what is counted: `*`, a variable, or `DISTINCT` and a variable.
        limit: how many rows of the sorted ones are kept, and the first left out; None for all.
    """

    names: tuple[str, ...]
    group: "Group"
    distinct: bool = False
    count: str = ""
    counted: str = "*"
    limit: int | None = None

    @property
    def text(self) -> str:
        number = f" (COUNT({self.counted}) AS {self.count})" if self.count else ""
        grouped = f" GROUP BY {' '.join(self.names)}" if self.count and self.names else ""
        head = f"SELECT {'DISTINCT ' * self.distinct}{' '.join(self.names)}{number}"
        keys = " ".join(f"DESC({name})" for name in self._columns)
        ordered = f" ORDER BY {keys}" if keys else ""
        cut = "" if self.limit is None else f"{ordered} OFFSET 1 LIMIT {self.limit}"
        return f"{{ {head} {self.group.text}{grouped}{cut} }}"

    @property
    def _columns(self) -> tuple[str, ...]:
        return (*self.names, self.count) if self.count else self.names

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(self._columns)

    def solutions(self, scene: Scene) -> list[Solution]:
        rows = self._rows(scene)
        if self.limit is None:
            return rows
        # By all columns, so that what is alike is the same.
        rows.sort(key=lambda row: [_place(row.get(each)) for each in self._columns], reverse=True)
        return rows[1 : 1 + self.limit]

    def _rows(self, scene: Scene) -> list[Solution]:
        every = self.group.solutions(scene)
        rows = [{name: each[name] for name in self.names if name in each} for each in every]
        if not self.count:
            return [*(_once(rows) if self.distinct else rows)]
        groups = _once(rows) if self.names else [{}]
        return [
            {
                **group,
                self.count: self._number(
                    [each for each, row in zip(every, rows, strict=True) if row == group]
                ),
            }
            for group in groups
        ]

    def _number(self, solutions: Sequence[Solution]) -> str:
        if self.counted == "*":
            return str(len(solutions))
        name = self.counted.rpartition(" ")[2]
        values = [each[name] for each in solutions if name in each]
        return str(len(set(values) if self.counted.startswith("DISTINCT") else values))

    def bound(self, values: Solution) -> Pattern:
        raise NotImplementedError("the specification is not clear about a query inside EXISTS")


def _place(term: str | None) -> tuple[int, int, str]:
    """Where a term is in the order of ORDER BY: nothing, IRIs, numbers."""
    if term is None:
        return 0, 0, ""
    return (2, int(term), "") if term.isdigit() else (1, 0, term)


def _once(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [dict(row) for row in dict.fromkeys(tuple(sorted(each.items())) for each in rows)]


@dataclass(frozen=True)
class Optional:
    """A group that adds to solutions where it can."""

    group: "Group"

    @property
    def text(self) -> str:
        return f"OPTIONAL {self.group.text}"

    def bound(self, values: Solution) -> "Optional":
        return Optional(self.group.bound(values))


@dataclass(frozen=True)
class Minus:
    """A group that takes solutions away."""

    group: "Group"

    @property
    def text(self) -> str:
        return f"MINUS {self.group.text}"

    def bound(self, values: Solution) -> "Minus":
        return Minus(self.group.bound(values))


@dataclass(frozen=True)
class Filter:
    """A condition for the solutions of its group."""

    condition: Expression

    @property
    def text(self) -> str:
        return f"FILTER({self.condition.text})"

    def bound(self, values: Solution) -> "Filter":
        return Filter(self.condition.bound(values))


@dataclass(frozen=True)
class Bind:
    """A new variable."""

    expression: Expression
    name: str

    @property
    def text(self) -> str:
        return f"BIND({self.expression.text} AS {self.name})"

    def bound(self, values: Solution) -> "Bind":
        return Bind(self.expression.bound(values), self.name)


Element = Pattern | Optional | Minus | Filter | Bind


@dataclass(frozen=True)
class Group:
    """What stands in braces: https://www.w3.org/TR/sparql11-query/#sparqlTranslateGraphPatterns."""

    elements: tuple[Element, ...]

    @property
    def text(self) -> str:
        return f"{{ {' '.join(element.text for element in self.elements)} }}"

    @property
    def variables(self) -> frozenset[str]:
        found: set[str] = set()
        for element in self.elements:
            if isinstance(element, Bind):
                found.add(element.name)
            elif isinstance(element, Optional):
                found |= element.group.variables
            elif not isinstance(element, Filter | Minus):
                found |= element.variables
        return frozenset(found)

    def solutions(self, scene: Scene) -> list[Solution]:
        return [each for each in self._unfiltered(scene) if self._keeps(each, scene)]

    def _keeps(self, solution: Solution, scene: Scene) -> bool:
        filters = [each.condition for each in self.elements if isinstance(each, Filter)]
        return all(each.value(solution, scene) is True for each in filters)

    def _unfiltered(self, scene: Scene) -> list[Solution]:
        found: list[Solution] = [{}]
        for element in self.elements:
            if isinstance(element, Optional):
                found = [*_left_join(found, element.group, scene)]
            elif isinstance(element, Minus):
                found = [*_minus(found, element.group.solutions(scene))]
            elif isinstance(element, Bind):
                found = [_extend(each, element, scene) for each in found]
            elif not isinstance(element, Filter):
                found = join(found, element.solutions(scene))
        return found

    def bound(self, values: Solution) -> "Group":
        return Group(tuple(element.bound(values) for element in self.elements))


def _left_join(found: Iterable[Solution], group: Group, scene: Scene) -> Iterator[Solution]:
    # The filters of an optional group see the solution that it is joined to.
    right = group._unfiltered(scene)
    for one in found:
        both = [each for each in join([one], right) if group._keeps(each, scene)]
        yield from both or [one]


def _minus(found: Iterable[Solution], right: Sequence[Solution]) -> Iterator[Solution]:
    for one in found:
        if not any(one.keys() & other.keys() and merge(one, other) is not None for other in right):
            yield one


def _extend(solution: Solution, bind: Bind, scene: Scene) -> Solution:
    value = bind.expression.value(solution, scene)
    return {**solution, bind.name: value} if isinstance(value, str) else solution
