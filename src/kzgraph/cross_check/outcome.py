"""The result of a cross-check."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

#: How many differences of a kind are listed; the others are only counted.
LISTED = 20


@dataclass(frozen=True)
class Comparison:
    """The comparison of one result of two programs.

    Attributes:
        what: what was compared.
        reference: the other program, with its version.
        how: what each did, and what was left out.
        ours: how many items the build has; None if not compared.
        only_ours: items that only the build has, each as often as the counts differ.
        only_theirs: items that only the reference has.
        left_out: what of it was not compared, and why, as a sentence; nothing if all was.
    """

    what: str
    reference: str
    how: str
    ours: int | None
    only_ours: tuple[str, ...] = ()
    only_theirs: tuple[str, ...] = ()
    left_out: str = ""

    @property
    def agrees(self) -> bool:
        """Whether no difference was found."""
        return not self.only_ours and not self.only_theirs

    @property
    def is_whole(self) -> bool:
        """Whether all of it was compared."""
        return self.ours is not None and not self.left_out

    @property
    def verdict(self) -> str:
        """That it agrees, wholly or in the part that was compared, or not; or was not compared."""
        if self.ours is None:
            return "not compared"
        if self.agrees:
            return "agrees in the part compared" if self.left_out else "agrees"
        return f"differs: {len(self.only_ours)} only here, {len(self.only_theirs)} only there"


@dataclass(frozen=True)
class CrossCheck:
    """All comparisons of a release.

    Attributes:
        version: of the release.
        comparisons: in the order in which they were made.
    """

    version: str
    comparisons: tuple[Comparison, ...]

    @property
    def agrees(self) -> bool:
        """Whether no difference was found anywhere."""
        return all(comparison.agrees for comparison in self.comparisons)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return all(comparison.is_whole for comparison in self.comparisons)

    def to_json(self) -> str:
        """The report: `release`, `agrees`, `whole`, and `comparisons` with their differences."""
        comparisons = [
            {
                "what": each.what,
                "reference": each.reference,
                "how": each.how,
                "items": each.ours,
                "verdict": each.verdict,
                "leftOut": each.left_out,
                "onlyHere": list(each.only_ours[:LISTED]),
                "onlyThere": list(each.only_theirs[:LISTED]),
            }
            for each in self.comparisons
        ]
        report = {
            "release": self.version,
            "agrees": self.agrees,
            "whole": self.is_whole,
            "comparisons": comparisons,
        }
        return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def compare_items(
    what: str,
    reference: str,
    how: str,
    ours: Iterable[str],
    theirs: Iterable[str],
    left_out: str = "",
) -> Comparison:
    """The comparison of two collections of items, in which each counts as often as it occurs."""
    here, there = Counter(ours), Counter(theirs)
    return Comparison(
        what,
        reference,
        how,
        here.total(),
        tuple(sorted((here - there).elements())),
        tuple(sorted((there - here).elements())),
        left_out,
    )
