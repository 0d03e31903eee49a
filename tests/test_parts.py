"""Parts of a total, of a hedged total, and figures that are only among others."""

from pathlib import Path

import pytest

from kzgraph.build import assemble
from kzgraph.validation import validate
from small_tables import DOCUMENT, Cells, small, write

WHOLE = f"figure/{DOCUMENT}/whole"
OVER = {"bound": "lower", "hedge": "Over"}
SOME = {"bound": "approximate", "hedge": "some"}
UP_TO = {"bound": "upper", "hedge": "up to"}


def broken(root: Path, whole: Cells, *parts: Cells) -> set[str]:
    """The shapes that a total and parts of it by origin violate, by local name."""
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
    report = validate(assemble(write(root, tables), lambda _: None))
    return {
        str(result.shape).rpartition("#")[2].rstrip(">")
        for result in report.results
        if result.severity.value.endswith("Violation")
    }


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
    assert broken(tmp_path, *SOUND[text]) == set()


@pytest.mark.parametrize("text", WRONG)
def test_parts_that_cannot_be_are_refused(text: str, tmp_path: Path) -> None:
    figures, shape = WRONG[text]
    assert broken(tmp_path, *figures) == {shape}
