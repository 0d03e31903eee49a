"""`/docs/`: the documentation of the project, readable in the browser.

The files are those of the project, in Markdown and in English; the frame of the page has the
language of the page.
"""

import json
import mimetypes
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from flask import Blueprint, Response, render_template, send_from_directory, url_for
from werkzeug.wrappers import Response as BaseResponse

from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML
from kzgraph.resources import folder
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.markdown import Rendered, render_markdown
from kzgraph_server.pages.openapi.elements import N_
from kzgraph_server.pages.views import is_web
from kzgraph_server.served import compute_once, get_served

blueprint = Blueprint("docs", __name__)

#: RFC 7763; the text of a document, which programs read: https://llmstxt.org
MARKDOWN = "text/markdown; charset=utf-8"
_FOLDER = "docs"
#: How the names of notebooks end, which are shown like other documents.
NOTEBOOK = ".ipynb"
#: What is at other places than the folder of the documentation, by its name here.
_ELSEWHERE = {
    "readme": "README.md",
    "contributing": "CONTRIBUTING.md",
    "security": "SECURITY.md",
    "changelog": "CHANGELOG.md",
    "server": "server/README.md",
    "queries": "queries/README.md",
    "shapes": "shapes/README.md",
}
#: The table of contents of all: headings, and the names under each. What none of them names is
#: under the last but one, and decisions are under the last.
_GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    (
        N_("Using the data"),
        (
            *(
                "readme",
                "checking",
                "endpoint",
                "data",
                "model",
                "charts",
                "concordance",
                "glossary",
            ),
            *("humanitarian-data", "spreadsheets", "tables", "python"),
            *("notebooks/kazakhstan", "cli", "assistants"),
            *("queries", "citing", "linking", "federation"),
            "descriptions",
        ),
    ),
    (
        N_("Adding to the data"),
        ("adding-a-document", "sources", "contributing", "shapes", "shacl", "privacy"),
    ),
    (N_("Running the server"), ("operations", "settings", "scaling", "security")),
    (N_("How it is made"), ("server", "dependencies", "benchmarks", "changelog")),
    (N_("Decisions"), ()),
)
_DECISIONS = "decisions/"
#: Where texts say that the server is: this one, for a reader who is here.
_HERE = "http://127.0.0.1:8000"
#: Files that the documentation names and that are not among the pages.
_LICENCE = {"LICENSE": "https://www.apache.org/licenses/LICENSE-2.0"}
#: Headings of a document above which its table of contents has the sections alone.
_MOST_HEADINGS = 40


@dataclass(frozen=True)
class Doc:
    """A document.

    Attributes:
        name: its name in the address.
        path: of its file, from the root of the project.
        title: its first heading.
    """

    name: str
    path: str
    title: str


@blueprint.get("/docs/")
@in_languages
def index() -> str:
    """The list of the documents."""
    docs = _list_docs()
    named = {name for _, names in _GROUPS for name in names}
    rest = [name for name in docs if name not in named]
    decisions = [name for name in rest if name.startswith(_DECISIONS)]
    more = [[], [], [], [name for name in rest if name not in decisions], decisions]
    groups = [
        (_(title), [docs[name] for name in (*names, *others) if name in docs])
        for (title, names), others in zip(_GROUPS, more, strict=True)
    ]
    return render_template("docs/index.html", groups=groups)


@blueprint.get("/docs/<path:name>")
@in_languages
def show(name: str) -> BaseResponse:
    """A document as a page, or a file that one shows or links to."""
    docs = _list_docs()
    if name in docs:
        rendered = _render(name)
        deep = len(rendered.headings) <= _MOST_HEADINGS
        text = render_template(
            "docs/document.html",
            doc=docs[name],
            rendered=rendered,
            file=f"{name}{NOTEBOOK}" if docs[name].path.endswith(NOTEBOOK) else "",
            headings=[each for each in rendered.headings if deep or each.depth == 2],
        )
        return Response(text, content_type=HTML.content_type)
    if name.endswith(".md") and name.removesuffix(".md") in docs:
        text = _read_text(_root() / docs[name.removesuffix(".md")].path)
        return Response(text, content_type=MARKDOWN)
    if name in _list_files():
        media_type = mimetypes.guess_type(name)[0] or "text/plain"
        kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        response = send_from_directory(_root() / _FOLDER, name, mimetype=media_type)
        response.content_type = kind
        return response
    raise Problem(404, "There is no document of this name; /docs/ lists them.")


def _root() -> Path:
    return folder(_FOLDER).parent


@cache
def _list_docs() -> Mapping[str, Doc]:
    """The documents by their names; they come with the code and do not change while it runs."""
    root = _root()
    paths = dict(_ELSEWHERE)
    for suffix in (".md", NOTEBOOK):
        for path in sorted((root / _FOLDER).rglob(f"*{suffix}")):
            inner = path.relative_to(root / _FOLDER).as_posix()
            paths[inner.removesuffix(suffix)] = f"{_FOLDER}/{inner}"
    return {
        name: Doc(name, path, _read_title(root / path) or name)
        for name, path in paths.items()
        if (root / path).is_file()
    }


def list_titles() -> Mapping[str, str]:
    """The titles of the documents by their names."""
    return {name: doc.title for name, doc in _list_docs().items()}


@cache
def _list_names() -> Mapping[str, str]:
    """The names of the documents by their paths."""
    return {each.path: each.name for each in _list_docs().values()}


@cache
def _list_files() -> frozenset[str]:
    """The other files in the folder of the documentation, by their paths there."""
    root = _root() / _FOLDER
    paths = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".md")
    return frozenset(path.relative_to(root).as_posix() for path in paths)


def _read_title(path: Path) -> str:
    return _read_text(path).partition("\n")[0].removeprefix("# ").strip()


def _read_text(path: Path) -> str:
    """A document in Markdown; of a notebook its texts, and its code as blocks.

    https://nbformat.readthedocs.io/en/latest/format_description.html
    """
    text = path.read_text("utf-8")
    if path.suffix != NOTEBOOK:
        return text
    parts = []
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        parts.append(source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```")
    return "\n\n".join(parts) + "\n"


def _render(name: str) -> Rendered:
    """A document as HTML, made once for each language: its links keep that of the page."""
    made: dict[tuple[str, str], Rendered] = compute_once(_make_store)
    key = (name, url_for("docs.index"))
    if key not in made:
        path = _list_docs()[name].path
        text = _read_text(_root() / path)
        made[key] = render_markdown(text, lambda target: resolve(path, target))
    return made[key]


def _make_store(_now: object) -> dict[tuple[str, str], Rendered]:
    return {}


def resolve(path: str, target: str) -> str | None:
    """Where a link in a document leads here; None where to nothing that a reader can open.

    Args:
        path: of the document, from the root of the project.
        target: the link as it is written.
    """
    if target.startswith(_HERE):
        return (get_served().settings.mount + target.removeprefix(_HERE)) or "/"
    if "://" in target or target.startswith("mailto:"):
        return target if is_web(target) or target.startswith("mailto:") else None
    file, _sign, anchor = target.partition("#")
    if not file:
        return target
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file)))
    name = _list_names().get(place)
    if name is not None:
        return url_for("docs.show", name=name, _anchor=anchor or None)
    if place.startswith("queries/") and place.endswith(".rq"):
        return url_for("examples.show", _anchor=f"example-{Path(place).stem.partition('-')[0]}")
    inner = place.removeprefix(f"{_FOLDER}/")
    if place != inner and inner in _list_files():
        return url_for("docs.show", name=inner)
    return _LICENCE.get(place)
