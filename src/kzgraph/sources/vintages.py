"""Which of several files of one table a plain query meets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kzgraph.sources.source import Source

#: Years and places that a sentence names.
_MOST_LISTED = 10


@dataclass(frozen=True)
class Vintage:
    """A source, as far as the choice needs it.

    Attributes:
        source: the file.
        years: those that it is about.
        places: what its figures are about, as they are shown.
    """

    source: Source
    years: frozenset[int]
    places: frozenset[str] = frozenset()

    def __str__(self) -> str:
        span = f"{min(self.years)} to {max(self.years)}" if self.years else "no year"
        dated = f", extracted on {self.source.date}" if self.source.date else ", without a date"
        return f"{self.source.name} ({span}{dated})"


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Attributes:
        current: the name of the graph that a plain query meets; nothing where there is no file.
        told: a sentence for each file that did not become current, and for each that did though it
            is without years or places of the one before it.
    """

    current: str
    told: tuple[str, ...] = ()


def leave_out_extracts(sources: Sequence[Source]) -> list[Source]:
    """The sources but for extracts of files that are among them."""
    there = {source.sha256 for source in sources}
    return [source for source in sources if source.whole not in there]


def choose(vintages: Iterable[Vintage], current: str = "") -> Choice:
    """The current one of the files of a table.

    A later file takes the place of an earlier one that was current: where both state when they were
    extracted, by that date; else where its years reach as far. One of fewer years never does.

    Args:
        vintages: in the order in which they came.
        current: the name of the one that was current, which a replacement has decided; the rule is
            asked of those that came after it alone.
    """
    chosen: Vintage | None = None
    told: list[str] = []
    every = list(vintages)
    names = [each.source.name for each in every]
    if current in names:
        chosen = every[names.index(current)]
        every = every[names.index(current) + 1 :]
    for each in every:
        why = chosen and _find_objection(each, chosen)
        if chosen is None or why is None:
            if lost := chosen and _list_lost(each, chosen):
                told.append(f"{each} takes the place of {chosen}, and has nothing of {lost}")
            chosen = each
        else:
            told.append(f"{each} does not take the place of {chosen}: {why}")
    return Choice(chosen.source.name if chosen else "", tuple(told))


def _list_lost(new: Vintage, now: Vintage) -> str:
    """The years and places of `now` that `new` is without, such as a filtered table; or nothing."""
    lost = [*map(str, sorted(now.years - new.years)), *sorted(now.places - new.places)]
    rest = [f"{len(lost) - _MOST_LISTED} more"] if len(lost) > _MOST_LISTED else []
    return ", ".join(lost[:_MOST_LISTED] + rest)


def _find_objection(new: Vintage, now: Vintage) -> str | None:
    """Why `new` does not take the place of `now`; None where it does."""
    if len(new.years) < len(now.years):
        return f"it has {len(new.years)} years, and that one has {len(now.years)}"
    if new.source.date and now.source.date:
        return "it was extracted earlier" if new.source.date < now.source.date else None
    if max(new.years, default=0) < max(now.years, default=0):
        return "it does not reach as far"
    return None
