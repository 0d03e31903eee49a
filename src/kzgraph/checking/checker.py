"""Checking claims against a release."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pyoxigraph import Store

from kzgraph.checking.change_directions import judge_changes
from kzgraph.checking.claim_reading import read_claim
from kzgraph.checking.claim_text import MOST_NUMBERS
from kzgraph.checking.cleaning import clean
from kzgraph.checking.comparing import (
    Compared,
    Likeness,
    compare,
    find_candidates,
    judge,
)
from kzgraph.checking.known_figures import Figures
from kzgraph.checking.known_words import KnownWords
from kzgraph.checking.later import find_later
from kzgraph.checking.official_sums import OfficialCells
from kzgraph.checking.verdicts import (
    Answer,
    Dimension,
    Finding,
    NumberAnswer,
    Quantified,
    Read,
    Reason,
    Verdict,
)

#: How many code points of a claim are read.
LONGEST = 1_000
#: How many figures an answer has.
MOST_FINDINGS, MOST_NEAREST = 8, 3
#: The better verdicts; of several numbers the last one is the verdict of the claim.
_ORDER = (
    *(Verdict.STATED, Verdict.ROUNDED, Verdict.NOT_FOUND, Verdict.SUPERSEDED),
    *(Verdict.FORECAST, Verdict.OTHER_SCOPE, Verdict.CONTRADICTED),
)
#: What is only a rounding comes after what has the number itself, of another scope or group.
_LESS = 2
#: What says of what a number is: a figure that shares none of it is near by chance.
_ABOUT = frozenset(
    {
        *(Dimension.PLACE, Dimension.GROUP, Dimension.ORIGIN, Dimension.QUANTITY),
        *(Dimension.SERIES, Dimension.REGISTERED_BY),
    }
)
#: From here on a number is hardly met by chance.
_HUNDRED = 100
#: In which order the figures that bear on a number are told.
_PLACES = {
    Verdict.STATED: 0,
    Verdict.ROUNDED: 0,
    Verdict.SUPERSEDED: 1,
    Verdict.FORECAST: 3,
    Verdict.OTHER_SCOPE: 3,
    Verdict.CONTRADICTED: 4,
}


class Checker:
    """Checks claims against the figures of one release; threads may share it.

    It reads the names and the documents' figures of the release once, when it is made; of official
    data it asks for single cells.
    """

    def __init__(self, store: Store) -> None:
        """Check against the quads of `store`."""
        self._figures = Figures(store)
        self._by_node = {each.node: each for each in self._figures.known}
        self._known = KnownWords(store, self._figures)
        self._official = OfficialCells(store)

    def check(self, claim: str, corrected: Mapping[Dimension, str] | None = None) -> Answer:
        """What the release states of a claim.

        Args:
            claim: a number or a sentence; what is behind the first `LONGEST` code points is left,
                and so are numbers behind the first `MOST_NUMBERS`.
            corrected: what the reader says of a dimension, instead of what was read of it: an IRI
                or code as `Read.code` has it; empty for nothing.
        """
        text = clean(claim[:LONGEST]).strip()
        read = read_claim(text, self._known)
        numbers = [_correct(each, corrected or {}) for each in read.numbers]
        answers: dict[int, NumberAnswer] = {}
        for number in numbers:
            answer = self._answer(number, read.speaks_of_now)
            before = answers.get(number.start)
            # Of two readings of a comma, the one that something is found for.
            if before is None or _rank(answer) < _rank(before):
                answers[number.start] = answer
        found = tuple(judge_changes(text, list(answers.values())[:MOST_NUMBERS], self._by_node))
        shortened = len(claim) > LONGEST or len(answers) > MOST_NUMBERS
        verdict = max((each.verdict for each in found), key=_ORDER.index, default=Verdict.NOT_FOUND)
        return Answer(text, read.language, verdict, found, read.unread, shortened)

    def _answer(self, number: Quantified, speaks_of_now: bool) -> NumberAnswer:
        compared = [compare(number, each) for each in find_candidates(number, self._figures)]
        findings = []
        for each in compared:
            finding = judge(each, number)
            if finding is not None:
                findings.append((self._later(finding, each, number, speaks_of_now), each))
        ranked = [finding for finding, each in sorted(findings, key=_order_of)]
        official = self._official.find(number)
        if official is not None:
            ranked = _with_official(ranked, official)
        kept = tuple(ranked[:MOST_FINDINGS])
        if kept:
            return NumberAnswer(number, kept[0].verdict, kept)
        beside = (official,) if official is not None else ()
        nearest = (*beside, *self._nearest(compared, number))[:MOST_NEAREST]
        return NumberAnswer(number, Verdict.NOT_FOUND, (), nearest)

    def _later(
        self, finding: Finding, compared: Compared, number: Quantified, speaks_of_now: bool
    ) -> Finding:
        """The finding, superseded where a later figure of the same is there."""
        if finding.verdict not in (Verdict.STATED, Verdict.ROUNDED) or not number.read:
            return finding
        later = find_later(compared.known, number, self._figures, speaks_of_now)
        if later is None:
            return finding
        return replace(
            finding,
            verdict=Verdict.SUPERSEDED,
            reasons=(*finding.reasons, Reason.LATER),
            later=later,
        )

    def _nearest(self, compared: Sequence[Compared], number: Quantified) -> tuple[Finding, ...]:
        """Figures that have the number or are of the same, those that are stated first."""
        ranked = sorted(
            (each for each in compared if _is_near(each, number)),
            key=lambda each: (
                each.known.is_computed,
                -each.likeness,
                len(each.unlike),
                -len(each.named),
            ),
        )
        return tuple(
            Finding(
                Verdict.NOT_FOUND,
                each.known.node,
                (*each.unlike, *((Reason.COMPUTED,) if each.known.is_computed else ())),
                value=each.known.amount,
            )
            for each in ranked[:MOST_NEAREST]
        )


def _is_near(compared: Compared, number: Quantified) -> bool:
    """Whether a figure is like a claim, and not only near to its number by chance."""
    if compared.named & _ABOUT:
        return bool(compared.likeness) or len(compared.named) > 1
    says_nothing = _ABOUT.isdisjoint(each.dimension for each in number.read)
    is_same = compared.likeness is Likeness.SAME and abs(number.value) >= _HUNDRED
    return is_same or (bool(compared.likeness) and says_nothing)


def _order_of(found: tuple[Finding, Compared]) -> tuple[int, int, bool, int, bool, int, str]:
    """The most useful first; of figures of other values the likeliest to be meant."""
    finding, compared = found
    known = compared.known
    is_part = bool(known.registered_by) and Dimension.REGISTERED_BY not in compared.named
    return (
        _PLACES[finding.verdict] + (0 if compared.likeness is Likeness.SAME else _LESS),
        -compared.likeness,
        Reason.DIGITS not in finding.reasons,
        len(finding.reasons),
        is_part,
        -(known.year or 0),
        known.node.value,
    )


def _with_official(ranked: list[Finding], official: Finding) -> list[Finding]:
    """The findings with what official data have; they state a number, and contradict none alone."""
    if official.verdict is Verdict.STATED:
        at = next(
            (at for at, each in enumerate(ranked) if each.verdict is not Verdict.STATED),
            len(ranked),
        )
        # A document that gives the same number another meaning is more to the point.
        telling = {Verdict.SUPERSEDED, Verdict.FORECAST}
        if at < len(ranked) and ranked[at].verdict in telling:
            at += 1
        return [*ranked[:at], official, *ranked[at:]]
    if official.verdict is Verdict.ROUNDED:
        return [*ranked, official] if ranked else [official]
    return ranked


def _rank(answer: NumberAnswer) -> int:
    return len(_ORDER) if answer.verdict is Verdict.NOT_FOUND else _ORDER.index(answer.verdict)


def _correct(number: Quantified, corrected: Mapping[Dimension, str]) -> Quantified:
    if not corrected:
        return number
    kept = [each for each in number.read if each.dimension not in corrected]
    added = [Read(dimension, code, "", 0, 0) for dimension, code in corrected.items() if code]
    return replace(number, read=(*kept, *added))
