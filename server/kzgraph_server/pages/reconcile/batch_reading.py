"""What a client asks for, read from JSON that may be anything."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kzgraph.problem import Problem
from kzgraph.reconciling import (
    DEFAULT_LIMIT,
    MOST_CANDIDATES,
    TYPES,
    Constraint,
    Properties,
    Type,
    find_types,
)
from kzgraph_server.pages.reconcile.batch_limits import (
    MOST_CONSTRAINTS,
    MOST_IDS,
    MOST_PROPERTIES,
    MOST_QUERIES,
    MOST_TEXT,
    MOST_VALUES,
)

_STRICT = ("should", "all", "any")
_MEMBERS = ("query", "type", "type_strict", "limit", "properties")
#: How much of what is wrong is said again.
_SHOWN = 60


@dataclass(frozen=True)
class Query:
    """A query of a batch: section 4.1.

    Attributes:
        text: what is to be matched; empty where only other columns are given.
        kinds: the classes that things have to be of; None for the usual ones.
        constraints: what other columns say.
        limit: how many candidates there may be.
    """

    text: str
    kinds: frozenset[str] | None
    constraints: tuple[Constraint, ...]
    limit: int


@dataclass(frozen=True)
class Wanted:
    """A property whose values are asked for, and how: section 7.4."""

    id: str
    settings: Mapping[str, Any]


def read_queries(text: str, properties: Properties) -> dict[str, Query]:
    """The queries of a batch, by what the client calls them.

    Raises:
        Problem: 400, or 413 for more than `MOST_QUERIES`.
    """
    batch = _read_object(text, "queries", '{"q0": {"query": "Kazakhstan"}}')
    if len(batch) > MOST_QUERIES:
        raise Problem(413, f"A batch has at most {MOST_QUERIES} queries, not {len(batch)}.")
    return {
        name: _read_query(f"queries.{name[:_SHOWN]}", batch[name], properties) for name in batch
    }


def _read_query(place: str, query: Any, properties: Properties) -> Query:
    if not isinstance(query, dict):
        raise _fault(place, query, 'an object such as {"query": "Kazakhstan"}')
    unknown = next((each for each in query if each not in _MEMBERS), None)
    if unknown is not None:
        raise _fault(place, unknown, f"a member that there is: {', '.join(_MEMBERS)}")
    text = query.get("query", "")
    if not isinstance(text, str):
        raise _fault(f"{place}.query", text, "a text")
    constraints = tuple(_read_constraints(f"{place}.properties", query, properties))
    if not text.strip() and not constraints:
        detail = f"{place} has neither a text in query nor a value in properties to look for."
        raise Problem(400, detail)
    # A longer one is no name; cut, it would be taken for another.
    text = text if len(text) <= MOST_TEXT else ""
    return Query(text, _read_kinds(place, query), constraints, _read_limit(place, query))


def _read_kinds(place: str, query: Mapping[str, Any]) -> frozenset[str] | None:
    """The classes of the types that are asked for: of any of them, or of all."""
    strict = query.get("type_strict", "should")
    if strict not in _STRICT:
        raise _fault(f"{place}.type_strict", strict, f"one of {', '.join(_STRICT)}")
    asked = query.get("type") or []
    names = [asked] if isinstance(asked, str | dict) else asked
    if not isinstance(names, list):
        raise _fault(f"{place}.type", asked, "a type or a list of types")
    kinds = [each.kinds for each in _read_types(f"{place}.type", names)]
    if not kinds:
        return None
    return frozenset.intersection(*kinds) if strict == "all" else frozenset.union(*kinds)


def _read_types(place: str, names: list[Any]) -> tuple[Type, ...]:
    found: list[Type] = []
    for each in names:
        name = each.get("id") if isinstance(each, dict) else each
        try:
            found += find_types([name] if isinstance(name, str) else [""])
        except KeyError:
            known = ", ".join(type_.name for type_ in TYPES)
            raise _fault(place, each, f"one of the types {known}") from None
    return tuple(found)


def read_type(name: str) -> Type | None:
    """The type that a parameter names; None for none.

    Raises:
        Problem: 400.
    """
    return _read_types("type", [name])[0] if name else None


def _read_limit(place: str, query: Mapping[str, Any]) -> int:
    limit = query.get("limit", DEFAULT_LIMIT)
    whole = isinstance(limit, int | float) and not isinstance(limit, bool)
    if not whole or not limit >= 1 or limit % 1:
        raise _fault(f"{place}.limit", limit, "a whole number from 1")
    return min(int(limit), MOST_CANDIDATES)


def _read_constraints(
    place: str, query: Mapping[str, Any], properties: Properties
) -> Iterator[Constraint]:
    """What other columns say; an empty cell says nothing."""
    given = query.get("properties") or []
    if not isinstance(given, list):
        raise _fault(place, given, 'a list such as [{"pid": "kind", "v": "city"}]')
    if len(given) > MOST_CONSTRAINTS:
        raise Problem(400, f"{place} has {len(given)} members; {MOST_CONSTRAINTS} are the most.")
    for number, each in enumerate(given):
        here = f"{place}[{number}]"
        if not isinstance(each, dict) or "pid" not in each or "v" not in each:
            raise _fault(here, each, "an object with pid and v")
        pid, value = each["pid"], each["v"]
        if not isinstance(pid, str) or pid not in properties:
            raise _fault(f"{here}.pid", pid, _say_which(properties))
        values = value if isinstance(value, list) else [value]
        if len(values) > MOST_VALUES:
            raise Problem(400, f"{here}.v has {len(values)} values; {MOST_VALUES} are the most.")
        texts = [_read_value(f"{here}.v", one) for one in values]
        texts = [text for text in texts if text.strip()]
        if texts:
            yield Constraint(properties[pid], texts)


def _read_value(place: str, value: Any) -> str:
    """A value as a text: a number as its digits, a thing as its identifier."""
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return str(value["id"])
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)[: MOST_TEXT * 10]
    raise _fault(place, value, "a text, a number, a truth value, or an object with id")


def read_extension(text: str, properties: Properties) -> tuple[list[str], list[Wanted]]:
    """Which values of which things are asked for.

    Raises:
        Problem: 400, or 413 for too many.
    """
    example = '{"ids": ["country/KAZ"], "properties": [{"id": "wikidata"}]}'
    asked = _read_object(text, "extend", example)
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise _fault("extend.ids", ids, f"a list of identifiers, as in {example}")
    if not isinstance(wanted, list) or not wanted:
        raise _fault("extend.properties", wanted, f"a list of properties, as in {example}")
    if len(ids) > MOST_IDS or len(wanted) > MOST_PROPERTIES:
        detail = f"At most {MOST_IDS} things and {MOST_PROPERTIES} properties are read at once."
        raise Problem(413, detail)
    return list(dict.fromkeys(ids)), [_read_wanted(each, properties) for each in wanted]


def _read_wanted(wanted: Any, properties: Properties) -> Wanted:
    place = "extend.properties"
    name = wanted.get("id") if isinstance(wanted, dict) else None
    if not isinstance(name, str) or name not in properties:
        raise _fault(place, wanted if name is None else name, _say_which(properties))
    settings = wanted.get("settings") or {}
    if not isinstance(settings, dict):
        raise _fault(f"{place}.settings", settings, "an object")
    return Wanted(name, settings)


def _read_object(text: str, name: str, example: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
        # What is asked for is said again: half of a surrogate pair is no character to be written.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise Problem(400, f"{name} is not JSON ({reason}). An example: {example}") from None
    if not isinstance(found, dict):
        raise _fault(name, found, f"an object, such as {example}")
    return found


def _say_which(properties: Properties) -> str:
    return f"one of the properties {', '.join(properties)}"


def _fault(place: str, value: Any, right: str) -> Problem:
    try:
        shown = json.dumps(value, ensure_ascii=False)
    except RecursionError:  # There is less room here than where it was read.
        shown = "nested too deeply"
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    return Problem(400, f"{place} is {shown}; it has to be {right}.")
