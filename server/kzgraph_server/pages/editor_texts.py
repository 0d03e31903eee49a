"""What the script of the query page says, in the language of the page.

The script has no text of its own: the page hands these over as data. `{name}` is filled in by it.
"""

from kzgraph_server.pages.language import gettext as _


def editor_texts() -> dict[str, str]:
    """The texts by the names that the script has for them."""
    return {
        "running": _("The query is running …"),
        "answered": _("Answered in {seconds} s."),
        "refused": _("The query was refused."),
        "cancelled": _("The query was cancelled."),
        "failed": _("The server could not be reached: {reason}"),
        "go_to_place": _("Go to line {line}, column {column}"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "not_copied": _("The browser does not allow copying; select the text."),
        "long_link": _("Link to this query"),
        "views": _("Ways to look at the answer"),
        "table": _("Table"),
        "chart": _("Chart"),
        "pivot": _("Pivot"),
        "raw": _("As sent"),
        "loading": _("Loading …"),
        "not_loaded": _("This could not be loaded: {reason}"),
        "sort": _("Sort by {column}"),
        "first_rows": _("Made from the first {rows} rows; there are more."),
        "first_characters": _("The first {characters} characters; downloads have all."),
        "chart_needs_numbers": _("No column of the answer has numbers alone, which a chart needs."),
        "chart_kind": _("Kind"),
        "chart_bars": _("Bars, one for each row"),
        "chart_lines": _("Lines"),
        "chart_value": _("Numbers"),
        "chart_along": _("Along"),
        "chart_label": _("Names"),
        "chart_all_columns": _("All other columns"),
        "chart_alternative": _("Chart of {column}. The table has the same numbers."),
        "chart_first_bars": _("The first {shown} rows of {all} are drawn."),
        "chart_first_lines": _("The first {shown} series of {all} are drawn."),
        "chart_not_joined": _(
            "Points are not joined: some of a series are at the same place, so other things tell "
            "them apart."
        ),
        "pivot_needs_columns": _("A pivot needs two columns."),
        "pivot_rows": _("Rows"),
        "pivot_columns": _("Columns"),
        "pivot_cells": _("Cells"),
        "pivot_count": _("Number of rows"),
        "pivot_sum": _("Sum of {column}"),
        "pivot_cut": _("The first {rows} rows and {columns} columns are shown."),
    }


def editor_phrases() -> dict[str, str]:
    """What the editor says by itself, by its words for it.

    https://codemirror.net/examples/translate/
    """
    return {
        "Completions": _("Completions"),
        "Diagnostics": _("Faults"),
        "No diagnostics": _("No faults"),
        "close": _("close"),
        "Control character": _("Control character"),
        "Selection deleted": _("Selection deleted"),
    }
