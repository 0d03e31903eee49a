"""What a page shows of each figure that an answer names."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from pyoxigraph import NamedNode, Store

from kzgraph.checking import Answer, Finding, NumberAnswer, Quantified
from kzgraph.checking.answer_words import (
    Telling,
    name_finding,
    write_finding,
)
from kzgraph.iri import ID, term
from kzgraph.rdf.formats import Format
from kzgraph_server.pages.check.claim_marks import show_plainly
from kzgraph_server.pages.citing_things import address_citation, find_citation, list_formats
from kzgraph_server.pages.description import Span
from kzgraph_server.pages.figure_values import Kind, Value, ValueReader
from kzgraph_server.pages.kinds.agreement import Official, list_official
from kzgraph_server.pages.kinds.caveats import Caveat, list_caveats
from kzgraph_server.pages.kinds.figure_pages import list_spans
from kzgraph_server.pages.kinds.figure_words import write_in_full
from kzgraph_server.pages.kinds.look import Look
from kzgraph_server.pages.kinds.official_pages import SourceFile, read_source_file
from kzgraph_server.pages.language import format_number
from kzgraph_server.pages.language import gettext as _

#: Figures that a page shows whole: of one number, and in all.
_MOST_WHOLE, _MOST_ON_PAGE = 3, 9
#: Cells of official tables that are named.
_MOST_CELLS = 10


class PageLabels:
    """What things and numbers are called in the language of the page."""

    def __init__(self, values: ValueReader) -> None:
        """Read figures and names with `values`."""
        self._values = values

    def name(self, node: NamedNode) -> str:
        """What a thing is called."""
        return self._values.viewer.named(node).text

    def amount(self, node: NamedNode) -> str:
        """The number of a figure with its unit and hedge; empty where it has none."""
        value = self._values.read(node)
        return write_in_full(value) if value is not None and value.amount else ""

    def number(self, value: Decimal) -> str:
        """A number with all its digits."""
        return format_number(value)


@dataclass(frozen=True)
class Card:
    """A figure that bears on a claim.

    Attributes:
        verdict: what it makes of the claim, as addresses write it.
        heading: the same in words.
        sentence: what is stated, where, and in what it differs.
        value: the figure in short; None of what is no figure.
        cells: official figures that are summed, the first of them.
        rest: how many more there are of these.
        is_whole: whether the rest was read.
        evidence: where its document states it.
        caveats: the notes of the project on it.
        official: what official data say of it.
        citation: how it is cited; empty where it is not.
        files: the formats of the citation, and where they are.
        source: of an official figure the file that it is from.
    """

    verdict: str
    heading: str
    sentence: str
    value: Value | None
    cells: list[Value]
    rest: int = 0
    is_whole: bool = False
    evidence: list[Span] = field(default_factory=list)
    caveats: list[Caveat] = field(default_factory=list)
    official: list[Official] = field(default_factory=list)
    citation: str = ""
    files: list[tuple[Format, str]] = field(default_factory=list)
    source: SourceFile | None = None


@dataclass(frozen=True)
class NumberCards:
    """A number of a claim with the figures that bear on it.

    Attributes:
        written: as the claim has it.
        cards: the figures, the most useful first.
        nearest: those that are like it, where none bears on it.
    """

    written: str
    cards: list[Card]
    nearest: list[Card]


class CardMaker:
    """Makes the cards of a page; how many are shown whole is bounded."""

    def __init__(self, store: Store, values: ValueReader, telling: Telling) -> None:
        """Read figures of `store` with `values`, and write sentences with `telling`."""
        self._store, self._values, self._telling = store, values, telling
        self._left = _MOST_ON_PAGE

    def make_all(self, answer: Answer) -> list[NumberCards]:
        """The cards of each number of an answer."""
        return [self._make_number(each) for each in answer.numbers]

    def _make_number(self, answer: NumberAnswer) -> NumberCards:
        number = answer.number
        return NumberCards(
            written=show_plainly(number.written),
            cards=[
                self._make(finding, number, place < _MOST_WHOLE)
                for place, finding in enumerate(answer.findings)
            ],
            nearest=[self._make(each, number, whole=False) for each in answer.nearest],
        )

    def _make(self, finding: Finding, number: Quantified, whole: bool) -> Card:
        value = self._values.read(finding.figure)
        # One cell alone is the figure itself.
        summed = finding.cells if len(finding.cells) > 1 else ()
        cells = summed[:_MOST_CELLS]
        card = Card(
            verdict=finding.verdict.value,
            heading=name_finding(finding, number, _),
            sentence=show_plainly(write_finding(finding, number, self._telling, _)),
            value=value,
            cells=[each for cell in cells if (each := self._values.read(cell)) is not None],
            rest=len(summed) - len(cells),
        )
        if value is None or not whole or self._left <= 0:
            return card
        self._left -= 1
        look = Look(self._store, finding.figure, self._values)
        reference = find_citation(finding.figure)
        path = finding.figure.value.removeprefix(ID)
        return replace(
            card,
            is_whole=True,
            evidence=list_spans(look, term("evidence")),
            caveats=list_caveats(look),
            official=list_official(look),
            citation=reference.text if reference else "",
            files=[(each, address_citation(path, each)) for each in list_formats(reference)],
            source=read_source_file(look) if value.kind is Kind.OFFICIAL else None,
        )
