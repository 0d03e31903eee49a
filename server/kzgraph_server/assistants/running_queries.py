"""`query`: rows of a SPARQL query, with the facts in them in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kzgraph_server.assistants.asking_queries import (
    TRIPLES,
    Rows,
    Term,
    ask_endpoint,
    explain_refusal,
    read_rows,
    show_term,
)
from kzgraph_server.assistants.fact_wording import (
    FACT_SCHEMA,
    MOST_FACTS,
    Worded,
    is_ours,
    word_facts,
)
from kzgraph_server.assistants.outcomes import Outcome, ToolRefusal, result_of
from kzgraph_server.assistants.site_access import JSON, Reply, Request, Site, SiteError
from kzgraph_server.assistants.tools import Tool
from kzgraph_server.offloading import run_sized

_MOST_ROWS, _ROWS = 200, 50
_MOST_QUERY = 20_000
#: In what figures of one answer must not differ unsaid, and how that is called.
_DIMENSIONS = {
    "scope": "scope",
    "unit": "unit",
    "status": "status",
    "quantity": "quantity",
    "registered_by": "registering body",
}


async def _run(site: Site, arguments: Mapping[str, Any]) -> Outcome:
    query, limit = arguments["query"], arguments.get("limit", _ROWS)
    reply = await ask_endpoint(site, query)
    if reply.status != 200:
        raise ToolRefusal(_explain(reply))
    if reply.media_type == TRIPLES:
        return _show_graph(reply, limit)
    found = await run_sized(len(reply.body), read_rows, reply, limit)
    if isinstance(found, bool):
        outcome = Outcome({"answer": found})
        outcome.say(f"The answer is {'yes' if found else 'no'}.")
    else:
        outcome = Outcome(
            {
                "columns": list(found.names),
                "rows": [[_plain(each) for each in row] for row in found.rows],
                "more": found.more,
            }
        )
        _show_rows(outcome, found, limit)
        await _tell_facts(site, outcome, found)
    await _tell_reasons(site, outcome, reply, query)
    return outcome


def _explain(reply: Reply) -> str:
    """Why a query was refused, where, and what would be right."""
    told = explain_refusal(reply)
    try:
        place = reply.json
        line, column = place.get("line"), place.get("column")
    except (SiteError, AttributeError):
        line = column = None
    if isinstance(line, int) and isinstance(column, int) and f"line {line}" not in told:
        told = f"{told} It is at line {line}, column {column}."
    if reply.status == 400:
        told += " `schema` has the prefixes, classes and properties, and patterns to begin with."
    return told


def _show_rows(outcome: Outcome, found: Rows, limit: int) -> None:
    count = len(found.rows)
    outcome.say(f"{count} {'row' if count == 1 else 'rows'}:" if count else "No rows.")
    if count:
        shown = [[show_term(each) for each in row] for row in found.rows]
        outcome.tabulate((f"?{each}" for each in found.names), shown)
    if found.more:
        outcome.say(
            f"There are MORE rows than these {count}: the answer is not complete, and must not be "
            f"counted or added up from here. Ask with COUNT or SUM, with `limit` up to "
            f"{_MOST_ROWS}, or for the next with ORDER BY and OFFSET {count}."
        )


async def _tell_facts(site: Site, outcome: Outcome, found: Rows) -> None:
    """The facts that the rows name in words, or what is missing without them."""
    named = [
        each.value
        for row in found.rows
        for each in row
        if isinstance(each, NamedNode) and is_ours(each.value)
    ]
    facts = list((await word_facts(site, named)).values()) if named else []
    outcome.data["facts"] = [dict(each.data) for each in facts]
    if facts:
        outcome.say("The facts in these rows, to be repeated whole and not as bare numbers:")
        outcome.quote(*(each.sentence for each in facts))
        if len(set(named)) > MOST_FACTS:
            outcome.say(f"Of more than {MOST_FACTS} things the first are told; ask for fewer.")
        if differences := _find_differences(facts):
            outcome.say(
                f"These figures differ in their {differences}. Do not add them up or set one "
                "against another without saying so."
            )
    elif found.rows and any(_is_number(each) for row in found.rows for each in row):
        outcome.say(
            "Numbers alone say neither scope, unit nor status, nor who states them. Before you "
            "repeat one, select the thing that has it (?figure) as well: then it comes in words."
        )


def _find_differences(facts: Sequence[Worded]) -> str:
    figures = [each.data for each in facts if "value" in each.data]
    differing = [
        word for key, word in _DIMENSIONS.items() if len({each.get(key) for each in figures}) > 1
    ]
    return ", ".join(differing)


async def _tell_reasons(site: Site, outcome: Outcome, reply: Reply, query: str) -> None:
    """Why nothing was found, where the endpoint offers to say so."""
    if 'rel="help"' not in reply.fields.get("link", ""):
        return
    explained = await site.send(Request("/sparql/explain", {"query": query}, JSON))
    if explained.status != 200:
        return
    reasons = explained.json["reasons"][:10]
    outcome.data["reasons"] = [
        {"message": each["message"], "pattern": each.get("pattern")} for each in reasons
    ]
    if not reasons:
        return
    outcome.say(
        "Why that may be, with patterns that have solutions. That something is not here does not "
        "mean that it is zero or did not happen:"
    )
    for each in reasons:
        pattern = each.get("pattern")
        outcome.quote(each["message"] + (f" Try: {pattern}" if pattern else ""))


def _show_graph(reply: Reply, limit: int) -> Outcome:
    body = reply.body
    if reply.cut:
        body = body[: body.rfind(b"\n") + 1]
    rows: list[list[Term]] = []
    more = reply.cut
    for quad in parse(body, RdfFormat.N_TRIPLES):
        if len(rows) == limit:
            more = True
            break
        rows.append([quad.subject, quad.predicate, quad.object])
    names = ("subject", "predicate", "object")
    found = Rows(names, rows, more)
    outcome = Outcome(
        {
            "columns": list(names),
            "rows": [[_plain(each) for each in row] for row in rows],
            "more": more,
        }
    )
    _show_rows(outcome, found, limit)
    return outcome


def _is_number(term: Term) -> bool:
    return isinstance(_plain(term), int | float)


def _plain(term: Term) -> str | int | float | bool | None:
    """A term as JSON has it."""
    if term is None:
        return None
    if not isinstance(term, Literal):
        return show_term(term)
    kind = term.datatype.value.rpartition("#")[2]
    if kind == "boolean":
        return term.value in ("true", "1")
    if kind not in ("integer", "decimal", "double", "float") or len(term.value) > 40:
        return term.value
    try:
        number = Decimal(term.value)
    except InvalidOperation:
        return term.value
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return term.value
    return int(number) if number == number.to_integral_value() else float(number)


QUERY = Tool(
    "query",
    "Ask a SPARQL query",
    "Runs a SPARQL 1.1 query on the release (SELECT, ASK, CONSTRUCT or DESCRIBE; nothing can be "
    "changed). Take it to look up, compare or add up numbers; call `schema` first, which has the "
    "classes, properties, codes and patterns to begin with. The prefixes kzg:, rdfs:, skos:, "
    "country:, population-group: and the others of the schema need no declaration. Select the "
    "figure itself (?figure) along with its value: then each figure comes as a sentence that can "
    "be repeated. The answer says whether there are more rows than it has, in what figures differ, "
    "and, where nothing is found, why that may be and what to try.",
    {
        "query": {
            "type": "string",
            "minLength": 6,
            "maxLength": _MOST_QUERY,
            "description": "The query.",
            "examples": [
                "SELECT ?figure ?value WHERE { ?figure a kzg:ChosenFigure ; kzg:country "
                "country:KAZ ; kzg:populationGroup population-group:STA ; kzg:year 2018 ; "
                "kzg:value ?value }"
            ],
        },
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": _MOST_ROWS,
            "default": _ROWS,
            "description": "Rows of the answer; the query may have a LIMIT of its own.",
            "examples": [_ROWS],
        },
    },
    result_of(
        {},
        {
            "answer": {"type": "boolean", "description": "Of ASK."},
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {
                "type": "array",
                "items": {
                    "type": "array",
                    "items": {"type": ["string", "number", "boolean", "null"]},
                },
            },
            "more": {"type": "boolean", "description": "Whether there are more rows."},
            "facts": {"type": "array", "items": FACT_SCHEMA},
            "reasons": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "message": {"type": "string"},
                        "pattern": {"type": ["string", "null"]},
                    },
                    "required": ["message"],
                },
            },
        },
    ),
    _run,
    ("query",),
)
