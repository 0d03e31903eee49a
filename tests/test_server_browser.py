"""The pages in a real browser: reading, querying, keyboard, phone, dark, without JavaScript."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from server_fixtures import url

__all__ = ["url"]

CHROMIUM = Path(os.environ.get("KZGRAPH_CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATHS = [
    "/",
    "/sparql",
    "/sparql?query=SELECT * { ?figure kzg:value ?value ; kzg:scope ?scope } LIMIT 9",
    "/sparql?query=SELECT",
    "/examples",
    "/ontology",
    "/dumps/",
    "/catalog",
    "/page/figure/global-focus-2018/stateless-2018",
    "/page/country/KAZ",
    "/page/no/such/thing",
]

#: WCAG 2.2, success criterion 1.4.3, on every element that has text of its own.
CONTRAST = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = c => { const [r, g, b] = parse(c).map(v => {
    v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const back = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor, p = parse(c);
    if (p.length === 3 || p[3] === 1) return c; } return 'rgb(255,255,255)'; };
  const bad = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const a = light(getComputedStyle(e).color), b = light(back(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.push([e.tagName, ratio.toFixed(2), e.textContent.slice(0, 30)].join(' '));
  }
  return bad;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}; KZGRAPH_CHROMIUM says where it is")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_loads_only_from_this_host_and_can_be_read(
    browser: Browser, url: str, path: str, scheme: Any
) -> None:
    context = browser.new_context(base_url=url, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    answer = page.goto(path)
    assert answer is not None
    assert all(each.startswith(url) for each in asked)
    # Chromium itself notes a refused page; anything else would be a fault of the page.
    assert [text for text in said if "Failed to load resource" not in text] == []
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("document.styleSheets.length") == 1
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_phone_scrolls_tables_and_not_the_page(browser: Browser, url: str, path: str) -> None:
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(path)
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    context.close()


def test_a_query_is_asked_and_answered_without_javascript(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sparql")
    page.get_by_label("Query").fill(
        "SELECT ?figure ?n { ?figure kzg:value ?n FILTER(?n = 87632 || ?n = 588) } ORDER BY ?n"
    )
    page.get_by_role("button", name="Run the query").click()
    assert page.get_by_role("columnheader").all_inner_texts() == ["figure", "n"]
    assert page.get_by_role("cell", name="87632").count() >= 1
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert "87632" in Path(download.value.path()).read_text("utf-8")
    context.close()


def test_a_result_leads_to_the_figure_its_document_and_its_classes(page: Page) -> None:
    page.goto("/sparql?query=SELECT ?figure { ?figure kzg:value 87632 } ORDER BY ?figure LIMIT 1")
    page.locator("table.result a").first.click()
    assert page.url.endswith("/page/figure/global-focus-2018/stateless-2018")
    assert "Stateless" in page.locator("h1").inner_text()
    page.get_by_role("link", name="population figure", exact=True).click()
    assert page.url.endswith("/ontology#PopulationFigure")
    assert page.locator("#PopulationFigure").is_visible()


def test_a_refused_query_comes_back_to_be_mended(page: Page) -> None:
    page.goto("/sparql")
    page.get_by_label("Query").fill("SELECT * {\n ?s no:such ?o }")
    page.get_by_role("button").click()
    assert "line 2, column 5" in page.get_by_role("alert").inner_text()
    box = page.get_by_label("Query")
    assert box.input_value() == "SELECT * {\n ?s no:such ?o }"
    assert box.get_attribute("aria-invalid") == "true"


def test_the_keyboard_reaches_the_content_at_once_and_everything_shows_its_focus(
    page: Page,
) -> None:
    page.goto("/page/country/KAZ")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    style = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"{style}.outlineStyle") == "solid"
    assert page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2


def test_a_wide_table_can_be_scrolled_by_keyboard(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/dumps/")
    region = page.get_by_role("region").first
    region.focus()
    page.keyboard.press("ArrowRight")
    # Polled from here: waiting within the page needs eval(), which the policy of the pages forbids.
    deadline = time.monotonic() + 20
    while not region.evaluate("region => region.scrollLeft"):
        assert time.monotonic() < deadline, "the arrow key does not scroll the table"
        page.wait_for_timeout(50)
    context.close()
