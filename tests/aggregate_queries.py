"""Aggregate queries from a grammar and a seed, over what a graph holds."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from known_data import Known, Speller, Variable, prologue
from query_conditions import Expressions
from query_patterns import Patterns
from query_pieces import (
    Constant,
    Part,
    Piece,
    either,
    find_tagged,
    freeze,
    piece,
    restyle,
    spare,
    text_of,
)


@dataclass(frozen=True)
class Query:
    """A query without places for constants.

    Attributes:
        tree: its pieces.
        features: what it has, of what is counted.
        style: how its text is written; empty for the plain way.
        base: what its relative IRIs are relative to, if it has any.
    """

    tree: Piece
    features: frozenset[str]
    style: str = ""
    base: str | None = None

    @cached_property
    def text(self) -> str:
        return self._write("-")

    @cached_property
    def without_limit(self) -> str:
        return self._write("limit")

    @property
    def limit(self) -> tuple[int | None, int]:
        """How many rows are asked for at most, and how many are left out before."""
        most, offset = None, 0
        for each in find_tagged(self.tree, "limit"):
            words = text_of(each).split()
            for word, number in zip(words[::2], words[1::2], strict=True):
                if word == "LIMIT":
                    most = int(number)
                else:
                    offset = int(number)
        return most, offset

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that rows are in order of."""
        return next((each.keys for each in find_tagged(self.tree, "order")), ())

    def _write(self, without: str) -> str:
        body = text_of(self.tree, without)
        chance = random.Random(self.style)  # noqa: S311 - nothing secret
        text = f"{prologue(chance, body, self.base)}\n{body}".strip()
        return restyle(text, chance) if self.style and chance.random() < 0.6 else text


@dataclass(frozen=True)
class Shape:
    """A query with places for constants."""

    seed: str
    tree: Piece
    features: frozenset[str]
    base: str | None

    def query(self, number: int) -> Query:
        """One of the queries of this shape, in a style of its own now and then."""
        style = f"{self.seed} style {number // 3}"
        return Query(freeze(self.tree, self.seed, number), self.features, style, self.base)


def make_shape(known: Known, seed: str, most: float = 20_000) -> Shape:
    """The shape that belongs to a seed, with about `most` solutions before grouping."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    maker = _Maker(known, chance, most)
    return Shape(seed, maker.query(), frozenset(maker.used), maker.speller.base)


class _Maker:
    def __init__(self, known: Known, chance: random.Random, most: float) -> None:
        self._known = known
        self._chance = chance
        self._most = most
        self._aliases = 0
        self.used: set[str] = set()
        self.speller = Speller(chance)
        self._expressions = Expressions(chance, self.speller, self.used)
        self._patterns = self._new_patterns()

    def _new_patterns(self) -> Patterns:
        return Patterns(
            self._known, self._chance, self.speller, self._expressions, self.used, self._most
        )

    def query(self) -> Piece:
        group = self._patterns.group(self._subquery)
        if self._happens(0.012, "no aggregate"):
            return self._plain(group)
        return self._aggregated(group, self._patterns.scope)

    def _plain(self, group: Piece) -> Piece:
        """A query without groups."""
        form = self._chance.random()
        if form < 0.15:
            return piece("ASK", group)
        columns = "*" if form < 0.5 else " ".join(each.text for each in self._patterns.scope[:2])
        distinct = self._chance.choice(("", "DISTINCT"))
        return piece("SELECT", distinct, columns, "WHERE", group, self._limit())

    # --- SELECT with groups

    def _aggregated(self, group: Piece, scope: Sequence[Variable]) -> Piece:
        keys, clauses = self._groups(scope)
        columns: list[Part] = []
        names: list[str] = []
        for key in keys:
            if self._chance.random() < 0.9:
                columns.append(spare(key))
                names.append(key[1:])
        aliases: list[str] = []
        for _ in range(self._chance.choice((1, 1, 2, 2, 3)) if self._chance.random() < 0.99 else 0):
            column, alias = self._column(scope, keys, aliases)
            columns.append(column)
            aliases.append(alias)
        if self._happens(0.1, "aggregate before key"):
            self._chance.shuffle(columns)
        if not columns:
            column, alias = self._column(scope, keys, aliases)
            columns.append(column)
            aliases.append(alias)
        names += [alias[1:] for alias in aliases]
        distinct: Part = ""
        if self._happens(0.06, "SELECT DISTINCT"):
            distinct = spare(self._chance.choice(("DISTINCT", "DISTINCT", "REDUCED")))
        where = self._chance.choice(("WHERE", "WHERE", ""))
        tail: list[Part] = [spare("GROUP BY", *clauses)] if clauses else []
        if self._happens(0.15, "HAVING"):
            tail.append(self._having(scope, keys))
        if self._happens(0.35, "ORDER BY"):
            tail.append(self._order(scope, keys, names))
        if self._happens(0.15, "LIMIT"):
            tail.append(self._limit())
        start: Part = ""
        if self._happens(0.004, "FROM"):
            start = spare("FROM", Constant(("<http://example.org/graph/one>", "<a>")))
        return piece("SELECT", distinct, *columns, start, where, group, *tail)

    def _groups(self, scope: Sequence[Variable]) -> tuple[list[str], list[Part]]:
        """The variables that groups have, and the clauses that make them."""
        keys: list[str] = []
        clauses: list[Part] = []
        for _ in range(self._chance.choice((0, 1, 1, 1, 2, 2, 3))):
            roll = self._chance.random()
            if roll < 0.98:
                found = self._chance.choice(scope).text
                if found not in keys:
                    keys.append(found)
                    clauses.append(piece(found))
            elif roll < 0.99:
                self.used.add("GROUP BY expression")
                self._aliases += 1
                alias = f"?g{self._aliases}"
                value = self._expressions.value(scope)
                if len(text_of(value).split()) > 1:
                    keys.append(alias)
                    clauses.append(piece("(", value, "AS", alias, ")"))
            else:
                self.used.add("GROUP BY expression")
                found = self._expressions.variable(scope, "text").text
                word = self._chance.choice(("STR", "LANG", "DATATYPE", "LCASE"))
                clauses.append(piece(f"{word}({found})"))
        if keys or clauses:
            self.used.add("GROUP BY")
        return keys, clauses

    def _column(
        self, scope: Sequence[Variable], keys: Sequence[str], aliases: Sequence[str]
    ) -> tuple[Piece, str]:
        self._aliases += 1
        alias = f"?{self._chance.choice('abcdefghijklm' * 3 + 'n')}{self._aliases}"
        if self._chance.random() < 0.007 and aliases:
            self.used.add("alias twice")
            alias = aliases[-1]
        value = self._over_groups(scope, keys, aliases)
        return spare("(", value, "AS", alias, ")"), alias

    def aggregate(self, scope: Sequence[Variable]) -> Piece:
        """One aggregate."""
        name = self._chance.choices(
            ("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"),
            (6, 6, 4, 3, 3, 0.05, 0.05),
        )[0]
        if not any(each.is_number for each in scope) and self._chance.random() < 0.97:
            name = "COUNT"
        self.used.add(name)
        distinct: Part = spare("DISTINCT") if self._happens(0.15, "DISTINCT in aggregate") else ""
        if name == "COUNT" and self._happens(0.4, "COUNT(*)"):
            return piece("COUNT(", distinct if self._chance.random() < 0.2 else "", "* )")
        kinds: tuple[str, ...] = ("number",) if name != "COUNT" else ("number", "iri", "text")
        if name in ("MIN", "MAX") and self._happens(0.06, "MIN or MAX of other terms"):
            kinds = self._chance.choice((("iri", "text"), ("time",)))
        argument: Part = self._expressions.variable(scope, *kinds).text
        shared = [each for each in self._patterns.shared if each in scope]
        if shared and self._chance.random() < 0.3:
            argument = self._chance.choice(shared).text
        if self._happens(0.03 if name == "COUNT" else 0.07, "aggregate of an expression"):
            if name in ("SUM", "AVG"):
                argument = either(self._expressions.number(scope), argument)
            else:
                argument = either(self._expressions.value(scope), argument)
        return piece(f"{name}(", distinct, argument, ")")

    def _over_groups(
        self,
        scope: Sequence[Variable],
        keys: Sequence[str],
        aliases: Sequence[str] = (),
        depth: int = 2,
    ) -> Piece:
        """An expression of aggregates, keys and columns before."""
        roll = self._chance.random()
        found = self.aggregate(scope)
        if depth == 0 or roll < 0.72:
            return found
        inner = self._over_groups(scope, keys, aliases, depth - 1)
        number = Constant(("1", "2", "100", "0", "1000.0", "0.5", "10"))
        self.used.add("expression over aggregates")
        if roll < 0.8:
            sign = self._chance.choice(("+", "-", "*", "/", "/"))
            other: Part = inner if self._chance.random() < 0.6 else number
            return either(piece("(", found, sign, other, ")"), found)
        if roll < 0.86:
            name = self._chance.choice(
                ("ROUND", "ABS", "CEIL", "FLOOR", "STR", "xsd:decimal", "BOUND")
            )
            name = "COALESCE" if name == "BOUND" else name
            return either(piece(f"{name}(", inner, ")"), inner)
        if roll < 0.9:
            return either(piece("COALESCE(", inner, ",", number, ")"), inner)
        if roll < 0.94:
            sign = self._chance.choice((">", "=", "<"))
            return either(piece("IF(", found, sign, number, ",", inner, ",", number, ")"), inner)
        if roll < 0.945 and aliases:
            self.used.add("alias in SELECT")
            return piece("(", aliases[-1], self._chance.choice("+*"), number, ")")
        return piece(self._chance.choice(keys)) if keys else found

    # --- what stands behind the pattern

    def _having(self, scope: Sequence[Variable], keys: Sequence[str]) -> Piece:
        number = Constant(("0", "1", "2", "5", "10", "100.5"))
        sign = self._chance.choice((">", "<", ">=", "=", "!="))
        roll = self._chance.random()
        condition: Part = piece("(", self._over_groups(scope, keys, (), 1), sign, number, ")")
        if roll < 0.1 and keys:
            condition = piece("(BOUND(", self._chance.choice(keys), "))")
        elif roll < 0.2 and keys:
            condition = piece("(", self._chance.choice(keys), "!=", number, ")")
        elif roll < 0.3:
            other = piece("(", self.aggregate(scope), "> 1 )")
            condition = either(piece("(", condition, "&&", other, ")"), condition, other)
        return spare("HAVING", condition)

    def _order(self, scope: Sequence[Variable], keys: Sequence[str], names: list[str]) -> Piece:
        parts: list[Part] = []
        known: list[str] = []
        plain = True
        for _ in range(self._chance.choice((1, 1, 2, 3))):
            word = self._chance.choice(("", "", "DESC", "ASC"))
            if names and self._chance.random() < 0.9:
                name = self._chance.choice(names)
                parts.append(piece(word, "(", f"?{name}", ")") if word else piece(f"?{name}"))
                known += [name] if plain else []
                continue
            plain = False
            self.used.add("ORDER BY expression")
            value = self._over_groups(scope, keys, (), 1)
            parts.append(piece(word or "ASC", "(", value, ")"))
        return Piece(("ORDER BY", *parts), ("",), "order", tuple(known))

    def _limit(self) -> Piece:
        most, offset = Constant(("1", "2", "3", "5", "0")), Constant(("1", "2", "0"))
        roll = self._chance.random()
        parts: tuple[Part, ...] = ("LIMIT", most)
        if roll < 0.2:
            parts = ("LIMIT", most, "OFFSET", offset)
        elif roll < 0.3:
            parts = ("OFFSET", offset)
        return Piece(parts, ("",), "limit")

    # --- subqueries

    def _subquery(self) -> tuple[Piece, list[Variable]]:
        """One about what the outer pattern is about, mostly."""
        outer = self._patterns.scope
        inner = self._new_patterns()
        inner._named = 50
        group = inner.group()
        key = inner.scope[0]
        shared = next((each for each in outer if set(each.pool) & set(key.pool)), None)
        self._aliases += 1
        total = Variable(f"t{self._aliases}", ())
        clauses: list[Part] = []
        columns: list[Part] = []
        found = [total]
        if self._chance.random() < 0.85:
            clauses = ["GROUP BY", key.text]
            name = shared if shared is not None else key
            columns = [key.text] if name == key else ["(", key.text, "AS", name.text, ")"]
            found.append(name)
        value = self._over_groups(inner.scope, [key.text] if clauses else [], (), 1)
        columns += ["(", value, "AS", total.text, ")"]
        return spare("{ SELECT", *columns, "WHERE", group, *clauses, "}"), found

    def _happens(self, share: float, feature: str) -> bool:
        found = self._chance.random() < share
        if found and feature:
            self.used.add(feature)
        return found
