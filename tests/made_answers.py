"""Answers to claims on the figures of the three documents, made by hand for tests of what shows."""

from collections.abc import Mapping
from decimal import Decimal

from kzgraph.checking import (
    Answer,
    Dimension,
    Finding,
    NumberAnswer,
    Quantified,
    Read,
    Reason,
    Verdict,
)
from kzgraph.iri import thing

_PAGE, _SHEET = "global-focus-2018", "fact-sheet-2024"


def read(claim: str, dimension: Dimension, code: str, words: str) -> Read:
    """A piece of a claim that was read: its first occurrence."""
    start = claim.index(words)
    return Read(dimension, code, words, start, start + len(words))


def number(claim: str, written: str, value: str, *pieces: Read, unread: str = "") -> Quantified:
    """A number of a claim."""
    start = claim.index(written)
    left = tuple(filter(None, (unread,)))
    return Quantified(
        Decimal(value), written, start, start + len(written), Decimal(1), pieces, left
    )


def find(verdict: Verdict, *path: str, reasons: tuple[Reason, ...] = ()) -> Finding:
    """A finding about a figure of a document."""
    return Finding(verdict, thing("figure", *path), reasons)


def answer(claim: str, *numbers: NumberAnswer, unread: tuple[str, ...] = ()) -> Answer:
    """An answer whose verdict is the least favourable of its numbers."""
    order = list(Verdict)
    worst = max((each.verdict for each in numbers), key=order.index, default=Verdict.NOT_FOUND)
    return Answer(claim, "en", worst, numbers, unread)


def _make() -> dict[str, Answer]:
    place, time, group = Dimension.PLACE, Dimension.TIME, Dimension.GROUP
    kazakhstan = thing("country", "KAZ").value
    stateless = thing("population-group", "STA").value
    refugees = thing("population-group", "REF").value

    scope = "87,632 stateless people in Kazakhstan in 2018"
    several = "7,892 stateless people and 12 pledges in Kazakhstan"
    digits = "7,982 stateless people in Kazakhstan"
    nothing = "41 refugees in Atlantis"
    official = "7,690 stateless people in Kazakhstan in 2018"
    forecast = "UNHCR spent 9.8 million in 2019"
    return {
        scope: answer(
            scope,
            NumberAnswer(
                number(
                    scope,
                    "87,632",
                    "87632",
                    read(scope, group, stateless, "stateless people"),
                    read(scope, place, kazakhstan, "Kazakhstan"),
                    read(scope, time, "2018", "2018"),
                ),
                Verdict.OTHER_SCOPE,
                (
                    find(
                        Verdict.OTHER_SCOPE,
                        _PAGE,
                        "stateless-2018",
                        reasons=(Reason.SCOPE,),
                    ),
                    find(
                        Verdict.CONTRADICTED,
                        _PAGE,
                        "stateless-kazakhstan-2018",
                        reasons=(Reason.VALUE,),
                    ),
                ),
            ),
        ),
        several: answer(
            several,
            NumberAnswer(
                number(
                    several, "7,892", "7892", read(several, group, stateless, "stateless people")
                ),
                Verdict.STATED,
                (find(Verdict.STATED, _SHEET, "stateless-people"),),
            ),
            NumberAnswer(
                number(several, "12", "12", unread="moon"),
                Verdict.CONTRADICTED,
                (
                    find(
                        Verdict.CONTRADICTED,
                        _SHEET,
                        "pledges-made-2023",
                        reasons=(Reason.VALUE, Reason.UNREAD),
                    ),
                ),
            ),
        ),
        digits: answer(
            digits,
            NumberAnswer(
                number(digits, "7,982", "7982", read(digits, group, stateless, "stateless people")),
                Verdict.CONTRADICTED,
                (
                    find(
                        Verdict.CONTRADICTED,
                        _SHEET,
                        "stateless-people",
                        reasons=(Reason.VALUE, Reason.DIGITS),
                    ),
                ),
            ),
        ),
        nothing: answer(
            nothing,
            NumberAnswer(
                number(nothing, "41", "41", read(nothing, group, refugees, "refugees")),
                Verdict.NOT_FOUND,
                (),
                (find(Verdict.NOT_FOUND, _PAGE, "refugees-2018", reasons=(Reason.VALUE,)),),
            ),
            unread=("Atlantis",),
        ),
        official: answer(
            official,
            NumberAnswer(
                number(official, "7,690", "7690", read(official, place, kazakhstan, "Kazakhstan")),
                Verdict.STATED,
                (
                    Finding(
                        Verdict.STATED,
                        thing("official", "unhcr-population", "2018", "KAZ", "XXA", "STA"),
                        value=Decimal(7690),
                    ),
                ),
            ),
        ),
        forecast: answer(
            forecast,
            NumberAnswer(
                number(forecast, "9.8 million", "9800000", read(forecast, time, "2019", "2019")),
                Verdict.FORECAST,
                (find(Verdict.FORECAST, _PAGE, "budget-2019", reasons=(Reason.STATUS,)),),
            ),
        ),
        "no number here": answer("no number here"),
    }


#: Answers by their claims.
ANSWERS: Mapping[str, Answer] = _make()
