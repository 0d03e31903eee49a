"""`/cite/`: the citation of a thing, in the format of its suffix."""

from flask import Blueprint, Response

from kzgraph.citing import RELEASE_FORMATS, TEXT, write_reference
from kzgraph.problem import Problem
from kzgraph_server.pages.citing_things import find_citation, list_formats
from kzgraph_server.pages.things import find_thing

blueprint = Blueprint("citations", __name__)

#: The longest suffix first: one is the end of another.
_BY_SUFFIX = sorted(RELEASE_FORMATS, key=lambda each: -len(each.suffix))


@blueprint.get("/cite/<path:name>")
def show(name: str) -> Response:
    """The citation of the thing whose path is `name` without its suffix."""
    chosen = next((each for each in _BY_SUFFIX if name.endswith(f".{each.suffix}")), None)
    if chosen is None:
        suffixes = ", ".join(f".{each.suffix}" for each in RELEASE_FORMATS)
        raise Problem(404, f"A citation ends in one of {suffixes}.")
    path = name.removesuffix(f".{chosen.suffix}")
    node = find_thing(path)
    reference = find_citation(node)
    if reference is None:
        raise Problem(404, "Only facts, documents and the data set are cited.")
    if chosen not in list_formats(reference):
        raise Problem(404, f"Only the data set, dataset/kzgraph, is cited as {chosen.title}.")
    try:
        body = write_reference(reference, chosen)
    except ValueError as error:
        raise Problem(404, f"There is no such citation: {error}.") from None
    kind = "text/plain; charset=utf-8" if chosen is TEXT else chosen.content_type
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = chosen.disposition(path.replace("/", "-"))
    response.headers.add("Link", f'<{node.value}>; rel="describes"')
    return response
