"""Which of the times in a claim one of its numbers is of."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from kzgraph.checking.cues import Cue, Token, find_together, load_cues, load_words, tell
from kzgraph.checking.moments import Moment
from kzgraph.checking.verdicts import Dimension, Read
from kzgraph.checking.zones import Segment
from kzgraph.verification.numbers import Number

#: How many words may stand between "since" and its year, before and behind it.
_REACH_BEHIND, _REACH = 3, 8
_YEAR = len("2018")


class Times:
    """The times of one claim.

    Args:
        text: the claim.
        tokens: its words.
        moments: its times, in order.
        language: that it is in.
    """

    def __init__(
        self, text: str, tokens: Sequence[Token], moments: Sequence[Moment], language: str
    ) -> None:
        self._text, self._tokens, self._moments = text, tokens, moments
        self._language = language

    def read(self, number: Number, zones: Sequence[Segment]) -> Iterator[Read]:
        """The time of a number; none where the claim names none."""
        moments = self._told
        chosen: Moment | None = next(
            (each for each in moments if self._stands_behind(each, number)), None
        )
        front = [token.text for token in self._tokens if token.end <= number.start][-1:]
        if set(front) & load_words("from-number"):
            zones = zones[:1]  # "Down from 6,706" is of some time before.
        for zone in () if chosen else zones:
            here = [each for each in moments if self._place_of(each) in zone.places]
            if here:
                chosen = min(here, key=lambda each: self._distance(each, number))
                break
            later = self._any("year-after", zone.places)
            if later and zone is zones[0]:
                before = [each for each in moments if each.start < number.start and each.year]
                if before:
                    year = str((before[-1].year or 0) + 1)
                    yield tell(self._text, self._tokens, Dimension.TIME, year, later[1])
                    return
        if chosen is None:
            return
        code = chosen.code
        if code.startswith("--"):
            years = {each.year for each in moments if each.year}
            code = f"{years.pop()}{code[1:]}" if len(years) == 1 else code
        start, end = chosen.start - chosen.before, chosen.end + chosen.behind
        since = self._any("since", range(len(self._tokens)))
        if (since and self._belongs(since[1][0], chosen)) or self._follows_from(chosen):
            code = f"{code[:4]}--"
            at = self._place_of(chosen)
            word = self._tokens[since[1][0] if since else at - 1]
            if self._is_beside(word, start, end):
                start, end = min(start, word.start), max(end, word.end)
        yield Read(Dimension.TIME, code, self._text[start:end], start, end)

    def _is_beside(self, word: Token, start: int, end: int) -> bool:
        """Whether nothing stands between a word and a stretch, or one word: "2018 жылдан бері"."""
        span = (word.end, start) if word.end <= start else (end, word.start)
        between = self._text[slice(*span)].strip(" -\u2011")
        return not between or between.isalpha()

    @cached_property
    def _told(self) -> list[Moment]:
        """The times that numbers may be of; found once for all of them."""
        return [each for each in self._moments if not self._is_base(each)]

    def _stands_behind(self, moment: Moment, number: Number) -> bool:
        """Whether a time stands in brackets right behind a number: `94,532 (2017)`."""
        between = self._text[number.end : moment.start]
        return moment.start >= number.end and between.strip() == "("

    def _distance(self, moment: Moment, number: Number) -> tuple[bool, int]:
        """How near a time is to a number; Kazakh has it before the number."""
        return (
            self._language == "kk" and moment.start > number.start,
            abs(moment.start - number.start),
        )

    def _place_of(self, moment: Moment) -> int:
        return next(at for at, token in enumerate(self._tokens) if token.end > moment.start)

    def _belongs(self, since: int, moment: Moment) -> bool:
        """Whether a year is the one that "since" is said of."""
        at = self._place_of(moment)
        later = [each for each in self._moments if self._tokens[since].start < each.start]
        behind = self._tokens[since].text in load_words("since-behind")
        if behind:
            return 0 < since - at <= _REACH_BEHIND
        return bool(later) and later[0] == moment and at - since <= _REACH

    def _follows_from(self, moment: Moment) -> bool:
        """Whether `from 2014` or its like stands before a year, and no end of the time behind."""
        at = self._place_of(moment)
        before = self._tokens[at - 1].text if at else ""
        behind = {token.text for token in self._tokens[at + 1 : at + 4]}
        return (
            before in load_words("since-before")
            and len(moment.code) == 4
            and not behind & load_words("until")
        )

    def _is_base(self, moment: Moment) -> bool:
        """Whether a time is only what something is compared with: "47 % fewer than in 2017"."""
        if len({each.year for each in self._moments}) < 2 and not self._any(
            "year-after", range(len(self._tokens))
        ):
            start = self._place_of(moment)
            before = {token.text for token in self._tokens[max(0, start - 3) : start]}
            return bool(before & load_words("than"))
        at = self._place_of(moment)
        places = range(max(0, at - 4), at)
        found = find_together(load_cues()["base-year"], self._tokens, list(places), set())
        after = {token.text for token in self._tokens[at + 1 : at + 3]}
        return bool(found) or bool(after & load_words("than-behind"))

    def _any(self, kind: str, places: Sequence[int]) -> tuple[Cue, list[int]] | None:
        return find_together(load_cues()[kind], self._tokens, list(places), set())
