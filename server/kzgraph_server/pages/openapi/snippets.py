"""Code that sends an example request, for those who write programs."""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from kzgraph_server.negotiate import FORM

_JSON = "application/json"


@dataclass(frozen=True)
class ExampleRequest:
    """A request with the examples of all its parameters that have one.

    Attributes:
        address: without parameters.
        parameters: of the query string, or of the form.
        is_form: whether they are sent as a form.
        message: what is sent as JSON, by POST; None for nothing.
        answers: the media types of the answer.
    """

    address: str
    parameters: Mapping[str, str]
    is_form: bool
    answers: tuple[str, ...]
    message: Any = None

    @property
    def is_post(self) -> bool:
        """Whether it is sent by POST."""
        return self.is_form or self.message is not None

    @property
    def url(self) -> str:
        """The address with the parameters."""
        return f"{self.address}?{urlencode(self.parameters)}" if self.parameters else self.address


def make_example(base: str, path: str, method: str, operation: Mapping[str, Any]) -> ExampleRequest:
    """The example request of an operation.

    Args:
        base: what the path is below.
        path: of the operation, as the document has it.
        method: get or post.
        operation: as the document has it.
    """
    given = {
        (each["in"], each["name"]): str(each["example"])
        for each in operation.get("parameters", ())
        if "example" in each
    }
    parameters = {name: value for (place, name), value in given.items() if place == "query"}
    for (place, name), value in given.items():
        if place == "path":
            path = path.replace(f"{{{name}}}", quote(value))
    body = operation.get("requestBody", {}).get("content", {})
    if FORM in body:
        parameters = dict(body[FORM]["schema"]["examples"][0])
    answers = operation["responses"].get("200", {}).get("content", {})
    messages = body.get(_JSON, {}).get("schema", {}).get("examples", (None,))
    return ExampleRequest(base + path, parameters, FORM in body, tuple(answers), messages[0])


def write_curl(request: ExampleRequest) -> str:
    """For a shell."""
    parts = [f"curl -sL {shlex.quote(request.address)}"]
    if request.message is not None:
        parts.append(f"--json {shlex.quote(json.dumps(request.message))}")
    if request.parameters and not request.is_form:
        parts[0] = f"curl -sLG {shlex.quote(request.address)}"
    for name, value in request.parameters.items():
        parts.append(f"--data-urlencode {shlex.quote(f'{name}={value}')}")
    return " \\\n  ".join(parts)


def write_python(request: ExampleRequest) -> str:
    """For Python with httpx."""
    call = "post" if request.is_post else "get"
    parameters = "data" if request.is_form else "params"
    lines = [f"import httpx\n\nanswer = httpx.{call}(", f"    {json.dumps(request.address)},"]
    if request.parameters:
        given = "".join(
            f"        {json.dumps(name)}: {json.dumps(value)},\n"
            for name, value in request.parameters.items()
        )
        lines.append(f"    {parameters}={{\n{given}    }},")
    if request.message is not None:
        lines.append(f"    json={request.message!r},")
    lines += ["    follow_redirects=True,", ")", "print(answer.raise_for_status().text)"]
    return "\n".join(lines)


def write_r(request: ExampleRequest) -> str:
    """For R: what a table is read by, where the answer is one."""
    if request.is_form:
        given = ", ".join(
            f"{name} = {json.dumps(value)}" for name, value in request.parameters.items()
        )
        return "\n".join(
            (
                "library(httr2)",
                f"request({json.dumps(request.address)}) |>",
                f"  req_body_form({given}) |>",
                "  req_perform() |>",
                "  resp_body_string()",
            )
        )
    address = json.dumps(request.url)
    if request.message is not None:
        sent = json.dumps(json.dumps(request.message))
        return "\n".join(
            (
                "library(httr2)",
                f"request({address}) |>",
                f'  req_body_raw({sent}, type = "{_JSON}") |>',
                "  req_perform() |>",
                "  resp_body_json()",
            )
        )
    if request.parameters.get("format") == "csv" or request.address.endswith(".csv"):
        return f'figures <- read.csv({address}, encoding = "UTF-8")'
    if request.answers and all(each.endswith("json") for each in request.answers):
        return f"answer <- jsonlite::fromJSON({address})"
    return f'lines <- readLines({address}, encoding = "UTF-8")'


def write_javascript(request: ExampleRequest) -> str:
    """For JavaScript in a browser, in Deno or in Node."""
    given = json.dumps(request.parameters, indent=2, ensure_ascii=False)
    address = json.dumps(request.address)
    if request.message is not None:
        message = json.dumps(request.message, indent=2)
        sent = (
            f'fetch({address}, {{\n  method: "POST",\n  headers: {{"Content-Type": "{_JSON}"}},\n'
            f"  body: JSON.stringify({message}),\n}})"
        )
    elif request.is_form:
        sent = f'fetch({address}, {{\n  method: "POST",\n  body: new URLSearchParams({given}),\n}})'
    elif request.parameters:
        sent = f'fetch({address} + "?" + new URLSearchParams({given}))'
    else:
        sent = f"fetch({address})"
    return f"const answer = await {sent};\nconsole.log(await answer.text());"


#: The languages of the snippets, by the names that people know them by.
LANGUAGES: Mapping[str, Callable[[ExampleRequest], str]] = {
    "curl": write_curl,
    "Python": write_python,
    "R": write_r,
    "JavaScript": write_javascript,
}
