"""Pages in a real browser: accessible, silent, from this host alone, and no wider than a phone.

The conditions are combined so that each two of them meet: kind of page, language, with and without
scripts, width, colours.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from browsing import browser
from kzgraph.namespaces import LANGUAGES
from kzgraph_server.language_addresses import join_language
from page_kinds import BROWSED, PAGE_KINDS, STATUS
from server_fixtures import serving

__all__ = ["browser"]

#: The Web Content Accessibility Guidelines 2.2, levels A and AA, and what axe calls good practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = Path(__file__).parents[1] / "server/assets/node_modules/axe-core/axe.min.js"
#: Rules about what is drawn, which take most of the time, by the size of the page. They look at
#: what style sheets can tell apart, and of elements that they cannot, such as a thousand rows, at
#: the first two: the others are taken out of the page.
_DRAWN = ["color-contrast", "link-in-text-block", "target-size"]
_RUN_AXE = """async ([tags, drawn]) => {
  const kinds = new Map(), seen = new Map(), told = ["class", "style", "type", "aria-current"];
  const classify = (element, above) => {
    const names = element.getAttributeNames().sort();
    const own = names.map((name) => name + (told.includes(name) ? element.getAttribute(name) : ""));
    const ends = [!element.previousElementSibling, !element.nextElementSibling];
    const kind = [above, element.localName, ...own, ...ends].join();
    const within = new Set([kind]);
    kinds.set(element, [kind, within]);
    for (const child of element.children)
      for (const each of classify(child, kind)) within.add(each);
    return within;
  };
  const choose = (element) => {
    const [kind, within] = kinds.get(element);
    if ([...within].every((each) => seen.get(each) >= 2)) return element.remove();
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    for (const child of [...element.children]) choose(child);
  };
  const rules = Object.fromEntries(drawn.map((rule) => [rule, { enabled: false }]));
  const found = [await axe.run(document, { runOnly: tags, rules, resultTypes: ["violations"] })];
  classify(document.body, "");
  choose(document.body);
  found.push(await axe.run(document, { runOnly: drawn, resultTypes: ["violations"] }));
  return found.flatMap((one) => one.violations).flatMap((each) =>
    each.nodes.map((node) => `${each.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


@dataclass(frozen=True)
class Condition:
    """How a page is opened."""

    kind: str
    language: str
    scripts: bool
    width: int
    colours: Literal["light", "dark"]

    def __str__(self) -> str:
        scripts = "scripts" if self.scripts else "no scripts"
        return f"{self.kind}, {self.language}, {scripts}, {self.width}, {self.colours}"


def combine() -> list[Condition]:
    """Conditions in which each two values of different lists meet."""
    found = []
    for number, kind in enumerate(BROWSED):
        for at, language in enumerate(LANGUAGES):
            # Three bits, so that each takes both values for each kind; the next kind turns all.
            bits = ((number + bit) % 2 == 0 for bit in (at, at // 2, (at + 1) // 2))
            scripts, narrow, dark = bits
            width = 360 if narrow else 1280
            found.append(Condition(kind, language, scripts, width, "dark" if dark else "light"))
    return found


#: The others once each.
CONDITIONS = [
    *combine(),
    *(Condition(each, "en", True, 360, "light") for each in PAGE_KINDS if each not in BROWSED),
]


@pytest.fixture(scope="module")
def url(shipped_root: Path) -> Iterator[str]:
    """The address of a server of all that ships."""
    with serving(shipped_root) as at:
        yield at


def test_each_two_conditions_meet() -> None:
    found = combine()
    lists = {each.name: {getattr(one, each.name) for one in found} for each in fields(Condition)}
    for one, other in product(lists, repeat=2):
        if one < other:
            met = {(getattr(each, one), getattr(each, other)) for each in found}
            assert met == set(product(lists[one], lists[other])), (one, other)


@pytest.fixture(scope="module")
def pages(browser: Browser, url: str) -> dict[bool, Page]:
    """A page with scripts and one without, each to be led from address to address.

    A new one each time would be a new process that has to compile axe anew: longer than a look.
    """
    found = {scripts: browser.new_context(base_url=url).new_page() for scripts in (True, False)}
    # As where they do not arrive. Where the browser runs none at all, axe would not run either.
    found[False].route("**/*.js", lambda route: route.abort())
    return found


@contextmanager
def listening(page: Page) -> Iterator[tuple[list[str], list[str]]]:
    """The addresses that a page asks for meanwhile, and what it says."""
    asked: list[str] = []
    said: list[str] = []
    listeners: dict[Any, Callable[[Any], None]] = {
        "request": lambda request: asked.append(request.url),
        "console": lambda message: said.append(message.text),
        "pageerror": lambda error: said.append(str(error)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    try:
        yield asked, said
    finally:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_page_can_be_used_by_everybody(
    pages: dict[bool, Page], url: str, condition: Condition
) -> None:
    if not _AXE.exists():
        pytest.skip("axe-core is not installed; `make assets` installs it")
    page = pages[condition.scripts]
    page.set_viewport_size({"width": condition.width, "height": 900})
    page.emulate_media(color_scheme=condition.colours)
    path = join_language("", PAGE_KINDS[condition.kind], condition.language)
    with listening(page) as (asked, said):
        answer = page.goto(path, wait_until="networkidle" if condition.scripts else "load")
        assert answer is not None
        assert answer.status == STATUS.get(condition.kind, 200)
        # Chromium itself notes a refused page; anything else would be a fault of the page.
        assert [text for text in said if "Failed to load resource" not in text] == []
        assert asked
        assert [each for each in asked if not each.startswith(url)] == []
        assert page.locator("html").get_attribute("lang") == condition.language
        root: Any = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
        page.evaluate(_AXE.read_text("utf-8"))
        assert page.evaluate(_RUN_AXE, [_RULES, _DRAWN]) == []
    # The next one is a first visit, too.
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.context.clear_cookies()


def test_a_fault_of_any_kind_would_be_found(browser: Browser) -> None:
    page = browser.new_page()
    rows = "<p><a href='x'>word</a> and <b>word</b></p>" * 9
    faults = (
        "<p>word <b style='color: #eee'>word</b></p><p class='faint'>word</p>"
        "<p><a href='x'></a> and <b>word</b></p>"
    )
    page.set_content(
        "<html lang='en'><title>x</title><style>.faint { color: #eee }</style>"
        f"<main><h1>x</h1>{rows}{faults}</main></html>"
    )
    page.evaluate(_AXE.read_text("utf-8"))
    found = page.evaluate(_RUN_AXE, [_RULES, _DRAWN])
    page.close()
    assert sorted(each.partition(":")[0] for each in found) == [
        *("color-contrast", "color-contrast", "link-name"),
    ]


def test_a_page_is_offered_in_the_language_of_the_browser(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, locale="ru-KZ")
    page = context.new_page()
    page.goto("/examples")
    offer = page.get_by_role("link", name="Эта страница по-русски")
    assert (page.locator("html").get_attribute("lang"), offer.get_attribute("lang")) == ("en", "ru")
    offer.click()
    page.wait_for_url("**/ru/examples")
    assert page.get_by_role("link", name="Read this page in English").count() == 0
    context.close()


def test_the_keyboard_alone_leads_from_the_overview_to_a_cited_figure(
    browser: Browser, url: str
) -> None:
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    _press_tab_until(page, "document.activeElement.name === 'q'")
    page.keyboard.type("87632")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=87632**")
    _press_tab_until(page, "(document.activeElement.pathname ?? '').endsWith('/stateless-2018')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/figure/global-focus-2018/stateless-2018")
    assert "87,632" in page.locator("main").inner_text()
    assert page.locator("#cite").count() == 1
    context.close()


def _press_tab_until(page: Page, condition: str) -> None:
    """Press Tab until a condition holds; what has the focus is seen each time."""
    for _ in range(60):
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert float(width.removesuffix("px")) >= 2, page.evaluate(
            "document.activeElement.outerHTML"
        )
        if page.evaluate(condition):
            return
    pytest.fail(f"no number of tabs leads to where {condition}")
