"""`kzgraph validate`: the SHACL report on the graph, or on RDF files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kzgraph.cli.answers import shorten_term
from kzgraph.cli.console import progress, show, table, warn
from kzgraph.cli.exits import FOUND_FAULTS, CannotGoOn
from kzgraph.cli.options import documents_option, format_option, tables_option
from kzgraph.faults import Fault

if TYPE_CHECKING:
    from kzgraph.tables import Tables
    from kzgraph.tracing import Places
    from kzgraph.validation import Report

EXAMPLES = """\b
Examples:
  kzgraph validate
  kzgraph validate --tables mytables --documents documents
  kzgraph validate --tables mytables --format turtle > report.ttl
  kzgraph validate kzgraph.trig
  kzgraph validate mydata.ttl --shapes myshapes.ttl --engine pyshacl
"""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("validate", epilog=EXAMPLES)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=_FILE)
@tables_option
@documents_option("Check the evidence of the tables against these texts too.", required=False)
@click.option(
    "--shapes",
    "shapes_files",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="Check against the shapes of this file instead of the project's; may be repeated.",
)
@click.option(
    "--engine",
    type=click.Choice(["kzgraph", "pyshacl"]),
    default="kzgraph",
    show_default=True,
    help="Who validates. pySHACL knows all of SHACL, and takes minutes for the project's shapes.",
)
@format_option("table", "turtle", "json")
def command(
    files: tuple[Path, ...],
    tables: Path | None,
    documents: Path | None,
    shapes_files: tuple[Path, ...],
    engine: str,
    form: str,
) -> int:
    """Validate RDF files against SHACL shapes, or without files what a build would publish.

    Files are Turtle, N-Triples, N-Quads, TriG, JSON-LD or RDF/XML, by their extension, and
    are taken together. With --shapes they are taken as they are, without it together with the
    ontology of the project. Exits with 1 if there is a violation, a result with a severity of
    your own, or shapes that the engine refuses; warnings and notes do not count.
    """
    if files and documents:
        raise click.UsageError("--documents is about the evidence of tables, and files have none")
    from kzgraph import validation
    from kzgraph.validation.inputs import SHAPES_GRAPH, project_files, read_shapes

    read: Tables | None = None
    try:
        with progress("Reading") as step:
            if files:
                quads = validation.data_of(files, ontology=not shapes_files)
            else:
                from kzgraph.build import assemble_all, read_or_explain

                read = read_or_explain(tables, step, warn, documents)
                store = assemble_all(tables, read, step)
                quads = [q for q in store if q.graph_name != SHAPES_GRAPH]
            if engine == "pyshacl":
                from kzgraph.validation.reference import validate_by_pyshacl

                shapes = read_shapes(shapes_files or project_files("shapes"))
                step("Validating with pySHACL")
                report = validate_by_pyshacl(quads, shapes)
            else:
                own = validation.shapes_of(shapes_files) if shapes_files else None
                step("Validating")
                report = validation.check(quads, own)
    except (validation.UnreadableFile, validation.ShapesRefused) as error:
        raise CannotGoOn(f"Error: {error}") from None
    if form == "table":
        places = None
        if read:
            from kzgraph.tracing import Places, find_in_store

            places = Places(read.rows, report.results, find_in_store(store))
        _print(report, places)
    else:
        click.echo(report.to_turtle() if form == "turtle" else report.to_json(), nl=False)
    return 0 if report.conforms else FOUND_FAULTS


def _print(report: "Report", places: "Places | None") -> None:
    from kzgraph.validation import property_paths

    if report.results:
        where = ["Row"] if places else []
        shown = table("Severity", "Focus node", "Path", "Value", "Message", *where)
        for result in report.results:
            path = property_paths.text(result.path) if result.path else ""
            shown.add_row(
                result.severity.label,
                shorten_term(result.focus),
                path,
                shorten_term(result.value),
                result.message,
                *([_place(places.trace(result))] if places else []),
            )
        show(shown)
    found = ", ".join(f"{severity}: {count}" for severity, count in report.counts.items())
    show("The graph conforms." if report.conforms else "The graph does not conform.", found)


def _place(fault: Fault | None) -> str:
    """File, line and column of a fault."""
    if fault is None:
        return ""
    return ":".join(filter(None, (fault.file, str(fault.line or ""), fault.column)))
