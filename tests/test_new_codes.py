"""A new code is a row of `concepts.csv`: shapes and rules read what it means from there."""

import csv
from pathlib import Path

import pytest

from kzgraph.resources import folder
from small_tables import DOCUMENT, Cells, broken, columns, small, write

#: Codes that the project does not have.
CODES = [
    {"scheme": "unit", "code": "francs", "unit_kinds": "money"},
    {"scheme": "unit", "code": "workshops", "unit_kinds": "count"},
    {
        "scheme": "quantity", "code": "stock-shift", "measure": "change",
        "unit_kinds": "people ratio", "additive": "false", "may_be_negative": "true",
        "quantity_of": "PopulationFigure",
    },
    {
        "scheme": "quantity", "code": "net-migration", "measure": "flow", "unit_kinds": "people",
        "additive": "true", "may_be_negative": "true", "quantity_of": "PopulationFigure",
    },
    {
        "scheme": "quantity", "code": "income", "measure": "flow", "unit_kinds": "money",
        "additive": "true", "quantity_of": "FinanceFigure", "only_status": "actual",
        "set_against": "requirement",
    },
    {
        "scheme": "indicator", "code": "courses", "measure": "flow", "unit_kinds": "count",
        "additive": "true",
    },
    {
        "scheme": "indicator", "code": "coverage", "measure": "ratio", "unit_kinds": "ratio",
        "additive": "false",
    },
    {
        "scheme": "indicator", "code": "wait-change", "measure": "change", "unit_kinds": "ratio",
        "additive": "false", "may_be_negative": "true",
    },
]  # fmt: skip
PEOPLE = {"group": "REF", "origin": "origin/all", "registered_by": "not-stated", "status": "actual"}
PERCENT = {"unit": "percent", "base_group": "REF"}
#: Figures that the codes allow: the table, and what differs from a plain row.
ALLOWED = {
    "a stock that fell": ("population", {"quantity": "stock-shift", "value": "-44", **PERCENT}),
    "a fall in persons": (
        "population", {"quantity": "stock-shift", "value": "-44", "unit": "persons"}
    ),
    "more who left than came": (
        "population", {"quantity": "net-migration", "value": "-7", "unit": "persons"}
    ),
    "income in euros": ("finance", {"quantity": "income", "value": "2.5", "unit": "francs"}),
    "a budget in euros": (
        "finance", {"quantity": "budget", "value": "3", "unit": "francs", "status": "planned"}
    ),
    "workshops": ("indicators", {"indicator": "courses", "value": "25", "unit": "workshops"}),
    "over the whole": ("indicators", {"indicator": "coverage", "value": "120", **PERCENT}),
    "less waiting": ("indicators", {"indicator": "wait-change", "value": "-47", **PERCENT}),
}  # fmt: skip
#: Figures that they do not allow, with the column or the shape that says so.
REFUSED = {
    "a negative stock": (
        "population", {"quantity": "stock", "value": "-1", "unit": "persons"}, "value"
    ),
    "half a session": (
        "indicators", {"indicator": "courses", "value": "2.5", "unit": "workshops"}, "value"
    ),
    "sessions of money": (
        "finance", {"quantity": "income", "value": "2", "unit": "workshops"},
        "Figure-unit-of-quantity",
    ),
    "people in euros": (
        "population", {"quantity": "stock", "value": "2", "unit": "francs"},
        "Figure-unit-of-quantity",
    ),
    "income of people": (
        "population", {"quantity": "income", "value": "2", "unit": "francs"},
        "PopulationFigure-quantity",
    ),
    "planned income": (
        "finance", {"quantity": "income", "value": "2", "unit": "francs", "status": "planned"},
        "Figure-status-of-quantity",
    ),
    "a share over the whole": (
        "population", {"quantity": "stock-share", "value": "120", **PERCENT}, "Figure-percent-range"
    ),
    "a coverage under none": (
        "indicators", {"indicator": "coverage", "value": "-1", **PERCENT}, "Figure-negative"
    ),
}  # fmt: skip


def tables(root: Path, figures: list[tuple[str, Cells]]) -> Path:
    """The invented document with figures more, and the project's concepts with codes more."""
    rows = small()
    for number, (table, cells) in enumerate(figures):
        plain = {
            "key": f"more-{number}",
            "label": f"Figure {number}",
            "scope": "country/KAZ",
            "bound": "exact",
            "status": "actual",
            "time": "2020",
            "evidence": "0-4",
        }
        plain |= {"population": PEOPLE, "finance": {"series": "total"}}.get(table, {"group": "REF"})
        rows.setdefault(f"{DOCUMENT}/{table}.csv", []).append(plain | cells)
    write(root, rows)
    concepts = root / "shared" / "concepts.csv"
    with concepts.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns("concepts.csv"), restval="", lineterminator="\n")
        named = {"label_ru": "-", "label_kk": "-", "definition": "Invented."}
        writer.writerows(code | named | {"label_en": code["code"]} for code in CODES)
    return root


def test_a_row_makes_a_code(tmp_path: Path) -> None:
    assert broken(tables(tmp_path, list(ALLOWED.values()))) == set()


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_code_means_is_held_against_its_figures(name: str, tmp_path: Path) -> None:
    table, cells, shape = REFUSED[name]
    assert broken(tables(tmp_path, [(table, cells)])) == {shape}


def test_a_code_says_what_it_means(tmp_path: Path) -> None:
    root = tables(tmp_path, [("population", {"quantity": "odd", "value": "2", "unit": "persons"})])
    concepts = root / "shared" / "concepts.csv"
    row = {"scheme": "quantity", "code": "odd", "label_en": "Odd", "label_ru": "-"}
    with concepts.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns("concepts.csv"), restval="", lineterminator="\n")
        writer.writerow(row | {"label_kk": "-", "definition": "Invented."})
    assert {"Measured-measure", "Measured-unitKind", "Measured-additive"} <= broken(root)


def test_no_shape_lists_quantities_units_or_indicators() -> None:
    for path in folder("shapes").glob("*.ttl"):
        listed = [
            code
            for code in ("quantity", "indicator", "unit")
            for line in path.read_text("utf-8").splitlines()
            if f"/id/{code}/" in line and "sh:pattern" not in line and "unit/percent" not in line
        ]
        assert not listed, path.name
