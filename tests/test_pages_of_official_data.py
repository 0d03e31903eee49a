"""Pages of official data: headings in words, links of each kind, and the table of `/quality`."""

import html
import re
from gettext import NullTranslations
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from front_client import FrontClient
from kzgraph.iri import graph, term, thing
from kzgraph.namespaces import TYPE
from kzgraph_server.pages import language
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease

#: A cell, an amount, a value of an indicator, parts of an activity, and what they are named after.
OFFICIAL = """
GRAPH <graph/entities> {
  <id/country/UZB> a schema:Country ; rdfs:label "Узбекистан"@ru , "Uzbekistan"@en .
  <id/country/AFG> a schema:Country ; rdfs:label "Afghanistan"@en .
  <id/population-group/REF> rdfs:label "Refugees"@en . <id/sex/female> rdfs:label "Female"@en .
  <id/quantity/return-from> rdfs:label "Returns"@en . <id/quantity/budget> rdfs:label "Budget"@en .
  <id/budget-type/2> rdfs:label "Revised"@en .
  <id/budget-status/1> rdfs:label "Indicative"@en . <id/status/target> rdfs:label "Target"@en .
  <id/unit/persons> rdfs:label "Persons"@en . <id/unit/us-dollars> rdfs:label "US dollars"@en .
  <id/unit/percent> rdfs:label "Per cent"@en . <id/organisation/n> rdfs:label "Norway"@en .
  <id/time/2018-12-31> rdfs:label "31 December 2018"@en . <id/time/2018> rdfs:label "2018"@en .
  <id/dataset/people> kzg:unit <id/unit/persons> ; rdfs:label "People"@en .
  <id/sector/72010> rdfs:label "Relief"@en . <id/organisation-role/4> rdfs:label "Implementing"@en .
}
GRAPH <graph/unhcr-population-0123456789ab> {
  <id/official/c/1> a kzg:OfficialFigure ; qb:dataSet <id/dataset/people> ;
    kzg:scope <id/country/UZB> ; kzg:origin <id/country/AFG> ; kzg:time <id/time/2018-12-31> ;
    kzg:populationGroup <id/population-group/REF> ; kzg:quantity <id/quantity/stock> ;
    kzg:sex <id/sex/all> ; kzg:officialValue 12013 .
  <id/official/c/2> a kzg:OfficialFigure ; qb:dataSet <id/dataset/people> ;
    kzg:scope <id/country/UZB> ; kzg:origin <id/origin/all> ; kzg:time <id/time/2018> ;
    kzg:populationGroup <id/population-group/REF> ; kzg:quantity <id/quantity/return-from> ;
    kzg:sex <id/sex/female> ; kzg:officialValue 5 .
  <id/activity/a> rdfs:label "<A>"@en .
  <id/official/m/1> a kzg:OfficialFigure ; kzg:scope <id/activity/a> ; kzg:time <id/time/2018> ;
    kzg:quantity <id/quantity/budget> ; kzg:kind <id/budget-status/1> , <id/budget-type/2> ;
    kzg:unit <id/unit/us-dollars> ; schema:funder <id/organisation/n> ;
    kzg:officialValue 1234567.8 .
  <id/official/i/1> rdfs:label "Dry wells" ; kzg:unit <id/unit/percent> .
  <id/official/r/1> a kzg:OfficialFigure ; kzg:scope <id/activity/a> ; kzg:time <id/time/2018> ;
    schema:variableMeasured <id/official/i/1> ; kzg:status <id/status/target> ;
    kzg:officialValue 0 .
  <id/official/p/1> a schema:PropertyValue ; schema:propertyID <id/sector/72010> ;
    schema:value 80 ; kzg:unit <id/unit/percent> .
  <id/official/p/2> a prov:Association ; prov:agent <id/organisation/n> ;
    prov:hadRole <id/organisation-role/4> .
  <id/address/a> a schema:PostalAddress ; schema:streetAddress "1 Road" ;
    schema:addressLocality "Almaty" .
  <id/official/u/1> a kzg:OfficialFigure .
}
"""
HEADINGS = {
    "official/c/1": "Refugees from Afghanistan, Uzbekistan, 31 December 2018",
    "official/c/2": "Refugees: Returns, female, Uzbekistan, 2018",
    "official/m/1": "Budget from Norway, indicative, revised, <A>, 2018",
    "official/r/1": "Dry wells, target, <A>, 2018",
    "official/p/1": "Relief: 80 per cent",
    "official/p/2": "Norway, Implementing",
    "address/a": "1 Road, Almaty",
}


@pytest.fixture
def release(tmp_path: Path) -> SmallRelease:
    return SmallRelease(tmp_path).load(OFFICIAL)


@pytest.mark.parametrize(("path", "heading"), HEADINGS.items())
def test_what_has_no_label_is_headed_by_its_dimensions(
    release: SmallRelease, path: str, heading: str
) -> None:
    text = FrontClient(release, Settings()).get(f"/page/{path}").text
    (found,) = re.findall("<h1>(.*?)</h1>", text)
    assert html.unescape(found) == heading
    assert f"<title>{found}, kzgraph</title>" in text


def test_the_heading_is_in_the_language_of_the_page(
    release: SmallRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = {"%(what)s from %(source)s": "%(what)s; откуда: %(source)s"}
    monkeypatch.setattr(language, "_catalogue", lambda: _Messages(messages))
    text = FrontClient(release, Settings()).get("/ru/page/official/c/1").text
    (lang, found) = re.findall("<h1([^>]*)>(.*?)</h1>", text)[0]
    assert found == "Refugees; откуда: Afghanistan, Узбекистан, 31 December 2018"
    assert lang == ' lang="en"'  # What it begins with has no label in Russian.


class _Messages(NullTranslations):
    def __init__(self, messages: dict[str, str]) -> None:
        super().__init__()
        self.messages = messages

    def gettext(self, message: str) -> str:
        return self.messages.get(message, message)


def test_a_figure_that_lacks_its_parts_has_a_page_all_the_same(release: SmallRelease) -> None:
    assert FrontClient(release, Settings()).get("/page/official/u/1").status_code == 200


def test_of_too_many_links_some_of_each_kind_are_shown(release: SmallRelease) -> None:
    country, where = thing("country", "UZB"), graph("entities")
    for number in range(300):
        cell = thing("official", "table", str(number))
        release.store.add(Quad(cell, term("country"), country, where))
    entry = NamedNode(f"{thing('official', 'treaties').value}/V-2/UZB/accession")
    release.store.add(Quad(entry, TYPE, term("OfficialParticipation"), where))
    release.store.add(Quad(entry, term("country"), country, where))
    data = FrontClient(release, Settings(max_incoming=10)).get("/data/country/UZB.nt")
    assert f"{entry} {term('country')} {country} ." in data.text
    # The entry, the two cells of `OFFICIAL`, and as many of the others as fit.
    assert data.headers["Kzgraph-Incoming"] == "shown=10, total=303"
    assert data.text.count("official/table/") == 7


CONCORDANCES = """
GRAPH <graph/compared> {
  <id/figure/d/far> rdfs:label "Far off"@en ; kzg:concordance <id/concordance/d/far> .
  <id/figure/d/near> rdfs:label "Near"@en ; kzg:concordance <id/concordance/d/near> .
  <id/participation/d/p> rdfs:label "Party"@en ; kzg:concordance <id/concordance/d/part--p> .
  <id/concordance/d/far> a kzg:Concordance ; kzg:explanation <id/explanation/not-found> .
  <id/concordance/d/near> a kzg:Concordance ; kzg:explanation <id/explanation/scope> ;
    kzg:furtherKind <id/explanation/masked> ; kzg:confidence <id/confidence/high> ;
    kzg:difference -3900 ; kzg:officialFigure <id/official/c/1> , <id/official/c/2> .
  <id/concordance/d/part--p> a kzg:Concordance ; kzg:explanation <id/explanation/same> ;
    kzg:confidence <id/confidence/high> ; kzg:officialFigure <id/official/treaties/V-2/UZB/a> .
  <id/explanation/scope> rdfs:label "Another scope"@en .
  <id/explanation/masked> rdfs:label "Masked"@en .
  <id/explanation/same> rdfs:label "The same"@en .
  <id/explanation/not-found> rdfs:label "Not found"@en .
  <id/confidence/high> rdfs:label "High"@en .
}
"""


def quality(release: SmallRelease) -> str:
    return FrontClient(release, Settings()).get("/quality/concordance").text


def test_the_page_has_a_row_for_each_concordance(tmp_path: Path) -> None:
    text = quality(SmallRelease(tmp_path).load(CONCORDANCES))
    table = text.partition('<h2 id="concordance">')[2].partition("</table>")[0]
    rows = [
        [re.sub(r"\s+", " ", re.sub("<[^>]*>", "", cell)).strip() for cell in cells]
        for row in table.split("<tr>")[1:]
        if (cells := re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL))
    ]
    assert rows == [
        ["Figure or participation", "Value", "Explanation", "Confidence",
         "Official figures or entries", "Difference"],
        ["Far off", "", "Not found", "", "0: Far off", ""],
        ["Near", "", "Another scope, Masked", "High", "2: Near", "-3,900"],
        ["Party", "", "The same", "High", "1: Party", ""],
    ]  # fmt: skip
    assert 'href="/page/concordance/d/part--p"' in table
    # A table of a release that has no such file is not linked to.
    assert "concordance.csv" not in text


def test_many_concordances_are_paged_and_chosen_by_explanation(tmp_path: Path) -> None:
    release = SmallRelease(tmp_path).load(CONCORDANCES)
    for number in range(300):
        fact, found = thing("figure", "d", str(number)), thing("concordance", "d", str(number))
        release.store.add(Quad(fact, term("concordance"), found, graph("compared")))
    client = FrontClient(release, Settings())
    parts = [client.get(f"/quality/concordance?page={n}").text for n in range(1, 8)]
    assert [text.count('href="/page/concordance/d/') for text in parts] == [50] * 6 + [3]
    assert "51 to 100 of 303" in parts[1]
    near = client.get("/quality/concordance?explanation=scope&confidence=high").text
    assert near.count('href="/page/concordance/d/') == 1
    assert client.get("/quality/concordance?explanation=chance").status_code == 404


def test_without_concordances_the_page_has_no_such_table(release: SmallRelease) -> None:
    assert 'id="concordance"' not in quality(release)
