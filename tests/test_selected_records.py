"""What of sources reasoning sees: also parts of a record whose country another file states."""

from pathlib import Path

from kzgraph.intake.selecting import find_records, select_lines
from kzgraph.iri import thing

LINES = {
    "activities": ["<urn:a> <urn:in> {KAZ} <urn:g> .", "<urn:b> <urn:in> {FRA} <urn:g> ."],
    "budgets": [
        '<urn:x> <urn:of> <urn:a> <urn:h> .\n<urn:x> <urn:value> "1" <urn:h> .',
        '<urn:y> <urn:of> <urn:b> <urn:h> .\n<urn:y> <urn:value> "2" <urn:h> .',
    ],
}


def test_the_budget_of_an_activity_is_seen_by_the_country_of_the_activity(tmp_path: Path) -> None:
    codes = {code: str(thing("country", code)) for code in ("KAZ", "FRA")}
    for name, lines in LINES.items():
        text = "\n".join(lines).format(**codes) + "\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [tmp_path / name for name in LINES]
    countries = [thing("country", "KAZ")]
    records = find_records(paths, countries)
    found = [b"".join(select_lines(path, countries, records)).decode() for path in paths]
    assert found[0].startswith("<urn:a>") and "<urn:b>" not in found[0]
    assert '"1"' in found[1] and '"2"' not in found[1]
    assert not b"".join(select_lines(paths[1], countries))
