"""Code that asks a query of the endpoint: for Python, R, curl and JavaScript.

A query may hold any text, so it is written into each language by that language's own rules; tests
run what is written.
"""

import json
import shlex
from dataclasses import dataclass
from typing import Literal

#: What a query asks for.
Kind = Literal["table", "graph", "boolean"]


@dataclass(frozen=True, slots=True)
class Code:
    """Code in a language.

    Attributes:
        name: the language.
        text: the code.
    """

    name: str
    text: str


def write_code(query: str, endpoint: str, *, kind: Kind) -> list[Code]:
    """Code that asks `query` and prints the answer.

    Args:
        query: the query.
        endpoint: the address to ask at.
        kind: what the query asks for.
    """
    query = query.replace("\r\n", "\n").strip("\n")
    return [
        Code("Python", _python(query, endpoint, kind)),
        Code("R", _r(query, endpoint, kind)),
        Code("curl", _curl(query, endpoint, kind)),
        Code("JavaScript", _javascript(query, endpoint, kind)),
    ]


def _form(kind: Kind) -> str:
    return "ttl" if kind == "graph" else "csv"


def _python(query: str, endpoint: str, kind: Kind) -> str:
    # A string between three quotes takes all but these as it is:
    # https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals
    plain = not any(each in query for each in ("\\", '"""', "\r", "\0"))
    text = f'"""\n{query}\n"""' if plain else ascii(query)
    lines = ["import kzgraph", "", f"endpoint = kzgraph.endpoint({json.dumps(endpoint)})"]
    lines.append(f"query = {text}")
    lines.append(_PYTHON[kind])
    return "\n".join(lines)


#: What is called of `kzgraph.endpoint`: docs/python.md.
_PYTHON: dict[Kind, str] = {
    "table": "for row in endpoint.rows(query):\n    print(row)",
    "graph": 'print(endpoint.graph(query).serialize(format="turtle"))',
    "boolean": "print(endpoint.ask(query))",
}


def _r(query: str, endpoint: str, kind: Kind) -> str:
    # A raw string ends with a bracket, as many minus signs as it began with, and a quote: ?Quotes.
    dashes = ""
    while f'){dashes}"' in query:
        dashes += "-"
    read = "readLines(address, encoding" if kind == "graph" else "read.csv(address, encoding"
    return (
        f'query <- r"{dashes}(\n{query}\n){dashes}"\n'
        f"address <- paste0({json.dumps(f'{endpoint}?format={_form(kind)}&query=')},\n"
        "                  URLencode(enc2utf8(query), reserved = TRUE))\n"
        f'answer <- {read} = "UTF-8")\n'
        "print(answer)"
    )


def _curl(query: str, endpoint: str, kind: Kind) -> str:
    return (
        f"curl -s {shlex.quote(endpoint)} --data format={_form(kind)} \\\n"
        f"  --data-urlencode {shlex.quote(f'query={query}')}"
    )


def _javascript(query: str, endpoint: str, kind: Kind) -> str:
    # https://tc39.es/ecma262/#sec-template-literal-lexical-components
    escaped = query.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    accept = "text/turtle" if kind == "graph" else "application/sparql-results+json"
    return (
        f"const query = `\n{escaped}\n`;\n"
        f"const response = await fetch({json.dumps(endpoint)}, {{\n"
        '  method: "POST",\n'
        f'  headers: {{ Accept: "{accept}" }},\n'
        "  body: new URLSearchParams({ query }),\n"
        "});\n"
        f"{_JAVASCRIPT[kind]}"
    )


_JAVASCRIPT: dict[Kind, str] = {
    "table": "const { results } = await response.json();\nconsole.table(results.bindings);",
    "graph": "console.log(await response.text());",
    "boolean": "console.log((await response.json()).boolean);",
}
