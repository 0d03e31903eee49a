"""`/quality/labels`: how many things have no label in a language, and which these are."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from flask import Response, request
from pyoxigraph import Literal, NamedNode

from kzgraph.iri import GRAPH, ID, is_source
from kzgraph.namespaces import LABEL, LANGUAGES, TYPE
from kzgraph.prefixes import shorten
from kzgraph.problem import Problem
from kzgraph.release.statistics import LabelCounts
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.paging import read_number, read_paging
from kzgraph_server.pages.quality.room import blueprint, render
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, compute_once, get_served

#: Things that are looked at for a list: 100 ms. Of more, the query behind it has the rest.
LOOKED_AT = 5_000

_QUERY = """\
SELECT DISTINCT ?thing WHERE {{
  {pattern}
  FILTER(STRSTARTS(STR(?thing), STR(kzr:)))
  FILTER NOT EXISTS {{ ?thing rdfs:label ?label FILTER(LANG(?label) = "{language}") }}
}}
ORDER BY ?thing
"""


@dataclass(frozen=True)
class ShownCounts:
    """The counts of a class on the page.

    Attributes:
        name: of the class in addresses; empty of all things together.
        view: the class; None of all things together.
        counts: how many things there are, and how many of them lack a label.
    """

    name: str
    view: View | None
    counts: LabelCounts


@blueprint.get("/quality/labels")
@in_languages
def name() -> Response:
    """The classes with what lacks a label, or the things of `?class=` without one in `?in=`."""
    now = get_served()
    viewer = Viewer(now.store)
    language = request.args.get("in")
    if language is None:
        read_number()
        return render("labels", rows=list_counts(now, viewer), languages=LANGUAGES)
    asked = request.args.get("class", "")
    counts = (each for each in now.statistics.labels if asked == _name(each))
    row = next((_show(viewer, each) for each in counts), None)
    missing = dict(row.counts.missing).get(language) if row else None
    if row is None or not missing:
        raise Problem(404, "Nothing of this kind lacks such a label; /quality/labels has counts.")
    things = compute_once(_Missing(row.counts.term, language))
    paging = read_paging(len(things))
    pattern = f"?thing a {asked} ." if asked else "?thing a ?class ."
    return render(
        "nameless",
        row=row,
        language=language,
        missing=missing,
        paging=paging,
        things=[viewer.named(each) for each in paging.cut(things)],
        query=_QUERY.format(pattern=pattern, language=language),
    )


def list_counts(now: Served, viewer: Viewer) -> list[ShownCounts]:
    """The classes of which something lacks a label, all things together first."""
    return [
        _show(viewer, each)
        for each in now.statistics.labels
        if any(number for _, number in each.missing)
    ]


def _show(viewer: Viewer, each: LabelCounts) -> ShownCounts:
    view = viewer.named(NamedNode(each.term)) if each.term else None
    return ShownCounts(_name(each), view, each)


def _name(each: LabelCounts) -> str:
    return shorten(each.term) if each.term else ""


@dataclass(frozen=True)
class _Missing:
    """Finds the things of a class without a label in a language; called once for a release."""

    term: str | None
    language: str

    def __call__(self, now: Served) -> list[NamedNode]:
        """The things in order, of the first that are looked at."""
        found = [
            node
            for node in islice(_find_things(now, self.term), LOOKED_AT)
            if not any(
                isinstance(quad.object, Literal) and quad.object.language == self.language
                for quad in now.store.quads_for_pattern(node, LABEL, None, None)
            )
        ]
        return sorted(found, key=lambda node: node.value)


def _find_things(now: Served, term: str | None) -> Iterator[NamedNode]:
    """The things that the statistics count, each once: those outside the tables of sources."""
    seen = set()
    of_class = NamedNode(term) if term else None
    for counted in now.statistics.graphs:
        if is_source(counted.term.removeprefix(GRAPH)):
            continue
        quads = now.store.quads_for_pattern(None, TYPE, of_class, NamedNode(counted.term))
        for quad in quads:
            node = quad.subject
            if isinstance(node, NamedNode) and node not in seen and node.value.startswith(ID):
                seen.add(node)
                yield node
