"""A small set of sound tables about an invented document, for tests to spoil."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

from pyoxigraph import Store

from kzgraph import build as build_module
from kzgraph.build import assemble
from kzgraph.faults import TableFaults
from kzgraph.resources import folder
from kzgraph.tables import Tables, project_schemas, survey_tables
from kzgraph.tables.span_rows import hash_words
from kzgraph.validation import validate

Cells = dict[str, str]

DOCUMENT = "note-2020"
CONCEPTS = "shared/concepts.csv"
#: The text of the invented document; the spans below point into it.
TEXT = (
    "Note of 5 May 2020\n"
    "Over 120 refugees and 30 asylum-seekers live in Almaty, 150 people in all.\n"
    "Call 7 727 000 00 00 from 9:00 to 18:00 on Mondays; closed on 1 January 2020.\n"
    "The budget was null.\n"
)


def span(text: str, nth: int = 0) -> str:
    """The span of the nth place where `text` stands in the document."""
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(text, at + 1)
    return f"{at}-{at + len(text)}"


def _figure(key: str, value: str, group: str, text: str, **more: str) -> Cells:
    return {
        "key": key,
        "label": f"{group} in the note",
        "scope": "country/KAZ",
        "group": group,
        "origin": "origin/all",
        "quantity": "stock",
        "registered_by": "not-stated",
        "value": value,
        "bound": "exact",
        "unit": "persons",
        "status": "actual",
        "time": "2020-05-05",
        "evidence": span(text),
        "context": span("Note of 5 May 2020"),
    } | more


def small() -> dict[str, list[Cells]]:
    """The rows of each table, by file, new for every call."""
    labels = {"label_ru": "-", "label_kk": "-"}
    whole = f"figure/{DOCUMENT}/all"
    return {
        "shared/places.csv": [
            {"id": "country/KAZ", "kind": "country", "label_en": "Kazakhstan", "iso3": "KAZ"}
            | labels,
            {"id": "place/almaty", "kind": "city", "label_en": "Almaty", "within": "country/KAZ"}
            | labels,
        ],
        "shared/organisations.csv": [
            {"id": "organisation/unhcr", "kind": "un-agency", "label_en": "UNHCR"} | labels,
            {
                "id": "organisation/desk",
                "kind": "unhcr-office",
                "label_en": "Desk",
                "unit_of": "organisation/unhcr",
            }
            | labels,
        ],
        f"{DOCUMENT}/document.csv": [
            {
                "slug": DOCUMENT,
                "title": "Note",
                "description": "An invented note.",
                "file": "note.txt",
                "sha256": "0" * 64,
                "length": str(len(TEXT)),
                "language": "en",
                "publisher": "organisation/unhcr",
                "issued": "2020-05-05",
            }
        ],
        f"{DOCUMENT}/population.csv": [
            _figure("all", "150", "POC", "150 people"),
            _figure("refugees", "120", "REF", "Over 120 refugees")
            | {"bound": "lower", "hedge": "Over", "component_of": whole},
            _figure("asylum-seekers", "30", "ASY", "30 asylum-seekers", component_of=whole),
        ],
        f"{DOCUMENT}/finance.csv": [
            {
                "key": "budget",
                "label": "Budget",
                "scope": "country/KAZ",
                "quantity": "budget",
                "series": "total",
                "unit": "not-stated",
                "status": "planned",
                "availability": "not-published",
                "time": "2020",
                "evidence": span("null"),
                "context": span("2020"),
            }
        ],
        f"{DOCUMENT}/contact_points.csv": [
            {
                "key": "telephone",
                "label": "Telephone",
                "kind": "telephone",
                "contact_for": "organisation/desk",
                "telephone": "7 727 000 00 00",
                "evidence": span("7 727 000 00 00"),
            }
        ],
        f"{DOCUMENT}/opening_hours.csv": [
            {
                "key": "monday",
                "label": "Monday",
                "contact_for": "organisation/desk",
                "day": "Monday",
                "opens": "09:00:00",
                "closes": "18:00:00",
                "evidence": span("from 9:00 to 18:00 on Mondays"),
            }
        ],
        f"{DOCUMENT}/holidays.csv": [
            {
                "key": "new-year",
                "label": "New Year's Day",
                "observed_by": "organisation/desk",
                "time": "2020-01-01",
                "evidence": span("1 January 2020"),
            }
        ],
        f"{DOCUMENT}/references.csv": [
            {
                "key": "site",
                "label": "Site",
                "kind": "website",
                "availability": "target-lost",
                "evidence": span("Note"),
            }
        ],
    }


def columns(file: str) -> list[str]:
    """The columns of the table in a file, in the order of its schema."""
    return list(project_schemas()[Path(file).stem].by_name)


def render(file: str, rows: list[Cells]) -> str:
    """The CSV of a table."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns(file), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(root: Path, tables: dict[str, list[Cells]], text: str = TEXT) -> Path:
    """Write the tables below `root` with the hashes of their spans in a text like the invented one.

    Those of the project's own concepts stand beside them that their cells may name, unless the
    tables have others.
    """
    for file, rows in (hashes(tables, text) | tables).items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(file, rows), "utf-8")
    if CONCEPTS not in tables:
        (root / CONCEPTS).write_text(render(CONCEPTS, _choose_concepts(tables)), "utf-8")
    return root


@cache
def concepts() -> list[Cells]:
    """All rows of the project's own concepts, only to be read."""
    path = folder("mappings") / "tables" / CONCEPTS
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


#: The lists whose codes the mapping, rules and shapes speak of.
_SPOKEN_OF = frozenset(
    ("availability", "bound", "derivation", "measure", "quantity", "status", "unit", "unit-kind")
)
#: Where a code names others.
_NAMING = ("broader", "measure", "unit_kinds", "quantity_of", "only_status", "set_against")


def _choose_concepts(tables: dict[str, list[Cells]]) -> list[Cells]:
    """The code lists, the codes that a cell may name or a rule speaks of, and what these name.

    All 486 rows would be two fifths of the graph, in each of hundreds of tests.
    """
    named = _words(cell for rows in tables.values() for row in rows for cell in row.values())
    found: dict[int, Cells] = {}
    size = -1
    while size < len(found):
        size = len(found)
        for number, row in enumerate(concepts()):
            listed = row["code"] == "scheme" or row["scheme"] in _SPOKEN_OF
            if number not in found and (listed or row["code"] in named):
                found[number] = row
                named |= _words(row[column] for column in _NAMING)
    return [row for _, row in sorted(found.items())]


def _words(cells: Iterable[str]) -> set[str]:
    return {word for cell in cells for word in re.split("[ |/]+", cell)}


def hashes(tables: dict[str, list[Cells]], text: str = TEXT) -> dict[str, list[Cells]]:
    """The tables of spans that go with other tables: the hash of each span that is one."""
    found: dict[str, dict[str, Cells]] = {}
    for file, rows in tables.items():
        document = file.partition("/")[0]
        if document == "shared":
            continue
        made = found.setdefault(f"{document}/spans.csv", {})
        for row in rows:
            for item in f"{row.get('evidence', '')} {row.get('context', '')}".split():
                if re.fullmatch(r"(0|[1-9][0-9]{0,6})-([1-9][0-9]{0,6})", item):
                    start, _, end = item.partition("-")
                    words = text[int(start) : int(end)]
                    made[item] = {"span": item, "sha256": hash_words(words)}
    return {file: list(rows.values()) for file, rows in found.items()}


@contextmanager
def lean_builds() -> Iterator[None]:
    """Builds without what is alike in each of them, and half of it where the tables are small.

    That is the text of the shapes and the example queries, as graphs (what is built is validated
    all the same), and the packaged tables, which are read once, for sources to borrow from.
    """
    with (
        patch.object(build_module, "shapes_quads", tuple),
        patch.object(build_module, "example_quads", tuple),
        patch.object(build_module, "survey_tables", _survey),
    ):
        yield


def _survey(root: Path | None = None) -> Tables:
    return survey_tables(root) if root else _packaged()


@cache
def _packaged() -> Tables:
    return survey_tables()


def assemble_lean(root: Path) -> Store:
    """The graphs that tables make, without those."""
    with lean_builds():
        return assemble(root, lambda _: None)


def broken(root: Path) -> set[str]:
    """The columns that have a fault, or the shapes that the graph violates, by local name."""
    try:
        report = validate(assemble_lean(root))
    except TableFaults as refused:
        return {fault.column for fault in refused.faults}
    return {
        str(result.shape).rpartition("#")[2].rstrip(">")
        for result in report.results
        if result.severity.value.endswith("Violation")
    }
