"""Figures as pages show them: the value in one line, and the page of each kind of figure."""

import html
import re
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, render_template_string
from pyoxigraph import Literal, NamedNode, Quad, Store

from front_client import FrontClient
from kzgraph.iri import ID, graph, term, thing
from kzgraph.namespaces import LABEL
from kzgraph.problem import Problem
from kzgraph.release import Release
from kzgraph_server.descriptions.sitemap import sitemaps
from kzgraph_server.flask_app import create_app
from kzgraph_server.pages.figure_values import Kind, Value, ValueReader
from kzgraph_server.pages.language import LANGUAGE
from kzgraph_server.pages.views import Viewer
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease
from test_server_pages import Page
from thing_pages import data_block, fetch, part, read

HOSTILE = "<script>alert(1)</script>\"'&"
LINE = '{% from "values.html" import value_line %}{{ value_line(value) }}'
#: Paths of figures of the shared release.
STATED = "figure/global-focus-2018/stateless-2018"
CLOSE_TO = "figure/global-focus-2018/stateless-kazakhstan-2018"
NULL = "figure/global-focus-2018/expenditure-p4-2016"
FORECAST = "figure/global-focus-2018/refugees-forecast-2018"
BUDGET = "figure/global-focus-2018/budget-2016"
CONTRIBUTION = "contribution/fact-sheet-2024/united-states-of-america"
SHARE = "derived/global-focus-2018/share/stateless-2018/people-of-concern-2018"
RATE = "derived/global-focus-2018/implementation-rate/expenditure-2018/budget-2018"
CHANGE = "derived/global-focus-2018/change/budget-2019/budget-2018"
FEWER = "figure/global-focus-2018/new-asylum-seekers-change-2018"


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
      <id/unit/r> rdfs:label "Per 100,000 inhabitants"@en , "100 000 тұрғынға шаққанда"@kk .
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
    kazakh = write_line(app, "derived/a/b", "kk")[0]
    assert kazakh.amount == "1,5 (100 000 тұрғынға шаққанда)"


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


def test_a_page_begins_with_the_value_and_says_it_in_a_sentence_of_its_language(app: Flask) -> None:
    text = read(app, CLOSE_TO)
    value = text.index('<data value="7690">')
    assert text.index("<h1") < value < text.index('<aside class="caveats"') < text.index("<h2 id=")
    assert (
        "Stateless persons (Number at a date), Kazakhstan, 31 December 2018: ≈\N{NO-BREAK SPACE}"
        "7,690 persons (in its words “close to”). Document: “Kazakhstan Regional Office”; "
        "status: Actual."
    ) in text
    russian = read(app, STATED, "ru")
    assert "87\N{NO-BREAK SPACE}632 человек" in russian
    assert "Лица без гражданства (Численность на дату), Операция «Региональный офис" in russian
    # What has no Russian says so.
    assert '<small class="tag">en</small>' in russian


def test_notes_stand_beside_the_value_and_dollars_are_marked_as_ours(app: Flask) -> None:
    text = read(app, BUDGET)
    notes = text.partition('<aside class="caveats"')[2].partition("</aside>")[0]
    assert "The charts print bare numbers." in notes
    assert "In US dollars: 7,485,826.72 USD, by a note of the project on its unit." in text
    assert '<data value="7.48582672">7.48582672</data>' in text


def test_a_figure_without_a_number_says_which_kind_of_nothing_it_is(app: Flask) -> None:
    text = read(app, NULL)
    assert "leaves it empty. This is not a zero." in text
    assert "no number. Document" in text
    assert "<data" not in text.partition("<h2")[0]
    assert "gives no number for it" in read(app, CONTRIBUTION)
    assert "value" not in data_block(text)


def test_a_page_shows_the_words_the_other_figures_and_why_they_differ(app: Flask) -> None:
    text = read(app, STATED)
    assert "[&#34;Stateless&#34;,87632]</q></blockquote>" in part(text, "evidence")
    beside = part(text, "beside")
    assert "7,690 persons" in beside
    assert "-79,942</a> (-91.2%)" in beside
    assert "that one less this one" in beside
    assert "Different scope</a>" in beside
    assert "Different definition</a>" in beside
    other = part(read(app, CLOSE_TO), "beside")
    assert "-79,942</a> (-91.2%)" in other
    assert "this one less that one" in other


def test_what_it_is_computed_from_and_what_from_it_lead_to_each_other(app: Flask) -> None:
    share = part(read(app, SHARE), "inputs")
    assert "87,632 persons" in share
    assert "88,419 persons" in share
    assert "99.1099%. Computed by the project: Share; status: Actual." in read(app, SHARE)
    assert "A percentage of</h3>" in read(app, SHARE)


def test_a_percentage_is_not_to_be_summed_and_only_it_is_of_a_hundred(app: Flask) -> None:
    rate = read(app, RATE)
    assert "49.5213%. Computed by the project: Implementation rate.<" in rate
    assert "can be looked up. Percentages are not added up." in rate
    assert "summed with others" not in rate
    change = read(app, CHANGE)
    assert "What it is set against</h3>" in change
    assert "A percentage of</h3>" not in change
    assert "0.00847594 (by a note of the project: 8,475.94 US dollars)." in change


def test_a_change_says_against_which_time(app: Flask) -> None:
    assert "-47% (against 2017)." in read(app, FEWER)
    assert "99.1099%" in part(read(app, STATED), "related")


def test_what_follows_is_folded_and_what_is_stated_is_not(app: Flask) -> None:
    said = part(read(app, STATED), "properties")
    stated, _, followed = said.partition("<details>")
    assert "kzgraph/ontology#populationGroup" in stated
    assert "sdmx" not in stated
    assert "period, for other tools" in followed


def test_a_comparison_shows_both_figures_and_the_difference(app: Flask) -> None:
    text = read(app, f"comparison/{STATED[7:]}/{CLOSE_TO[7:]}")
    assert "≈\N{NO-BREAK SPACE}-79,942" in text
    assert "less “Stateless persons, Kazakhstan Regional Office, 2018”" in text
    assert text.count('<section class="card"') == 2


def test_evidence_leads_to_its_facts_and_is_not_listed_nor_cited_as_a_document(app: Flask) -> None:
    for path in ("evidence/global-focus-2018/914-933", "selector/global-focus-2018/914-933/quote"):
        text = read(app, path)
        assert '<meta name="robots" content="noindex">' in text
        assert f'href="/page/{STATED}"' in part(text, "facts-1")
        assert 'id="cite"' not in text
        assert "20 July 2019" in text
    assert "noindex" not in read(app, STATED)


def test_the_query_of_a_page_finds_the_figure_and_its_years(app: Flask) -> None:
    text = read(app, BUDGET)
    (address,) = re.findall(r'href="(/sparql\?query=[^"]*)">Open in the query editor', text)
    (query,) = parse_qs(urlsplit(html.unescape(address)).query)["query"]
    client = FrontClient(app.extensions["kzgraph"].release)
    reply = client.get("/sparql", query_string={"query": query, "format": "csv"})
    assert ID + BUDGET in reply.text
    assert reply.text.count("/budget-20") == 6


def test_a_figure_is_an_observation_of_schema_org(app: Flask) -> None:
    found = data_block(read(app, STATED))
    assert found["@type"] == "Observation"
    assert (found["value"], found["observationDate"]) == (87632, "2018")
    assert found["observationAbout"]["name"] == "Kazakhstan Regional Office (operation)"
    assert found["isBasedOn"]["@id"] == f"{ID}document/global-focus-2018"


CELLS = """
GRAPH <graph/unhcr-population-0123456789ab> {
  <graph/unhcr-population-0123456789ab> dcterms:title "A table" ;
    schema:url "https://example.org/t" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ; schema:creditText "Somebody" ;
    kzg:sha256 "aa" .
  <id/official/t/1> a kzg:OfficialFigure ; kzg:officialValue 7690 ; kzg:row 12 ;
    kzg:scope <id/country/KAZ> ; kzg:populationGroup <id/population-group/STA> .
  <id/official/t/2> a kzg:OfficialFigure ; kzg:officialValue 15 ; kzg:row 12 ;
    kzg:populationGroup <id/population-group/REF> .
  <id/official/t/3> a kzg:OfficialFigure ; kzg:officialValue 16 ; kzg:row 13 .
}
GRAPH <graph/doc> { <id/figure/doc/a> a kzg:Figure ; rdfs:label "Stated"@en ; kzg:value 7700 ;
  kzg:concordance <id/concordance/doc/a> . }
GRAPH <graph/compared> { <id/concordance/doc/a> a kzg:Concordance ;
  kzg:officialFigure <id/official/t/1> ; kzg:explanation <id/explanation/rounded> ;
  kzg:difference 10 ; kzg:percentDifference 0.13 . }
GRAPH <graph/concepts> { <id/population-group/STA> rdfs:label "Stateless"@en .
  <id/population-group/REF> rdfs:label "Refugees"@en . <id/country/KAZ> rdfs:label "Kazakhstan"@en .
  <id/explanation/rounded> rdfs:label "Rounded"@en . }
"""


def test_a_cell_shows_its_line_its_file_and_the_figures_of_documents(tmp_path: Path) -> None:
    app = create_app(SmallRelease(tmp_path).load(CELLS), Settings())
    text = read(app, "official/t/1")
    assert "<h1>Stateless, Kazakhstan</h1>" in text
    assert '<meta name="robots" content="noindex">' in text
    cell = part(text, "cell")
    assert "12, <code>#row=12</code>" in cell
    assert 'href="https://example.org/t"' in cell
    assert "Somebody" in cell
    assert ">CC BY 4.0</a>" in cell
    assert re.findall(r"/page/official/t/\d", part(text, "row")) == ["/page/official/t/2"]
    assert "Stateless, Kazakhstan, time not stated: 7,690. Official table: A table." in text
    beside = part(text, "beside")
    assert "Stated</a>" in beside
    assert "More by 10." in beside
    assert "7,700" in beside
    found = read(app, "concordance/doc/a")
    assert "What official data say of “Stated”: Rounded; official figures or entries: 1." in found
    maps = [zlib.decompress(each).decode() for each in sitemaps(app.extensions["kzgraph"])]
    assert not [each for each in maps if "page/official/" in each]
    assert [each for each in maps if "page/figure/doc/a<" in each]


def test_a_hostile_figure_harms_no_page(tmp_path: Path) -> None:
    hostile = f"'''{HOSTILE}</script><b>'''"
    trig = f"""GRAPH <graph/doc> {{ <id/figure/x/y> a kzg:Figure, kzg:StatedFigure ;
      rdfs:label {hostile}@en ; kzg:value 3 ; kzg:hedge {hostile}@en ; kzg:scope <id/country/X> ;
      kzg:caveat <id/editorial/n> ;
      kzg:statedIn <id/document/d> ; kzg:evidence <id/evidence/d/1-2> .
      <id/country/X> rdfs:label {hostile}@en . <id/document/d> rdfs:label {hostile}@en .
      <id/editorial/n> dcterms:description {hostile}@en ; schema:citation "javascript:alert(1)" .
      <id/evidence/d/1-2> a oa:SpecificResource ; oa:hasSource <id/document/d> ;
        oa:hasSelector <id/selector/d/1-2> ; schema:url "javascript:alert(1)" .
      <id/selector/d/1-2> oa:start 1 ; oa:end 2 ; oa:exact {hostile} ; oa:prefix {hostile} .
      <id/document/d> schema:archivedAt "javascript:alert(1)" ; prov:generatedAtTime "soon" }}"""
    app = create_app(SmallRelease(tmp_path).load(trig), Settings())
    for path in ("figure/x/y", "evidence/d/1-2", "selector/d/1-2", "document/d"):
        text = fetch(app, path).text
        found = Page(text)
        assert found.open == []
        # The others are those of the pages, where they were built.
        built = text.count('<script type="module" src="/static/built/')
        assert found.tags.count("script") == 1 + built
        assert "b" not in found.tags
        assert not [link for link in found.links if link.startswith("javascript")]
    assert data_block(fetch(app, "figure/x/y").text)["name"].startswith(HOSTILE)


class CountingStore:
    """A store that counts the lookups in it, and the quads that were read of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.lookups = self.quads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def __iter__(self) -> Iterator[Quad]:
        return iter(self._store)

    def quads_for_pattern(self, *pattern: Any) -> Iterator[Quad]:
        self.lookups += 1
        for quad in self._store.quads_for_pattern(*pattern):
            self.quads += 1
            yield quad


def count_work(folder: Path, cells: int, path: str, says: str) -> tuple[int, int]:
    """How many lookups a page takes where so many cells refer to a unit, and quads read.

    Args:
        folder: of the release.
        cells: how many refer to the unit, and how many facts a document states.
        path: the thing of the page.
        says: what stands on the page.
    """
    release = SmallRelease(folder).load()
    unit, where = thing("unit", "persons"), graph("table")
    for name in ("unit", "about", "scope"):
        release.store.bulk_extend(
            Quad(thing("cell", str(number)), term(name), unit, where) for number in range(cells)
        )
    # A document that speaks of the unit, and of as many other things.
    document = thing("document", "long")
    release.store.bulk_extend(
        Quad(document, term("states"), thing("fact", str(number)), where) for number in range(cells)
    )
    for quad in (
        Quad(document, LABEL, Literal("Long", language="en"), where),
        Quad(document, term("concerns"), unit, where),
    ):
        release.store.add(quad)
    counting = CountingStore(release.store)
    app = create_app(release, Settings())
    assert fetch(app, path).status_code == 200  # What is computed once, is.
    release.store = counting  # type: ignore[assignment]
    assert says in fetch(app, path).text
    return counting.lookups, counting.quads


def test_the_work_of_a_page_does_not_grow_with_what_refers_to_it(tmp_path: Path) -> None:
    told = "There are more links than a page reads."
    few = count_work(tmp_path / "few", 1_000, "unit/persons", told)
    many = count_work(tmp_path / "many", 10_000, "unit/persons", told)
    assert few == many
    assert few[0] < 300
    assert few[1] < 3_000


def test_the_work_of_a_page_does_not_grow_with_what_is_said_of_it(tmp_path: Path) -> None:
    told = "More is said of it than is shown here."
    lookups, quads = count_work(tmp_path, 10_000, "document/long", told)
    assert lookups < 700
    assert quads < 4_000


def test_what_refers_to_a_thing_is_in_pages(app: Flask) -> None:
    path = "population-group/STA"
    text = read(app, path)
    assert "87,632 persons" in part(text, "incoming") or "All" in part(text, "incoming")
    whole = fetch(app, f"{path}?kind=figure").text
    assert '<data value="87632">' in whole
    for query, status in (("kind=nothing", 404), ("kind=figure&page=99", 404), ("page=0", 400)):
        with pytest.raises(Problem) as refused:
            fetch(app, f"{path}?{query}")
        assert refused.value.status == status
