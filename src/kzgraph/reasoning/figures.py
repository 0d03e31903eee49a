"""Figures as input of the rules: a number, its bound, and the cell it fills."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import ID, term
from kzgraph.namespaces import LABEL, LANGUAGES, OWL_TIME, TYPE, XSD, Term
from kzgraph.reasoning.rules_text import objects

#: The properties, by their name in kzg, that distinguish cells of any kind of figure.
DIMENSIONS = (
    "scope",
    "populationGroup",
    "sex",
    "age",
    "disability",
    "origin",
    "quantity",
    "registeredBy",
    "series",
    "indicator",
    "donor",
    "unit",
    "status",
)
#: What a figure can be about: classes beside those that say who states it.
KINDS = frozenset(term(name) for name in ("PopulationFigure", "FinanceFigure", "IndicatorFigure"))
#: How the time of a figure is written: the node, and plain values alongside it.
TIMES = ("time", "year", "gYear", "firstYear", "lastYear", "date")

_VALUE = term("value")
_STATED_IN = term("statedIn")
_DATE = OWL_TIME["inXSDDate"]


@dataclass(frozen=True)
class Span:
    """The days that a time covers, both included; None where it is open, at one end only."""

    start: date | None
    end: date | None

    def within(self, other: "Span") -> bool:
        """Whether every day of this span is one of the other's.

        >>> year = Span(date(2018, 1, 1), date(2018, 12, 31))
        >>> Span(date(2018, 12, 31), date(2018, 12, 31)).within(year)
        True
        """
        if other.start and (self.start is None or self.start < other.start):
            return False
        return other.end is None or (self.end is not None and self.end <= other.end)


@dataclass(frozen=True)
class Figure:
    """A figure with a value, stated in a document.

    `cell` holds the dimensions and times that the figure has, by name; `kinds` the classes that say
    what it is about.
    """

    iri: NamedNode
    label: str
    labels: Mapping[str, str]
    value: Decimal
    bound: str
    hedge: str
    document: NamedNode
    cell: Mapping[str, Term]
    span: Span | None
    kinds: frozenset[NamedNode] = frozenset()

    @cached_property
    def key(self) -> str:
        """The last segment of the IRI: the figure's name within its document."""
        return self.iri.value.rsplit("/", 1)[-1]

    @cached_property
    def source(self) -> str:
        """The slug of the document."""
        return self.document.value.rsplit("/", 1)[-1]

    def code(self, dimension: str) -> str | None:
        """The code of the concept that fills a dimension, or None where none does.

        Raises:
            ValueError: the dimension is filled by something that is not one of our things.
        """
        found = self.cell.get(dimension)
        if found is None:
            return None
        if not isinstance(found, NamedNode) or not found.value.startswith(ID):
            raise ValueError(f"{found} is not a concept")
        return found.value.rsplit("/", 1)[-1]


def figures(store: Store, number: NamedNode = _VALUE) -> dict[NamedNode, Figure]:
    """The figures with a value in the default graph of `store`, by IRI.

    A figure that lacks a required part, such as the label, or has two values, is left to
    validation and not returned.

    Args:
        store: it has the figures.
        number: what their number is the value of; for ranges, where they begin.
    """
    found = {}
    for quad in store.quads_for_pattern(None, number, None, None):
        if isinstance(quad.subject, NamedNode):
            figure = _figure(store, quad.subject, number)
            if figure:
                found[quad.subject] = figure
    return found


def _figure(store: Store, iri: NamedNode, number: NamedNode) -> Figure | None:
    given: dict[NamedNode, list[Term]] = {}
    for quad in store.quads_for_pattern(iri, None, None, None):
        given.setdefault(quad.predicate, []).append(quad.object)
    english = [each for each in given.get(LABEL, ()) if _is_english(each)]
    single = {predicate: terms[0] for predicate, terms in given.items() if len(terms) == 1}
    value, document = (single.get(name) for name in (number, _STATED_IN))
    if not isinstance(value, Literal) or not isinstance(document, NamedNode) or len(english) != 1:
        return None
    if value.datatype not in (XSD["integer"], XSD["decimal"]):
        return None
    bound = single.get(term("bound"))
    cell = {name: single[term(name)] for name in DIMENSIONS + TIMES if term(name) in single}
    return Figure(
        iri=iri,
        label=text(english[0]),
        labels=by_language(given.get(LABEL, ())),
        value=Decimal(value.value),
        bound=bound.value.rsplit("/", 1)[-1] if isinstance(bound, NamedNode) else "",
        hedge=text(single.get(term("hedge"))),
        document=document,
        cell=cell,
        span=span_of(store, cell.get("time")),
        kinds=KINDS & {*given.get(TYPE, ())},
    )


def by_language(labels: Iterable[Term]) -> dict[str, str]:
    """Labels by language; where there are several in one, the first in order."""
    texts = [each for each in labels if isinstance(each, Literal)]
    return {each.language or "": each.value for each in sorted(texts, key=str, reverse=True)}


class Named(Protocol):
    """Something with an IRI and names: a figure, or another fact."""

    @property
    def iri(self) -> NamedNode:
        """The IRI."""

    @property
    def label(self) -> str:
        """What it is called in English."""

    @property
    def labels(self) -> Mapping[str, str]:
        """What it is called, by language."""


def joint_labels(store: Store, kind: NamedNode, parts: Iterable[Named]) -> Iterator[Literal]:
    """What a thing of a kind is called that is made from `parts`, in Russian and Kazakh.

    The label of `kind`, and those of the parts; nothing in a language that one of them lacks.
    """
    own = by_language(objects(store, kind, LABEL))
    of = [part.labels for part in parts]
    for language in LANGUAGES[1:]:
        if all(language in labels for labels in (own, *of)):
            joint = "; ".join(labels[language] for labels in of)
            name = own[language][:1].upper() + own[language][1:]
            yield Literal(f"{name}: {joint}", language=language)


def _is_english(found: Term) -> bool:
    return isinstance(found, Literal) and found.language == "en"


def text(found: Term | None) -> str:
    """The text of a literal, or nothing."""
    return found.value if isinstance(found, Literal) else ""


def span_of(store: Store, time: Term | None) -> Span | None:
    """The span of a time node of OWL-Time: an instant is a day, an interval begins and may end."""
    day = _day(store, [time])
    if day:
        return Span(day, day)
    start, end = (
        _day(store, objects(store, time, OWL_TIME[name])) for name in ("hasBeginning", "hasEnd")
    )
    return Span(start, end) if start or end else None


def _day(store: Store, instants: Iterable[Term | None]) -> date | None:
    """The first date that one of `instants` has."""
    dates = (text(each) for instant in instants for each in objects(store, instant, _DATE))
    return next(map(date.fromisoformat, filter(None, dates)), None)


def common(parts: Iterable[Figure], name: str) -> Term | None:
    """What fills the dimension `name` in every one of `parts`, or None where they differ.

    None as well where all of them lack it.
    """
    found = {figure.cell.get(name) for figure in parts}
    return found.pop() if len(found) == 1 else None
