"""`/quality` in short: a number for each kind of check, which leads to what it counts."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kzgraph.iri import term
from kzgraph.namespaces import LANGUAGES
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, TURTLE, Format
from kzgraph.release import REPORT
from kzgraph.release.dumps import STEM
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.change_words import tell_changes
from kzgraph_server.pages.downloads import send_file
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.quality.changed_things import find_entry
from kzgraph_server.pages.quality.concordance import find_rows
from kzgraph_server.pages.quality.cross_checks import forget, read_cross_check
from kzgraph_server.pages.quality.disagreements import find_pairs, list_kinds, name_code
from kzgraph_server.pages.quality.room import blueprint, render
from kzgraph_server.pages.quality.validation import count_severities
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


@blueprint.get("/quality")
@in_languages
def show() -> Response:
    """The page, or the validation report, by the Accept field."""
    chosen = negotiate((HTML, *REPORTS))
    if chosen.format is not HTML:
        return report(chosen.format.name)
    checked = read_cross_check(get_served())
    response = _show(get_served(), checked)
    # A cross-check may be made later than the release, and no answer from before is to hide it.
    return response if checked else forget(response)


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


@blueprint.get("/report")
def node() -> BaseResponse:
    """See Other: the file in which the report that has this IRI stands."""
    return redirect(url_for("quality.report", name=TURTLE.name), 303)


def _show(now: Served, checked: Mapping[str, Any] | None) -> Response:
    viewer, counted = Viewer(now.store), now.statistics
    entry, rows = find_entry(now), compute_once(find_rows)
    confidence = Counter(each.confidence for each in rows)
    every = next((each for each in counted.labels if each.term is None), None)
    return render(
        "show",
        counts=count_severities(now.release.manifest),
        checked=checked,
        facts=sum(each.facts for each in counted.coverage),
        supported=sum(each.supported for each in counted.coverage),
        length=sum(each.length for each in counted.coverage),
        covered=sum(each.covered for each in counted.coverage),
        documents=len(counted.coverage),
        figures=_count_figures(now, viewer),
        pairs=len(compute_once(find_pairs)),
        kinds=list_kinds(now, viewer),
        concordances=len(rows),
        confidences=[
            (name_code(each), viewer.named(each), number)
            for each, number in confidence.most_common()
            if each is not None
        ],
        unexplained=confidence[None],
        labels=every,
        languages=LANGUAGES,
        links=sum(each.triples for each in counted.links),
        spaces=len({each.space for each in counted.links}),
        entry=entry,
        words=tell_changes(entry.changes, now) if entry and entry.changes else [],
        reports=REPORTS,
    )


def _count_figures(now: Served, viewer: Viewer) -> list[tuple[View, str, int]]:
    """How many figures there are of each class of who answers for them, and what has a caveat.

    Each with a query for what is counted.
    """
    classes = {each.term: each.entities for each in now.statistics.classes}
    properties = {each.term: each.subjects for each in now.statistics.properties}
    counted: list[tuple[NamedNode, str, int]] = [
        (term(name), f"?figure a kzg:{name} .", classes.get(term(name).value, 0))
        for name in _FIGURES
    ]
    noted = term("caveat")
    counted.append((noted, "?figure kzg:caveat ?note .", properties.get(noted.value, 0)))
    return [
        (viewer.named(node), f"SELECT DISTINCT ?figure WHERE {{ {pattern} }}", number)
        for node, pattern, number in counted
    ]
