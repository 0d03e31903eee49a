"""`kzgraph codes` lists the code lists and their codes as the tables define them."""

import json
from pathlib import Path

from commands import edit, run
from small_tables import DOCUMENT, small, write


def test_every_code_list_is_listed_with_the_columns_that_take_its_codes() -> None:
    done = run("codes", "--format", "json")
    lists = {entry["scheme"]: entry for entry in json.loads(done.stdout)}
    assert lists["bound"]["label"] == "Bounds"
    assert lists["bound"]["codes"] == "5"
    assert "population.bound" in lists["bound"]["columns"].split()
    assert lists["derivation"]["columns"] == ""


def test_the_codes_of_a_list_have_labels_and_definitions() -> None:
    done = run("codes", "bound")
    assert done.returncode == 0
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["Code", "Label", "Definition"]
    codes = [line.split()[0] for line in lines]
    assert codes == ["exact", "approximate", "lower", "upper", "range"]
    assert "Lower bound" in lines[2]
    assert "higher than, or at least" in lines[2]


def test_a_code_of_a_new_document_is_listed_while_other_tables_are_still_faulty(
    tmp_path: Path,
) -> None:
    root = write(tmp_path, small())
    shared = (root / "shared" / "concepts.csv").read_text("utf-8").splitlines()
    cells = dict.fromkeys(shared[0].split(","), "")
    cells |= {"scheme": "unit", "code": "tents", "label_en": "Tents"}
    cells |= {"label_ru": "Палатки", "label_kk": "Шатырлар", "definition": "Tents put up."}
    own = root / DOCUMENT / "concepts.csv"
    own.write_text(f"{shared[0]}\n{','.join(cells.values())}\n", "utf-8")
    edit(root / DOCUMENT / "population.csv", ",150,,,exact", ",many,,,exact")
    done = run("codes", "unit", "--tables", root, "--format", "json")
    assert {"code": "tents", "label": "Tents", "definition": "Tents put up."} in json.loads(
        done.stdout
    )


def test_a_name_that_no_code_list_has_is_answered_with_those_that_are_near() -> None:
    done = run("codes", "bouns")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "Error: no code list and no kind of thing is called 'bouns'; did you mean bound"
    )


def test_faulty_codes_are_not_listed_as_if_they_were_all(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    edit(root / "shared" / "concepts.csv", "\nbound,exact,", "\nbound,ex act,")
    done = run("codes", "bound", "--tables", root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("shared/concepts.csv:")


def test_known_things_are_listed_by_the_beginning_of_their_ids() -> None:
    lists = {
        entry["scheme"]: entry for entry in json.loads(run("codes", "--format", "json").stdout)
    }
    assert "contributions.donor" in lists["country"]["columns"].split()
    done = run("codes", "country", "--format", "json")
    things = {entry["id"]: entry["label"] for entry in json.loads(done.stdout)}
    assert things["country/KAZ"] == "Kazakhstan"
    assert not any(thing.startswith("place/") for thing in things)
    assert run("codes", "places").stderr.partition("; ")[2].startswith("did you mean place ")
