"""The description of one thing, as triples and for its page."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from operator import itemgetter

from pyoxigraph import Literal, NamedNode, Quad, Store

from kzgraph.iri import term
from kzgraph.namespaces import DCT, OA, SCHEMA, Term
from kzgraph_server.pages.views import View, Viewer, is_web

EVIDENCE = (term("evidence"), term("context"))
_SOURCE, _SELECTOR = OA["hasSource"], OA["hasSelector"]
_START, _END, _EXACT = OA["start"], OA["end"], OA["exact"]
_URL = SCHEMA["url"]

#: Counting the links to a thing stops here, so that a page about `unit/persons` stays quick.
_MOST_COUNTED = 100_000


@dataclass(frozen=True)
class Words:
    """Words of a document, and those before and behind them."""

    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Span:
    """A piece of evidence: characters `start` to `end`, exclusive, of a document.

    Attributes:
        evidence: the piece.
        document: what it is of.
        start: its first character, counted from 0.
        end: the one behind its last.
        quote: its words, where they may be quoted.
        link: the address that opens the page at these words, where there is one.
        around: the words with those around them, where the text is at hand.
        is_text_missing: whether it should be, and is not.
    """

    evidence: View
    document: View
    start: str
    end: str
    quote: str | None = None
    link: str | None = None
    around: Words | None = None
    is_text_missing: bool = False


@dataclass(frozen=True)
class Note:
    """A note of the project on a thing, with what it says."""

    note: View
    text: View


@dataclass(frozen=True)
class Incoming:
    """The links to a thing: those shown, and how many there are."""

    quads: list[Quad]
    total: int


def is_known(store: Store, node: NamedNode) -> bool:
    """Whether `node` is the subject or object of a statement."""
    subject = store.quads_for_pattern(node, None, None, None)
    return any(True for _ in subject) or any(
        True for _ in store.quads_for_pattern(None, None, node, None)
    )


def incoming(store: Store, node: NamedNode, limit: int) -> Incoming:
    """At most `limit` links to `node`, by predicate and subject, and the count of all.

    Where there are more, each kind of thing has as many as the others, as far as it has them: a few
    entries of one list would else never be seen among the hundreds of cells of one table.
    """
    found = list(islice(store.quads_for_pattern(None, None, node, None), _MOST_COUNTED))
    found.sort(key=_place)
    if len(found) <= limit:
        return Incoming(found, len(found))
    met: Counter[tuple[str, str]] = Counter()
    ranks = []
    for quad in found:
        # The kind and the document or table, as in id/official/treaties/V-2/KAZ/accession.
        kind = (quad.predicate.value, "/".join(str(quad.subject).split("/")[4:7]))
        met[kind] += 1
        ranks.append(met[kind])
    chosen = nsmallest(limit, zip(ranks, range(len(found)), strict=True))
    return Incoming([found[at] for _, at in sorted(chosen, key=itemgetter(1))], len(found))


def _place(quad: Quad) -> tuple[str, str]:
    return str(quad.predicate), str(quad.subject)


def describe(store: Store, node: NamedNode, links: Incoming) -> list[Quad]:
    """The quads about `node`: its own, those of its evidence, and the links to it."""
    own = list(store.quads_for_pattern(node, None, None, None))
    evidence = [
        quad
        for stated in own
        if stated.predicate in EVIDENCE and isinstance(stated.object, NamedNode)
        for quad in _evidence_quads(store, stated.object)
    ]
    return [*own, *evidence, *links.quads]


def _evidence_quads(store: Store, evidence: NamedNode) -> Iterator[Quad]:
    for quad in store.quads_for_pattern(evidence, None, None, None):
        yield quad
        if quad.predicate == _SELECTOR and isinstance(quad.object, NamedNode):
            yield from store.quads_for_pattern(quad.object, None, None, None)


def read_notes(store: Store, viewer: Viewer, found: Iterable[Term]) -> Iterator[Note]:
    """Notes by name, each with its description."""
    for note in sorted(found, key=str):
        texts = (
            store.quads_for_pattern(note, DCT["description"], None, None)
            if isinstance(note, NamedNode)
            else ()
        )
        for text in texts:
            yield Note(viewer.any(note), viewer.any(text.object))


def read_span(store: Store, viewer: Viewer, evidence: object) -> Span | None:
    """The piece of evidence at a node; None where it does not say where it is."""
    if not isinstance(evidence, NamedNode):
        return None
    document = _one(store, evidence, _SOURCE)
    if not isinstance(document, NamedNode):
        return None
    selected = {
        quad.predicate: quad.object
        for selector in store.quads_for_pattern(evidence, _SELECTOR, None, None)
        if isinstance(selector.object, NamedNode)
        for quad in store.quads_for_pattern(selector.object, None, None, None)
    }
    start, end, quote = (_text(selected.get(name)) for name in (_START, _END, _EXACT))
    if start is None or end is None or not start.isdigit():
        return None
    named, link = viewer.named(evidence), _text(_one(store, evidence, _URL))
    link = link if link and is_web(link) else None
    return Span(named, viewer.named(document), start, end, quote, link)


def _text(term: object) -> str | None:
    return term.value if isinstance(term, Literal) else None


def _one(store: Store, subject: NamedNode, predicate: NamedNode) -> object:
    quad = next(iter(store.quads_for_pattern(subject, predicate, None, None)), None)
    return None if quad is None else quad.object
