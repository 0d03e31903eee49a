"""Parts of a total, of a hedged total, and figures that are only among others."""

from pathlib import Path

import pytest

from kzgraph.faults import Fault
from kzgraph.tables import read_tables
from kzgraph.tracing import Places
from kzgraph.validation import validate
from small_tables import DOCUMENT, Cells, assemble_lean, small, write

WHOLE = f"figure/{DOCUMENT}/whole"
OVER = {"bound": "lower", "hedge": "Over"}
SOME = {"bound": "approximate", "hedge": "some"}
UP_TO = {"bound": "upper", "hedge": "up to"}
IN_ALMATY = {"origin": "origin/all", "scope": "place/almaty"}
ABROAD = {"origin": "origin/all", "scope": "country/AFG"}


def faults(root: Path, whole: Cells, *parts: Cells) -> dict[str, list[Fault]]:
    """The faults of a total and parts of it by origin, by the local name of the shape."""
    tables = small()
    rows = tables[f"{DOCUMENT}/population.csv"]
    plain = rows[0] | {"group": "REF", "quantity": "arrivals", "time": "2020"}
    tables["shared/places.csv"] += [
        {"id": f"country/{code}", "kind": "country", "label_en": code, "iso3": code}
        for code in ("AFG", "UKR")
    ]
    added = [plain | {"key": "whole", "label": "Whole"} | whole]
    for number, (part, code) in enumerate(zip(parts, ("AFG", "UKR"), strict=False)):
        label = {"key": f"part-{number}", "label": f"Part {number}", "origin": f"country/{code}"}
        added.append(plain | label | part)
    rows += added
    report = validate(assemble_lean(write(root, tables)))
    places = Places(read_tables(root).rows)
    found: dict[str, list[Fault]] = {}
    for result in report.results:
        if result.severity.value.endswith("Violation"):
            fault = places.trace(result)
            assert fault, result
            found.setdefault(str(result.shape).rpartition("#")[2].rstrip(">"), []).append(fault)
    return found


def part(value: int, **more: str) -> Cells:
    return {"value": str(value), "component_of": WHOLE} | more


def among(value: int, **more: str) -> Cells:
    return {"value": str(value), "included_in": WHOLE} | more


SOUND: dict[str, list[Cells]] = {
    "7,353, including 769": [{"value": "7353"}, among(769)],
    "over 1,000, 320 and 683": [{"value": "1000"} | OVER, part(320), part(683)],
    "over 1,000, including 320": [{"value": "1000"} | OVER, among(320)],
    "some 1,000, 320 and 683": [{"value": "1000"} | SOME, part(320), part(683)],
    "1,003, 320 and 683": [{"value": "1003"}, part(320), part(683)],
    "1,000, up to 400 and 683": [{"value": "1000"}, part(400, **UP_TO), part(683)],
    "over 1,000, 320 of them in a city": [{"value": "1000"} | OVER, part(320, **IN_ALMATY)],
    "1,000, including some 1,010": [{"value": "1000"}, among(1010, **SOME)],
}
WRONG: dict[str, tuple[list[Cells], str]] = {
    "1,002, 320 and 683": ([{"value": "1002"}, part(320), part(683)], "Total-exceeded"),
    "1,004, 320 and 683": ([{"value": "1004"}, part(320), part(683)], "Total-not-reached"),
    "up to 1,000, 320 and 683": (
        [{"value": "1000"} | UP_TO, part(320), part(683)], "Total-exceeded"
    ),
    "1,000, including 1,010": ([{"value": "1000"}, among(1010)], "Included-exceeded"),
    "up to 1,000, including over 1,010": (
        [{"value": "1000"} | UP_TO, among(1010, **OVER)], "Included-exceeded"
    ),
    "including persons of another time": (
        [{"value": "1000"}, among(10, time="2019")], "Component-cell"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", SOUND)
def test_what_a_document_may_say_of_parts_is_taken(text: str, tmp_path: Path) -> None:
    assert faults(tmp_path, *SOUND[text]) == {}


@pytest.mark.parametrize("text", WRONG)
def test_parts_that_cannot_be_are_refused(text: str, tmp_path: Path) -> None:
    figures, shape = WRONG[text]
    assert faults(tmp_path, *figures).keys() == {shape}


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"time": "2019"}, "time"), (ABROAD, "scope"), ({"quantity": "stock"}, "quantity")],
)
def test_a_part_of_another_cell_is_told_once_and_by_its_column(
    cells: Cells, column: str, tmp_path: Path
) -> None:
    found = faults(tmp_path, {"value": "1000"}, among(10, **cells))
    assert found.keys() == {"Component-cell"}
    (fault,) = found["Component-cell"]
    assert (fault.column, fault.message) == (column, f"figure/{DOCUMENT}/part-0")
    assert f"{column} is not that of {WHOLE}" in fault.remedy
    assert "empty included_in" in fault.remedy


def test_two_figures_of_one_cell_are_told_once_and_with_the_columns_that_set_apart(
    tmp_path: Path,
) -> None:
    found = faults(tmp_path, {"value": "1000"}, among(10, origin="origin/all"))
    assert found.keys() == {"PopulationFigure-cell-once"}
    (fault,) = found["PopulationFigure-cell-once"]
    assert "group, sex, age, disability, origin" in fault.remedy
    assert "a row of its own in concepts.csv" in fault.remedy
