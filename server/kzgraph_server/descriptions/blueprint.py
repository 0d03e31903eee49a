"""`/catalog`, `/.well-known/void`, `/robots.txt`, the sitemaps, and what pages carry of them."""

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup
from pyoxigraph import NamedNode, Triple

from kzgraph.problem import Problem
from kzgraph.rdf.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, TRIPLE_FORMATS, Format
from kzgraph.rdf.graph_writer import graph_bytes
from kzgraph.release.dumps import STEM
from kzgraph_server.descriptions import dcat, links, schema_org, sitemap
from kzgraph_server.descriptions.about import about
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.descriptions.service import service_description
from kzgraph_server.descriptions.triples import DESCRIPTION_PREFIXES
from kzgraph_server.descriptions.void import void_description
from kzgraph_server.negotiate import negotiate
from kzgraph_server.served import Served, compute_once, get_served
from kzgraph_server.views import Viewer, sorted_views

blueprint = Blueprint("descriptions", __name__)
links.register(blueprint)

#: The formats of a description, and that of the page which is also one.
_DESCRIPTIONS = TRIPLE_FORMATS
#: In what a query can be answered.
_RESULTS = (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The VoID description."""
    return _answer(_DESCRIPTIONS, void_triples, "void")


@blueprint.get("/catalog")
def catalog() -> Response:
    """The DCAT description, as RDF or as a page."""
    return _answer((*_DESCRIPTIONS, HTML), dcat_triples, "catalog", _catalog_page)


@blueprint.get("/robots.txt")
def robots_txt() -> Response:
    """What crawlers must not fetch."""
    now = get_served()
    text = sitemap.robots(_addresses(now), now.settings.mount)
    return Response(text, content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap_index() -> Response:
    """The list of the sitemaps."""
    body = compute_once(sitemap.sitemaps).index(_addresses(get_served()))
    return Response(body, content_type="application/xml")


@blueprint.get("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """One sitemap."""
    body = compute_once(sitemap.sitemaps).map(number)
    if body is None:
        raise Problem(404, "There is no sitemap of this number; /sitemap.xml lists them.")
    return Response(body, content_type="application/xml")


@blueprint.app_context_processor
def _for_pages() -> dict[str, Callable[[], Markup]]:
    """The functions for templates."""
    return {"schema_org": _schema_org}


def service_triples(now: Served) -> list[Triple]:
    """The service description of what the release `now` is served by."""
    return service_description(
        compute_once(about),
        {NamedNode(each.term): each.triples for each in now.statistics.graphs},
        _addresses(now),
        now.settings,
        now.prefixes,
        _RESULTS,
        federated=bool(now.settings.service_allow),
    )


def void_triples(now: Served) -> list[Triple]:
    """The VoID description of the release `now`."""
    return void_description(compute_once(about), now.statistics, _addresses(now))


def dcat_triples(now: Served) -> list[Triple]:
    """The DCAT description of the release `now`."""
    return dcat.catalog(compute_once(about), now.statistics, _addresses(now), _RESULTS)


def _answer(
    formats: tuple[Format, ...],
    triples: Callable[[Served], list[Triple]],
    stem: str,
    page: Callable[[Served], str] | None = None,
) -> Response:
    now = get_served()
    chosen = negotiate(request, formats, request.args.get("format"))
    body: str | bytes
    if page is not None and chosen.format is HTML:
        body = page(now)
    else:
        body = graph_bytes(triples(now), chosen.format, DESCRIPTION_PREFIXES)
    response = Response(body, content_type=chosen.content_type)
    response.headers["Content-Disposition"] = chosen.format.disposition(f"{STEM}-{stem}")
    response.vary.add("Accept")
    return response


def _catalog_page(now: Served) -> str:
    viewer, of, numbers = Viewer(now.store), compute_once(about), now.statistics
    return render_template(
        "catalog.html",
        about=of,
        numbers=numbers,
        places=sorted_views(viewer.named(NamedNode(place.iri)) for place in numbers.places),
        sources=sorted_views(viewer.named(source.iri) for source in of.sources),
        addresses=_addresses(now),
        file_type=dcat.file_type,
        formats=_DESCRIPTIONS,
    )


def _schema_org() -> Markup:
    """The element that tells search engines of the data set."""
    now = get_served()
    return schema_org.script(
        schema_org.data_set(compute_once(about), now.statistics, _addresses(now))
    )


def _addresses(now: Served) -> Addresses:
    return Addresses(now.settings.public_url)
