"""Whether two numbers that a claim says something changed between went that way."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pyoxigraph import NamedNode

from kzgraph.checking.known_figures import Known
from kzgraph.checking.verdicts import Dimension, NumberAnswer, Quantified, Reason, Verdict

#: In front of the number that something changed from, and between it and the other.
_FROM = re.compile(r"(?<!\w)(?:from|со?)\s+(?:[^\W\d_]+\s+){0,2}\Z", re.IGNORECASE)
_TO = re.compile(r"(?<!\w)(?:to|до)(?!\w)", re.IGNORECASE)
#: Kazakh has both behind their numbers.
_FROM_BEHIND = re.compile(r"[-\u2011]?\s?[дтн][ае]н(?!\w)")
_TO_BEHIND = re.compile(r"[-\u2011]?\s?[ғгқк][ае](?!\w)")
#: How far in front of a number words are looked at.
_REACH = 32
_STATED = frozenset({Verdict.STATED, Verdict.ROUNDED, Verdict.SUPERSEDED})


def judge_changes(
    text: str, answers: Sequence[NumberAnswer], known: Mapping[NamedNode, Known]
) -> Iterator[NumberAnswer]:
    """The answers to a claim; that to the end of a change that went the other way contradicts it.

    Each of the numbers may be stated, and yet "rose from 94,532 to 88,419" is stated by nobody;
    nor is that it rose to what it was a year before.

    Args:
        text: the claim.
        answers: to its numbers, in order.
        known: the figures that answers name.
    """
    turned = {
        id(end)
        for start, end in pairwise(answers)
        if _is_change(text, start.number, end.number) and _is_turned(start, end, known)
    }
    for each in answers:
        if id(each) not in turned:
            yield each
            continue
        first, *others = each.findings
        first = replace(
            first, verdict=Verdict.CONTRADICTED, reasons=(*first.reasons, Reason.DIRECTION)
        )
        yield replace(each, verdict=Verdict.CONTRADICTED, findings=(first, *others))


def _is_change(text: str, start: Quantified, end: Quantified) -> bool:
    if _FROM.search(text, max(0, start.start - _REACH), start.start):
        return bool(_TO.search(text, start.end, end.start))
    return bool(_FROM_BEHIND.match(text, start.end) and _TO_BEHIND.match(text, end.end))


def _is_turned(start: NumberAnswer, end: NumberAnswer, known: Mapping[NamedNode, Known]) -> bool:
    """Whether two numbers that are stated do not go where the claim says, or not in that order."""
    if not {start.verdict, end.verdict} <= _STATED:
        return False
    said = {each for one in (start, end) for each in one.number.codes(Dimension.DIRECTION)}
    way = "up" if end.number.value > start.number.value else "down"
    if len(said) == 1 and way not in said:
        return True
    pair = [known.get(each.findings[0].figure) for each in (start, end)]
    match pair:
        case [Known() as before, Known() as after]:
            same = (before.scope, before.group, before.quantity, before.series) == (
                *(after.scope, after.group, after.quantity, after.series),
            )
            return same and (before.year or 0) > (after.year or before.year or 0)
    return False
