"""Conditions about the term of one variable, evaluated by the store's engine for every such term.

The answers are kept in a temporary table for each condition: it is of the release alone, and the
next query with the condition finds it made.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import duckdb
from pyoxigraph import Literal, QuerySolutions

from kzgraph.columns.column_file import TermKind
from kzgraph.columns.outer_queries import ask_rows, prepare
from kzgraph.columns.plans import Unanswerable
from kzgraph.columns.statement_parameters import TermTest
from kzgraph.sparql.lexer import Token

#: Terms that a condition is evaluated for, at most, and at a time.
_MOST_TERMS = 50_000
_PIECE = 5_000
#: Terms that a condition about languages is evaluated for, at most.
_MOST_OF_LANGUAGES = 4_000_000
#: Rows of all tables that are kept.
_KEPT_ROWS = 4_000_000

#: A term of each class that LANG tells apart: the language, else the kind of the term.
_CLASS = (
    f"CASE WHEN kind = {TermKind.TEXT:d} THEN regexp_extract(text, '@([a-z0-9-]+)$', 1) "
    f"WHEN kind <= {TermKind.BLANK:d} THEN ' iri' ELSE ' literal' END"
)
_OF_CLASS = {" iri": "<urn:kzgraph:any>", " literal": '""'}


class TermTests:
    """The tables of conditions.

    Args:
        database: the file.
    """

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database
        self._made: OrderedDict[tuple[object, ...], tuple[str, int]] = OrderedDict()
        self._count = 0

    def table(
        self, test: TermTest, tokens: Sequence[Token], constants: Mapping[int, str], prologue: str
    ) -> str:
        """The name of the table with the columns `id` and `v` for a condition.

        `id` is NULL in the row of an unbound variable, `v` where the condition is an error.

        Args:
            test: the condition.
            tokens: of the query.
            constants: its plain constants.
            prologue: the declarations that the query begins with.

        Raises:
            Unanswerable: too many terms, or one that VALUES cannot hold.
        """
        span = range(test.condition.first, test.condition.last)
        condition = " ".join(
            constants[at] if constants.get(at, "").startswith("<") else tokens[at].text
            for at in span
        )
        key = (condition, prologue, test.name, test.places)
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key][0]
        rows = list(self._evaluate(test, condition, prologue))
        self._count += 1
        name = f"made{self._count:d}"
        self._create(name, test, rows)
        self._made[key] = (name, self._size(name))
        while len(self._made) > 1 and sum(size for _, size in self._made.values()) > _KEPT_ROWS:
            _, (oldest, _) = self._made.popitem(last=False)
            self._database.execute(f"DROP TABLE {oldest}")
        return name

    def _size(self, name: str) -> int:
        row = self._database.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608
        return 0 if row is None else int(row[0])

    def _terms(self, test: TermTest) -> str:
        """A SELECT of all terms of a test."""
        ids = " UNION ".join(
            f"SELECT {column} AS id FROM p{number:d}"  # noqa: S608 - numbers, and `s` or `o`
            for number, column in sorted(test.places)
            if number >= 0
        )
        return f"(SELECT id, text, kind FROM terms WHERE id IN ({ids or 'NULL'}))"  # noqa: S608

    def _evaluate(
        self, test: TermTest, condition: str, prologue: str
    ) -> Iterator[tuple[object, bool | None]]:
        """What the condition is for each term, or for each class of terms."""
        terms = self._terms(test)
        found = self._database.execute(
            f"SELECT count(*), bit_or(1 << kind) FROM {terms}"  # noqa: S608 - made above
        ).fetchone()
        count, kinds = found if found is not None else (0, 0)
        by_language = self._is_by_language(test, kinds or 0)
        if count > (_MOST_OF_LANGUAGES if by_language else _MOST_TERMS):
            raise Unanswerable("a condition about more terms than are evaluated")
        if not by_language and (kinds or 0) & 1 << TermKind.BLANK:
            raise Unanswerable("a condition about blank nodes")
        if by_language:
            classes = self._database.execute(
                f"SELECT DISTINCT {_CLASS} FROM {terms} ORDER BY 1"  # noqa: S608 - made above
            ).fetchall()
            pairs = [(each, _OF_CLASS.get(each) or f'""@{each}') for (each,) in classes]
        else:
            pairs = self._database.execute(
                f"SELECT id, text FROM {terms} ORDER BY id"  # noqa: S608 - made above
            ).fetchall()
        yield from _decide(condition, prologue, test.name, [*pairs, (None, "UNDEF")])

    def _is_by_language(self, test: TermTest, kinds: int) -> bool:
        # Of the other literals some have a direction besides their language.
        return test.language_only and not kinds & 1 << TermKind.OTHER

    def _create(
        self, name: str, test: TermTest, rows: Sequence[tuple[object, bool | None]]
    ) -> None:
        keys = [key for key, _ in rows]
        values = {"keys": keys, "values": [value for _, value in rows]}
        if any(isinstance(key, str) for key in keys):
            self._database.execute(
                f"CREATE TEMP TABLE {name} AS WITH found AS (SELECT "  # noqa: S608 - made above
                "unnest($keys::VARCHAR[]) AS class, unnest($values::BOOLEAN[]) AS v) "
                f"SELECT id, v FROM (SELECT id, {_CLASS} AS class FROM {self._terms(test)}) "
                "JOIN found USING (class) "
                "UNION ALL SELECT NULL, v FROM found WHERE class IS NULL",
                values,
            )
        else:
            self._database.execute(
                f"CREATE TEMP TABLE {name} AS SELECT "
                "unnest($keys::INTEGER[]) AS id, unnest($values::BOOLEAN[]) AS v",
                values,
            )


def _decide(
    condition: str, prologue: str, name: str, pairs: Iterable[tuple[object, str]]
) -> Iterator[tuple[object, bool | None]]:
    """What `condition` is for the variable `name` as each term of `pairs`; None for an error."""
    key = "k" * (len(name) + 1)
    head = f"{prologue} SELECT ?{key} (IF({condition}, true, false) AS ?v{key}) {{ "
    outer = prepare(head, f"?{key} ?{name}", " }")
    pairs = list(pairs)
    for first in range(0, len(pairs), _PIECE):
        piece = pairs[first : first + _PIECE]
        rows = " ".join(f"({at} {text})" for at, (_, text) in enumerate(piece))
        found = ask_rows(outer, rows)
        assert isinstance(found, QuerySolutions)  # noqa: S101 - it is a SELECT
        for at, value in found:
            assert isinstance(at, Literal)  # noqa: S101 - made above
            truth = None if value is None else str(value.value) == "true"
            yield piece[int(at.value)][0], truth
