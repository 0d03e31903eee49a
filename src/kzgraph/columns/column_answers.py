"""Answering queries that group and compute from the columns of a release.

Whether they answer depends on the query's text and the release alone: pages of a long result are
asked for one by one, and have to come from one engine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from pyoxigraph import QuerySolutions, Store

from kzgraph.columns.arithmetic import BEYOND
from kzgraph.columns.column_file import open_locked
from kzgraph.columns.compiling import Compiler
from kzgraph.columns.file_facts import FileFacts
from kzgraph.columns.group_statements import (
    MOST_GROUPS,
    GroupStatement,
    Row,
    compile_groups,
    write_aggregate,
    write_number,
)
from kzgraph.columns.numbered_terms import NumberedTerms
from kzgraph.columns.outer_queries import ask_rows, read_outer
from kzgraph.columns.pattern_reading import PatternReader
from kzgraph.columns.plans import Outer, Unanswerable
from kzgraph.columns.query_shapes import Shape, read_shape
from kzgraph.columns.statement_parameters import Parameters
from kzgraph.columns.stored_terms import read_number
from kzgraph.columns.term_tables import TermTables
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.dataset import View
from kzgraph.sparql.grouping import check_bindings, check_grouping, is_aggregated
from kzgraph.sparql.scope import visible_names
from kzgraph.sparql.syntax import check_syntax
from kzgraph.sparql.tree import Select, Star

#: Without any of these, in small letters, a query does not group.
_WORDS = ("group", "count", "sum", "avg", "min", "max")
#: Plans, refusals among them, that are kept.
_KEPT_PLANS = 500
_USED = re.compile(r"\$([tn][0-9]+)|(@m[0-9]+@)")
#: Look-ups in tables of expressions in one statement, each of which takes the database 4 MiB.
_MOST_LOOKUPS = 16
_LOOKUP = re.compile(r" FROM @m[0-9]+@")
_EMPTY = Store()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is done for the queries of one shape."""

    statement: GroupStatement
    parameters: Parameters
    outer: Outer


class Columns:
    """The columns of a release, opened when they are first asked.

    Args:
        path: of the file.
        memory_mib: what the database may take.
    """

    def __init__(self, path: Path, memory_mib: int) -> None:
        self._path = path
        self._memory_mib = memory_mib
        self._plans: dict[tuple[str, ...], _Plan | str] = {}

    def ask(self, analysis: Analysis) -> QuerySolutions | None:
        """The answer to a query about the default data set; None where the store has to give it.

        Raises:
            MemoryError: the database would take more than it may.
            ValueError, RuntimeError: what the query asks of its groups cannot be evaluated.
        """
        answer = self.explain(analysis)
        return None if isinstance(answer, str) else answer

    def explain(self, analysis: Analysis) -> QuerySolutions | str:
        """What `ask` returns, but the reason where that is None."""
        small = analysis.text.lower()
        if analysis.query is None or not any(word in small for word in _WORDS):
            return "no groups"
        try:
            shape = read_shape(analysis, self._facts.properties.keys())
            plan = self._find_plan(analysis, shape)
            try:
                return ask_rows(plan.outer, self._compute_rows(plan, analysis, shape))
            except duckdb.OutOfMemoryException:
                # What is kept of other queries decides nothing about this one.
                self._tables.clear()
                return ask_rows(plan.outer, self._compute_rows(plan, analysis, shape))
        except Unanswerable as reason:
            return str(reason)
        except duckdb.InternalException:
            # A fault of the database's, about queries of this shape.
            self._plans[shape.key] = "a statement that the database cannot plan"
            return "a statement that the database cannot plan"
        except duckdb.OutOfMemoryException as error:
            raise MemoryError(str(error)) from None
        except (duckdb.OutOfRangeException, duckdb.InvalidInputException) as error:
            # A sum of decimals, or what `arithmetic` ends the statement with.
            if isinstance(error, duckdb.InvalidInputException) and BEYOND not in str(error):
                raise
            return BEYOND

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        return open_locked(self._path, self._memory_mib)

    @cached_property
    def _facts(self) -> FileFacts:
        return FileFacts(self._database)

    @cached_property
    def _terms(self) -> NumberedTerms:
        return NumberedTerms(self._database)

    @cached_property
    def _tables(self) -> TermTables:
        return TermTables(self._database, self._terms, self._memory_mib)

    def _find_plan(self, analysis: Analysis, shape: Shape) -> _Plan:
        """The plan of a query's shape.

        Raises:
            Unanswerable: there is none.
        """
        plan = self._plans.pop(shape.key, None)
        if plan is None:
            try:
                plan = self._compile(analysis, shape)
            except Unanswerable as reason:
                plan = str(reason)
            if len(self._plans) >= _KEPT_PLANS:
                del self._plans[next(iter(self._plans))]
        self._plans[shape.key] = plan
        if isinstance(plan, str):
            raise Unanswerable(plan)
        return plan

    def _compile(self, analysis: Analysis, shape: Shape) -> _Plan:
        query = analysis.query
        if query is None or query.where is None or query.form != "SELECT":
            raise Unanswerable("not a SELECT")
        if query.datasets or analysis.volatile or analysis.undeclared is not None:
            raise Unanswerable("a data set of its own, or another answer each time")
        if not any(map(is_aggregated, query.find(Select))):
            raise Unanswerable("no groups")
        _have_accepted(analysis)
        reader = PatternReader(analysis.tokens, shape.constants, analysis.prologue)
        grouped = is_aggregated(query)
        pattern, keys = reader.read_keys(query, reader.group(query.where))
        if not grouped:
            keys = _read_names(query)
        aggregates, outer = read_outer(analysis, query, reader, keys)
        parameters = Parameters(analysis.tokens, shape.constants)
        compiler = Compiler(self._facts, parameters)
        statement = compile_groups(
            pattern, keys, aggregates, compiler, parameters, grouped, self._facts.are_days
        )
        if len(_LOOKUP.findall(statement.sql)) > _MOST_LOOKUPS:
            raise Unanswerable("conditions that the statement repeats too often")
        used = {name for match in _USED.findall(statement.sql) for name in match if name}
        for found in (parameters.terms, parameters.numbers, parameters.tables):
            for name in found.keys() - used:
                del found[name]
        return _Plan(statement, parameters, outer)

    def _compute_rows(self, plan: _Plan, analysis: Analysis, shape: Shape) -> str:
        """The groups of a query as rows of VALUES."""
        self._tables.trim()
        sql = plan.statement.sql
        for name, asked in plan.parameters.tables.items():
            made = self._tables.table(asked, analysis.tokens, shape.constants, analysis.prologue)
            sql = sql.replace(name, made)
        own: dict[str, int] = {}
        values: dict[str, object] = {}
        for name, constant in plan.parameters.terms.items():
            text = constant.write(shape.constants)
            number = self._terms.number(text)
            number = self._terms.added.get(text) if number is None else number
            # Equal terms that the release does not have are equal as well.
            values[name] = own.setdefault(text, -1 - len(own)) if number is None else number
        for name, constant in plan.parameters.numbers.items():
            values[name] = read_number(constant.write(shape.constants))
        rows = self._database.execute(sql, values or None).fetchall()
        if len(rows) > MOST_GROUPS:
            raise Unanswerable("more groups than are handed over")
        texts = {number: text for text, number in own.items()}
        return self._write_rows(plan.statement, rows, texts)

    def _write_rows(
        self, statement: GroupStatement, rows: Sequence[Row], own: dict[int, str]
    ) -> str:
        wanted = {number for row in rows for number in statement.ids(row) if number >= 0}
        texts = {**self._terms.texts(wanted), **own}

        def order(row: Row) -> tuple[Any, ...]:
            cells = [at for key in statement.keys for at in (key.id, key.i, key.d)]
            return tuple(
                (row[at] is not None, row[at] if row[at] is not None else 0)
                for at in cells
                if at is not None
            )

        written = []
        for row in sorted(rows, key=order):
            parts = []
            for key in statement.keys:
                if not key.shown:
                    continue
                if key.id is not None:
                    text = "UNDEF" if row[key.id] is None else texts[row[key.id]]
                    if text.startswith("_:"):
                        raise Unanswerable("a group of a blank node")
                    parts.append(text)
                else:
                    i, d = (None if at is None else row[at] for at in (key.i, key.d))
                    parts.append(write_number(i, d))
            parts += [write_aggregate(each, row, texts) for each in statement.aggregates]
            written.append(f"({' '.join(parts)})")
        return " ".join(written)


def _read_names(query: Select) -> list[str]:
    """The variables of the pattern that a query without groups has behind it."""
    names: dict[str, None] = {}
    visible = visible_names(query.where) if query.where is not None else ()
    for child in query.children:
        if isinstance(child, Star):
            names |= dict.fromkeys(child.names)
        elif child is not query.where:
            names |= child.variables()
    return [name for name in names if name in visible]


def _have_accepted(analysis: Analysis) -> None:
    """Have everything that reads a query for the store read it, which refuses some.

    Raises:
        Unanswerable: the store's answer is not a result.
    """
    assert analysis.query is not None  # noqa: S101 - a SELECT has a tree
    try:
        check_grouping(analysis.query)
        check_bindings(analysis.query)
        check_syntax(analysis.text)
        view = View(_EMPTY, None, analysis.prologue)
        view.ask(analysis.rewrite(view))
    except (ValueError, RuntimeError, SyntaxError) as error:
        raise Unanswerable(f"the store refuses it: {error}") from None
