"""Findings as triples, and the notes of the project that a finding supports."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term, thing
from kzgraph.namespaces import DCT, LABEL, OA, PROV, SCHEMA, TYPE, Term
from kzgraph.reasoning.concordance.explaining import Finding
from kzgraph.reasoning.concordance.questions import Question
from kzgraph.reasoning.figures import by_language, joint_labels
from kzgraph.reasoning.hedged import SIGNIFICANT_DIGITS, literal, quotient
from kzgraph.reasoning.rules_text import objects

_CITATION = DCT["bibliographicCitation"]


def node_of(finding: Finding) -> NamedNode:
    """The IRI of a concordance: that of its figure, and a number where there are several."""
    figure = finding.question.figure
    number = (str(finding.number),) if finding.of > 1 else ()
    return thing("concordance", figure.source, figure.key, *number)


def describe(working: Store, official: Store, finding: Finding) -> Iterator[Triple]:
    """The triples of one concordance.

    Args:
        working: the labels of concepts, places and data sets, and the citations of figures.
        official: what the files of official figures say of their activities.
        finding: what was found.
    """
    node, figure = node_of(finding), finding.question.figure
    names = _Names(working, official)
    explanation = thing("explanation", finding.explanation)
    label = f"Official figures for {figure.label}: {names.of(explanation).lower()}"
    if finding.of > 1:
        label += f" ({finding.number} of {finding.of})"
    yield Triple(node, TYPE, term("Concordance"))
    yield Triple(node, LABEL, Literal(label, language="en"))
    yield from (
        Triple(node, LABEL, translated)
        for translated in joint_labels(working, term("Concordance"), (figure,))
    )
    yield Triple(figure.iri, term("concordance"), node)
    yield Triple(node, PROV["wasDerivedFrom"], figure.iri)
    yield Triple(node, DCT["description"], Literal(_describe(names, finding), language="en"))
    yield Triple(node, _CITATION, Literal(_cite(names, finding, label), language="en"))
    yield Triple(node, term("explanation"), explanation)
    for code in finding.further:
        yield Triple(node, term("furtherKind"), thing("explanation", code))
    if finding.confidence:
        yield Triple(node, term("confidence"), thing("confidence", finding.confidence))
    for cell in finding.total.cells:
        yield Triple(node, term("officialFigure"), cell.iri)
    for cell in finding.left_out:
        yield Triple(node, DCT["relation"], cell.iri)
    for file in sorted({cell.graph for cell in finding.total.cells if cell.graph}, key=str):
        yield Triple(node, PROV["wasDerivedFrom"], file)
    for name, places in (
        (SCHEMA["areaServed"], finding.countries),
        (DCT["spatial"], finding.undetermined),
    ):
        yield from (Triple(node, name, place) for place in places if isinstance(place, NamedNode))
    if isinstance(finding.unit, NamedNode):
        yield Triple(node, term("unit"), finding.unit)
    yield from _difference(node, finding)


def _difference(node: NamedNode, finding: Finding) -> Iterator[Triple]:
    if finding.difference is None:
        return
    yield Triple(node, term("difference"), literal(finding.difference))
    bound = finding.question.figure.bound or "exact"
    yield Triple(node, term("bound"), thing("bound", bound))
    if finding.total.value != 0:
        percent = quotient(
            finding.difference, finding.total.value, scale=100, digits=SIGNIFICANT_DIGITS
        )
        yield Triple(node, term("percentDifference"), literal(percent))


class _Names:
    """What things are called in English."""

    def __init__(self, working: Store, official: Store) -> None:
        self._stores = working, official

    def of(self, node: Term | None) -> str:
        """The English label, or the last segment of the IRI."""
        if not isinstance(node, NamedNode):
            return ""
        for store in self._stores:
            quads = store.quads_for_pattern(node, LABEL, None, None)
            labels = by_language(quad.object for quad in quads)
            if labels:
                return labels.get("en") or next(iter(labels.values()))
        return node.value.rsplit("/", 1)[-1]

    def join(self, nodes: Iterable[Term | None]) -> str:
        """Names in order, with commas."""
        return ", ".join(sorted({self.of(each) for each in nodes} - {""}))

    def credits(self, graph: NamedNode | None) -> list[str]:
        """The attribution that a file of official figures asks for."""
        texts = self._stores[1].quads_for_pattern(graph, SCHEMA["creditText"], None, None)
        return [quad.object.value for quad in texts if graph and isinstance(quad.object, Literal)]

    def citation(self, figure: NamedNode) -> str:
        """How the figure of a document is cited."""
        found = objects(self._stores[0], figure, _CITATION)
        return next((each.value for each in found if isinstance(each, Literal)), "")


def _describe(names: _Names, finding: Finding) -> str:
    """What was looked for and what was summed, in words; no sums, which could tell small cells."""
    question = finding.question
    text = f"Looked for: {_sought(names, question)}."
    if not question.is_dated:
        text += " The figure has no time that official figures are published for."
    if finding.total.cells:
        cells = len(finding.total.cells)
        text += f" Compared with {cells} official figure{'s' * (cells > 1)}."
    if finding.left_out:
        origins = names.join(cell.origin for cell in finding.left_out)
        text += f" Left out: {len(finding.left_out)} ({origins})."
    if finding.countries:
        text += f" Countries that were found: {names.join(finding.countries)}."
    if finding.undetermined:
        text += f" Undetermined, as they have no such figures: {names.join(finding.undetermined)}."
    if finding.unit is not None:
        text += f" Unit that was found: {names.of(finding.unit)}."
    return text


def _sought(names: _Names, question: Question) -> str:
    parts = [names.join(question.quantities)]
    if question.groups:
        parts.append(names.join(question.groups))
    if question.origins:
        parts.append(f"from {names.join(question.origins)}")
    if question.countries:
        parts.append(names.join(question.countries))
    elif question.region:
        parts.append(f"countries among {names.join(question.region)}")
    years = question.years or question.near
    if years:
        parts.append(" and ".join(map(str, sorted(years))))
    return "; ".join(filter(None, parts))


def _cite(names: _Names, finding: Finding, label: str) -> str:
    cells = finding.total.cells
    sources = {names.of(cell.table or cell.activity) for cell in cells} - {""}
    credits_ = {text for cell in cells for text in names.credits(cell.graph)}
    cited = [names.citation(finding.question.figure.iri), *sorted(sources | credits_)]
    return f"kzgraph: {label}; comparing {'; '.join(filter(None, cited))}"


def cited_by_notes(store: Store, findings: Iterable[Finding]) -> Iterator[Triple]:
    """`dcterms:references` from a note of the project to the concordances that bear it out.

    A note is borne out where it is on a figure and says of it, by its bodies, what was found: the
    unit, the set of countries, that the number is approximate as it is rounded, or the code of the
    explanation itself.
    """
    for finding in findings:
        found = _established(finding)
        figure = finding.question.figure.iri
        for quad in store.quads_for_pattern(None, OA["hasTarget"], figure, None):
            if isinstance(quad.subject, NamedNode):
                bodies = frozenset(objects(store, quad.subject, OA["hasBody"]))
                if bodies and any(
                    bodies == each if len(each) > 1 else each <= bodies for each in found
                ):
                    yield Triple(quad.subject, DCT["references"], node_of(finding))


def _established(finding: Finding) -> list[frozenset[Term]]:
    if finding.confidence in (None, "low"):
        return []
    found: list[frozenset[Term]] = [
        frozenset({thing("explanation", code)}) for code in (finding.explanation, *finding.further)
    ]
    question = finding.question
    own = question.figure.cell.get("unit")
    # That an amount agrees in dollars says that they are dollars; people need no such proof.
    unit = finding.unit or (own if question.units else None)
    if unit is not None:
        found.append(frozenset({unit}))
    if finding.explanation == "rounded":
        found.append(frozenset({thing("bound", "approximate")}))
    if finding.countries:
        found.append(finding.countries)
    return found
