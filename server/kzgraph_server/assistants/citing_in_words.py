"""`cite`: how a figure, another fact, a document or the release is cited."""

from collections.abc import Mapping
from typing import Any

from kzgraph.iri import ID
from kzgraph.prefixes import shorten
from kzgraph_server.assistants.asking_queries import explain_refusal, read_id
from kzgraph_server.assistants.outcomes import Outcome, ToolRefusal, result_of
from kzgraph_server.assistants.site_access import Request, Site
from kzgraph_server.assistants.tools import Tool

#: The names of formats, and how their addresses end.
_FORMATS = {"text": "txt", "bibtex": "bib", "csl-json": "json", "ris": "ris"}
_RELEASE = f"{ID}dataset/kzgraph"


async def _run(site: Site, arguments: Mapping[str, Any]) -> Outcome:
    iri = read_id(arguments["id"]) if "id" in arguments else _RELEASE
    if not iri.startswith(ID):
        raise ToolRefusal("Only things of this graph are cited here; their ids come from `search`.")
    form = arguments.get("format", "text")
    path = f"/cite/{iri.removeprefix(ID)}.{_FORMATS[form]}"
    reply = await site.send(Request(path, accept="*/*"))
    if reply.status == 404:
        raise ToolRefusal(
            f"{shorten(iri)} has no citation here: figures and other facts of documents, documents "
            "and the release have one. An official figure is cited by its source, which "
            "`describe` tells; of a place or code cite the facts."
        )
    if reply.status != 200:
        raise ToolRefusal(explain_refusal(reply))
    outcome = Outcome(
        {"id": shorten(iri), "iri": iri, "format": form, "citation": reply.text.strip()}
    )
    outcome.say("To be cited as:")
    outcome.quote(*reply.text.strip().splitlines())
    if iri == _RELEASE:
        outcome.say("That is the release as a whole; give an `id` to cite a figure or document.")
    return outcome


CITE = Tool(
    "cite",
    "Cite a figure, a document or the release",
    "The citation of a figure or another fact (with the document that states it and the characters "
    "that support it), of a document, or, without an `id`, of the release. Add it to whatever you "
    "repeat from these tools.",
    {
        "id": {
            "type": "string",
            "minLength": 3,
            "maxLength": 500,
            "description": "An id as `search` gives it.",
            "examples": ["document/fact-sheet-2024"],
        },
        "format": {
            "type": "string",
            "enum": list(_FORMATS),
            "default": "text",
            "examples": ["text"],
        },
    },
    result_of(
        {
            "id": {"type": "string"},
            "iri": {"type": "string"},
            "format": {"type": "string"},
            "citation": {"type": "string"},
        }
    ),
    _run,
)
