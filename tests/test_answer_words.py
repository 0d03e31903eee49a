"""The sentences of answers: each verdict and each reason in words, and nothing beyond."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

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
from kzgraph.checking.answer_words import (
    Telling,
    name_code,
    name_dimension,
    name_verdict,
    translate_not,
    write_answer,
    write_finding,
)
from kzgraph.checking.release_labels import ReleaseLabels
from kzgraph.iri import ID, thing
from kzgraph.release import find_current

PAGE, SHEET = "figure/global-focus-2018", "figure/fact-sheet-2024"
STATELESS, BUDGET = f"{PAGE}/stateless-2018", f"{PAGE}/budget-2018"


@pytest.fixture(scope="module")
def telling(shipped_root: Path) -> Telling:
    store = find_current(shipped_root).store
    return Telling(store, ReleaseLabels(store, "en"))


def number(
    *read: tuple[Dimension, str, *tuple[str, ...]], unread: Sequence[str] = ()
) -> Quantified:
    """A number with what was read of it: the dimension, the words, and a path for its code."""
    pieces = tuple(
        Read(dimension, ID + path[0] if path else "x", words, 0, len(words))
        for dimension, words, *path in read
    )
    return Quantified(Decimal(41), "41", 0, 2, Decimal(1), pieces, tuple(unread))


FIGURE = "Stateless persons, Kazakhstan Regional Office, 2018: 87,632 persons"


@pytest.mark.parametrize(
    ("verdict", "path", "reasons", "said", "sentences"),
    [
        (
            Verdict.STATED,
            STATELESS,
            (),
            number(),
            [f"Stated: {FIGURE}.", "“Kazakhstan Regional Office”"],
        ),
        (
            Verdict.ROUNDED,
            STATELESS,
            (Reason.ROUNDING,),
            number(),
            ["Stated, and rounded in the claim: "],
        ),
        (
            Verdict.OTHER_SCOPE,
            STATELESS,
            (Reason.SCOPE,),
            number((Dimension.PLACE, "Казахстане")),
            [
                "Place: in the claim “Казахстане”, in the source “Kazakhstan Regional Office ",
                "The documents do not list the countries of “Kazakhstan Regional Office ",
            ],
        ),
        (
            Verdict.FORECAST,
            BUDGET,
            (Reason.QUANTITY, Reason.STATUS),
            number((Dimension.QUANTITY, "spent")),
            [
                "5.52037323 (by a note of the project: 5,520,373.23 US dollars)",
                "What is measured: in the claim “spent”, in the source “Budget”.",
                "Status: in the source “Planned”; the claim does not say.",
            ],
        ),
        (
            Verdict.CONTRADICTED,
            STATELESS,
            (Reason.DIGITS, Reason.VALUE, Reason.GROUP, Reason.TIME, Reason.UNIT, Reason.UNREAD),
            number(
                (Dimension.GROUP, "refugees"),
                (Dimension.TIME, "2017"),
                (Dimension.UNIT, "%"),
                unread=("moon",),
            ),
            [
                f"The sources state something else: {FIGURE}.",
                "Its digits are almost those of the claim.",
                "Number: in the claim “41”, in the source “87,632 persons”.",
                "Group of people: in the claim “refugees”, in the source “Stateless persons”.",
                "Time: in the claim “2017”, in the source “2018”.",
                "Unit: in the claim “%”, in the source “Persons”.",
                "The claim says more that was not understood: “moon”.",
            ],
        ),
        (
            Verdict.CONTRADICTED,
            f"{SHEET}/stateless-naturalised-since-2014",
            (Reason.HEDGE,),
            number((Dimension.HEDGE, "fewer than")),
            ["How exact: in the claim “fewer than”, in the source “more than”."],
        ),
        (
            Verdict.CONTRADICTED,
            f"{SHEET}/refugees-and-asylum-seekers-from-ukraine",
            (Reason.ORIGIN,),
            number((Dimension.ORIGIN, "Afghan")),
            ["Origin: in the claim “Afghan”, in the source “Ukraine”."],
        ),
        (
            Verdict.CONTRADICTED,
            f"{PAGE}/budget-p2-2018",
            (Reason.SERIES,),
            number((Dimension.SERIES, "p1")),
            ["Series: in the claim “p1”, in the source “Series p2”."],
        ),
        (
            Verdict.CONTRADICTED,
            f"{SHEET}/stateless-people-registered-by-government",
            (Reason.REGISTERED_BY,),
            number((Dimension.REGISTERED_BY, "partners")),
            ["Registered by: in the claim “partners”, in the source “Government”."],
        ),
        (
            Verdict.CONTRADICTED,
            f"{PAGE}/new-asylum-seekers-change-2018",
            (Reason.DIRECTION,),
            number(),
            ["-47%", "The claim and the source tell of changes in opposite directions."],
        ),
        (
            Verdict.CONTRADICTED,
            STATELESS,
            (Reason.GROUP, Reason.UNIT),
            number(
                (Dimension.GROUP, "stateless", "population-group/STA"),
                (Dimension.GROUP, "women"),
                (Dimension.UNIT, "people", "unit/persons"),
            ),
            [
                # What differs, and not what both say.
                "Group of people: in the claim “women”, in the source “Stateless persons”.",
                "Number: in the claim “41”, in the source “87,632 persons”.",
            ],
        ),
        (
            Verdict.CONTRADICTED,
            f"{PAGE}/budget-2018",
            (Reason.GROUP, Reason.UNIT),
            number((Dimension.GROUP, "refugees"), (Dimension.UNIT, "euros")),
            [
                "Group of people: in the claim “refugees”; the source does not say.",
                "Unit: in the claim “euros”; the source does not say.",
            ],
        ),
        (
            Verdict.CONTRADICTED,
            f"{PAGE}/stateless-kazakhstan-2018",
            (Reason.HEDGE,),
            number(),
            ["The sources state it less exactly: ", "How exact: in the source “close to”"],
        ),
        (
            Verdict.CONTRADICTED,
            f"{PAGE}/stateless-kazakhstan-2018",
            (Reason.VALUE,),
            number(),
            ["in its words \N{LEFT SINGLE QUOTATION MARK}close to"],
        ),
        (
            Verdict.NOT_FOUND,
            STATELESS,
            (Reason.VALUE,),
            number(),
            [f"The nearest that there is: {FIGURE}."],
        ),
        (
            Verdict.STATED,
            "derived/unhcr-population/per-capita/2022/kgz/asy",
            (Reason.COMPUTED,),
            number(),
            ["Computed by the project from what is stated: Per 100,000 inhabitants."],
        ),
    ],
)
def test_a_finding_in_sentences(
    telling: Telling,
    verdict: Verdict,
    path: str,
    reasons: tuple[Reason, ...],
    said: Quantified,
    sentences: list[str],
) -> None:
    finding = Finding(verdict, thing(*path.split("/")), reasons)
    written = write_finding(finding, said, telling, translate_not)
    assert [each for each in sentences if each not in written] == [], written
    assert "%(" not in written
    if verdict is Verdict.NOT_FOUND:
        assert "in the claim" not in written, "of what is only near the differences are many"


def test_the_newer_figure_comes_first(telling: Telling) -> None:
    earlier = thing("figure", "overview", "stateless-naturalised-since-2014")
    later = thing("figure", "fact-sheet-2024", "stateless-naturalised-since-2014")
    finding = Finding(Verdict.SUPERSEDED, earlier, (Reason.LATER,), later=later)
    written = write_finding(finding, number(), telling, translate_not)
    assert written.startswith("Stated, and there is a newer figure: ")
    assert written.index("14,000") < written.index("9,000")


def test_every_verdict_and_dimension_has_words_and_none_says_true_or_false() -> None:
    verdicts = {name_verdict(each, translate_not) for each in Verdict}
    assert len(verdicts) == len(Verdict)
    assert len({name_dimension(each, translate_not) for each in Dimension}) == len(Dimension)
    for word in ("true", "false", "wrong", "correct", "lie"):
        assert not [each for each in verdicts if word in each.lower().split()]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_or_is_in_the_verdict(telling: Telling, reason: Reason) -> None:
    finding = Finding(Verdict.CONTRADICTED, thing(*BUDGET.split("/")), (reason,))
    if reason in (Reason.GROUP, Reason.ORIGIN, Reason.REGISTERED_BY):
        stateless = "stateless-people-registered-by-government"
        finding = replace(finding, figure=thing("figure", "fact-sheet-2024", stateless))
    plain = write_finding(replace(finding, reasons=()), number(), telling, translate_not)
    told = write_finding(finding, number(), telling, translate_not)
    # The rest follows from the heading, or from who says so.
    silent = {Reason.ROUNDING, Reason.LATER, Reason.COMPUTED}
    assert (told == plain) == (reason in silent)


def test_codes_are_called_by_their_labels_and_else_by_the_words_of_the_claim(
    telling: Telling,
) -> None:
    def name(dimension: Dimension, code: str, said: str = "") -> str:
        return name_code(dimension, code, telling, translate_not, said)

    assert name(Dimension.PLACE, thing("country", "KAZ").value) == "Kazakhstan"
    assert (name(Dimension.HEDGE, "lower"), name(Dimension.TIME, "2024-01-01")) == (
        "Lower bound",
        "1 January 2024",
    )
    assert (name(Dimension.TIME, "1999"), name(Dimension.STATUS, "ahead")) == ("1999", "foreseen")
    assert name(Dimension.PLACE, "territory:AD", "Andorra") == "Andorra"


def test_several_numbers_have_a_sentence_each_and_none_is_told_what_is_needed(
    telling: Telling,
) -> None:
    stated = NumberAnswer(
        number(), Verdict.STATED, (Finding(Verdict.STATED, thing(*STATELESS.split("/"))),)
    )
    nothing = NumberAnswer(number(), Verdict.NOT_FOUND, ())
    both = Answer("41 and 41", "en", Verdict.NOT_FOUND, (stated, nothing))
    written = write_answer(both, telling, translate_not)
    assert written.startswith("“41”: Stated: ")
    assert written.endswith("“41”: No source of this release states it.")
    unread = NumberAnswer(number(unread=("moon",)), Verdict.NOT_FOUND, ())
    written = write_answer(Answer("41", "en", Verdict.NOT_FOUND, (unread,)), telling, translate_not)
    assert written.startswith("Whether a source states it cannot be told, since this was not ")
    assert "“moon”" in written
    none = write_answer(Answer("x", "en", Verdict.NOT_FOUND), telling, translate_not)
    assert none.startswith("No number was read in this claim")
