"""`kzgraph ingest`: map a published data file into a graph of its own, in a new release."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kzgraph import settings
from kzgraph.cli.build import build_release, print_release
from kzgraph.cli.exits import WRONG_USAGE, CannotGoOn
from kzgraph.cli.options import formats_option, releases_option, tables_option

if TYPE_CHECKING:
    from kzgraph.intake import Change

EXAMPLES = """\b
Examples:
  kzgraph ingest unhcr-population population.csv.gz --date 2025-06-12
  kzgraph ingest iati activities.xml --licence https://creativecommons.org/licenses/by/4.0/ \\
      --attribution "The organisation that reports"
  kzgraph ingest unhcr-population older.csv --replace
  kzgraph ingest --remove unhcr-population-0123456789ab
"""


@click.command("ingest", epilog=EXAMPLES)
@click.argument("kind", required=False, default="")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@releases_option("--out", "The folder of releases to write to.")
@tables_option
@click.option("--licence", default="", metavar="IRI", help="The licence of the file.")
@click.option("--attribution", default="", help="Whom users of the data have to name.")
@click.option("--title", default="", help="What the file is, in English.")
@click.option("--url", default="", help="Where the file was published.")
@click.option("--date", default="", metavar="YYYY-MM-DD", help="When it was extracted.")
@click.option(
    "--replace", is_flag=True, help="Make it current, whatever its date and its years are."
)
@click.option("--remove", default="", metavar="NAME", help="Take a source out.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    **settings.click_option("keep"),
    help="How many releases to keep, the new one among them.",
)
@formats_option
def command(
    kind: str,
    file: Path | None,
    releases: Path,
    tables: Path | None,
    licence: str,
    attribution: str,
    title: str,
    url: str,
    date: str,
    replace: bool,
    remove: str,
    keep: int,
    formats: tuple[str, ...],
) -> int:
    """Map FILE, of the layout KIND, into a graph of its own, and publish a release with it.

    The file may be compressed by gzip. It is kept in the folder of releases, so that later builds
    have it too, until it is taken out again with --remove NAME. A later file of the same table
    becomes the one that plain queries meet; one that was extracted earlier, that does not reach as
    far or covers fewer years does not, unless --replace is given: it is a graph that a query has
    to name. A faulty file is refused with line and reason, and the current release stays as it is.

    Exit codes: 0 if the release has the file, 1 if it was refused, 2 on wrong usage.
    """
    stated = {"licence": licence, "attribution": attribution, "title": title}
    stated |= {"url": url, "date": date}
    if remove:
        if kind or file or replace or any(stated.values()):
            raise click.UsageError("--remove NAME is used alone")
        from kzgraph.intake import Change

        change = Change(removed=remove)
    elif not kind or file is None:
        raise click.UsageError(f"name a KIND and a FILE, or --remove NAME; {_kinds()}")
    else:
        change = _change(kind, file, stated, replace)
    release = build_release(
        tables, releases, keep=keep, change=change, if_changed=True, formats=formats
    )
    print_release(release)
    return 0


def _kinds() -> str:
    from kzgraph.intake import KINDS

    return f"the kinds are {', '.join(sorted(KINDS)) or 'none'}"


def _change(kind: str, file: Path, stated: dict[str, str], replace: bool) -> "Change":
    """What is to be otherwise.

    Raises:
        CannotGoOn: something is stated wrongly, or has to be stated.
        SourceFaults: the file cannot be one of data.
    """
    from kzgraph.faults import Fault
    from kzgraph.intake import KINDS, Change
    from kzgraph.sources import FaultList, SourceFaults
    from kzgraph.sources.listing import COLUMNS, check_facts, complete, find_other_kind
    from kzgraph.sources.taking import Offer, read_head

    if kind not in KINDS:
        raise click.UsageError(f"there is no kind {kind!r}; {_kinds()}")
    cells = dict.fromkeys(COLUMNS, "") | stated
    faults = FaultList("kzgraph ingest")
    check_facts(faults, 0, cells)
    if faults.faults:
        first = faults.faults[0]
        raise click.UsageError(f"--{first.column}: {first.message}; {first.remedy}")
    head = read_head(file, file.name)
    if other := find_other_kind(kind, KINDS, head):
        raise SourceFaults([Fault(file.name, 1, "", *other)])
    cells = complete(cells | {"kind": kind}, KINDS, head)
    for name, what in (("licence", "an IRI"), ("attribution", "whom users have to name")):
        if not cells[name]:
            raise CannotGoOn(
                f"Error: files of the kind {kind} have no {name} in common: state that of this "
                f"file with --{name}, {what}",
                WRONG_USAGE,
            )
    offer = Offer(
        kind,
        file,
        file.name,
        cells["title"],
        cells["licence"],
        cells["attribution"],
        cells["url"],
        cells["date"],
    )
    return Change((offer,), replace)
