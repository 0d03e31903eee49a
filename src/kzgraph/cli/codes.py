"""`kzgraph codes`: code lists, codes and known things, for whoever fills in the tables."""

import difflib
import json
from collections.abc import Iterable
from pathlib import Path

import click

from kzgraph.cli.console import show, table
from kzgraph.cli.exits import CannotGoOn
from kzgraph.cli.options import format_option, tables_option
from kzgraph.tables import SCHEME_CODE, Row, project_schemas, read_kind
from kzgraph.tables.schema import Schema

EXAMPLES = """\b
Examples:
  kzgraph codes
  kzgraph codes bound
  kzgraph codes country
  kzgraph codes unit --tables mytables --format json
"""


@click.command("codes", epilog=EXAMPLES)
@click.argument("scheme", required=False)
@tables_option
@format_option("table", "json")
def command(scheme: str | None, tables: Path | None, form: str) -> None:
    """List the code lists, or the codes of one with their labels and definitions.

    A code list is named like its scheme in concepts.csv. The things that are known are listed too,
    by the beginning of their ids: country, place, organisation, operation, initiative, instrument,
    person. The list of lists says which columns of which tables take which.
    """
    kinds = {head: schema for schema in project_schemas().values() for head in schema.heads}
    if scheme in kinds:
        found = _list_things(read_kind(kinds[scheme].name, tables).rows, scheme)
    else:
        rows = read_kind("concepts", tables).rows
        found = _list_codes(rows, scheme, kinds) if scheme else _list_schemes(rows, kinds)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    shown = table(*(name.capitalize() for name in found[0]))
    for entry in found:
        shown.add_row(*entry.values())
    show(shown)


def _list_schemes(rows: tuple[Row, ...], kinds: dict[str, Schema]) -> list[dict[str, str]]:
    """Each scheme with its label, the number of its codes and the columns that take them.

    The kinds of things are behind them, not counted: their tables may have faults.
    """
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
    things = [
        {"scheme": head, "label": kind.title, "codes": "", "columns": taken.get(head, "")}
        for head, kind in sorted(kinds.items())
    ]
    return [schemes[name] for name in sorted(schemes)] + things


def _list_things(rows: tuple[Row, ...], head: str) -> list[dict[str, str]]:
    """The things of a kind by id, with their labels and other names.

    Raises:
        CannotGoOn: there is none.
    """
    found = [
        {
            "id": row.require("id"),
            "label": (row.cells.get("label_en") or row.cells.get("name") or [""])[0],
            "alternative": ", ".join(row.cells.get("alternative", ())),
        }
        for row in sorted(rows, key=lambda row: row.require("id"))
        if row.require("id").startswith(f"{head}/")
    ]
    if not found:
        raise CannotGoOn(f"Error: the tables have no {head} yet; add rows with ids like {head}/...")
    return found


def _columns() -> dict[str, str]:
    """By scheme or kind of thing: the columns that take its codes or ids, as `table.column`."""
    found: dict[str, list[str]] = {}
    for schema in project_schemas().values():
        for column in schema.columns:
            for taken in (column.scheme,) if column.scheme else column.heads:
                found.setdefault(taken, []).append(f"{schema.name}.{column.name}")
    return {scheme: " ".join(columns) for scheme, columns in found.items()}


def _list_codes(rows: tuple[Row, ...], scheme: str, kinds: Iterable[str]) -> list[dict[str, str]]:
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
        known = sorted({row.require("scheme") for row in rows} | {*kinds})
        near = difflib.get_close_matches(scheme, known, 3, 0.5)
        raise CannotGoOn(
            f"Error: no code list and no kind of thing is called {scheme!r}; "
            + (f"did you mean {' or '.join(near)}?" if near else "use " + ", ".join(known))
        )
    return found
