"""What can be joined of a document from a release: all its words whose place the release tells.

Written without the code that chooses quotes. Words are known from quotes with their prefixes and
suffixes, from links to them, and from any text of a fact that stands as a whole in its evidence.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import ID
from kzgraph.prefixes import PREFIXES

_WORD = re.compile(r"[^\W_]+")
_OA, _KZG = PREFIXES["oa"], PREFIXES["kzg"]
#: How the things begin whose names and titles do not count; an appointment is called by both.
_NAMED = (
    "appointment",
    "country",
    "place",
    "organisation",
    "person",
    "instrument",
    "initiative",
    "operation",
)
_NAMES = {
    PREFIXES["rdfs"] + "label",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["foaf"] + "name",
    PREFIXES["dcterms"] + "title",
}

Graph = dict[str, dict[str, list[object]]]


def as_graph(quads: Iterable[Quad]) -> Graph:
    """The objects of each subject by property."""
    graph: Graph = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            about = graph.setdefault(quad.subject.value, {})
            about.setdefault(quad.predicate.value, []).append(quad.object)
    return graph


def longest_run(graph: Graph, slug: str, text: str) -> list[str]:
    """The known words in a row of a document of which most count."""
    known = bytearray(len(text))
    for start, end in _known(graph, slug, text):
        known[start:end] = b"\x01" * (end - start)
    counted = _counted(graph, text)
    best: list[str] = []
    most = count = 0
    run: list[str] = []
    for match in _WORD.finditer(text):
        if not all(known[slice(*match.span())]):
            run, count = [], 0
            continue
        run.append(match[0])
        count += counted[match.start()]
        if count > most:
            best, most = list(run), count
    return best if most >= 9 else best[:0]


def _known(graph: Graph, slug: str, text: str) -> Iterator[tuple[int, int]]:
    evidence = {
        iri: _position(graph, about)
        for iri, about in graph.items()
        if iri.startswith(f"{ID}evidence/{slug}/")
    }
    for iri, (start, end) in evidence.items():
        for selector in _iris(graph[iri], _OA + "hasSelector"):
            quote = graph.get(selector, {})
            before = "".join(_texts(quote, _OA + "prefix"))
            for words in _texts(quote, _OA + "exact"):
                after = "".join(_texts(quote, _OA + "suffix"))
                place = start - len(before)
                whole = before + words + after
                assert text[place : place + len(whole)] == whole
                yield place, place + len(whole)
        for link in _texts(graph[iri], PREFIXES["schema"] + "url"):
            for term in unquote(link.partition(":~:text=")[2]).split(","):
                yield from _find(text, term.strip(" -"), max(0, start - 60), end + 60)
    for about in graph.values():
        for span in _iris(about, _KZG + "evidence"):
            if span in evidence:
                for objects in about.values():
                    for value in objects:
                        if isinstance(value, Literal):
                            yield from _find(text, value.value, *evidence[span])


def _find(text: str, words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = text.find(words, start, end) if _WORD.search(words) else -1
    if at >= 0:
        yield at, at + len(words)


def _position(graph: Graph, about: dict[str, list[object]]) -> tuple[int, int]:
    for selector in _iris(about, _OA + "hasSelector"):
        if starts := _texts(graph[selector], _OA + "start"):
            return int(starts[0]), int(_texts(graph[selector], _OA + "end")[0])
    raise LookupError("evidence without a position")


def _counted(graph: Graph, text: str) -> dict[int, bool]:
    """Whether each word counts, by where it starts: no number, and no word of a name."""
    counted = {m.start(): not any(map(str.isdigit, m[0])) for m in _WORD.finditer(text)}
    names = {
        name
        for iri, about in graph.items()
        if iri.removeprefix(ID).partition("/")[0] in (*_NAMED, "document")
        for predicate in _NAMES
        for name in _texts(about, predicate)
    }
    for name in names:
        words = list(map(re.escape, _WORD.findall(name)))
        pattern = r"(?<![^\W_])" + r"[\W_]+".join(words) + r"(?![^\W_])"
        for match in re.finditer(pattern, text, re.IGNORECASE) if words else ():
            for word in _WORD.finditer(text, *match.span()):
                counted[word.start()] = False
    return counted


def _texts(about: dict[str, list[object]], predicate: str) -> list[str]:
    return [each.value for each in about.get(predicate, []) if isinstance(each, Literal)]


def _iris(about: dict[str, list[object]], predicate: str) -> list[str]:
    return [each.value for each in about.get(predicate, []) if isinstance(each, NamedNode)]
