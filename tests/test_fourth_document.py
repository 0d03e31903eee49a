"""A document and a query more turn no test red that is about something else."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fixed_tables import fixed_tables
from kzgraph.iri import ID
from kzgraph.resources import folder
from kzgraph.tables import read_tables
from layers import ROOT
from small_tables import DOCUMENT, Cells, hashes, render, small

#: What the shared tables get for the sake of the document, among it a row about the document.
SHARED: dict[str, Cells] = {
    "organisations": {
        "id": "organisation/fourth-desk",
        "kind": "unhcr-office",
        "label_en": "Fourth Desk",
        "label_ru": "-",
        "label_kk": "-",
        "unit_of": "organisation/unhcr",
    },
    "places": {
        "id": "place/fourth-town",
        "kind": "city",
        "label_en": "Fourth Town",
        "label_ru": "-",
        "label_kk": "-",
        "within": "country/KAZ",
    },
    "editorial": {
        "key": "fourth",
        "label": "A note on the fourth document",
        "description": "Invented.",
        "target": f"document/{DOCUMENT} figure/{DOCUMENT}/all",
        "confidence": "low",
        "source": "An invented source.",
    },
}

QUERY = """\
# title: How many people does the invented note count?
# topic: people
# user: data editor
# keywords: lookup
# answers: One figure.
PREFIX kzg: <https://w3id.org/kzgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?label ?value WHERE {
  ?figure a kzg:PopulationFigure ; rdfs:label ?label ; kzg:value ?value .
  FILTER(LANG(?label) = "en")
  FILTER(?value = 150)
}
ORDER BY ?label
"""

#: Example queries that ask for all offices and all places: the document names one more of each.
ABOUT_IT = ("085-offices-of-unhcr", "086-places-in-kazakhstan")
#: The tests that read tables, queries, or what is built from them.
FILES = (
    "build", "cli", "cli_query", "comparisons", "competency", "conformance_descriptions",
    "conformance_negotiation", "conformance_operations", "conformance_protocol", "data_cube",
    "derived", "descriptions", "descriptions_pages", "docs", "dumps", "fidelity", "graph_store",
    "mapping", "model_page", "ontology", "packaging", "reasoning", "server_pages", "shapes",
    "validation", "verification",
)  # fmt: skip


def add_document(tables: Path) -> None:
    """Add an invented document, and its rows in the shared tables."""
    tables_of_note = small()
    for table, rows in (tables_of_note | hashes(tables_of_note)).items():
        if table.startswith(DOCUMENT):
            path = tables / table
            path.parent.mkdir(exist_ok=True)
            text = render(table, rows)
            path.write_text(text.replace("organisation/desk", SHARED["organisations"]["id"]))
    for name, row in SHARED.items():
        path = tables / "shared" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, header, restval="", lineterminator="\n").writerow(row)


def test_the_fixed_tables_are_those_of_the_three_documents(tmp_path: Path) -> None:
    more = shutil.copytree(folder("mappings") / "tables", tmp_path / "more")
    before = things(fixed_tables(tmp_path / "before", more))
    add_document(more)
    after = things(fixed_tables(tmp_path / "after", more))
    # Only the rows that name no document have come; and the document can be built.
    assert after - before == {
        ID + SHARED["organisations"]["id"],
        ID + SHARED["places"]["id"],
    }
    assert before <= after < things(more)


def things(tables: Path) -> set[str]:
    """What the rows of tables are about."""
    return {row.iri for row in read_tables(tables).rows}


@pytest.mark.long
def test_with_another_document_and_query_the_tests_pass(tmp_path: Path) -> None:
    checkout = tmp_path / "main"
    left = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", ".hypo*")
    shutil.copytree(ROOT, checkout, ignore=left)
    shutil.rmtree(checkout / "releases", ignore_errors=True)
    (checkout / ".venv").symlink_to(ROOT / ".venv")
    documents = ROOT.parent / "shared"
    if documents.is_dir():
        (tmp_path / "shared").symlink_to(documents)
    add_document(checkout / "mappings" / "tables")
    last = max(path.name for path in (checkout / "queries").rglob("[0-9]*.rq"))
    number = int(last.partition("-")[0]) + 1
    (checkout / "queries" / f"{number:03}-people-in-the-note.rq").write_text(QUERY)
    roots = os.pathsep.join(str(checkout / each) for each in ("src", "server", "mappings"))
    files = [f"tests/test_{each}.py" for each in FILES]
    answers = "tests/test_competency.py::test_the_release_answers_what_the_documents_say"
    left_out = [f"--deselect={answers}[{each}]" for each in ABOUT_IT]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *left_out, *files],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-10_000:]
