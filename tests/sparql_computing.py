"""Random expressions, groups and templates over a few rows, and what must come of them."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from sparql_expressions import (
    Expression,
    Row,
    aggregate,
    attempt,
    both,
    call,
    choice,
    constant,
    either,
    first,
    member,
    variable,
)
from sparql_values import (
    BOOLEAN,
    DATE,
    DECIMAL,
    DOUBLE,
    FUNCTIONS,
    INTEGER,
    IRI,
    LANGUAGE,
    Fault,
    Value,
    is_true,
    text,
    truth,
    whole,
)

NAMES = ("?x", "?y", "?z")
WHOLE = tuple(map(whole, (0, 1, 2, 5, 10, -4)))
NUMBERS = (
    *WHOLE,
    *(Value(DECIMAL, Fraction(each)) for each in ("0.5", "2", "-2.5")),
    *(Value(DOUBLE, each) for each in (0.5, 2.0, 1e10, -1e13)),
)
PLAIN = tuple(map(text, ("a", "ab", "Ba", "", "2", "-10")))
TERMS = (
    *NUMBERS,
    *PLAIN,
    *(Value(LANGUAGE, each, language) for each in ("a", "Ab") for language in ("en", "ru")),
    *(Value(DATE, each) for each in ("2018-01-31", "2019-12-01")),
    *(truth(each) for each in (True, False)),
    *(Value(IRI, each) for each in ("urn:a", "urn:b")),
    Value(INTEGER, "x"),
    Value(BOOLEAN, "maybe"),
)
Cells = tuple[tuple[str, object] | None, ...]


class Computer:
    """Makes a query and its answer.

    Args:
        seed: all that they depend on.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - for no secret
        self._choose = self._random.choice
        # Terms of few kinds in a query, so that most functions have values.
        self._terms = self._choose((TERMS, TERMS, NUMBERS, PLAIN, (*WHOLE, *PLAIN)))
        count = self._choose((0, 1, 2, 3, 5))
        self._rows = [
            {name: self._choose(self._terms) for name in NAMES if self._random.random() < 0.85}
            for _ in range(count)
        ]

    def _expression(self, depth: int) -> Expression:
        chance = self._random.random()
        if depth == 0 or chance < 0.1:
            good = [each for each in self._terms if each.is_known]
            return variable(self._choose(NAMES)) if chance < 0.8 else constant(self._choose(good))
        one, other = self._expression(depth - 1), self._expression(depth - 1)
        if chance < 0.16:
            return either(one, other)
        if chance < 0.22:
            return both(one, other)
        if chance < 0.3:
            return choice(self._expression(depth - 1), one, other)
        if chance < 0.38:
            return first(one, other)
        if chance < 0.42:
            return member(one, other, self._expression(depth - 1))
        written = self._choose([*FUNCTIONS])
        return call(written, *(one, other)[: FUNCTIONS[written][0]])

    def _pattern(self) -> tuple[str, list[Row]]:
        """A group with a name for what is computed and a filter, and its solutions."""
        table = " ".join(
            f"({' '.join(row[name].written if name in row else 'UNDEF' for name in NAMES)})"
            for row in self._rows
        )
        bound, condition = self._expression(2), self._expression(2)
        rows: list[Row] = []
        for row in self._rows:
            value = attempt(bound, row)
            rows.append(row if value is None else {**row, "?v": value})
        written = f"VALUES ({' '.join(NAMES)}) {{ {table} }} BIND({bound.text} AS ?v)"
        if self._random.random() < 0.3:
            rows = [row for row in rows if _keeps(condition, row)]
            written += f" FILTER({condition.text})"
        return f"{{ {written} }}", rows

    def selected(self) -> tuple[str, list[Cells]]:
        """A query of values row by row."""
        pattern, rows = self._pattern()
        computed = self._expression(3)
        distinct = self._choose((True, False))
        found = [cells([row.get("?v"), attempt(computed, row)]) for row in rows]
        if distinct:
            found = [*dict.fromkeys(found)]
        head = f"SELECT {'DISTINCT ' * distinct}?v ({computed.text} AS ?w)"
        return f"{head} WHERE {pattern}", found

    def grouped(self) -> tuple[str, list[Cells]]:
        """A query of groups."""
        pattern, rows = self._pattern()
        key = self._choose((None, self._expression(2)))
        groups: dict[Value | None, list[Row]] = {} if key is not None else {None: rows}
        if key is not None:
            for row in rows:
                groups.setdefault(attempt(key, row), []).append(row)
        made = [self._aggregate() for _ in range(2)]
        least = self._choose((1, 2))
        having = self._random.random() < 0.3
        found = [
            cells([name, *(_aggregated(each, group) for each in made)])
            for name, group in groups.items()
            if not having or len(group) > least
        ]
        columns = " ".join(f"({each[0]} AS ?a{at})" for at, each in enumerate(made))
        by = "" if key is None else f" GROUP BY ({key.text} AS ?k)"
        condition = f" HAVING(COUNT(*) > {least})" if having else ""
        name = "?k" if key is not None else "(1/0 AS ?k)"
        return f"SELECT {name} {columns} WHERE {pattern}{by}{condition}", found

    def _aggregate(self) -> tuple[str, str, Expression | None, bool]:
        name = self._choose(("COUNT", "COUNT", "SUM", "AVG", "MIN", "MAX", "GROUP_CONCAT"))
        distinct = self._choose((True, False, False))
        if name == "COUNT" and self._random.random() < 0.2:
            return "COUNT(*)", name, None, False
        argument = self._expression(self._choose((0, 1, 2)) if name not in ("MIN", "MAX") else 0)
        scalars = "; SEPARATOR='|'" if name == "GROUP_CONCAT" else ""
        return f"{name}({'DISTINCT ' * distinct}{argument.text}{scalars})", name, argument, distinct

    def constructed(self) -> tuple[str, list[Cells]]:
        """A query of a graph, whose triples are its rows."""
        pattern, rows = self._pattern()
        found: dict[Cells, None] = {}
        for row in rows:
            for subject, value in (("?x", "?v"), ("?v", "?y")):
                if subject in row and value in row and row[subject].kind == IRI:
                    found[cells([row[subject], row[value]])] = None
        return f"CONSTRUCT {{ ?x <urn:p> ?v . ?v <urn:p> ?y }} WHERE {pattern}", [*found]


def _keeps(condition: Expression, row: Row) -> bool:
    try:
        return is_true(condition.value(row))
    except Fault:
        return False


def _aggregated(
    made: tuple[str, str, Expression | None, bool], group: Sequence[Row]
) -> Value | None:
    try:
        return aggregate(*made[1:], group)
    except Fault:
        return None


def cells(values: Sequence[Value | None]) -> Cells:
    """Values as they can be compared: numbers as such."""
    return tuple(None if each is None else cell(each) for each in values)


def cell(value: Value) -> tuple[str, object]:
    """A term as it can be compared."""
    number = value.number
    # The order within a group is open, and so is that of the parts of a concatenation.
    parts = "|".join(sorted(value.text.split("|")))
    content = parts if number is None else round(Fraction(number), 9)
    return f"{value.kind}@{value.language}", content
