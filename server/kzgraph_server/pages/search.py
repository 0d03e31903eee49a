"""`/search`: things by their names, codes and values.

Also what is suggested while one types, and the description by which a browser searches here.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from pyoxigraph import NamedNode

from kzgraph.prefixes import shorten
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, Format
from kzgraph.search import (
    COUNTED,
    Found,
    Hit,
    Index,
    IndexMissing,
    Name,
    name_kind,
    name_kinds,
)
from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.figure_values import Value, ValueReader
from kzgraph_server.pages.kind_names import name_groups
from kzgraph_server.pages.language import get_language, in_languages
from kzgraph_server.pages.paging import Paging, read_number
from kzgraph_server.pages.views import View, Viewer, address
from kzgraph_server.served import get_served

JSON = Format("json", "application/json", title="JSON")
#: https://github.com/dewitt/opensearch/blob/master/mediawiki/Specifications/OpenSearch/Extensions/Suggestions/1.1/Draft%201.wiki
SUGGESTIONS = "application/x-suggestions+json"
OPENSEARCH = "application/opensearchdescription+xml"

#: Hits on a page, and suggestions for what was typed.
ROWS, SUGGESTED = 20, 8

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True)
class Shown:
    """A hit as the page shows it.

    Attributes:
        view: the thing, under its name in the language of the page.
        value: of a figure, its number and what that must not go without.
        other: the name by which it was found, where that is another than the one shown.
        hit: what was found.
        short: the name of the thing in queries, where another on the page is called the same.
    """

    view: View
    value: Value | None
    other: Name | None
    hit: Hit
    short: str = ""


@dataclass(frozen=True)
class Group:
    """Hits of one kind.

    Attributes:
        kind: as addresses call it.
        heading: what the page calls it.
        total: how many there are of it, on all pages together.
        hits: those on this page.
    """

    kind: str
    heading: str
    total: int
    hits: list[Shown]


@blueprint.get("/search")
@in_languages
def find() -> Response:
    """Things that are called as was asked, as a page or as JSON."""
    chosen = negotiate((HTML, JSON))
    query, kinds = request.args.get("q", "").strip(), _read_kinds()
    number = read_number()
    found = get_index().search(
        query, kinds=name_kinds(kinds), limit=ROWS, offset=(number - 1) * ROWS
    )
    paging = Paging(number, found.ranked, ROWS)
    if number > paging.last:
        raise Problem(404, f"The list has {paging.last} pages; {number} is beyond.")
    if chosen.format is JSON:
        body = json.dumps(_describe(query, found, paging), ensure_ascii=False) + "\n"
        return _answer(body, JSON.content_type, found)
    viewer = Viewer(get_served().store)
    values = ValueReader(get_served().store, viewer)
    shown = _tell_apart([_show(hit, viewer, values) for hit in found.hits])
    text = render_template(
        "search/results.html",
        query=query,
        found=found,
        reading=found.reading,
        paging=paging,
        groups=_group(shown, found),
        chosen_kinds=kinds,
        facets=_list_facets(found),
        counted=COUNTED,
        alternative=url_for("search.find", q=query, kind=kinds, format=JSON.name),
    )
    return _answer(text, HTML.content_type, found)


@blueprint.get("/search/suggest")
@in_languages
def suggest() -> Response:
    """Names that begin as was typed, in the form of OpenSearch, with the addresses of the pages."""
    query = request.args.get("q", "")
    found = get_index().search(query, limit=SUGGESTED)
    groups = name_groups()
    rows: dict[tuple[str, str], str] = {}
    for hit in found.hits:
        label, name = hit.label(get_language()), hit.name
        # A code or a number tells little by itself.
        telling = name is not None and name.language
        text = name.text if name and telling else label.text if label else hit.iri
        kind = groups[name_kind(NamedNode(hit.kind))]
        said = f"{label.text} ({kind})" if label and label.text != text else kind
        rows.setdefault((text, said), address(NamedNode(hit.iri)) or hit.iri)
    body = [query, [text for text, _said in rows], [said for _text, said in rows], [*rows.values()]]
    return _answer(json.dumps(body, ensure_ascii=False) + "\n", SUGGESTIONS, found)


@blueprint.get("/opensearch.xml")
@in_languages
def describe() -> Response:
    """How a browser searches here: OpenSearch 1.1."""
    public = Addresses(get_served().settings.public_url)
    root = url_for("home.overview", _language="en")

    def template(endpoint: str) -> str:
        return public.at(url_for(endpoint).removeprefix(root)).value

    text = render_template(
        "search/opensearch.xml",
        page=template("search.find"),
        suggestions=template("search.suggest"),
        media_types={"suggestions": SUGGESTIONS, "json": JSON.media_type, "html": HTML.media_type},
    )
    return Response(text, content_type=OPENSEARCH)


def _answer(body: str, content_type: str, found: Found) -> Response:
    """A response, which is not kept where time ran out: asked again, there may be more."""
    response = Response(body, content_type=content_type)
    if not found.complete:
        response.headers["Cache-Control"] = "no-store"
    return response


def get_index() -> Index:
    """The index of the release.

    Raises:
        Problem: 501, where it has none.
    """
    try:
        return get_served().release.index
    except IndexMissing as error:
        raise Problem(
            501,
            f"This release cannot be searched: {error}. Its data can be queried at /sparql.",
        ) from None


def _read_kinds() -> list[str]:
    """The kinds that are asked for, as addresses call them.

    Raises:
        Problem: 400, where there is no such kind.
    """
    asked = list(dict.fromkeys(filter(None, request.args.getlist("kind"))))
    unknown = [each for each in asked if each not in name_groups()]
    if unknown:
        known = ", ".join(name_groups())
        raise Problem(400, f"There is no kind {unknown[0][:40]!r}. There are: {known}.")
    return asked


def _show(hit: Hit, viewer: Viewer, values: ValueReader) -> Shown:
    node = NamedNode(hit.iri)
    view = viewer.named(node)
    differs = hit.name is not None and hit.name.text.casefold() != view.text.casefold()
    return Shown(view, values.read(node), hit.name if differs else None, hit)


def _tell_apart(shown: list[Shown]) -> list[Shown]:
    """Hits, those of one name with what they are called in queries."""
    texts = Counter(each.view.text for each in shown)
    return [
        replace(each, short=shorten(each.hit.iri)) if texts[each.view.text] > 1 else each
        for each in shown
    ]


def _group(shown: Iterable[Shown], found: Found) -> list[Group]:
    """Hits by kind, the kind of the best hit first."""
    groups: dict[str, Group] = {}
    headings = name_groups()
    for each in shown:
        iri = each.hit.kind
        name = name_kind(NamedNode(iri))
        group = groups.setdefault(name, Group(name, headings[name], found.kinds.get(iri, 0), []))
        group.hits.append(each)
    return list(groups.values())


def _list_facets(found: Found) -> list[tuple[str, str, int]]:
    """The kinds of what was found: name, heading and number of each, most first."""
    headings = name_groups()
    names = ((name_kind(NamedNode(iri)), number) for iri, number in found.kinds.items())
    return [(name, headings[name], number) for name, number in names]


def _describe(query: str, found: Found, paging: Paging) -> dict[str, Any]:
    """What a program gets; `docs/search.md` says what each member means."""
    viewer = Viewer(get_served().store)
    values = ValueReader(get_served().store, viewer)
    return {
        "query": query,
        "release": get_served().release.version,
        "total": found.total,
        "counted_to": COUNTED,
        "complete": found.complete,
        "page": paging.number,
        "pages": paging.last,
        "reading": asdict(found.reading),
        "kinds": [
            {"kind": name_kind(NamedNode(iri)), "class": iri, "total": number}
            for iri, number in found.kinds.items()
        ],
        "hits": [_describe_hit(hit, values) for hit in found.hits],
    }


def _describe_hit(hit: Hit, values: ValueReader) -> dict[str, Any]:
    value = values.read(NamedNode(hit.iri))
    described: dict[str, Any] = {
        "iri": hit.iri,
        "page": address(NamedNode(hit.iri)),
        "kind": name_kind(NamedNode(hit.kind)),
        "match": hit.match,
        "score": hit.score,
        "labels": {name.language: name.text for name in hit.labels},
        "name": _describe_name(hit.name),
    }
    if value is not None:
        described["value"] = dict(_describe_value(value))
    return described


def _describe_name(name: Name | None) -> dict[str, str] | None:
    return None if name is None else {"text": name.text, "language": name.language}


def _describe_value(value: Value) -> Iterator[tuple[str, Any]]:
    for member in ("number", "least", "most"):
        yield member, _write_number(getattr(value, member))
    for member in ("unit", "bound", "status", "availability", "scope", "time"):
        view: View | None = getattr(value, member)
        yield member, None if view is None else view.iri
    yield "hedge", None if value.hedge is None else value.hedge.text
    yield "year", value.year
    yield "kind", value.kind.value
    yield "text", value.amount


def _write_number(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
