"""Checking what a figure counts, and its status, against the words beside its number."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from kzgraph.months import PATTERN as MONTHS
from kzgraph.tables import Row, parse_time
from kzgraph.tables.schema import NUMBER_COLUMNS
from kzgraph.verification.ages import is_age, is_surely_age
from kzgraph.verification.beside import check_beside
from kzgraph.verification.claim_words import pattern_of, words_of
from kzgraph.verification.findings import Finding, spans_of, texts_of
from kzgraph.verification.numbers import Number, numbers_in
from kzgraph.verification.people import PEOPLE
from kzgraph.years import PATTERN as YEAR

#: What may stand between a number and what it counts: words, but no mark.
_WORDS_BETWEEN = r"\s+(?:[^\W\d]+(?:-[^\W\d]+)*\s+){0,2}?"
#: How far behind a number what it counts is looked for, in code points.
_NEAR = 80
_HOUSEHOLDS = re.compile(rf"{_WORDS_BETWEEN}(?:{pattern_of('household')})(?!\w)", re.IGNORECASE)
_PEOPLE = re.compile(
    rf"\s+(?:{PEOPLE})(?!\w)(?!\s+(?:{pattern_of('household')})(?!\w))", re.IGNORECASE
)
_SOME_PEOPLE = re.compile(rf"(?<!\w)(?:{PEOPLE})(?!\w)", re.IGNORECASE)
#: What may be said of a number beside it: `the target of 500`, `planned: 500`.
_BESIDE = r"(?:\s+(?:of|was|is|were|at|for|в|на|составил\w*|составля\w*))?\s*[:=(\u2013-]?\s*"
_ITS_YEAR = rf"(?:\s*[,(]?\s*{YEAR}\s*\)?)?"
#: What may stand between `by` and its year; not `by Kazakhstan in 2023`.
_OF_YEAR = (
    rf"the|end|of|start|year|early|mid|late|year-end|конца|начала|середины|году|{MONTHS}|\d{{1,2}}"
)
#: A denial behind its verb, in Kazakh.
_DENIED_BEHIND = re.compile(r"\s+(?:жоқ|емес)(?!\w)", re.IGNORECASE)
#: What a heading says of the numbers in brackets alone: `(в скобках план)`.
_OF_BRACKETED = re.compile(
    r"\([^()]*(?<!\w)(?:brackets|parenthes[ei]s|скобках|жақша\w*)(?!\w)[^()]*\)", re.IGNORECASE
)
_DEADLINE_BEFORE = re.compile(
    rf"(?<!\w)(?:{pattern_of('deadline')})\s+(?:(?:{_OF_YEAR}),?\s+){{0,3}}\Z", re.IGNORECASE
)
_DEADLINE_AFTER = re.compile(
    rf"(?:\s*[-\u2011]?\s*(?:{pattern_of('deadline-after')}))(?!\w)", re.IGNORECASE
)


def check_counted(
    row: Row,
    text: str,
    languages: Sequence[str],
    names: Mapping[str, str],
    issued: str | None = None,
) -> Iterator[Finding]:
    """The findings of a row whose number, unit, status or deadline is another in its text.

    Args:
        row: a row with evidence.
        text: the document.
        languages: the languages of the document.
        names: the names of each quantity and indicator, as `quantity/CODE`.
        issued: the day, month or year of the document, if it is known.
    """
    if row.schema.name == "pledges":
        yield from _check_deadline(row, text)
    if "value" not in row.cells:
        return
    places = list(_find_places(row, text, tuple(languages)))
    yield from _check_age(row, text, places)
    yield from _check_unit(row, text, places)
    yield from _check_status(row, text, places)
    yield from _check_gap(row, text, names)
    own = " ".join(
        names.get(f"{column}/{row.get(column)}", "")
        for column in ("quantity", "indicator")
        if column in row.cells
    )
    yield from check_beside(row, text, places, own, issued)


def _find_places(row: Row, text: str, languages: tuple[str, ...]) -> Iterator[Number]:
    """The numbers of the evidence that the row gives; their scale does not matter here."""
    stated = {abs(Decimal(item)) for name in NUMBER_COLUMNS if (item := row.get(name))}
    spans = spans_of(row, "evidence")
    for found in numbers_in(text, languages):
        if found.value in stated and any(
            span.start <= found.start and found.end <= span.end for span in spans
        ):
            yield found


def _check_age(row: Row, text: str, places: list[Number]) -> Iterator[Finding]:
    if row.get("value") and places and all(is_age(text, place) for place in places):
        fault = row.fault(
            "value",
            f"{row.get('value')} is an age in its evidence",
            "give the number of those who are so old, and the age in the column age",
        )
        yield Finding(fault, all(is_surely_age(text, place) for place in places))


def _check_unit(row: Row, text: str, places: list[Number]) -> Iterator[Finding]:
    """People are not households; words of a heading alone are a doubt."""
    unit = row.get("unit")
    if unit == "percent" and places and all(_PEOPLE.match(text, each.end) for each in places):
        fault = row.fault("unit", "percent, and the text counts people", "write persons")
        yield Finding(fault, sure=True)
    if unit not in ("persons", "households"):
        return
    other = "households" if unit == "persons" else "persons"
    remedy = f"write {other}, or point to the number of {unit}"
    own, wrong = (_PEOPLE, _HOUSEHOLDS) if unit == "persons" else (_HOUSEHOLDS, _PEOPLE)
    nears = [text[place.end : place.end + _NEAR] for place in places]
    counted = [match for near in nears if not own.match(near) and (match := wrong.match(near))]
    if nears and len(counted) == len(nears):
        said = counted[0][0].strip()
        yield Finding(row.fault("unit", f"{unit}, and the text says {said!r}", remedy), sure=True)
    elif unit == "persons":
        said = " | ".join(texts_of(row, text, "evidence", "context"))
        found = words_of("household").search(said)
        if found and not _SOME_PEOPLE.search(said):
            message = f"{unit}, and its spans have {found[0]!r} and no word for people"
            yield Finding(row.fault("unit", message, remedy), sure=False)


def _check_status(row: Row, text: str, places: list[Number]) -> Iterator[Finding]:
    """What was planned did not happen yet; what is a heading or beside the number is sure."""
    status = row.get("status")
    if status is None:
        return
    right, wrong = ("done", "ahead") if status == "actual" else ("ahead", "done")
    for column in ("evidence", "context"):
        said = [_leave_other_numbers(each, text, places) for each in texts_of(row, text, column)]
        if any(words_of(right).search(each) for each in said):
            return
        found = next((word for each in said for word in _affirmed(wrong, each)), None)
        if found is None:
            continue
        heading = re.compile(rf"\W*(?:{pattern_of(wrong)})[\W\d]*", re.IGNORECASE)
        beside = re.compile(rf"(?<!\w)(?:{pattern_of(wrong)}){_ITS_YEAR}{_BESIDE}\Z", re.IGNORECASE)
        sure = any(map(heading.fullmatch, said)) or (
            column == "evidence"
            and bool(places)
            and all(
                beside.search(text, max(0, place.start - _NEAR), place.start) for place in places
            )
        )
        remedy = (
            "write planned or target, or point to what happened"
            if status == "actual"
            else "write actual, or point to what was planned"
        )
        message = f"{status}, and the text says {found[0]!r}"
        yield Finding(row.fault("status", message, remedy), sure)
        return


def _affirmed(kind: str, text: str) -> Iterator[re.Match[str]]:
    """The words of a kind that their text does not deny: not `пока не поступили`."""
    for found in words_of(kind).finditer(text):
        before = " ".join(text[: found.start()].split()[-2:])
        behind = _DENIED_BEHIND.match(text, found.end())
        if not behind and not words_of("negation").search(before):
            yield found


def _leave_other_numbers(said: str, text: str, places: list[Number]) -> str:
    """A text without what it says of numbers that are, or are not, in brackets as its own are."""
    found = _OF_BRACKETED.search(said)
    if not found or not places:
        return said
    bracketed = all(text[: place.start].rstrip().endswith("(") for place in places)
    return found[0] if bracketed else said[: found.start()] + said[found.end() :]


def _check_gap(row: Row, text: str, names: Mapping[str, str]) -> Iterator[Finding]:
    """What is lacking is not what was given."""
    if row.schema.name != "finance":
        return
    said = " | ".join(texts_of(row, text, "evidence"))
    found = words_of("gap").search(said)
    quantity = row.get("quantity")
    if not found or words_of("gap").search(names.get(f"quantity/{quantity}", "")):
        return
    other = words_of("covered", "ahead", "done").search(words_of("gap").sub("", said))
    message = f"{quantity}, and the text says {found[0]!r}"
    remedy = "give the quantity that is lacking, or point to the number that is meant"
    yield Finding(row.fault("quantity", message, remedy), sure=not other)


def _check_deadline(row: Row, text: str) -> Iterator[Finding]:
    """The time of a pledge is that when it was made, and not that by which it will be kept."""
    time = row.get("time")
    if time is None:
        return
    for year in sorted({part[:4] for part in parse_time(time).parts}):
        spans = spans_of(row, "evidence", "context")
        places = [
            found
            for span in spans
            for found in re.finditer(rf"(?<!\d){year}(?!\d)", text[slice(*span)])
        ]
        if places and all(
            _DEADLINE_BEFORE.search(found.string, 0, found.start())
            or _DEADLINE_AFTER.match(found.string, found.end())
            for found in places
        ):
            fault = row.fault(
                "time",
                f"{year} is a deadline in its spans, and not when the pledge was made",
                "empty it, or give the time when the pledge was made",
            )
            yield Finding(fault, sure=True)
