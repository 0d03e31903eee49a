"""`/llms.txt`: what language models find where, in Markdown: https://llmstxt.org.

Addresses are those in the server's own descriptions, absolute and with the mount; of a release at
the address of its version they stay below that.
"""

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response

from kzgraph_server.descriptions.addresses import Addresses
from kzgraph_server.pages.docs import list_titles
from kzgraph_server.served import get_served

blueprint = Blueprint("llms_text", __name__)

#: Served as plain text, which a browser shows.
MARKDOWN_TEXT = "text/plain; charset=utf-8"
_KEPT = "public, max-age=300"
#: What the data are and how to ask for them; the proposal has less important ones as optional.
_DOCS = (
    *("assistants", "model", "checking", "endpoint", "search", "citing", "data", "concordance"),
    *("glossary", "python", "humanitarian-data", "linking"),
)
#: Paths, what is there, and what it is good for.
_TOOLS = (
    ("mcp", "Tools for assistants", "Model Context Protocol over HTTP; POST only"),
    ("api/openapi.json", "Every address", "OpenAPI 3.1"),
)
_ASKING = (
    ("sparql", "SPARQL endpoint", "SPARQL 1.1 by GET or POST; prefixes are declared already"),
    ("search?format=json&q=stateless", "Search", "names, codes and numbers; `q` is the text"),
    ("check?format=json&q=87,632", "Checking", "what is stated of a claim; `q` is the claim"),
    ("tables/", "Tables", "figures and other facts as CSV and the like, filtered, without SPARQL"),
    ("sparql/completions", "Vocabulary", "classes and properties with counts, code lists"),
)
_DATA = (
    ("dumps/", "Files", "all of the graph in several formats, with checksums"),
    (".well-known/void", "VoID description", "statistics, example queries"),
    ("catalog", "Catalogue", "DCAT"),
)


@blueprint.get("/llms.txt")
def show() -> Response:
    """The text."""
    response = Response("\n".join(_write()), content_type=MARKDOWN_TEXT)
    response.headers["Cache-Control"] = _KEPT
    return response


def _write() -> Iterator[str]:
    now = get_served()
    addresses = Addresses(now.settings.public_url)
    yield "# kzgraph"
    yield ""
    yield (
        "> What documents of UNHCR state about its work in Kazakhstan, as linked data: each figure "
        "with the characters that support it, and official statistics beside it."
    )
    yield ""
    yield f"This is release {now.release.version}. Whoever repeats a figure from here says with it:"
    yield ""
    yield "- its hedge, unit, place, time and status: a forecast, target or plan is no count;"
    yield "- whose it is: a figure of the Kazakhstan Regional Office is not one of Kazakhstan;"
    yield "- who states it: each has a citation, and notes of the project are not the document's;"
    yield "- and nothing else: what is not found here is neither zero nor wrong."
    yield ""
    yield from _write_links("For assistants", _TOOLS, addresses)
    yield from _write_links("Asking", _ASKING, addresses)
    yield "## Documentation"
    yield ""
    titles = list_titles()
    for name in _DOCS:
        if name in titles:
            yield f"- [{titles[name]}]({addresses.at(f'docs/{name}.md').value})"
    yield ""
    yield from _write_links("Data", _DATA, addresses)
    yield "## Optional"
    yield ""
    for name, title in titles.items():
        if name not in _DOCS and not name.startswith("decisions/"):
            yield f"- [{title}]({addresses.at(f'docs/{name}.md').value})"
    yield ""


def _write_links(
    title: str, links: Iterable[tuple[str, str, str]], addresses: Addresses
) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    for path, name, about in links:
        yield f"- [{name}]({addresses.at(path).value}): {about}"
    yield ""
