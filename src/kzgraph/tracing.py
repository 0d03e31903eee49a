"""From the results of a validation back to the rows of tables and sources that they are about."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kzgraph.faults import Fault
from kzgraph.iri import GRAPH, ID, is_source_graph, term
from kzgraph.prefixes import split
from kzgraph.rdf.sorted_lines import find_subject
from kzgraph.tables import Row, parse_time
from kzgraph.validation import Result

#: Columns whose items are nodes of their own, which a result may be about.
_NODES = ("evidence", "context", "time")
#: Things whose rows in sources are looked up: a source may have as many faulty rows as rows.
MOST_TRACED = 1_000
#: What each source that speaks of a thing says of it, by what the source is called in messages.
Find: TypeAlias = Callable[[NamedNode], Iterable[tuple[str, Sequence[Quad]]]]


def find_in_files(graphs: Sequence[tuple[str, Path]]) -> Find:
    """Finds things in graphs of sources, given as what to call each and its sorted N-Quads."""

    def find(node: NamedNode) -> Iterator[tuple[str, Sequence[Quad]]]:
        for shown, path in graphs:
            if lines := find_subject(path, f"{node} ".encode()):
                yield shown, list(parse(b"".join(lines), RdfFormat.N_QUADS))

    return find


def find_in_store(store: Store) -> Find:
    """Finds things in the graphs of sources in a store, which are called by their names."""

    def find(node: NamedNode) -> Iterator[tuple[str, Sequence[Quad]]]:
        found: dict[str, list[Quad]] = {}
        for quad in store.quads_for_pattern(node, None, None, None):
            if isinstance(quad.graph_name, NamedNode) and is_source_graph(quad.graph_name):
                found.setdefault(quad.graph_name.value.removeprefix(GRAPH), []).append(quad)
        yield from sorted(found.items())

    return find


class Places:
    """The rows that IRIs come from."""

    def __init__(
        self, rows: Iterable[Row], results: Iterable[Result] = (), find: Find | None = None
    ) -> None:
        """Take the rows of the graph that was validated.

        Args:
            rows: of the tables.
            results: those that may be about sources; of the first `MOST_TRACED` things the rows are
                looked up at once, since the graphs of sources do not last.
            find: finds things in sources; None where there are none.
        """
        self._subjects: dict[str, Row] = {}
        self._nodes: dict[str, tuple[Row, str]] = {}
        for row in rows:
            self._subjects.setdefault(row.iri, row)
            for column in _NODES:
                for iri in _node_iris(row, column):
                    self._nodes.setdefault(iri, (row, column))
        others = (
            result.focus
            for result in results
            if isinstance(result.focus, NamedNode) and result.focus.value not in self._subjects
        )
        self._sources = {
            node.value: list(find(node))
            for node in islice(dict.fromkeys(others), MOST_TRACED)
            if find
        }

    def trace(self, result: Result) -> Fault | None:
        """The cell that a result is about, with the value and what to do; None without a row."""
        remedy = " ".join(result.message.split())

        def has(value: str) -> str:
            # What the message itself names need not be the value of a cell of this row.
            return f" has {value!r}" if value and value not in remedy else ""

        focus = result.focus.value if isinstance(result.focus, NamedNode) else ""
        row, column = self._subjects.get(focus), ""
        if row is None:
            row, column = self._nodes.get(focus, (None, ""))
        elif isinstance(result.path, NamedNode):
            column = _column(row, result.path.value)
        shown = focus.removeprefix(ID)
        if row is not None:
            value = _show(result) or " ".join(row.cells.get(column, ()))
            return row.fault(column, f"{shown}{has(value)}", remedy)
        found = _find_lines(result, self._sources.get(focus, ()))
        if not found:
            return None
        (file, line), *more = found
        also = "".join(f", also in {other}:{number}" for other, number in more)
        return Fault(file, line, "", f"{shown}{has(_show(result))}{also}", remedy)


def _find_lines(
    result: Result, sources: Iterable[tuple[str, Sequence[Quad]]]
) -> list[tuple[str, int]]:
    """The files and lines that say what a result is about, or those that speak of its thing.

    Vintages of a table have the same cells, and which of them is at fault may not show.
    """
    exact: list[tuple[str, int]] = []
    every: list[tuple[str, int]] = []
    for shown, quads in sources:
        lines = [
            int(quad.object.value)
            for quad in quads
            if quad.predicate == term("row") and isinstance(quad.object, Literal)
        ]
        every.append((shown, min(lines, default=0)))
        if any(q.predicate == result.path and q.object == result.value for q in quads):
            exact.append(every[-1])
    return exact or every


def _node_iris(row: Row, column: str) -> Iterator[str]:
    if column == "time":
        for item in row.cells.get(column, ()):
            yield f"{ID}time/{parse_time(item).slug}"
    elif row.cells.get(column):
        yield from row.object_iris(column)


def _column(row: Row, path: str) -> str:
    """The column that is mapped to a property, or nothing."""
    name = ":".join(split(path) or ())
    return next((each.name for each in row.schema.columns if each.predicate == name), "")


def _show(result: Result) -> str:
    """The value of a result as a table writes it."""
    if isinstance(result.value, NamedNode):
        return result.value.value.removeprefix(ID)
    return result.value.value if isinstance(result.value, Literal) else ""
