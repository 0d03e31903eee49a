"""A source, and what a mapper of its kind writes to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from pyoxigraph import Quad

from kzgraph.sources.left_out import LeftOutKind


@dataclass(frozen=True)
class Source:
    """One published data file.

    Attributes:
        kind: what its layout and its subject are: `unhcr-population`, `iati`.
        path: where it lies, maybe compressed by gzip.
        sha256: of the content, decompressed, in hexadecimal.
        title: in English.
        licence: an IRI.
        attribution: what whoever uses the data has to name.
        url: where it was published; nothing where unknown.
        date: when it was extracted, as an ISO date; nothing where unknown.
        whole: the SHA-256 of the file that this one is an extract of; nothing of a whole one.
    """

    kind: str
    path: Path
    sha256: str
    title: str
    licence: str
    attribution: str
    url: str = ""
    date: str = ""
    whole: str = ""

    @property
    def name(self) -> str:
        """What its graph and its dumps are called."""
        return f"{self.kind}-{self.sha256[:12]}"


class Sink(Protocol):
    """What a mapper writes to."""

    def line(self, triple: str) -> None:
        """Add a triple to the graph of the source.

        Lines of one subject follow each other.

        Args:
            triple: subject, predicate and object in canonical N-Triples form, with a space between
                them and no dot: https://www.w3.org/TR/n-triples/#canonical-ntriples
        """

    def thing(self, subject: str, said: Iterable[str]) -> None:
        """Add triples of one subject: what many things have in common is checked once.

        Args:
            subject: its IRI in canonical N-Triples form.
            said: predicate and object of each triple, likewise, with a space between them.
        """

    def leave_out(
        self, row: int, properties: Sequence[str], cells: Sequence[tuple[LeftOutKind, str]]
    ) -> None:
        """Hand over cells that the graph does not have; see `LeftOutWriter.add`."""

    def share(self, quads: Iterable[Quad]) -> None:
        """Add what several sources speak of to `entities`, `concepts` or `links`, once."""

    def claim(self, key: str) -> bool:
        """Whether the record called `key` is this source's; not where a newer source has it."""

    def advance(self, rows: int) -> None:
        """Tell that so many further rows are done."""

    def cells(self, kinds: Iterable[str]) -> Iterator[str]:
        """The IRIs of the cells of current files of these kinds, which are mapped before."""

    def tell(self, what: str) -> None:
        """Say of the file what its reader has to know: what is taken that should be otherwise."""


#: Maps a source, or raises `SourceFaults`.
Mapper: TypeAlias = Callable[[Source, Sink], None]


@dataclass(frozen=True)
class Kind:
    """What all files of a kind have in common.

    Attributes:
        title: in English, for a file of which nobody says one.
        licence: an IRI, where all files of the kind have that licence; else the operator states it.
        attribution: likewise.
        recognize: whether a file that starts with these bytes, 64 KiB decompressed, is of the
            kind; None where its start does not tell.
        find_date: the date of extraction that such a start states, as an ISO date; nothing where
            it states none.
        records: whether files stand beside each other, each with records of its own (activities),
            which `Sink.claim` gives to the newest; else a newer file takes the place of an older.
        after_others: whether its files speak of the cells of others, and are mapped after them.
    """

    title: str
    licence: str = ""
    attribution: str = ""
    recognize: Callable[[bytes], bool] | None = None
    find_date: Callable[[bytes], str] | None = None
    records: bool = False
    after_others: bool = False
