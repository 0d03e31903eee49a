"""`/api`: every address of the server, for people; `/api/openapi.json`: the same for programs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template

from kzgraph.rdf.formats import HTML, content_disposition, essence
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.openapi.json_bodies import ALWAYS, REFUSALS
from kzgraph_server.pages.openapi.snippets import LANGUAGES, ExampleRequest, make_example
from kzgraph_server.pages.openapi.specification import make_specification
from kzgraph_server.served import Served, compute_once

blueprint = Blueprint("api", __name__)


@dataclass(frozen=True)
class Described:
    """An operation as the page shows it.

    Attributes:
        method: GET or POST.
        path: its path.
        operation: as the document has it.
        refusals: what it may be refused with besides what every request may: its status codes.
        formats: the media types of its answers, without parameters.
        local: where its example is on this server; None where it is sent by POST.
        snippets: code that sends the example, by language; none for pages.
    """

    method: str
    path: str
    operation: Mapping[str, Any]
    refusals: list[str]
    formats: list[str]
    local: str | None
    snippets: Mapping[str, str]


@blueprint.get("/api")
@in_languages
def show() -> str:
    """The page, made from the document."""
    document = compute_once(_specify)
    groups: dict[str, list[Described]] = {}
    for each in _describe(document):
        groups.setdefault(each.operation["tags"][0], []).append(each)
    return render_template(
        "api.html",
        groups=[
            (tag["name"], _(tag["description"]), groups.get(tag["name"], []))
            for tag in document["tags"]
        ],
        refusals=[(status, _(REFUSALS[status]), status in ALWAYS) for status in sorted(REFUSALS)],
    )


@blueprint.get("/api/openapi.json")
def read() -> Response:
    """The document."""
    body = json.dumps(compute_once(_specify), ensure_ascii=False) + "\n"
    response = Response(body, content_type="application/json")
    response.headers["Content-Disposition"] = content_disposition("openapi.json", attachment=False)
    return response


def _specify(now: Served) -> Mapping[str, Any]:
    return make_specification(now.settings.public_url, now.release.version, now.pinned)


def _describe(document: Mapping[str, Any]) -> Iterator[Described]:
    base = document["servers"][0]["url"]
    for path, address in document["paths"].items():
        for method, operation in address.items():
            example = make_example(base, path, method, operation)
            found = (essence(each) for each in _list_types(operation))
            formats = [*dict.fromkeys(found)]
            yield Described(
                method.upper(),
                path,
                operation,
                [
                    status
                    for status, answer in operation["responses"].items()
                    if "$ref" in answer and int(status) not in ALWAYS
                ],
                [] if formats == ["*/*"] else formats,
                None if example.is_post else example.url.removeprefix(base),
                {} if formats == [HTML.media_type] else _write_snippets(example),
            )


def _list_types(operation: Mapping[str, Any]) -> Iterator[str]:
    for status, answer in operation["responses"].items():
        if status == "200":
            yield from answer.get("content", ())


def _write_snippets(example: ExampleRequest) -> Mapping[str, str]:
    return {language: write(example) for language, write in LANGUAGES.items()}
