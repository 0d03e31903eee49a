"""`kzgraph cite`: the citation of a release, of a thing in it, or of this software."""

from pathlib import Path

import click

from kzgraph.cli.exits import CannotGoOn
from kzgraph.cli.options import releases_option

FORMATS = ("text", "bibtex", "csl", "ris", "cff", "datacite")

EXAMPLES = """\b
Examples:
  kzgraph cite
  kzgraph cite document/fact-sheet-2024 --format bibtex
  kzgraph cite --format datacite > datacite.json
  kzgraph cite --software --format cff > CITATION.cff
"""


@click.command("cite", epilog=EXAMPLES)
@click.argument("thing", required=False)
@releases_option("--releases", "The folder of releases.")
@click.option("--release", "version", help="Cite from this release. Default: the current one.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="The format of the citation.",
)
@click.option("--software", is_flag=True, help="Cite this software, and not data.")
def command(
    thing: str | None, releases: Path, version: str | None, form: str, software: bool
) -> None:
    """Print how a release is cited, or the THING in it: a fact or a document, by its path or IRI.

    The date of a release is that in the history; cff and datacite, for repositories that give a
    DOI, are for a release only.
    """
    from pyoxigraph import NamedNode

    from kzgraph.citing import RELEASE_FORMATS, write_reference
    from kzgraph.iri import ID, is_path
    from kzgraph.release import describe_kept, find_current, find_release
    from kzgraph.release.citation import DATA_SET, cite_software, find_reference

    chosen = dict(zip(FORMATS, RELEASE_FORMATS, strict=True))[form]
    if software:
        click.echo(write_reference(cite_software(), chosen), nl=False)
        return
    found = find_release(releases, version) if version else find_current(releases)
    if found is None:
        raise CannotGoOn(f"Error: no release {version} in {releases}{describe_kept(releases)}")
    path = (thing or DATA_SET.value).removeprefix(ID)
    node = NamedNode(ID + path) if is_path(path) else None
    reference = node and find_reference(found, node, pinned=version is not None)
    if not reference:
        raise CannotGoOn(
            f"Error: {path} is not a fact or a document of release {found.version}; "
            "write it as document/fact-sheet-2024"
        )
    if chosen in RELEASE_FORMATS[4:] and node != DATA_SET:
        raise CannotGoOn(f"Error: {form} is for a whole release; leave out {path}")
    try:
        click.echo(write_reference(reference, chosen), nl=False)
    except ValueError as error:
        raise CannotGoOn(f"Error: {error}") from None
