"""The editor of the query page in a real browser: by keyboard, without a word to another host."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import browser
from kzgraph_server.pages.assets import MANIFEST
from server_fixtures import ask

__all__ = ["browser"]

QUERY = "SELECT ?figure ?n { ?figure kzg:value ?n FILTER(?n = 87632 || ?n = 588) } ORDER BY ?n"
#: Three columns, two of which tell series apart that a line must not join.
SERIES = """SELECT ?year ?group ?value {
  VALUES (?year ?group ?value) { (2017 "A" 1.25) (2018 "A" 2.5) (2017 "B" 3) (2018 "B" 4) }
} ORDER BY ?group ?year"""
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def window(browser: Browser, url: str) -> Iterator[Page]:
    """One page for all tests, in which nothing may be said and nobody else asked."""
    if not MANIFEST.exists():
        pytest.skip("the scripts are not built; run: make assets")
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.set_default_timeout(20_000)
    noticed: list[str] = []
    page.on("request", lambda each: noticed.append(each.url))
    page.on("console", lambda message: noticed.append(message.text))
    page.on("pageerror", lambda error: noticed.append(str(error)))
    yield page
    context.close()
    # Chromium itself notes a refused query and an icon that is not there.
    known = ("Failed to load resource", url)
    assert [each for each in noticed if not each.startswith(known)] == []


@pytest.fixture
def page(window: Page) -> Page:
    window.goto("/sparql")
    window.locator(".cm-content").wait_for()
    return window


def write(page: Page, query: str) -> None:
    """Type over what is in the editor; brackets that it closes by itself are typed over."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)


def run(page: Page, query: str) -> None:
    write(page, query)
    page.keyboard.press("Control+Enter")
    status = page.locator("#query-status")
    expect(status).to_contain_text(re.compile("Answered|refused|Отве"))
    expect(page.locator("#answer")).not_to_have_attribute("aria-busy", "true")


def rows(page: Page) -> list[str]:
    return page.locator("table.result tbody tr").all_inner_texts()


def test_the_keyboard_alone_asks_sorts_and_looks_at_an_answer(page: Page) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "editor":
            break
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT ?n { VALUES ?n { 9 10 8.5 ")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tab-table")).to_be_visible()
    assert rows(page) == ["9", "10", "8.5"]
    assert urlencode({"query": "SELECT ?n { VALUES ?n { 9 10 8.5 }}"}) in page.url
    # Tab leaves the editor: the next are the button, the tabs, the table and its heads.
    for role in ("button", "tab"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('role') ?? 'button'") == role
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert rows(page) == ["8.5", "9", "10"]
    expect(page.locator("table.result th")).to_have_attribute("aria-sort", "ascending")
    page.locator("#tab-table").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#answer-chart svg[role=img]")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator("#answer-raw pre")).to_contain_text('"bindings"')


def test_a_refusal_is_marked_where_it_is(page: Page) -> None:
    run(page, "SELECT * {\n ?s no:such ?o }")
    assert "no:" in page.get_by_role("alert").inner_text()
    assert page.locator(".cm-lintRange-error").inner_text() == "no:such"
    content = page.locator(".cm-content")
    assert content.get_attribute("aria-invalid") == "true"
    page.get_by_role("button", name="Go to line 2, column 5").click()
    expect(content).to_be_focused()
    page.keyboard.type("kzg:value #")
    page.keyboard.press("Delete")
    assert "?s kzg:value #o:such" in content.inner_text()
    run(page, "ASK {}")
    assert page.locator(".cm-lintRange-error").count() == 0
    assert content.get_attribute("aria-invalid") is None


def test_a_download_has_the_bytes_and_the_name_of_its_format(page: Page, url: str) -> None:
    run(page, QUERY)
    links = page.locator("p.downloads a")
    names = links.all_inner_texts()
    assert {"JSON", "XML", "CSV", "TSV", "XLSX", "Parquet"} <= set(names)
    for name, extension in [("JSON", "json"), ("CSV", "csv"), ("XLSX", "xlsx"), ("TSV", "tsv")]:
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename == f"kzgraph-result.{extension}"
        there = ask(url, QUERY, format=name.lower()).body
        assert Path(download.value.path()).read_bytes() == there


def test_a_shared_link_reopens_and_one_stays_with_the_release(page: Page) -> None:
    run(page, QUERY)
    shown = rows(page)
    assert len(shown) > 1
    links = [each.get_attribute("href") or "" for each in page.locator("a.share").all()]
    assert [each.partition("?")[0].count("/releases/") for each in links] == [0, 1]
    for link in links:
        page.goto(link)
        expect(page.locator("#tab-table")).to_be_visible()
        assert rows(page) == shown
        assert page.locator(".cm-content").inner_text().strip() == QUERY
    # What is too long for an address of the server stays in the browser.
    long = f"{QUERY} # {'x' * 5_000}"
    page.goto("/sparql")
    run(page, long)
    link = page.get_by_role("link", name="Link to this query").get_attribute("href") or ""
    assert "#query=" in link
    page.goto("/examples")
    page.goto(link)
    expect(page.locator("#tab-table")).to_be_visible()
    assert rows(page) == shown


def test_every_view_is_of_the_graphs_that_were_asked(page: Page) -> None:
    none = {"query": "SELECT ?n { ?s kzg:value ?n } LIMIT 5", "default-graph-uri": "urn:none"}
    page.goto(f"/sparql?{urlencode(none)}")
    expect(page.locator("#answer")).to_contain_text("0 rows")
    assert page.locator("form code", has_text="urn:none").count() == 1
    run(page, 'CONSTRUCT { <urn:a> <urn:b> ?n } { { ?s kzg:value ?n } UNION { BIND("c" AS ?n) } }')
    assert rows(page) == ["<urn:a>\t<urn:b>\tc"]
    page.locator("#tab-raw").click()
    raw = page.locator("#answer-raw pre")
    expect(raw).to_contain_text('<urn:a> <urn:b> "c" .')
    assert raw.inner_text().count("<urn:b>") == 1
    assert "default-graph-uri=urn%3Anone" in page.url


def test_going_back_shows_the_query_before(page: Page) -> None:
    run(page, QUERY)
    run(page, "ASK {}")
    assert page.locator("table.result").count() == 0
    page.go_back()
    expect(page.locator("table.result")).to_be_visible()
    assert page.locator(".cm-content").inner_text().strip() == QUERY


def test_a_query_is_cancelled_and_the_page_goes_on(page: Page) -> None:
    write(page, SLOW)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#query-status")).to_contain_text("cancelled")
    run(page, "ASK {}")
    assert "Yes" in page.locator("#answer").inner_text()


def test_names_are_proposed_by_their_place(page: Page) -> None:
    write(page, "SELECT * { ?f a ")
    page.keyboard.type("kzg:PopulationF")
    accept(page, "kzg:PopulationFigure")
    # A property by its label, of those that the class has; then a thing by its own.
    page.keyboard.type(" ; population")
    accept(page, "kzg:populationGroup")
    page.keyboard.type(" stateless")
    accept(page, "population-group:STA")
    # Where nothing of its place is called so, what the search of the site finds.
    page.keyboard.type(" ; ?any unisef")
    accept(page, "organisation:unicef")
    written = page.locator(".cm-content").inner_text()
    assert "?any organisation:unicef" in written
    assert "?f a kzg:PopulationFigure ; kzg:populationGroup population-group:STA" in written


def accept(page: Page, name: str) -> None:
    """Take the first name that is proposed, which the editor allows when it has been seen."""
    expect(page.get_by_role("option").first).to_contain_text(name)
    shown = page.evaluate("performance.now()")
    page.wait_for_function("shown => performance.now() - shown > 100", arg=shown)
    page.keyboard.press("Enter")


def test_charts_join_like_with_like_and_pivots_add_exactly(page: Page) -> None:
    run(page, SERIES)
    page.locator("#tab-chart").click()
    plot = page.locator("#answer-chart .drawing > svg")
    expect(plot).to_be_visible()
    expect(page.locator(".legend li")).to_have_text(["A", "B"])
    assert plot.locator('g[stroke-width="2"] > path').count() == 2
    assert page.locator("#answer-chart style").count() == 0
    page.get_by_label("Kind").select_option("bar")
    expect(plot.locator("rect")).to_have_count(4)
    page.locator("#tab-pivot").click()
    page.get_by_label("Rows", exact=True).select_option("1")
    page.get_by_label("Columns", exact=True).select_option("0")
    cells = page.locator("table.pivot tbody tr")
    expect(cells).to_have_text(["A1.252.5", "B34"])
    page.get_by_label("Columns", exact=True).select_option("1")
    expect(cells).to_have_text(["A3.75", "B7"])


def test_an_empty_answer_says_why_and_the_page_is_in_its_language(page: Page) -> None:
    page.goto("/ru/sparql")
    page.locator(".cm-content").wait_for()
    run(page, 'SELECT * { ?f kzg:year "2018" ; kzg:populationGroup population-group:STA }')
    assert "2018" in page.locator(".reasons li").first.inner_text()
    run(page, "SELECT ?g { VALUES ?g { population-group:STA } }")
    cell = page.locator("table.result tbody a")
    assert cell.inner_text() == "Лица без гражданства"
    assert cell.get_attribute("href") == "/ru/page/population-group/STA"
    switch = page.locator("header a[hreflang=kk]").get_attribute("href") or ""
    assert switch.startswith("/kk/sparql?query=SELECT")


def test_what_a_query_says_is_text_in_the_page_and_in_javascript(page: Page) -> None:
    hostile = 'SELECT ("</script><img src=x onerror=alert(1)>" AS ?a) ("`${1}\\\\" AS ?b) {}'
    run(page, hostile)
    assert page.locator("#answer img").count() == 0
    page.locator("#tab-raw").click()
    expect(page.locator("#answer-raw pre")).to_contain_text("onerror")
    code = page.locator("#code pre").last.text_content() or ""
    literal = code.partition("const query = ")[2].partition(";\nconst response")[0]
    assert page.evaluate(literal).strip() == hostile
