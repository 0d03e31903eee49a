"""`kzgraph import`: the tables of a document from a workbook."""

from pathlib import Path

import click

from kzgraph.cli.console import show, table
from kzgraph.cli.options import tables_option

EXAMPLES = """\b
Examples:
  kzgraph import fact-sheet-2025 fact-sheet-2025.xlsx
  kzgraph import fact-sheet-2025 fact-sheet-2025.xlsx --tables mytables
"""


@click.command("import", epilog=EXAMPLES)
@click.argument("slug")
@click.argument("workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@tables_option
def command(slug: str, workbook: Path, tables: Path | None) -> None:
    """Write the tables of the document SLUG from WORKBOOK, an Excel file (.xlsx).

    Its sheets are those of `kzgraph template`. The rows of a sheet take the place of those of its
    table, and a table without a sheet stays. What a spreadsheet made of a cell is turned back where
    only one text can have been meant. If any cell is refused, no table is changed, and each is
    listed with what would be right.
    """
    from kzgraph.editing.imports import import_workbook

    made = import_workbook(slug, workbook, tables)
    columns = ("Rows", "Added", "Changed", "Removed", "Drafts", "Quotes")
    shown = table("Table", *columns)
    for column in shown.columns[1:]:
        column.justify = "right"
    for each in made:
        if not each.rows:
            continue
        counts = (each.rows, each.added, each.changed, each.removed, each.drafts, each.words)
        shown.add_row(f"{each.name}.csv", *map(str, counts))
    show(shown if shown.row_count else f"No table of {slug} has rows")
    if any(each.words for each in made):
        show(f"Next: kzgraph annotate {slug} --documents DIR turns the quotes into spans")
