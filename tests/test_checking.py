# ruff: noqa: RUF001 (words in Cyrillic)
"""Reading claims, and comparing them with figures: `kzgraph check`."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, Store

from kzgraph.checking import LONGEST, Answer, Checker, Dimension, Reason, Verdict
from kzgraph.iri import term, thing
from kzgraph.namespaces import TYPE, XSD
from kzgraph.release import find_current


@pytest.fixture(scope="session")
def checker(shipped_root: Path) -> Checker:
    return Checker(find_current(shipped_root).store)


def read(answer: Answer, at: int = 0) -> dict[str, str]:
    """What was read of a number, by dimension; of IRIs the last segment."""
    number = answer.numbers[at].number
    found = {each.dimension.value: each.code.rsplit("/", 1)[-1] for each in number.read}
    return {"value": f"{number.value.normalize():f}", **found}


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Kazakhstan | known stateless | 7 892 | 1 Jan 2024", "7892 STA KAZ 2024-01-01"),
        ("95 795 подмандатных лиц в Казахстане, 2016 г.", "95795 POC KAZ 2016"),
        ("2018 жылы Қазақстанда 570-ке жуық босқын тұрды", "570 REF KAZ 2018 approximate"),
        ("At the end of 2018 around 570 refugess lived in Kazakstan", "570 REF KAZ 2018-12-31"),
        ("С 2014 года гражданство получили более 9 тыс. ЛБГ", "9000 STA naturalisation 2014--"),
        ("For 2024 UNHCR needs USD 10.03m in Central Asia", "10030000 central-asia requirement"),
        ("47 percent fewer new asylum-seekers than in 2017", "47 ASY percent down arrivals"),
        ("Expenditure of the Regional Office under p1: $2.5m", "2500000 p1 expenditure"),
        ("на 1 января 2024 г. партнёрами учтён 551 человек", "551 persons 2024-01-01"),
        ("7,341 stateless people registered by the Government", "7341 STA government"),
        ("The plan for 2019: 650 persons helped to confirm nationality", "650 ahead 2019"),
        ("391 refugees and asylum-seekers from Afghanistan", "391 REF-ASY AFG"),
    ],
)
def test_a_claim_is_read(checker: Checker, claim: str, expected: str) -> None:
    found = read(checker.check(claim))
    assert set(expected.split()) <= set(found.values()), found


@pytest.mark.parametrize(
    ("claim", "verdict", "reason"),
    [
        ("87632", Verdict.STATED, None),
        ("87,632 stateless people in Kazakhstan in 2018", Verdict.OTHER_SCOPE, Reason.SCOPE),
        ("6,706 stateless persons lived in Kazakhstan in 2018", Verdict.FORECAST, Reason.STATUS),
        ("Kazakhstan has naturalised over 9,000 stateless since 2014", Verdict.SUPERSEDED, None),
        ("about 7,900 stateless people in Kazakhstan on 1 January 2024", Verdict.ROUNDED, None),
        ("7,982 stateless people, Kazakhstan, 1 January 2024", Verdict.CONTRADICTED, Reason.DIGITS),
        ("753 refugees in Kazakhstan on 1 January 2024", Verdict.CONTRADICTED, Reason.GROUP),
        ("New asylum-seekers in Kazakhstan: up by 47% in 2018", Verdict.CONTRADICTED, None),
        ("14,000 stateless naturalised by Kazakhstan since 2014", Verdict.CONTRADICTED, None),
        ("UNHCR needs $10.03 billion for Central Asia in 2024", Verdict.CONTRADICTED, Reason.UNIT),
        ("505 refugees in Kazakhstan at the end of 2020", Verdict.NOT_FOUND, None),
        ("7,892 stateless people at most", Verdict.CONTRADICTED, Reason.HEDGE),
        (
            "бюджет сократился с 7,4 млн в 2014 году до 5,5 млн в 2018 году",
            Verdict.ROUNDED,
            Reason.ROUNDING,
        ),
        ("7,892 more stateless people in Kazakhstan", Verdict.CONTRADICTED, Reason.QUANTITY),
        (
            "7,892 stateless persons are registered by the Government of Kazakhstan",
            Verdict.CONTRADICTED,
            Reason.REGISTERED_BY,
        ),
        ("197 people need legal assistance", Verdict.CONTRADICTED, Reason.QUANTITY),
        ("7 беженцев отказались от гражданства", Verdict.CONTRADICTED, Reason.QUANTITY),
        ("7,892 stateless in Kazakhstan in mid-2024", Verdict.CONTRADICTED, Reason.TIME),
        ("2024 жылдың ортасында 7892 азаматтығы жоқ адам", Verdict.CONTRADICTED, Reason.TIME),
        # What official data count at the end of a year says nothing of a day before that.
        ("7,690 stateless in Kazakhstan, 10 July 2018", Verdict.CONTRADICTED, Reason.TIME),
        ("568 refugees in Kazakhstan in March 2018", Verdict.NOT_FOUND, None),
        ("UNHCR's expenditure was cut by $2.73 million in 2018", Verdict.NOT_FOUND, None),
        ("In 2018 expenditure was 50% of the budget", Verdict.NOT_FOUND, None),
        ("UNHCR will spend $5.5 million in 2019", Verdict.ROUNDED, Reason.ROUNDING),
        ("In 2018 expenditure was 2,733,759 dollars", Verdict.ROUNDED, Reason.ROUNDING),
        ("$10 million needed for Central Asia in 2024", Verdict.ROUNDED, Reason.ROUNDING),
        (
            "742 people of undetermined nationality were deported in 2018",
            Verdict.CONTRADICTED,
            None,
        ),
    ],
)
def test_a_claim_has_a_verdict(
    checker: Checker, claim: str, verdict: Verdict, reason: Reason | None
) -> None:
    answer = checker.check(claim)
    assert answer.verdict is verdict
    if reason:
        assert reason in answer.numbers[0].findings[0].reasons


def test_what_is_near_is_like_the_claim_and_not_by_chance(checker: Checker) -> None:
    # A share of the money is 40.6 per cent.
    assert checker.check("41 refugees in Andorra").numbers[0].nearest == ()
    (nearest, *_) = checker.check("490 people's nationality was revoked").numbers[0].nearest
    assert nearest.value == 490


@pytest.mark.parametrize(
    ("claim", "is_stated"),
    [
        ("People of concern fell from 94,532 in 2017 to 88,419 in 2018", True),
        ("People of concern rose from 94,532 in 2017 to 88,419 in 2018", False),
        ("People of concern rose from 88,419 to 94,532", False),
        ("Число подмандатных лиц сократилось с 94 532 в 2017 году до 88 419 в 2018 году", True),
        ("Число подмандатных лиц выросло с 88 419 до 94 532", False),
        ("мандаттағы адамдар саны 94 532-ден 88 419-ға азайды", True),
        ("мандаттағы адамдар саны 88 419-дан 94 532-ге өсті", False),
    ],
)
def test_a_change_is_stated_in_its_direction_alone(
    checker: Checker, claim: str, is_stated: bool
) -> None:
    answer = checker.check(claim)
    if is_stated:
        assert answer.verdict is Verdict.STATED
    else:
        assert answer.verdict is Verdict.CONTRADICTED
        assert Reason.DIRECTION in answer.numbers[1].findings[0].reasons


def test_what_a_bound_allows_is_not_contradicted_by_it(checker: Checker) -> None:
    findings = checker.check("7,982 stateless people in Kazakhstan").numbers[0].findings
    # "More than 7,000" is so of 7,982 as well.
    assert 7892 in {each.value for each in findings}
    assert 7000 not in {each.value for each in findings}


def test_official_statistics_state_too(checker: Checker) -> None:
    answer = checker.check("7,690 stateless persons in Kazakhstan at the end of 2018")
    official, document = answer.numbers[0].findings
    assert official.verdict is Verdict.STATED
    assert official.cells
    # The document says "close to", and the claim leaves that out.
    assert (document.verdict, document.reasons) == (Verdict.CONTRADICTED, (Reason.HEDGE,))


def test_all_of_a_sentence_has_to_be_stated(checker: Checker) -> None:
    answer = checker.check("On 1 January 2024: 391 from Afghanistan and 257 from Ukraine")
    assert answer.numbers[0].verdict is Verdict.STATED
    assert answer.verdict is not Verdict.STATED


def test_what_was_read_can_be_corrected(checker: Checker) -> None:
    claim = "Kazakhstan, 2018: 87,632 stateless people"
    office = "https://w3id.org/kzgraph/id/operation/kazakhstan-regional-office"
    assert checker.check(claim).verdict is Verdict.OTHER_SCOPE
    assert checker.check(claim, {Dimension.PLACE: office}).verdict is Verdict.STATED
    assert checker.check(claim, {Dimension.PLACE: ""}).verdict is Verdict.STATED


def test_what_was_not_understood_is_said_and_not_stated(checker: Checker) -> None:
    answer = checker.check("7,892 flabbergasted stateless people in Kazakhstan on 1 January 2024")
    assert answer.unread == ("flabbergasted",)
    assert answer.verdict is not Verdict.STATED


@pytest.mark.parametrize("claim", ["", " ", "hello", "2018", "1 January 2024", "\u202e\x00", "½"])
def test_a_claim_without_a_number_is_not_found(checker: Checker, claim: str) -> None:
    answer = checker.check(claim)
    assert (answer.verdict, answer.numbers) == (Verdict.NOT_FOUND, ())


@pytest.mark.parametrize("value", ["NaN", "abc", "INF", ""])
def test_a_figure_whose_value_is_no_number_is_compared_with_nothing(value: str) -> None:
    store, figure = Store(), thing("figure", "x", "y")
    number = Literal(value, datatype=XSD["decimal"])
    store.add(Quad(figure, TYPE, term("StatedFigure")))
    store.add(Quad(figure, term("value"), number))
    assert Checker(store).check("7 refugees").verdict is Verdict.NOT_FOUND


def test_only_the_beginning_of_a_long_claim_is_read(checker: Checker) -> None:
    answer = checker.check("7,892 " * LONGEST)
    assert answer.shortened
    assert len(answer.claim) <= LONGEST
