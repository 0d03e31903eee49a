"""The overview shows the numbers that the release has, each with whose it is and a way to it."""

import gzip
import re
from dataclasses import replace
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from built_graph import built_with_sources
from front_client import FrontClient
from kzgraph.namespaces import Term
from kzgraph.rdf.content import Content
from kzgraph.release.history import ChangeList, Entry, GraphCounts, History
from kzgraph.release.statistics import Statistics, count
from kzgraph_server.charts.chart_queries import run_query
from kzgraph_server.flask_app import create_app
from kzgraph_server.pages import overview_numbers
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease

BROWSER = {"Accept": "text/html"}


class Links(HTMLParser):
    """The links of a page: text and address."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href = ""
        self._text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._text = dict(attrs).get("href") or "", ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.found.append((" ".join(self._text.split()), self._href))


class WithSources(SmallRelease):
    """The documents and official data, in memory."""

    @cached_property
    def statistics(self) -> Statistics:
        return count(Content(self.store))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FrontClient:
    release = WithSources(tmp_path_factory.mktemp("overview"))
    release.store.extend(built_with_sources())
    return FrontClient(release)


@pytest.fixture(scope="module")
def page(client: FrontClient) -> str:
    return client.get("/", headers=BROWSER).text


def ask(client: FrontClient, text: str) -> list[dict[str, Term]]:
    return [dict(row) for row in run_query(client.release.store, text)]


def value(term: Term) -> str:
    return str(getattr(term, "value", ""))


def test_each_number_of_people_leads_to_its_figure(client: FrontClient, page: str) -> None:
    links = Links(page).found
    figures = ask(
        client,
        """SELECT ?figure ?value WHERE { ?figure a kzg:ChosenFigure ; kzg:quantity quantity:stock ;
           kzg:scope ?scope ; kzg:year ?year ; kzg:value ?value .
           FILTER NOT EXISTS { ?later a kzg:ChosenFigure ; kzg:quantity quantity:stock ;
             kzg:scope ?scope ; kzg:year ?after FILTER(?after > ?year) } }""",
    )
    assert len(figures) > 10
    for row in figures:
        path = "/page/" + value(row["figure"]).partition("/id/")[2]
        texts = [text for text, href in links if href == path]
        number = f"{int(value(row['value'])):,}"
        assert any(number in text for text in texts), (path, number)


def test_official_numbers_are_sums_of_the_newest_year(client: FrontClient, page: str) -> None:
    sums = ask(
        client,
        """SELECT ?group (SUM(?n) AS ?sum) WHERE { ?cell a kzg:OfficialHeadlineFigure ;
           kzg:country country:KAZ ; kzg:quantity quantity:stock ; kzg:populationGroup ?group ;
           kzg:year 2025 ; kzg:officialValue ?n } GROUP BY ?group""",
    )
    head = page.partition('id="people"')[2].partition("<figure")[0]
    assert "end of 2025: Kazakhstan" in head
    links = Links(head).found
    for row in sums:
        (href,) = [href for text, href in links if text == f"{int(value(row['sum'])):,}"]
        if href.startswith("/sparql?"):
            # It opens what was added up.
            (text,) = parse_qs(urlsplit(href).query)["query"]
            parts = [int(value(each["value"])) for each in ask(client, text)]
            assert len(parts) > 1 and sum(parts) == int(value(row["sum"]))
        else:
            assert client.get(href, headers=BROWSER).status_code == 200


def test_scope_hedge_and_what_official_data_say_stand_with_a_number(page: str) -> None:
    table = page.partition('id="documents"')[2].partition("</table>")[0]
    scopes = re.split(r'<tr class="group">', table)[1:]
    named = [Links(scope).found[0][1].rpartition("/page/")[2] for scope in scopes]
    assert named == ["operation/kazakhstan", "country/KAZ", "operation/kazakhstan-regional-office"]
    operation, country, office = (re.sub(r"<[^>]+>|\s+", " ", scope) for scope in scopes)
    assert "7,892" in operation and "87,632" not in operation + country and "87,632" in office
    assert re.search(r"570 .*some .*Within the hedge", country)
    assert "part of another: Persons with undetermined nationality" in re.sub(" +", " ", operation)


def test_each_list_has_its_query_and_leads_to_all_of_its_kind(
    client: FrontClient, page: str
) -> None:
    links = Links(page).found
    queries = [href for text, href in links if text == "The query behind this list"]
    lists = [href for text, href in links if text.startswith("Browse all")]
    assert len(queries) == len(lists) == 7
    for href in queries:
        (text,) = parse_qs(urlsplit(href).query)["query"]
        assert ask(client, text), text
    for href in lists:
        assert client.get(href, headers=BROWSER).status_code == 200, href


def test_every_chart_has_a_query_a_table_and_its_values_as_csv(
    client: FrontClient, page: str
) -> None:
    figures = re.findall(r'<figure class="chart" id="([^"]+)">(.*?)</figure>', page, re.DOTALL)
    assert len(figures) > 10
    for name, figure in figures:
        links = dict(Links(figure).found)
        assert "<table>" in figure and links["The query"].startswith("/sparql?query="), name
        assert client.get(links["Data as CSV"]).status_code == 200, name


def test_the_page_is_light_and_names_each_thing_once(page: str) -> None:
    assert len(gzip.compress(page.encode())) < 100_000
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    references = re.findall(r'(?:aria-labelledby|for)="([^"]+)"|url\(#([^)]+)\)', page)
    assert {each for pair in references for part in pair for each in part.split()} <= set(ids)


@pytest.mark.parametrize("prefix", ["/ru", "/kk"])
def test_it_is_there_in_each_language(client: FrontClient, prefix: str) -> None:
    text = client.get(f"{prefix}/", headers=BROWSER).text
    assert f'href="{prefix}/page/operation/kazakhstan"' in text
    assert f'href="{prefix}/sparql?query=' in text
    # What has one address has no language in it.
    assert f'"{prefix}/chart/' not in text and '"/chart/' in text


def test_a_release_without_figures_has_an_overview(tmp_path: Path) -> None:
    release = SmallRelease(tmp_path).load()
    text = create_app(release, Settings()).test_client().get("/").get_data(as_text=True)
    assert 'id="ways"' in text
    assert "<figure" not in text and 'id="people"' not in text


def test_what_changed_is_told_from_the_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = SmallRelease(tmp_path).load()
    counts = {"facts": {"added": 3, "removed": 0, "changed": 1}}
    none = {"facts": {"added": 0, "removed": 0, "changed": 0}}
    changes = ChangeList(
        (GraphCounts("one", True, False, counts), GraphCounts("two", True, False, none))
    )
    entry = Entry(release.version, "0-before", "2024-05-31T12:00:00Z", 9, (), changes)

    client = create_app(release, Settings()).test_client()

    def told(entry: Entry) -> str:
        monkeypatch.setattr(overview_numbers, "read_sound_history", lambda _root: History((entry,)))
        page = client.get("/").get_data(as_text=True)
        return re.sub(r"\s+", " ", page.partition('id="new"')[2].partition("</section>")[0])

    assert "Published on 31 May 2024." in told(entry)
    assert "since release 0-before" in told(entry)
    assert re.findall(r'<th scope="row">(\w+)</th>', told(entry)) == ["one"]
    assert "the first release" in told(replace(entry, previous=None, changes=None))
    assert "the same data as release 0-before" in told(replace(entry, changes=ChangeList(())))
    assert "is not known here" in told(replace(entry, version="other"))
