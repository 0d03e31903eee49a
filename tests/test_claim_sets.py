"""The sets of claims that the rules were made with keep their verdicts: `make bench-check`."""

import csv
import re
from pathlib import Path

import pytest

from kzgraph.checking import Checker, Verdict
from kzgraph.release import find_current

#: Each set with the part of it that has the verdict of its author: what was reached.
REACHED = {
    "claims_ours.csv": 0.90,
    "claims_by_reader_a.csv": 0.98,
    "claims_by_reader_c.csv": 0.93,
    "claims_by_reader_d.csv": 0.84,
    "claims_by_reader_e.csv": 0.94,
}
#: Called not found by somebody who had the documents alone; official statistics state it.
STATED_ELSEWHERE = {
    "Stateless persons living in Uzbekistan at the end of 2018 numbered 79,942.",
    "На конец 2020 года в Казахстане было 440 беженцев",
}


@pytest.fixture(scope="module")
def checker(shipped_root: Path) -> Checker:
    return Checker(find_current(shipped_root).store)


@pytest.mark.parametrize("name", REACHED)
def test_claims_keep_their_verdicts(checker: Checker, name: str) -> None:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    given = [checker.check(row["claim"]).verdict for row in rows]
    pairs = list(zip(rows, given, strict=True))
    right = sum(verdict is Verdict(row["verdict"]) for row, verdict in pairs)
    assert right >= REACHED[name] * len(rows)
    wrongly = {
        row["claim"]
        for row, verdict in pairs
        if verdict is Verdict.STATED and "stated" not in (row["verdict"], *row["also"].split())
    }
    assert wrongly <= STATED_ELSEWHERE


def test_claims_are_in_words_of_their_own(documents: Path) -> None:
    """No claim has nine words in a row of a document, whoever wrote it."""
    known = {run for path in documents.iterdir() for run in list_runs(path.read_text("utf-8"))}
    assert known
    for path in sorted(Path(__file__).parent.glob("claims_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert not known.intersection(list_runs(" ".join(row.values()))), row["claim"]


def list_runs(text: str) -> list[tuple[str, ...]]:
    """Each nine words in a row."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return [tuple(words[at : at + 9]) for at in range(len(words) - 8)]
