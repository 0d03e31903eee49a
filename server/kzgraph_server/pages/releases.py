"""`/releases/`: the releases of the folder that is served, kept and gone, and what changed.

What is below `/releases/VERSION/` otherwise, the front answers from that release.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from kzgraph.iri import thing
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, Format
from kzgraph.release.history import HistoryDamaged, read_changes
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.kept import Known, find_kept, find_known, list_known
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.change_words import tell_changes, tell_total
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.quality.changed_things import is_listed
from kzgraph_server.pages.quality.validation import count_severities
from kzgraph_server.pages.views import Viewer
from kzgraph_server.served import get_served

JSON = Format("json", "application/json", title="JSON")

blueprint = Blueprint("releases", __name__)


@blueprint.get("/releases/")
@in_languages
def index() -> Response:
    """The releases, as a page or as JSON."""
    known = list_known(get_served().root)
    if negotiate((HTML, JSON)).format is HTML:
        return _fresh(Response(_list(known)))
    document = {
        "current": get_served().release.version,
        "releases": [_describe(each) for each in known],
    }
    return _fresh(jsonify(document))


@blueprint.get("/releases/<version>/")
@in_languages
def show(version: str) -> Response:
    """One release, as a page or as JSON: what it is, what changed with it, and its files."""
    find_kept(get_served().root, version, get_served().site.mount)
    known = find_known(get_served().root, version)
    if negotiate((HTML, JSON)).format is HTML:
        return _fresh(Response(_show(known)))
    return _fresh(jsonify(_describe(known)))


@blueprint.get("/releases/<version>/changes.json")
def changes(version: str) -> Response:
    """What changed with a release, as `kzgraph diff --format json` prints it."""
    root = get_served().root
    found = find_known(root, version).entry
    if found is not None and found.redacted:
        find_kept(root, version, get_served().site.mount)
    if found is None or found.changes is None or not found.changes.path:
        raise Problem(404, f"There is no list of what changed with release {version}.")
    try:
        data = read_changes(root, found.changes)
    except HistoryDamaged:
        raise Problem(500, "The list cannot be read; this is the server's fault.") from None
    return _fresh(Response(data, content_type=JSON.content_type))


def _list(known: list[Known]) -> str:
    """The page of all releases."""
    rows = [
        (each, tell_total(each.entry.changes) if each.entry and each.entry.changes else None)
        for each in known
    ]
    kept = {each.version for each in known if each.release is not None}
    current = get_served().release.version
    return render_template("releases/list.html", rows=rows, kept=kept, current=current)


def _show(known: Known) -> str:
    """The page of a release that is kept."""
    now, entry, release = get_served(), known.entry, known.release
    if release is None:
        raise Problem(410, f"Release {known.version} is no longer kept.")
    dumps = [file for file in sorted(release.files.values()) if file.is_dump]
    changes, viewer = entry.changes if entry else None, Viewer(now.store)
    kept = {each.version for each in list_known(now.root) if each.release is not None}
    return render_template(
        "releases/show.html",
        version=known.version,
        entry=entry,
        current=now.release.version,
        kept=kept,
        counts=release.manifest["counts"],
        validation=count_severities(release.manifest),
        # A document is called as it is now; one that is gone by its short name.
        documents=[
            (each["slug"], viewer.named(thing("document", each["slug"])))
            for each in release.manifest["documents"]
        ],
        changes=changes,
        words=tell_changes(changes, now) if changes else [],
        listed=is_listed(changes),
        files=[
            (is_graph, [file for file in dumps if file.name.startswith("graphs/") == is_graph])
            for is_graph in (False, True)
        ],
    )


def _fresh(response: Response) -> Response:
    """`response`, not to be kept: a release may be taken away before another takes its place."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _describe(known: Known) -> dict[str, Any]:
    entry, release = known.entry, known.release
    addresses = Addresses(get_served().site.public_url)

    def at(path: str) -> str:
        return addresses.at(f"releases/{known.version}/{path}").value

    found: dict[str, Any] = {
        "version": known.version,
        "previous": entry and entry.previous,
        "published": entry and entry.published,
        "kept": release is not None,
        "redacted": entry is not None and entry.redacted,
        "replaced_by": entry and entry.replacement,
        "changes": None,
    }
    if entry is not None and entry.changes is not None:
        found["changes"] = {
            "graphs": [asdict(each) for each in entry.changes.graphs],
            "list": at("changes.json") if entry.changes.path else None,
        }
    if release is not None:
        found |= {
            "address": at(""),
            "sparql": at("sparql"),
            "triples": release.manifest["counts"]["triples"],
            "documents": [each["slug"] for each in release.manifest["documents"]],
            "files": [
                {
                    "address": at(file.path),
                    "media_type": file.media_type,
                    "bytes": file.bytes,
                    "sha256": file.sha256,
                }
                for file in sorted(release.files.values())
                if file.is_dump
            ],
        }
    return found
