"""`/dumps/` and `/graph/`: the files of the release, as they were written."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, send_from_directory, url_for
from werkzeug.wrappers import Response as BaseResponse

from kzgraph.problem import Problem
from kzgraph_server.served import served

_CHECKSUMS = "SHA256SUMS"
_MANIFEST = "manifest.json"

#: Extension to media type; the first that fits.
_MEDIA_TYPES = {
    ".gz": "application/gzip",
    ".ttl": "text/turtle; charset=utf-8",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".json": "application/json",
}

blueprint = Blueprint("dumps", __name__)


@dataclass(frozen=True)
class DumpFile:
    """A file of the release: its name below `dumps/`, size in bytes and SHA-256 in hex."""

    name: str
    size: int
    sha256: str | None

    @property
    def media_type(self) -> str:
        """What it is sent as."""
        return _MEDIA_TYPES.get(Path(self.name).suffix, "text/plain; charset=utf-8")


@lru_cache(maxsize=4)
def files(folder: Path) -> dict[str, DumpFile]:
    """The files in the `dumps/` folder of a release that it accounts for, by name.

    `SHA256SUMS` names them all but itself. A release never changes, so this is read once.
    """
    found = {}
    for line in (folder / _CHECKSUMS).read_text("utf-8").splitlines():
        digest, _, name = line.partition(" ")
        name = name.strip().removeprefix("*")
        if (folder / name).is_file():
            found[name] = DumpFile(name, (folder / name).stat().st_size, digest)
    for name in (_CHECKSUMS, _MANIFEST):
        if name not in found and (folder / name).is_file():
            found[name] = DumpFile(name, (folder / name).stat().st_size, None)
    return found


def _folder() -> Path:
    return served().release.path / "dumps"


@blueprint.get("/dumps/")
def index() -> str:
    """The list of files."""
    every = list(files(_folder()).values())
    whole = [each for each in every if "/" not in each.name]
    graphs = [each for each in every if "/" in each.name]
    return render_template("dumps.html", sections=[("The whole graph", whole), ("Graphs", graphs)])


@blueprint.get("/dumps/<path:name>")
def download(name: str) -> Response:
    """A file; ranges and conditional requests are answered as RFC 9110 has them."""
    known = files(_folder()).get(name)
    if known is None:
        raise Problem(404, "The release has no file of this name; /dumps/ lists them.")
    response = send_from_directory(
        _folder(), name, mimetype=known.media_type, conditional=True, etag=known.sha256 or True
    )
    response.content_type = known.media_type
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@blueprint.get("/graph/<name>")
def graph(name: str) -> BaseResponse:
    """See Other: the Turtle file of the named graph."""
    file = f"graphs/{name}.ttl"
    if file not in files(_folder()):
        raise Problem(404, "The release has no graph of this name; /dumps/ lists them.")
    return redirect(url_for("dumps.download", name=file), 303)


@blueprint.get("/shapes")
def shapes() -> BaseResponse:
    """See Other: the graph in which every `/shapes#...` stands."""
    return graph("shapes")
