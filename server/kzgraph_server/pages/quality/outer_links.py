"""`/quality/links`: what the graph is linked with elsewhere, and how sure that is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from flask import Response, request
from pyoxigraph import NamedNode

from kzgraph.namespaces import OWL
from kzgraph.prefixes import PREFIXES, shorten
from kzgraph.problem import Problem
from kzgraph.release.tally import LinkCounts
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.paging import read_number, read_paging
from kzgraph_server.pages.quality.disagreements import find_number
from kzgraph_server.pages.quality.room import blueprint, render
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, compute_once, get_served

_CONFIDENCE = NamedNode(f"{PREFIXES['sssom']}confidence")
_JUSTIFICATION = NamedNode(f"{PREFIXES['sssom']}mapping_justification")
_SOURCE, _PROPERTY, _TARGET = (OWL[f"annotated{name}"] for name in ("Source", "Property", "Target"))
#: Links that are read: those of the project are some hundred.
_MOST = 50_000


@dataclass(frozen=True)
class Basis:
    """What a link rests on.

    Attributes:
        node: says so, with its sources.
        confidence: from 0 to 1; None where it is not told.
        justification: how it was found; None where that is not told.
    """

    node: NamedNode
    confidence: Decimal | None
    justification: NamedNode | None


@dataclass(frozen=True)
class Link:
    """A thing here, and what it is linked with."""

    subject: NamedNode
    target: NamedNode
    basis: Basis | None


@dataclass(frozen=True)
class Group:
    """Links by one relation to one place.

    Attributes:
        relation: the short name of the property.
        view: the property.
        space: what the IRIs there begin with.
        links: of the group, in order.
        confidences: how many links have each confidence, the surest first.
    """

    relation: str
    view: View
    space: str
    links: list[Link]
    confidences: list[tuple[Decimal, int]]


@dataclass(frozen=True)
class ShownLink:
    """A link on the page."""

    subject: View
    target: View
    basis: View | None
    confidence: Decimal | None
    justification: View | None


@blueprint.get("/quality/links")
@in_languages
def link() -> Response:
    """The groups of links, or the links of one, by `?relation=` and `?to=`."""
    now = get_served()
    viewer = Viewer(now.store)
    relation, space = request.args.get("relation"), request.args.get("to")
    groups = [
        _group(now, viewer, each)
        for each in now.statistics.links
        if relation is None or (shorten(each.term), each.space) == (relation, space)
    ]
    if relation is None:
        read_number()
        return render("links", groups=groups, total=sum(len(each.links) for each in groups))
    if not groups:
        raise Problem(404, "There are no such links; /quality/links lists what there is.")
    paging = read_paging(len(groups[0].links))
    shown = [_show(viewer, each) for each in paging.cut(groups[0].links)]
    return render("link_group", group=groups[0], paging=paging, links=shown)


def _group(now: Served, viewer: Viewer, counted: LinkCounts) -> Group:
    links = compute_once(find_links).get((counted.term, counted.space), [])
    sure = Counter(
        each.basis.confidence for each in links if each.basis and each.basis.confidence is not None
    )
    return Group(
        shorten(counted.term),
        viewer.plain(NamedNode(counted.term)),
        counted.space,
        links,
        sorted(sure.items(), reverse=True),
    )


def find_links(now: Served) -> Mapping[tuple[str, str], list[Link]]:
    """The links by relation and place, as the statistics have these."""
    bases = _read_bases(now)
    spaces: dict[str, list[str]] = {}
    for each in now.statistics.links:
        spaces.setdefault(each.term, []).append(each.space)
    found: dict[tuple[str, str], list[Link]] = {}
    for relation, places in spaces.items():
        places.sort(key=len, reverse=True)
        property_ = NamedNode(relation)
        quads = islice(now.store.quads_for_pattern(None, property_, None, None), _MOST)
        for quad in quads:
            if not (isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)):
                continue
            place = next((each for each in places if quad.object.value.startswith(each)), None)
            if place is not None:
                basis = bases.get((quad.subject, property_, quad.object))
                found.setdefault((relation, place), []).append(
                    Link(quad.subject, quad.object, basis)
                )
    for links in found.values():
        links.sort(key=lambda each: (each.subject.value, each.target.value))
    return found


def _read_bases(now: Served) -> dict[tuple[object, object, object], Basis]:
    """What each link rests on, by subject, property and target."""
    found: dict[tuple[object, object, object], Basis] = {}
    for quad in islice(now.store.quads_for_pattern(None, _CONFIDENCE, None, None), _MOST):
        if not isinstance(quad.subject, NamedNode):
            continue
        said = {
            each.predicate: each.object
            for each in now.store.quads_for_pattern(quad.subject, None, None, None)
        }
        how = said.get(_JUSTIFICATION)
        key = (said.get(_SOURCE), said.get(_PROPERTY), said.get(_TARGET))
        found[key] = Basis(
            quad.subject,
            find_number(now.store, quad.subject, _CONFIDENCE),
            how if isinstance(how, NamedNode) else None,
        )
    return found


def _show(viewer: Viewer, each: Link) -> ShownLink:
    basis = each.basis
    how = basis.justification if basis else None
    return ShownLink(
        viewer.named(each.subject),
        viewer.plain(each.target),
        viewer.named(basis.node) if basis else None,
        basis.confidence if basis else None,
        viewer.plain(how) if how else None,
    )
