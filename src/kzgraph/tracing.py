"""From the results of a validation back to the cells of the tables that they are about."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from kzgraph.faults import Fault
from kzgraph.iri import ID
from kzgraph.prefixes import split
from kzgraph.tables import Row, parse_time
from kzgraph.validation import Result

#: Columns whose items are nodes of their own, which a result may be about.
_NODES = ("evidence", "context", "time")


class Places:
    """The rows that IRIs come from."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Take the rows of the graph that was validated."""
        self._subjects: dict[str, Row] = {}
        self._nodes: dict[str, tuple[Row, str]] = {}
        for row in rows:
            self._subjects.setdefault(row.iri, row)
            for column in _NODES:
                for iri in _node_iris(row, column):
                    self._nodes.setdefault(iri, (row, column))

    def trace(self, result: Result) -> Fault | None:
        """The cell that a result is about, with the value and what to do; None without a row."""
        focus = result.focus.value if isinstance(result.focus, NamedNode) else ""
        row, column = self._subjects.get(focus), ""
        if row is None:
            row, column = self._nodes.get(focus, (None, ""))
        elif isinstance(result.path, NamedNode):
            column = _column(row, result.path.value)
        if row is None:
            return None
        value = _show(result) or " ".join(row.cells.get(column, ()))
        remedy = " ".join(result.message.split())
        # What the message itself names need not be the value of a cell of this row.
        has = f" has {value!r}" if value and value not in remedy else ""
        return row.fault(column, f"{focus.removeprefix(ID)}{has}", remedy)


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
