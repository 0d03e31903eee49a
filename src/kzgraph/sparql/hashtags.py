"""The HXL hashtags of the columns of a SELECT, from what they mean.

https://hxlstandard.org/standard/1-1final/tagging/: a hashtag such as `#country`, refined by
attributes such as `+name` and `+i_en`, which stand in any order. A column without a hashtag has an
empty cell. Which property has which hashtag is data, `ontology/hxl.csv`:

| kind | a row says |
| --- | --- |
| thing | the hashtag of the things that a property leads to; of `rdf:type`, of those of a class |
| name | which attributes a name or code of a thing adds to the thing's hashtag |
| value | the hashtag of a value |
| number | the same of the numbers of figures; without a property, of each of them |

`where` has conditions, all of which must hold: a property, a property and the code or class that it
has, or a hashtag for the thing's. The first hashtag of a property counts; attributes add up.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kzgraph.namespaces import TYPE
from kzgraph.prefixes import PREFIXES
from kzgraph.resources import folder
from kzgraph.sparql.meaning import Claims, Facts, Meaning, Step

#: The table, in the folder `ontology`.
TABLE = "hxl.csv"

#: What stands for a column that counts the solutions of a group.
_COUNT = "#meta+count"
_IDENTIFIER = "id"
#: How a condition names the datatype that a query asks for.
_DATATYPE = PREFIXES["rdf"] + "datatype"
#: Aggregates that are told apart by an attribute; the others give what they are over.
_OF_AGGREGATES = {"MIN": "min", "MAX": "max", "AVG": "avg", "GROUP_CONCAT": "list"}
#: Aggregates under which a name stays a name, and a value that is no number what it is.
_CHOOSING = frozenset({"MIN", "MAX", "SAMPLE"})
_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A hashtag, `#` included, and its attributes, without their `+`."""

    tag: str
    attributes: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Hashtag":
        """The hashtag that is written as `text`; without one, attributes alone."""
        tag, *attributes = text.split("+")
        return cls(tag, tuple(attributes))

    def __str__(self) -> str:
        return "+".join((self.tag, *self.attributes))

    def add(self, *attributes: str) -> "Hashtag":
        """The hashtag with further attributes."""
        return Hashtag(self.tag, tuple(dict.fromkeys((*self.attributes, *attributes))))


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table; its conditions are facts and hashtags."""

    kind: str
    properties: frozenset[str]
    facts: Facts
    hashtags: frozenset[str]
    given: Hashtag


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}"


@cache
def read_rules() -> Mapping[str, Sequence[Rule]]:
    """The rows of the table, by their kind, in order."""
    rules: dict[str, list[Rule]] = {}
    with (folder("ontology") / TABLE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            where = row["where"].split()
            facts = (each.partition("=") for each in where if not each.startswith("#"))
            rule = Rule(
                row["kind"],
                frozenset(map(_iri, row["property"].split())),
                frozenset((_iri(name), value or None) for name, _, value in facts),
                frozenset(each for each in where if each.startswith("#")),
                Hashtag.parse(row["tag"]),
            )
            rules.setdefault(rule.kind, []).append(rule)
    return rules


def tag_columns(names: Iterable[str], meanings: Mapping[str, Claims]) -> list[str]:
    """The hashtag of each column, empty where its meaning cannot be told.

    Args:
        names: of the columns.
        meanings: what is known of them.
    """
    return [str(found) if (found := _tag(meanings.get(name, ()))) else "" for name in names]


def _tag(claims: Claims) -> Hashtag | None:
    """What all that is known of a column has in common."""
    found = [tag for claim in claims if (tag := _common(map(_tag_one, claim))) is not None]
    return _common(found)


def _common(tags: Iterable[Hashtag | None]) -> Hashtag | None:
    """The hashtag of all `tags` with the attributes that each of them has; nothing if they differ.

    >>> str(_common(map(Hashtag.parse, ("#country+name+i_en", "#country+i_ru+name"))))
    '#country+name'
    """
    common: Hashtag | None = None
    for tag in tags:
        if tag is None or (common is not None and tag.tag != common.tag):
            return None
        kept = tag if common is None else common
        common = Hashtag(tag.tag, tuple(a for a in kept.attributes if a in tag.attributes))
    return common


def _tag_one(meaning: Meaning) -> Hashtag | None:
    """The hashtag of what has one meaning."""
    if "COUNT" in meaning.aggregates:
        outer = meaning.aggregates[meaning.aggregates.index("COUNT") + 1 :]
        return Hashtag.parse(_COUNT).add(*_attributes(outer))
    if (found := _number(meaning)) is not None:
        if "GROUP_CONCAT" in meaning.aggregates:
            return None
        return found.add(*_attributes(meaning.aggregates))
    if (found := _match("value", meaning.steps, "")) is not None:
        if not _CHOOSING.issuperset(meaning.aggregates):
            return None
        return found.add(*_attributes(meaning.aggregates))
    if not (_CHOOSING | {"GROUP_CONCAT"}).issuperset(meaning.aggregates):
        return None
    found = _name(meaning)
    if found is None:
        thing = _thing(meaning.steps, meaning.facts)
        found = thing.add(_IDENTIFIER) if thing is not None else None
    if found is not None and "GROUP_CONCAT" in meaning.aggregates:
        found = found.add(*_attributes(("GROUP_CONCAT",)))
    return found


def _attributes(aggregates: Iterable[str]) -> Iterator[str]:
    return (_OF_AGGREGATES[name] for name in aggregates if name in _OF_AGGREGATES)


def _number(meaning: Meaning) -> Hashtag | None:
    if not any(meaning.property in rule.properties for rule in read_rules()["number"]):
        return None
    return _match("number", meaning.steps, "")


def _name(meaning: Meaning) -> Hashtag | None:
    """The hashtag of a name or code: that of what it names, and more."""
    if not any(meaning.property in rule.properties for rule in read_rules()["name"]):
        return None
    thing = _thing(meaning.steps[:-1], meaning.steps[-1].facts)
    if thing is None:
        return None
    datatype = meaning.datatype.rpartition("#")[2].rpartition("/")[2]
    known = {(_DATATYPE, datatype)} if datatype else set()
    step = Step(meaning.property, meaning.steps[-1].facts | known)
    found = _match("name", (step,), thing.tag)
    if found is None:
        return None
    language = meaning.language if _LANGUAGE.fullmatch(meaning.language) else ""
    named = thing.add(*found.attributes)
    return named.add(f"i_{language.replace('-', '_')}") if language else named


def _thing(steps: Sequence[Step], facts: Facts) -> Hashtag | None:
    """The hashtag of a thing, by how it is come by, or else by its class."""
    found = _match("thing", steps, "") if steps else None
    return found or _match("thing", (Step(TYPE.value, facts),), "")


def _match(kind: str, steps: Sequence[Step], hashtag: str) -> Hashtag | None:
    """The first hashtag that the rules of a kind give the last of `steps`, with all attributes.

    Args:
        kind: of the rules.
        steps: what leads to a value.
        hashtag: that of the thing, where it is known already; then attributes are enough.
    """
    if not steps:
        return None
    last = steps[-1]
    found = Hashtag(hashtag) if hashtag else None
    attributes: list[str] = []
    matched = False
    for rule in read_rules()[kind]:
        if rule.properties and last.property not in rule.properties:
            continue
        if not rule.facts <= last.facts or not rule.hashtags <= {hashtag}:
            continue
        matched = True
        if found is None and rule.given.tag:
            found = Hashtag(rule.given.tag)
        if rule.given.tag in ("", found.tag if found else ""):
            attributes += rule.given.attributes
    return found.add(*attributes) if found is not None and matched else None
