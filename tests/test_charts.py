"""Charts say what figures are: nothing unlike is joined, and each value leads to its figure."""

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask, render_template_string

from kzgraph.iri import thing
from kzgraph.problem import Problem
from kzgraph_server.charts import (
    Chart,
    Form,
    Kind,
    Point,
    Series,
    find_chart,
    link_whole,
    list_charts,
    present,
    recipes,
)
from kzgraph_server.charts.axes import scale_values, scale_years
from kzgraph_server.charts.chart_words import describe
from kzgraph_server.charts.drawing import choose_patterns
from kzgraph_server.flask_app import create_app
from kzgraph_server.pages.views import View
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease

KINDS = [kind for kind in Kind if kind is not Kind.NONE]
HOSTILE = "</text><script>alert(1)</script>"
PAGE = '{% from "charts.html" import chart with context %}{{ chart(figure) }}'


def cell(year: int, origin: str, value: int) -> str:
    return f"""
<id/official/t/{year}/KAZ/{origin}/REF> a kzg:OfficialFigure, kzg:OfficialHeadlineFigure ;
  kzg:country <id/country/KAZ> ; kzg:scope <id/country/KAZ> ;
  kzg:populationGroup <id/population-group/REF> ; kzg:quantity <id/quantity/stock> ;
  kzg:origin <id/origin/{origin}> ; kzg:year {year} ; kzg:officialValue {value} ."""


def figure(name: str, scope: str, value: int, more: str) -> str:
    kind = "StatedFigure" if "forecast" in more or "year" not in more else "ChosenFigure"
    return f"""
<id/figure/doc/{name}> a kzg:{kind} ; kzg:country <id/country/KAZ> ; kzg:scope <id/{scope}> ;
  kzg:populationGroup <id/population-group/REF> ; kzg:quantity <id/quantity/stock> ;
  kzg:origin <id/origin/all> ; kzg:statedIn <id/document/doc> ; kzg:value {value} ; {more} ."""


TRIG = f"""
GRAPH <graph/table-0123456789ab> {{
  {cell(2014, "AFG", 600)} {cell(2014, "SYR", 28)} {cell(2015, "AFG", 700)}
  {cell(2017, "AFG", 500)} {cell(2018, "AFG", 568)} {cell(2018, "unknown", 40_000)}
  <graph/table-0123456789ab> dcterms:title "Table" .
}}
GRAPH <graph/doc> {{
  {
    figure(
        "a",
        "country/KAZ",
        570,
        '''kzg:year 2018 ; kzg:date "2018-12-31"^^xsd:date ;
    kzg:status <id/status/actual> ; kzg:bound <id/bound/approximate> ; kzg:hedge "some"''',
    )
}
  {
    figure(
        "b",
        "operation/kazakhstan",
        753,
        '''kzg:year 2019 ; kzg:date "2019-01-01"^^xsd:date ;
    kzg:status <id/status/actual> ; kzg:bound <id/bound/exact>''',
    )
}
  {
    figure(
        "c",
        "country/KAZ",
        650,
        '''kzg:year 2018 ; kzg:status <id/status/forecast> ;
    kzg:bound <id/bound/exact>''',
    )
}
  {figure("d", "country/KAZ", 354, "kzg:status <id/status/actual> ; kzg:bound <id/bound/exact>")}
  <id/document/doc> rdfs:label "{HOSTILE}"@en .
}}
GRAPH <graph/concepts> {{
  <id/population-group/REF> skos:inScheme <id/scheme/population-group> ; rdfs:label "Refugees"@en .
  <id/status/forecast> skos:broader <id/status/foreseen> .
  <id/country/KAZ> a schema:Country ; rdfs:label "{HOSTILE}"@en .
  <id/operation/kazakhstan> rdfs:label "UNHCR operation"@en .
  <id/origin/AFG> rdfs:label "Afghanistan"@en . <id/origin/unknown> rdfs:label "Unknown"@en .
}}
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    release = SmallRelease(tmp_path_factory.mktemp("charts")).load(TRIG)
    return create_app(release, Settings())


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def known(name: str) -> Chart:
    found = find_chart(name)
    assert found is not None
    return found


def render(chart: Chart) -> ET.Element:
    """The figure of a chart, as parsed from the page."""
    return ET.fromstring(render_template_string(PAGE, figure=present(chart)))  # noqa: S314


def pictures(chart: Chart) -> list[ET.Element]:
    return [each for each in render(chart).iter("svg") if each.get("role") == "img"]


def made(form: Form, *kinds: Kind) -> Chart:
    points = tuple(
        Point(str(2014 + n), Decimal(10 + n), kind, 2014.0 + n, href=f"/page/figure/{n}")
        for n, kind in enumerate(kinds)
    )
    series = Series("Counted", View("Somewhere"), points)
    return Chart("", "A title", "people", form, (series,), "SELECT * {}")


def test_a_line_joins_years_of_one_scope_and_status_that_follow_each_other(page: None) -> None:
    chart = known("people/country/KAZ/REF")
    joined = [
        [(point.label, point.kind) for point in run]
        for series in chart.series
        for run in series.list_runs()
        if len(run) > 1
    ]
    official = Kind.OFFICIAL
    assert joined == [
        [("2014", official), ("2015", official)],
        [("2017", official), ("2018", official)],
    ]
    scopes = [(each.scope.iri or "").rpartition("/id/")[2] for each in chart.series if each.scope]
    assert scopes == ["country/KAZ", "country/KAZ", "operation/kazakhstan", "country/KAZ"]
    for picture in pictures(chart):
        assert len(list(picture.iter("polyline"))) == 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (Kind.EXACT, Kind.HEDGED)])
def test_no_line_leads_from_what_was_counted_to_another_kind(kind: Kind) -> None:
    (series,) = made(Form.LINES, Kind.EXACT, Kind.HEDGED, kind, kind).series
    assert [[point.kind for point in run] for run in series.list_runs()] == [
        [Kind.EXACT, Kind.HEDGED],
        [kind, kind],
    ]


def test_each_value_leads_to_its_figure_or_to_those_that_were_added_up(page: None) -> None:
    chart = known("people/country/KAZ/REF")
    points = {(point.label, int(point.value)): point for point in chart.points}
    assert points["2015", 700].href == "/page/official/t/2015/KAZ/AFG/REF"
    assert points["2018", 570].href == "/page/figure/doc/a"
    added = points["2014", 628].href or ""
    assert added.startswith("/sparql?query=") and not points["2014", 628].iri
    links = [link.get("href") for link in render(chart).iter("a")]
    assert {point.href for point in chart.points} <= set(links)
    assert "/chart/people/country/KAZ/REF.csv" in links


def test_what_a_value_is_stands_with_it(page: None) -> None:
    points = {point.value: point for point in known("people/country/KAZ/REF").points}
    hedged, forecast, undated, new_year = (points[Decimal(n)] for n in (570, 650, 354, 753))
    assert (hedged.kind, hedged.sign, hedged.hedge) == (Kind.HEDGED, "≈", "some")
    assert (forecast.kind, forecast.at) == (Kind.FORECAST, 2018.0)
    assert undated.at is None
    # The first of January is the end of the year before.
    assert (new_year.at, new_year.label) == (2018.0, "1 January 2019")
    text = "".join(render(known("people/country/KAZ/REF")).itertext())
    assert "no date stated" in text and "A value without a date is in the table" in text


def test_people_of_unknown_origin_are_left_out_where_the_title_says_so(page: None) -> None:
    everyone, known_ones = (
        {point.label: point.value for point in known(f"{name}/country/KAZ/REF").series[0].points}
        for name in ("people", "people-of-known-origin")
    )
    assert [everyone["2018"], known_ones["2018"]] == [Decimal(40_568), Decimal(568)]
    assert find_chart("people-of-known-origin/country/KAZ/POC") is None


@pytest.mark.parametrize("form", Form)
def test_kinds_differ_by_shape_or_pattern_and_not_by_colour_alone(page: None, form: Form) -> None:
    for picture in pictures(made(form, *KINDS)):
        marks = [
            each for each in picture.iter() if each.get("data-series") and each.tag != "polyline"
        ]
        assert len(marks) == len(KINDS)
        if form is Form.LINES:
            seen = {ET.tostring(mark[1]).decode() for mark in marks}
        else:
            fills = {each.get("id"): ET.tostring(each).decode() for each in picture.iter("pattern")}
            named = [(mark.get("fill") or "")[5:-1] for mark in marks]
            seen = {fills[name].replace(name, "") for name in named}
        assert len(seen) == len(KINDS)


def test_no_two_series_of_bars_share_a_pattern() -> None:
    patterns = choose_patterns([[Kind.EXACT, Kind.HEDGED], [Kind.EXACT], [Kind.EXACT]])
    names = [name for series in patterns for name in series.values()]
    assert len(set(names)) == len(names) == 4


def test_many_points_have_small_marks_and_a_legend_says_nothing_twice(page: None) -> None:
    few, many = (made(Form.LINES, *[Kind.OFFICIAL] * count) for count in (30, 31))
    scaled = [
        "scale" in (mark.get("transform") or "")
        for chart in (few, many)
        for mark in pictures(chart)[0].iter("g")
    ]
    assert scaled == [False] * 30 + [True] * 31
    named = replace(
        few, form=Form.BARS, series=(replace(few.series[0], name="Official statistics"),)
    )
    assert [key.text for key in present(named).legend] == ["Official statistics"]


def test_a_picture_has_a_name_a_description_and_unique_identifiers(page: None) -> None:
    figure = render(known("people/country/KAZ/REF"))
    ids = [each.get("id") for each in figure.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    wide, narrow = pictures(known("people/country/KAZ/REF"))
    for picture in (wide, narrow):
        title, desc = (picture.find(tag) for tag in ("title", "desc"))
        assert title is not None and desc is not None
        assert picture.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert "8 values" in (desc.text or "") and "40,568 (2018)" in (desc.text or "")
        assert not list(picture.iter("a")), "what has a role img has nothing to focus"
    width = float((narrow.get("viewBox") or "").split()[2])
    # On a telephone of 360 pixels letters are not smaller than 11.
    assert float(narrow.get("font-size") or 0) * 328 / width >= 11


@pytest.mark.parametrize("form", Form)
def test_hostile_labels_are_text(page: None, form: Form) -> None:
    chart = replace(made(form, Kind.EXACT, Kind.OFFICIAL), title=HOSTILE, unit=HOSTILE)
    point = replace(chart.points[0], label=HOSTILE, hedge=HOSTILE)
    chart = replace(
        chart, series=(Series(HOSTILE, View(HOSTILE), (point,)),), sources=(View(HOSTILE),)
    )
    figure = render(chart)
    assert not list(figure.iter("script"))
    assert figure.findtext("figcaption/h3") == HOSTILE
    for each in figure.iter():
        assert not [name for name in each.attrib if name.startswith("on") or name == "style"]


def test_a_name_from_outside_finds_what_there_is_and_nothing_else(app: Flask) -> None:
    client = app.test_client()
    reply = client.get("/chart/people/country/KAZ/REF.csv")
    assert reply.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(reply.get_data(as_text=True))))
    assert len(rows) == 8
    assert rows[-1]["kind"] == "forecast"
    assert {row["figure"].rpartition("/id/")[2] for row in rows} >= {"figure/doc/a", ""}
    with pytest.raises(Problem, match="no chart of this name"):
        client.get("/chart/people/country/XXX/REF.csv")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "people",
        "people/country/KAZ",
        "people/country/KAZ/REF/x",
        "people/document/KAZ/REF",
        "people/country/../REF",
        "people/country/a}b/REF",
        "people/country/KAZ/",
        "nothing/country/KAZ",
        "movements/country/KAZ",
    ],
)
def test_a_name_that_no_chart_has_finds_none(page: None, name: str) -> None:
    assert find_chart(name) is None


def test_the_charts_of_a_thing_are_those_with_more_than_one_value(page: None) -> None:
    assert [chart.name for chart in list_charts(thing("country", "KAZ"))] == [
        "people/country/KAZ/REF",
        "people-of-known-origin/country/KAZ/REF",
        "people-by-origin/country/KAZ/REF",
    ]
    assert list_charts(thing("figure", "doc", "a")) == []


def test_a_page_leaves_charts_of_many_figures_to_a_page_of_their_own(
    app: Flask, page: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "_MOST_CELLS", 3)
    country = thing("country", "KAZ")
    # What was found of a release before is kept: another one.
    other = create_app(app.extensions["kzgraph"].release, Settings())
    text = other.test_client().get("/page/country/KAZ").get_data(as_text=True)
    assert '<a href="/charts/country/KAZ">' in text and "<figure" not in text
    with other.test_request_context("/"):
        assert list_charts(country) == []
        assert link_whole(country) == "/charts/country/KAZ"
        assert len(list_charts(country, whole=True)) == 3
        assert link_whole(thing("operation", "kazakhstan")) is None
    assert link_whole(country) is None
    text = app.test_client().get("/charts/country/KAZ").get_data(as_text=True)
    assert text.count('<figure class="chart"') == 3
    with pytest.raises(Problem, match="no charts"):
        app.test_client().get("/charts/figure/doc/a")


def test_a_value_without_a_date_is_told_apart_from_those_of_the_years(page: None) -> None:
    (series,) = made(Form.LINES, Kind.EXACT, Kind.EXACT, Kind.EXACT).series
    first, second, third = series.points
    points = (first, second, replace(third, at=None, label="no date stated"))
    chart = replace(made(Form.LINES), series=(replace(series, points=points),))
    words = " ".join(describe(chart))
    assert "2 values, the first 10 (2014), the last 11 (2015), the highest 11 (2015)" in words
    assert words.endswith(": 12 (no date stated).")


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([65_833], [0, 20_000, 40_000, 60_000, 80_000]),
        ([7.4, 2.7], [0, 2, 4, 6, 8]),
        ([-25.6, 7.0], [-30, -20, -10, 0, 10]),
        ([0], [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([], [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_axes_have_zero_and_round_numbers(values: list[float], ticks: list[float]) -> None:
    assert scale_values(values, 0, 1).ticks == pytest.approx(ticks)


def test_an_axis_of_years_has_whole_years_and_room_for_each() -> None:
    assert scale_years([2014, 2025.0], 0, 300, 50).ticks == (2014, 2016, 2018, 2020, 2022, 2024)
    assert scale_years([1951, 2025], 0, 300, 50).ticks == (1960, 1980, 2000, 2020)
    assert len(scale_years([1, 9_999], 0, 30, 50).ticks) == 1
    assert scale_years([2011, 2014], 0, 30, 50).ticks == (2011,)
    assert scale_years([2018], 0, 100, 50).place(2018) == 50
