"""What a search found, and what it took the query for."""

from dataclasses import dataclass, field

from kzgraph.search.entries import Name
from kzgraph.search.ranking import Match


@dataclass(frozen=True)
class Hit:
    """A thing that was found.

    Attributes:
        iri: of the thing.
        kind: the class that it is grouped by.
        match: how it was found.
        score: from 0 to 1: how well it fits, and how prominent it is.
        name: the name that fits best; None where only what it is about fits.
        labels: what it is called, one for each language.
        names: all that it is called, the names that tell most first.
    """

    iri: str
    kind: str
    match: Match
    score: float
    name: Name | None
    labels: tuple[Name, ...]
    names: tuple[Name, ...] = ()

    def label(self, language: str) -> Name | None:
        """What it is called in a language, in English, or else in any; None for no name."""
        order = (language, "en", "")
        return min(
            self.labels,
            key=lambda name: order.index(name.language) if name.language in order else len(order),
            default=None,
        )


@dataclass
class Reading:
    """What a query was taken for.

    Attributes:
        words: the words that were looked for.
        retyped: what the keys of the query are on another keyboard, where that was looked for.
        corrected: words that the index does not have, and those that were taken for them.
        dropped: words that nothing was found for.
        nearest: words of the index to suggest for them.
        partial: whether nothing has all words, so that what has some is shown.
        shortened: whether the query was longer than what is read of one.
    """

    words: tuple[str, ...] = ()
    retyped: str = ""
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    partial: bool = False
    shortened: bool = False


@dataclass
class Found:
    """What a search found.

    Attributes:
        hits: those asked for, the best first.
        total: how many things there are, up to `COUNTED`, of the kinds asked for.
        ranked: how many of them can be turned to.
        kinds: how many there are of each kind, of all kinds, the most first.
        reading: what the query was taken for.
        complete: whether there was time for all of it.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    ranked: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    complete: bool = True
