"""`kzgraph validate`: the SHACL report on the graph, or on RDF files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from pyoxigraph import Store

from kzgraph.cli.answers import short
from kzgraph.cli.console import progress, show, table
from kzgraph.cli.errors import FOUND_FAULTS, CannotGoOn
from kzgraph.cli.options import format_option, tables_option

if TYPE_CHECKING:
    from kzgraph.validation import Report

EXAMPLES = """\b
Examples:
  kzgraph validate
  kzgraph validate --tables mytables --format turtle > report.ttl
  kzgraph validate kzgraph.trig
"""


@click.command("validate", epilog=EXAMPLES)
@click.argument(
    "files",
    nargs=-1,
    metavar="[FILE]...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@tables_option
@format_option("table", "turtle", "json")
def command(files: tuple[Path, ...], tables: Path | None, form: str) -> int:
    """Hold RDF files to the SHACL shapes, or without files what a build would publish.

    Files are Turtle, N-Triples, N-Quads, TriG, JSON-LD or RDF/XML, told by their extension, and
    are held to the shapes together. Ends with 1 where there is a violation; warnings and notes do
    not count.
    """
    from kzgraph.validation import UnreadableFile, validate, validate_files

    with progress("Reading") as step:
        if files:
            try:
                report = validate_files(files)
            except UnreadableFile as error:
                raise CannotGoOn(f"Error: {error}") from None
        else:
            store = _mapped(tables)
            step("Validating")
            report = validate(store)
    if form == "table":
        _print(report)
    else:
        click.echo(report.to_turtle() if form == "turtle" else report.to_json(), nl=False)
    return 0 if report.conforms else FOUND_FAULTS


def _mapped(tables: Path | None) -> Store:
    from kzgraph.reasoning import infer
    from kzgraph.tables import read_tables
    from kzgraph.vocabulary import ontology_quads, shapes_quads
    from kzgraph_mappings import map_tables

    store = Store()
    store.extend(map_tables(read_tables(tables)))
    store.extend(ontology_quads())
    store.extend(shapes_quads())
    store.extend(infer(store))
    return store


def _print(report: "Report") -> None:
    from kzgraph.validation import paths

    if report.results:
        shown = table("Severity", "Focus node", "Path", "Value", "Message")
        for result in report.results:
            path = paths.text(result.path) if result.path else ""
            shown.add_row(
                result.severity.label,
                short(result.focus),
                path,
                short(result.value),
                result.message,
            )
        show(shown)
    found = ", ".join(f"{severity}: {count}" for severity, count in report.counts.items())
    show("The graph conforms." if report.conforms else "The graph does not conform.", found)
