"""Answers to queries: reading those of the W3C's tests, and comparing others with them.

What stands in the data must come back as it is written there. What is computed is a value, and may
be written in any way: the functions of https://www.w3.org/TR/sparql11-query/#SparqlOps are defined
on values, and the suite writes theirs in several ways.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kzgraph.iri import BASE
from kzgraph.prefixes import PREFIXES
from w3c_suite import Description, Term

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = PREFIXES["xsd"]

_RESULTS = {
    "srx": QueryResultsFormat.XML,
    "xml": QueryResultsFormat.XML,
    "srj": QueryResultsFormat.JSON,
    "json": QueryResultsFormat.JSON,
    "tsv": QueryResultsFormat.TSV,
}
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_INTEGERS = ("integer", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger")
_NUMERIC = {XSD + name for name in (*_INTEGERS, "decimal", "double", "float")}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

Row = Mapping[str, Term]


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT query.

    Attributes:
        columns: the names of its columns.
        rows: the solutions.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


Graph = frozenset[Triple]
Answer = Table | bool | Graph


def read_expected(file: Path) -> Answer:
    """The answer in a file of the suite."""
    name = file.suffix[1:]
    if name != "ttl":
        return read_answer(file.read_bytes(), name)
    described = Description(file, BASE)
    sets = described.instances(RS + "ResultSet")
    return _table(described, sets[0][0]) if sets else read_answer(file.read_bytes(), name)


def read_answer(data: bytes, name: str) -> Answer:
    """The answer that is written in the format called `name`."""
    if name == "csv":
        return _read_csv(data)
    if name not in _RESULTS:
        return read_graph(data, name)
    results = parse_query_results(data, _RESULTS[name])
    if isinstance(results, QueryBoolean):
        return bool(results)
    assert isinstance(results, QuerySolutions)
    columns = tuple(variable.value for variable in results.variables)
    return Table(columns, tuple(_row(columns, solution) for solution in results))


def read_graph(data: bytes, name: str) -> Graph:
    """The graph that is written in a format, called by its suffix or media type."""
    format = RdfFormat.from_media_type(name) if "/" in name else RdfFormat.from_extension(name)
    return frozenset(quad.triple for quad in parse(data, format, base_iri=BASE))


def _row(columns: Iterable[str], terms: Iterable[Term | None]) -> Row:
    pairs = zip(columns, terms, strict=True)
    return {name: term for name, term in pairs if term is not None}


def _read_csv(data: bytes) -> Table:
    """https://www.w3.org/TR/sparql11-results-csv-tsv/#csv-terms: only numbers can be told apart."""
    columns, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
    return Table(tuple(columns), tuple(_row(columns, map(_cell, row)) for row in rows if row))


def _cell(text: str) -> Term | None:
    if text.startswith("_:"):
        return BlankNode(text[2:])
    if _NUMBER.fullmatch(text):
        return Literal(text, datatype=NamedNode(XSD + "double"))
    return Literal(text) if text else None


def _table(found: Description, start: Term) -> Table:
    """https://www.w3.org/2001/sw/DataAccess/tests/result-set.n3."""
    return Table(
        tuple(
            term.value
            for term in found.all(start, RS + "resultVariable")
            if isinstance(term, Literal)
        ),
        tuple(
            {
                found.text(binding, RS + "variable"): value
                for binding in found.all(solution, RS + "binding")
                if (value := found.one(binding, RS + "value")) is not None
            }
            for solution in found.all(start, RS + "solution")
        ),
    )


def difference(
    expected: Answer, got: Answer, given: Collection[Term] = (), *, ordered: bool = False
) -> str:
    """How two answers differ, in words; empty where they do not.

    Args:
        expected: the right answer.
        got: the answer that came.
        given: terms that must come back as they are; any other literal, as its value.
        ordered: whether the order of rows matters.
    """
    if isinstance(expected, Table) and isinstance(got, Table):
        return _difference_of_tables(expected, got, given, ordered)
    if isinstance(expected, frozenset) and isinstance(got, frozenset):
        same = _canonical(expected) == _canonical(got)
        return "" if same else f"expected {_lines(expected)}, got {_lines(got)}"
    return "" if expected == got else f"expected {expected}, got {got}"


def _difference_of_tables(
    expected: Table, got: Table, given: Collection[Term], ordered: bool
) -> str:
    if sorted(expected.columns) != sorted(got.columns):
        return f"the columns are {got.columns} instead of {expected.columns}"
    if len(expected.rows) == len(got.rows) and _match(
        expected.rows, got.rows, {}, given, ordered=ordered
    ):
        return ""
    missing = [row for row in expected.rows if not _occurs(row, got.rows, given)]
    extra = [
        row for row in got.rows if not any(_occurs(each, [row], given) for each in expected.rows)
    ]
    counts = f"{len(expected.rows)} rows expected, {len(got.rows)} came"
    if missing or extra:
        return f"missing {_lines(missing)}, too many {_lines(extra)}; {counts}"
    return f"the rows differ in order, number or blank nodes: {_lines(got.rows)}; {counts}"


def _match(
    expected: Sequence[Row],
    got: Sequence[Row],
    nodes: Mapping[BlankNode, BlankNode],
    given: Collection[Term],
    *,
    ordered: bool,
) -> bool:
    """Whether the rows are the same for some renaming of blank nodes that extends `nodes`."""
    if not expected:
        return True
    for index, row in enumerate(got[:1] if ordered else got):
        renamed = _match_row(expected[0], row, nodes, given)
        if renamed is None:
            continue
        rest = [*got[:index], *got[index + 1 :]]
        if _match(expected[1:], rest, renamed, given, ordered=ordered):
            return True
    return False


def _match_row(
    expected: Row, got: Row, nodes: Mapping[BlankNode, BlankNode], given: Collection[Term]
) -> Mapping[BlankNode, BlankNode] | None:
    """`nodes` with what makes the rows the same; None where they cannot be."""
    if expected.keys() != got.keys():
        return None
    renamed = dict(nodes)
    for name, term in expected.items():
        other = got[name]
        if isinstance(term, BlankNode) and isinstance(other, BlankNode):
            if term not in renamed and other in renamed.values():
                return None
            if renamed.setdefault(term, other) != other:
                return None
        elif term != other and (term in given or _value(term) != _value(other)):
            return None
    return renamed


def _occurs(row: Row, rows: Iterable[Row], given: Collection[Term]) -> bool:
    return any(_match_row(row, other, {}, given) is not None for other in rows)


def _value(term: Term) -> object:
    """What a literal stands for; any other term stands for itself."""
    if not isinstance(term, Literal):
        return term
    datatype = term.datatype.value
    if datatype == XSD + "boolean":
        return datatype, _BOOLEANS.get(term.value, term.value)
    if datatype not in _NUMERIC or not _NUMBER.fullmatch(term.value):
        return term
    kind = "integer" if datatype.removeprefix(XSD) in _INTEGERS else datatype
    return kind, Decimal(term.value)


def _lines(parts: Iterable[Row | Triple]) -> str:
    return "[" + "; ".join(sorted(map(_line, parts))) + "]"


def _line(part: Row | Triple) -> str:
    if isinstance(part, Triple):
        return str(part)
    return ", ".join(f"?{name} = {term}" for name, term in sorted(part.items())) or "nothing bound"


def _canonical(triples: Iterable[Triple]) -> Dataset:
    """The triples with blank nodes called by what they are connected with."""
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset
