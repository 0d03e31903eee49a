"""Answers to queries, as a table, CSV or JSON."""

import csv
import json
import re
import sys
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kzgraph.cli.asking import Answer, Solutions, Term
from kzgraph.cli.console import show, table
from kzgraph.prefixes import PREFIXES

_STRING = "http://www.w3.org/2001/XMLSchema#string"
#: What may follow a prefix with no more than its slashes escaped.
#: https://www.w3.org/TR/sparql11-query/#rPN_LOCAL
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./-]*[A-Za-z0-9_-])?")
_SLASH = r"\/"
_NUMBERS = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float")
)


def write(answer: Answer, form: str) -> None:
    """Print `answer` as `form`: table, csv or json.

    The triples of a CONSTRUCT or DESCRIBE make three columns, and JSON-LD where JSON is asked
    for. JSON and CSV of a SELECT follow their specifications:
    https://www.w3.org/TR/sparql11-results-json/ and
    https://www.w3.org/TR/sparql11-results-csv-tsv/
    """
    if form == "json":
        _write_json(answer)
    elif isinstance(answer, bool):
        print(str(answer).lower())  # noqa: T201
    else:
        solutions = answer if isinstance(answer, Solutions) else _columns(answer)
        if form == "csv":
            _write_csv(solutions)
        else:
            _write_table(solutions)


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
        shown.add_row(*map(short, row))
    show(shown)
    count = len(solutions.rows)
    print(f"{count} row{'' if count == 1 else 's'}", file=sys.stderr)  # noqa: T201


def _write_csv(solutions: Solutions) -> None:
    # Lines end in CR LF, as RFC 4180 has it; the stream must not turn them into anything else.
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(solutions.variables)
    writer.writerows([_plain(term) for term in row] for row in solutions.rows)


def _write_json(answer: Answer) -> None:
    if isinstance(answer, list):
        print((serialize(answer, format=RdfFormat.JSON_LD) or b"").decode())  # noqa: T201
        return
    result: dict[str, object]
    if isinstance(answer, bool):
        result = {"head": {}, "boolean": answer}
    else:
        bindings = [
            {
                name: _json(term)
                for name, term in zip(answer.variables, row, strict=True)
                if term is not None
            }
            for row in answer.rows
        ]
        result = {"head": {"vars": answer.variables}, "results": {"bindings": bindings}}
    print(json.dumps(result, ensure_ascii=False, indent=2))  # noqa: T201


def _json(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Literal):
        written = {"type": "literal", "value": term.value}
        if term.language:
            written["xml:lang"] = term.language
        elif term.datatype.value != _STRING:
            written["datatype"] = term.datatype.value
        return written
    return {"type": "bnode", "value": _plain(term).removeprefix("_:")}


def _plain(term: Term | None) -> str:
    """A term as CSV has it: an IRI or lexical form, bare."""
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def short(term: Term | None) -> str:
    r"""A term for the eye: an IRI as a prefixed name that a query may use, a literal bare.

    >>> short(NamedNode("https://w3id.org/kzgraph/id/country/KAZ"))
    'kzr:country\\/KAZ'
    """
    if isinstance(term, NamedNode):
        for prefix, namespace in PREFIXES.items():
            local = term.value.removeprefix(namespace)
            if local != term.value and _LOCAL.fullmatch(local):
                return f"{prefix}:{local.replace('/', _SLASH)}"
        return f"<{term.value}>"
    return _plain(term)


def _is_number(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value in _NUMBERS
