"""`/catalog`, `/.well-known/void`, `/robots.txt`, the sitemaps, and what pages carry of them."""

import zlib
from collections.abc import Callable

from flask import Blueprint, Response, render_template
from markupsafe import Markup
from pyoxigraph import NamedNode, Triple

from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, TRIPLE_FORMATS, Format
from kzgraph.rdf.graph_writer import graph_bytes
from kzgraph.release.dumps import STEM
from kzgraph_server.descriptions import dcat, links, schema_org, sitemap
from kzgraph_server.descriptions.about import About, about
from kzgraph_server.descriptions.triples import DESCRIPTION_PREFIXES
from kzgraph_server.descriptions.void import void_description
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.views import Viewer, sorted_views
from kzgraph_server.served import compute_once, get_served

blueprint = Blueprint("descriptions", __name__)
blueprint.after_app_request(links.add)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The VoID description."""
    return _answer(TRIPLE_FORMATS, void_description, "void")


@blueprint.get("/catalog")
@in_languages
def catalog() -> Response:
    """The DCAT description, as RDF or as a page."""
    return _answer((*TRIPLE_FORMATS, HTML), dcat.catalog, "catalog", _catalog_page)


@blueprint.get("/robots.txt")
def robots_txt() -> Response:
    """What crawlers must not fetch."""
    text = sitemap.robots(compute_once(about).addresses, get_served().settings.mount)
    return Response(text, content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap_index() -> Response:
    """The list of the sitemaps."""
    maps = compute_once(sitemap.sitemaps)
    body = sitemap.index(len(maps), compute_once(about).addresses)
    return Response(body, content_type="application/xml")


@blueprint.get("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """One sitemap."""
    maps = compute_once(sitemap.sitemaps)
    if not 1 <= number <= len(maps):
        raise Problem(404, "There is no sitemap of this number; /sitemap.xml lists them.")
    return Response(zlib.decompress(maps[number - 1]), content_type="application/xml")


def _answer(
    formats: tuple[Format, ...],
    describe: Callable[[About], list[Triple]],
    stem: str,
    page: Callable[[About], str] | None = None,
) -> Response:
    chosen = negotiate(formats)
    body: str | bytes
    if page is not None and chosen.format is HTML:
        body = page(compute_once(about))
    else:
        body = graph_bytes(describe(compute_once(about)), chosen.format, DESCRIPTION_PREFIXES)
    response = Response(body, content_type=chosen.content_type)
    response.headers["Content-Disposition"] = chosen.format.disposition(f"{STEM}-{stem}")
    return response


def _catalog_page(of: About) -> str:
    viewer, numbers = Viewer(get_served().store), of.numbers
    return render_template(
        "catalog.html",
        about=of,
        numbers=numbers,
        places=sorted_views(viewer.named(NamedNode(place.iri)) for place in numbers.places),
        sources=sorted_views(viewer.named(source.iri) for source in of.sources),
        addresses=of.addresses,
        file_type=dcat.file_type,
        formats=TRIPLE_FORMATS,
    )


@blueprint.app_template_global("schema_org")
def _schema_org() -> Markup:
    """The element that tells search engines of the data set."""
    return schema_org.script(schema_org.data_set(compute_once(about)))
