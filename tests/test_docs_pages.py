"""The documentation is readable in the browser: every document, every link, every anchor.

So is the page on the project.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from front_client import FrontClient
from kzgraph_server.pages.markdown import render_markdown
from server_fixtures import small
from test_docs import ROOT, anchors

__all__ = ["small"]

#: The pages whose links are followed.
ROOMS = ("/docs/", "/about")


class Page(HTMLParser):
    """What the content of a page links to, and what can be linked to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text.partition("<main")[2].partition("</main>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        address = found.get("href") if tag == "a" else found.get("src")
        self.links += [address] if address else []


def test_every_document_is_a_page_and_every_link_leads_somewhere(
    release_root: Path,
) -> None:
    client = FrontClient(release_root / "current")
    pages: dict[str, Page] = {}
    waiting = [*ROOMS]
    while waiting:
        address = waiting.pop()
        answer = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
        assert answer.status_code == 200, address
        pages[address] = page = Page(answer.text if answer.mimetype == "text/html" else "")
        if not address.startswith(ROOMS):
            continue
        assert len(page.ids) == len(set(page.ids)), address
        for link in page.links:
            parts = urlsplit(urljoin(address, link))
            if not parts.netloc and parts.path not in pages and parts.path not in waiting:
                waiting.append(parts.path)
    for address, page in pages.items():
        for link in page.links if address.startswith(ROOMS) else ():
            parts = urlsplit(urljoin(address, link))
            if not parts.netloc and parts.fragment:
                ids = pages[parts.path].ids
                assert unquote(parts.fragment) in ids, f"{address} links to {link}"
    files = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    assert len([each for each in pages if each.startswith("/docs/")]) > len(files)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/about", "kzgraph is not a product of UNHCR."),
        ("/about", "No native reader has read these translations yet"),
        ("/ru/about", '<html lang="ru">'),
    ],
)
def test_the_page_about_the_project_says(small: FrontClient, path: str, words: str) -> None:
    assert words in small.get(path).text


def test_headings_have_the_anchors_of_the_files(small: FrontClient) -> None:
    page = Page(small.get("/docs/endpoint").text)
    assert anchors(ROOT / "docs" / "endpoint.md") - {"the-endpoint"} <= set(page.ids)


def test_a_document_says_in_other_languages_that_it_is_in_english(small: FrontClient) -> None:
    page = small.get("/ru/docs/settings").text
    assert '<html lang="ru">' in page
    assert 'class="notice"' in page
    assert '<div class="text" lang="en">' in page
    assert 'href="/ru/docs/operations#settings-by-purpose"' in page
    assert 'class="notice"' not in small.get("/docs/settings").text


def test_a_file_that_a_document_links_to_is_served_as_text(small: FrontClient) -> None:
    answer = small.get("/docs/practice/armenia-2025.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.data == (ROOT / "docs" / "practice" / "armenia-2025.txt").read_bytes()
    text = small.get("/docs/endpoint.md")
    assert text.content_type == "text/markdown; charset=utf-8"
    assert text.get_data() == (ROOT / "docs" / "endpoint.md").read_bytes()


@pytest.mark.parametrize("name", ["none", "../pyproject.toml", "%2e%2e/pyproject.toml", "practice"])
def test_nothing_but_documents_is_served(small: FrontClient, name: str) -> None:
    assert small.get(f"/docs/{name}").status_code == 404


def test_markdown_brings_no_html_and_no_script() -> None:
    text = (
        "# T & `c`\n\n<script>alert(1)</script> <b>x</b>\n\n[a](javascript:alert(1)) "
        '[b](data:text/html,x) [c](gone.md "t") ![d](gone.png)\n\n```html\n<i>"\n```\n\n'
        "| a | b |\n| --- | ---: |\n| <u> | 1 |\n\n## Same\n\n## Same\n"
    )
    rendered = render_markdown(text, lambda target: None)
    assert rendered.title == "T & c"
    assert [each.anchor for each in rendered.headings] == ["same", "same-1"]
    tags = set(re.findall(r"<(\w+)", rendered.body))
    assert tags <= {
        "p",
        "span",
        "pre",
        "code",
        "div",
        "table",
        *("thead", "tbody", "tr", "th", "td"),
        "h2",
    }
    assert "&lt;script&gt;" in rendered.body
    assert "&lt;i&gt;" in rendered.body
    assert "href" not in rendered.body
