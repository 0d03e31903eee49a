"""Labels, values and addresses that mean harm are shown, and do nothing, in a real browser.

The browser's requests are answered by the application in this process.
"""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route

from browsing import browser
from front_client import FrontClient
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease

__all__ = ["browser"]

HOST = "http://kzgraph.test"
#: What ends elements, attributes, scripts and comments, in one.
HARM = (
    "'\"--></script></style></title></textarea>"
    "<img src=x onerror=alert(1)><script>alert(2)</script>"
)
WRITTEN = HARM.replace("\\", "\\\\").replace('"', '\\"')
TRIG = f"""
GRAPH <graph/one> {{
  <id/figure/one> a kzg:Figure, kzg:PopulationFigure, kzg:StatedFigure ; rdfs:label "{WRITTEN}"@en ;
    kzg:value 7 ; kzg:year 2018 ; kzg:unit <id/unit/one> ; kzg:hedge "{WRITTEN}"@en ;
    kzg:scope <id/country/one> ; kzg:statedIn <id/document/one> ;
    kzg:evidence <id/evidence/one/3-8> ; kzg:caveat <id/editorial/one> ;
    dcterms:bibliographicCitation "{WRITTEN}" ; rdfs:seeAlso <javascript:alert(3)> ;
    kzg:searchText "harm" .
  <id/country/one> a schema:Country ; rdfs:label "{WRITTEN}"@en ; schema:url <javascript:alert(4)> .
  <id/unit/one> a skos:Concept ; rdfs:label "{WRITTEN}"@en ; skos:inScheme <id/scheme/unit> .
  <id/scheme/unit> a skos:ConceptScheme ; rdfs:label "{WRITTEN}"@en .
  <id/document/one> a foaf:Document ; rdfs:label "{WRITTEN}"@en ; dcterms:title "{WRITTEN}"@en .
  <id/evidence/one/3-8> a oa:SpecificResource ; rdfs:label "{WRITTEN}"@en ;
    oa:hasSource <id/document/one> ; oa:hasSelector <id/selector/one/3-8> ;
    schema:url "javascript:alert(5)" .
  <id/selector/one/3-8> oa:start 3 ; oa:end 8 ; oa:exact "{WRITTEN}" .
  <id/editorial/one> a oa:Annotation ; rdfs:label "{WRITTEN}"@en ;
    dcterms:description "{WRITTEN}"@en .
}}
GRAPH <graph/ontology> {{
  kzg:PopulationFigure a owl:Class ; rdfs:label "{WRITTEN}"@en ; skos:definition "{WRITTEN}"@en .
}}
"""
PATHS = [
    "/",
    *(f"/page/{each}" for each in ("figure/one", "country/one", "unit/one", "document/one")),
    *(f"/page/{each}" for each in ("evidence/one/3-8", "editorial/one", "scheme/unit")),
    f"/sparql?query={quote('SELECT * { ?s rdfs:label ?label }')}",
    f"/sparql?query={quote('ASK {} # ' + HARM)}",
    f"/sparql?query={quote(HARM)}",
    "/ontology",
    "/quality",
    f"/page/{quote(HARM, safe='')}",
    f"/examples?q={quote(HARM)}",
]


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    client = FrontClient(SmallRelease(tmp_path_factory.mktemp("hostile")).load(TRIG), Settings())

    def answer(route: Route) -> None:
        request = route.request
        assert request.url.startswith(HOST), request.url
        reply = client.get(request.url.removeprefix(HOST), headers=request.headers)
        fields = dict(reply.headers)
        route.fulfill(status=reply.status_code, headers=fields, body=reply.data)

    context = browser.new_context(base_url=HOST)
    context.route("**/*", answer)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["", "/kk"])
def test_a_hostile_label_is_text(page: Page, path: str, language: str) -> None:
    said: list[str] = []
    page.once("dialog", lambda dialog: said.append(dialog.message))
    page.on("console", lambda message: said.append(message.text))
    reply = page.goto(language + path)
    assert reply is not None
    assert reply.status in (200, 400, 404)
    assert [each for each in said if "Failed to load resource" not in each] == []
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.locator("h1").count() == 1
    assert page.locator("footer").count() == 1


def test_harm_is_shown_as_it_is_written(page: Page) -> None:
    page.goto("/page/figure/one")
    assert page.locator("h1").inner_text() == HARM
