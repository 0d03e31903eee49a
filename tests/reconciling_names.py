"""Names to reconcile, what is right for each, and how often the service is."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kzgraph.iri import ID
from kzgraph.reconciling import Candidate, Matcher, find_types

#: Made along with the matching, and what its thresholds were set on.
OURS = Path(__file__).parent / "data" / "reconciling_names.csv"
#: Made by somebody else, and not looked at while that was done.
BY_OTHERS = Path(__file__).parent / "names_by_others.csv"

#: What sheets call types; none where it is not one of a type that is offered.
_TYPES = {
    "countries": "country",
    "places": "place",
    "organisation": "organization",
    "organisations": "organization",
    "partner": "organization",
    "partners": "organization",
    "donor": "organization",
    "treaty": "legal-instrument",
    "treaties": "legal-instrument",
    "instrument": "legal-instrument",
    "law": "legal-instrument",
    "city": "place",
    "region": "place",
}


@dataclass(frozen=True)
class Case:
    """A name, its type, the identifiers that are right (none: nothing may match), its group."""

    name: str
    kind: str
    expected: frozenset[str]
    group: str


def read_cases(path: Path) -> list[Case]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Case(
                row["name"],
                row["kind"].strip().lower(),
                frozenset(filter(None, map(_read_id, (row["expected"] or "").split("|")))),
                row["group"],
            )
            for row in csv.DictReader(file)
        ]


def _read_id(text: str) -> str:
    """An identifier, however a sheet has it: an IRI, `country/KAZ`, `country:KAZ`."""
    text = text.strip().removeprefix(ID)
    if text.lower() in ("-", "none", "absent"):
        return ""
    return text if "/" in text else text.replace(":", "/", 1)


def list_types(kind: str) -> list[str]:
    """The identifiers of the types that a sheet's word for them means."""
    name = _TYPES.get(kind, kind)
    try:
        find_types([name])
    except KeyError:
        return []
    return [name]


@dataclass
class Tally:
    """How often the service is right.

    Attributes:
        names: how many there are.
        there: how many of them are names of something in the graph.
        matched: how many are matched.
        matched_right: how many of those rightly.
        first: how many have the right thing as the first candidate.
        five: how many have it among the first five.
    """

    names: int = 0
    there: int = 0
    matched: int = 0
    matched_right: int = 0
    first: int = 0
    five: int = 0

    def add(self, case: Case, candidates: list[Candidate]) -> None:
        found = [each.id for each in candidates]
        matched = [each.id for each in candidates if each.match]
        self.names += 1
        self.there += bool(case.expected)
        self.matched += bool(matched)
        self.matched_right += any(each in case.expected for each in matched)
        self.first += any(each in case.expected for each in found[:1])
        self.five += any(each in case.expected for each in found[:5])


@dataclass
class Measured:
    """How often the service is right.

    Attributes:
        whole: of all names.
        groups: of each group.
        wrong: the names that were matched with something else, and with what.
        missed: the names whose thing is not the first candidate.
        scores: of first candidates, by tens of their scores: right ones, and all.
    """

    whole: Tally = field(default_factory=Tally)
    groups: dict[str, Tally] = field(default_factory=dict)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)
    scores: dict[int, Counter[bool]] = field(default_factory=dict)


def measure(matcher: Matcher, cases: Iterable[Case], *, typed: bool) -> Measured:
    """Match names, with the types that their sheets give or without."""
    found = Measured()
    for case, candidates in match_all(matcher, cases, typed=typed):
        for tally in (found.whole, found.groups.setdefault(case.group, Tally())):
            tally.add(case, candidates)
        first = candidates[0].id if candidates else ""
        if any(each.match and each.id not in case.expected for each in candidates):
            found.wrong.append((case.name, first))
        if case.expected and first not in case.expected:
            found.missed.append((case.name, first))
        if candidates:
            tens = int(candidates[0].score // 10) * 10
            found.scores.setdefault(tens, Counter())[first in case.expected] += 1
    return found


def match_all(
    matcher: Matcher, cases: Iterable[Case], *, typed: bool
) -> Iterator[tuple[Case, list[Candidate]]]:
    for case in cases:
        types = find_types(list_types(case.kind)) if typed else ()
        kinds = frozenset(kind for each in types for kind in each.kinds) or None
        yield case, list(matcher.match(case.name, kinds=kinds, patience=60).candidates)


def share(part: int, whole: int) -> str:
    """A share in per cent, and what it is of."""
    return f"{100 * part / whole:.1f} ({part}/{whole})" if whole else "-"


def summarize(tally: Tally) -> Mapping[str, str]:
    """The shares that are reported."""
    return {
        "Names": str(tally.names),
        "Match, precision": share(tally.matched_right, tally.matched),
        "Match, recall": share(tally.matched_right, tally.there),
        "First": share(tally.first, tally.there),
        "First five": share(tally.five, tally.there),
    }
