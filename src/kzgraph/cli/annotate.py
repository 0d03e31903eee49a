"""`kzgraph annotate`: words quoted as evidence become spans, in the tables."""

from pathlib import Path

import click

from kzgraph.cli.console import show, table
from kzgraph.cli.options import documents_option, tables_option

EXAMPLES = """\b
Examples:
  kzgraph annotate fact-sheet-2024 --documents documents
  kzgraph annotate fact-sheet-2024 --documents documents --tables mytables
\b
In the cells of evidence, context and span, separated by blanks:
  "2018 7,588"                     words that are in the text once
  "null"#4                         the fourth place of words
  "Refugees" after "2018 7,588"    the first place after other words
  914-933                          a span, which stays
"""


@click.command("annotate", epilog=EXAMPLES)
@click.argument("slug")
@documents_option("The folder of source texts.")
@tables_option
def command(slug: str, documents: Path, tables: Path | None) -> None:
    """Turn the words quoted as evidence in the tables of the document SLUG into spans.

    The tables are changed in place, and in them only the cells that hold quotes. White space in a
    quote matches any white space of the text. If a quote is not in the text, or in several places
    of which none is chosen, no table is changed, and each place is shown in its line.

    Then write spans.csv anew: each span with the hash of its text, and its words where they may be
    quoted.
    """
    from kzgraph.editing import annotate, write_spans

    made = annotate(slug, documents, tables)
    if made:
        shown = table("Cell", "Words", "Span")
        for each in made:
            shown.add_row(f"{each.file}:{each.line}:{each.column}", str(each.quote), str(each.span))
        show(shown)
    else:
        show(f"No words in quotes in the tables of {slug}")
    spans = write_spans(slug, documents, tables)
    show(f"{slug}/spans.csv has {spans.spans} spans, {spans.quoted} of them with their words")
