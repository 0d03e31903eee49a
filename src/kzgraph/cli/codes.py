"""`kzgraph codes`: the code lists and their codes, for whoever fills in the tables."""

import difflib
import json
from pathlib import Path

import click

from kzgraph.cli.console import show, table
from kzgraph.cli.exits import CannotGoOn
from kzgraph.cli.options import format_option, tables_option
from kzgraph.tables import SCHEME_CODE, Row, project_schemas, read_concepts

EXAMPLES = """\b
Examples:
  kzgraph codes
  kzgraph codes bound
  kzgraph codes unit --tables mytables --format json
"""


@click.command("codes", epilog=EXAMPLES)
@click.argument("scheme", required=False)
@tables_option
@format_option("table", "json")
def command(scheme: str | None, tables: Path | None, form: str) -> None:
    """List the code lists, or the codes of one with their labels and definitions.

    A code list is named like its scheme in concepts.csv. The list of lists says which columns of
    which tables take codes from each.
    """
    rows = read_concepts(tables).rows
    found = _list_schemes(rows) if scheme is None else _list_codes(rows, scheme)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    shown = table(*(name.capitalize() for name in found[0]))
    for entry in found:
        shown.add_row(*entry.values())
    show(shown)


def _list_schemes(rows: tuple[Row, ...]) -> list[dict[str, str]]:
    """Each scheme with its label, the number of its codes and the columns that take them."""
    taken = _columns()
    schemes: dict[str, dict[str, str]] = {}
    for row in rows:
        name = row.require("scheme")
        entry = schemes.setdefault(
            name, {"scheme": name, "label": "", "codes": "0", "columns": taken.get(name, "")}
        )
        if row.get("code") == SCHEME_CODE:
            entry["label"] = row.get("label_en") or ""
        else:
            entry["codes"] = str(int(entry["codes"]) + 1)
    return [schemes[name] for name in sorted(schemes)]


def _columns() -> dict[str, str]:
    """By scheme: the columns that take its codes, as `table.column`."""
    found: dict[str, list[str]] = {}
    for schema in project_schemas().values():
        for column in schema.columns:
            if column.scheme:
                found.setdefault(column.scheme, []).append(f"{schema.name}.{column.name}")
    return {scheme: " ".join(columns) for scheme, columns in found.items()}


def _list_codes(rows: tuple[Row, ...], scheme: str) -> list[dict[str, str]]:
    """Each code of a scheme with its label and definition.

    Raises:
        CannotGoOn: no scheme is called so; names those that nearly are.
    """
    found = [
        {
            "code": row.require("code"),
            "label": row.get("label_en") or "",
            "definition": row.get("definition") or "",
        }
        for row in rows
        if row.get("scheme") == scheme and row.get("code") != SCHEME_CODE
    ]
    if not found:
        known = sorted({row.require("scheme") for row in rows})
        near = difflib.get_close_matches(scheme, known, 3, 0.5)
        raise CannotGoOn(
            f"Error: no code list is called {scheme!r}; "
            + (f"did you mean {' or '.join(near)}?" if near else "use " + ", ".join(known))
        )
    return found
