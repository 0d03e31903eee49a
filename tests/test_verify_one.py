"""`kzgraph verify` checks one document alone, and shows in its sentences what is not covered."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from commands import run
from kzgraph.verification.sentences import show_in_sentences
from kzgraph.verification.tokens import NUMERIC, WORD, Token, tokens
from small_tables import DOCUMENT, TEXT, Cells, small, write

POPULATION = f"{DOCUMENT}/population.csv"
OTHER = "note-2021"


def prepare(root: Path, data: bytes, tables: dict[str, list[Cells]] | None = None) -> list[str]:
    """The options for tables with a second document, of which only the first one has a text."""
    tables = tables or small()
    tables[f"{DOCUMENT}/document.csv"][0]["sha256"] = hashlib.sha256(data).hexdigest()
    second = {
        file.replace(DOCUMENT, OTHER): [
            {column: cell.replace(DOCUMENT, OTHER) for column, cell in row.items()} for row in rows
        ]
        for file, rows in small().items()
        if file.startswith(DOCUMENT)
    }
    second[f"{OTHER}/document.csv"][0]["file"] = "missing.txt"
    write(root / "tables", tables | second)
    texts = root / "texts"
    texts.mkdir(exist_ok=True)
    (texts / "note.txt").write_bytes(data)
    return ["--documents", str(texts), "--tables", str(root / "tables")]


def test_one_document_is_checked_without_the_texts_of_the_others(tmp_path: Path) -> None:
    options = prepare(tmp_path, TEXT.encode())
    done = run("verify", *options, "--document", DOCUMENT, "--format", "json")
    assert [(each["document"], each["faults"]) for each in json.loads(done.stdout)] == [
        (DOCUMENT, [])
    ]
    assert done.stderr == ""
    every = run("verify", *options)
    assert f"{OTHER}/document.csv:2:file: no file missing.txt" in every.stderr


def test_a_document_that_there_is_not_is_answered_with_those_that_there_are(
    tmp_path: Path,
) -> None:
    done = run("verify", *prepare(tmp_path, TEXT.encode()), "--document", "note")
    assert done.returncode == 1
    assert done.stderr == f"note: there is no such document; use {DOCUMENT}, {OTHER}\n"


def test_what_is_not_covered_is_shown_in_its_sentence(tmp_path: Path) -> None:
    tables = small()
    tables[POPULATION] = tables[POPULATION][:1]
    done = run("verify", *prepare(tmp_path, TEXT.encode(), tables), "--document", DOCUMENT)
    assert (
        "line 2, from 24: Over >>120<< refugees and >>30<< asylum-seekers live in Almaty,"
        " 150 people in all."
    ) in done.stdout.splitlines()
    assert f"No span of {DOCUMENT} opens: its document.csv has no address" in done.stdout
    assert "parts and context do not" in done.stdout
    assert any(">>Over<< 120 >>refugees<<" in line for line in done.stdout.splitlines())


def test_faults_of_form_and_of_evidence_come_in_one_run(tmp_path: Path) -> None:
    tables = small()
    tables[POPULATION][0]["value"] = "151"
    tables[POPULATION][1]["time"] = "05.05.2020"
    options = prepare(tmp_path, TEXT.encode(), tables)
    done = run("verify", *options, "--document", DOCUMENT)
    assert done.returncode == 1
    places = [line.partition(": ")[0] for line in done.stderr.splitlines()]
    assert places == [f"{POPULATION}:2:value", f"{POPULATION}:3:time"]
    # What the faulty row covers is covered.
    assert ">>120<<" not in done.stdout


def test_a_fault_in_shared_tables_fails_and_one_of_another_document_does_not_matter(
    tmp_path: Path,
) -> None:
    options = prepare(tmp_path, TEXT.encode())
    other = tmp_path / "tables" / OTHER / "population.csv"
    other.write_text(other.read_text("utf-8").replace("150,exact", "many,exact"), "utf-8")
    assert run("verify", *options, "--document", DOCUMENT).stderr == ""
    places = tmp_path / "tables" / "shared" / "places.csv"
    places.write_text(places.read_text("utf-8").replace("Almaty", ""), "utf-8")
    done = run("verify", *options, "--document", DOCUMENT)
    assert done.returncode == 1
    assert done.stderr.startswith("shared/places.csv:3:label_en: the cell is empty")


def test_a_text_in_utf_16_and_one_that_is_no_file_are_one_line(tmp_path: Path) -> None:
    options = prepare(tmp_path, TEXT.encode("utf-16"))
    done = run("verify", *options, "--document", DOCUMENT)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "note.txt is not in UTF-8" in done.stderr
    text = tmp_path / "texts" / "note.txt"
    text.unlink()
    os.mkfifo(text)
    done = run("verify", *options, "--document", DOCUMENT)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    text.unlink()
    text.symlink_to("/dev/zero")
    assert run("verify", *options, "--document", DOCUMENT).stderr == done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two 3 four. Five", ["line 1, from 9: Two >>3<< four."]),
        ("1 a\n2 b", ["line 1, from 0: >>1<< a", "line 2, from 4: >>2<< b"]),
        ("It was 2.5 of 7!", ["line 1, from 7: It was >>2<<.>>5<< of >>7<<!"]),
        (
            f"{'a ' * 200}9{' b' * 200}",
            [f"line 1, from 400: ...{'a ' * 60}>>9<<{' b' * 60}..."],
        ),
    ],
    ids=["a sentence", "two lines", "three in one", "a long line"],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    assert list(show_in_sentences(text, tokens(NUMERIC, text))) == expected


def test_no_token_is_left_out() -> None:
    found: list[Token] = list(tokens(WORD, TEXT))
    assert "".join(show_in_sentences(TEXT, found)).count(">>") == len(found)


@pytest.mark.parametrize(("between", "named"), [("", True), ("\n", False)])
def test_a_year_of_another_paragraph_is_not_proposed(
    tmp_path: Path, between: str, named: bool
) -> None:
    text = f"{TEXT}{between}It is 2021 now.\n"
    tables = small()
    tables[POPULATION][0]["time"] = "2021"
    tables[f"{DOCUMENT}/document.csv"][0]["length"] = str(len(text))
    done = run("verify", *prepare(tmp_path, text.encode(), tables), "--document", DOCUMENT)
    (line,) = [line for line in done.stderr.splitlines() if ":time: " in line]
    assert ("the nearest 2021 is" in line) == named
