"""`check`: what the release states of a claim, by the address that checks claims."""

from collections.abc import Mapping
from typing import Any

from kzgraph_server.assistants.asking_queries import explain_refusal
from kzgraph_server.assistants.outcomes import Outcome, ToolRefusal, result_of
from kzgraph_server.assistants.site_access import Request, Site
from kzgraph_server.assistants.tools import Tool

#: Notes of the project that are told of a figure.
_MOST_NOTES = 3
#: What each verdict means for somebody who is about to repeat the claim.
VERDICTS = {
    "stated": "STATED: the release states this figure. Repeat it with its source.",
    "rounded": "ROUNDED: it is the stated figure in round numbers. Give the stated one.",
    "other-scope": "ANOTHER SCOPE: the number is stated, but of another place or group. Do not "
    "repeat the claim as it is.",
    "forecast": "NOT A COUNT: the number is a forecast, target or plan. Say so.",
    "superseded": "SUPERSEDED: a later figure stands in its place. Give that.",
    "contradicted": "CONTRADICTED: the release states something else. Do not repeat the claim.",
    "not-found": "NOT FOUND: the release does not state this. That is no proof that it is wrong.",
}
_NOTHING_READ = "NOTHING WAS CHECKED: only claims with a number are."


async def _run(site: Site, arguments: Mapping[str, Any]) -> Outcome:
    reply = await site.send(Request("/check", {"q": arguments["claim"], "format": "json"}))
    if reply.status == 404:
        raise ToolRefusal(
            "This server checks no claims. `search` for the number, or look the figure up with "
            "`query`."
        )
    if reply.status != 200:
        raise ToolRefusal(explain_refusal(reply))
    found = reply.json
    if not isinstance(found, dict) or found.get("verdict") not in VERDICTS:
        raise ToolRefusal("The server answered with a verdict that is not known here.")
    outcome = Outcome(found)
    nothing_read = "numbers" in found and not found["numbers"]
    outcome.say(_NOTHING_READ if nothing_read else VERDICTS[found["verdict"]])
    outcome.quote(_text(found, "sentence"))
    missed = [str(each) for each in _list(found, "not_understood")]
    if missed:
        outcome.say("These words of the claim were NOT understood, and nothing is said of them:")
        outcome.quote(", ".join(missed))
    _tell_findings(outcome, _list(found, "findings"))
    nearest = _list(found, "nearest")
    if nearest:
        outcome.say("Nearest to it:")
        outcome.quote(*(_word_finding(each) for each in nearest))
    return outcome


def _tell_findings(outcome: Outcome, findings: list[Any]) -> None:
    if not findings:
        return
    outcome.say("What the release has on it, the most useful first, each with its source:")
    outcome.quote(*(_word_finding(each) for each in findings))


def _word_finding(finding: Any) -> str:
    if not isinstance(finding, dict):
        return str(finding)
    figure = finding.get("figure")
    about = figure if isinstance(figure, dict) else finding
    sentence = _text(finding, "sentence") or _text(about, "label")
    named = [_text(about, "citation"), f"id {about['id']}" if about.get("id") else ""]
    told = "; ".join(filter(None, named))
    verdict = f"{finding['verdict']}: " if finding.get("verdict") else ""
    notes = (str(each) for each in _list(about, "caveats")[:_MOST_NOTES])
    noted = "".join(f" Note of the project: {each.rstrip('.')}." for each in notes)
    return f"{verdict}{sentence}" + (f" ({told})." if told else "") + noted


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _list(found: Mapping[str, Any], name: str) -> list[Any]:
    value = found.get(name)
    return value if isinstance(value, list) else []


CHECK = Tool(
    "check",
    "Check a figure before repeating it",
    "Takes one sentence or number that somebody claims, in English, Russian or Kazakh, and tells "
    "what the release states of it: stated, rounded, of another scope (a region and not the "
    "country), a forecast and not a count, superseded, contradicted, or not found; with what is "
    "stated instead, who states it, and the words of the claim that were not understood. Call it "
    "before you repeat a figure that does not come from these tools. It never says true or false.",
    {
        "claim": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1_000,
            "description": "One claim, as it was made.",
            "examples": ["87,632 stateless people in Kazakhstan in 2018"],
        }
    },
    result_of(
        {
            "claim": {"type": "string"},
            "verdict": {"type": "string", "enum": list(VERDICTS)},
            "sentence": {"type": "string"},
            "findings": {"type": "array", "items": {"type": "object"}},
        },
        {
            "release": {"type": "string"},
            "reading": {"type": "object"},
            "not_understood": {"type": "array"},
            "nearest": {"type": "array"},
        },
    ),
    _run,
    ("claim",),
)
