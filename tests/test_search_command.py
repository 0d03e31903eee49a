"""`kzgraph search`: hits as a table or JSON, and what a query was taken for."""

import json
from pathlib import Path

import pytest

from kzgraph.cli import main
from small_release import published


def test_a_table_names_things_and_how_they_were_found(
    release_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--language", "ru", "--limit", "1", "--releases", str(release_root))
    assert main(["search", "МВД", *options]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Министерство внутренних дел" in printed
    assert "organisation:" in printed


def test_json_has_hits_and_reading(release_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--kind", "population-figure", "--format", "json", "--limit", "2")
    assert main(["search", "statless persons", "--releases", str(release_root), *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {hit["kind"] for hit in found["hits"]} == {"population-figure"}
    assert len(found["hits"]) == 2
    assert found["reading"]["words"] == ["statless", "persons"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("zzzzqqqq",), 1, "Nothing was found"),
        (("x", "--kind", "nothing"), 2, "there are: comparison"),
        (("x", "--limit", "0"), 2, "--limit"),
    ],
)
def test_what_is_not_found_or_makes_no_sense_is_said(
    release_root: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert main(["search", *arguments, "--releases", str(release_root)]) == code
    printed = capsys.readouterr()
    assert said in printed.out + printed.err


def test_a_release_without_an_index_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (published(tmp_path).path / "search.sqlite").unlink()
    assert main(["search", "note", "--releases", str(tmp_path)]) == 1
    assert "without an index" in capsys.readouterr().err
