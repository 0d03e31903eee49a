"""The query page as the server makes it: links, code in four languages, names for completion."""

import re
import shlex
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from front_client import FrontClient
from kzgraph_server.pages.query_code import Kind, write_code
from kzgraph_server.pages.query_page import EXAMPLE
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease, small

__all__ = ["small"]

BROWSER = {"Accept": "text/html"}
ENDPOINT = "https://example.org/sparql"
#: What ends texts in the languages that code is written in.
HOSTILE = st.text(st.sampled_from("'\"\\`${})-#\n\r\tя?ASK "), max_size=40)


def code_for(query: str, kind: Kind = "table") -> dict[str, str]:
    return {each.name: each.text for each in write_code(query, ENDPOINT, kind=kind)}


@given(HOSTILE)
def test_code_asks_the_same_query_whatever_is_in_it(query: str) -> None:
    sent = query.replace("\r\n", "\n").strip("\n")
    code = code_for(query)
    asked: list[str] = []

    def ask(text: str) -> list[object]:
        asked.append(text)
        return []

    python = SimpleNamespace(rows=ask)
    lines = code["Python"].removeprefix("import kzgraph\n")
    exec(lines, {"kzgraph": SimpleNamespace(endpoint=lambda _: python)})  # noqa: S102
    assert asked[0].strip("\n") == sent
    words = shlex.split(code["curl"])
    assert words[-1] == f"query={sent}"
    # A raw string of R ends at its bracket, its minus signs and a quote, and nowhere before.
    raw = re.match(r'query <- r"(-*)\(\n', code["R"])
    assert raw
    text, end, rest = code["R"][raw.end() :].partition(f'){raw[1]}"')
    assert (text, end) == (f"{sent}\n", f'){raw[1]}"')
    assert rest.startswith("\naddress <-")


@pytest.mark.parametrize(
    ("kind", "method", "form"),
    [("table", "rows", "csv"), ("graph", "graph", "ttl"), ("boolean", "ask", "csv")],
)
def test_code_reads_what_the_query_gives(kind: Kind, method: str, form: str) -> None:
    code = code_for("ASK {}", kind)
    assert f"endpoint.{method}(query)" in code["Python"]
    assert f"format={form}" in code["curl"]
    assert f"format={form}" in code["R"]


def page(client: FrontClient, path: str) -> str:
    return str(client.get(path, headers=BROWSER).text)


def test_the_first_query_asks_for_labels_in_the_language_of_the_page(small: FrontClient) -> None:
    for prefix, language in (("", "en"), ("/ru", "ru"), ("/kk", "kk")):
        text = unescape(page(small, f"{prefix}/sparql"))
        assert EXAMPLE.replace('"en"', f'"{language}"') in text


def test_a_page_links_to_its_query_and_to_that_of_the_release(small: FrontClient) -> None:
    text = page(small, "/ru/sparql?query=SELECT * { ?a kzg:value 1 }&default-graph-uri=urn:x")
    shared = re.findall(r'<a class="share" href="([^"]+)"', text)
    assert [urlsplit(unescape(each)).path for each in shared] == [
        "/ru/sparql",
        f"/releases/{small.release.version}/ru/sparql",
    ]
    for each in shared:
        asked = parse_qs(urlsplit(unescape(each)).query)
        assert asked == {"query": ["SELECT * { ?a kzg:value 1 }"], "default-graph-uri": ["urn:x"]}


def test_a_long_query_is_downloaded_by_post_with_its_data_set(small: FrontClient) -> None:
    query = f"ASK {{}} # {'x' * 5000}"
    text = page(small, f"/sparql?query={query}&named-graph-uri=urn:x".replace("#", "%23"))
    form = text.partition('<form class="downloads" method="post" action="/sparql">')[2]
    form = form.partition("</form>")[0]
    assert f'<input type="hidden" name="query" value="{query}">' in form
    assert '<input type="hidden" name="named-graph-uri" value="urn:x">' in form
    assert '<button class="plain" name="format" value="csv">' in form


def test_a_refused_query_says_its_place_and_keeps_its_address(small: FrontClient) -> None:
    text = page(small, "/kk/sparql?query=SELECT * {")
    assert 'data-line="1" data-column="11"' in text
    assert 'href="/ru/sparql?query=SELECT' in text
    assert 'aria-invalid="true"' in text


def test_a_thing_is_shown_by_its_label_with_its_name(small: FrontClient) -> None:
    text = page(small, "/ru/sparql?query=SELECT ?a { VALUES ?a { <id/thing/one> kzg:value 1 } }")
    cells = re.findall(r"<td.*?</td>", text, re.DOTALL)
    assert 'href="/ru/page/thing/one"' in cells[0]
    assert ">Один</a>" in cells[0]
    assert '<small class="tag name">kzg:value</small>' in cells[1]
    # What the language of the page lacks is marked with its own.
    assert '<a href="/ru/ontology#value"' in cells[1]
    assert 'lang="en">value</a>' in cells[1]


def test_completion_knows_classes_properties_and_things_in_the_language(
    small: FrontClient,
) -> None:
    found: dict[str, Any] = small.get("/sparql/completions").get_json()
    classes = {each["name"]: each for each in found["classes"]}
    assert classes["kzg:Fact"] == {"name": "kzg:Fact", "label": "fact", "about": "", "count": 1}
    properties = {each["name"]: each for each in found["properties"]}
    assert properties["kzg:value"]["about"] == "A number."
    assert found["prefixes"]["country"] == "https://w3id.org/kzgraph/id/country/"
    assert not [name for name in (*classes, *properties) if name.startswith("<")]
    assert small.get("/sparql/completions/country").get_json() == []
    assert small.get("/sparql/completions/no").status_code == 404


def test_completion_has_the_things_of_a_prefix_under_their_labels(tmp_path: Path) -> None:
    trig = """GRAPH <graph/one> {
      <id/country/UZB> a kzg:Fact ; rdfs:label "Uzbekistan"@en .
      <id/country/KAZ> a kzg:Fact ; rdfs:label "Kazakhstan"@en, "Казахстан"@ru .
      <id/place/almaty> a kzg:Fact . }"""
    client = FrontClient(SmallRelease(tmp_path).load(trig), Settings())
    for prefix, name in (("", "Kazakhstan"), ("/ru", "Казахстан")):
        found = client.get(f"{prefix}/sparql/completions/country").get_json()
        found.sort(key=lambda each: each["name"])
        assert found == [
            {"name": "country:KAZ", "label": name},
            {"name": "country:UZB", "label": "Uzbekistan"},
        ]
