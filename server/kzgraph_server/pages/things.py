"""`/id/`, `/page/` and `/data/`: a thing, its page and its description.

The three addresses follow "Cool URIs for the Semantic Web": https://www.w3.org/TR/cooluris/#r303gendocument
"""

import logging
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kzgraph.iri import GRAPH, is_path, thing
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, TRIPLE_FORMATS
from kzgraph.rdf.graph_writer import graph_bytes
from kzgraph.release import Release
from kzgraph.release.tombstones import Tombstones, TombstonesDamaged
from kzgraph.sparql.origins import describe_origins, find_origins
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.citing_things import address_citation, find_citation, list_formats
from kzgraph_server.pages.description import describe, incoming, is_known
from kzgraph_server.pages.kinds import find_page_kind
from kzgraph_server.pages.kinds.look import Look, link_editor
from kzgraph_server.pages.kinds.words_around import protect
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.linked_data import describe_thing, write_query
from kzgraph_server.pages.paging import read_number
from kzgraph_server.pages.referring import list_referrers
from kzgraph_server.pages.statement_tables import list_links, list_statements, name_classes
from kzgraph_server.served import get_served

_log = logging.getLogger(__name__)

blueprint = Blueprint("things", __name__)


def find_thing(path: str) -> NamedNode:
    """The thing at `path`.

    Raises:
        Problem: 404, where the release says nothing about it; 410, where it was redacted.
    """
    if is_path(path):
        node, now = thing(*path.split("/")), get_served()
        if is_known(now.store, node):
            return node
        if _is_redacted(now.root, node):
            raise Problem(410, "What had this address was taken out, and does not come back.")
        older = _find_superseded(now.release, node)
        if older:
            raise Problem(
                404,
                "The current graphs say nothing about a thing with this address, and superseded "
                f"ones do: {', '.join(older)}. A query that names one finds it there, as by "
                f"GRAPH <{GRAPH}{older[0]}>.",
            )
    raise Problem(404, "The data says nothing about a thing with this address.")


def _find_superseded(release: Release, node: NamedNode) -> list[str]:
    """The names of the superseded graphs that say something about a thing, in order."""
    if release.vintages is None:
        return []
    quads = release.vintages.store.quads_for_pattern(node, None, None, None)
    names = {quad.graph_name for quad in quads}
    found = (each for each in release.vintages.superseded if each in names)
    return sorted(each.value.removeprefix(GRAPH) for each in found)


def _is_redacted(root: Path, node: NamedNode) -> bool:
    try:
        return Tombstones.read(root).has(node.value)
    except TombstonesDamaged as error:
        _log.error("%s", error)
        return False


@blueprint.get("/id/<path:path>")
def identify(path: str) -> BaseResponse:
    """See Other: the page of the thing, its description or its citation, by Accept."""
    node = find_thing(path)
    # Data unless HTML is asked for by name, as browsers do.
    chosen = negotiate((*TRIPLE_FORMATS, HTML, *list_formats(find_citation(node))))
    if chosen.format is HTML:
        location = url_for("things.page", path=path)
    elif chosen.format not in TRIPLE_FORMATS:
        location = address_citation(path, chosen.format)
    else:
        location = url_for("things.data", path=path, extension=chosen.format.name)
    return redirect(location, 303)


@blueprint.get("/page/<path:path>")
@in_languages
def page(path: str) -> Response:
    """The page of the thing; with `kind` and `page` a part of what refers to it."""
    node, now = find_thing(path), get_served()
    look = Look(now.store, node)
    kind, chosen = find_page_kind(look.classes), request.args.get("kind", "")
    # A page of those that refer to it has the thing's name, and no more of it.
    made = kind.make(look) if kind and not chosen else None
    incoming = list_referrers(look, chosen, read_number())
    quads = [*look.quads, *look.values.met.values(), *incoming.quads]
    origins = find_origins(now.store, quads)
    set_rights(get_licensing().of_description(quads, origins))
    downloads = [
        (each, url_for("things.data", path=path, extension=each.name)) for each in TRIPLE_FORMATS
    ]
    cited = find_citation(node)
    citations = [(each, address_citation(path, each)) for each in list_formats(cited)]
    authorities, entailed = ([], None) if chosen else list_statements(look)
    text = render_template(
        "things/page.html",
        kind=kind,
        made=made,
        look=look,
        path=path,
        node=node.value,
        title=look.viewer.named(node),
        classes=name_classes(look),
        others=look.viewer.names(node)[1:],
        linked=list_links(look),
        is_indexed=not chosen and (kind is None or kind.is_indexed),
        described="" if chosen else describe_thing(look, kind, made),
        cited=cited,
        citations=citations,
        authorities=authorities,
        entailed=entailed,
        is_cut=look.is_cut,
        incoming=incoming,
        downloads=downloads,
        editor="" if chosen else link_editor(write_query(look, kind, made)),
        origins=[(each, look.viewer.plain(each.graph)) for each in origins],
    )
    response = Response(text, content_type=HTML.content_type)
    protect(response)
    for each, address in downloads:
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{each.media_type}"')
    if cited is not None:
        # https://www.rfc-editor.org/rfc/rfc8574, https://signposting.org/FAIR/
        response.headers.add("Link", f'<{cited.url}>; rel="cite-as"')
    for each, address in citations:
        response.headers.add("Link", f'<{address}>; rel="describedby"; type="{each.media_type}"')
    return response


@blueprint.get("/data/<path:path>.<extension>")
def data(path: str, extension: str) -> Response:
    """The description of the thing in the format of the extension."""
    chosen = next((each for each in TRIPLE_FORMATS if each.name == extension), None)
    if chosen is None:
        raise Problem(404, "A description ends in .ttl, .nt, .jsonld or .rdf.")
    node, now = find_thing(path), get_served()
    links = incoming(now.store, node, now.settings.max_incoming)
    quads = describe(now.store, node, links)
    origins = find_origins(now.store, quads)
    set_rights(get_licensing().of_description(quads, origins))
    triples = [quad.triple for quad in quads]
    body = graph_bytes([*triples, *describe_origins(node, quads, origins)], chosen)
    response = Response(body, content_type=chosen.content_type)
    response.headers["Content-Disposition"] = chosen.disposition(path.replace("/", "-"))
    response.headers.add("Link", f'<{node.value}>; rel="describes"')
    if links.total > len(links.quads):
        # The description holds the first links only; a client can see that it does.
        response.headers["Kzgraph-Incoming"] = f"shown={len(links.quads)}, total={links.total}"
    return response
