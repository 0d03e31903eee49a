"""`kzgraph verify`: check every span of evidence against the source documents."""

import json
from pathlib import Path

import click

from kzgraph.cli.console import progress, show, table, warn
from kzgraph.cli.exits import FOUND_FAULTS
from kzgraph.cli.options import documents_option, format_option, tables_option
from kzgraph.verification import DocumentReport, Token, show_in_sentences, verify

EXAMPLES = """\b
Examples:
  kzgraph verify --documents ../shared/documents
  kzgraph verify --documents ../shared/documents --document overview
  kzgraph verify --documents documents --tables mytables --format json
"""


@click.command("verify", epilog=EXAMPLES)
@documents_option("The folder of source texts.")
@click.option("--document", "slug", metavar="SLUG", help="Check this document only.")
@tables_option
@format_option("table", "json")
def command(documents: Path, slug: str | None, tables: Path | None, form: str) -> int:
    """Check the evidence of every fact against the source texts, and print the coverage.

    A fault is a span outside its text or with another hash, a number, hedge or date that is not in
    its span, or a text other than the one the tables were made from; and any fault of the tables
    themselves. A span opens if a link leads to its words in the page.
    With --document the texts of the others are not needed. Exits with 1 if there is a fault, a
    number that no fact covers, or more than one word in twenty that none does.
    """
    from kzgraph.tables import survey_tables

    with progress("Verifying"):
        read = survey_tables(tables)
        reports = verify(read, documents, slug)
    for warning in read.warnings:
        warn(warning)
    # Faults of a document are in its report.
    others = [
        fault
        for fault in read.faults
        if fault.file.partition("/")[0] not in read.documents
        and (slug is None or fault.file.startswith("shared/"))
    ]
    for fault in others:
        click.echo(str(fault), err=True)
    if form == "json":
        print(json.dumps([_as_json(report) for report in reports], indent=2, ensure_ascii=False))  # noqa: T201
    else:
        _print(reports)
    passes = all(report.passes for report in reports) and not others
    return 0 if passes else FOUND_FAULTS


def _print(reports: list[DocumentReport]) -> None:
    shown = table(
        "Document",
        "Facts",
        "Faults",
        "Numbers covered",
        "Words covered",
        "Spans that open",
        "Passes",
    )
    for column in shown.columns[1:6]:
        column.justify = "right"
    for report in reports:
        shown.add_row(
            report.document,
            str(report.facts),
            str(len(report.faults)),
            _share(report.covered_numeric, report.numeric),
            _share(report.covered_words, report.words),
            f"{report.opening} / {report.spans}",
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
                show(*show_in_sentences(report.text, tokens))


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
        "spans": report.spans,
        "quotedSpans": report.quoted,
        "openingSpans": report.opening,
        "uncoveredWords": [_place(token) for token in report.uncovered_words],
    }
