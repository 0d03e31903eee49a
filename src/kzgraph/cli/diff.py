"""`kzgraph diff`: what changed between two releases."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pyoxigraph import RdfFormat, parse

from kzgraph.cli.answers import shorten_term
from kzgraph.cli.console import progress, show, table, visible
from kzgraph.cli.exits import WRONG_USAGE, CannotGoOn, describe
from kzgraph.cli.options import format_option, releases_option
from kzgraph.namespaces import Term
from kzgraph.prefixes import shorten

if TYPE_CHECKING:
    from kzgraph.release import Release
    from kzgraph.release.differences import Change, Difference, GraphDifference

#: As diff(1) has it: equal, different; an error has the code of wrong usage, 2.
EQUAL, DIFFERENT = 0, 1

EXAMPLES = """\b
Examples:
  kzgraph diff 0.1.0-1d9c7808fa30 0.1.0-46adadbc8b54
  kzgraph diff ./old/0.1.0-1d9c7808fa30 ./new/current
  kzgraph diff 0.1.0-1d9c7808fa30 current --format json
"""


@click.command("diff", epilog=EXAMPLES)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@releases_option("--releases", "The folder of releases that versions are of.")
@format_option("text", "json")
def command(before: str, after: str, releases: Path, form: str) -> int:
    """List what changed from release A to release B, by document.

    Each is a version in the folder of releases, `current`, or the folder of a release. Shows
    the facts and other things that were added, removed and changed, and of the changed each
    property with its old and new values; as JSON all of them. The description of the release
    itself, the graph metadata, is not compared.

    Exit codes: 0 if they are equal, 1 if they differ, 2 on an error.
    """
    from kzgraph.release.differences import compare_releases

    try:
        with progress("Comparing"):
            found = compare_releases(_open(before, releases), _open(after, releases))
    except Exception as error:
        message = describe(error)
        if message is None:
            raise
        raise CannotGoOn(message, WRONG_USAGE) from None
    if form == "json":
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        _print(found)
    return DIFFERENT if found.graphs else EQUAL


def _open(name: str, releases: Path) -> "Release":
    """The release called `name`.

    Raises:
        CannotGoOn: there is none.
        ReleaseError: it cannot be opened.
    """
    from kzgraph.release import CURRENT, Release, describe_kept, find_current, find_release

    if name == CURRENT:
        return find_current(releases)
    found = find_release(releases, name) if "/" not in name else None
    if found is not None:
        return found
    if Path(name).is_dir():
        return Release(Path(name))
    raise CannotGoOn(
        f"Error: {name} is not a folder, and no release in {releases}{describe_kept(releases)}",
        WRONG_USAGE,
    )


def _print(found: "Difference") -> None:
    if not found.graphs:
        show(f"{found.before} and {found.after} say the same.")
        return
    show(f"From {found.before} to {found.after}")
    for graph in found.graphs:
        show("", *_describe_graph(graph))
        if graph.changes:
            shown = table("Change", "Thing", "Label", "Property", "Old", "New")
            for change in graph.changes:
                for row in _rows(change):
                    shown.add_row(*map(visible, row))
            show(shown)


def _describe_graph(graph: "GraphDifference") -> list[str]:
    kind = "document" if graph.document else "graph"
    counted = (
        f"{name} " + ", ".join(f"{number} {change}" for change, number in counts.items())
        for name, counts in graph.counts().items()
    )
    lines = [f"{kind} {graph.graph}: {'; '.join(counted)}"]
    if graph.blank_nodes:
        lines.append("What it says with blank nodes (lists, restrictions) differs.")
    return lines


def _rows(change: "Change") -> list[tuple[str, ...]]:
    head = (change.kind, shorten(change.iri), _show([change.label] if change.label else []))
    # What was added or removed as a whole is one line; JSON has all that it says.
    if change.kind != "changed":
        return [(*head, "", "", "")]
    return [
        (*head, shorten(each.property), _show(each.old), _show(each.new))
        for each in change.properties
    ]


def _show(terms: "list[str] | tuple[str, ...]") -> str:
    return "; ".join(shorten_term(_read(each)) for each in terms)


def _read(text: str) -> Term:
    line = f"<urn:s> <urn:p> {text} ."
    read: Term = next(iter(parse(line.encode(), format=RdfFormat.N_TRIPLES))).object
    return read
