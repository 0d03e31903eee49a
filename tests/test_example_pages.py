"""`/examples`: by topic, found by words, in three languages, as data; docs/descriptions.md."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from description_fixtures import client, release
from front_client import FrontClient
from kzgraph.example_queries import read_examples
from kzgraph.iri import ID, graph
from kzgraph.namespaces import LABEL, SCHEMA, SH, TYPE
from server_fixtures import small

__all__ = ["client", "release", "small"]


def numbers(client: FrontClient, **asked: str) -> list[str]:
    """The numbers of the examples on the page."""
    text = client.get("/examples", query_string=asked, headers={"Accept": "text/html"}).text
    return re.findall(r'<article class="question" id="example-(\d+)"', text)


def test_every_example_is_on_the_page_with_its_query(client: FrontClient) -> None:
    page = client.get("/examples", headers={"Accept": "text/html"}).text
    examples = {each.number: each for each in read_examples()}
    assert sorted(numbers(client)) == sorted(examples)
    run = [parse_qs(urlsplit(each).query)["query"][0] for each in links(page, "/sparql?query=")]
    opened = [
        parse_qs(urlsplit(each).fragment, strict_parsing=True)["query"][0]
        for each in links(page, "/sparql#query=")
    ]
    assert sorted(opened) == sorted(each.query for each in examples.values())
    # Those that ask other endpoints have no link to an answer that would be a refusal.
    here = [each for each in examples.values() if not each.endpoints]
    assert sorted(run) == sorted(each.query for each in here)
    assert page.count("This server does not call it") == len(examples) - len(here) > 0
    assert len(links(page, "/page/example/")) == len(examples)


def links(page: str, part: str) -> list[str]:
    found = map(html.unescape, re.findall(r'href="([^"]*)"', page))
    return [each for each in found if part in each]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("wikidata DONOR", set()),
        ("wikidata denmark", {"124"}),
        ("ИЗМЕРЕНИЯ sdmx", {"100"}),
        # Folded: as without dots and marks, in Russian and Kazakh.
        ("партнеры", {"034", "035", "036", "037", "038"}),
        ("азаматтыгы апатридов 1954", {"047"}),
        ("data linker qb", set()),
        ("030", {"030"}),
    ],
)
def test_words_find_examples_in_any_language(
    client: FrontClient, words: str, found: set[str]
) -> None:
    assert found <= set(numbers(client, q=words))
    if found:
        assert len(numbers(client, q=words)) < 60
    else:
        assert numbers(client, q=words) == []


def test_a_topic_shows_its_examples_alone(client: FrontClient) -> None:
    law = {each.number for each in read_examples() if each.topic == "law"}
    assert set(numbers(client, topic="law")) == law
    assert numbers(client, topic="law", q="depositary") == ["125", "143", "144", "145"]
    assert numbers(client, topic="none") == []


@pytest.mark.parametrize(("language", "title"), [("ru", "Офис"), ("kk", "кеңсе")])
def test_questions_are_in_the_language_of_the_page(
    client: FrontClient, language: str, title: str
) -> None:
    page = client.get(f"/{language}/examples?q=002", headers={"Accept": "text/html"}).text
    (heading,) = re.findall(r"<h3>(.*?)</h3>", page, re.DOTALL)
    assert title.lower() in heading.lower()
    assert 'class="tag"' not in heading
    assert links(page, f"/{language}/page/example/002")


def test_the_page_of_an_example_shows_its_query_and_its_topic(client: FrontClient) -> None:
    (asked,) = (each for each in read_examples() if each.number == "046")
    page = client.get("/ru/page/example/046").text
    assert f"<code>{html.escape(asked.query, quote=True).replace('&quot;', '&#34;')}</code>" in page
    assert links(page, "/ru/examples?topic=law")
    assert {"/kz/ru/page/example/047", "/kz/ru/page/example/123"} <= set(links(page, "/example/"))
    assert "Kept by the project: example queries" in client.get("/page/example/046").text


def test_examples_are_data(client: FrontClient) -> None:
    listed = client.get("/examples?format=json&q=030").get_json()["examples"]
    assert [each["number"] for each in listed] == ["030"]
    assert set(listed[0]["title"]) == {"en", "ru", "kk"}
    assert listed[0]["topic"]["name"]["en"] == "Sources and citations"
    answer = client.get("/examples", headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    triples = list(parse(answer.data, RdfFormat.TURTLE))
    shown = {str(each.subject) for each in triples if each.object == SH["SPARQLExecutable"]}
    assert len(shown) == len(read_examples())
    assert 'rel="alternate"; type="application/json"' in str(answer.headers)


def test_a_release_without_examples_says_so(small: FrontClient) -> None:
    assert "no example queries" in small.get("/examples").text
    assert small.get("/examples?format=json").get_json() == {"examples": []}
    assert small.get("/examples?format=ttl").status_code == 406


def test_hostile_text_is_shown_as_text_and_an_english_title_is_marked(small: FrontClient) -> None:
    node, where = NamedNode(f"{ID}example/001"), graph("examples")
    evil = '"><script>alert(1)</script>'
    for name, value in (
        (TYPE, SH["SPARQLExecutable"]),
        (LABEL, Literal(evil, language="en")),
        (SCHEMA["keywords"], Literal(evil, language="en")),
        (SH["select"], Literal(f"SELECT * {{ ?s ?p '{evil}&#' }}")),
    ):
        small.release.store.add(Quad(node, name, value, where))
    page = small.get(f"/ru/examples?q={evil}").text
    assert "<script>" not in page
    assert '<span lang="en">&#34;&gt;&lt;script&gt;' in page
    (opened,) = links(page, "/ru/sparql#query=")
    assert parse_qs(urlsplit(opened).fragment)["query"] == [f"SELECT * {{ ?s ?p '{evil}&#' }}"]
