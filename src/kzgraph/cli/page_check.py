"""What `kzgraph verify --url` finds of each document in its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from kzgraph.cli.console import show, table
from kzgraph.faults import Fault, TableFaults
from kzgraph.tables import Tables
from kzgraph.tables.span_rows import SPANS, page_of
from kzgraph.verification.placing import Placed, place_spans

#: The type that a saved page has by the end of its name.
_TYPES = {".txt": "text/plain"}
_STATES = ("found", "moved", "gone")


@dataclass(frozen=True)
class PageReport:
    """Where the spans of a document are in its page; `trouble` says why it could not be read."""

    document: str
    address: str
    placed: tuple[Placed, ...] = ()
    trouble: str = ""

    @property
    def passes(self) -> bool:
        """Whether the page was read, and has all spans in their order."""
        return not self.trouble and self.count("found") == len(self.placed)

    def count(self, state: str) -> int:
        """How many spans are in a state."""
        return sum(each.state == state for each in self.placed)

    def as_json(self) -> dict[str, object]:
        """The report for programs."""
        counts: dict[str, object] = {state: self.count(state) for state in _STATES}
        missing = {
            f"{state}Spans": [str(each.span) for each in self.placed if each.state == state]
            for state in _STATES[1:]
        }
        return {"address": self.address, **counts, **missing, "trouble": self.trouble or None}


def check_pages(
    tables: Tables,
    slug: str | None,
    texts: Mapping[str, str],
    saved: Path | None,
    *,
    private: bool,
) -> list[PageReport]:
    """Look for the spans of one document, or of all that have an address, in their pages.

    Args:
        tables: the tables.
        slug: the document; by default all.
        texts: the texts of documents, as far as they are at hand.
        saved: a saved page, instead of the address.
        private: whether addresses of a local network may be called.

    Raises:
        TableFaults: no document is called `slug`, or it has no address.
    """
    if slug is not None and slug not in tables.documents:
        remedy = "use " + ", ".join(sorted(tables.documents))
        raise TableFaults([Fault.of_file(slug, "there is no such document", remedy)])
    reports = []
    for each in [slug] if slug else sorted(tables.documents):
        address = str(saved) if saved else page_of(tables.documents[each])
        if address is not None:
            reports.append(_check(tables, each, address, texts.get(each) or None, saved, private))
        elif slug:
            remedy = "fill in address or archived in document.csv, or name a saved page"
            raise TableFaults([Fault.of_file(slug, "the document has no address", remedy)])
    return reports


def _check(
    tables: Tables, slug: str, address: str, text: str | None, saved: Path | None, private: bool
) -> PageReport:
    from kzgraph.verification.page_fetch import Fetched, PageFault, fetch_page
    from kzgraph.verification.page_text import read_page

    try:
        if saved:
            media_type = _TYPES.get(saved.suffix.lower(), "text/html")
            page = Fetched(address, media_type, saved.read_bytes())
        else:
            page = fetch_page(address, private=private)
        placed = place_spans(tables.of(SPANS, slug), read_page(page), text)
    except PageFault as fault:
        return PageReport(slug, address, trouble=str(fault))
    return PageReport(slug, address, tuple(placed))


def show_pages(reports: list[PageReport]) -> None:
    """Print the reports: counts in a table, what is not found on standard error."""
    if not reports:
        return
    shown = table("Document", "Page", *map(str.capitalize, _STATES))
    for column in shown.columns[2:]:
        column.justify = "right"
    for report in reports:
        counts = [str(report.count(state)) for state in _STATES]
        shown.add_row(report.document, report.address, *counts)
    show(shown)
    for report in reports:
        if report.trouble:
            click.echo(f"{report.document}: {report.trouble}", err=True)
        for each in report.placed:
            if each.state != "found":
                words = f": {each.words!r}" if each.words else ""
                click.echo(f"{report.document} {each.span} is {each.state}{words}", err=True)
