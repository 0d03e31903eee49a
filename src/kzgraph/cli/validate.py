"""`kzgraph validate`: the SHACL report on the graph, or on RDF files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from pyoxigraph import RdfFormat, Store

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
    from kzgraph.validation import validate

    with progress("Reading") as step:
        store = _loaded(files) if files else _mapped(tables)
        step("Validating")
        report = validate(store)
    if form == "table":
        _print(report)
    else:
        click.echo(report.to_turtle() if form == "turtle" else report.to_json(), nl=False)
    return 0 if report.conforms else FOUND_FAULTS


def _loaded(files: tuple[Path, ...]) -> Store:
    store = Store()
    for path in files:
        form = RdfFormat.from_extension(path.suffix.lstrip(".").lower())
        if form is None:
            raise click.BadParameter(f"{path}: {path.suffix or 'no extension'} is no RDF format")
        try:
            store.load(path=path, format=form)
        except SyntaxError as error:
            raise CannotGoOn(f"Error: {path}: {error}") from None
    return store


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
    from kzgraph.release.report import counts

    if report.results:
        shown = table("Severity", "Focus node", "Path", "Value", "Message")
        for result in report.results:
            shown.add_row(result.severity, result.focus, result.path, result.value, result.message)
        show(shown)
    found = ", ".join(f"{severity}: {count}" for severity, count in counts(report).items())
    show("The graph conforms." if report.conforms else "The graph does not conform.", found)
