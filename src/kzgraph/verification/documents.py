"""The report on one document: faults of its facts, and how much of its text they cover."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kzgraph.faults import Fault, TableFaults
from kzgraph.tables import Row, Span, Tables, parse_span
from kzgraph.tables.span_rows import SPANS, opens
from kzgraph.verification.changes import check_change
from kzgraph.verification.claims import Claims, check_issued
from kzgraph.verification.copying import find_copies
from kzgraph.verification.currencies import check_currency
from kzgraph.verification.hashes import check_hashes
from kzgraph.verification.own_headings import check_headings, read_cells
from kzgraph.verification.rows import check_row
from kzgraph.verification.sources import read_source, source_path
from kzgraph.verification.tokens import WORD, Token, lies_in, mask, numeric_tokens, tokens

#: Least share of words, outside headings and boilerplate, that facts must cover.
LEAST_WORDS = 0.95


@dataclass(frozen=True)
class DocumentReport:
    """The result of checking one document's tables against its text.

    Attributes:
        document: the slug of the document.
        facts: the number of facts.
        faults: what is not where the tables say, in order of place.
        numeric: the number of numeric tokens.
        uncovered_numeric: those that lie in the evidence of no fact.
        words: the number of words outside headings and boilerplate.
        uncovered_words: those that lie in no evidence and no context.
        text: the document; empty where it could not be read.
        spans: the number of spans that facts rest on.
        quoted: how many of them are published with their words.
        opening: for how many of these a link opens the page at the words.
        warnings: what may be wrong, and somebody has to look at, in order of place.
    """

    document: str
    facts: int
    faults: tuple[Fault, ...]
    numeric: int = 0
    uncovered_numeric: tuple[Token, ...] = ()
    words: int = 0
    uncovered_words: tuple[Token, ...] = ()
    text: str = field(default="", repr=False)
    spans: int = 0
    quoted: int = 0
    opening: int = 0
    warnings: tuple[Fault, ...] = ()

    @property
    def covered_numeric(self) -> int:
        """How many numeric tokens lie in evidence."""
        return self.numeric - len(self.uncovered_numeric)

    @property
    def covered_words(self) -> int:
        """How many words lie in evidence or context."""
        return self.words - len(self.uncovered_words)

    @property
    def passes(self) -> bool:
        """Whether there are no faults, every numeric token is covered, and enough of the words."""
        return (
            not self.faults
            and not self.uncovered_numeric
            and self.covered_words >= LEAST_WORDS * self.words
        )


@dataclass(frozen=True)
class Evidence:
    """What checking the tables against the texts at hand found.

    Attributes:
        faults: what is not where the tables say, in all documents.
        warnings: the documents whose text is not at hand, how many numbers no fact covers, and
            what may be wrong.
    """

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def check_evidence(tables: Tables, documents: Path) -> Evidence:
    """Check the tables as `verify` does, as far as the texts are in the folder.

    Args:
        tables: the tables.
        documents: the folder with the source files, or some of them.

    Raises:
        FileNotFoundError: `documents` is not a folder.
        TableFaults: none of the texts is there.
    """
    faults: list[Fault] = []
    warnings: list[Fault] = []
    missing = [row for row in tables.documents.values() if not source_path(row, documents).exists()]
    if missing and len(missing) == len(tables.documents):
        raise TableFaults(_miss(row) for row in missing)
    claims = Claims.of(tables)
    for slug in sorted(tables.documents):
        if tables.documents[slug] in missing:
            warnings.append(_miss(tables.documents[slug]))
            continue
        report = _report(tables, slug, documents, claims)
        faults += report.faults
        warnings += report.warnings
        if count := len(report.uncovered_numeric):
            message = f"{count} number{'s are' if count > 1 else ' is'} in the evidence of no fact"
            remedy = f"kzgraph verify --documents DIR --document {slug} shows each"
            warnings.append(Fault.of_file(slug, message, remedy))
    return Evidence(tuple(faults), tuple(warnings))


def _miss(document: Row) -> Fault:
    return document.fault(
        "file",
        f"no file {document.require('file')}, so the evidence is not checked",
        "put it into the folder of documents",
    )


def verify(tables: Tables, documents: Path, slug: str | None = None) -> list[DocumentReport]:
    """Check every span, number, hedge, date and address of the tables against the texts.

    Rows with faults of form or of references are not checked against the text, but what they
    cover is covered; these faults are in the report of their document.

    Args:
        tables: the tables.
        documents: the folder with the source files, named as the tables name them.
        slug: the one document to check; by default all.

    Raises:
        FileNotFoundError: `documents` is not a folder.
        TableFaults: no document is called `slug`, or none is described.
    """
    if not documents.is_dir():
        raise FileNotFoundError(f"no folder of documents at {documents}")
    slugs = sorted(tables.documents)
    if slug is not None and slug not in slugs:
        own = [fault for fault in tables.faults if fault.file.startswith(f"{slug}/")]
        remedy = "use " + ", ".join(slugs)
        raise TableFaults(own or [Fault.of_file(slug, "there is no such document", remedy)])
    if not slugs:
        raise TableFaults(tables.faults)
    claims = Claims.of(tables)
    return [_report(tables, each, documents, claims) for each in ([slug] if slug else slugs)]


def _report(tables: Tables, slug: str, folder: Path, claims: Claims) -> DocumentReport:
    document = tables.documents[slug]
    faults = [fault for fault in tables.faults if fault.file.partition("/")[0] == slug]
    refused_rows = {(fault.file, fault.line) for fault in faults}
    rows = [row for row in (*tables.rows, *tables.refused) if row.folder == slug]
    facts = [row for row in rows if "evidence" in row.cells]
    try:
        text = read_source(document, folder)
    except TableFaults as refused:
        return DocumentReport(slug, len(facts), tuple(sorted([*faults, *refused.faults])))
    languages = tuple(document.cells["language"])
    faults += _check_length(document, text)
    sound = [row for row in facts if (row.file, row.line) not in refused_rows]
    faults += _check_numbers(sound, text, languages, tables)
    own = claims.seen_from(slug)
    found = [each for row in sound for each in own.check(row, text, languages, document)]
    faults += [each.fault for each in found if each.sure]
    warnings = [each.fault for each in found if not each.sure]
    warnings += check_issued(document, text)
    faults += find_copies(tables, text)
    spans = [row for row in rows if row.schema.name == SPANS and row.cells["sha256"]]
    faults += check_hashes(spans, text)
    evidence = _spans(facts, "evidence")
    in_evidence = mask(len(text), evidence)
    in_facts = mask(len(text), evidence + _spans(facts, "context"))
    parts = [row for row in rows if row.schema.name == "parts"]
    in_parts = mask(len(text), _spans(parts, "span"))
    numeric = numeric_tokens(text, languages)
    words = [token for token in tokens(WORD, text) if not lies_in(token, in_parts)]
    return DocumentReport(
        slug,
        len(facts),
        tuple(sorted(faults)),
        len(numeric),
        tuple(token for token in numeric if not lies_in(token, in_evidence)),
        len(words),
        tuple(token for token in words if not lies_in(token, in_facts)),
        text,
        len(spans),
        sum(row.get("quote") is not None for row in spans),
        sum(opens(row, document) for row in spans),
        tuple(sorted(set(warnings))),
    )


def _check_numbers(
    rows: list[Row], text: str, languages: tuple[str, ...], tables: Tables
) -> Iterator[Fault]:
    """The faults of rows whose number, hedge, date, currency, sign or heading their text denies."""
    charts = read_cells(text, languages)
    currencies, changes = _read_currencies(tables), _read_changes(tables)
    for row in rows:
        yield from check_row(row, text, tables.hedges, languages, tables.factors)
        yield from check_currency(row, text, currencies, languages)
        yield from check_change(row, text, changes)
        yield from check_headings(row, text, charts.values())


def _read_currencies(tables: Tables) -> dict[str, str]:
    """The currency of each unit of money, by the code of the unit."""
    units = (row for row in tables.of("concepts") if row.get("scheme") == "unit")
    return {row.require("code"): known for row in units if (known := row.get("currency"))}


def _read_changes(tables: Tables) -> set[str]:
    """The concepts whose figures are changes, as `quantity/CODE`."""
    concepts = (row for row in tables.of("concepts") if row.get("measure") == "change")
    return {f"{row.require('scheme')}/{row.require('code')}" for row in concepts}


def _check_length(document: Row, text: str) -> Iterator[Fault]:
    if len(text) != int(document.require("length")):
        yield document.fault("length", f"the text is {len(text)} long", f"write {len(text)}")


def _spans(rows: list[Row], column: str) -> list[Span]:
    """The spans of a column, but for those that are faulty."""
    spans: list[Span] = []
    for row in rows:
        for item in row.cells[column]:
            with suppress(ValueError):
                spans.append(parse_span(item))
    return spans
