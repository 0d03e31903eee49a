"""Expressions about the term of one variable, evaluated by the store's engine for every such term.

Their values are kept in a temporary table for each expression: they are of the release alone, and
the next query with the expression finds them.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from kzgraph.columns.column_file import TermKind
from kzgraph.columns.numbered_terms import NumberedTerms
from kzgraph.columns.outer_queries import ask_rows, prepare
from kzgraph.columns.plans import Unanswerable
from kzgraph.columns.statement_parameters import TermTable
from kzgraph.columns.stored_terms import kind_of, read_number
from kzgraph.sparql.lexer import Token

if TYPE_CHECKING:
    import duckdb

#: Terms that an expression is evaluated for, at most, and at a time.
_MOST_TERMS = 50_000
_PIECE = 5_000
#: Terms that an expression about languages is evaluated for, at most.
_MOST_OF_LANGUAGES = 4_000_000
#: The part of the database's memory that the tables may take together, and the bytes that each of
#: them takes beside its rows, and in a row for each type.
_SHARE = 4
_OF_TABLE = 10_000
_WIDTHS = {"INTEGER": 4, "BIGINT": 8, "DECIMAL(38, 18)": 16, "BOOLEAN": 1}
#: Refusals that are kept: finding out may take reading all terms.
_KEPT_REFUSALS = 500
#: Terms that only such expressions have, before all tables are made anew.
_MOST_ADDED = 200_000

#: A term of each class that LANG tells apart: the language, else the kind of the term.
_CLASS = (
    f"CASE WHEN kind = {TermKind.TEXT:d} THEN regexp_extract(text, '@([a-z0-9-]+)$', 1) "
    f"WHEN kind <= {TermKind.BLANK:d} THEN ' iri' ELSE ' literal' END"
)
_OF_CLASS = {" iri": "<urn:kzgraph:any>", " literal": '""'}

_Value = NamedNode | BlankNode | Literal | None


class TermTables:
    """The tables of expressions.

    Args:
        database: the file.
        terms: of it.
        memory_mib: what the database may take.
    """

    def __init__(
        self, database: "duckdb.DuckDBPyConnection", terms: NumberedTerms, memory_mib: int
    ) -> None:
        self._database = database
        self._terms = terms
        self._most = memory_mib * 2**20 // _SHARE
        self._made: OrderedDict[tuple[object, ...], tuple[str, int]] = OrderedDict()
        self._refused: dict[tuple[object, ...], str] = {}
        self._count = 0
        #: Bytes of all of them, about.
        self._taken = 0

    def trim(self) -> None:
        """Remove tables where they take too much, those that were used longest ago first."""
        if len(self._terms.added) > _MOST_ADDED:
            self.clear()
            self._terms.forget_added()
        while self._taken > self._most:
            self._remove_oldest()

    def clear(self) -> None:
        """Remove all tables."""
        while self._made:
            self._remove_oldest()

    def _remove_oldest(self) -> None:
        _, (name, size) = self._made.popitem(last=False)
        self._taken -= size
        self._database.execute(f"DROP TABLE {name}")

    def table(
        self, asked: TermTable, tokens: Sequence[Token], constants: Mapping[int, str], prologue: str
    ) -> str:
        """The name of the table of an expression; see `Parameters.table`.

        `id` is NULL in the row of an unbound variable.

        Args:
            asked: the expression.
            tokens: of the query.
            constants: its plain constants.
            prologue: the declarations that the query begins with.

        Raises:
            Unanswerable: too many terms, or one that VALUES cannot hold, or a value of a kind that
                was not foreseen.
        """
        text = _write(asked, tokens, constants)
        key = (text, prologue, asked.name, asked.places, asked.kinds)
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key][0]
        if key in self._refused:
            raise Unanswerable(self._refused[key])
        try:
            name, size = self._make(asked, text, prologue)
        except Unanswerable as reason:
            if len(self._refused) >= _KEPT_REFUSALS:
                self._refused.clear()
            self._refused[key] = str(reason)
            raise
        self._made[key] = (name, size)
        self._taken += size
        return name

    def _make(self, asked: TermTable, text: str, prologue: str) -> tuple[str, int]:
        """Make the table of an expression; its name, and how many bytes it takes, about."""
        source = self._source(asked)
        by_language, pairs = self._pairs(asked, source)
        condition = asked.kinds is None
        terms = [*(term for _, term in pairs), "UNDEF"]
        values = list(_evaluate(text, prologue, asked.name, terms, condition))
        self._count += 1
        name = f"made{self._count:d}"
        columns = _truths(values) if condition else self._results(values, asked.kinds or 0)
        keys = [*(each for each, _ in pairs), None]
        rows = self._create(name, source if by_language else None, keys, columns)
        width = _WIDTHS["INTEGER"] + sum(_WIDTHS[of] for of, _ in columns.values())
        return name, _OF_TABLE + rows * width

    def _source(self, asked: TermTable) -> str:
        """A SELECT of all terms that the variable may be."""
        ids = " UNION ".join(
            f"SELECT {column} AS id FROM p{number:d}"  # noqa: S608 - numbers, and `s` or `o`
            for number, column in sorted(asked.places)
            if number >= 0
        )
        return f"(SELECT id, text, kind FROM terms WHERE id IN ({ids or 'NULL'}))"  # noqa: S608

    def _pairs(self, asked: TermTable, source: str) -> tuple[bool, list[tuple[Any, str]]]:
        """Whether the terms are taken by their languages; and each term, or one of each class."""
        row = self._database.execute(
            f"SELECT count(*), bit_or(1 << kind) FROM {source}"  # noqa: S608 - made above
        ).fetchone()
        count, kinds = (0, 0) if row is None else (row[0], row[1] or 0)
        # Of the other literals some have a direction besides their language.
        if asked.language_only and not kinds & 1 << TermKind.OTHER:
            if count > _MOST_OF_LANGUAGES:
                raise Unanswerable("a condition about more terms than are evaluated")
            classes = self._database.execute(
                f"SELECT DISTINCT {_CLASS} FROM {source} ORDER BY 1"  # noqa: S608 - made above
            ).fetchall()
            return True, [(each, _OF_CLASS.get(each) or f'""@{each}') for (each,) in classes]
        if count > _MOST_TERMS:
            raise Unanswerable("an expression about more terms than are evaluated")
        if kinds & 1 << TermKind.BLANK:
            raise Unanswerable("an expression about blank nodes")
        return False, self._database.execute(
            f"SELECT id, text FROM {source} ORDER BY id"  # noqa: S608 - made above
        ).fetchall()

    def _results(self, values: Sequence[_Value], kinds: int) -> Mapping[str, tuple[str, list[Any]]]:
        """Columns of terms and of the numbers that they are."""
        terms: list[int | None] = []
        integers: list[int | None] = []
        decimals: list[Decimal | None] = []
        for value in values:
            text = None if value is None else str(value)
            if text is not None and (text.startswith("_") or not kinds & 1 << kind_of(text)):
                raise Unanswerable("a value of a kind that was not foreseen")
            terms.append(None if text is None else self._terms.number_of_any(text))
            number = None if text is None else read_number(text)
            integers.append(number if isinstance(number, int) else None)
            decimals.append(number if isinstance(number, Decimal) else None)
        return {
            "r": ("INTEGER", terms),
            "i": ("BIGINT", integers),
            "d": ("DECIMAL(38, 18)", decimals),
        }

    def _create(
        self,
        name: str,
        source: str | None,
        keys: Sequence[Any],
        columns: Mapping[str, tuple[str, list[Any]]],
    ) -> int:
        """Make a table, and count its rows; with a `source` `keys` are of classes of its terms."""
        values = {"keys": list(keys)} | {each: found for each, (_, found) in columns.items()}
        listed = ", ".join(columns)
        kind = "INTEGER" if source is None else "VARCHAR"
        made = f"SELECT unnest($keys::{kind}[]) AS id, " + ", ".join(
            f"unnest(${each}::{of}[]) AS {each}" for each, (of, _) in columns.items()
        )
        if source is not None:
            made = (
                f"WITH found AS ({made}) SELECT terms.id, {listed} "  # noqa: S608 - made above
                f"FROM (SELECT id, {_CLASS} AS class FROM {source}) AS terms "
                "JOIN found ON found.id = class "
                f"UNION ALL SELECT NULL, {listed} FROM found WHERE id IS NULL"
            )
        made = f"CREATE TEMP TABLE {name} AS {made}"
        row = self._database.execute(made, values).fetchone()
        return 0 if row is None else int(row[0])


def _write(asked: TermTable, tokens: Sequence[Token], constants: Mapping[int, str]) -> str:
    """The text of an expression, its names written out as IRIs, and gaps where it has them."""
    words = []
    reached = tokens[asked.expression.first].start
    for at in range(asked.expression.first, asked.expression.last):
        token = tokens[at]
        iri = constants.get(at, "")
        words.append("" if token.start == reached else " ")
        words.append(iri if iri.startswith("<") else token.text)
        reached = token.end
    return "".join(words)


def _evaluate(
    text: str, prologue: str, name: str, terms: Sequence[str], condition: bool
) -> Iterator[_Value]:
    """The value of an expression for the variable `name` as each of `terms`; None for an error."""
    key = "k" * (len(name) + 1)
    value = f"IF({text}, true, false)" if condition else f"({text})"
    head = f"{prologue} SELECT ?{key} ({value} AS ?v{key}) {{ "
    outer = prepare(head, f"?{key} ?{name}", " }")
    for first in range(0, len(terms), _PIECE):
        piece = terms[first : first + _PIECE]
        rows = " ".join(f"({at} {term})" for at, term in enumerate(piece))
        found: list[_Value] = [None] * len(piece)
        for at, result in ask_rows(outer, rows):
            assert isinstance(at, Literal)  # noqa: S101 - made above
            found[int(at.value)] = result
        yield from found


def _truths(values: Sequence[_Value]) -> Mapping[str, tuple[str, list[Any]]]:
    """The column of a condition."""
    truths = [each.value == "true" if isinstance(each, Literal) else None for each in values]
    return {"v": ("BOOLEAN", truths)}
