"""A worker that finds no room for a temporary file says so, and lives."""

import errno
from contextlib import ExitStack
from pathlib import Path

import pytest

from conformance import LARGE, SMALL, site, sparql
from kzgraph_server.engine import endings
from processes import until


@pytest.mark.parametrize(
    ("number", "status"),
    [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EFBIG, 422), (errno.EIO, 500)],
)
def test_each_reason_has_its_status(number: int, status: int) -> None:
    problem = endings.explain_system_failure(OSError(number, "/secret/path"))
    assert problem.status == status
    assert "secret" not in problem.detail
    assert ("Retry-After" in problem.headers) == (status == 507)


FULL = """
import tempfile
tempfile.TemporaryFile = lambda *_, **__: open("/dev/full", "r+b", 0)
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_formats_that_need_a_temporary_file_are_507_and_others_are_answered(
    release_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(FULL, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    large = LARGE.format(rows=30_000)
    with site(release_root) as full:
        for name in ("xlsx", "parquet"):
            reply = full.ask(large, format=name)
            assert (reply.status, reply.type) == (507, "application/problem+json")
            assert "no room" in reply.json["detail"]
        workers = full.workers
        assert full.ask(large, format="csv").status == 200
        assert full.ask(SMALL, format="json").status == 200
        assert full.metric("kzgraph_worker_ends_total", cause="crash") == 0
        assert set(workers) & set(full.workers)


def test_nothing_is_left_of_a_workbook_whose_query_is_ended(
    release_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with ExitStack() as staying:
        with site(release_root, grace="1") as served:
            with served.open_get(sparql(endless, format="xlsx")):
                until(lambda: any(tmp_path.iterdir()), "no workbook is begun")
            until(lambda: not any(tmp_path.iterdir()), "a worker that is ended leaves files")
            staying.enter_context(served.open_get(sparql(endless, format="xlsx")))
            until(lambda: any(tmp_path.iterdir()), "no workbook is begun")
        assert not any(tmp_path.iterdir()), "a server that stops leaves files"
