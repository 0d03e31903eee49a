"""`describe`: what a thing is, what is stated about it, and the facts of one class in words."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pyoxigraph import Literal, NamedNode

from kzgraph.prefixes import shorten
from kzgraph_server.assistants.asking_queries import Rows, Term, read_id, select, show_term
from kzgraph_server.assistants.fact_wording import FACT_SCHEMA, word_facts
from kzgraph_server.assistants.finding import find_properties
from kzgraph_server.assistants.outcomes import Outcome, ToolRefusal, object_of, result_of
from kzgraph_server.assistants.release_vocabulary import (
    Vocabulary,
    expand,
    is_subject,
    read_vocabulary,
)
from kzgraph_server.assistants.site_access import Request, Site
from kzgraph_server.assistants.tools import Tool

#: Facts of one class that are told at a time.
_PAGE = 20
_MOST_PAGES = 500
_MOST_VALUES = 8
#: Said from the other side as well, hundreds of times for a country or a code.
_INVERSE = "kzg:scopeOf, kzg:quantityOf, kzg:states, skos:narrower, skos:hasTopConcept"
#: What the sentence of a fact has already, or what is for programs.
_TOLD = {"rdfs:label", "skos:prefLabel", "dcterms:temporal", "prov:hadPrimarySource"} | {
    f"kzg:{name}"
    for name in (
        *("searchText", "gYear", "firstYear", "lastYear", "date", "context", "row"),
        *("value", "hedge", "bound", "caveat", "evidence", "availability"),
    )
}
#: Classes, and the text of an example query.
_ALSO = {"rdf:type", "sh:select", "sh:ask"}
_SAID = "SELECT ?property ?value ?label WHERE {{ <{iri}> ?property ?value . FILTER(?property NOT IN ({inverse})) OPTIONAL {{ ?value rdfs:label ?label . FILTER(LANG(?label) = 'en') }} }} LIMIT 400"  # noqa: E501
#: Of a country or a code official tables have any number of cells: so many things are looked at.
_MOST_COUNTED = 20_000
_COUNTED = """SELECT ?class (COUNT(?thing) AS ?count) WHERE {{
  {{ SELECT DISTINCT ?thing WHERE {{ ?thing ?property <{iri}> }} LIMIT {most} }}
  ?thing a ?class . FILTER(STRSTARTS(STR(?class), STR(kzg:)))
}} GROUP BY ?class ORDER BY DESC(?count) ?class"""
#: What a figure consists of, is set beside, or is computed from, and what is computed from it.
_RELATED = """SELECT DISTINCT ?other WHERE {{
  {{ <{iri}> kzg:hasComponent|kzg:comparedWith|prov:wasDerivedFrom|kzg:chosenInstead ?other }}
  UNION {{ ?other prov:wasDerivedFrom <{iri}> ; a kzg:Figure }}
}} ORDER BY ?other LIMIT 12"""
_NOTES = """SELECT ?note ?label ?text ?confidence WHERE {{
  <{iri}> kzg:caveat ?note . ?note rdfs:label ?label ; dcterms:description ?text .
  FILTER(LANG(?text) = "en" && LANG(?label) = "en")
  OPTIONAL {{ ?note kzg:confidence/skos:prefLabel ?confidence . FILTER(LANG(?confidence) = "en") }}
}} ORDER BY ?note"""
#: What names a thing is rarer than what is of a class, so it comes first: docs/endpoint.md.
_LISTED = """SELECT DISTINCT ?thing ?label WHERE {{
  ?thing {about}a <{of_class}> .
  OPTIONAL {{ ?thing kzg:year ?year }}
  OPTIONAL {{ ?thing rdfs:label ?label . FILTER(LANG(?label) = "en") }}
}} ORDER BY DESC(?year) ?thing OFFSET {offset} LIMIT {limit}"""


async def _run(site: Site, arguments: Mapping[str, Any]) -> Outcome:
    iri = read_id(arguments["id"]) if "id" in arguments else ""
    vocabulary = await read_vocabulary(site)
    if "kind" in arguments:
        return await _list(site, vocabulary, iri, arguments["kind"], arguments.get("page", 1))
    if not iri:
        raise ToolRefusal("`describe` needs an `id` (country:KAZ), a `kind` (kzg:Pledge), or both.")
    return await _describe(site, vocabulary, iri)


async def _describe(site: Site, vocabulary: Vocabulary, iri: str) -> Outcome:
    said = await select(site, _SAID.format(iri=iri, inverse=_INVERSE), 400)
    if not said.rows:
        raise ToolRefusal(await _suggest(site, iri))
    worded = (await word_facts(site, [iri])).get(iri)
    outcome = Outcome({"id": shorten(iri), "iri": iri, "labels": {}, "said": []})
    _tell_names(outcome, said)
    if worded is not None:
        outcome.data["fact"] = dict(worded.data)
        outcome.say("In words, to be repeated whole:")
        outcome.quote(worded.sentence)
        await _tell_related(site, outcome, iri)
    else:
        properties = find_properties(iri, vocabulary)
        if properties:
            outcome.say("Properties that lead to it in a query:")
            outcome.quote(", ".join(properties[:6]))
        outcome.data["properties"] = properties
    await _tell_notes(site, outcome, iri)
    _tell_properties(outcome, said)
    await _count_facts(site, outcome, iri)
    return outcome


def _tell_names(outcome: Outcome, said: Rows) -> None:
    for name, value, _ in said.rows:
        if shorten(name.value) == "rdfs:label" and isinstance(value, Literal):
            outcome.data["labels"].setdefault(value.language or "", value.value)
    labels = outcome.data["labels"]
    names = " / ".join(f"{labels[each]} ({each})" for each in sorted(labels)) or "no label"
    outcome.quote(f"{names}; id {outcome.data['id']}")


async def _tell_notes(site: Site, outcome: Outcome, iri: str) -> None:
    notes = await select(site, _NOTES.format(iri=iri), 20)
    if not notes.rows:
        return
    outcome.data["notes"] = [
        {
            "id": show_term(note),
            "label": label.value,
            "text": text.value,
            "confidence": confidence.value if confidence is not None else "not stated",
        }
        for note, label, text, confidence in notes.rows
    ]
    outcome.say("Notes of the project on it, its own reading and not the document's:")
    for each in outcome.data["notes"]:
        told = f"{each['label']}: {each['text']}"
        outcome.quote(f"{told} (confidence: {each['confidence']}; id {each['id']})")


async def _tell_related(site: Site, outcome: Outcome, iri: str) -> None:
    related = await select(site, _RELATED.format(iri=iri), 12)
    facts = await word_facts(site, (each.value for (each,) in related.rows))
    if not facts:
        return
    outcome.data["related"] = [dict(each.data) for each in facts.values()]
    outcome.say("Its parts, what it is set beside, computed from, or what is computed from it:")
    outcome.quote(*(each.sentence for each in facts.values()))


def _tell_properties(outcome: Outcome, said: Rows) -> None:
    values: dict[str, list[str]] = {}
    for name, value, label in said.rows:
        known = shorten(name.value)
        if _is_shown(known, value):
            values.setdefault(known, []).append(_show(value, label))
    outcome.say("What is said of it:")
    for known, shown in sorted(values.items(), key=lambda pair: not pair[0].startswith("kzg:")):
        kept = list(dict.fromkeys(shown))
        outcome.data["said"].append({"property": known, "values": kept[:_MOST_VALUES]})
        more = f" and {len(kept) - _MOST_VALUES} more" if len(kept) > _MOST_VALUES else ""
        outcome.quote(f"{known}: {'; '.join(kept[:_MOST_VALUES])}{more}")


def _is_shown(name: str, value: Term) -> bool:
    if name in _TOLD or not (is_subject(name) or name in _ALSO):
        return False
    return not isinstance(value, Literal) or value.language in (None, "en")


def _show(value: Term, label: Term) -> str:
    if label is not None and isinstance(value, NamedNode):
        return f"{label.value} ({shorten(value.value)})"
    return value.value if isinstance(value, Literal) else show_term(value)


async def _count_facts(site: Site, outcome: Outcome, iri: str) -> None:
    counted = await select(site, _COUNTED.format(iri=iri, most=_MOST_COUNTED), 60)
    outcome.data["facts"] = [
        {"kind": shorten(each.value), "count": int(count.value)} for each, count in counted.rows
    ]
    if not counted.rows:
        return
    outcome.say("What names it, by class; `kind` with this `id` lists them, each as a sentence:")
    outcome.quote(", ".join(f"{each['kind']} {each['count']}" for each in outcome.data["facts"]))


async def _list(site: Site, vocabulary: Vocabulary, iri: str, kind: str, page: int) -> Outcome:
    of_class = _read_class(vocabulary, kind)
    listed = await select(
        site,
        _LISTED.format(
            of_class=expand(of_class),
            about=f"?property <{iri}> ; " if iri else "",
            offset=(page - 1) * _PAGE,
            limit=_PAGE + 1,
        ),
        _PAGE + 1,
    )
    things = {each.value: label.value if label else "" for each, label in listed.rows[:_PAGE]}
    facts = await word_facts(site, things)
    more = len(listed.rows) > _PAGE
    outcome = Outcome({"kind": of_class, "page": page, "more": more, "things": []})
    if iri:
        outcome.data["id"] = shorten(iri)
    if not things:
        about = f" names {shorten(iri)}" if iri else " is there"
        rest = " on this page" if page > 1 else ""
        outcome.say(f"Nothing of the class{rest} that was asked for{about}.")
    for each, label in things.items():
        worded = facts.get(each)
        thing: dict[str, Any] = {"id": shorten(each), "iri": each, "label": label}
        if worded is not None:
            thing["fact"] = dict(worded.data)
        outcome.data["things"].append(thing)
        outcome.quote(worded.sentence if worded else f"{label or each} (id {thing['id']})")
    if more:
        outcome.say(f"There are more: `page` {page + 1} has the next.")
    return outcome


def _read_class(vocabulary: Vocabulary, kind: str) -> str:
    """The name of a class with its prefix.

    Raises:
        ToolRefusal: there is no such class; the message has the nearest.
    """
    names = [each["name"] for each in vocabulary.classes if is_subject(each["name"])]
    for name in (kind, f"kzg:{kind}"):
        if name in names:
            return name
    locals_of = {each.partition(":")[2].lower(): each for each in reversed(names)}
    wanted = kind.partition(":")[2].lower() or kind.lower()
    near = [locals_of[each] for each in get_close_matches(wanted, locals_of, 4, 0.5)]
    advice = f" Nearest: {', '.join(near)}." if near else ""
    raise ToolRefusal(
        f"This release has no class of that name.{advice} `schema` lists all classes."
    )


async def _suggest(site: Site, iri: str) -> str:
    """That nothing is said of a thing, and which there are of a similar name."""
    told = f"Nothing is said of {shorten(iri)} in this release."
    words = " ".join(iri.rstrip("/").rpartition("/")[2].replace("-", " ").split("_"))[:100]
    reply = await site.send(Request("/search", {"q": words, "format": "json"}))
    near = reply.json["hits"][:3] if reply.status == 200 else []
    named = ", ".join(shorten(each["iri"]) for each in near)
    return f"{told} Similar: {named}." if named else f"{told} `search` finds ids."


_THING = object_of(
    {"id": {"type": "string"}, "iri": {"type": "string"}, "label": {"type": "string"}},
    {"fact": FACT_SCHEMA},
)
_COUNT = object_of({"kind": {"type": "string"}, "count": {"type": "integer"}})


def _texts(names: Iterable[str]) -> dict[str, Any]:
    return {each: {"type": "string"} for each in names}


DESCRIBE = Tool(
    "describe",
    "Describe a thing, or list the facts about it",
    "With an `id`: what the thing is, its names in three languages, what is said of it, and how "
    "many facts of each class name it; of a figure or another fact the sentence to repeat, the "
    "project's notes on it, its parts and what it is compared with. With `kind` as well: the facts "
    "of that class that name the thing, each as a sentence, so that `country:KAZ` with "
    "`kzg:Pledge` lists what Kazakhstan pledged, and a document with `kzg:Statement` what it says "
    "in words. With `kind` alone: everything of that class. Take this for who, which and what; "
    "take `query` to look up, compare or add up numbers.",
    {
        "id": {
            "type": "string",
            "minLength": 3,
            "maxLength": 500,
            "description": "An id as `search` gives it.",
            "examples": ["country:KAZ", "population-group:STA", "document/fact-sheet-2024"],
        },
        "kind": {
            "type": "string",
            "minLength": 2,
            "maxLength": 80,
            "description": "A class that `schema` lists.",
            "examples": ["kzg:Pledge", "kzg:Partnership", "foaf:Document"],
        },
        "page": {
            "type": "integer",
            "minimum": 1,
            "maximum": _MOST_PAGES,
            "default": 1,
            "examples": [1],
        },
    },
    result_of(
        {},
        {
            **_texts(("id", "iri", "kind")),
            "labels": {"type": "object"},
            "fact": FACT_SCHEMA,
            "related": {"type": "array", "items": FACT_SCHEMA},
            "notes": {
                "type": "array",
                "items": object_of(_texts(("id", "label", "text", "confidence"))),
            },
            "said": {
                "type": "array",
                "items": object_of(
                    {
                        "property": {"type": "string"},
                        "values": {"type": "array", "items": {"type": "string"}},
                    }
                ),
            },
            "facts": {"type": "array", "items": _COUNT},
            "properties": {"type": "array", "items": {"type": "string"}},
            "page": {"type": "integer"},
            "more": {"type": "boolean"},
            "things": {"type": "array", "items": _THING},
        },
    ),
    _run,
)
