"""Writing the table of spans of a document: the hash of each, and its quote where it may have one.

Of the spans that may be quoted, those are that can be told from all other places of the text within
the length of a quote, in the order of the text, as long as no copy can be joined of them.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kzgraph.editing.replacing import replace_file
from kzgraph.faults import Fault, TableFaults
from kzgraph.resources import folder as resource
from kzgraph.tables import Span, Tables, parse_span, project_schemas, survey_tables
from kzgraph.tables.quotable import Passage, is_short, names_of, quotable_spans
from kzgraph.tables.span_rows import SPANS, hash_words, joins_to_copy, used_spans
from kzgraph.tables.verbatim import write_verbatim
from kzgraph.verification.quoted_words import Page
from kzgraph.verification.sources import read_source


@dataclass(frozen=True)
class SpanTable:
    """What was written of a document: how many spans, and how many of them are quoted."""

    spans: int
    quoted: int


def write_spans(slug: str, documents: Path, root: Path | None = None) -> SpanTable:
    """Write the table of spans of a document, whatever is wrong with its other tables.

    Args:
        slug: the document, which is the name of its folder.
        documents: the folder with the source files.
        root: the folder of tables, by default the project's own.

    Raises:
        TableFaults: there is no such document, or its text is another one.
    """
    root = root or resource("mappings") / "tables"
    tables = survey_tables(root)
    if slug not in tables.documents:
        own = [fault for fault in tables.faults if fault.file.partition("/")[0] == slug]
        described = Fault.of_file(slug, "the document is not described", "give it document.csv")
        raise TableFaults(own or [described])
    text = read_source(tables.documents[slug], documents)
    rows = list(list_spans(tables, slug, text))
    out = io.StringIO()
    columns = project_schemas()[SPANS].by_name
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    replace_file(root / slug / f"{SPANS}.csv", out.getvalue().encode())
    return SpanTable(len(rows), sum("quote" in row for row in rows))


def list_spans(tables: Tables, slug: str, text: str) -> Iterator[dict[str, str]]:
    """The rows of the table, as cells by column, in the order of the text."""
    own = [row for row in (*tables.rows, *tables.refused) if row.folder == slug]
    names, page = names_of(tables.rows), Page(text)
    quotable = quotable_spans(own)
    passages: list[Passage] = []
    for span in sorted(map(parse_span, used_spans(own))):
        if span.end > len(text):
            continue
        words = text[slice(*span)]
        row = {"span": str(span), "sha256": hash_words(words)}
        around = _find_surroundings(page, span) if str(span) in quotable else None
        if around is not None:
            prefix, suffix = around
            passage = Passage(span.start - len(prefix), prefix + words + suffix)
            if not joins_to_copy(passage, passages, names, text):
                passages.append(passage)
                cells = {"prefix": prefix, "quote": words, "suffix": suffix}
                row |= {name: write_verbatim(cell) for name, cell in cells.items()}
                row["shown"] = "true" if page.shows(span, prefix, suffix) else ""
        yield row


def _find_surroundings(page: Page, span: Span) -> tuple[str, str] | None:
    """The least words before and after a span that tell it from other places; None if too many."""
    words = page.text[slice(*span)]
    if not is_short(words):
        return None
    before, after = page.starts_before(span.start), page.ends_after(span.end)
    for count in range(len(before) + len(after) - 1):
        for left in range(min(count, len(before) - 1), -1, -1):
            if (right := count - left) >= len(after):
                continue
            prefix = page.text[before[left] : span.start]
            suffix = page.text[span.end : after[right]]
            if is_short(prefix + words + suffix) and page.is_unique(prefix + words + suffix):
                return prefix, suffix
    return None
