"""`/`, `/health` and `/examples`: what this is, whether it lives, and how to ask it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for

from kzgraph.resources import folder
from kzgraph_server.served import served
from kzgraph_server.views import Viewer, sorted_views

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True)
class Example:
    """An example query: its title is the comment that it opens with."""

    name: str
    title: str
    query: str
    href: str


@blueprint.get("/")
def overview() -> str:
    """The overview page."""
    now = served()
    viewer = Viewer(now.store, now.prefixes)
    counts = now.counts
    classes = [(viewer.named(node), count) for node, count in counts.classes]
    documents = sorted_views(viewer.named(node) for node in counts.documents)
    return render_template(
        "home.html",
        version=now.release.version,
        counts=counts,
        graphs=[(viewer.plain(node), count) for node, count in counts.graphs],
        classes=classes,
        documents=documents,
    )


@blueprint.get("/health")
def health() -> dict[str, Any]:
    """Alive, and with which release."""
    return {"status": "ok", "version": served().release.version}


@blueprint.get("/examples")
def examples() -> str:
    """The example queries that ship with the project."""
    return render_template("examples.html", examples=_examples())


def _examples() -> list[Example]:
    try:
        paths = sorted(folder("queries").rglob("*.rq"))
    except FileNotFoundError:
        return []
    found = []
    for path in paths:
        text = path.read_text("utf-8")
        first = text.lstrip().splitlines()[0] if text.strip() else ""
        title = first.lstrip("# ").strip() if first.startswith("#") else path.stem
        href = url_for("sparql.endpoint", query=text)
        found.append(Example(path.stem, title or path.stem, text, href))
    return found
