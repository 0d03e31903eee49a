"""The command line where its surroundings are odd: closed streams, pipes, other encodings, texts
that act on a terminal. A line and an exit code, never a traceback."""

import os
import subprocess
from pathlib import Path

import pytest

from commands import KZGRAPH, run

ABOUT = "CONSTRUCT { <a:a> <a:b> <<( <a:a> <a:b> 1 )>> } {}"


def shell(line: str, root: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line in a shell, where `$K` is the command and `$R` the folder of releases."""
    names = {"K": " ".join(KZGRAPH), "R": str(root)}
    return subprocess.run(
        ["bash", "-c", line], env=os.environ | names | environment, capture_output=True, check=False
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("$K query 'SELECT * {}' --releases $R >&-", 0),
        ("$K query 'SELECT * {}' --format csv --releases $R >&-", 0),
        ("$K query 'ASK {' --releases $R 2>&-", 1),
        ("$K query 'ASK {' --releases $R >&- 2>&- <&-", 1),
        ("$K query - --releases $R <&-", 1),
        ("$K verify-release --releases $R >&- 2>&-", 0),
        ("$K query 'ASK {}' --releases $R >/dev/full", 1),
        ("$K query 'SELECT * {}' --format csv --releases $R >/dev/full", 1),
    ],
)
def test_streams_may_be_closed_or_full(release_root: Path, line: str, code: int) -> None:
    done = shell(line, release_root)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr


def test_a_query_may_come_from_a_pipe(release_root: Path) -> None:
    done = shell("$K query <(echo 'ASK {}') --releases $R", release_root)
    assert (done.returncode, done.stdout) == (0, b"true\n")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("printf 'ASK {} # \\xff' | $K query - --releases $R", b"standard input"),
        ("echo 'ASK {}' | iconv -t UTF-16 | $K query - --releases $R", b"standard input"),
        ("$K query \"$(printf 'ASK {} # \\xff')\" --releases $R", b"the query"),
    ],
)
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_query_that_is_not_utf_8_is_one_line(
    release_root: Path, line: str, named: bytes, locale: str
) -> None:
    done = shell(line, release_root, LC_ALL=locale)
    assert (done.returncode, done.stderr) == (1, b"Error: " + named + b": not UTF-8\n")


def test_a_query_is_utf_8_whatever_the_locale(release_root: Path) -> None:
    name = "Қазақстан"
    line = f"$K query 'SELECT (\"{name}\" AS ?x) {{}}' --format csv --releases $R"
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = shell(line, release_root, **plain)
    assert (done.returncode, done.stdout) == (0, f"x\r\n{name}\r\n".encode()), done.stderr


def test_a_table_does_not_act_on_a_terminal(release_root: Path) -> None:
    text = 'SELECT ("\\u001b[31mred\\u0007\\u009b0m\\u202Eabc" AS ?x) {}'
    done = run("query", text, "--releases", str(release_root))
    assert (done.returncode, done.stdout) == (0, "x\n\ufffd[31mred\ufffd\ufffd0m\ufffdabc\n")


@pytest.mark.parametrize("seconds", ["1e9", "1e300", "inf", "nan", "99999999999999999999", "-1"])
def test_a_timeout_that_no_clock_takes_is_wrong_usage(release_root: Path, seconds: str) -> None:
    done = run("query", "ASK {}", "--timeout", seconds, "--releases", str(release_root))
    assert (done.returncode, "--timeout" in done.stderr) == (2, True)


def test_json_ld_that_cannot_carry_a_triple_is_one_line(release_root: Path) -> None:
    done = run("query", ABOUT, "--format", "json", "--releases", str(release_root))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "--format csv" in done.stderr
    assert run("query", ABOUT, "--format", "csv", "--releases", str(release_root)).returncode == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", "<http://a.example/> <http://a.example/b> 1 ."),
        ("a.nt", '<http://a.example/> <http://a.example/b> "1" .'),
        ("a.jsonld", '{"@id": "http://a.example/", "http://a.example/b": 1}'),
    ],
)
def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8-sig")
    done = run("validate", name, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
