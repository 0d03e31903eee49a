"""`/search`, its JSON, its suggestions and its description, in three languages."""

import json
import re
import xml.etree.ElementTree as ElementTree
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest

from front_client import FrontClient
from kzgraph.search import KIND_NAMES, Index, index, write_index
from kzgraph_server.pages.kind_names import name_groups
from kzgraph_server.settings import Settings
from server_fixtures import TRIG, SmallRelease, small

__all__ = ["small"]

BROWSER = {"Accept": "text/html,*/*;q=0.8"}
MORE = TRIG + (
    """
GRAPH <graph/entities> {
  <id/country/KAZ> a schema:Country ; rdfs:label "Kazakhstan"@en, "Казахстан"@ru ;
    skos:notation "KAZ" .
  <id/organisation/mvd> a org:Organization ; rdfs:label "Ministry <b>of</b> Internal Affairs"@en ;
    skos:altLabel "МВД"@ru .
  <id/bound/lower> rdfs:label "Lower bound"@en .
  <id/unit/persons> rdfs:label "Persons"@en, "Человек"@ru .
  <id/figure/one> a kzg:Figure, kzg:PopulationFigure ; rdfs:label "Refugees, Kazakhstan"@en ;
    kzg:value 87632 ; kzg:unit <id/unit/persons> ; kzg:bound <id/bound/lower> ;
    kzg:hedge "over"@en ; kzg:year 2018 ; kzg:scope <id/country/KAZ> ; kzg:about <id/country/KAZ> .
"""
    + "".join(
        f'  <id/place/{n}> a schema:Place ; rdfs:label "Village number {n}"@en .\n'
        for n in range(45)
    )
    + "}\n"
)


@pytest.fixture
def site(tmp_path: Path) -> FrontClient:
    release = SmallRelease(tmp_path).load(MORE)
    write_index(release.store, tmp_path / "search.sqlite", release.version)
    return FrontClient(release, Settings())


def read(site: FrontClient, address: str) -> str:
    reply = site.get(address, headers=BROWSER)
    assert (reply.status_code, reply.mimetype) == (200, "text/html")
    return reply.get_data(as_text=True)


def ask(site: FrontClient, address: str, **headers: str) -> Any:
    reply = site.get(address, headers=headers)
    assert reply.status_code == 200
    return json.loads(reply.data)


def test_a_page_groups_hits_by_kind_with_the_values_of_figures(site: FrontClient) -> None:
    text = read(site, "/search?q=kazakhstan")
    assert text.index("Countries</h2>") < text.index("Figures of people</h2>")
    assert 'href="/page/country/KAZ"' in text
    assert '<data value="87632">' in text
    assert '<q class="hedge" lang="en">over</q>' in text
    assert "2018" in text
    russian = read(site, "/ru/search?q=МВД")
    assert 'href="/ru/page/organisation/mvd"' in russian
    assert "Ministry &lt;b&gt;of&lt;/b&gt; Internal Affairs" in russian
    assert 'action="/ru/search"' in russian


def test_the_query_stays_in_the_only_form_of_the_page_and_is_escaped(site: FrontClient) -> None:
    text = read(site, "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in text
    assert "<script>alert" not in text
    assert text.count('role="search"') == 1
    assert read(site, "/quality").count('role="search"') == 1
    assert '<meta name="robots" content="noindex">' in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("rfpf[cnfy", "on another keyboard: “казахстан”"),
        ("Kazahkstan", "No name has the word “kazahkstan”"),
        ("Kazakhstan zzzzqqqq", "No name has any word like “zzzzqqqq”"),
        ("villge numbr 87632", "Nothing has all of the words"),
        ("zzzzqqqq", "Nothing was found"),
        ("a" * 400, "Only the beginning of this long text"),
        ("", "Find people, places"),
    ],
)
def test_a_page_says_what_a_query_was_taken_for(site: FrontClient, query: str, said: str) -> None:
    assert said in read(site, f"/search?q={query}")


def test_things_of_one_name_are_told_apart(tmp_path: Path) -> None:
    twins = "<id/place/a> rdfs:label 'Twin'@en . <id/place/b> rdfs:label 'Twin'@en ."
    release = SmallRelease(tmp_path).load(f"GRAPH <graph/entities> {{ {twins} }}")
    write_index(release.store, tmp_path / "search.sqlite", release.version)
    text = read(FrontClient(release, Settings()), "/search?q=twin")
    assert "<span>place:a</span>" in text
    assert "<span>place:b</span>" in text


def test_long_lists_are_paged_and_limited_to_a_kind(site: FrontClient) -> None:
    first = read(site, "/search?q=village")
    assert first.count('href="/page/place/') == 20
    assert 'rel="next"' in first
    last = ask(site, "/search?q=village&page=3&format=json")
    assert (last["total"], last["pages"], len(last["hits"])) == (45, 3, 5)
    assert site.get("/search?q=village&page=4", headers=BROWSER).status_code == 404
    assert site.get("/search?q=village&page=x", headers=BROWSER).status_code == 400
    places = ask(site, "/search?q=kazakhstan&kind=country&format=json")
    assert [hit["kind"] for hit in places["hits"]] == ["country"]
    assert {each["kind"] for each in places["kinds"]} == {"country", "population-figure"}
    assert site.get("/search?q=x&kind=nothing", headers=BROWSER).status_code == 400


def test_json_has_the_same_by_format_or_accept(site: FrontClient) -> None:
    found = ask(site, "/search?q=87,632", Accept="application/json")
    assert found == ask(site, "/search?q=87,632&format=json")
    assert found["release"] == "0-test"
    hit = found["hits"][0]
    assert hit["iri"].endswith("/id/figure/one")
    assert (hit["page"], hit["kind"], hit["match"]) == (
        "/page/figure/one",
        "population-figure",
        "name",
    )
    assert hit["labels"] == {"en": "Refugees, Kazakhstan"}
    assert hit["name"] == {"text": "87632", "language": ""}
    value = hit["value"]
    assert (value["number"], value["hedge"], value["year"]) == (87632, "over", 2018)
    assert value["unit"].endswith("/unit/persons")
    assert found["reading"]["words"] == ["87632"]


def test_names_are_suggested_with_their_pages(site: FrontClient) -> None:
    query, names, kinds, addresses = ask(site, "/ru/search/suggest?q=ка")
    assert query == "ка"
    assert names[0] == "Казахстан"
    heading = re.search(r"<h2[^>]*>\s*([^<]+?)\s*<", read(site, "/ru/search?q=казахстан"))
    assert heading and kinds[0] == heading[1], "whatever the catalogue calls it"
    assert addresses[0] == "/ru/page/country/KAZ"
    assert len(names) == len(kinds) == len(addresses) <= 8
    code = ask(site, "/search/suggest?q=KAZ")
    assert code[1][0] == "Kazakhstan", "a code tells little by itself"
    assert ask(site, "/search/suggest?q=") == ["", [], [], []]
    reply = site.get("/search/suggest?q=x")
    assert reply.mimetype == "application/x-suggestions+json"


def test_browsers_are_told_how_to_search(site: FrontClient) -> None:
    page = read(site, "/ru/quality")
    assert 'rel="search" type="application/opensearchdescription+xml"' in page
    assert 'href="/ru/opensearch.xml"' in page
    assert 'data-suggest="/ru/search/suggest"' in page
    reply = site.get("/ru/opensearch.xml")
    assert reply.mimetype == "application/opensearchdescription+xml"
    tree = ElementTree.fromstring(reply.data)  # noqa: S314 - the answer of the server
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert tree.tag == f"{space}OpenSearchDescription"
    base = Settings().public_url.rstrip("/")
    assert {each.get("type"): each.get("template") for each in tree.iter(f"{space}Url")} == {
        "text/html": f"{base}/ru/search?q={{searchTerms}}",
        "application/json": f"{base}/ru/search?q={{searchTerms}}&format=json",
        "application/x-suggestions+json": f"{base}/ru/search/suggest?q={{searchTerms}}",
    }


def test_a_release_without_an_index_says_so(small: FrontClient) -> None:
    for address in ("/search?q=one", "/search/suggest?q=one"):
        reply = small.get(address)
        assert reply.status_code == 501
        assert b"without an index" in reply.data
    assert b"opensearch" in small.get("/opensearch.xml").data
    page = small.get("/search?q=one", headers=BROWSER).text
    assert "Try again later" not in page, "it would say the same"
    assert "This release cannot be searched" in page


@pytest.mark.parametrize("path", ["/search", "/search?format=json", "/search/suggest"])
def test_what_was_not_found_in_time_is_found_when_asked_again(
    site: FrontClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    address = f"{path}{'&' if '?' in path else '?'}q=village"
    with monkeypatch.context() as busy:
        busy.setattr(index, "_STEPS", 1)
        busy.setattr(Index, "search", partialmethod(Index.search, patience=-1.0))
        late = site.get(address, headers=BROWSER)
    assert (late.status_code, late.headers["Cache-Control"]) == (200, "no-store")
    assert "Village" not in late.text
    in_time = site.get(address, headers=BROWSER)
    assert "Village" in in_time.text
    assert "max-age" in in_time.headers["Cache-Control"]


def test_every_kind_has_a_heading() -> None:
    assert name_groups().keys() == KIND_NAMES.keys()
