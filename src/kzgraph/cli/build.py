"""`kzgraph build`: map, reason, validate, and write a release."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kzgraph import settings
from kzgraph.cli.console import describe_result, note, progress, show, table, warn
from kzgraph.cli.exits import FOUND_FAULTS, CannotGoOn
from kzgraph.cli.options import (
    FOLDER,
    documents_option,
    formats_option,
    releases_option,
    tables_option,
)

if TYPE_CHECKING:
    from kzgraph.intake import Change
    from kzgraph.release import Release, ReleaseRefused

EXAMPLES = """\b
Examples:
  kzgraph build
  kzgraph build --out releases
  kzgraph build --tables mytables --out trial --documents documents
  kzgraph build --keep 10
  kzgraph build --with data
  kzgraph build --cross-check
"""


@click.command("build", epilog=EXAMPLES)
@releases_option("--out", "The folder of releases to write to.")
@tables_option
@documents_option("Check the evidence against these source texts too.", required=False)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    **settings.click_option("keep"),
    help="How many releases to keep, the new one among them.",
)
@click.option(
    "--with",
    "sources",
    type=FOLDER,
    help="Take the data files in this folder in, as kzgraph ingest does.",
)
@formats_option
@click.option(
    "--cross-check",
    "wants_cross_check",
    is_flag=True,
    help="Compare the release with the results of owlrl, pySHACL and rdflib on the same data.",
)
def command(
    releases: Path,
    tables: Path | None,
    documents: Path | None,
    keep: int,
    sources: Path | None,
    formats: tuple[str, ...],
    wants_cross_check: bool,
) -> int:
    """Map the tables, reason over the graph, validate it, and write a release.

    The current release changes only if every step succeeded. The addresses of releases that are
    no longer kept answer 410 with what replaced them, and the history still has them. Faults in
    the tables are listed with file, line, column and remedy; violations of the shapes with what
    to do. The data files that were taken in stay, until kzgraph ingest --remove; --with takes in
    those of a folder, which has a list (sources.csv) or files that are recognized by their content.
    With --documents the evidence is checked in the same run, as far as the texts are there.
    With --cross-check a report is written next to the release, and the command exits with 1 if
    anything differs.
    """
    release = build_release(tables, releases, documents, keep, _offer(sources), formats=formats)
    print_release(release)
    return _cross_check(release) if wants_cross_check else 0


def _cross_check(release: "Release") -> int:
    from kzgraph.cross_check import cross_check

    with progress("Cross-checking") as step:
        found = cross_check(release, step)
    shown = table("Compared", "With", "Items", "Outcome")
    shown.columns[2].justify = "right"
    for each in found.comparisons:
        items = "" if each.ours is None else str(each.ours)
        shown.add_row(each.what, each.reference, items, each.verdict)
    show("", shown)
    for each in found.comparisons:
        if not each.is_whole:
            show(f"{each.what}, {each.reference}: {each.left_out or each.how}")
    show(f"Cross-check in {release.cross_check}")
    return 0 if found.agrees else FOUND_FAULTS


def _offer(folder: Path | None) -> "Change | None":
    """The files of a folder as new sources."""
    if folder is None:
        return None
    from kzgraph.intake import KINDS, Change
    from kzgraph.sources.listing import read_folder

    return Change(read_folder(folder, KINDS))


def build_release(
    tables: Path | None,
    releases: Path,
    documents: Path | None = None,
    keep: int = settings.DEFAULTS.keep,
    change: "Change | None" = None,
    *,
    if_changed: bool = False,
    formats: Sequence[str] = (),
) -> "Release":
    """Build a release, showing progress; `keep` releases stay, the new one among them.

    What the other arguments mean is said by `kzgraph.build.build`; formats are named by their
    suffixes.

    Raises:
        CannotGoOn: the graph violates its shapes; one line for each violation.
        TableFaults: the tables are faulty.
        ReleaseError: the release cannot be published for another reason.
    """
    from kzgraph.build import build
    from kzgraph.intake import NO_CHANGE
    from kzgraph.rdf.formats import GRAPH_FORMATS
    from kzgraph.release import ReleaseRefused

    try:
        with progress("Building") as step:
            return build(
                tables,
                releases,
                step,
                keep=keep,
                warn=warn,
                documents=documents,
                change=change or NO_CHANGE,
                if_changed=if_changed,
                formats=[each for each in GRAPH_FORMATS if each.suffix in formats],
                note=note,
            )
    except ReleaseRefused as error:
        raise CannotGoOn(f"{_violations(error)}Error: {error}") from None


def _violations(refused: "ReleaseRefused") -> str:
    """A line for each violation: file and line, or the focus node; and what to do."""
    from kzgraph.tracing import MOST_TRACED

    lines: dict[str, None] = {}
    for result in refused.report.results:
        if result.severity.stops:
            fault = refused.places.trace(result) if refused.places else None
            lines[f"{fault or describe_result(result)}\n"] = None
    shown = list(lines)[:MOST_TRACED]
    if len(lines) > len(shown):
        shown.append(f"and {len(lines) - len(shown)} more\n")
    return "".join(shown)


def print_release(release: "Release") -> None:
    """Show how much a release holds, what validation found, and where it is."""
    counts, validation = release.manifest["counts"], release.manifest["validation"]
    shown = table("Graph", "Triples")
    shown.columns[1].justify = "right"
    for name, triples in counts["graphs"].items():
        shown.add_row(name, str(triples))
    shown.add_row("all", str(counts["triples"]))
    found = ", ".join(f"{severity}: {count}" for severity, count in validation.items())
    if any(validation.values()):
        found += "; kzgraph validate lists them"
    show(shown, f"Validation: {found}", f"Release {release.version} in {release.path}")
