"""What a span has beside its place: the hash of its text, and where it may be quoted, the words.

https://www.w3.org/TR/annotation-vocab/#textquoteselector
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import thing
from kzgraph.namespaces import TYPE
from kzgraph.tables import Row
from kzgraph.tables.span_rows import opens, page_of, read_quote
from kzgraph.tables.verbatim import read_verbatim
from kzgraph_mappings.curies import curie, typed_literal
from kzgraph_mappings.generic import row_quads
from kzgraph_mappings.text_fragments import link_to_words

#: What is said of the quote, and not of the evidence.
_OF_QUOTE = {curie(f"oa:{name}") for name in ("exact", "prefix", "suffix")}


def quads(row: Row, document: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a row of spans.

    Args:
        row: the row.
        document: the row that describes its document.
        graph: the graph of the document.
    """
    evidence = NamedNode(row.iri)
    selector = thing("selector", row.folder, row.require("span"), "quote")
    for quad in row_quads(row, graph):
        if quad.predicate in _OF_QUOTE and isinstance(quad.object, Literal):
            words = Literal(read_verbatim(quad.object.value))
            yield Quad(selector, quad.predicate, words, graph)
        else:
            yield quad
    if has_state(document):
        yield Quad(evidence, curie("oa:hasState"), _state(document), graph)
    if not row.get("quote"):
        return
    yield Quad(evidence, curie("oa:hasSelector"), selector, graph)
    yield Quad(selector, TYPE, curie("oa:TextQuoteSelector"), graph)
    if link := link_of(row, document):
        yield Quad(evidence, curie("schema:url"), typed_literal(link, "anyURI"), graph)


def link_of(row: Row, document: Row) -> str | None:
    """The link that opens the page at the words of a span; None where there is none."""
    page = page_of(document)
    if page is None or not opens(row, document):
        return None
    prefix, words, suffix = read_quote(row)
    return link_to_words(page, words, prefix, suffix)


def has_state(document: Row) -> bool:
    """Whether it is known of a document when it was captured, or where it is archived."""
    return bool(document.get("captured") or document.get("archived"))


def state_quads(document: Row, graph: NamedNode) -> Iterator[Quad]:
    """The state of a document that spans are of, https://www.w3.org/TR/annotation-vocab/#timestate.

    One for all spans of a document.
    """
    if not has_state(document):
        return
    state = _state(document)
    yield Quad(state, TYPE, curie("oa:TimeState"), graph)
    if captured := document.get("captured"):
        yield Quad(state, curie("oa:sourceDate"), typed_literal(captured, "dateTime"), graph)
    if archived := document.get("archived"):
        yield Quad(state, curie("oa:cachedSource"), NamedNode(archived), graph)


def _state(document: Row) -> NamedNode:
    return thing("state", document.folder)
