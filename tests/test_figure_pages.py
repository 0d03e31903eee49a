"""Figures as pages show them: the value in one line, and the page of each kind of figure."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from pyoxigraph import NamedNode

from kzgraph.iri import ID
from kzgraph.release import Release
from kzgraph_server.flask_app import create_app
from kzgraph_server.pages.figure_values import Kind, Value, ValueReader
from kzgraph_server.pages.language import LANGUAGE
from kzgraph_server.pages.views import Viewer
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease

HOSTILE = "<script>alert(1)</script>\"'&"
LINE = '{% from "values.html" import value_line %}{{ value_line(value) }}'
#: Paths of figures of the shared release.
STATED = "figure/global-focus-2018/stateless-2018"
CLOSE_TO = "figure/global-focus-2018/stateless-kazakhstan-2018"
NULL = "figure/global-focus-2018/expenditure-p4-2016"
FORECAST = "figure/global-focus-2018/refugees-forecast-2018"
BUDGET = "figure/global-focus-2018/budget-2016"
SHARE = "derived/global-focus-2018/share/stateless-2018/people-of-concern-2018"


@pytest.fixture(scope="module")
def app(release_root: Path) -> Flask:
    """The application that serves the built release."""
    return create_app(Release((release_root / "current").resolve()), Settings())


def write_line(app: Flask, path: str, language: str = "en") -> tuple[Value, str]:
    """The figure at a path in short, and its line."""
    store = app.extensions["kzgraph"].store
    with app.test_request_context("/", environ_overrides={LANGUAGE: language}):
        value = ValueReader(store, Viewer(store)).read(NamedNode(ID + path))
        assert value is not None
        return value, " ".join(render_template_string(LINE, value=value).split())


@pytest.mark.parametrize(
    ("path", "language", "kind", "number", "amount"),
    [
        (STATED, "en", Kind.EXACT, 87632, "87,632 persons"),
        (STATED, "ru", Kind.EXACT, 87632, "87\N{NO-BREAK SPACE}632 человек"),
        (CLOSE_TO, "en", Kind.HEDGED, 7690, "7,690 persons"),
        (FORECAST, "en", Kind.FORECAST, 650, "650 persons"),
        (SHARE, "en", Kind.DERIVED, "99.1099", "99.1099%"),
        (NULL, "en", Kind.NONE, None, ""),
    ],
)
def test_a_figure_in_short_has_its_number_with_the_unit_and_says_what_it_is(
    app: Flask, path: str, language: str, kind: Kind, number: Any, amount: str
) -> None:
    value, _ = write_line(app, path, language)
    assert (value.kind, value.amount) == (kind, amount)
    assert value.number == (None if number is None else Decimal(number))


def test_the_line_of_a_figure_has_hedge_status_and_year_and_no_zero_for_nothing(app: Flask) -> None:
    assert '<q class="hedge" lang="en">close to</q>' in write_line(app, CLOSE_TO)[1]
    assert (
        '<span class="status">Forecast</span> <span class="when">2018</span>'
        in (write_line(app, FORECAST)[1])
    )
    nothing = write_line(app, NULL)[1]
    assert "Not published" in nothing
    assert "0" not in nothing.replace("2016", "")
    # A number of a chart without a unit is not dollars.
    assert write_line(app, BUDGET)[0].amount == "7.48582672"


def test_units_of_figures_are_their_own_or_those_of_their_table(tmp_path: Path) -> None:
    trig = """GRAPH <graph/one> {
      <id/official/a/b> a kzg:OfficialFigure ; kzg:officialValue 1234567.5 ;
        qb:dataSet <id/dataset/money> .
      <id/dataset/money> kzg:unit <id/unit/m> .
      <id/unit/m> schema:currency "EUR" ; kzg:factor 1000000 .
      <id/derived/a/b> a kzg:Figure, kzg:DerivedFigure ; schema:value 1.5 ; kzg:unit <id/unit/r> .
      <id/unit/r> rdfs:label "Per 100,000 inhabitants"@en .
      <id/figure/a/b> a kzg:Figure ; kzg:least 5 ; kzg:most 10 ; kzg:unit <id/unit/k> .
      <id/unit/k> schema:currency "KZT" ; kzg:factor 1 }"""
    app = create_app(SmallRelease(tmp_path).load(trig), Settings())
    found = {
        path: write_line(app, path)[0] for path in ("official/a/b", "derived/a/b", "figure/a/b")
    }
    assert [(each.kind, each.amount) for each in found.values()] == [
        (Kind.OFFICIAL, "1,234,567.5 million EUR"),
        (Kind.DERIVED, "1.5 per 100,000 inhabitants"),
        (Kind.EXACT, "5 to 10 KZT"),
    ]


def test_a_hostile_figure_is_shown_as_text(tmp_path: Path) -> None:
    turtle = f"""GRAPH <graph/one> {{ <id/figure/x/y> a kzg:Figure ; kzg:value "1e9999999" ;
      kzg:hedge '''{HOSTILE}'''@en ; kzg:unit <id/unit/z> ; kzg:time <id/time/z> .
      <id/unit/z> rdfs:label '''{HOSTILE}'''@en . <id/time/z> rdfs:label '''{HOSTILE}'''@en .
      <id/thing/x> kzg:value 1 }}"""
    app = create_app(SmallRelease(tmp_path).load(turtle), Settings())
    value, line = write_line(app, "figure/x/y")
    assert value.number is None
    assert "<script" not in line
    assert "&lt;script&gt;" in line
