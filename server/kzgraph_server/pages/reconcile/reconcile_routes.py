"""The addresses below `/reconcile`, each in English, Russian and Kazakh."""

import json
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kzgraph.iri import ID
from kzgraph.problem import Problem
from kzgraph.reconciling import TYPES, Matcher
from kzgraph.search import Hit
from kzgraph_server.headers import EMBEDDED_POLICY
from kzgraph_server.negotiate import FORM, read_one
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.reconcile.answering import answer_batch, extend, suggest_entities
from kzgraph_server.pages.reconcile.batch_limits import MOST_PROPOSED, MOST_SUGGESTED, RECONCILE
from kzgraph_server.pages.reconcile.batch_reading import read_extension, read_queries, read_type
from kzgraph_server.pages.reconcile.described_names import (
    describe_node,
    describe_property,
    describe_type,
    get_properties,
    get_store,
    is_offered,
    other_names,
)
from kzgraph_server.pages.reconcile.service_manifest import locate, make_manifest
from kzgraph_server.pages.search import get_index
from kzgraph_server.pages.things import find_thing
from kzgraph_server.pages.views import Viewer
from kzgraph_server.served import Served, compute_once

JSON = "application/json"

#: Names of a thing in its preview.
_MOST_NAMES = 12
#: Why old clients get no script. Versions of OpenRefine from 3.3 on, of January 2020, read JSON.
_NO_CALLBACK = (
    "There is no JSONP here: a script made on request would run on the pages of this host too. "
    "Every answer may be read by pages of other hosts (CORS); OpenRefine does so from version 3.3 "
    "on. Leave out the parameter callback."
)

blueprint = Blueprint("reconcile", __name__)


@blueprint.before_request
def _refuse_callback() -> None:
    if "callback" in request.args:
        raise Problem(400, _NO_CALLBACK)


@blueprint.get(RECONCILE)
@in_languages
def show() -> Response:
    """The manifest, or the answer to what is in a parameter."""
    queries, wanted = (_read(request.args.getlist(each), each) for each in ("queries", "extend"))
    if queries is None and wanted is None:
        return _answer(make_manifest())
    return _answer_either(queries, wanted)


@blueprint.post(RECONCILE)
@in_languages
def ask() -> Response:
    """The answer to what is in a form."""
    if request.mimetype != FORM:
        detail = f"A batch is sent as a form, {FORM}, with queries or extend in it."
        raise Problem(415, detail, {"Accept-Post": FORM})
    queries, wanted = (_read(request.form.getlist(each), each) for each in ("queries", "extend"))
    if queries is None and wanted is None:
        raise Problem(400, "The form has neither queries nor extend.")
    response = _answer_either(queries, wanted)
    response.headers["Cache-Control"] = "no-store"
    return response


def _read(values: list[str], name: str) -> str | None:
    """The value of a parameter that is there once; None where it is not there."""
    value = read_one(name, values)
    if values and not value:
        raise Problem(400, f"{name} is empty; it is JSON, and without it there is the manifest.")
    return value


def _answer_either(queries: str | None, wanted: str | None) -> Response:
    if queries is not None and wanted is not None:
        raise Problem(400, "A request has queries or extend, and not both.")
    properties = get_properties()
    if wanted is not None:
        return _answer(extend(*read_extension(wanted, properties), properties))
    results = answer_batch(read_queries(queries or "", properties), _get_matcher())
    response = _answer(results)
    if any("complete" in each for each in results.values()):
        response.headers["Cache-Control"] = "no-store"
    return response


def _get_matcher() -> Matcher:
    get_index()  # Says why there is none.
    return compute_once(_make_matcher)


def _make_matcher(served: Served) -> Matcher:
    return Matcher(served.release.index, served.store)


@blueprint.get(f"{RECONCILE}/view")
@in_languages
def view() -> BaseResponse:
    """See Other: the page of a thing."""
    find_thing(_id())
    return redirect(url_for("things.page", path=_id()), 303)


@blueprint.get(f"{RECONCILE}/preview")
@in_languages
def preview() -> Response:
    """A thing in short, to stand in a frame: section 5."""
    page = url_for("things.page", path=_id())
    text = render_template("reconcile/preview.html", **_summarize(find_thing(_id())), page=page)
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = EMBEDDED_POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _id() -> str:
    return request.args.get("id", "").removeprefix(ID)


def _summarize(node: NamedNode) -> dict[str, Any]:
    """What a preview shows."""
    viewer = Viewer(get_store())
    hit: Hit | None = next(iter(get_index().search(node.value, limit=1).hits), None)
    if hit is None or not is_offered(hit.kind):
        raise Problem(404, "Names are not matched with things of this kind.")
    names = dict.fromkeys(other_names(hit, viewer))
    return {
        "title": viewer.named(node),
        "description": describe_node(node, viewer, get_store()),
        "names": list(names)[:_MOST_NAMES],
    }


@blueprint.get(f"{RECONCILE}/suggest/<what>")
@in_languages
def suggest(what: str) -> Response:
    """Things, types or properties that are called as was typed so far: section 6.3."""
    type_ = read_type(request.args.get("type", ""))
    if what == "entity":
        kinds = type_.kinds if type_ else None
        prefix = request.args.get("prefix", "")
        return _answer({"result": suggest_entities(prefix, kinds, get_index(), _cursor())})
    return _answer({"result": _list_called(_list_words(what))})


def _list_words(what: str) -> list[dict[str, Any]]:
    """The types or the properties.

    Raises:
        Problem: 404, for anything else.
    """
    if what == "type":
        return [describe_type(each) for each in TYPES]
    if what == "property":
        return _list_properties()
    raise Problem(404, f"There is entity, type and property, and not {what[:60]}.")


def _list_called(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of which the identifier, or a word of the name, begins with what was typed."""
    wanted = request.args.get("prefix", "").casefold().strip()
    found = [
        each
        for each in items
        if f" {wanted}" in f" {each['name'].casefold()}" or each["id"].casefold().startswith(wanted)
    ]
    return found[_cursor() :]


@blueprint.get(f"{RECONCILE}/properties")
@in_languages
def propose() -> Response:
    """Properties that things of a type have: section 7.2."""
    type_ = read_type(request.args.get("type", ""))
    limit = _read_whole("limit", MOST_PROPOSED)
    found = _list_properties()
    if type_ is not None:
        had = compute_once(_find_had)[type_.name]
        found = [each for each in found if each["id"] in had]
    answer: dict[str, Any] = {"properties": found[:limit]}
    if type_ is not None:
        answer["type"] = type_.name
    if limit is not None:
        answer["limit"] = limit
    return _answer(answer)


def _list_properties() -> list[dict[str, Any]]:
    viewer = Viewer(get_store())
    return [dict(describe_property(each, viewer)) for each in get_properties().values()]


#: Things of a type that are asked which properties they have: the most prominent.
_ASKED = 200


def _find_had(served: Served) -> dict[str, set[str]]:
    """The properties that things of each type have."""
    found: dict[str, set[str]] = {}
    for type_ in TYPES:
        hits = [hit for kind in type_.kinds for hit in served.release.index.list_hits(kind, _ASKED)]
        found[type_.name] = {
            name
            for name, each in get_properties().items()
            if any(next(each.read(NamedNode(hit.iri)), None) is not None for hit in hits)
        }
    return found


@blueprint.get(f"{RECONCILE}/flyout/<what>")
@in_languages
def show_flyout(what: str) -> Response:
    """A thing, a type or a property in short, to be shown beside a suggestion: section 6.5."""
    asked = request.args.get("id", "")
    if what == "entity":
        # What stands on a page of another host leads back to this one.
        page = locate("things.page", path=_id())
        shown = _summarize(find_thing(_id()))
        text = render_template("reconcile/summary.html", **shown, page=page)
        return _answer({"id": asked, "html": text})
    found = next((each for each in _list_words(what) if each["id"] == asked), None)
    if found is None:
        raise Problem(404, f"There is no {what} called {asked[:60]!r}.")
    text = render_template("reconcile/word.html", name=found["name"])
    return _answer({"id": asked, "html": text})


def _cursor() -> int:
    """How many suggestions to leave out."""
    return _read_whole("cursor", MOST_SUGGESTED) or 0


def _read_whole(name: str, most: int) -> int | None:
    """A parameter that is a whole number; None where it is not there.

    Raises:
        Problem: 400.
    """
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        raise Problem(400, f"{name} is a whole number up to {most:,}.")
    return int(text)


def _answer(body: Any) -> Response:
    return Response(json.dumps(body, ensure_ascii=False) + "\n", content_type=JSON)
