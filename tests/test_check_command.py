"""`kzgraph check`: what is said of a claim, as text and as JSON, and the exit code."""

import io
import json
import sys
from pathlib import Path

import pytest

from kzgraph.checking import Answer, Checker, Verdict
from kzgraph.cli import main
from kzgraph.client.endpoint import Endpoint
from made_answers import ANSWERS

SCOPE = "87,632 stateless people in Kazakhstan in 2018"


@pytest.fixture(autouse=True)
def _made_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_self: Checker, claim: str, *_more: object) -> Answer:
        return ANSWERS.get(claim) or Answer(claim, "en", Verdict.NOT_FOUND)

    monkeypatch.setattr(Checker, "__init__", lambda *_: None)
    monkeypatch.setattr(Checker, "check", check)


def run(shipped_root: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["check", *words, "--releases", str(shipped_root)])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("claim", "code", "said"),
    [
        (
            SCOPE,
            1,
            ["Stated, but of another place: Stateless persons, Kazakhstan Regional Office, 2018"],
        ),
        (
            "7,690 stateless people in Kazakhstan in 2018",
            0,
            [
                "Stated: Stateless persons, Kazakhstan, 31 December 2018: 7,690 persons",
                "Official table: Population figures (UNHCR).",
                "To cite the first: UNHCR Refugee Population Statistics Database: UNHCR population",
            ],
        ),
        (
            "UNHCR spent 9.8 million in 2019",
            1,
            ["5.52884917 (by a note of the project: 5,528,849.17 US dollars)", "9,800,000"],
        ),
        ("41 refugees in Atlantis", 1, ["Not understood: Atlantis", "588 persons"]),
        ("no number here", 1, ["No number was read in this claim"]),
        ("-47%", 1, ["No number was read"]),
        ("a\x1b[31m 5", 1, ["No number was read"]),
    ],
)
def test_what_is_said_and_the_exit_code(
    shipped_root: Path, capsys: pytest.CaptureFixture[str], claim: str, code: int, said: list[str]
) -> None:
    found, printed = run(shipped_root, capsys, claim)
    assert found == code
    assert [each for each in said if each not in printed] == []
    assert "\x1b" not in printed


def test_json_is_what_the_address_answers_but_for_pages(
    shipped_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed = run(shipped_root, capsys, SCOPE, "--format", "json", "--language", "ru")
    found = json.loads(printed)
    assert (code, found["verdict"], found["claim"]) == (1, "other-scope", SCOPE)
    figure = found["findings"][0]["figure"]
    assert figure["label"].startswith("Лица без гражданства")
    assert "page" not in figure


def test_a_claim_is_read_from_standard_input(
    shipped_root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.TextIOWrapper(io.BytesIO(f"{SCOPE}\n".encode()))
    monkeypatch.setattr(sys, "stdin", typed)
    assert "Stated, but of another place" in run(shipped_root, capsys, "-")[1]


def test_an_empty_claim_is_wrong_usage(
    shipped_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", " ", "--releases", str(shipped_root)]) == 2
    assert "needs a number" in capsys.readouterr().err


def test_a_server_is_asked_where_its_endpoint_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def check(endpoint: Endpoint, claim: str, *, language: str) -> dict[str, object]:
        asked.append((endpoint.endpoint, claim, language))
        return {"verdict": "stated", "sentence": "Stated\x1b: 7."}

    monkeypatch.setattr(Endpoint, "check", check)
    words = ["check", " 7 ", "--endpoint", "http://127.0.0.1:1/sparql", "--language", "kk"]
    assert main([*words, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "stated"
    assert asked == [("http://127.0.0.1:1/sparql", "7", "kk")]
    assert main(words) == 1
    printed = capsys.readouterr()
    assert "not that of a check" in printed.err
    assert "\x1b" not in printed.out
    monkeypatch.undo()
    assert main(["check", "7", "--endpoint", "http://127.0.0.1:1/sparql"]) == 1
    assert "127.0.0.1" in capsys.readouterr().err
    assert main(["check", "7", "--endpoint", "here"]) == 2
