"""What others say of a figure: those it is compared with, and what official data say of it.

docs/model.md, "What the documents do not say", and docs/concordance.md.
"""

from dataclasses import dataclass
from itertools import islice

from pyoxigraph import NamedNode, Store

from kzgraph.iri import term
from kzgraph.namespaces import DCT, PROV, SCHEMA, Term
from kzgraph_server.pages.figure_values import SIGNS, Value, read_number
from kzgraph_server.pages.kinds.look import Look
from kzgraph_server.pages.language import format_number
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View

_BASELINE, _COMPARAND = term("baseline"), term("comparand")
#: Statements about one of these that are read.
_MOST_READ = 1_000
#: Comparisons, concordances, and official figures of one of these that a page shows.
MOST_BESIDE, MOST_CELLS = 20, 20


@dataclass(frozen=True)
class Difference:
    """By how much two numbers differ.

    Attributes:
        number: of things, signed, as the language of the page writes it; empty where not told.
        percent: the same in per cent of the number that it is a difference to; empty for 0.
        sentence: which is greater, in words.
    """

    number: str
    percent: str
    sentence: str


@dataclass(frozen=True)
class Compared:
    """A comparison of two figures.

    Attributes:
        comparison: the comparison.
        baseline: the figure that the difference is to.
        comparand: the other one.
        kind: why they differ.
        further: what else may account for a part of it.
        difference: how much the comparand is more than the baseline.
    """

    comparison: View
    baseline: Value
    comparand: Value
    kind: View | None
    further: list[View]
    difference: Difference


@dataclass(frozen=True)
class Official:
    """What official data say of a figure.

    Attributes:
        concordance: the node.
        figure: the figure of the document; None where it is a fact without a number.
        fact: the figure or participation of the document.
        explanation: why they agree or differ.
        further: what explains it in addition.
        confidence: how sure that is.
        cells: the official figures, in short.
        entries: those that are no figures, such as an entry of a list of treaties.
        total: how many there are of both.
        omitted: official figures that were left out.
        difference: the document's number less the official ones.
        places: the countries that were found.
        unit: that a bare number was found to have.
        looked: what was looked for, in words.
    """

    concordance: View
    figure: Value | None
    fact: View | None
    explanation: View | None
    further: list[View]
    confidence: View | None
    cells: list[Value]
    entries: list[View]
    total: int
    omitted: list[Value]
    difference: Difference
    places: list[View]
    unit: View | None
    looked: View | None


def list_comparisons(look: Look) -> list[Compared]:
    """The comparisons of a figure with others."""
    nodes = [
        *look.referrers(_BASELINE, MOST_BESIDE),
        *look.referrers(_COMPARAND, MOST_BESIDE),
    ]
    found = (read_comparison(look, node) for node in nodes)
    return [each for each in found if each is not None]


def read_comparison(look: Look, node: NamedNode) -> Compared | None:
    """A comparison; None where one of its figures is not there."""
    said = _Said(look.store, node)
    baseline, comparand = (
        look.values.read(each) if isinstance(each := said.first(name), NamedNode) else None
        for name in (_BASELINE, _COMPARAND)
    )
    if baseline is None or comparand is None:
        return None
    kind = said.first(term("kind"))
    return Compared(
        look.viewer.named(node),
        baseline,
        comparand,
        None if kind is None else look.viewer.any(kind),
        [look.viewer.any(each) for each in said.all(term("furtherKind"))],
        _read_difference(said),
    )


def list_official(look: Look) -> list[Official]:
    """What official data say of a figure."""
    return [read_concordance(look, node) for node in look.nodes(term("concordance"))[:MOST_BESIDE]]


def read_concordance(look: Look, node: NamedNode) -> Official:
    """A concordance."""
    said, viewer = _Said(look.store, node), look.viewer
    cells = [each for each in said.all(term("officialFigure")) if isinstance(each, NamedNode)]
    shown = cells[:MOST_CELLS]
    figures = {each: look.values.read(each) for each in shown}
    left = [each for each in said.all(DCT["relation"]) if isinstance(each, NamedNode)]
    fact = next(
        (
            quad.subject
            for quad in look.store.quads_for_pattern(None, term("concordance"), node, None)
            if isinstance(quad.subject, NamedNode)
        ),
        None,
    )
    explanation, confidence, unit, looked = (
        said.first(name)
        for name in (term("explanation"), term("confidence"), term("unit"), DCT["description"])
    )
    return Official(
        concordance=viewer.named(node),
        figure=look.values.read(fact) if fact else None,
        fact=viewer.named(fact) if fact else None,
        explanation=viewer.any(explanation) if explanation else None,
        further=[viewer.any(each) for each in said.all(term("furtherKind"))],
        confidence=viewer.any(confidence) if confidence else None,
        cells=[each for each in figures.values() if each is not None],
        entries=[viewer.named(each) for each, value in figures.items() if value is None],
        total=len(cells),
        omitted=look.read_all(left[:MOST_CELLS]),
        difference=_read_difference(said),
        places=[viewer.any(each) for each in said.all(SCHEMA["areaServed"])],
        unit=viewer.any(unit) if unit else None,
        looked=viewer.any(looked) if looked else None,
    )


def find_concordances(look: Look) -> list[Official]:
    """The concordances that name an official figure."""
    nodes = look.referrers(term("officialFigure"), MOST_BESIDE)
    return [read_concordance(look, node) for node in nodes]


def list_inputs(look: Look, most: int) -> tuple[list[Value], int]:
    """The figures that a figure was computed from, at most so many, and how many there are."""
    nodes = look.nodes(PROV["wasDerivedFrom"])
    return look.read_all(nodes[:most]), len(nodes)


class _Said:
    """What is said of a node by each property."""

    def __init__(self, store: Store, node: NamedNode) -> None:
        self._found: dict[NamedNode, dict[Term, None]] = {}
        for quad in islice(store.quads_for_pattern(node, None, None, None), _MOST_READ):
            self._found.setdefault(quad.predicate, {})[quad.object] = None

    def all(self, name: NamedNode) -> list[Term]:
        return sorted(self._found.get(name, ()), key=str)

    def first(self, name: NamedNode) -> Term | None:
        return min(self._found.get(name, ()), key=str, default=None)


def _read_difference(said: _Said) -> Difference:
    amount = read_number(said.first(term("difference")))
    percent = read_number(said.first(term("percentDifference")))
    if amount is None:
        return Difference("", "", "")
    bound = said.first(term("bound"))
    found = SIGNS.get(bound, "") if isinstance(bound, NamedNode) else ""
    sign = f"{found}\N{NO-BREAK SPACE}" if found else ""
    written = f"{sign}{format_number(amount)}"
    part = "" if not percent else _("%(number)s%%", number=format_number(percent))
    size = f"{sign}{format_number(abs(amount))}"
    if amount == 0:
        sentence = _("No difference.")
    elif amount > 0:
        sentence = _("More by %(number)s.", number=size)
    else:
        sentence = _("Less by %(number)s.", number=size)
    return Difference(written, part, sentence)
