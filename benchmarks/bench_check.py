"""How often a claim gets the right verdict: `make bench-check`.

Sets of claims, each with the verdict that somebody who read the documents gives: four that the
rules were made with, and one that whoever made them did not see. They are compared with the release
that ships. Printed are for each set how many verdicts are right, how many are right or another one
that its author accepts, both by language, which verdict is given instead of which, and the claims
that are called stated and are not, which would be the worst of faults.
"""

import argparse
import csv
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from machine import description
from rich.console import Console
from rich.table import Table

from kzgraph.build import build
from kzgraph.checking import Checker, Verdict
from kzgraph.namespaces import LANGUAGES
from kzgraph.release import find_current

_TESTS = Path(__file__).parents[1] / "tests"
#: Sets of claims by their files: what they are, and whether the rules were made with them.
SETS = {
    "claims_ours.csv": ("by the authors of the rules, calibration", True),
    "claims_by_reader_a.csv": ("by a reader of the documents, calibration", True),
    "claims_by_reader_c.csv": ("by a second reader, calibration", True),
    "claims_by_reader_d.csv": ("by a third reader, calibration", True),
    "claims_by_reader_e.csv": ("by a fifth reader, calibration", True),
    "claims_by_reader_b.csv": ("by a fourth reader, unseen", False),
    "claims_by_reader_f.csv": ("by a sixth reader, unseen", False),
}
#: The part of the unseen claims that has to get the right verdict.
BUDGET = 0.9


@dataclass(frozen=True)
class Case:
    """A claim with its verdicts.

    Attributes:
        claim: the text.
        language: en, ru or kk.
        right: the verdict of its author.
        accepted: that and others which its author accepts.
        given: the one that the rules give.
    """

    claim: str
    language: str
    right: Verdict
    accepted: frozenset[Verdict]
    given: Verdict

    @property
    def is_right(self) -> bool:
        """Whether it is the verdict of its author."""
        return self.given is self.right

    @property
    def is_accepted(self) -> bool:
        """Whether it is one that its author accepts."""
        return self.given in self.accepted

    @property
    def is_wrongly_stated(self) -> bool:
        """Whether it is called stated, and its author would not."""
        return self.given is Verdict.STATED and not self.is_accepted


def read_cases(path: Path, checker: Checker) -> list[Case]:
    """The claims of a file, checked."""
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            right = Verdict(row["verdict"])
            others = map(Verdict, row["also"].split())
            given = checker.check(row["claim"]).verdict
            found.append(
                Case(row["claim"], row["language"], right, frozenset((right, *others)), given)
            )
    return found


def main() -> int:
    """Print the tables; 1 where the unseen claims are under the budget or one is called stated."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--releases", type=Path, help="a folder of releases; one is built else")
    options.add_argument("--wrong", action="store_true", help="list the claims judged otherwise")
    options.add_argument("files", nargs="*", type=Path, help="sets of claims of your own")
    chosen = options.parse_args()
    console = Console(width=100)
    console.print(description(), highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.releases or Path(folder)
        if chosen.releases is None:
            build(None, root)
        started = time.perf_counter()
        checker = Checker(find_current(root).store)
        console.print(
            f"A checker is made in {time.perf_counter() - started:.1f} s.", highlight=False
        )
        unseen: list[Case] = []
        for path in chosen.files or [_TESTS / name for name in SETS]:
            what, is_seen = SETS.get(path.name, ("", True))
            if not path.is_file():
                console.print(f"\n{path} is not there", highlight=False)
                return 1
            started = time.perf_counter()
            cases = read_cases(path, checker)
            speed = len(cases) / (time.perf_counter() - started)
            console.print(f"\n[bold]{path.stem}[/bold] {what}", highlight=False)
            _show(cases, speed, console)
            if chosen.wrong:
                _list_wrong(cases, console)
            if not is_seen:
                unseen += cases
    right = sum(each.is_right for each in unseen)
    console.print(
        f"\nOf all unseen claims {right} of {len(unseen)} are right. To reach: {BUDGET:.0%}, and "
        "none called stated that is not.",
        highlight=False,
    )
    return 0 if _is_good(unseen) else 1


def _is_good(cases: list[Case]) -> bool:
    right = sum(each.is_right for each in cases)
    return right >= BUDGET * len(cases) and not any(each.is_wrongly_stated for each in cases)


def _show(cases: list[Case], speed: float, console: Console) -> None:
    accuracy = Table(box=None, header_style="bold")
    for head in ("claims", "number", "right", "right or accepted", "wrongly called stated"):
        accuracy.add_column(head, justify="left" if head == "claims" else "right")
    for language in ("all", *LANGUAGES):
        part = [each for each in cases if language in ("all", each.language)]
        if part:
            accuracy.add_row(
                language,
                str(len(part)),
                _share(part, (each.is_right for each in part)),
                _share(part, (each.is_accepted for each in part)),
                str(sum(each.is_wrongly_stated for each in part)),
            )
    console.print(accuracy)
    console.print(f"{speed:.0f} claims a second", highlight=False)
    confusion = Table(box=None, header_style="bold", title="given →", title_justify="right")
    confusion.add_column("right ↓")
    counts = Counter((each.right, each.given) for each in cases)
    for verdict in Verdict:
        confusion.add_column(verdict.value, justify="right")
    for right in Verdict:
        row = (counts[right, given] for given in Verdict)
        confusion.add_row(right.value, *(str(number) if number else "·" for number in row))
    console.print(confusion)


def _share(cases: list[Case], good: Iterable[bool]) -> str:
    number = sum(good)
    return f"{number} ({number / len(cases):.0%})"


def _list_wrong(cases: list[Case], console: Console) -> None:
    for each in cases:
        if not each.is_accepted:
            console.print(
                f"{each.right.value}, given {each.given.value}: {each.claim}",
                highlight=False,
                markup=False,
            )


if __name__ == "__main__":
    sys.exit(main())
