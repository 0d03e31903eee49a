"""`/` and `/examples`: overview and example queries."""

import re
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from pyoxigraph import NamedNode

from kzgraph.resources import folder
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.overview import COUNTRY, make_overview, read_news
from kzgraph_server.pages.views import Viewer, sorted_views
from kzgraph_server.served import get_served

blueprint = Blueprint("home", __name__)


#: A line of the comment that a query opens with: `# title: ...`, or a title alone.
_HEADER = re.compile(r"#+[ \t]*(?:(title|user|keywords|answers):)?[ \t]*(.*)")


@dataclass(frozen=True)
class Example:
    """An example query and what its opening comment says of it.

    Attributes:
        name: the name of its file without the ending.
        title: the question in words.
        user: the kind of person who asks it; may be empty.
        answers: what the answer holds; may be empty.
        query: the query without the opening comment.
        href: the address that runs it.
    """

    name: str
    title: str
    user: str
    answers: str
    query: str
    href: str


@blueprint.get("/")
@in_languages
def overview() -> str:
    """The overview page."""
    now = get_served()
    viewer = Viewer(now.store)
    set_rights(get_licensing().whole)  # It shows what official figures say.
    return render_template(
        "home/overview.html",
        found=make_overview(now, viewer),
        country=viewer.named(COUNTRY),
        news=read_news(now),
        version=now.release.version,
        triples=now.statistics.triples,
        graphs=len(now.statistics.graphs),
        documents=sorted_views(
            viewer.named(NamedNode(each.document)) for each in now.statistics.coverage
        ),
    )


@blueprint.get("/examples")
@in_languages
def examples() -> str:
    """The example queries that ship with the project."""
    paths = sorted(folder("queries").rglob("*.rq"))
    found = [_example(path.stem, path.read_text("utf-8")) for path in paths]
    return render_template("examples.html", examples=found)


def _example(name: str, text: str) -> Example:
    lines = text.strip().splitlines()
    said: dict[str, str] = {}
    while lines and (match := _HEADER.match(lines[0])):
        said.setdefault(match[1] or ("title" if not said else "more"), match[2].strip())
        lines.pop(0)
    return Example(
        name=name,
        title=said.get("title") or name,
        user=said.get("user", ""),
        answers=said.get("answers", ""),
        query="\n".join(lines).strip(),
        href=url_for("sparql.page", query=text),
    )
