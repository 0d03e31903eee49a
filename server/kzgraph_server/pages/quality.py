"""`/quality`: how the release was checked, and where its sources disagree.

A release is published only where no shape is violated; what is shown are warnings and notes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kzgraph.iri import term
from kzgraph.namespaces import LANGUAGES, Term
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, TURTLE, Format, content_disposition
from kzgraph.release import REPORT
from kzgraph.release.concordance_table import TABLE
from kzgraph.release.dumps import DUMPS, STEM
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.downloads import send_file
from kzgraph_server.pages.language import get_language, in_languages
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, compute_once, get_served

#: The files of the report, by the ends of their names.
REPORTS = (
    TURTLE,
    Format("json", "application/json", title="JSON"),
    Format("txt", "text/plain; charset=utf-8", title="text"),
)

#: Classes of figures that the page counts, the wider before the narrower.
_FIGURES = ("StatedFigure", "ChosenFigure", "HeadlineFigure", "DerivedFigure")

#: Things of one finding that the page shows; the report has them all.
_SHOWN = 50
#: Rows of the concordance that the page shows; its table has them all.
_SHOWN_ROWS = 200

blueprint = Blueprint("quality", __name__)


@dataclass(frozen=True)
class Finding:
    """What one message of the report says, and of what.

    Attributes:
        severity: Violation, Warning or Info.
        message: the message.
        things: the first of the focus nodes.
        count: how many there are.
    """

    severity: str
    message: str
    things: list[View]
    count: int


@dataclass(frozen=True)
class Row:
    """What official data say about a figure or participation of a document.

    Attributes:
        fact: the figure or participation.
        concordance: the page of what was found.
        explanations: the rule that explains it, and what does in addition.
        confidence: how sure that is; none where nothing was found.
        cells: how many official figures or entries were compared.
        difference: the number of the document less theirs, where it is published.
    """

    fact: View
    concordance: View
    explanations: list[View]
    confidence: View | None
    cells: int
    difference: str


@blueprint.get("/quality")
@in_languages
def show() -> Response:
    """The page, or the validation report, by the Accept field."""
    chosen = negotiate((HTML, *REPORTS))
    if chosen.format is HTML:
        checked = _cross_check(get_served())
        response = Response(_page(get_served(), checked), content_type=HTML.content_type)
        if checked is None:
            # It may be made later than the release, and no answer from before is to hide it.
            response.headers["Cache-Control"] = "no-store"
    else:
        response = report(chosen.format.name)
    return response


@blueprint.get("/quality/report.<name>")
def report(name: str) -> Response:
    """The validation report as a file."""
    chosen = next((each for each in REPORTS if each.name == name), None)
    release = get_served().release
    file = release.files.get(f"{REPORT}/report.{name}")
    if chosen is None or file is None:
        raise Problem(404, "The release has no report of this name; /quality lists them.")
    named = chosen.disposition(f"{STEM}-report")
    return send_file(release.path, file.path, chosen.content_type, file.sha256, named)


@blueprint.get("/quality/cross-check.json")
def cross_check() -> Response:
    """What other programs made of the same data, where the release was cross-checked."""
    found = _cross_check(get_served())
    if found is None:
        raise Problem(404, "This release was not cross-checked; /quality says how it was checked.")
    response = jsonify(found)
    # It does not belong to the release, and may be made again.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = content_disposition(
        "kzgraph-cross-check.json", attachment=False
    )
    return response


@blueprint.get("/report")
def node() -> BaseResponse:
    """See Other: the file in which the report that has this IRI stands."""
    return redirect(url_for("quality.report", name=TURTLE.name), 303)


def _page(now: Served, checked: Mapping[str, Any] | None) -> str:
    set_rights(get_licensing().whole)  # It shows what official figures say.
    viewer = Viewer(now.store)
    kinds = [(viewer.named(NamedNode(iri)), count) for iri, count in now.statistics.comparisons]
    return render_template(
        "quality.html",
        counts=now.release.manifest.get("validation", {}),
        findings=compute_once(_findings, get_language()),
        coverage=[
            (viewer.named(NamedNode(each.document)), each) for each in now.statistics.coverage
        ],
        figures=_figures(now, viewer),
        languages=LANGUAGES,
        labels=[
            (viewer.named(NamedNode(each.term)) if each.term else View("All things"), each)
            for each in now.statistics.labels
            if any(number for _, number in each.missing)
        ],
        concordance=compute_once(_concordance, get_language()),
        shown_rows=_SHOWN_ROWS,
        concordance_table=TABLE if f"{DUMPS}/{TABLE}" in now.release.files else None,
        kinds=sorted(kinds, key=lambda pair: (-pair[1], pair[0].text)),
        reports=REPORTS,
        checked=checked,
    )


def _figures(now: Served, viewer: Viewer) -> list[tuple[View, int]]:
    """How many figures there are of each class of who answers for them, and what has a caveat."""
    classes = {each.term: each.entities for each in now.statistics.classes}
    properties = {each.term: each.subjects for each in now.statistics.properties}
    counted = [(term(name), classes) for name in _FIGURES] + [(term("caveat"), properties)]
    return [(viewer.named(node), found.get(node.value, 0)) for node, found in counted]


def _concordance(now: Served) -> list[Row]:
    """What official data say about facts of documents, in the order of these."""
    viewer = Viewer(now.store)
    found = []
    for quad in now.store.quads_for_pattern(None, term("concordance"), None, None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            found.append((quad.subject, quad.object))
    found.sort(key=lambda pair: (pair[0].value, pair[1].value))
    return [_row(now, viewer, *pair) for pair in found]


def _row(now: Served, viewer: Viewer, fact: NamedNode, node: NamedNode) -> Row:
    def objects(name: str) -> list[Term]:
        quads = now.store.quads_for_pattern(node, term(name), None, None)
        return [quad.object for quad in quads]

    codes = [*objects("explanation"), *sorted(objects("furtherKind"), key=str)]
    sure = [viewer.named(each) for each in objects("confidence") if isinstance(each, NamedNode)]
    differences = [each.value for each in objects("difference") if isinstance(each, Literal)]
    return Row(
        viewer.named(fact),
        viewer.named(node),
        [viewer.named(each) for each in codes if isinstance(each, NamedNode)],
        sure[0] if sure else None,
        len(objects("officialFigure")),
        f"{Decimal(differences[0]):,}" if differences else "",
    )


def _cross_check(now: Served) -> Mapping[str, Any] | None:
    """The outcome of the cross-check of this release; None where there is none."""
    try:
        found = json.loads(now.release.cross_check.read_bytes())
    except (OSError, ValueError):
        return None
    of_this = isinstance(found, dict) and found.get("release") == now.release.version
    return found if of_this and isinstance(found.get("comparisons"), list) else None


def _findings(now: Served) -> list[Finding]:
    """The results of the report, one for each message."""
    viewer = Viewer(now.store)
    grouped: dict[tuple[str, str], dict[str, None]] = {}
    path = now.release.report / "report.json"
    for result in json.loads(path.read_bytes())["results"] if path.is_file() else ():
        of = grouped.setdefault((result["severity"], result["message"]), {})
        of[result["focus"]] = None
    return [
        Finding(severity, message, [_view(viewer, iri) for iri in list(of)[:_SHOWN]], len(of))
        for (severity, message), of in grouped.items()
    ]


def _view(viewer: Viewer, focus: str) -> View:
    # A blank node or a literal can be at fault too, and the report writes both as they stand.
    try:
        return viewer.named(NamedNode(focus))
    except ValueError:
        return View(focus)
