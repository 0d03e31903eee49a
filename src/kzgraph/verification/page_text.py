"""The text that a page shows, line by line, and what its markup holds beside."""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser

from kzgraph.verification.page_fetch import Fetched, PageFault

#: Elements whose text is not shown, and those that begin a line.
_HIDDEN = frozenset({"script", "style", "template", "noscript"})
_LINES = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details"),
        *("dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option"),
        *("p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("title", "tr", "ul"),
    }
)
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_OF_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]+)""", re.IGNORECASE)


@dataclass(frozen=True)
class PageText:
    """A page as text.

    Attributes:
        shown: what it shows, a line for each block, with single blanks.
        source: its markup with its character references resolved: scripts and attributes too.
    """

    shown: str
    source: str


def read_page(page: Fetched) -> PageText:
    """The text of a page.

    Raises:
        PageFault: it is neither HTML nor plain text, or in an unknown encoding.
    """
    media_type = page.content_type.partition(";")[0].strip().lower()
    named = _OF_HEADER.search(page.content_type)
    meta = _CHARSET.search(page.data[:4096])
    charset = named[1] if named else meta[1].decode("ascii") if meta else "utf-8"
    try:
        text = page.data.decode(charset, "replace").removeprefix("\ufeff")
    except LookupError:
        raise PageFault(f"{page.address} is in the encoding {charset!r}") from None
    if media_type == "text/plain":
        return PageText(_tidy(text), text)
    if media_type not in ("text/html", "application/xhtml+xml"):
        raise PageFault(f"{page.address} is {media_type or 'of no type'}, not HTML or plain text")
    parser = _Parser()
    parser.feed(text)
    parser.close()
    return PageText(_tidy("".join(parser.parts)), html.unescape(text))


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN and not self._hidden:
            self._hidden = tag
        elif tag in _LINES:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""
        elif tag in _LINES:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            # A line end in the source is a blank.
            self.parts.append(re.sub(r"\s+", " ", data))
