"""Parts of the tools for assistants: sentences of rarer figures, and how the server is asked."""

import asyncio
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from kzgraph.cli import mcp as command
from kzgraph_server import stdio
from kzgraph_server.assistants.fact_wording import word_facts
from kzgraph_server.assistants.site_access import InnerSite, Request, Site, SiteError
from server_fixtures import SmallRelease
from tool_calls import make_site

FIGURES = """
GRAPH <graph/one> {
  <id/unit/persons> rdfs:label "Persons"@en .
  <id/unit/cases> rdfs:label "Cases"@en .
  <id/country/KAZ> rdfs:label "Kazakhstan"@en .
  <id/country/AFG> rdfs:label "Afghanistan"@en .
  <id/operation/five> rdfs:label "Five countries"@en .
  <id/population-group/REF> rdfs:label "Refugees"@en .
  <id/quantity/stock> rdfs:label "Number at a date"@en .
  <id/bound/lower> rdfs:label "Lower bound"@en .
  <id/sex/female> rdfs:label "Female"@en .
  <id/time/2018> rdfs:label "2018"@en .
  <id/f/range> a kzg:Figure, kzg:Fact ; kzg:least 1000 ; kzg:most 2500.5 ;
    kzg:unit <id/unit/persons> ; kzg:populationGroup <id/population-group/REF> ;
    kzg:quantity <id/quantity/stock> ; kzg:country <id/country/KAZ> .
  <id/f/bound> a kzg:Figure, kzg:Fact ; kzg:value 1.50E3 ; kzg:bound <id/bound/lower> ;
    rdfs:label "A number"@en, "Число"@ru ; kzg:unit <id/unit/cases> ;
    kzg:scope <id/operation/five> ; kzg:time <id/time/2018> .
  <id/f/women> a kzg:Figure, kzg:Fact ; kzg:value 12 ; kzg:unit <id/unit/persons> ;
    kzg:populationGroup <id/population-group/REF> ; kzg:quantity <id/quantity/stock> ;
    kzg:origin <id/country/AFG> ; kzg:sex <id/sex/female> ; kzg:scope <id/country/KAZ> ;
    kzg:country <id/country/KAZ> ; kzg:time <id/time/2018> .
  <id/f/odd> a kzg:Figure ; kzg:value "many" ; rdfs:label "Odd"@en .
  <id/f/infinite> a kzg:Figure ; kzg:value "INF"^^xsd:double ; rdfs:label "Endless"@en .
  <id/thing/none> rdfs:label "No fact"@en .
}
"""


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_site(SmallRelease(tmp_path_factory.mktemp("figures")).load(FIGURES))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("range", "1,000 to 2,500.5 refugees in Kazakhstan"),
        ("bound", "at least 1,500 cases: A number (lower bound; for Five countries, which is NOT"),
        ("women", "12 refugees, from Afghanistan, sex: Female in Kazakhstan, 2018"),
        ("odd", "No number is given: Odd"),
        ("infinite", "Infinity: Endless"),
    ],
)
def test_the_sentence_of_a_figure(small_site: Site, name: str, told: str) -> None:
    iri = f"https://w3id.org/kzgraph/id/f/{name}"
    worded = asyncio.run(word_facts(small_site, [iri, iri]))
    assert worded[iri].sentence.startswith(told), worded[iri].sentence
    assert "Число" not in worded[iri].sentence


def test_what_is_no_fact_has_no_sentence(small_site: Site) -> None:
    wanted = ["https://w3id.org/kzgraph/id/thing/none", "https://w3id.org/kzgraph/id/none", "x>"]
    assert asyncio.run(word_facts(small_site, wanted)) == {}


# --- asking the server that the process runs


class App:
    """An application that sends what it is told to.

    Attributes:
        scope: of the last request.
        body: that came with it.
    """

    def __init__(self, *parts: bytes | Exception) -> None:
        self._parts = parts
        self.scope: Any = None
        self.body = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.body = scope, (await receive())["body"]
        for part in self._parts:
            if isinstance(part, Exception):
                raise part
            if scope.get("began") is None:
                scope["began"] = True
                await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def test_a_request_counts_as_the_client_that_called() -> None:
    app = App(b"abc")
    site = InnerSite(app, "192.0.2.7", "example.org", "/releases/1")
    request = Request("/sparql", {"query": "ASK {}"}, form=True)
    reply = asyncio.run(site.send(request))
    assert app.scope["client"][0] == "192.0.2.7"
    assert app.scope["path"] == "/releases/1/sparql"
    assert (b"host", b"example.org") in app.scope["headers"]
    assert app.body == b"query=ASK+%7B%7D"
    assert reply.body == b"abc" and not reply.cut


def test_no_more_is_read_than_is_wanted() -> None:
    app = App(*(b"0123456789" for _ in range(100_000)))
    reply = asyncio.run(InnerSite(app, "x").send(Request("/", most=25)))
    assert reply.body == b"0123456789" * 2 + b"01234" and reply.cut


@pytest.mark.parametrize("parts", [(RuntimeError("x"),), (b"half", RuntimeError("x"))])
def test_an_answer_that_breaks_off_is_none(parts: tuple[Any, ...]) -> None:
    with pytest.raises(SiteError, match="broke off"):
        asyncio.run(InnerSite(App(*parts), "x").send(Request("/")))


# --- the command


def test_standard_output_is_left_to_messages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Path] = []
    monkeypatch.setattr(command, "ensure_release", lambda _: click.echo("Building"))
    monkeypatch.setattr(stdio, "serve_release", served.append)
    result = CliRunner().invoke(command.command, ["--releases", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert served == [tmp_path]
    assert result.stdout == "" and "Building" in result.stderr


def test_a_release_that_cannot_be_served_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "ensure_release", lambda _: None)
    (tmp_path / "current").symlink_to("nowhere")
    with pytest.raises(stdio.StdioError) as caught:
        stdio.serve_release(tmp_path)
    assert "\n" not in str(caught.value)
