"""`/dumps/` and `/graph/`: the files of the release, as they were written.

Wherever a whole graph is asked for, it is one of these files that is sent: `send_graph`.
"""

import hashlib
import re
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from kzgraph.iri import GRAPH
from kzgraph.licences import name_licence
from kzgraph.problem import Problem
from kzgraph.rdf.formats import (
    GRAPH_FORMATS,
    HTML,
    QUAD_FORMATS,
    TRIPLE_FORMATS,
    Format,
    content_disposition,
    essence,
)
from kzgraph.release import MANIFEST
from kzgraph.release.dump_tables import metadata_name, tagged_name
from kzgraph.release.dumps import ATTRIBUTION, DUMPS, STEM, SUMS, File
from kzgraph_server.headers import CACHED, UNPACK
from kzgraph_server.kept import list_known
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.negotiate import Choice, negotiate, read_switch
from kzgraph_server.pages.download_list import TABLES, list_files
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.loading_code import list_loading
from kzgraph_server.served import Served, compute_once, get_served

_TABS = "text/tab-separated-values"
_CONTENT_TYPES = {each.media_type: each.content_type for each in GRAPH_FORMATS}
_CONTENT_TYPES |= {each: f"{each}; charset=utf-8" for each in ("text/plain", "text/csv", _TABS)}

#: One range of bytes, which is answered. What asks for several, or in other units, is answered with
#: the whole file, as RFC 9110, section 14.2, lets a server do.
_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(?:[0-9]+-[0-9]*|-[0-9]+)\s*", re.IGNORECASE)
#: From this size on a file is sent compressed, as it lies there, to clients that take it. Smaller
#: ones are compressed by the front, in whichever coding a client likes best.
_LARGE = 1 << 20

blueprint = Blueprint("dumps", __name__)


def _files(now: Served) -> dict[str, File]:
    """The files in the `dumps/` folder of the release, by their names there.

    The manifest names them all but its copy and the sums, whose sums it cannot have.
    """
    files = {file.name: file for file in now.release.files.values() if file.is_dump}
    for name, media_type in ((SUMS, "text/plain"), (MANIFEST, "application/json")):
        data = (now.release.dumps / name).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        files[name] = File(f"{DUMPS}/{name}", media_type, len(data), digest)
    return files


def _content_type(file: File) -> str:
    packed = "application/gzip" if file.compression else file.media_type
    return _CONTENT_TYPES.get(packed, packed)


@blueprint.get("/dumps/")
@in_languages
def index() -> str:
    """The list of files."""
    files, now = compute_once(_files), get_served()
    known = [] if now.pinned else list_known(now.root)
    return render_template(
        "dumps.html",
        listing=list_files(now, files),
        loading=list_loading(files),
        licence=name_licence,
        stem=STEM,
        sums=SUMS,
        base=now.settings.public_url.rstrip("/"),
        earlier=[each for each in known if each.release and each.version != now.release.version],
        # A release of an earlier version of the code has none.
        attribution=ATTRIBUTION if ATTRIBUTION in files else "",
    )


@blueprint.get("/dumps/<path:name>")
def download(name: str) -> Response:
    """A file; ranges and conditional requests are answered as RFC 9110 has them.

    `hxl` asks for the variant of a table with hashtags, and `csvw` for what its columns mean.
    """
    files = compute_once(_files)
    known = files.get(_choose_variant(name) if name in files else name)
    if known is None:
        raise Problem(404, "The release has no file of this name; /dumps/ lists them.")
    file_name = known.name.replace("/", "-")
    disposition = content_disposition(file_name, attachment=known.compression != "")
    response = _send(known, _content_type(known), disposition)
    described = files.get(metadata_name(known.name))
    if described is not None:
        # https://www.w3.org/TR/tabular-data-model/#link-header
        address = url_for("dumps.download", name=described.name)
        link = f'<{address}>; rel="describedby"; type="{described.media_type}"'
        response.headers.add("Link", link)
    return response


def _choose_variant(name: str) -> str:
    """The name of the file that a request for the file called `name` is answered with.

    Raises:
        Problem: 400, where there is no such variant.
    """
    hxl = read_switch("hxl", request.args.getlist("hxl"))
    csvw = read_switch("csvw", request.args.getlist("csvw"))
    tables = [*TABLES, *map(tagged_name, TABLES)]
    if (hxl or csvw) and name not in tables:
        raise Problem(400, f"hxl and csvw are for the tables {' and '.join(TABLES)}.")
    name = tagged_name(name) if hxl else name
    return metadata_name(name) if csvw else name


@blueprint.get("/graph/<name>")
def graph(name: str) -> BaseResponse:
    """See Other: the file of the named graph, in the format that Accept asks for."""
    formats = [each for each in list_formats(GRAPH + name) if each in TRIPLE_FORMATS]
    # A browser, which wants a page above all, gets the first, Turtle where there is one.
    chosen = negotiate((*formats, HTML)).format
    file = _file_of(GRAPH + name, formats[0] if chosen is HTML else chosen)
    return redirect(url_for("dumps.download", name=file), 303)


@blueprint.get("/shapes")
def shapes() -> BaseResponse:
    """See Other: the graph with every `/shapes#...`."""
    return graph("shapes")


def list_formats(graph: str | None) -> list[Format]:
    """The formats in which the release has a graph: of a large one it has few.

    Args:
        graph: see `send_graph`.

    Raises:
        Problem: 404, where the release has no such graph.
    """
    files = compute_once(_files)
    found = [each for each in GRAPH_FORMATS if _file_of(graph, each) in files]
    if found:
        return found
    if graph is None:
        raise Problem(404, f"This release has all graphs in {STEM}.nq alone, below /dumps/.")
    raise Problem(404, f"There is no graph {graph[:200]}; /dumps/ lists them.")


def send_graph(graph: str | None, chosen: Choice) -> Response:
    """The file of a graph under the media type `chosen`.

    A document of triples is also one of quads, whose triples are in the default graph, as the
    Graph Store Protocol has it: https://www.w3.org/TR/sparql11-http-rdf-update/#http-get

    Args:
        graph: the IRI of a named graph; None for the default graph, the merge of the current ones.
        chosen: one of `list_formats`.
    """
    known = compute_once(_files)[_file_of(graph, chosen.format)]
    stem = STEM if graph is None else f"{STEM}-{graph.removeprefix(GRAPH)}"
    response = _send(known, chosen.content_type, chosen.format.disposition(stem))
    response.headers["Cache-Control"] = CACHED[1].decode()
    return response


def _file_of(graph: str | None, chosen: Format) -> str:
    stem = STEM if graph is None else f"graphs/{graph.removeprefix(GRAPH)}"
    if graph is not None and not graph.startswith(GRAPH):
        return ""
    return f"{stem}.{QUAD_FORMATS.get(chosen, chosen).suffix}"


def send_table(name: str, content_type: str, disposition: str) -> Response:
    """A file of a table, under the media type of the table.

    Of a large one there may be a compressed file alone. It is sent as it is to whoever takes it so,
    and else unpacked on the way, whole.

    Args:
        name: below the folder of the dumps.
        content_type: of what the file holds.
        disposition: the Content-Disposition field.
    """
    known = compute_once(_files)[name]
    if not known.compression:
        return _send(known, content_type, disposition)
    set_rights(get_licensing().of_file(known))
    packed = _takes_gzip()
    if not packed:
        request.environ.pop("HTTP_RANGE", None)
    etag = f"{known.sha256}-{'gzip' if packed else 'unpacked'}"
    dumps = get_served().release.dumps
    response = send_file(dumps, known.name, content_type, etag, disposition)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.headers[UNPACK] = known.compression
        response.headers["Accept-Ranges"] = "none"
    response.vary.add("Accept-Encoding")
    return response


def send_file(folder: Path, name: str, content_type: str, etag: str, disposition: str) -> Response:
    """A file of the release, or the one range of it that the request asks for.

    Args:
        folder: what `name` is below.
        name: a path that the release accounts for.
        content_type: the media type to send it as.
        etag: its strong tag, without quotes.
        disposition: the Content-Disposition field.
    """
    _apply_conditions(etag)
    response = send_from_directory(folder, name, mimetype=content_type, conditional=True, etag=etag)
    response.content_type = content_type
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Content-Disposition"] = disposition
    # By dates, going back to an earlier release would be no change.
    response.headers.pop("Last-Modified", None)
    return response


def _apply_conditions(etag: str) -> None:
    """Decide on the conditions of a request, and leave those that werkzeug decides rightly.

    In the order of https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2, where werkzeug 3.1 looks
    at the range first, takes `If-Match: *` for a tag, and a range of what was changed for one of
    what was not: `test_conditions_on_a_dump` has each.

    Raises:
        Problem: 412.
    """
    wanted, environ = request.if_match, request.environ
    if wanted and not wanted.star_tag and not wanted.is_strong(etag):
        raise Problem(412, "The file is not the one that If-Match names.")
    same = request.headers.get("If-Range", f'"{etag}"') == f'"{etag}"'
    if not same or not _is_one_range() or request.if_none_match.contains_weak(etag):
        environ.pop("HTTP_RANGE", None)
    environ.pop("HTTP_IF_MATCH", None)
    environ.pop("HTTP_IF_MODIFIED_SINCE", None)


def _is_one_range() -> bool:
    return _ONE_RANGE.fullmatch(request.environ.get("HTTP_RANGE", "")) is not None


def _takes_gzip() -> bool:
    return request.accept_encodings.best_match(("gzip", "identity")) == "gzip"


def _send(file: File, content_type: str, disposition: str) -> Response:
    set_rights(get_licensing().of_file(file))
    sent, etag = file, file.sha256
    if content_type != _content_type(file):
        # Two representations of one address never share a strong tag (RFC 9110, section 8.8.3).
        etag += "-" + essence(content_type).rpartition("/")[2]
    packed = compute_once(_files).get(f"{file.name}.gz")
    whole = not _is_one_range()
    if packed and whole and file.bytes > _LARGE and _takes_gzip():
        sent, etag = packed, f"{etag}-gzip"
    response = send_file(get_served().release.dumps, sent.name, content_type, etag, disposition)
    if sent is not file:
        response.headers["Content-Encoding"] = "gzip"
    if packed is not None:
        response.vary.add("Accept-Encoding")
    return response
