"""Pages of figures: what documents state with a number or without one, and what is computed."""

from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from kzgraph.iri import term
from kzgraph.namespaces import PROV, SCHEMA
from kzgraph.prefixes import shorten
from kzgraph_server.pages.description import Span, read_span
from kzgraph_server.pages.figure_values import PER_CENT, Value
from kzgraph_server.pages.kinds.agreement import (
    Compared,
    Official,
    list_comparisons,
    list_inputs,
    list_official,
)
from kzgraph_server.pages.kinds.caveats import Caveat, list_caveats
from kzgraph_server.pages.kinds.figure_words import (
    DIMENSIONS,
    UNDIVIDED,
    explain_nothing,
    write_sentence,
)
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.pages.kinds.words_around import add_words
from kzgraph_server.pages.language import format_number
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View

_CHOSEN, _HEADLINE = term("ChosenFigure"), term("HeadlineFigure")
#: Figures of one relation that a page shows; of the inputs of a computed one there may be hundreds.
_MOST = 20


@dataclass(frozen=True)
class Related:
    """Figures that stand in one relation to a figure.

    Attributes:
        title: the relation, in words.
        values: the figures.
        total: how many there are; as many as are shown, where more are not counted.
    """

    title: str
    values: list[Value]
    total: int


@dataclass(frozen=True)
class FigurePage:
    """What the page of a figure shows.

    Attributes:
        value: the figure in short.
        sentence: the same in words.
        nothing: which kind of nothing it is, where there is no number.
        dollars: the amount in dollars, of money whose document does not say its unit.
        standing: whether the project chose it for its place, group and year, or which one instead.
        chosen: the figures that it chose instead.
        dimensions: what tells it from others: properties and what they lead to.
        caveats: the notes of the project on it.
        evidence: where its document states it.
        context: what else of the document it needs.
        comparisons: with figures of documents.
        official: what official data say of it.
        formula: how it is computed.
        inputs: what it is computed from.
        related: what follows from it, and the totals and parts of it.
    """

    value: Value
    sentence: str
    nothing: str
    dollars: str
    standing: str
    chosen: list[Value]
    dimensions: list[tuple[View, list[View]]]
    caveats: list[Caveat]
    evidence: list[Span]
    context: list[Span]
    comparisons: list[Compared]
    official: list[Official]
    formula: View | None
    inputs: Related | None
    related: list[Related]


def make_figure(look: Look) -> FigurePage:
    """What the page of a figure shows."""
    value = look.values.read(look.node)
    assert value is not None, "a figure by its class"  # noqa: S101 - the kind is found by it
    inputs, total = list_inputs(look, _MOST)
    return FigurePage(
        value=value,
        sentence=write_sentence(look, value),
        nothing=explain_nothing(look),
        dollars=_write_dollars(value),
        standing=_write_standing(look),
        chosen=look.read_all(look.nodes(term("chosenInstead"))[:_MOST]),
        dimensions=list_dimensions(look),
        caveats=list_caveats(look),
        evidence=list_spans(look, term("evidence")),
        context=list_spans(look, term("context")),
        comparisons=list_comparisons(look),
        official=list_official(look),
        formula=look.view(term("derivation")),
        inputs=Related(_("Computed from"), inputs, total) if inputs else None,
        related=_list_related(look),
    )


def list_dimensions(look: Look) -> list[tuple[View, list[View]]]:
    """What tells a figure from others: properties and what they lead to."""
    found = []
    for name in DIMENSIONS:
        nodes = [each for each in look.nodes(name) if each not in UNDIVIDED]
        if nodes:
            views = [look.viewer.named(each) for each in nodes]
            found.append((look.viewer.named(name), views))
    return found


def list_spans(look: Look, name: NamedNode) -> list[Span]:
    """The pieces of evidence that a property leads to, in the order of the document."""
    found = (read_span(look.store, look.viewer, each) for each in look.nodes(name)[:_MOST])
    spans = [add_words(look, each) for each in found if each is not None]
    return sorted(spans, key=lambda span: (span.document.text, int(span.start)))


def _list_related(look: Look) -> list[Related]:
    """The relations of a figure to others, those that it has."""
    derived = [
        each
        for each in look.read_all(look.referrers(PROV["wasDerivedFrom"], 4 * _MOST))
        if each.kind.value == "derived"
    ]
    relations = [
        (_("Computed from it"), derived),
        (_("Part of"), _read(look, "componentOf")),
        (_("Among"), _read(look, "includedIn")),
        (_name_base(look), _read(look, "base")),
        (_("Its parts"), _read(look, "hasComponent")),
    ]
    return [Related(title, values[:_MOST], len(values)) for title, values in relations if values]


def _name_base(look: Look) -> str:
    """What the base of a figure is to it: only of a figure in per cent it is the hundred."""
    if look.first(term("unit")) == PER_CENT:
        return _("A percentage of")
    return _("What it is set against")


def _read(look: Look, name: str) -> list[Value]:
    return look.read_all(look.nodes(term(name))[: 2 * _MOST])


def _write_dollars(value: Value) -> str:
    if value.dollars is None or value.dollars == value.number:
        return ""
    return _("%(number)s %(currency)s", number=format_number(value.dollars), currency="USD")


def _write_standing(look: Look) -> str:
    if _CHOSEN in look.classes and look.first(term("unit")) == PER_CENT:
        return _(
            "The project chose this figure for its place, group or series, quantity and year; it "
            "can be looked up. Percentages are not added up."
        )
    if _HEADLINE in look.classes:
        return _(
            "The project chose this figure for its place, group or series, quantity and year; it "
            "can be looked up, and summed with others that were chosen to sum."
        )
    if _CHOSEN in look.classes:
        return _(
            "The project chose this figure for its place, group or series, quantity and year; it "
            "is to be looked up. A sum may count the same with another figure."
        )
    if look.nodes(term("chosenInstead")):
        return _("For its place, group or series, quantity and year the project chose:")
    return ""


def describe_figure(look: Look, made: FigurePage) -> dict[str, Any]:
    """A figure as an observation of schema.org: https://schema.org/Observation."""
    value = made.value
    found: dict[str, Any] = {"@type": "Observation", "description": made.sentence}
    if value.number is not None:
        found["value"] = float(value.number)
    if value.least is not None and value.most is not None:
        found["minValue"], found["maxValue"] = float(value.least), float(value.most)
    if value.unit is not None:
        found["unitText"] = value.unit.text
    for name, kind, view in (
        ("measuredProperty", "Property", value.quantity),
        ("observationAbout", "Thing", value.scope),
        ("isBasedOn", "CreativeWork", look.view(term("statedIn"))),
    ):
        if view is not None and view.iri:
            found[name] = {"@type": kind, "@id": view.iri, "name": view.text}
    when = look.text(term("date")) or (str(value.year) if value.year is not None else "")
    if when:
        found["observationDate"] = when
    return found


#: What a figure is to be compared by: the properties that a query about its series keeps.
_OF_SERIES = ("scope", "populationGroup", "indicator", "series", "quantity", "origin", "derivation")


def query_figure(look: Look, made: FigurePage) -> str:
    """All figures of the same place, group and quantity, over the years."""
    same = [
        f"    kzg:{name} {shorten(nodes[0].value)} ;"
        for name in _OF_SERIES
        if (nodes := look.nodes(term(name)))
    ]
    kind, number = "kzg:Figure", "kzg:value"
    if term("OfficialFigure") in look.classes:
        kind, number = "kzg:OfficialFigure", "kzg:officialValue"
    elif SCHEMA["value"] in look.said:
        number = "schema:value"
    lines = [
        "# The figures that count the same as this one, over the years",
        "SELECT ?year ?value ?status ?figure WHERE {",
        f"  ?figure a {kind} ;",
        *same,
        f"    {number} ?value .",
        "  OPTIONAL { ?figure kzg:year ?year }",
        "  OPTIONAL { ?figure kzg:status ?status }",
        "}",
        "ORDER BY ?year ?status",
    ]
    return "\n".join((*lines, ""))


#: Contributions before the figures of money that they are.
KINDS = tuple(
    PageKind(term(name), "things/figure.html", make_figure, describe_figure, query_figure)
    for name in (
        "Contribution", "DerivedFigure", "PopulationFigure", "FinanceFigure", "IndicatorFigure",
        "StatedFigure", "Figure",
    )
)  # fmt: skip
