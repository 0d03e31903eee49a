"""`kzgraph sources`: the published data files that are in the current release."""

import json
from pathlib import Path

import click

from kzgraph.cli.console import show, table, visible
from kzgraph.cli.options import format_option, releases_option

EXAMPLES = """\b
Examples:
  kzgraph sources
  kzgraph sources --releases releases --format json
"""


@click.command("sources", epilog=EXAMPLES)
@releases_option("--releases", "The folder of releases.")
@format_option("text", "json")
def command(releases: Path, form: str) -> int:
    """List the sources of the current release: the published data files beside the documents.

    Shows of each the name of its graph, when it was extracted, the years that it is about, its
    rows and triples, and whether a plain query meets it, or which one has its place. As JSON also
    the licence, the attribution and the hash of the file.
    """
    from kzgraph.release import find_current

    now = find_current(releases)
    found = now.sources
    if form == "json":
        listed = [each.to_manifest() for each in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return 0
    for name in now.removed_sources:
        show(f"Left out: {name}, which ships with kzgraph and was removed")
    if not found:
        show("The release has no sources; add one with: kzgraph ingest KIND FILE")
        return 0
    shown = table("Source", "Title", "Date", "Years", "Rows", "Triples", "State")
    for column in shown.columns[4:6]:
        column.justify = "right"
    for each in found:
        years = f"{each.years[0]}-{each.years[-1]}" if each.years else ""
        state = "current" if each.current else f"replaced by {each.replaced_by}"
        state += ", packaged" if each.packaged else ""
        numbers = (str(each.rows), str(each.triples))
        shown.add_row(each.name, visible(each.title), each.date, years, *numbers, state)
    show(shown)
    return 0
