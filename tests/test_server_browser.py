"""The pages in a real browser: reading, querying, keyboard, phone, dark, without JavaScript."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsing import browser
from kzgraph_server.pages.assets import MANIFEST

__all__ = ["browser"]


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
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
    page.get_by_role("link", name="population figure", exact=True).first.click()
    assert page.url.endswith("/ontology#PopulationFigure")
    page.locator("#PopulationFigure").wait_for(state="visible")


def test_a_refused_query_comes_back_to_be_mended_without_javascript(
    browser: Browser, url: str
) -> None:
    context = browser.new_context(base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sparql")
    page.get_by_label("Query").fill("SELECT * {\n ?s no:such ?o }")
    page.get_by_role("button", name="Run the query").click()
    assert "line 2, column 5" in page.get_by_role("alert").inner_text()
    box = page.get_by_label("Query")
    assert box.input_value() == "SELECT * {\n ?s no:such ?o }"
    assert box.get_attribute("aria-invalid") == "true"
    context.close()


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


def test_a_chart_is_read_by_keyboard_and_its_legend_hides_a_series(page: Page) -> None:
    if not MANIFEST.exists():
        pytest.skip("the scripts are not built; run: make assets")
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/charts/operation/kazakhstan-regional-office")
    chart = page.locator("#chart-money-operation-kazakhstan-regional-office")
    picture, hint = chart.locator(".picture"), chart.get_by_role("status")
    picture.focus()
    page.keyboard.press("ArrowRight")
    assert "2014: 7,406,385.97, planned" in hint.inner_text()
    budget = chart.get_by_role("button", name="Budget")
    budget.click()
    assert budget.get_attribute("aria-pressed") == "false"
    bars = picture.locator("svg:visible .bar:visible")
    assert bars.count() == 5  # What was spent.
    picture.focus()
    page.keyboard.press("End")
    assert "2018: 2,733,759.77" in hint.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/figure/global-focus-2018/expenditure-2018")
    assert said == []
