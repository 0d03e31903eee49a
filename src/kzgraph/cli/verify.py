"""`kzgraph verify`: check every span of evidence against the source documents."""

import json
from pathlib import Path

import click

from kzgraph.cli.console import progress, show, table
from kzgraph.cli.exits import FOUND_FAULTS
from kzgraph.cli.options import FOLDER, format_option, tables_option
from kzgraph.verification import DocumentReport, Token, verify

EXAMPLES = """\b
Examples:
  kzgraph verify --documents ../shared/documents
  kzgraph verify --documents documents --tables mytables --format json
"""


@click.command("verify", epilog=EXAMPLES)
@click.option("--documents", type=FOLDER, required=True, help="The folder of source texts.")
@tables_option
@format_option("table", "json")
def command(documents: Path, tables: Path | None, form: str) -> int:
    """Check the evidence of every fact against the source texts, and print the coverage.

    A fault is a span outside its text, a number, hedge or date that is not in its span, or a
    text other than the one the tables were made from. Exits with 1 if there is a fault, a number
    that no fact covers, or more than one word in twenty that none does.
    """
    from kzgraph.tables import read_tables

    with progress("Verifying"):
        reports = verify(read_tables(tables), documents)
    if form == "json":
        print(json.dumps([_as_json(report) for report in reports], indent=2, ensure_ascii=False))  # noqa: T201
    else:
        _print(reports)
    return 0 if all(report.passes for report in reports) else FOUND_FAULTS


def _print(reports: list[DocumentReport]) -> None:
    shown = table("Document", "Facts", "Faults", "Numbers covered", "Words covered", "Passes")
    for column in shown.columns[1:5]:
        column.justify = "right"
    for report in reports:
        shown.add_row(
            report.document,
            str(report.facts),
            str(len(report.faults)),
            _share(report.covered_numeric, report.numeric),
            _share(report.covered_words, report.words),
            "yes" if report.passes else "no",
        )
    show(shown)
    for report in reports:
        for fault in report.faults:
            click.echo(str(fault), err=True)
        for what, tokens in (
            ("numbers", report.uncovered_numeric),
            ("words", report.uncovered_words),
        ):
            if tokens:
                show(f"\n{report.document}: {what} that no fact covers")
                show(" ".join(map(_place, tokens)))


def _share(part: int, whole: int) -> str:
    return f"{part} / {whole}" + (f"  {100 * part / whole:5.1f} %" if whole else "")


def _place(token: Token) -> str:
    return f"{token.text}@{token.span.start}"


def _as_json(report: DocumentReport) -> dict[str, object]:
    return {
        "document": report.document,
        "passes": report.passes,
        "facts": report.facts,
        "faults": [str(fault) for fault in report.faults],
        "numbers": report.numeric,
        "uncoveredNumbers": [_place(token) for token in report.uncovered_numeric],
        "words": report.words,
        "uncoveredWords": [_place(token) for token in report.uncovered_words],
    }
