"""`/chart/NAME.csv`: the values of a chart; `/charts/PATH`: all charts of a thing."""

import csv
import io

from flask import Blueprint, Response, render_template

from kzgraph.iri import is_path, thing
from kzgraph.problem import Problem
from kzgraph.rdf.formats import content_disposition
from kzgraph_server.charts import Chart, find_chart, list_charts, present
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.views import Viewer
from kzgraph_server.served import get_served

blueprint = Blueprint("chart_data", __name__)

_COLUMNS = (
    "series",
    "scope",
    "what",
    "value",
    "unit",
    "kind",
    "bound",
    "hedge",
    "figure",
    "sources",
)


@blueprint.get("/chart/<path:name>.csv")
def table(name: str) -> Response:
    """The values of a chart as CSV, in English: RFC 4180."""
    chart = find_chart(name)
    if chart is None:
        raise Problem(404, "There is no chart of this name, or this release has nothing for it.")
    set_rights(get_licensing().whole)  # It may have what official figures say.
    response = Response(write_csv(chart), content_type="text/csv; charset=utf-8; header=present")
    named = "kzgraph-" + name.replace("/", "-") + ".csv"
    response.headers["Content-Disposition"] = content_disposition(named, attachment=True)
    response.headers["Kzgraph-Release"] = get_served().release.version
    return response


@blueprint.get("/charts/<path:path>")
@in_languages
def show(path: str) -> str:
    """All charts of a country, a region or an operation, those of large tables too."""
    if not is_path(path):
        raise Problem(404, "There is nothing at this address.")
    node, viewer = thing(*path.split("/")), Viewer(get_served().store)
    figures = [present(chart) for chart in list_charts(node, viewer, whole=True)]
    if not figures:
        raise Problem(404, "There are no charts of this thing.")
    set_rights(get_licensing().whole)  # They may show what official figures say.
    return render_template("chart_page.html", thing=viewer.named(node), figures=figures)


def write_csv(chart: Chart) -> str:
    """The points of a chart, one a line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    sources = " ".join(source.iri or source.text for source in chart.sources)
    for series in chart.series:
        scope = (series.scope and series.scope.iri) or ""
        for point in series.points:
            writer.writerow(
                (
                    series.name,
                    scope,
                    point.label,
                    point.value,
                    chart.unit,
                    point.kind.value,
                    point.sign,
                    point.hedge,
                    point.iri,
                    sources,
                )
            )
    return text.getvalue()
