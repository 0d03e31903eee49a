"""Answers to queries, as a table, CSV or JSON."""

import sys
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.cli.asking import Answer, Solutions
from kzgraph.cli.console import show, table, visible
from kzgraph.cli.exits import CannotGoOn
from kzgraph.datatypes import NUMBERS
from kzgraph.namespaces import Term
from kzgraph.prefixes import shorten
from kzgraph.rdf.formats import JSON_LD, RESULTS_CSV, RESULTS_JSON
from kzgraph.rdf.graph_writer import find_fault, graph_bytes
from kzgraph.results.page import write_rows
from kzgraph.results.terms import plain


def write(answer: Answer, form: str, tags: Sequence[str] | None = None) -> None:
    """Print `answer` as `form`: table, csv or json.

    Args:
        answer: what there is to print.
        form: what it is printed as.
        tags: the HXL hashtags of the columns, for CSV.

    The triples of a CONSTRUCT or DESCRIBE make three columns, and JSON-LD where JSON is asked
    for. JSON and CSV of a SELECT are as the endpoint writes them.

    Raises:
        CannotGoOn: the form cannot carry the answer.
    """
    out = sys.stdout.buffer
    if form == "json" and isinstance(answer, list):
        fault = next(filter(None, (find_fault(triple, JSON_LD) for triple in answer)), None)
        if fault is not None:
            raise CannotGoOn(f"Error: {fault}; ask for --format csv")
        out.write(graph_bytes(answer, JSON_LD))
    elif isinstance(answer, bool):
        text = str(answer).lower()
        print(f'{{"head": {{}}, "boolean": {text}}}' if form == "json" else text)  # noqa: T201
    else:
        solutions = answer if isinstance(answer, Solutions) else _columns(answer)
        if form == "table":
            _write_table(solutions)
        else:
            chosen = RESULTS_JSON if form == "json" else RESULTS_CSV
            write_rows(solutions.variables, solutions.rows, chosen, out, tags=tags)
            out.write(b"\n" if form == "json" else b"")
    out.flush()


def _columns(triples: Iterable[Triple]) -> Solutions:
    rows: list[tuple[Term | None, ...]] = [(t.subject, t.predicate, t.object) for t in triples]
    return Solutions(("subject", "predicate", "object"), sorted(rows, key=str))


def _write_table(solutions: Solutions) -> None:
    shown = table(*solutions.variables)
    for place, column in enumerate(shown.columns):
        terms = [row[place] for row in solutions.rows]
        if any(terms) and all(term is None or _is_number(term) for term in terms):
            column.justify = "right"
    for row in solutions.rows:
        shown.add_row(*(visible(shorten_term(term)) for term in row))
    show(shown)
    count = len(solutions.rows)
    print(f"{count} row{'' if count == 1 else 's'}", file=sys.stderr)  # noqa: T201


def shorten_term(term: Term | None) -> str:
    """A term for display: an IRI as a prefixed name valid in a query, a literal without quotes."""
    if isinstance(term, NamedNode):
        return shorten(term.value)
    return "" if term is None else plain(term)


def _is_number(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value in NUMBERS
