"""`kzgraph verify`: check every span of evidence against the source documents."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from kzgraph.cli.console import progress, show, table, warn
from kzgraph.cli.exits import FOUND_FAULTS
from kzgraph.cli.options import FILE, documents_option, format_option, tables_option
from kzgraph.cli.page_check import PageReport, check_pages, show_pages
from kzgraph.faults import Fault
from kzgraph.tables import Row, Tables
from kzgraph.tables.folders import SHARED
from kzgraph.tables.span_rows import page_of
from kzgraph.verification.documents import DocumentReport, verify
from kzgraph.verification.sentences import show_in_sentences
from kzgraph.verification.tokens import Token

EXAMPLES = """\b
Examples:
  kzgraph verify --documents ../shared/documents
  kzgraph verify --documents ../shared/documents --document overview
  kzgraph verify --documents documents --tables mytables --format json
  kzgraph verify --url --document overview
  kzgraph verify --url-file saved.html --document overview
"""


@click.command("verify", epilog=EXAMPLES)
@documents_option("The folder of source texts.", required=False)
@click.option("--document", "slug", metavar="SLUG", help="Check this document only.")
@click.option(
    "--url", "online", is_flag=True, help="Fetch the pages, and look for the spans there."
)
@click.option("--url-file", "saved", type=FILE, help="Look in this saved page of --document.")
@click.option("--allow-private", is_flag=True, help="Fetch pages at addresses of a local network.")
@tables_option
@format_option("table", "json")
def command(
    documents: Path | None,
    slug: str | None,
    online: bool,
    saved: Path | None,
    allow_private: bool,
    tables: Path | None,
    form: str,
) -> int:
    """Check the evidence of every fact against the source texts, and print the coverage.

    A fault is a span outside its text or with another hash, a number, hedge or date that is not in
    its span, or a text other than the one the tables were made from; and any fault of the tables
    themselves. A span opens if a link leads to its words in the page. With --document the texts of
    the others are not needed. Exits with 1 if there is a fault, a number that no fact covers, or
    more than one word in twenty that none does. A warning is what may be wrong, such as a
    name in the evidence that is not that of the row; look at it.

    With --url the page of each document is fetched, the archived copy where there is one, and the
    spans are looked for in it: found in their order, moved, or gone. Without --documents a span is
    known by its quote, or else by its hash. Exits with 1 if one is moved or gone.
    """
    from kzgraph.tables import survey_tables

    if documents is None and not online and saved is None:
        raise click.UsageError("Name the folder of source texts (--documents), or ask for --url.")
    if saved is not None and (slug is None or online):
        raise click.UsageError("--url-file goes with --document SLUG, and without --url.")
    with progress("Verifying"):
        read = survey_tables(tables)
        reports = verify(read, documents, slug) if documents else []
    for warning in read.warnings:
        warn(warning)
    others = list(_find_others(read, slug))
    for fault in others:
        click.echo(str(fault), err=True)
    pages: list[PageReport] = []
    if online or saved is not None:
        with progress("Looking in the pages"):
            texts = {report.document: report.text for report in reports}
            pages = check_pages(read, slug, texts, saved, private=allow_private)
    if form == "json":
        _print_json(reports, pages)
    else:
        if reports:
            _print_table(reports)
            _print_reports(reports, read.documents)
        show_pages(pages)
    passes = all(report.passes for report in reports) and not others
    return 0 if passes and all(page.passes for page in pages) else FOUND_FAULTS


def _find_others(read: Tables, slug: str | None) -> Iterator[Fault]:
    """The faults that no report of a document has; of one document, those of the shared tables."""
    for fault in read.faults:
        folder = fault.file.partition("/")[0]
        if folder not in read.documents and (slug is None or folder == SHARED):
            yield fault


#: What covers numbers and words of a document.
_COVERS = {
    "numbers": "evidence covers them, parts and context do not; a number of a heading, list or"
    " layout is evidence of a statement of the kind presentation",
    "words": "evidence, context and parts cover them",
}


def _print_json(reports: list[DocumentReport], pages: list[PageReport]) -> None:
    shown = {report.document: _as_json(report) for report in reports}
    for page in pages:
        shown.setdefault(page.document, {"document": page.document})["page"] = page.as_json()
    print(json.dumps(list(shown.values()), indent=2, ensure_ascii=False))  # noqa: T201


def _print_table(reports: list[DocumentReport]) -> None:
    """One line for each document."""
    shown = table(
        "Document",
        "Facts",
        "Faults",
        "Warnings",
        "Numbers covered",
        "Words covered",
        "Spans that open",
        "Passes",
    )
    for column in shown.columns[1:7]:
        column.justify = "right"
    for report in reports:
        shown.add_row(
            report.document,
            str(report.facts),
            str(len(report.faults)),
            str(len(report.warnings)),
            _share(report.covered_numeric, report.numeric),
            _share(report.covered_words, report.words),
            f"{report.opening} / {report.spans}",
            "yes" if report.passes else "no",
        )
    show(shown)


def _print_reports(reports: list[DocumentReport], documents: dict[str, Row]) -> None:
    """What is wrong or may be, and what no fact covers, in each document."""
    for report in reports:
        document = documents.get(report.document)
        if report.spans and document and not page_of(document):
            show(f"No span of {report.document} opens: its document.csv has no address")
    for report in reports:
        for fault in report.faults:
            click.echo(str(fault), err=True)
        for warning in report.warnings:
            warn(warning)
        for what, tokens in (
            ("numbers", report.uncovered_numeric),
            ("words", report.uncovered_words),
        ):
            if tokens:
                show(f"\n{report.document}: {what} that no fact covers ({_COVERS[what]})")
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
        "warnings": [str(warning) for warning in report.warnings],
        "numbers": report.numeric,
        "uncoveredNumbers": [_place(token) for token in report.uncovered_numeric],
        "words": report.words,
        "spans": report.spans,
        "quotedSpans": report.quoted,
        "openingSpans": report.opening,
        "uncoveredWords": [_place(token) for token in report.uncovered_words],
    }
