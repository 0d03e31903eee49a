"""`kzgraph verify-release`: check that a release is whole."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kzgraph.cli.console import progress, show, table
from kzgraph.cli.options import releases_option

if TYPE_CHECKING:
    from kzgraph.release import Release

EXAMPLES = """\b
Examples:
  kzgraph verify-release
  kzgraph verify-release releases/0.1.0-1d9c7808fa30
"""


@click.command("verify-release", epilog=EXAMPLES)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@releases_option("--releases", "The folder of releases whose current one to check.")
def command(path: Path | None, releases: Path) -> None:
    """Check that the release in the folder PATH, or the current one, is whole.

    Every file is compared with its checksum, and the store with the N-Quads. Prints a
    line for each fault, and exits with 1 if there is one.
    """
    from kzgraph.release import Release, find_current

    release = Release(path) if path is not None else find_current(releases)
    with progress("Checking"):
        release.verify()
    _print(release)


def _print(release: "Release") -> None:
    counts, files = release.manifest["counts"], release.manifest["files"]
    shown = table("Release", "Format", "Files", "Bytes", "Graphs", "Triples", "Whole")
    for column in shown.columns[2:6]:
        column.justify = "right"
    size = sum(file["bytes"] for file in files)
    numbers = map(str, (len(files), size, len(counts["graphs"]), counts["triples"]))
    shown.add_row(release.version, str(release.manifest["format"]), *numbers, "yes")
    show(shown)
