"""Checking a figure against the words beside its number: what was refused was not granted.

All of it is a doubt, since a clause may say two things, and a build only warns.
"""

import re
from collections.abc import Iterator

from kzgraph.tables import Row, parse_time
from kzgraph.verification.claim_words import find_denial, pattern_of, words_of
from kzgraph.verification.findings import Finding, spans_of, texts_of
from kzgraph.verification.known_names import KnownNames
from kzgraph.verification.numbers import Number
from kzgraph.years import PATTERN as YEAR

#: Kinds of words that are apart: of money, of applications, of people who were counted.
_MONEY = ("needed", "received", "spent", "budgeted")
_DECIDED = ("granted", "refused", "pending")
_COUNTED = ("recorded", "unrecorded")
#: The longest heading that tells what its numbers are of, in words.
_HEADING = 3
#: What ends the clause of a number behind it, and what begins it; `needs: 10` is one clause.
_END = re.compile(r"[,;:!?()|\n\u2013\u2014]|\.\s")
_START = re.compile(r"[,;!?()|\n]|\.\s")
_BRACKETS = re.compile(r"\([^()\n]*\)")
_YEAR = re.compile(YEAR)
_DENYING = ("negation", "none", "negation-like", "refused", "pending", "unrecorded")
_YEAR_BEFORE = rf"(?<!\w)(?:{pattern_of('last-year')})"
_LAST_YEAR_BEFORE = re.compile(rf"{_YEAR_BEFORE}[\s(]+(?:[^\W\d]+\s+){{0,3}}\Z", re.IGNORECASE)
_LAST_YEAR_AFTER = re.compile(
    rf"\s?%?\s*(?:[^\W\d]+\s+){{0,2}}?{_YEAR_BEFORE}(?!\w)", re.IGNORECASE
)
_YEAR_TO_DATE = re.compile(
    rf"(?<!\w)(?:{pattern_of('year-to-date')})\s+(?:[^\W\d]+\s+){{0,3}}\Z", re.IGNORECASE
)
#: A quarter or month with others of its year before it.
_LATE_PERIOD = re.compile(r"\d{4}-(?:Q[2-4]|0[2-9]|1[0-2])")
#: How far from a number the words of a time are looked for, in code points.
_NEAR = 80


def check_beside(
    row: Row, text: str, places: list[Number], names: str, issued: str | None
) -> Iterator[Finding]:
    """The doubts of a figure whose number has words of another quantity, time or a denial beside.

    Args:
        row: a row with a value and evidence.
        text: the document.
        places: the numbers of the evidence that the row gives.
        names: the names of its quantity or indicator.
        issued: the day, month or year of the document, if it is known.
    """
    clauses = [_find_clause(row, text, place) for place in places]
    if not clauses:
        return
    # What was promised may be denied in the next clause: `but it has not come`.
    given = row.schema.name == "contributions" and row.get("status") == "actual"
    said = [" ".join(texts_of(row, text, "evidence"))] if given else clauses
    yield from _check_denial(row, said, names)
    yield from _check_quantity(row, text, clauses, names)
    yield from _check_time(row, text, places, names, issued)


def _find_clause(row: Row, text: str, place: Number) -> str:
    """What of the evidence is in the clause of a number, without the number."""
    span = next(each for each in spans_of(row, "evidence") if each.start <= place.start < each.end)
    marks = [mark.end() for mark in _START.finditer(text, span.start, place.start)]
    before = text[marks[-1] if marks else span.start : place.start]
    after = _BRACKETS.sub(" ", text[place.end : span.end])
    end = _END.search(after)
    return f"{before} {after[: end.start()] if end else after}"


def _check_denial(row: Row, clauses: list[str], names: str) -> Iterator[Finding]:
    value = row.get("value") or row.get("least")
    denied = [found for each in clauses if (found := _find_denial(each))]
    own = f"{names} {row.get('label') or ''}"
    if value is None or not float(value) or len(denied) < len(clauses):
        return
    if not words_of(*_DENYING).search(own):
        fault = row.fault(
            "evidence",
            f"the text says {denied[0]!r} of {value}, and nothing in the row denies it",
            "give the quantity or indicator of what was not done, or point to what was",
        )
        yield Finding(fault, sure=False)


def _find_denial(clause: str) -> str | None:
    found = words_of("unrecorded").search(clause)
    return found[0] if found else find_denial(clause)


def _check_quantity(row: Row, text: str, clauses: list[str], names: str) -> Iterator[Finding]:
    groups = (_MONEY,) if row.schema.name == "finance" else (_DECIDED, _COUNTED)
    # The group of the name alone: a grant of asylum is registered, too.
    kinds = next((each for each in groups if words_of(*each).search(names)), ())
    own = {kind for kind in kinds if words_of(kind).search(names)}
    if not own:
        return
    headings = [each for each in texts_of(row, text, "context") if len(each.split()) <= _HEADING]
    for said in (clauses, headings):
        every = " | ".join(said)
        found = {kind: match for kind in kinds if (match := words_of(kind).search(every))}
        if own & found.keys():
            return
        if found:
            column = "quantity" if "quantity" in row.cells else "indicator"
            word = next(iter(found.values()))[0]
            fault = row.fault(
                column,
                f"{row.get(column)}, and the text says {word!r} of this number",
                f"give the {column} that the text names, or point to the words for this one",
            )
            yield Finding(fault, sure=False)
            return


def _check_time(
    row: Row, text: str, places: list[Number], names: str, issued: str | None
) -> Iterator[Finding]:
    """A number of last year is not of this one, and one of the year so far not of a quarter."""
    time = row.get("time")
    if time is None or row.get("base_time") or "change" in names.casefold():
        return
    last_year = all(
        _LAST_YEAR_BEFORE.search(text, max(0, each.start - _NEAR), each.start)
        or _LAST_YEAR_AFTER.match(text, each.end)
        for each in places
    )
    years = [part[:4] for part in parse_time(time).parts]
    named = (
        [issued] if issued else _YEAR.findall(" ".join(texts_of(row, text, "evidence", "context")))
    )
    if last_year and named and min(years) >= max(named)[:4]:
        fault = row.fault(
            "time",
            f"{time}, and the text says that {row.get('value')} is of the year before",
            "write that year, or empty it",
        )
        yield Finding(fault, sure=False)
    if _LATE_PERIOD.fullmatch(time) and all(
        _YEAR_TO_DATE.search(text, max(0, each.start - _NEAR), each.start) for each in places
    ):
        fault = row.fault(
            "time",
            f"{time}, and the text counts from the start of the year",
            f"write {time[:4]}-01/.. with the last month of it",
        )
        yield Finding(fault, sure=False)


def check_giver(row: Row, text: str, known: KnownNames) -> Iterator[Finding]:
    """The doubt about an organisation as the donor of what the text says that a government gave.

    Args:
        row: a row with evidence.
        text: the document.
        known: the names of things.
    """
    donor = row.get("donor") if "donor" in row.cells else None
    if donor is None or not donor.startswith("organisation/"):
        return
    said = texts_of(row, text, "evidence")
    found = words_of("government").search(" | ".join(said))
    if (
        found
        and not any(words_of("government").search(name) for name in known.shown.get(donor, ()))
        and not any(
            donor in mention.things
            for each in said
            for mention in known.find(each, ["organisation"])
        )
    ):
        fault = row.fault(
            "donor",
            f"{donor}, and the text says {found[0]!r}",
            "write the government, or point to the words that name the donor",
        )
        yield Finding(fault, sure=False)


def check_held(row: Row, text: str) -> Iterator[Finding]:
    """The doubt about an event that its own words say was held, and its text that it will be.

    Args:
        row: a row of the events with evidence.
        text: the document.
    """
    said = " | ".join(texts_of(row, text, "evidence"))
    found = words_of("to-come").search(said)
    own = " ".join(item for name in ("label", "description") for item in row.cells[name])
    held = words_of("held").search(own) and not words_of("to-come", "ahead").search(own)
    if found and held and not words_of("held", "done").search(said):
        fault = row.fault(
            "description",
            f"it says that it was held, and the text says {found[0]!r}",
            "say that it was planned, or point to the words that say that it was held",
        )
        yield Finding(fault, sure=False)
