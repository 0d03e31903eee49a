"""Documents beside the three: they build without a fault, and their figures meet only their own."""

import sys
from pathlib import Path

import pytest
from pyoxigraph import Store

from built_graph import built_quads
from kzgraph.build import assemble
from kzgraph.resources import folder
from kzgraph.tables import Tables, read_tables
from kzgraph.validation import validate
from layers import ROOT
from reasoning_stores import select

sys.path.insert(0, str(ROOT / "benchmarks"))

import invented

NUMBER = 6
#: Queries whose answers changed with the number of documents until they named their scope.
SCOPED = ("012", "026", "027", "045", "047", "053", "063", "064", "065", "066")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invented.tables_with(tmp_path_factory.mktemp("many"), NUMBER)


@pytest.fixture(scope="module")
def store(tables: Path) -> Store:
    return assemble(tables, lambda _: None)


def test_invented_documents_are_the_same_each_time(tables: Path, tmp_path: Path) -> None:
    again = invented.tables_with(tmp_path, NUMBER)
    files = sorted(path.relative_to(tables) for path in tables.rglob("*.csv"))
    assert files == sorted(path.relative_to(again) for path in again.rglob("*.csv"))
    assert all((tables / each).read_bytes() == (again / each).read_bytes() for each in files)


def test_invented_documents_have_as_many_rows_as_the_real_ones(tables: Path) -> None:
    real = read_tables(folder("mappings") / "tables")
    everything = read_tables(tables)
    assert len(everything.documents) == len(real.documents) + NUMBER

    def facts(found: Tables, invented_ones: bool) -> int:
        rows = [row for row in found.rows if row.folder != "shared"]
        return sum(row.folder.startswith("invented-") is invented_ones for row in rows)

    assert facts(everything, True) == facts(real, False) * NUMBER / len(real.documents)


def test_invented_documents_violate_no_shape(store: Store) -> None:
    assert validate(store).conforms


def test_no_two_countries_are_compared(store: Store) -> None:
    compared = select(
        store,
        "SELECT ?c ?a ?b { ?c kzg:compares/kzg:scope ?a, ?b ."
        " ?a a schema:Country . ?b a schema:Country FILTER(?a != ?b) }",
    )
    assert compared == []
    assert len(select(store, "SELECT ?c { ?c a kzg:Comparison }")) > 6


@pytest.mark.parametrize("number", SCOPED)
def test_more_documents_change_no_answer_that_names_its_scope(store: Store, number: str) -> None:
    (path,) = folder("queries").glob(f"{number}-*.rq")
    text = path.read_text(encoding="utf-8")
    three = Store()
    three.extend(built_quads())
    few, many = (
        [str(row) for row in each.query(text, use_default_graph_as_union=True)]  # type: ignore[union-attr]
        for each in (three, store)
    )
    assert few
    assert many == few
