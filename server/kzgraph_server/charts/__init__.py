"""Charts as static SVG, drawn from the answers of queries, with words, a table and links.

A page shows the charts of a country, a region or an operation so::

    from kzgraph_server.charts import list_charts, present

    figures = [present(chart) for chart in list_charts(node, viewer)]
    return render_template("...", figures=figures)

and its template::

    {% from "charts.html" import chart, chart_script with context %}
    {% block head %}{{ chart_script() }}{% endblock %}
    <div class="charts">{% for figure in figures %}{{ chart(figure) }}{% endfor %}</div>

Of a country with many official figures only the charts of money are drawn: then `link_whole(node)`
is the address of a page with all of them.

One chart by its name is `find_chart("people/country/KAZ/REF")`, which is None where the release has
nothing for it; its values are at `/chart/people/country/KAZ/REF.csv`. All of it is in the language
of the page, and each answer is asked for once in a release.

A chart of other figures is made by hand, from points of one scope in each series::

    refugees = Series(_("Refugees"), viewer.named(scope), (Point("2018", Decimal(570), Kind.HEDGED,
        at=2018.0, sign="≈ ", href=address(figure)), ...))
    Chart("", title, unit, Form.LINES, (refugees,), query, sources)

Without a name it has no CSV. `recipes` has the charts there are; `queries/` what they are drawn
from; docs/charts.md how they look and why.
"""

from kzgraph_server.charts.model import Chart, Form, Point, Series
from kzgraph_server.charts.presenting import Figure, present
from kzgraph_server.charts.recipes import RECIPES, find_chart, link_whole, list_charts
from kzgraph_server.pages.figure_values import Kind

__all__ = [
    "RECIPES",
    "Chart",
    "Figure",
    "Form",
    "Kind",
    "Point",
    "Series",
    "find_chart",
    "link_whole",
    "list_charts",
    "present",
]
