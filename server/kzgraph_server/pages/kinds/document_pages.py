"""Pages of documents: what was taken from one in its order, and how much of it that is."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from pyoxigraph import NamedNode

from kzgraph.iri import ID, is_path, term
from kzgraph.namespaces import DCT, FOAF, PROV, SCHEMA
from kzgraph.prefixes import shorten
from kzgraph_server.pages.browse.list_pages import Line, find_text
from kzgraph_server.pages.description import Span, read_span
from kzgraph_server.pages.kinds.caveats import Caveat, list_caveats
from kzgraph_server.pages.kinds.entity_pages import list_pairs
from kzgraph_server.pages.kinds.fact_lists import make_line
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.pages.language import format_date, format_number
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.quality.coverage import find_spans
from kzgraph_server.pages.views import View, is_web
from kzgraph_server.served import get_served

#: Places of a document that its page shows; the list of all of them is in parts.
_SHOWN = 60
_PAIRS = (DCT["publisher"], DCT["language"], DCT["issued"], SCHEMA["encodingFormat"])


@dataclass(frozen=True)
class Place:
    """A place of a document, and the facts that rest on it."""

    span: Span
    facts: list[Line]


@dataclass(frozen=True)
class DocumentPage:
    """What the page of a document shows.

    Attributes:
        text: what it is.
        pairs: what is said of it: a property and what it leads to.
        address: where it was published.
        archived: where a copy is kept.
        captured: when the copy was taken that the places are of.
        coverage: how much rests on it, in a sentence; empty where nothing does.
        caveats: the notes of the project on it.
        places: the first places of it that facts rest on, in its order.
        total: how many such places there are.
        all_places: the address of the list of all of them.
        all_facts: the address of the list of all facts.
    """

    text: View | None
    pairs: list[tuple[View, list[View]]]
    address: View | None
    archived: View | None
    captured: str
    coverage: str
    caveats: list[Caveat]
    places: list[Place]
    total: int
    all_places: str | None
    all_facts: str | None


def make_document(look: Look) -> DocumentPage:
    """What the page of a document shows."""
    path = look.node.value.removeprefix(ID)
    known = next(
        (each for each in get_served().statistics.coverage if each.document == look.node.value),
        None,
    )
    spans = [each for each in find_spans(look.store, look.node) if each.supports]
    places = []
    for each in spans[:_SHOWN]:
        span = read_span(look.store, look.viewer, each.node)
        if span is not None:
            lines = [make_line(look, fact, (term("statedIn"),)) for fact in each.supports]
            places.append(Place(span, lines))
    sentence = ""
    if known is not None and known.length:
        sentence = _(
            "Facts taken from it: %(facts)s. They rest on %(covered)s of its %(length)s "
            "characters, %(share)s%%; headings, menus and repetitions are among the others.",
            facts=format_number(known.facts),
            covered=format_number(known.covered),
            length=format_number(known.length),
            share=format_number(round(known.covered * 100 / known.length, 1)),
        )
    name = path.partition("/")[2]
    return DocumentPage(
        text=find_text(look.node),
        pairs=list_pairs(look, _PAIRS),
        address=_view_address(look, SCHEMA["url"]),
        archived=_view_address(look, SCHEMA["archivedAt"]),
        captured=_write_day(look.text(PROV["generatedAtTime"])),
        coverage=sentence,
        caveats=list_caveats(look),
        places=places,
        total=len(spans),
        all_places=url_for("quality.cover_document", document=name) if known else None,
        all_facts=url_for("browse.of_class", name="Fact", document=path) if is_path(path) else None,
    )


def _view_address(look: Look, name: NamedNode) -> View | None:
    address = look.text(name)
    return View(address, address, address) if is_web(address) else None


def _write_day(text: str) -> str:
    try:
        return format_date(text) if text else ""
    except ValueError:
        return text


def _describe(look: Look, made: DocumentPage) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "CreativeWork"}
    if made.text is not None:
        found["description"] = made.text.text
    if made.address is not None:
        found["url"] = made.address.text
    publishers = look.views(DCT["publisher"])
    if publishers:
        found["publisher"] = [
            {"@type": "Organization", "@id": each.iri, "name": each.text} for each in publishers
        ]
    return found


def _query(look: Look, _made: DocumentPage) -> str:
    """What was taken from a document, with the places, in its order."""
    lines = (
        "# What was taken from this document, in its order",
        "SELECT ?start ?end ?fact ?label ?value WHERE {",
        f"  ?fact kzg:statedIn {shorten(look.node.value)} ; kzg:evidence ?evidence ;",
        "    rdfs:label ?label .",
        "  ?evidence oa:hasSelector ?selector . ?selector oa:start ?start ; oa:end ?end .",
        "  OPTIONAL { ?fact kzg:value ?value }",
        '  FILTER(LANG(?label) = "en")',
        "}",
        "ORDER BY ?start ?end ?fact",
    )
    return "\n".join((*lines, ""))


KINDS = (PageKind(FOAF["Document"], "things/document.html", make_document, _describe, _query),)
