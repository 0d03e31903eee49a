"""What is found as triples, and the notes of the project that it supports."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term, thing
from kzgraph.namespaces import DCT, LABEL, OA, PROV, SCHEMA, TYPE, Term
from kzgraph.reasoning.concordance.country_sets import CHANCE
from kzgraph.reasoning.concordance.english_names import CITATION, EnglishNames
from kzgraph.reasoning.concordance.explaining import Finding, in_units
from kzgraph.reasoning.concordance.questions import Question
from kzgraph.reasoning.figures import Named, joint_labels
from kzgraph.reasoning.hedged import SIGNIFICANT_DIGITS, literal, quotient
from kzgraph.reasoning.rules_text import objects

#: A concordance, with the sets of bodies by each of which a note says what it found.
Established = tuple[NamedNode, NamedNode, list[frozenset[Term]]]


class Outcome(Protocol):
    """What is found: the first rule that explains it, others, and how sure that is."""

    @property
    def explanation(self) -> str:
        """The code of the explanation."""

    @property
    def further(self) -> tuple[str, ...]:
        """Codes of what explains it in addition."""

    @property
    def confidence(self) -> str | None:
        """How sure it is; None where nothing was found."""


class Input(Protocol):
    """Something official that was compared, and the graph of its file."""

    @property
    def iri(self) -> NamedNode:
        """The IRI."""

    @property
    def graph(self) -> NamedNode | None:
        """The graph."""


def node_of(finding: Finding) -> NamedNode:
    """The IRI of a concordance: that of its figure, and a number where there are several."""
    figure = finding.question.figure
    number = (str(finding.number),) if finding.of > 1 else ()
    return thing("concordance", figure.source, figure.key, *number)


def describe(working: Store, official: Store, finding: Finding) -> Iterator[Triple]:
    """The triples of the concordance of a figure.

    Args:
        working: the labels of concepts, places and data sets, and the citations of figures.
        official: what the files of official figures say of their activities.
        finding: what was found.
    """
    node, figure = node_of(finding), finding.question.figure
    names = EnglishNames(working, official)
    label = label_of("Official figures", names, figure, finding)
    if finding.of > 1:
        label += f" ({finding.number} of {finding.of})"
    yield from name(working, node, figure, label)
    yield from describe_outcome(node, finding, finding.total.cells)
    yield Triple(node, DCT["description"], Literal(_describe(names, finding), language="en"))
    cells = finding.total.cells
    sources = {names.of(cell.table or cell.activity) for cell in cells} - {""}
    yield cite(names, node, figure, label, (*cells, *finding.older), sources)
    for file in sorted({each.graph for each in finding.older if each.graph}, key=str):
        yield Triple(node, PROV["wasDerivedFrom"], file)
    for cell in finding.left_out:
        yield Triple(node, DCT["relation"], cell.iri)
    for predicate, places in (
        (SCHEMA["areaServed"], finding.countries),
        (DCT["spatial"], finding.undetermined),
    ):
        yield from (
            Triple(node, predicate, place) for place in places if isinstance(place, NamedNode)
        )
    if isinstance(finding.unit, NamedNode):
        yield Triple(node, term("unit"), finding.unit)
    yield from _difference(node, finding)


def label_of(official: str, names: EnglishNames, compared: Named, outcome: Outcome) -> str:
    """What a concordance is called in English."""
    explanation = names.of(thing("explanation", outcome.explanation)).lower()
    return f"{official} for {compared.label}: {explanation}"


def name(working: Store, node: NamedNode, compared: Named, label: str) -> Iterator[Triple]:
    """The class and the names of a concordance, and of what fact it is one."""
    yield Triple(node, TYPE, term("Concordance"))
    yield Triple(node, LABEL, Literal(label, language="en"))
    yield from (
        Triple(node, LABEL, translated)
        for translated in joint_labels(working, term("Concordance"), (compared,))
    )
    yield Triple(compared.iri, term("concordance"), node)
    yield Triple(node, PROV["wasDerivedFrom"], compared.iri)


def describe_outcome(
    node: NamedNode, outcome: Outcome, inputs: Iterable[Input]
) -> Iterator[Triple]:
    """What was found, and from what: the inputs, and the files that state them."""
    yield Triple(node, term("explanation"), thing("explanation", outcome.explanation))
    for code in outcome.further:
        yield Triple(node, term("furtherKind"), thing("explanation", code))
    if outcome.confidence:
        yield Triple(node, term("confidence"), thing("confidence", outcome.confidence))
    compared = tuple(inputs)
    for each in compared:
        yield Triple(node, term("officialFigure"), each.iri)
    for file in sorted({each.graph for each in compared if each.graph}, key=str):
        yield Triple(node, PROV["wasDerivedFrom"], file)


def cite(
    names: EnglishNames,
    node: NamedNode,
    compared: Named,
    label: str,
    inputs: Iterable[Input],
    sources: Iterable[str] = (),
) -> Triple:
    """How to cite a concordance: what it is, and what it compares."""
    credited = {text for each in inputs for text in names.credits(each.graph)}
    cited = [names.citation(compared.iri), *sorted(credited.union(sources))]
    text = f"kzgraph: {label}; comparing {'; '.join(filter(None, cited))}"
    return Triple(node, CITATION, Literal(text, language="en"))


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


def _describe(names: EnglishNames, finding: Finding) -> str:
    """What was looked for and what was summed, in words; no sums, which could tell small cells."""
    question = finding.question
    text = f"Looked for: {_sought(names, question)}."
    if not question.is_dated:
        text += " The figure has no time that official figures are published for."
    if finding.total.cells:
        cells = len(finding.total.cells)
        text += f" Named with {cells} official figure{'s' * (cells > 1)}."
    if finding.left_out:
        origins = names.join(cell.origin for cell in finding.left_out)
        text += f" Left out: {len(finding.left_out)}{f' ({origins})' if origins else ''}."
    if finding.countries:
        text += f" Countries that were found: {names.join(finding.countries)}."
    if finding.undetermined:
        text += f" Undetermined, as they have no such figures: {names.join(finding.undetermined)}."
    if finding.unit is not None:
        text += f" Unit that was found: {names.of(finding.unit)}."
    return text


def _sought(names: EnglishNames, question: Question) -> str:
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


def cited_by_notes(store: Store, established: Iterable[Established]) -> Iterator[Triple]:
    """`dcterms:references` from a note of the project to the concordances that bear it out.

    A note is borne out where it is on the figure or participation and says of it, by its bodies,
    what was found.

    Args:
        store: the notes.
        established: by concordance, its fact and by which bodies a note says what was found.
    """
    for fact, node, found in established:
        for quad in store.quads_for_pattern(None, OA["hasTarget"], fact, None):
            if isinstance(quad.subject, NamedNode):
                bodies = frozenset(objects(store, quad.subject, OA["hasBody"]))
                if bodies and any(
                    bodies == each if len(each) > 1 else each <= bodies for each in found
                ):
                    yield Triple(quad.subject, DCT["references"], node)


def establish(finding: Finding) -> Established:
    """The bodies by which a note says of a figure what was found.

    The unit, the set of countries, that the number is approximate as it is rounded, the time that
    it is of, or the code of the explanation itself.
    """
    found = codes_of(finding)
    figure, question = finding.question.figure, finding.question
    if found:
        own = figure.cell.get("unit")
        # That an amount agrees in dollars says that they are dollars; people need no such proof.
        unit = finding.unit or (own if question.units else None)
        if unit is not None:
            found.append(frozenset({unit}))
        if finding.explanation == "rounded":
            found.append(frozenset({thing("bound", "approximate")}))
        if finding.countries:
            found.append(finding.countries)
        if (time := _known_time(finding)) is not None:
            found.append(frozenset({time}))
    return figure.iri, node_of(finding), found


def _known_time(finding: Finding) -> Term | None:
    """The time of a figure, where official figures of that year hardly give it by chance."""
    value = in_units(finding.question).value
    by_itself = finding.explanation in ("same", "rounded") and value * Decimal(CHANCE) >= 1
    is_sure = finding.confidence == "high" and (by_itself or finding.explanation == "scope")
    return finding.question.figure.cell.get("time") if is_sure else None


def codes_of(outcome: Outcome) -> list[frozenset[Term]]:
    """The codes of what was found; none where that is hardly sure."""
    if outcome.confidence in (None, "low"):
        return []
    return [
        frozenset({thing("explanation", code)}) for code in (outcome.explanation, *outcome.further)
    ]
