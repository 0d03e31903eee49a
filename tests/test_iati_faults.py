"""Activity files of IATI that are refused, each with the line and what would be right."""

import random
from pathlib import Path

import pytest

from iati_files import CURRENCY, NEEDED, PERIOD, activity, document, refusal
from kzgraph_mappings.official.iati import find_date, recognize

VALUE = '<value value-date="2020-01-01">1</value>'
BUDGET = f"<budget>{PERIOD}{VALUE}</budget>"
MONEY = (
    '<transaction><transaction-type code="3"/><transaction-date iso-date="2020-05-06"/>'
    f"{VALUE}</transaction>"
)


#: What damage puts into a file.
PIECES = (
    b"",
    b"<",
    b">",
    b'"',
    b"&#0;",
    b"&#x10FFFF;",
    b"-",
    b"\x00",
    b"\xc3",
    b"9" * 30,
    b" ",
    b"<a/>",
)


def without(name: str) -> bytes:
    """A file whose activity lacks an element, or an attribute of it."""
    kept = [line for line in NEEDED.splitlines(keepends=True) if not line.startswith(f"<{name}")]
    return document(activity("", "".join(kept)))


def changed(old: str, new: str) -> bytes:
    assert old in NEEDED + BUDGET + MONEY
    return document(activity(BUDGET + MONEY, NEEDED).replace(old, new))


def test_a_sound_file_is_not_refused(tmp_path: Path) -> None:
    assert refusal(document(activity(BUDGET + MONEY)), tmp_path) == ""


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"<iati-organisations/>", 1, "organisation file; ingest"),
        (b"<rss/>", 1, "its root is <rss>; ingest"),
        (document(activity(), attributes='version="2.03" xmlns="http://x/"'), 1, "a namespace"),
        (document(activity(), attributes='version="1.05"'), 1, "version 1.05"),
        (document(activity(), attributes='version="2.04"'), 1, "'2.04'; write version=\"2.03\""),
        (document(activity(), attributes=""), 1, "does not state its version"),
        (document(), 0, "no activity"),
        (document(activity(), activity()), 11, "AA-1-P1 was in line 2 already; keep one"),
        (document(activity())[:-20], 10, "ends before its last element"),
        (without("iati-identifier"), 2, "no <iati-identifier>; give it exactly one"),
        (without("reporting-org"), 2, "no <reporting-org>"),
        (without("title"), 2, "no <title>"),
        (without("description"), 2, "no <description>"),
        (without("participating-org"), 2, "no <participating-org>"),
        (without("activity-status"), 2, "no <activity-status>"),
        (without("activity-date"), 2, "no <activity-date>"),
        (changed("AA-1-P1", " "), 3, "identifier is empty"),
        (changed('<reporting-org ref="AA-1"', "<reporting-org"), 4, "<reporting-org> has no ref"),
        (changed("<narrative>Wells</narrative>", ""), 5, "<title> has no narrative; add"),
        (changed('role="4"', 'role="x"'), 7, "'x' is not a code of IATI 2; write one of 1, 2, 3"),
        (changed('role="4"', ""), 7, "has no role"),
        (changed('status code="2"', 'status code="7"'), 8, "'7' is not a code"),
        (changed('type="2" iso', 'type="start-actual" iso'), 9, "'start-actual' is not"),
        (changed('iso-date="2020-02-01"', 'iso-date="2020-02-30"'), 9, "not a day of the calendar"),
        (changed('iso-date="2020-12-31"', 'iso-date="2019-12-31"'), 10, "ends on 2019-12-31"),
        (changed('type code="3"', 'type code="D"'), 10, "'D' is not a code of IATI 2"),
        (changed('type code="3"', 'type code="14"'), 10, "'14' is not a code"),
        (changed(">1<", ">1,000<"), 10, "'1,000' is not a decimal number; write digits"),
        (changed(">1<", "><"), 10, "'' is not a decimal number"),
        (changed(">1<", ">1e3<"), 10, "'1e3' is not a decimal number"),
        (changed(">1<", ">" + "9" * 21 + "<"), 10, "is not a decimal number"),
        (changed(' value-date="2020-01-01"', ""), 10, "<value> has no value-date"),
        (changed("<value ", '<value currency="dollars" '), 10, "'dollars' is not a currency"),
        (document(activity(MONEY, attributes="")), 10, "no currency, and neither has"),
        (changed(VALUE, VALUE * 2), 10, "has 2 <value>; give it exactly one"),
        (changed('<transaction-type code="3"/>', ""), 10, "has no <transaction-type>"),
        (changed('type code="3"', f'type code="{"9" * 99}"'), 10, f"'{'9' * 40}...' is not a code"),
    ],
)  # fmt: skip
def test_what_the_standard_requires(tmp_path: Path, data: bytes, line: int, words: str) -> None:
    said = refusal(data, tmp_path)
    assert words in said
    place = said[: said.index(words)].rpartition("\n")[2]
    assert place.startswith(f"file:{line}:" if line else "file: ")


def paid(more: str) -> bytes:
    """A file with a payment that has further elements."""
    return document(activity(MONEY.replace("</transaction>", f"{more}</transaction>")))


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (document(activity(), "<iati-Activity/>"), 11, "not an <iati-activity>; call it"),
        (document(activity("<Transaction/>")), 10, "an element <Transaction>, which"),
        (changed("<value ", '<value Currency="EUR" '), 10, "an attribute Currency, which"),
        (changed(">1<", ">1<b>000</b><"), 10, "<value> has an element <b>"),
        (paid("<provider-org>A</provider-org>"), 10, "text of its own; put it into <narrative>"),
        (paid('<provider-org ref="A"/>' * 2), 10, "has 2 <provider-org>; keep one"),
        (paid("<recipient-country/>"), 10, "<recipient-country> has no code"),
        (paid("<recipient-region/>"), 10, "<recipient-region> has no code"),
        (document(activity('<activity-scope code="4"/>' * 2)), 10, "has 2 <activity-scope>"),
        (document(activity("<activity-scope/>")), 10, "<activity-scope> has no code"),
        (changed('type="40"', 'type="40" secondary-reporter="yes"'), 4, "not a truth value"),
    ],
)
def test_no_name_is_passed_over_and_no_second_one(
    tmp_path: Path, data: bytes, line: int, words: str
) -> None:
    """Money in an element of another name would be lost, and a currency in another attribute."""
    (said,) = refusal(data, tmp_path).splitlines()
    assert said.startswith(f"file:{line}:")
    assert words in said


def test_all_faults_are_told_up_to_a_hundred(tmp_path: Path) -> None:
    bad = MONEY.replace(">1<", ">x<") + "\n"
    assert refusal(document(activity(bad * 7)), tmp_path).count("\n") == 6
    said = refusal(document(activity(bad * 150)), tmp_path).splitlines()
    assert len(said) == 101
    assert "more" in said[-1]


@pytest.mark.parametrize(
    "more",
    [
        BUDGET.replace(">1<", ">-1<"),
        '<recipient-country code="ZZ"/>',
        '<sector code="1" percentage="150"/>',
        '<participating-org role="1" type="9999"><narrative>X</narrative></participating-org>',
        '<policy-marker code="77" significance="8"/>',
        '<location><point srsName="x"><pos>6.8, 58.1</pos></point></location>',
        '<activity-date type="1" iso-date="2021-01-01"/>'
        '<activity-date type="3" iso-date="2020-01-01"/>',
        '<x:y xmlns:x="http://x/"><x:z/></x:y>',
        "<crs-add/><fss extraction-date='2020-01-01'/>",
    ],
)
def test_what_only_the_rules_ask_for_is_kept(tmp_path: Path, more: str) -> None:
    assert refusal(document(activity(more)), tmp_path) == ""


@pytest.mark.parametrize("version", ["2.01", "2.02", "2.03"])
def test_versions_and_how_files_are_told(tmp_path: Path, version: str) -> None:
    head = document(
        activity(), attributes=f'generated-datetime="2020-03-04T05:06:07" version="{version}"'
    )
    assert refusal(head, tmp_path) == ""
    assert recognize(head)
    assert find_date(head) == "2020-03-04"
    assert not recognize(b"<html>")
    assert find_date(b"<iati-activities generated-datetime='2020-02-31T00:00:00'>") == ""
    assert find_date(b"<iati-activities version='2.03'>") == ""
    assert CURRENCY


def test_damaged_files_are_mapped_or_refused(tmp_path: Path) -> None:
    whole = document(
        activity(BUDGET + MONEY + "<location><point><pos>1 2</pos></point></location>")
    )
    source = random.Random(8)  # noqa: S311
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(source.randrange(1, 4)):
            at = source.randrange(len(damaged))
            damaged[at : at + source.randrange(3)] = source.choice(PIECES)
        refusal(bytes(damaged), tmp_path)
