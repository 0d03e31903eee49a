"""`kzgraph hdx`: the description of a release for the Humanitarian Data Exchange."""

from pathlib import Path

import click

from kzgraph.cli.exits import CannotGoOn
from kzgraph.cli.options import releases_option

EXAMPLES = """\b
Examples:
  kzgraph hdx --organization my-office --maintainer 00000000-0000-0000-0000-000000000000 > hdx.json
  kzgraph hdx --organization my-office --maintainer jane --url https://data.example.org/
"""


@click.command("hdx", epilog=EXAMPLES)
@releases_option("--releases", "The folder of releases.")
@click.option("--release", "version", help="Describe this release. Default: the current one.")
@click.option(
    "--organization", required=True, metavar="NAME", help="The organization at HDX that owns it."
)
@click.option(
    "--maintainer", required=True, metavar="ID", help="The user of HDX who maintains it there."
)
@click.option(
    "--url", default="", metavar="URL", help="Where the release is served. Default: its IRI."
)
def command(
    releases: Path, version: str | None, organization: str, maintainer: str, url: str
) -> None:
    """Print the description of a release as a package of HDX, in JSON, for its API.

    Who owns and maintains a data set at HDX is not in a release, and has to be given.
    """
    from kzgraph.release import describe_kept, find_current, find_release
    from kzgraph.release.hdx import describe_for_hdx, write_for_hdx
    from kzgraph.sources.source_entries import SourceEntry

    for name, value in (("--organization", organization), ("--maintainer", maintainer)):
        if not value.strip():
            raise click.BadParameter("it is empty", param_hint=f"'{name}'")
    if url and not url.startswith(("http://", "https://")):
        raise click.BadParameter("an address begins with http:// or https://", param_hint="'--url'")
    found = find_release(releases, version) if version else find_current(releases)
    if found is None:
        raise CannotGoOn(f"Error: no release {version} in {releases}{describe_kept(releases)}")
    entries = [SourceEntry.from_manifest(each) for each in found.manifest.get("sources", ())]
    described = describe_for_hdx(
        found.version,
        found.statistics,
        entries,
        [file.name for file in found.files.values() if file.is_dump],
        found.dumps,
        address=f"{url.rstrip('/')}/" if url else "",
        organization=organization,
        maintainer=maintainer,
    )
    click.echo(write_for_hdx(described).decode(), nl=False)
