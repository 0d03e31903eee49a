"""`kzgraph build`: map, reason, validate, and write a release."""

from pathlib import Path

import click

from kzgraph.cli.console import console, progress, table
from kzgraph.cli.errors import CannotGoOn
from kzgraph.cli.options import releases_option, tables_option

EXAMPLES = """\b
Examples:
  kzgraph build
  kzgraph build --out releases
  kzgraph build --tables mytables --out /tmp/trial
"""


@click.command("build", epilog=EXAMPLES)
@releases_option("--out", "The folder of releases to write to.")
@tables_option
def command(releases: Path, tables: Path | None) -> None:
    """Map the tables, reason over the graph, validate it, and write a release.

    The release that is served changes only if all of it succeeded. Faults in the tables are
    listed with file, line, column and remedy; violations of the shapes with what to do.
    """
