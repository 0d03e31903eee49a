"""`/quality/cross-check`: what programs of others make of the same data."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from kzgraph.problem import Problem
from kzgraph.rdf.formats import content_disposition
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.quality.room import blueprint, render
from kzgraph_server.served import Served, get_served


@blueprint.get("/quality/cross-check")
@in_languages
def compare_programs() -> Response:
    """Each comparison: with what, how, how much of it, and what differs."""
    return forget(render("cross_check", checked=read_cross_check(get_served())))


@blueprint.get("/quality/cross-check.json")
def cross_check() -> Response:
    """What other programs made of the same data, where the release was cross-checked."""
    found = read_cross_check(get_served())
    if found is None:
        raise Problem(404, "This release was not cross-checked; /quality says how it was checked.")
    response = forget(jsonify(found))
    response.headers["Content-Disposition"] = content_disposition(
        "kzgraph-cross-check.json", attachment=False
    )
    return response


def forget(response: Response) -> Response:
    """`response`, not to be kept: a cross-check does not belong to the release.

    It may be made later, or again, and no answer from before is to hide it.
    """
    response.headers["Cache-Control"] = "no-store"
    return response


def read_cross_check(now: Served) -> Mapping[str, Any] | None:
    """The outcome of the cross-check of this release; None where there is none."""
    try:
        found = json.loads(now.release.cross_check.read_bytes())
    except (OSError, ValueError):
        return None
    of_this = isinstance(found, dict) and found.get("release") == now.release.version
    return found if of_this and isinstance(found.get("comparisons"), list) else None
