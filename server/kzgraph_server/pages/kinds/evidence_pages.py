"""Pages of evidence: a stretch of a document, and the facts that rest on it."""

from dataclasses import dataclass
from typing import Any

from kzgraph.iri import term
from kzgraph.namespaces import OA, PROV, SCHEMA
from kzgraph_server.pages.description import Span, read_span
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.pages.kinds.words_around import add_words
from kzgraph_server.pages.language import format_date
from kzgraph_server.pages.views import View, is_web

_SELECTOR = OA["hasSelector"]
#: Facts of one kind that rest on a stretch of text, and that its page shows.
_MOST = 50


@dataclass(frozen=True)
class EvidencePage:
    """What the page of a stretch of a document shows.

    Attributes:
        span: the stretch; None where the data do not say where it is.
        prefix: words before the quote that tell it from others of the text.
        suffix: words behind it.
        sha256: of its words.
        captured: when the copy of the document was taken.
        archived: where a copy is kept.
        supports: the facts that it is evidence of.
        helps: those that need it as well.
    """

    span: Span | None
    prefix: str
    suffix: str
    sha256: str
    captured: str
    archived: View | None
    supports: list[View]
    helps: list[View]


def make_evidence(look: Look) -> EvidencePage:
    """What the page of a stretch of a document shows, or of a selector of one."""
    node = look.node
    if OA["SpecificResource"] not in look.classes:
        found = look.referrers(_SELECTOR, 1)
        node = found[0] if found else node
    piece = look if node == look.node else Look(look.store, node)
    quote = {"prefix": "", "suffix": ""}
    for selector in piece.nodes(_SELECTOR):
        about = Look(look.store, selector)
        for name, text in quote.items():
            quote[name] = text or about.text(OA[name])
    documents = piece.nodes(OA["hasSource"])
    document = Look(look.store, documents[0]) if documents else None
    span = read_span(look.store, look.viewer, node)
    return EvidencePage(
        span=None if span is None else add_words(look, span),
        prefix=quote["prefix"],
        suffix=quote["suffix"],
        sha256=piece.text(term("sha256")),
        captured=_write_day(document.text(PROV["generatedAtTime"])) if document else "",
        archived=_view_archived(document),
        supports=[look.viewer.named(each) for each in piece.referrers(term("evidence"), _MOST)],
        helps=[look.viewer.named(each) for each in piece.referrers(term("context"), _MOST)],
    )


def _write_day(text: str) -> str:
    """A day as the page writes it; what is not one as it stands."""
    try:
        return format_date(text)
    except ValueError:
        return text


def _view_archived(document: Look | None) -> View | None:
    address = document.text(SCHEMA["archivedAt"]) if document else ""
    return View(address, address, address) if is_web(address) else None


def _describe(look: Look, made: EvidencePage) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "WebPageElement"}
    if made.span is not None and made.span.document.iri:
        document = made.span.document
        found["isPartOf"] = {"@type": "CreativeWork", "@id": document.iri, "name": document.text}
    return found


#: They are shown on the pages of their facts; one of their own tells a search engine nothing.
KINDS = tuple(
    PageKind(OA[name], "things/evidence.html", make_evidence, _describe, is_indexed=False)
    for name in ("SpecificResource", "TextPositionSelector", "TextQuoteSelector")
)
