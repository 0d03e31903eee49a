"""The tables of cubes against the graph: each observation, each component, both ways.

What a cell of a table has to be is asked of the store here, term by term, with a list of columns of
its own.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kzgraph.iri import ID, ONTOLOGY, term
from kzgraph.namespaces import DCT, LABEL, LANGUAGES, SCHEMA, SKOS, TYPE, XSD
from kzgraph.prefixes import PREFIXES
from kzgraph.release import Release
from kzgraph.tidy.cube_columns import CODED, LITERAL, ORDER, list_columns
from kzgraph.tidy.table_templates import read_tables, write_query

QB = PREFIXES["qb"]
#: Column to property, of what has codes.
CODES = {
    **{"document": "statedIn", "scope": "scope", "country": "country", "indicator": "indicator"},
    **{"group": "populationGroup", "sex": "sex", "age": "age", "disability": "disability"},
    **{"origin": "origin", "location": "location", "quantity": "quantity", "series": "series"},
    **{"registered_by": "registeredBy", "decision_level": "decisionLevel", "time": "time"},
    **{"status": "status", "unit": "unit", "bound": "bound", "availability": "availability"},
}
#: The same of literals.
LITERALS = {"year": "year", "row": "row", "us_dollars": "usDollars", "hedge": "hedge"}
#: What a data set may say of all of its observations.
OF_DATA_SETS = ("sex", "age", "status", "unit")
#: Which property of a thing its code is, where it is no notation.
IDENTIFIERS = {
    **{"document": DCT["identifier"], "scope": DCT["identifier"], "country": SCHEMA["identifier"]},
}
HEADLINES = {"HeadlineFigure", "OfficialHeadlineFigure", "OfficialHeadlineFlow"}

Row = dict[str, Any]


@pytest.fixture(scope="module")
def release(shipped_root: Path) -> Release:
    return Release(shipped_root / "current")


@pytest.fixture(scope="module")
def listed(release: Release) -> dict[str, Any]:
    found = json.loads((release.dumps / "tables" / "tables.json").read_bytes())
    return {each["name"]: each for each in found["tables"]}


def read_table(release: Release, name: str) -> list[Row]:
    rows: list[Row] = pq.read_table(release.dumps / "tables" / f"{name}.parquet").to_pylist()
    return rows


def ask(store: Store, subject: NamedNode, predicate: NamedNode) -> list[Any]:
    return [quad.object for quad in store.quads_for_pattern(subject, predicate, None, None)]


def one(store: Store, subject: NamedNode, predicate: NamedNode) -> Any:
    """The one object; nothing where there is none."""
    found = ask(store, subject, predicate)
    assert len(found) < 2, f"{subject} has several {predicate}"
    return found[0] if found else None


def code_of(store: Store, column: str, thing: NamedNode) -> str:
    """The code of a thing, as the graph states it."""
    if column == "time":
        return thing.value.removeprefix(f"{ID}time/")
    stated = ask(store, thing, IDENTIFIERS.get(column, SKOS["notation"]))
    codes = [each.value for each in stated if each.datatype == XSD["string"]]
    assert len(codes) == 1, f"{thing} has the codes {codes}"
    return str(codes[0])


def number(value: Literal | None) -> Decimal | None:
    return None if value is None else Decimal(value.value)


def expect(store: Store, figure: NamedNode, data_set: NamedNode, columns: set[str]) -> Row:
    """The row of an observation, as the graph has it."""
    row: Row = {}
    for column, name in CODES.items():
        thing = one(store, figure, term(name))
        if thing is None and column in OF_DATA_SETS:
            thing = one(store, data_set, term(name))
        if thing is None:
            row |= dict.fromkeys((column, *(f"{column}_{e}" for e in LANGUAGES)))
            continue
        assert column in columns, f"the table has no column for {name} of {figure}"
        row[column] = code_of(store, column, thing)
        labels = {each.language: each.value for each in ask(store, thing, LABEL)}
        row |= {f"{column}_{each}": labels.get(each) for each in LANGUAGES}
    for column, name in LITERALS.items():
        value = one(store, figure, term(name))
        row[column] = value and (value.value if column == "hedge" else Decimal(value.value))
    [measured] = (
        value for name in ("value", "officialValue") for value in ask(store, figure, term(name))
    )
    classes = {each.value.removeprefix(ONTOLOGY) for each in ask(store, figure, TYPE)}
    row["value"] = number(measured)
    row["chosen"] = "ChosenFigure" in classes
    row["headline"] = bool(classes & HEADLINES)
    row["caveat"] = bool(ask(store, figure, term("caveat")))
    official = "OfficialFigure" in classes
    row["cell" if official else "figure"] = figure.value
    if official:
        row |= {"cell_kind": "observation", "obs_status": "A"}
    return row


def data_sets(store: Store) -> dict[NamedNode, list[NamedNode]]:
    found: dict[NamedNode, list[NamedNode]] = {}
    for quad in store.quads_for_pattern(None, NamedNode(f"{QB}dataSet"), None, None):
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode)
        found.setdefault(quad.object, []).append(quad.subject)
    return found


def test_each_cube_with_observations_is_a_table(release: Release, listed: dict[str, Any]) -> None:
    cubes = {each["dataset"]: each for each in listed.values() if each["dataset"]}
    found = data_sets(release.store)
    assert set(cubes) == {each.value for each in found}
    for data_set, figures in found.items():
        assert cubes[data_set.value]["observations"] == len(figures)


def test_each_observation_is_a_row_and_each_component_a_column(
    release: Release, listed: dict[str, Any]
) -> None:
    """Cell by cell: 810 observations, each with all of its columns."""
    store = release.store
    cubes = {each["dataset"]: each for each in listed.values() if each["dataset"]}
    compared = 0
    for data_set, figures in data_sets(store).items():
        table = cubes[data_set.value]
        columns = {each["name"] for each in table["columns"]}
        rows = read_table(release, table["name"])
        key = "cell" if "cell" in columns else "figure"
        by_iri = {row[key]: row for row in rows if row[key] is not None}
        assert set(by_iri) == {each.value for each in figures}
        for figure in figures:
            expected = expect(store, figure, data_set, columns)
            missing = {name for name, value in expected.items() if value} - columns
            assert not missing, f"the table lacks {missing}"
            row = by_iri[figure.value]
            assert set(row) == columns
            assert {name: expected.get(name) for name in row} == row
            compared += len(row)
    assert compared > 30_000


def test_the_components_of_each_structure_are_columns(
    release: Release, listed: dict[str, Any]
) -> None:
    names = {term(name): column for column, name in CODES.items()}
    names |= {term(name): column for column, name in LITERALS.items()}
    names |= {term("value"): "value", term("officialValue"): "value"}
    store = release.store
    for each in listed.values():
        if not each["dataset"]:
            continue
        structure = one(store, NamedNode(each["dataset"]), NamedNode(f"{QB}structure"))
        parts = ask(store, structure, NamedNode(f"{QB}component"))
        kinds = [NamedNode(f"{QB}{kind}") for kind in ("dimension", "measure", "attribute")]
        components = {names[p] for part in parts for kind in kinds for p in ask(store, part, kind)}
        assert components <= {column["name"] for column in each["columns"]}
        dimensions = {names[p] for part in parts for p in ask(store, part, kinds[0])}
        assert set(each["key"]) == ({"figure"} if "document" in dimensions else dimensions)


def test_a_key_is_that_of_one_row(release: Release, listed: dict[str, Any]) -> None:
    for name, each in listed.items():
        keys = [tuple(row[column] for column in each["key"]) for row in read_table(release, name)]
        assert len(set(keys)) == len(keys) == each["rows"]


def test_rows_are_in_the_order_that_the_list_states(
    release: Release, listed: dict[str, Any]
) -> None:
    for name, each in listed.items():
        rows = read_table(release, name)
        keys = [
            [(row[column] is not None, row[column] or "") for column in each["order"]]
            for row in rows
        ]
        assert keys == sorted(keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_official_figures_are_the_rows_of_the_query(
    release: Release, listed: dict[str, Any], language: str
) -> None:
    table, described = read_tables()["official"], listed["official"]
    query = write_query(table, {}, language)
    found = release.store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    names = [each.value for each in found.variables]
    asked = [[value and value.value for value in solution] for solution in found]
    stored = pq.read_table(release.dumps / "tables" / described["languages"][language])
    assert stored.column_names == names == [each.name for each in table.columns]
    assert [[text(value) for value in row.values()] for row in stored.to_pylist()] == asked
    assert len(asked) == described["rows"] > 2_000


def text(value: Any) -> str | None:
    """A value as the store writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return None if value is None else str(value)


def test_the_columns_of_the_code_are_those_of_this_test() -> None:
    assert {name: term(of).value for name, of in CODES.items()} == CODED
    assert {name: term(of).value for name, of in LITERALS.items()} == LITERAL
    assert {*CODES, *LITERALS} < set(ORDER)
    named = [each.name for each in list_columns(ORDER)]
    assert named[2:6] == ["document", "document_en", "document_ru", "document_kk"]
    assert len(set(named)) == len(named) == len(ORDER) + 3 * len(CODES)
