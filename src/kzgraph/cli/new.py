"""`kzgraph new`: the folder of a new document, with draft rows."""

from pathlib import Path

import click

from kzgraph.cli.console import show, table
from kzgraph.cli.options import tables_option

EXAMPLES = """\b
Examples:
  kzgraph new fact-sheet-2025 documents/fact-sheet.txt
  kzgraph new fact-sheet-2025 documents/fact-sheet.txt --tables mytables
"""


@click.command("new", epilog=EXAMPLES)
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@tables_option
def command(slug: str, file: Path, tables: Path | None) -> None:
    """Make the folder SLUG among the tables for the document whose text is FILE.

    It gets document.csv with the hash and length of the text, a table of each kind with its header,
    and a draft row for each number, with its span, value and hedge. What begins with "draft:" is a
    proposal: a build refuses it until you settle it. A folder that is there is never changed.
    """
    from kzgraph.editing import start_document

    folder, counts = start_document(slug, file, tables)
    shown = table("Table", "Draft rows")
    shown.columns[1].justify = "right"
    for name, count in counts.items():
        if count:
            shown.add_row(f"{name}.csv", str(count))
    show(f"Tables in {folder}", shown)
    show("Next: settle the draft rows and cells, describe the document in document.csv, then build")
