"""Checking the things that a row names against those that its evidence names.

A row whose evidence is nothing but the name of another thing, or counts another group beside its
number, is wrong. What only mentions another one is a doubt, as there are more ways to name a thing
than the tables know.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from kzgraph.tables import Row
from kzgraph.tables.schema import NUMBER_COLUMNS
from kzgraph.verification.age_groups import check_age_group
from kzgraph.verification.claim_words import pattern_of, words_of
from kzgraph.verification.findings import Finding, spans_of, texts_of
from kzgraph.verification.known_names import KnownNames, Mention, outside
from kzgraph.verification.numbers import numbers_in

#: The codes whose names are looked for, by their scheme.
SCHEMES = ("population-group", "sex", "age")


class _Column(NamedTuple):
    """A column that names a thing.

    Attributes:
        name: its name.
        families: what the ids of the things begin with that its evidence may name in its place.
        place: how it is named: at the `start` of evidence, in a `locative`, or beside a `number`.
    """

    name: str
    families: tuple[str, ...]
    place: str


_COLUMNS = (
    _Column("donor", ("country", "organisation"), "start"),
    _Column("participant", ("country",), "start"),
    _Column("instrument", ("instrument",), ""),
    _Column("partner", ("organisation",), "start"),
    _Column("organisation", ("organisation",), ""),
    _Column("origin", ("country",), ""),
    _Column("place", ("place",), "locative"),
    _Column("scope", ("country", "place"), "locative"),
    _Column("group", ("population-group",), "number"),
    _Column("sex", ("sex",), "number"),
    _Column("age", ("age",), "number"),
)
_LETTERS = re.compile(r"[^\W\d_]+")
#: The words that may stand between a number and what it counts.
_BETWEEN = re.compile(r"(?:-[^\W\d]{1,3})?[^\S\n\t]+(?:[^\W\d]+(?:-[^\W\d]+)*[^\S\n\t]+){0,2}")
#: What joins a number to what it counts within one span, a dash.
_DASH = re.compile(r"(?:-[^\W\d]{1,3})?\s+[\u2013\u2014]\s+")
#: `45 refugee families` are no refugees.
_OF_OTHER = re.compile(rf"\s+(?:{pattern_of('household')})(?!\w)", re.IGNORECASE)
#: What stands between a name and the number behind it, as in a table.
_JOINT = re.compile(
    r"\s*[:|(=\t\u2013-]\s*"
    r"|\s+(?:(?:are|is|were|was|number|make up|made up|account for|accounted for|составля\w+"
    r"|составил\w*|насчитыва\w+)\s+)?",
    re.IGNORECASE,
)
_NEAR = 80


def check_names(
    row: Row, text: str, known: KnownNames, languages: tuple[str, ...] = ("en",)
) -> Iterator[Finding]:
    """The findings of a row that names one thing where its evidence names another of its kind.

    Args:
        row: a row with evidence.
        text: the document.
        known: the names of the things and codes.
        languages: the languages of the document.
    """
    for column in _COLUMNS:
        thing = row.get(column.name) if column.name in row.cells else None
        if thing is None:
            continue
        if column.place == "number":
            thing = f"{column.families[0]}/{thing}"
        related = known.related.get(thing)
        if related is None or not any(
            each.startswith(f"{family}/") for each in related for family in column.families
        ):
            continue
        if column.place == "number":
            yield from _check_counted(row, text, column, known, related, languages)
            continue
        yield from _check_named(row, text, column, known, related)


def _check_named(
    row: Row, text: str, column: _Column, known: KnownNames, related: frozenset[str]
) -> Iterator[Finding]:
    accounted = _account(row, column.name, known)
    thing = row.require(column.name)
    of_evidence, of_context = (
        [(each, known.find(each, column.families)) for each in texts_of(row, text, name)]
        for name in ("evidence", "context")
    )
    spans = [*of_evidence, *of_context]
    if _names_thing(spans, thing, known, related):
        return
    only_context = column.name in ("origin", "place", "scope") and not any(
        found for _, found in of_evidence
    )
    for each, found in spans if only_context else of_evidence:
        others = [mention for mention in found if not mention.things & accounted]
        if not others:
            continue
        first = others[0]
        alone = len(others) == len(found) and _is_alone(each, found)
        by_country = any(item.startswith("country/") for item in first.things)
        starts = column.place == "start" and first.start == 0 and by_country
        locative = column.place == "locative" and bool(
            re.search(rf"(?<!\w)(?:{pattern_of('locative')})\s+\Z", each[: first.start], re.I)
        )
        if only_context and not alone:
            continue
        if column.place == "locative" and not (alone or locative):
            continue
        said = each[first.start : first.end]
        yield Finding(
            row.fault(
                column.name,
                f"{thing}, and the text names {said!r}",
                f"write {' or '.join(sorted(first.things))}, or point to the words that name"
                f" {thing}",
            ),
            alone or starts or column.name == "instrument",
        )
        return


def _names_thing(
    spans: list[tuple[str, list[Mention]]], thing: str, known: KnownNames, related: frozenset[str]
) -> bool:
    """Whether spans, each with what it mentions, name a thing or may do so."""
    return any(
        any(mention.things & related for mention in found)
        # `Ministry of Justice` may be the name of another country's, too.
        or any(known.has_words(thing, each[one.start : one.end]) for one in found)
        or any(known.may_mention(piece, thing) for piece in outside(each, found))
        for each, found in spans
    )


def _account(row: Row, name: str, known: KnownNames) -> frozenset[str]:
    """What other columns of a row name, so that its text may; a scope with what it lies in."""
    things = {item for other, items in row.cells.items() if other != name for item in items}
    scopes = row.cells.get("scope", ()) if name != "scope" else ()
    return frozenset(things).union(*(known.related.get(each, frozenset()) for each in scopes))


def _is_alone(text: str, mentions: list[Mention]) -> bool:
    """Whether a text is nothing but names, with numbers and small words."""
    rest = " ".join(outside(text, mentions))
    return not _LETTERS.search(words_of("function").sub(" ", rest))


def _check_counted(
    row: Row,
    text: str,
    column: _Column,
    known: KnownNames,
    related: frozenset[str],
    languages: tuple[str, ...],
) -> Iterator[Finding]:
    """A number of another group, sex or age than that of the row."""
    family, code = column.families[0], row.require(column.name)
    said = texts_of(row, text, "evidence", "context")
    if family == "age" and (wrong := list(check_age_group(row, said, known.shown[f"age/{code}"]))):
        yield from wrong
        return
    if any(mention.things & related for each in said for mention in known.find(each, [family])):
        return
    near = list(_find_beside(row, text, known, family, languages))
    sure = bool(near)
    if not near:
        # A number alone has its group in a heading, which may be that of a whole page.
        found = [(each, known.find(each, [family])) for each in said]
        near = [
            each[m.start : m.end] for each, all_ in found if _is_alone(each, all_) for m in all_
        ]
        sure = any(each in span for each in near for span in texts_of(row, text, "evidence"))
    if not near and family in ("population-group", "sex") and len(related) > 1:
        # Elsewhere in the evidence it is a doubt: what is counted may come before the date.
        evidence = texts_of(row, text, "evidence")
        near = [each[m.start : m.end] for each in evidence for m in known.find(each, [family])]
        sure = False
    if near:
        fault = row.fault(
            column.name,
            f"{code}, and the text says {near[0]!r} of this number",
            f"write the code of {near[0]!r} (kzgraph codes {family}), or point to {code}",
        )
        # A code that stands alone, such as that of no group, may well go with another.
        yield Finding(fault, sure and len(related) > 1)


def _find_beside(
    row: Row, text: str, known: KnownNames, family: str, languages: tuple[str, ...]
) -> Iterator[str]:
    """The names of a family right beside the numbers of a row in its evidence."""
    stated = {abs(Decimal(item)) for name in NUMBER_COLUMNS if (item := row.get(name))}
    for span in spans_of(row, "evidence"):
        for number in numbers_in(text, languages):
            inside = span.start <= number.start and number.end <= span.end
            if number.value not in stated or not inside:
                continue
            after = text[number.end : max(span.end, number.end + _NEAR)]
            before = text[span.start : number.start]
            for mention in known.find(after, [family]):
                joined = _BETWEEN.fullmatch(after, 0, mention.start) or (
                    _DASH.fullmatch(after, 0, mention.start)
                    and number.end + mention.end <= span.end
                )
                if joined and not _OF_OTHER.match(after, mention.end):
                    yield after[mention.start : mention.end]
                break
            else:
                for mention in known.find(before, [family])[-1:]:
                    if _JOINT.fullmatch(before, mention.end):
                        yield before[mention.start : mention.end]
