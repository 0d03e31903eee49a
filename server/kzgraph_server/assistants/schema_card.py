"""`schema`: what a query can ask for, made from the release and its documentation."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from kzgraph.prefixes import PREDECLARED
from kzgraph_server.assistants.asking_queries import select
from kzgraph_server.assistants.outcomes import Outcome, ToolRefusal, object_of, result_of
from kzgraph_server.assistants.release_vocabulary import (
    Vocabulary,
    expand,
    is_subject,
    read_vocabulary,
)
from kzgraph_server.assistants.site_access import Request, Site
from kzgraph_server.assistants.tools import Tool

_PARTS = ("card", "class", "property", "codes", "pitfalls", "questions")
_NAMED = frozenset(("class", "property", "codes"))
#: Classes of the card besides those of the project.
_OTHER_CLASSES = frozenset(
    ("foaf:Document", "foaf:Person", "org:Organization", "schema:Place", "schema:Country")
)
_MOST_CODES = 150
_MOST_ABOUT = 160
#: What a class is asked for by before all else.
_FIRST = (
    "kzg:country",
    "kzg:scope",
    "kzg:populationGroup",
    "kzg:quantity",
    "kzg:status",
    "kzg:year",
    "kzg:value",
    "kzg:officialValue",
    "kzg:usDollars",
)
_LISTS = """SELECT ?scheme (COUNT(?code) AS ?count) WHERE { ?code skos:inScheme ?scheme }
GROUP BY ?scheme"""
_CODES = """SELECT ?code ?label ?definition (COUNT(?fact) AS ?count) WHERE {{
  ?code skos:inScheme <{scheme}> ; skos:prefLabel ?label . FILTER(LANG(?label) = "en")
  OPTIONAL {{ ?code skos:definition ?definition . FILTER(LANG(?definition) = "en") }}
  OPTIONAL {{ ?fact a kzg:Fact ; {main} ?code }}
}} GROUP BY ?code ?label ?definition ORDER BY ?code LIMIT {limit}"""
_TITLE = re.compile(r"^## (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_FENCE = re.compile(r"^```mermaid.*?^```$\n?", re.MULTILINE | re.DOTALL)


async def _run(site: Site, arguments: Mapping[str, Any]) -> Outcome:
    part = arguments.get("part", "card")
    name = arguments.get("name", "")
    if part in _NAMED and not name:
        raise ToolRefusal(f"The part `{part}` needs a `name`; the card lists those there are.")
    if part in ("pitfalls", "questions"):
        outcome = Outcome({"part": part, "text": ""})
        title = "Pitfalls" if part == "pitfalls" else "First queries"
        text = await _read_section(site, title)
        outcome.data["text"] = text
        outcome.say(text)
        return outcome
    vocabulary = await read_vocabulary(site)
    if part == "class":
        return _describe_class(vocabulary, _choose(name, vocabulary.classes, "class"))
    if part == "property":
        return _describe_property(vocabulary, _choose(name, vocabulary.properties, "property"))
    if part == "codes":
        return await _list_codes(site, vocabulary, name)
    return await _draw_card(site, vocabulary)


async def _draw_card(site: Site, vocabulary: Vocabulary) -> Outcome:
    classes = [each for each in vocabulary.classes if _is_asked_for(each["name"])]
    lists = await _count_lists(site, vocabulary)
    outcome = Outcome(
        {
            "part": "card",
            "classes": [_short(each) for each in classes],
            "properties": [
                {**_short(each, 100), "leads_to": list(vocabulary.prefixes_of(each["name"]))}
                for each in vocabulary.properties
                if each["name"].startswith("kzg:")
            ],
            "code_lists": lists,
        }
    )
    say = outcome.say
    say("Patterns to begin with:")
    say(await _read_section(site, "First queries"))
    say("Pitfalls, each of which has misled somebody:")
    say(await _read_section(site, "Pitfalls"))
    say("Classes, how often they occur, what they are (part `class` with a `name` tells more):")
    outcome.quote(*(_word_term(each) for each in outcome.data["classes"]))
    say("Code lists, how many codes, the properties that lead there (part `codes`):")
    outcome.quote(
        *(f"{each['prefix']}: {each['count']}; {', '.join(each['properties'])}" for each in lists)
    )
    say("Properties, how often they occur, and to things of which prefix (part `property`):")
    outcome.quote(*(_word_term(each) + _show_prefixes(each) for each in outcome.data["properties"]))
    return outcome


def _is_asked_for(name: str) -> bool:
    return name.startswith("kzg:") or name in _OTHER_CLASSES


def _short(each: Mapping[str, Any], most: int = _MOST_ABOUT) -> dict[str, Any]:
    about = each["about"]
    if len(about) > most:
        about = about[:most].rsplit(" ", 1)[0] + "…"
    return {"name": each["name"], "count": each["count"], "about": about or each["label"]}


def _word_term(each: Mapping[str, Any]) -> str:
    return f"{each['name']} ({each['count']}): {each['about']}"


async def _count_lists(site: Site, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    counted = await select(site, _LISTS)
    found = []
    for scheme, count in counted.rows:
        prefix = _prefix_of(scheme.value.rpartition("/")[2])
        properties = vocabulary.lead_to(prefix)[:4] if prefix else []
        if properties:
            found.append({"prefix": prefix, "count": int(count.value), "properties": properties})
    return sorted(found, key=lambda each: str(each["prefix"]))


def _prefix_of(kind: str) -> str:
    """The prefix of the codes of a list; empty where they have none."""
    return next((each for each in (f"kzr-{kind}", kind) if each in PREDECLARED), "")


async def _list_codes(site: Site, vocabulary: Vocabulary, name: str) -> Outcome:
    wanted = name.rstrip(":").removeprefix("scheme:")
    lists = await _count_lists(site, vocabulary)
    known = {str(each["prefix"]): each for each in lists}
    found = known.get(wanted) or known.get(_prefix_of(wanted))
    if found is None:
        near = get_close_matches(wanted, known, 4, 0.5)
        raise ToolRefusal(
            f"There is no code list of that name. Nearest: {', '.join(near) or 'none'}. "
            f"All: {', '.join(known)}."
        )
    kind = found["prefix"].removeprefix("kzr-")
    scheme = f"{PREDECLARED['kzr']}scheme/{kind}"
    # `kzg:about` leads to many kinds of things; another one is meant for these codes.
    main = min(found["properties"], key=lambda each: each == "kzg:about")
    most = _MOST_CODES + 1
    codes = await select(site, _CODES.format(scheme=scheme, main=main, limit=most), most)
    outcome = Outcome({"part": "codes", "code_lists": [found], "codes": []})
    outcome.say(
        "Each code with its label, how many facts of documents have it, and what it "
        "means; a code that none has may still be one of official statistics:"
    )
    for code, label, definition, count in codes.rows[:_MOST_CODES]:
        local = code.value.rpartition("/")[2]
        about = definition.value if definition is not None else ""
        shown = {
            "code": f"{found['prefix']}:{local}",
            "label": label.value,
            "count": int(count.value),
            "about": about.removesuffix(" The project's own code."),
        }
        outcome.data["codes"].append(shown)
        outcome.quote(f"{shown['code']} ({shown['count']}) {label.value}: {shown['about']}")
    if len(codes.rows) > _MOST_CODES:
        outcome.say(f"There are {found['count']} codes; `search` finds one by its name.")
    outcome.say(f"Properties that lead to them: {', '.join(found['properties'])}.")
    return outcome


def _choose(name: str, terms: Sequence[Mapping[str, Any]], what: str) -> Mapping[str, Any]:
    """A class or property by its name.

    Raises:
        ToolRefusal: there is none; the message has the nearest.
    """
    known = {each["name"]: each for each in terms}
    found = known.get(name) or known.get(f"kzg:{name}")
    if found is not None:
        return found
    near = get_close_matches(name, [each for each in known if is_subject(each)], 4, 0.5)
    advice = f" Nearest: {', '.join(near)}." if near else ""
    raise ToolRefusal(f"This release has no {what} of that name.{advice} The card lists all.")


def _describe_class(vocabulary: Vocabulary, found: Mapping[str, Any]) -> Outcome:
    name = found["name"]
    used = [each for each in vocabulary.uses.get(name, ()) if is_subject(each)]
    properties = [_show_use(vocabulary, each) for each in used]
    pattern = "\n".join(_write_pattern(name, properties))
    outcome = Outcome(
        {
            "part": "class",
            "classes": [{**_short(found), "about": found["about"] or found["label"]}],
            "properties": properties,
            "pattern": pattern,
        }
    )
    outcome.quote(_word_term(outcome.data["classes"][0]))
    outcome.say("Its properties, those used most first, with the prefixes of what they lead to:")
    outcome.quote(*(f"{each['name']}{_show_prefixes(each)}" for each in properties))
    outcome.say(
        "A pattern; leave out what you do not need, and for what you know write its code as "
        "`?thing kzg:country country:KAZ`, without OPTIONAL:"
    )
    outcome.say(pattern)
    return outcome


def _show_use(vocabulary: Vocabulary, name: str) -> dict[str, Any]:
    return {"name": name, "leads_to": list(vocabulary.prefixes_of(name))}


def _show_prefixes(each: Mapping[str, Any]) -> str:
    return f" -> {', '.join(each['leads_to'])}" if each["leads_to"] else ""


def _write_pattern(name: str, properties: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    has = [each["name"] for each in properties]
    yield "SELECT * WHERE {"
    yield f"  ?thing a {name} ."
    for each in _FIRST:
        if each in has:
            # The class once more: docs/endpoint.md, on the order of patterns.
            yield f"  OPTIONAL {{ ?thing a {name} ; {each} ?{each.removeprefix('kzg:')} }}"
    if "rdfs:label" in has:
        yield '  ?thing rdfs:label ?label . FILTER(LANG(?label) = "en")'
    yield "} LIMIT 50"


def _describe_property(vocabulary: Vocabulary, found: Mapping[str, Any]) -> Outcome:
    name = found["name"]
    leads_to = list(vocabulary.prefixes_of(name))
    classes = [each for each, used in vocabulary.uses.items() if name in used and is_subject(each)]
    outcome = Outcome(
        {
            "part": "property",
            "properties": [
                {**_short(found), "about": found["about"] or found["label"], "leads_to": leads_to}
            ],
            "used_by": classes,
            "iri": expand(name) or "",
        }
    )
    outcome.quote(_word_term(outcome.data["properties"][0]))
    outcome.quote(f"leads to: {', '.join(leads_to) or 'values, or things of no code list'}")
    outcome.quote(f"things that have it: {', '.join(classes)}")
    return outcome


async def _read_section(site: Site, title: str) -> str:
    """A section of the documentation of the model, without links and lines of tables.

    Raises:
        ToolRefusal: the server does not have it.
    """
    reply = await site.send(Request("/docs/model.md", accept="text/markdown, text/plain;q=0.9"))
    if reply.status != 200:
        raise ToolRefusal("This server does not give the documentation of its model as text.")
    text = reply.text
    for found in _TITLE.finditer(text):
        if found[1].strip() == title:
            rest = text[found.end() :]
            end = _TITLE.search(rest)
            return _plain(rest[: end.start()] if end else rest)
    raise ToolRefusal(f"The documentation of this server has no section “{title}”.")


def _plain(markdown: str) -> str:
    text = _LINK.sub(r"\1", _FENCE.sub("", markdown))
    lines = (_plain_row(line) if line.startswith("|") else line for line in text.splitlines())
    return "\n".join(line for line in lines if line is not None).strip()


def _plain_row(row: str) -> str | None:
    """A row of a table of two columns as a line of a list; None of its head."""
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    if set(cells[0]) <= {"-", ":"} or cells == ["you want", "ask"]:
        return None
    return f"- {': '.join(cells)}"


_TERM = object_of(
    {"name": {"type": "string"}},
    {
        "count": {"type": "integer"},
        "about": {"type": "string"},
        "leads_to": {"type": "array", "items": {"type": "string"}},
    },
)
_TERMS = {"type": "array", "items": _TERM}

SCHEMA = Tool(
    "schema",
    "Classes, properties, codes and pitfalls",
    "What a query can ask for, made from the release: without arguments a card (some eight "
    "thousand tokens) with patterns to begin with, the pitfalls that have misled others, classes "
    "and properties with counts, and code lists. Parts of it are smaller: `questions` (patterns), "
    "`pitfalls`, `class` with a `name` such as kzg:ChosenFigure (its properties and a pattern), "
    "`property` with a `name`, `codes` with the `name` of a code list such as population-group. "
    "Read `questions` and `pitfalls` once before the first `query`.",
    {
        "part": {
            "type": "string",
            "enum": list(_PARTS),
            "default": "card",
            "examples": ["questions"],
        },
        "name": {
            "type": "string",
            "maxLength": 80,
            "description": "Of a class, property or code list.",
            "examples": ["kzg:ChosenFigure", "kzg:country", "population-group"],
        },
    },
    result_of(
        {"part": {"type": "string", "enum": list(_PARTS)}},
        {
            "text": {"type": "string"},
            "classes": _TERMS,
            "properties": _TERMS,
            "used_by": {"type": "array", "items": {"type": "string"}},
            "iri": {"type": "string"},
            "pattern": {"type": "string"},
            "code_lists": {
                "type": "array",
                "items": object_of(
                    {
                        "prefix": {"type": "string"},
                        "count": {"type": "integer"},
                        "properties": {"type": "array", "items": {"type": "string"}},
                    }
                ),
            },
            "codes": {
                "type": "array",
                "items": object_of(
                    {
                        "code": {"type": "string"},
                        "label": {"type": "string"},
                        "count": {"type": "integer"},
                        "about": {"type": "string"},
                    }
                ),
            },
        },
    ),
    _run,
)
