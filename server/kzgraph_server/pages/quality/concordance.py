"""`/quality/concordance`: what official data say about the facts of documents."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from flask import Response, request
from pyoxigraph import NamedNode

from kzgraph.iri import term
from kzgraph.problem import Problem
from kzgraph.release.concordance_table import TABLE
from kzgraph.release.dumps import DUMPS
from kzgraph_server.pages.figure_values import Value, ValueReader
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.paging import read_paging
from kzgraph_server.pages.quality.disagreements import find_number, find_objects, name_code
from kzgraph_server.pages.quality.room import blueprint, render
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, compute_once, get_served

#: In addresses, the confidence of what has none, since nothing was found.
NO_CONFIDENCE = "none"


@dataclass(frozen=True)
class Row:
    """What official data say about a figure or participation of a document.

    Attributes:
        fact: the figure or participation.
        node: the concordance.
        explanations: the rule that explains it, and what does in addition.
        confidence: how sure that is; None where nothing was found.
        cells: how many official figures or entries were compared.
        difference: the number of the document less theirs, where it is published.
    """

    fact: NamedNode
    node: NamedNode
    explanations: tuple[NamedNode, ...]
    confidence: NamedNode | None
    cells: int
    difference: Decimal | None


@dataclass(frozen=True)
class ShownRow:
    """A row on the page; `value` is that of a figure."""

    row: Row
    fact: View
    value: Value | None
    concordance: View
    explanations: list[View]
    confidence: View | None


@dataclass(frozen=True)
class Choice:
    """What a table of counts has a line or column for: a code and what it is called."""

    code: str
    view: View | None


@blueprint.get("/quality/concordance")
@in_languages
def accord() -> Response:
    """All of it, or that with one `?explanation=` or `?confidence=`, or both."""
    now = get_served()
    viewer, values = Viewer(now.store), ValueReader(now.store, Viewer(now.store))
    rows = compute_once(find_rows)
    explanations, confidences, counts = _count(rows, viewer)
    explanation, confidence = request.args.get("explanation"), request.args.get("confidence")
    for asked, choices in ((explanation, explanations), (confidence, confidences)):
        if asked is not None and asked not in [each.code for each in choices]:
            raise Problem(404, "Nothing is explained so; /quality/concordance lists what is.")
    chosen = [
        row
        for row in rows
        if explanation in (None, _explain(row)) and confidence in (None, _be_sure(row))
    ]
    paging = read_paging(len(chosen))
    return render(
        "concordance",
        rows=[_show(viewer, values, row) for row in paging.cut(chosen)],
        total=len(rows),
        paging=paging,
        explanation=explanation,
        confidence=confidence,
        explanations=explanations,
        confidences=confidences,
        counts=counts,
        table=TABLE if f"{DUMPS}/{TABLE}" in now.release.files else None,
    )


def find_rows(now: Served) -> list[Row]:
    """What official data say about facts of documents, in the order of these."""
    found = []
    for quad in now.store.quads_for_pattern(None, term("concordance"), None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            found.append((quad.subject, quad.object))
    found.sort(key=lambda pair: (pair[0].value, pair[1].value))
    return [_read(now, *pair) for pair in found]


def _read(now: Served, fact: NamedNode, node: NamedNode) -> Row:
    def objects(name: str) -> list[NamedNode]:
        return sorted(find_objects(now.store, node, term(name)), key=str)

    return Row(
        fact,
        node,
        (*objects("explanation"), *objects("furtherKind")),
        next(iter(objects("confidence")), None),
        len(objects("officialFigure")),
        find_number(now.store, node, term("difference")),
    )


def _explain(row: Row) -> str:
    return name_code(row.explanations[0]) if row.explanations else ""


def _be_sure(row: Row) -> str:
    return name_code(row.confidence) if row.confidence else NO_CONFIDENCE


def _count(
    rows: list[Row], viewer: Viewer
) -> tuple[list[Choice], list[Choice], Counter[tuple[str, str]]]:
    """The explanations and confidences that there are, commonest first, and how often both."""
    counts: Counter[tuple[str, str]] = Counter()
    names: tuple[dict[str, View | None], dict[str, View | None]] = {}, {}
    for row in rows:
        codes = _explain(row), _be_sure(row)
        counts.update((codes, (codes[0], ""), ("", codes[1])))
        for found, code, node in zip(
            names, codes, (next(iter(row.explanations), None), row.confidence), strict=True
        ):
            found.setdefault(code, viewer.named(node) if node else None)
    explanations = sorted(names[0], key=lambda code: (-counts[code, ""], code))
    confidences = sorted(names[1], key=lambda code: (-counts["", code], code))
    return (
        [Choice(code, names[0][code]) for code in explanations],
        [Choice(code, names[1][code]) for code in confidences],
        counts,
    )


def _show(viewer: Viewer, values: ValueReader, row: Row) -> ShownRow:
    return ShownRow(
        row,
        viewer.named(row.fact),
        values.read(row.fact),
        viewer.named(row.node),
        [viewer.named(each) for each in row.explanations],
        viewer.named(row.confidence) if row.confidence else None,
    )
