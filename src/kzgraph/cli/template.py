"""`kzgraph template`: a workbook to fill in the tables of a document."""

from pathlib import Path

import click

from kzgraph.cli.console import show, table
from kzgraph.cli.exits import CannotGoOn
from kzgraph.cli.options import tables_option

EXAMPLES = """\b
Examples:
  kzgraph template fact-sheet-2025
  kzgraph template fact-sheet-2024 --out sheets/fact-sheet-2024.xlsx --tables mytables
"""


@click.command("template", epilog=EXAMPLES)
@click.argument("slug")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    show_default="SLUG.xlsx in this folder",
    help="The workbook to write.",
)
@tables_option
def command(slug: str, out: Path | None, tables: Path | None) -> None:
    """Write a workbook with a sheet for each kind of table of the document SLUG.

    Each sheet has the columns with a note on what they mean, drop-downs from the code lists and
    from what is known, an example row, and the rows that the table has. All cells are text, so that
    a spreadsheet makes no date of a span. `kzgraph import` writes the tables from it. A workbook
    that is there is never changed.
    """
    from kzgraph.editing.template import write_template

    out = out or Path(f"{slug}.xlsx")
    try:
        counts = write_template(slug, out, tables)
    except FileExistsError:
        raise CannotGoOn(
            f"Error: {out} is there already; import it, or name another file by --out"
        ) from None
    filled = {name: rows for name, rows in counts.items() if rows}
    if filled:
        shown = table("Sheet", "Rows")
        shown.columns[1].justify = "right"
        for name, rows in filled.items():
            shown.add_row(name, str(rows))
        show(shown)
    show(f"Workbook in {out}, with {len(counts)} sheets")
