"""Documents beside the three: they build without a fault, and their figures meet only their own."""

import re
import sys
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, QueryTriples, Store

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
#: The queries whose answers rightly grow with the number of documents, by their numbers, and why.
GROWING = {
    "004": "asks of every total in the graph",
    "016": "asks of every percentage in the graph",
    "017": "asks of every hedge in the graph",
    "021": "counts all comparisons",
    "032": "lists the documents",
    "054": "counts the contributions of each document",
    "060": "asks what any document says of Afghanistan",
    "062": "lists the events of all documents",
    "067": "lists the offices that each document names",
    "085": "lists all offices",
    "111": "asks whether any document has a figure of a country",
    "113": "lists the languages of each document",
    "116": "lists the documents that speak of a country",
}
#: Those that ask about a release, which has a graph of metadata, or about official data.
OFFICIAL = re.compile(r"^# keywords:.*\bofficial\b", re.MULTILINE)
PATHS = {path.name[:3]: path for path in sorted(folder("queries").glob("*.rq"))}
OF_A_RELEASE = {"099"} | {
    number for number, path in PATHS.items() if OFFICIAL.search(path.read_text("utf-8"))
}
NUMBERS = list(PATHS)


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


@pytest.fixture(scope="module")
def three() -> Store:
    store = Store()
    store.extend(built_quads())
    return store


def test_documents_of_other_countries_change_no_choice(store: Store) -> None:
    query = (
        "SELECT ?f ?k { ?f a kzg:ChosenFigure, ?k ; kzg:statedIn ?d"
        " FILTER(!CONTAINS(STR(?d), 'invented-')) }"
    )
    assert select(store, query) == select(built_quads(), query)
    cells = (
        "SELECT ?c ?g ?q ?y (COUNT(?f) AS ?n) { ?f a kzg:ChosenFigure ; kzg:country ?c ;"
        " kzg:populationGroup ?g ; kzg:quantity ?q ; kzg:year ?y }"
        " GROUP BY ?c ?g ?q ?y HAVING(COUNT(?f) > 1)"
    )
    assert select(store, cells) == []


@pytest.mark.parametrize("number", [each for each in NUMBERS if each not in OF_A_RELEASE])
def test_more_documents_change_no_answer_that_names_its_scope(
    three: Store, store: Store, number: str
) -> None:
    (path,) = folder("queries").glob(f"{number}-*.rq")
    text = path.read_text(encoding="utf-8")
    few, many = (answer(each, text) for each in (three, store))
    assert few
    assert (many == few) is (number not in GROWING)


def answer(store: Store, text: str) -> list[str]:
    """The solutions in their order, the triples of a graph sorted, or a truth value."""
    found = store.query(text, use_default_graph_as_union=True)
    if isinstance(found, QueryBoolean):
        return [str(bool(found))]
    rows = [str(each) for each in found]
    return sorted(rows) if isinstance(found, QueryTriples) else rows
