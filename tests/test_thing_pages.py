"""Pages of what has no value: places, organisations, treaties, documents, codes, facts."""

import html
import json
import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad

from front_client import FrontClient
from kzgraph.iri import ID, graph, term, thing
from kzgraph.namespaces import OA, TYPE
from kzgraph_server.pages.kinds.look import Look
from kzgraph_server.pages.quality.coverage import find_spans
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease

#: Whose pages are read, and the sections that they have.
SECTIONS = {
    "country/KAZ": {
        "Charts and tables", "Pledges",
        "Numbers to look up, one for each group or series, quantity and year, computed ones too",
        "Events", "Changes in law and procedure", "Priorities", "Unmet needs", "Achievements",
        "Partnerships", "Who is a party, and who says so",
    },
    "operation/kazakhstan": {"Charts and tables", "Partners"},
    "operation/kazakhstan-regional-office": {"Charts and tables"},
    "organisation/unhcr": {"Its partners", "Who gave to it", "Who holds office"},
    "organisation/regional-representation-central-asia": {
        "When it is open", "Days on which it is closed", "How to reach it", "Where it is",
    },
    "person/dumitru-lipcanu": {"Offices held", "Ways to reach the person"},
    "initiative/global-refugee-forum-2023": {"Pledges made there"},
    "instrument/refugee-convention-1951": {"Who is a party, and who says so"},
    "population-group/REF": {"Figures of documents", "Facts that concern it"},
    "quantity/budget": {"Numbers to look up, one for each place and year, computed ones too"},
    "comparison-kind/scope": {"Comparisons"},
    "scheme/quantity": {"The list"},
    "dataset/finance": {"Figures of documents in it"},
    "time/2018": {"Numbers of documents at this time"},
    "document/overview": {"What was taken from it, in its order"},
    "pledge/fact-sheet-2024/border-referral-procedures": {
        "Where it is stated", "What it belongs with",
    },
    "participation/fact-sheet-2024/refugee-convention-1951": {"Where it is stated"},
}  # fmt: skip


@pytest.fixture(scope="module")
def built(release_root: Path) -> FrontClient:
    return FrontClient(release_root / "current")


def get(client: FrontClient, path: str) -> str:
    reply = client.get(path, headers={"Accept": "text/html"})
    assert reply.status_code == 200, path
    return reply.text


def headings(text: str) -> set[str]:
    found = re.findall(r"<h2[^>]*>(.*?)(?: <small.*?)?</h2>", text, re.DOTALL)
    return {html.unescape(each) for each in found}


@pytest.mark.parametrize(("path", "sections"), SECTIONS.items())
def test_a_page_has_the_sections_of_its_kind(
    built: FrontClient, path: str, sections: set[str]
) -> None:
    text = get(built, f"/page/{path}")
    assert sections <= headings(text)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    within = re.findall(r'<a href="#([^"]+)"', text)
    assert set(within) <= set(ids)
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert json.loads(block)["@id"] == f"{ID}{path}"


def test_a_list_has_values_and_leads_to_all_of_it(built: FrontClient) -> None:
    text = get(built, "/page/country/KAZ")
    assert "≈ </span>570 persons</data>" in text
    lists = {html.unescape(each) for each in re.findall(r'href="(/browse/class/[^"]+)"', text)}
    assert "/browse/class/Partnership?about=country/KAZ" in lists
    for href in lists:
        (total,) = re.findall(rf'href="{re.escape(html.escape(href))}"[^>]*>All (\d+):', text)
        listed = re.sub(r"\s+", " ", get(built, href))
        assert f"of {total}" in listed


def test_a_figure_of_another_scope_is_in_no_series_of_the_country(built: FrontClient) -> None:
    """The 87,632 stateless persons are of an office whose countries no document lists."""
    assert "87,632" not in get(built, "/page/country/KAZ")
    assert "87,632" in get(built, "/page/operation/kazakhstan-regional-office")


def test_a_document_is_told_in_its_order_with_coverage(built: FrontClient) -> None:
    text = get(built, "/page/document/overview")
    starts = [int(each) for each in re.findall(r'class="place"><a[^>]*>characters (\d+) to', text)]
    assert starts == sorted(starts)
    spans = find_spans(built.release.store, thing("document", "overview"))
    assert starts == [each.start for each in spans if each.supports][: len(starts)]
    assert len(starts) > 30
    (known,) = [
        each for each in built.release.statistics.coverage if each.document.endswith("/overview")
    ]
    assert f"Facts taken from it: {known.facts}." in text
    assert f"They rest on {known.covered:,} of its {known.length:,} characters" in text


def test_a_fact_shows_what_it_says_where_and_what_is_to_be_noted(built: FrontClient) -> None:
    path = "pledge/fact-sheet-2024/border-referral-procedures"
    text = get(built, f"/page/{path}")
    head, _, rest = text.partition('id="evidence"')
    assert "Procedures for referral at the border" in head
    assert "To be noted" in head
    assert "characters 2008 to 2110" in rest
    assert "5 pledges" in rest
    assert 'lang="en">Procedures for referral' in get(built, f"/ru/page/{path}")


def test_an_office_says_how_it_is_reached_and_when_it_is_open(built: FrontClient) -> None:
    text = get(built, "/page/organisation/regional-representation-central-asia")
    hours = text.partition('id="list-OpeningHoursSpecification-scope"')[2].partition("</ol>")[0]
    days = re.findall(r">Working hours on (\w+)</a>", hours)
    assert days == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert len(re.findall(r'class="says">\d\d:\d\d to \d\d:\d\d<', hours)) == 5
    contacts = text.partition('id="list-ContactPoint-scope"')[2].partition("</ol>")[0]
    assert re.search(r'class="says">\+?[\d ()-]{8,}<', contacts)
    holidays = text.partition('id="list-PublicHoliday-scope"')[2].partition("</ol>")[0]
    assert holidays.index("3 January") < holidays.index("30 August") < holidays.index("26 December")


TREATY = """
GRAPH <graph/doc> {
  <id/participation/doc/p> a kzg:Participation , kzg:Fact ; rdfs:label "P"@en ;
    kzg:participant <id/country/KAZ> ; kzg:scope <id/country/KAZ> ;
    kzg:instrument <id/instrument/i> ; kzg:kind <id/participation-kind/state-party> ;
    kzg:statedIn <id/document/doc> ; kzg:concordance <id/concordance/doc/c> .
  <id/concordance/doc/c> a kzg:Concordance ; kzg:explanation <id/explanation/date> .
  <id/document/doc> a foaf:Document ; rdfs:label "<b>Doc</b>"@en .
}
GRAPH <graph/treaties-0123456789ab> {
  <graph/treaties-0123456789ab> dcterms:title "A list <i>"@en .
  <id/official/treaties/1/KAZ/a> a kzg:OfficialParticipation ; rdfs:label "Entry"@en ;
    kzg:scope <id/country/KAZ> ; kzg:instrument <id/instrument/i> ;
    kzg:date "1999-01-15"^^xsd:date ; kzg:kind <id/participation-kind/accession> .
  <id/official/treaties/1/UZB/not-listed> a kzg:OfficialParticipation ; rdfs:label "None"@en ;
    dcterms:valid "2015-03-14"^^xsd:date ; kzg:kind <id/participation-kind/not-listed> .
}
GRAPH <graph/entities> {
  <id/instrument/i> a kzg:LegalInstrument ; rdfs:label "Treaty"@en .
  <id/country/KAZ> a schema:Country , schema:Place ; rdfs:label "Kazakhstan"@en .
  <id/participation-kind/accession> rdfs:label "Accession"@en .
  <id/participation-kind/state-party> rdfs:label "State party"@en .
  <id/explanation/date> rdfs:label "Another date"@en .
  <id/event/e> a kzg:Event , kzg:Fact ; rdfs:label "</script><script>alert(1)</script>"@en ;
    dcterms:description "<img src=x>"@en ; kzg:about <id/country/KAZ> ; kzg:date "never"^^xsd:date .
}
"""


@pytest.fixture
def treaty(tmp_path: Path) -> FrontClient:
    return FrontClient(SmallRelease(tmp_path).load(TREATY), Settings())


@pytest.mark.parametrize(
    ("path", "who"), [("instrument/i", "Kazakhstan"), ("country/KAZ", "Treaty")]
)
def test_of_a_treaty_it_is_said_who_is_a_party_by_whom(
    treaty: FrontClient, path: str, who: str
) -> None:
    text = get(treaty, f"/page/{path}")
    section = text.partition('id="standings"')[2].partition("</section>")[0]
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>.*?</tr>", section)]
    stated, listed = [re.sub(r"\s+", " ", html.unescape(row)) for row in rows[-2:]]
    assert f" {who} State party " in stated.replace("  ", " ")
    assert "<b>Doc</b>" in stated
    assert "Another date" in stated
    assert " Accession 15 January 1999 A list <i> " in listed
    assert "list of the depositary" in listed


def test_not_listed_is_of_a_day_and_not_called_no_party(treaty: FrontClient) -> None:
    text = get(treaty, "/page/official/treaties/1/UZB/not-listed")
    head = text.partition('<div class="head">')[2].partition("<h2")[0]
    assert "may have joined since" in head
    assert "2015-03-14" in head
    assert "may have joined since" not in get(treaty, "/page/official/treaties/1/KAZ/a")


def test_what_is_hostile_is_shown_as_text(treaty: FrontClient) -> None:
    for path in ("/page/event/e", "/page/country/KAZ", "/ru/page/event/e"):
        text = get(treaty, path)
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_page_reads_no_more_of_a_place_than_of_what_is_said_of_it(tmp_path: Path) -> None:
    release = SmallRelease(tmp_path).load(TREATY)
    where, country = graph("unhcr-population-0123456789ab"), thing("country", "KAZ")
    for number in range(4500):
        cell = thing("official", "unhcr-population", str(number))
        release.store.add(Quad(cell, TYPE, term("OfficialFigure"), where))
        for name in ("scope", "country", "about"):
            release.store.add(Quad(cell, term(name), country, where))
    text = get(FrontClient(release, Settings()), "/page/country/KAZ")
    # By the index of the country alone, the one event would be behind thousands of cells.
    assert "list-Event-about" in text
    assert "Who is a party, and who says so" in headings(text)


def test_the_spans_of_a_document_are_those_of_facts(tmp_path: Path) -> None:
    release = SmallRelease(tmp_path).load(TREATY)
    where, document = graph("doc"), thing("document", "doc")
    for start in (30, 5):
        span, selector = thing("evidence", "doc", str(start)), thing("selector", "doc", str(start))
        fact = thing("participation", "doc", "p")
        release.store.extend(
            [
                Quad(fact, term("evidence"), span, where),
                Quad(span, OA["hasSource"], document, where),
                Quad(span, OA["hasSelector"], selector, where),
                Quad(selector, OA["start"], Literal(start), where),
                Quad(selector, OA["end"], Literal(start + 4), where),
            ]
        )
    text = get(FrontClient(release, Settings()), "/page/document/doc")
    assert re.findall(r"characters (\d+) to (\d+)</a>", text)[:2] == [("5", "9"), ("30", "34")]
    assert Look(release.store, document).node == document
