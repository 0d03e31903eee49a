"""Checking the table of spans against the text: hashes, quotes, and what surrounds them."""

from collections.abc import Iterable, Iterator

from kzgraph.faults import Fault
from kzgraph.tables import Row, parse_span
from kzgraph.tables.span_rows import hash_words, read_quote
from kzgraph.verification.quoted_words import Page


def check_hashes(rows: Iterable[Row], text: str) -> Iterator[Fault]:
    """The faults of rows of spans that disagree with the text of their document."""
    page = Page(text)
    for row in rows:
        try:
            span = parse_span(row.require("span"))
            prefix, quote, suffix = read_quote(row)
        except ValueError:
            continue  # A fault of form, which is in the report already.
        remedy = f"run kzgraph annotate {row.folder} --documents DIR"
        words = text[slice(*span)]
        if hash_words(words) != row.require("sha256"):
            yield row.fault("sha256", f"the text of {span} has another hash", remedy)
        elif not quote:
            continue
        elif quote != words:
            yield row.fault("quote", f"the text of {span} is {words!r}", remedy)
        elif not text[: span.start].endswith(prefix):
            yield row.fault("prefix", f"other words stand before {span}", remedy)
        elif not text.startswith(suffix, span.end):
            yield row.fault("suffix", f"other words stand behind {span}", remedy)
        elif not page.is_unique(prefix + quote + suffix):
            yield row.fault("quote", "the text has these words in several places", remedy)
        elif row.get("shown") == "true" and not page.shows(span, prefix, suffix):
            message = "the page shows other text: data of a chart, or markup"
            yield row.fault("shown", message, f"empty it, or {remedy}")
