"""Checking what a row says against words of its evidence that deny it: `has not joined`."""

import re
from collections.abc import Iterator

from kzgraph.tables import Row, Span
from kzgraph.verification.changes import find_direction
from kzgraph.verification.claim_words import find_denial, words_of
from kzgraph.verification.findings import Finding, spans_of, texts_of

#: What begins another clause, of which a denial may be.
_MARK = re.compile(r"[,;:()\u2013\u2014]")
#: The ends of what is read around a span: a clause that has a comma is read to that only.
_AROUND = re.compile(r"[.!?,;:()\n\u2013\u2014]")
#: How far around a span the rest of its clause is read, in code points.
_NEAR = 80
#: The standing of a state that a denial makes true.
_NOT_BOUND = "not-a-party"
#: The tables whose rows say something in words that may lose a denial.
_SAID = {"statements", "legal_changes", "events", "pledges", "partnerships"}
#: What a page shows or prints is no claim that could be denied.
_SHOWN = {"presentation", "list-date"}


def check_denial(row: Row, text: str) -> Iterator[Finding]:
    """The finding of a row that says what its evidence denies, or the other way round.

    Sure for a state's part in a treaty whose evidence is one clause; in a description a denial may
    hide in other words (`remains outside`), so that is a doubt.

    Args:
        row: a row with evidence.
        text: the document.
    """
    if row.schema.name == "participations":
        yield from _check_participation(row, text)
    elif row.schema.name in _SAID and not _SHOWN.intersection(row.cells.get("kind", ())):
        yield from _check_description(row, text)


def _check_participation(row: Row, text: str) -> Iterator[Finding]:
    spans = spans_of(row, "evidence")
    found = next(filter(None, (find_denial(_widen(text, span)) for span in spans)), None)
    kind = row.get("kind")
    if found and kind != _NOT_BOUND:
        said = " ".join(texts_of(row, text, "evidence"))
        one_clause = not _MARK.search(said) and not words_of("adversative").search(said)
        fault = row.fault(
            "kind",
            f"{kind}, and the text says {found!r}",
            f"write {_NOT_BOUND}, or point to the words that say that the state is bound",
        )
        yield Finding(fault, one_clause)
    if kind == _NOT_BOUND and not found:
        said = " ".join(texts_of(row, text, "evidence", "context"))
        if not words_of("negation", "none", "negation-like", "ahead").search(said):
            fault = row.fault(
                "kind", f"{kind}, and no word of the text denies it", "point to the words that do"
            )
            yield Finding(fault, sure=False)


def _widen(text: str, span: Span) -> str:
    """The text of a span with the rest of its clause."""
    before = [match.end() for match in _AROUND.finditer(text, 0, span.start)][-1:]
    after = _AROUND.search(text, span.end)
    start = max(before[0] if before else 0, span.start - _NEAR)
    return text[start : min(after.start() if after else len(text), span.end + _NEAR)]


def _check_description(row: Row, text: str) -> Iterator[Finding]:
    evidence = " ".join(texts_of(row, text, "evidence"))
    column = "description" if "description" in row.cells else "label"
    own = " ".join(item for name in ("label", column) for item in row.cells[name])
    if find_direction(own) * find_direction(evidence) < 0:
        way = "rose" if find_direction(own) > 0 else "fell"
        fault = row.fault(
            column,
            f"it says that something {way}, and its evidence says the opposite",
            "say which way it went, or point to the words that say so",
        )
        yield Finding(fault, sure=False)
    wide = words_of("negation", "none", "negation-like")
    denied, denying = find_denial(evidence), find_denial(own)
    if denied and not wide.search(own):
        fault = row.fault(
            column,
            f"the text says {denied!r}, and neither label nor description denies anything",
            "say what the text denies, or point to the words that state it",
        )
        yield Finding(fault, sure=False)
    if denying and not wide.search(evidence + " ".join(texts_of(row, text, "context"))):
        fault = row.fault(
            column,
            f"it says {denying!r}, and its evidence and context deny nothing",
            "say what the text says, or add the words that deny it",
        )
        yield Finding(fault, sure=False)
