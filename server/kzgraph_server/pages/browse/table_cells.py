"""The cells of an official table: found by the numbers of their rows, and how they are laid out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import graph, term
from kzgraph.namespaces import XSD, Term
from kzgraph_server.pages.browse.facets import DIMENSIONS, Chosen, Facet
from kzgraph_server.pages.browse.list_names import OfficialTable
from kzgraph_server.pages.browse.members import Members, Pattern
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.served import Served, compute_once

ROW = Facet("row", term("row"), lambda: _("Row"), lambda _text: None, lambda _value: None)
NUMBER = term("officialValue")
#: Rows by which the columns of a table are known: they name more groups than one row has.
_SAMPLE = 60
#: A preamble and a header stand before the rows of a file, and blank rows may stand among them.
_SLACK = 40
#: Cells of one row that are read.
_MOST_OF_ROW = 200
#: Columns of numbers up to which a row of the file is one row of the page; else each cell is.
_MOST_COLUMNS = 40
#: Dimensions that a row shows though all rows of a page have the same.
_ALWAYS = ("year", "scope")

#: Values of a cell, by the names of its dimensions; its number is among them.
Values = Mapping[str, tuple[Term, ...]]
#: The cells of a row, each with its values.
Row = list[tuple[NamedNode, Values]]


def row_of(values: Values) -> int:
    """The number in its file of the row that a cell stands in; 0 where that is not told."""
    return _integer(next(iter(values.get(ROW.name, ())), None))


def _integer(found: Term | None) -> int:
    return int(found.value) if isinstance(found, Literal) and found.value.isdecimal() else 0


def find_rows(store: Store, where: NamedNode, count: int) -> tuple[int, int]:
    """The numbers of the first and the last row of a file that has cells."""

    def has(row: int) -> bool:
        return next(_read_row(store, where, row), None) is not None

    first = next((row for row in range(1, _SLACK) if has(row)), 1)
    likely = range(count + 2 * _SLACK, max(first, count - 10 * _SLACK), -1)
    return first, next((row for row in likely if has(row)), max(first, count))


def _read_row(store: Store, where: NamedNode, row: int) -> Iterator[NamedNode]:
    number = Literal(str(row), datatype=XSD["integer"])
    return Pattern(ROW.predicate, number, where).read(store)


def find_cells(
    store: Store, where: NamedNode, rows: Iterable[int], members: Members | None
) -> dict[int, Row]:
    """The cells of rows, by the numbers of these; of `members` alone where there are any."""
    wanted = None if members is None else frozenset(members.nodes)
    found: dict[int, Row] = {}
    for row in rows:
        for at, node in enumerate(_read_row(store, where, row)):
            if at < _MOST_OF_ROW and (wanted is None or node in wanted):
                found.setdefault(row, []).append((node, _read_cell(store, node, where)))
    return found


def _read_cell(store: Store, node: NamedNode, where: NamedNode) -> Values:
    names = {each.predicate: each.name for each in DIMENSIONS}
    found: dict[str, list[Term]] = {}
    for quad in store.quads_for_pattern(node, None, None, where):
        name = "number" if quad.predicate == NUMBER else names.get(quad.predicate)
        if name:
            found.setdefault(name, []).append(quad.object)
    return {name: tuple(sorted(values, key=str)) for name, values in found.items()}


def read_sample(store: Store, entry: OfficialTable) -> list[Row]:
    """The first rows of a table, read once: what differs within a row makes columns."""
    made = compute_once(_keep_samples)
    if entry.name not in made:
        where = graph(entry.graph)
        first, _last = find_rows(store, where, min(entry.rows, _SAMPLE))
        cells = find_cells(store, where, range(first, first + _SAMPLE), None)
        made[entry.name] = list(cells.values())
    return made[entry.name]


def _keep_samples(_now: Served) -> dict[str, list[Row]]:
    return {}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out.

    Attributes:
        across: the dimensions that differ within a row, and so make columns.
        columns: their values, of each column.
        heads: the dimensions that differ between rows.
        constants: those of which all rows have the same value.
    """

    across: tuple[Facet, ...]
    columns: tuple[tuple[tuple[Term, ...], ...], ...]
    heads: tuple[Facet, ...]
    constants: tuple[tuple[Facet, tuple[Term, ...]], ...]

    @classmethod
    def of(cls, rows: Sequence[Row], choices: Sequence[Chosen]) -> "Layout":
        """That of the rows of a page together with those of the sample."""
        chosen = {each.facet.name for each in choices}
        across, heads, constants = [], [], []
        for facet in DIMENSIONS:
            held = [[values.get(facet.name, ()) for _node, values in row] for row in rows]
            if any(len(set(each)) > 1 for each in held):
                across.append(facet)
                continue
            met = {each[0] for each in held if each}
            if facet.name not in chosen and (len(met) > 1 or (facet.name in _ALWAYS and any(met))):
                heads.append(facet)
            elif facet.name not in chosen and any(met):
                constants.append((facet, next(iter(met))))
        columns = {cls.key(across, values) for row in rows for _node, values in row}
        ordered = tuple(sorted(columns, key=str))
        if len(ordered) > _MOST_COLUMNS:
            flat = tuple(each for each in DIMENSIONS if each in across or each in heads)
            return cls((), ((),), flat, tuple(constants))
        return cls(tuple(across), ordered, tuple(heads), tuple(constants))

    @staticmethod
    def key(across: Iterable[Facet], values: Values) -> tuple[tuple[Term, ...], ...]:
        """In which column a cell stands."""
        return tuple(values.get(facet.name, ()) for facet in across)
