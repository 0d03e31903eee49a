"""`kzgraph redact`: take a person out of the tables and of every kept release."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kzgraph.cli.console import progress, show, table, visible
from kzgraph.cli.options import releases_option, tables_option
from kzgraph.resources import folder as resource

if TYPE_CHECKING:
    from kzgraph.redaction import Plan

EXAMPLES = """\b
Examples:
  kzgraph redact person/first-last
  kzgraph redact person/first-last --also "Mr Last" --yes
"""


@click.command("redact", epilog=EXAMPLES)
@click.argument("person")
@tables_option
@releases_option("--releases", "The folder of releases.")
@click.option("--also", multiple=True, help="Words that mean the person, too. Repeatable.")
@click.option("--yes", is_flag=True, help="Do it. Without, the changes are listed only.")
def command(
    person: str, tables: Path | None, releases: Path, also: tuple[str, ...], yes: bool
) -> None:
    """Take PERSON out of the tables and of every kept release.

    PERSON is the path of the person (person/first-last), its last part, the IRI, or the name as
    it stands in the tables. Facts and notes that refer to the person or name them go; in other
    texts the name is replaced. Lists what would change, and with --yes changes it. What a surname
    alone means, only you can tell: such texts are listed, and --also takes them in.

    It cannot be undone, and does not reach copies that others have made: docs/privacy.md.
    """
    from kzgraph.redaction import find_person, plan, redact
    from kzgraph.release import current, describe_elsewhere, find_elsewhere

    if current(releases) is None:  # Of a folder that was not meant nothing would be taken out.
        other = describe_elsewhere(find_elsewhere(releases))
        click.echo(f"No release in {releases}{other}; only the tables are searched.", err=True)
    root = tables or resource("mappings") / "tables"
    folder = root if root.is_dir() else None
    with progress("Searching") as step:
        mentions = find_person(person, folder, releases, also)
        made = (redact if yes else plan)(mentions, folder, releases, step)
    _print(made)
    if made.is_empty:
        show("There is nothing to take out.")
    elif yes:
        show("Done. Publish again to the stores that you have published to.")
    else:
        show("Nothing was changed; to take this out, add --yes.")


def _print(made: "Plan") -> None:
    for title, found in (
        ("Name in the address of what is not a fact, so that it cannot go", made.addresses),
        ("Surname alone, which stays unless you add it by --also", made.suspects),
        ("Rows with the surname alone", made.tables.suspects),
        ("To be changed by hand", [*made.tables.by_hand, *made.by_hand]),
    ):
        if found:
            show(f"{title}:", *(f"  {visible(each)}" for each in sorted(found)), "")
    if made.tables.edits:
        rows = table("Table", "Line", "Column", "Change")
        for edit in made.tables.edits:
            rows.add_row(edit.file, str(edit.line), edit.column, visible(edit.what))
        show(rows, "")
    if made.releases:
        shown = table("Release", "Facts and notes", "Other things", "Texts")
        for each in made.releases:
            if not each.version:
                shown.add_row(each.folder, "", "", "damaged: removed")
                continue
            numbers = (str(each.facts), str(each.others), str(len(each.texts)))
            shown.add_row(each.folder, *numbers)
        show(shown, "")
    if made.lists:
        show("Lists of changes that go:", *(f"  {each}" for each in made.lists), "")
