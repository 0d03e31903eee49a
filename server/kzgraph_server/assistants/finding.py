"""`search`: things by their names, codes and values."""

from collections.abc import Iterable, Mapping
from typing import Any

from kzgraph.prefixes import shorten, split
from kzgraph.search import KIND_NAMES
from kzgraph_server.assistants.asking_queries import explain_refusal
from kzgraph_server.assistants.fact_wording import FACT_SCHEMA, word_facts
from kzgraph_server.assistants.outcomes import Outcome, ToolRefusal, object_of, result_of
from kzgraph_server.assistants.release_vocabulary import Vocabulary, read_vocabulary
from kzgraph_server.assistants.site_access import Request, Site
from kzgraph_server.assistants.tools import Tool

_MOST_HITS, _HITS = 20, 8
_HIT = object_of(
    {
        "id": {"type": "string", "description": "For `describe`, `cite` and queries."},
        "iri": {"type": "string"},
        "kind": {"type": "string"},
        "match": {"type": "string", "description": "How it was found; `spelling` is a guess."},
        "label": {"type": "string"},
    },
    {
        "labels": {"type": "object", "description": "By language: en, ru, kk."},
        "fact": FACT_SCHEMA,
        "properties": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The properties of a query that lead to it.",
        },
    },
)


async def _run(site: Site, arguments: Mapping[str, Any]) -> Outcome:
    limit, page = arguments.get("limit", _HITS), arguments.get("page", 1)
    parameters = {"q": arguments["text"], "page": str(page), "format": "json"}
    if "kind" in arguments:
        parameters["kind"] = arguments["kind"]
    reply = await site.send(Request("/search", parameters))
    if reply.status != 200:
        raise ToolRefusal(explain_refusal(reply))
    found = reply.json
    hits = found["hits"][:limit]
    facts = await word_facts(site, (each["iri"] for each in hits))
    vocabulary = await read_vocabulary(site)
    outcome = Outcome({"total": found["total"], "page": page, "hits": []})
    _say_reading(outcome, found["reading"], found["complete"])
    if not hits:
        outcome.say("Nothing was found. Try one or two words less, or a name in another language.")
    for each in hits:
        worded = facts.get(each["iri"])
        labels = each["labels"]
        label = labels.get("en") or next(iter(labels.values()), each["iri"])
        about = {
            **{"id": shorten(each["iri"]), "iri": each["iri"], "kind": each["kind"]},
            **{"match": each["match"], "label": label, "labels": labels},
        }
        if worded is not None:
            about["fact"] = dict(worded.data)
        else:
            about["properties"] = find_properties(each["iri"], vocabulary)
        outcome.data["hits"].append(about)
        outcome.quote(worded.sentence if worded else _word_thing(about))
    if found["total"] > len(hits):
        outcome.say(
            f"{len(hits)} of {found['total']:,} hits. A further word, or a `kind`, narrows them "
            "down; `page` turns to the next."
        )
    outcome.say("`describe` tells more of a hit by its id.")
    return outcome


def _say_reading(outcome: Outcome, reading: Mapping[str, Any], complete: bool) -> None:
    """What the search took the text for, where that is not what was typed."""
    if reading["corrected"]:
        outcome.say("Some words are not there and were taken for others; check that they fit:")
        for word, words in reading["corrected"].items():
            outcome.quote(f"{word}: taken for {', '.join(words[:5])}")
    if reading["dropped"]:
        outcome.say("Nothing is like these words, which were left out:")
        outcome.quote(", ".join(reading["dropped"]))
    if reading["partial"]:
        outcome.say("Nothing has all of the words; these have some of them.")
    if not complete:
        outcome.say("There was no time to find everything.")


def find_properties(iri: str, vocabulary: Vocabulary) -> list[str]:
    """The properties that lead to things with the prefix of `iri`; none where it has no prefix."""
    prefix, separator, _ = shorten(iri).partition(":")
    return vocabulary.lead_to(prefix) if separator and split(iri) else []


def _word_thing(about: Mapping[str, Any]) -> str:
    if about["id"].startswith("example:"):
        return f"{about['label']} (an example query; id {about['id']}, of which `describe` has it)"
    used = _join(about["properties"][:4])
    return f"{about['label']} ({about['kind']}; id {about['id']}{used})"


def _join(properties: Iterable[str]) -> str:
    named = ", ".join(properties)
    return f"; in queries with {named}" if named else ""


SEARCH = Tool(
    "search",
    "Find things by name, code or number",
    "Finds places, population groups, organisations, documents, treaties, codes, figures and "
    "other facts by their names in English, Russian or Kazakh, by codes, or by a number such as "
    "87,632. Begin here: it gives the ids that the other tools take, and the property that leads "
    "to each in a query. Ask for one thing at a time, in few words: `stateless persons`, not a "
    "whole question. A hit that is a figure comes as a sentence to repeat whole; example queries, "
    "whose text `describe` gives, are among the hits, too.",
    {
        "text": {
            "type": "string",
            "minLength": 1,
            "maxLength": 300,
            "description": "One name, code or number, or a few words.",
            "examples": ["stateless persons", "Минюст", "87,632"],
        },
        "kind": {
            "type": "string",
            "enum": sorted(KIND_NAMES),
            "description": "Only things of this kind.",
            "examples": ["organization"],
        },
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": _MOST_HITS,
            "default": _HITS,
            "examples": [_HITS],
        },
        "page": {"type": "integer", "minimum": 1, "maximum": 15, "default": 1, "examples": [2]},
    },
    result_of(
        {
            "total": {"type": "integer"},
            "page": {"type": "integer"},
            "hits": {"type": "array", "items": _HIT},
        }
    ),
    _run,
    ("text",),
)
