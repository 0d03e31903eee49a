"""Answers to batches of queries, and to what else a client asks about things."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from kzgraph.datatypes import DATE, DATE_TIMES, DECIMAL, FLOATS, INTEGERS
from kzgraph.namespaces import Term
from kzgraph.problem import Problem
from kzgraph.reconciling import Candidate, Matcher, Properties, is_thing, list_usual_kinds
from kzgraph.search import Hit, Index
from kzgraph.search.entries import last_segment
from kzgraph_server.pages.reconcile.batch_limits import (
    MOST_SUGGESTED,
    SECONDS,
    SECONDS_OF_QUERY,
    SUGGESTED,
)
from kzgraph_server.pages.reconcile.batch_reading import Query, Wanted
from kzgraph_server.pages.reconcile.described_names import (
    describe_node,
    describe_property,
    find_node,
    get_id,
    get_store,
    list_types,
    name_node,
)
from kzgraph_server.pages.reconcile.service_manifest import CODE, LIMIT, LINKS, WHOLE
from kzgraph_server.pages.views import Viewer

#: Values of this type are things of a type that is offered.
_TYPES_OF_VALUES = {
    "kind": "concept",
    "within": "place",
    "unit-of": "organization",
    "party-to": "legal-instrument",
    "partner-of": "operation",
}


def answer_batch(queries: Mapping[str, Query], matcher: Matcher) -> dict[str, Any]:
    """The results of a batch: section 4.2.

    Args:
        queries: by what the client calls them.
        matcher: of the release.

    Raises:
        Problem: 503, where it takes more than `SECONDS`.
    """
    end = time.monotonic() + SECONDS
    viewer = Viewer(get_store())
    results: dict[str, Any] = {}
    for name, query in queries.items():
        left = end - time.monotonic()
        if left <= 0:
            detail = (
                f"{len(results)} of {len(queries)} queries were answered within {SECONDS:g} "
                "seconds. Ask again, or for fewer at once."
            )
            raise Problem(503, detail, {"Retry-After": "2"})
        found = matcher.match(
            query.text,
            kinds=query.kinds,
            constraints=query.constraints,
            limit=query.limit,
            patience=min(left, SECONDS_OF_QUERY),
        )
        result: dict[str, Any] = {
            "result": [_describe_candidate(each, viewer) for each in found.candidates]
        }
        if not found.complete:
            # There may be others, so nothing matches.
            result["complete"] = False
        results[name] = result
    return results


def _describe_candidate(each: Candidate, viewer: Viewer) -> dict[str, Any]:
    node = NamedNode(each.hit.iri)
    description = describe_node(node, viewer, get_store())
    return {
        "id": get_id(node),
        "name": name_node(node, viewer),
        **({"description": description} if description else {}),
        "type": list_types(each.hit.kind),
        "score": each.score,
        "match": each.match,
        "features": [
            {"id": "name-likeness", "value": round(100 * each.likeness.alike, 1)},
            {"id": "name-level", "value": int(each.likeness.level)},
            {"id": "properties", "value": int(each.fit)},
            {"id": "namesakes", "value": each.namesakes},
        ],
    }


def suggest_entities(
    prefix: str, kinds: frozenset[str] | None, index: Index, cursor: int
) -> Sequence[dict[str, Any]]:
    """Things whose names begin with a text, or that have it for an identifier: section 6.3."""
    viewer = Viewer(get_store())
    wanted = kinds or list_usual_kinds()
    hits: list[Hit] = []
    node = find_node(prefix.strip()) if "/" in prefix else None
    if node is not None and not cursor:
        hits += index.search(node.value, kinds=wanted, limit=1).hits
    if cursor < MOST_SUGGESTED:
        found = index.search(prefix, kinds=wanted, limit=SUGGESTED, offset=cursor).hits
        hits += [each for each in found if each.iri not in {hit.iri for hit in hits}]
    return [_describe_hit(each, viewer) for each in hits]


def _describe_hit(hit: Hit, viewer: Viewer) -> dict[str, Any]:
    node = NamedNode(hit.iri)
    said = [describe_node(node, viewer, get_store())]
    if hit.name is not None and hit.name.language:
        said.append(hit.name.text)
    name = name_node(node, viewer)
    description = "; ".join(each for each in said if each and each != name)
    return {
        "id": get_id(node),
        "name": name,
        **({"description": description} if description else {}),
        "notable": list_types(hit.kind),
    }


def extend(ids: Sequence[str], wanted: Sequence[Wanted], properties: Properties) -> dict[str, Any]:
    """The values that things have: section 7.5."""
    viewer = Viewer(get_store())
    meta = []
    for each in wanted:
        described: dict[str, Any] = describe_property(properties[each.id], viewer)
        if each.id in _TYPES_OF_VALUES:
            described["type"] = {"id": _TYPES_OF_VALUES[each.id]}
        meta.append(described)
    how = [(each, _read_limit(each), _read_links(each)) for each in wanted]
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for identifier in ids:
        node = find_node(identifier)
        rows[identifier] = {
            each.id: []
            if node is None
            else [
                _write_value(value, viewer, code=code)
                for value in list(properties[each.id].read(node))[:most]
            ]
            for each, most, code in how
        }
    return {"meta": meta, "rows": rows}


def _read_limit(wanted: Wanted) -> int | None:
    """How many values there may be; forms send numbers as texts."""
    given = wanted.settings.get(LIMIT) or 0
    try:
        limit = int(given)
    except (TypeError, ValueError, OverflowError):
        limit = -1
    if limit < 0:
        raise Problem(400, f"The setting {LIMIT} is a whole number, and 0 for all values.")
    return limit or None


def _read_links(wanted: Wanted) -> bool:
    given = wanted.settings.get(LINKS, WHOLE)
    if given not in (WHOLE, CODE):
        raise Problem(400, f"The setting {LINKS} is {WHOLE} or {CODE}.")
    return bool(given == CODE)


def _write_value(value: Term, viewer: Viewer, *, code: bool) -> dict[str, Any]:
    """A value as the API has it: section 2.4."""
    if isinstance(value, NamedNode):
        if is_thing(value):
            return {"id": get_id(value), "name": name_node(value, viewer)}
        return {"str": last_segment(value.value) if code else value.value}
    return dict(_write_literal(value)) if isinstance(value, Literal) else {"str": str(value)}


def _write_literal(value: Literal) -> Iterator[tuple[str, Any]]:
    datatype, text = value.datatype.value, value.value
    if datatype in INTEGERS:
        yield "int", int(text)
    elif datatype in FLOATS or datatype == DECIMAL:
        yield "float", float(text)
    elif datatype == DATE:
        yield "date", f"{text[:10]}T00:00:00Z"
    elif datatype in DATE_TIMES:
        yield "date", text
    else:
        yield "str", text
