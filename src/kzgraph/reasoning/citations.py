"""One citation for each result of the project, as each fact has one: what it is, and from what.

A result is the project's, so it stands first; the citations of the figures that it comes from
follow, those of one document together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term
from kzgraph.namespaces import DCT, LABEL, LANGUAGES, PROV
from kzgraph.reasoning.rules_text import objects

_CITATION = DCT["bibliographicCitation"]
_ENGLISH = LANGUAGES[0]
#: How a result names the figures that it comes from, and what was done with them.
_INPUTS = {
    PROV["wasDerivedFrom"]: "computed from",
    term("baseline"): "comparing",
    term("comparand"): "comparing",
}
#: What ends the part of a citation that is the same for all facts of a document.
_SPANS = ", characters "


def citations(store: Store, results: Iterable[Triple]) -> Iterator[Triple]:
    """The citations of results.

    Args:
        store: it has the citations of what the results come from.
        results: the triples that describe them.
    """
    inputs: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    labels: dict[NamedNode, str] = {}
    done: dict[NamedNode, str] = {}
    for triple in results:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode):
            continue
        if triple.predicate in _INPUTS and isinstance(value, NamedNode):
            inputs[subject].append(value)
            done[subject] = _INPUTS[triple.predicate]
        elif (
            triple.predicate == LABEL and isinstance(value, Literal) and value.language == _ENGLISH
        ):
            labels[subject] = value.value
    for subject, label in labels.items():
        if subject in inputs:
            sources = _join(
                cited.value
                for each in inputs[subject]
                for cited in objects(store, each, _CITATION)
                if isinstance(cited, Literal)
            )
            text = f"kzgraph: {label}; {done[subject]} {sources}"
            yield Triple(subject, _CITATION, Literal(text, language=_ENGLISH))


def _join(cited: Iterable[str]) -> str:
    """Citations in order, the spans of one document behind one another."""
    spans: dict[str, set[str]] = defaultdict(set)
    for each in cited:
        document, _, found = each.rpartition(_SPANS)
        spans[document].update(found.split(", "))
    return "; ".join(
        f"{document}{_SPANS}{', '.join(sorted(spans[document], key=_start))}"
        for document in sorted(spans)
    )


def _start(span: str) -> tuple[int, str]:
    return int(span.partition("-")[0]), span
