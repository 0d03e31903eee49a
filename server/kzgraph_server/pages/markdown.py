"""Markdown as HTML for the frame of a page: CommonMark with tables, and no HTML of its own.

https://spec.commonmark.org/0.31.2/ and https://github.github.com/gfm/#tables-extension-
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

#: What a link leads to, where it leads anywhere: the address for a target as it is written.
Resolve = Callable[[str], str | None]

#: How deep the table of contents goes: sections, and what is in them.
_CONTENTS = ("h2", "h3")


@dataclass(frozen=True)
class Heading:
    """A heading in the table of contents: its depth (2 or 3), anchor and text."""

    depth: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A document as HTML.

    Attributes:
        title: its first heading, which the body does not have.
        body: the rest.
        headings: what its table of contents has.
    """

    title: str
    body: Markup
    headings: Sequence[Heading]


class _Renderer(RendererHTML):
    """Tables and code that do not fit scroll, by keyboard too, and the page does not."""

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        env["tables"] = env.get("tables", 0) + 1
        label = f'role="region" aria-label="Table {env["tables"]}"'
        return f'<div class="scroll" tabindex="0" {label}><table>\n'

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</table></div>\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return Markup('<pre tabindex="0"><code>{}</code></pre>\n').format(tokens[idx].content)

    code_block = fence


_PARSER = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")


def render_markdown(text: str, resolve: Resolve) -> Rendered:
    """`text` as HTML; a link that leads nowhere is left out, and its text stays."""
    tokens = _PARSER.parse(text)
    headings = list(_anchor(tokens))
    _resolve_links(tokens, resolve)
    title = ""
    if headings and headings[0].depth == 1 and tokens[0].type == "heading_open":
        title, tokens = headings[0].text, tokens[3:]
    # Safe: the parser escapes all text, and HTML in it is text.
    body = Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))  # noqa: S704
    shown = [each for each in headings if f"h{each.depth}" in _CONTENTS]
    return Rendered(title, body, shown)


def _anchor(tokens: Sequence[Token]) -> Iterator[Heading]:
    """The headings, each given its anchor."""
    met: dict[str, int] = {}
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        text = "".join(each.content for each in inline.children or ())
        slug = make_slug(text)
        anchor = f"{slug}-{met[slug]}" if slug in met else slug
        met[slug] = met.get(slug, 0) + 1
        opening.attrSet("id", anchor)
        yield Heading(int(opening.tag[1:]), anchor, text)


def make_slug(heading: str) -> str:
    """The anchor of a heading as code forges make it, so that links work there and here.

    >>> make_slug("What a query sees: `FROM`, and more")
    'what-a-query-sees-from-and-more'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _resolve_links(tokens: Sequence[Token], resolve: Resolve) -> None:
    for block in tokens:
        opened: list[bool] = []
        for token in block.children or ():
            if token.type == "link_open":
                opened.append(_lead(token, "href", resolve))
            if token.type == "link_close" and not opened.pop():
                token.tag = "span"
            if token.type == "image" and not _lead(token, "src", resolve):
                token.type = "text"


def _lead(token: Token, attribute: str, resolve: Resolve) -> bool:
    """Let a link or picture lead to where it resolves to; False where that is nowhere."""
    target = str(token.attrGet(attribute) or "")
    address = resolve(target)
    if address is None:
        token.attrs = {"title": target}
        token.tag = "span"
        return False
    token.attrSet(attribute, address)
    return True
