"""`Link` header fields: https://www.rfc-editor.org/rfc/rfc8288.

Targets are relative, so that they lead to the server that answered, whatever its name.
"""

from collections.abc import Iterable
from typing import Any

from flask import Response, g, request, url_for

from kzgraph.rdf.formats import TRIPLE_FORMATS, Format
from kzgraph_server.headers import links as common_links
from kzgraph_server.licensing import get_rights
from kzgraph_server.served import get_served

#: Endpoints without data, or for clients that do not use links.
_WITHOUT = frozenset({"static", "descriptions.robots_txt"})

#: Endpoints whose answer is available in other formats, by `?format=`.
_ALTERNATES: dict[str, tuple[Format, ...]] = {
    "descriptions.catalog": TRIPLE_FORMATS,
    "descriptions.void": TRIPLE_FORMATS,
    "ontology.show": TRIPLE_FORMATS,
}
#: Where `offer` keeps the formats of an answer.
_OFFERED = "alternates"


def offer(formats: Iterable[Format]) -> None:
    """Say in which formats the answer to this request is available, by `?format=`."""
    setattr(g, _OFFERED, tuple(formats))


def add(response: Response) -> Response:
    """`response` with the fields."""
    endpoint = request.endpoint
    if response.status_code not in (200, 206, 303) or endpoint is None or endpoint in _WITHOUT:
        return response
    mount = get_served().settings.mount
    links = [value.decode() for _, value in common_links(mount, get_rights().links(mount))]
    if endpoint == "descriptions.void":
        links.pop()  # to itself
    if endpoint == "home.overview":
        links.append(_link(url_for("descriptions.catalog"), "describedby"))
    links += _alternates(response, endpoint)
    for link in links:
        response.headers.add("Link", link)
    return response


def _alternates(response: Response, endpoint: str) -> list[str]:
    formats = tuple(g.get(_OFFERED, _ALTERNATES.get(endpoint, ())))
    arguments: dict[str, Any] = dict(request.view_args or {}) | {
        name: request.args[name] for name in ("graph", "default") if name in request.args
    }
    return [
        _link(url_for(endpoint, **arguments, format=each.name), "alternate", each.media_type)
        for each in formats
        if each.media_type != response.mimetype
    ]


def _link(target: str, relation: str, media_type: str = "") -> str:
    kind = f'; type="{media_type}"' if media_type else ""
    return f'<{target}>; rel="{relation}"{kind}'
