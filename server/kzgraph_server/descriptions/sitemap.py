"""What search engines are to read: https://www.sitemaps.org/protocol.html and RFC 9309."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape

from pyoxigraph import NamedNode

from kzgraph.iri import ID, ONTOLOGY, is_path, is_source_graph
from kzgraph.namespaces import SKOS, TYPE
from kzgraph.prefixes import PREFIXES
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.served import Served

#: The protocol allows 50,000 addresses and 50 MB to a map.
_MOST = 50_000

#: The pages that are there whatever the data.
_PAGES = (
    "",
    "browse/",
    "sparql",
    "examples",
    "check",
    "ontology",
    "dumps/",
    "catalog",
    "quality",
    "quality/validation",
    "quality/cross-check",
    "quality/coverage",
    "quality/disagreements",
    "quality/concordance",
    "quality/labels",
    "quality/links",
    "quality/changes",
    "api",
    "docs/",
)

#: Shown on the page of their fact, or in the table that they are cells of; a page of their own
#: tells a reader of a search engine nothing, and of cells there are hundreds of thousands.
_WITHOUT = ("evidence/", "selector/", "official/")

_SCHEME = f"{ID}scheme/"
_CLASSES_OF_CELLS = frozenset(
    {
        *(ONTOLOGY + name for name in ("OfficialFigure", "OfficialHeadlineFigure")),
        ONTOLOGY + "OfficialHeadlineFlow",
        PREFIXES["qb"] + "Observation",
    }
)
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemaps(now: Served) -> list[bytes]:
    """The maps of the release `now`: the pages of the service, and one for each thing."""
    addresses = Addresses(now.settings.public_url)
    paths = (*_PAGES, *_list_classes(now), *_things(now))
    return divide(addresses.at(path).value for path in paths)


def divide(addresses: Iterable[str]) -> list[bytes]:
    """The maps of `addresses`, compressed: 50,000 addresses are 5 MB, compressed 0.3."""
    waiting = iter(addresses)
    maps = []
    while part := list(islice(waiting, _MOST)):
        maps.append(zlib.compress(_document("urlset", "url", part)))
    return maps


def index(count: int, addresses: Addresses) -> bytes:
    """The list of `count` maps."""
    maps = [addresses.at(f"sitemap-{n}.xml").value for n in range(1, count + 1)]
    return _document("sitemapindex", "sitemap", maps)


def robots(addresses: Addresses, mount: str) -> str:
    """What crawlers leave alone: answers that are computed on request, without end.

    A crawler reads it at the root of a host only; an operator of other things there joins it.

    Args:
        addresses: where the public finds the service.
        mount: the path below which it is.
    """
    return "\n".join(
        (
            "User-agent: *",
            f"Disallow: {mount}/sparql?",
            f"Disallow: {mount}/data?",
            # A list that is narrowed down in one of countless ways; whole ones are in the map.
            f"Disallow: {mount}/*browse/*?",
            f"Disallow: {mount}/*browse/table/",
            f"Disallow: {mount}/metrics",
            f"Disallow: {mount}/releases/",
            "",
            f"Sitemap: {addresses.at('sitemap.xml').value}",
            "",
        )
    )


def _list_classes(now: Served) -> Iterator[str]:
    """The lists of the classes of the vocabulary, and of the codes of each scheme."""
    for each in now.statistics.own_classes():
        if each.example is not None:
            yield f"browse/class/{each.term.removeprefix(ONTOLOGY)}"
    schemes = now.store.quads_for_pattern(None, TYPE, SKOS["ConceptScheme"], None)
    found = (quad.subject.value for quad in schemes if isinstance(quad.subject, NamedNode))
    for scheme in sorted(found):
        if scheme.startswith(_SCHEME) and is_path(scheme.removeprefix(_SCHEME)):
            yield f"browse/scheme/{scheme.removeprefix(_SCHEME)}"


def _things(now: Served) -> Iterator[str]:
    paths = {
        node.value[len(ID) :]
        for node in _subjects(now)
        if isinstance(node, NamedNode) and node.value.startswith(ID)
    }
    for path in sorted(paths):
        if is_path(path) and not path.startswith(_WITHOUT):
            yield f"page/{path}"


def _subjects(now: Served) -> Iterator[object]:
    """All subjects but those that are cells alone, of which there may be millions."""
    store = now.store
    for each in store.named_graphs():
        if not is_source_graph(each):
            yield from (quad.subject for quad in store.quads_for_pattern(None, None, None, each))
    for kind in now.statistics.classes:
        if kind.term not in _CLASSES_OF_CELLS:
            quads = store.quads_for_pattern(None, TYPE, NamedNode(kind.term), None)
            yield from (quad.subject for quad in quads)


def _document(root: str, member: str, addresses: Iterable[str]) -> bytes:
    lines = [f"<{member}><loc>{escape(address)}</loc></{member}>" for address in addresses]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">'
    return "\n".join((head, *lines, f"</{root}>", "")).encode()
