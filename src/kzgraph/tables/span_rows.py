"""The table of spans of a document: the hash of each, and its quote where it may have one.

A program writes the table from the text (`kzgraph annotate`); a build has no text, and checks what
can be checked without: that the table fits the others, and each quote its hash and the rule.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress

from kzgraph.faults import Fault
from kzgraph.tables.quotable import (
    MAX_QUOTE,
    MAX_QUOTE_WORDS,
    Passage,
    counts_as_copy,
    is_short,
    join_passages,
    names_of,
    quotable_spans,
)
from kzgraph.tables.reader import Row
from kzgraph.tables.spans import FACT_SPANS, parse_span
from kzgraph.tables.verbatim import read_verbatim
from kzgraph.tables.words import COPIED_WORDS, Names

#: The table, and its columns with words of the document, in the order of the text.
SPANS = "spans"
VERBATIM = ("prefix", "quote", "suffix")


def hash_words(words: str) -> str:
    """The SHA-256 of words of a document in UTF-8, hexadecimal."""
    return hashlib.sha256(words.encode()).hexdigest()


def used_spans(rows: Iterable[Row]) -> dict[str, tuple[Row, str]]:
    """The spans that the facts of a document rest on, each with the first row and column.

    What is not a span is left out; it is a fault of its row.
    """
    used: dict[str, tuple[Row, str]] = {}
    for row in rows:
        for column in FACT_SPANS:
            for item in row.cells.get(column, ()):
                with suppress(ValueError):
                    if str(parse_span(item)) == item:
                        used.setdefault(item, (row, column))
    return used


def read_quote(row: Row) -> tuple[str, str, str]:
    """The prefix, the quote and the suffix of a row of spans; empty where it has none.

    Raises:
        ValueError: a cell is not written as `write_verbatim` writes it.
    """
    prefix, quote, suffix = (read_verbatim(row.get(name) or "") for name in VERBATIM)
    return prefix, quote, suffix


def page_of(document: Row) -> str | None:
    """The address at which the words of a document are found, or None.

    An archived copy stays as it was when the text was taken; the page itself may change.
    """
    return document.get("archived") or document.get("address")


def opens(row: Row, document: Row) -> bool:
    """Whether there is a link from a row of spans that opens the page at its words."""
    return bool(row.get("quote") and row.get("shown") == "true" and page_of(document))


def passage_of(row: Row) -> Passage | None:
    """The words that a row of spans tells, at their place; None where it has no quote."""
    prefix, quote, suffix = read_quote(row)
    start = parse_span(row.require("span")).start - len(prefix)
    return Passage(start, prefix + quote + suffix) if quote else None


def check_span_rows(rows: list[Row], unread: set[str]) -> Iterator[Fault]:
    """The faults of the tables of spans.

    Args:
        rows: all rows, the faulty ones as far as they can be told.
        unread: the files with faults, in which spans may be that seem not to be.
    """
    incomplete = {file.partition("/")[0] for file in unread}
    # A table beside the folders may belong into any.
    complete = not any("/" not in file for file in unread)
    folders: dict[str, list[Row]] = {}
    for row in rows:
        if row.schema.is_fact:
            folders.setdefault(row.folder, []).append(row)
    names = names_of(rows)
    for folder, own in folders.items():
        described = {row.require("span"): row for row in own if _is_sound(row)}
        used = used_spans(own)
        if f"{folder}/{SPANS}.csv" not in unread:
            missing = [span for span in used if span not in described]
            yield from _check_missing(folder, missing, used)
        remake = _remake(folder)
        whole = complete and folder not in incomplete
        for span, row in described.items():
            if span not in used and whole:
                message = f"no fact rests on the span {span}"
                yield row.fault("span", message, f"delete the row, or {remake}")
        rows_in_use = [row for span, row in described.items() if span in used]
        quoted = [row for row in rows_in_use if any(row.get(name) for name in VERBATIM)]
        # A cell with a fault counts as empty, and its row may have been one to quote.
        quotable = quotable_spans(own) if whole else set(used)
        faults = list(_check_quotes(quoted, quotable, remake))
        yield from faults
        bad = {fault.line for fault in faults}
        yield from _check_joined([row for row in quoted if row.line not in bad], names)
        for row in rows_in_use:
            if row.get("shown") and row not in quoted:
                yield row.fault("shown", "no quote to be shown", f"empty it, or {remake}")


def _is_sound(row: Row) -> bool:
    return row.schema.name == SPANS and bool(row.cells["span"] and row.cells["sha256"])


def _remake(folder: str) -> str:
    return f"run kzgraph annotate {folder} --documents DIR"


def _check_missing(
    folder: str, missing: list[str], used: dict[str, tuple[Row, str]]
) -> Iterator[Fault]:
    """One fault for all of them, since one command heals it."""
    if missing:
        row, column = used[missing[0]]
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        message = f"the hash of the span {missing[0]}{more} is not in {folder}/{SPANS}.csv"
        yield row.fault(column, message, _remake(folder))


def _check_quotes(rows: list[Row], quotable: set[str], remake: str) -> Iterator[Fault]:
    empty = f"empty {', '.join(VERBATIM)} and shown, or {remake}"
    for row in rows:
        try:
            prefix, quote, suffix = read_quote(row)
        except ValueError as error:
            yield row.fault("quote", str(error), remake)
            continue
        span = row.require("span")
        if not quote:
            yield row.fault("quote", "a prefix or suffix of no quote", empty)
        elif hash_words(quote) != row.require("sha256"):
            yield row.fault("quote", "these are not the words of the hash", remake)
        elif span not in quotable:
            message = "only a figure, a date, a name or a contact is quoted, no description"
            yield row.fault("quote", message, empty)
        elif not is_short(prefix + quote + suffix):
            message = f"over {MAX_QUOTE_WORDS} words or {MAX_QUOTE} characters, or not all visible"
            yield row.fault("quote", message, empty)


def _check_joined(rows: list[Row], names: Names) -> Iterator[Fault]:
    found: dict[Passage, Row] = {}
    for row in rows:
        with suppress(ValueError):
            if passage := passage_of(row):
                found[passage] = row
    for run in join_passages(found):
        if counts_as_copy(run, names):
            end = run.start + len(run.words)
            last = max(each for each in found if each.start < end)
            message = f"with the quotes next to it, {COPIED_WORDS} words of the document in a row"
            yield found[last].fault("quote", message, f"empty {', '.join(VERBATIM)} and shown")


def joins_to_copy(passage: Passage, others: Iterable[Passage], names: Names, text: str) -> bool:
    """Whether a passage of `text` makes a copy together with others that make none."""
    runs = join_passages([*others, passage], text)
    return any(
        run.start <= passage.start < run.start + len(run.words) and counts_as_copy(run, names)
        for run in runs
    )
