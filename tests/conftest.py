"""What tests share: one built release, and the source documents where they are at hand.

Tests run in several processes at a time (`-n`). Those of one file stay in one process, since they
share its servers: `--dist loadfile`. The marks of `--dist loadgroup` would allow groups of files,
but with pytest 9.2.0 pytest-xdist 3.8.0 sees none of them, and each process starts each server:
https://github.com/pytest-dev/pytest-xdist/issues/1386
"""

import fcntl
import gc
import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conformance import Site

#: The source documents are no part of the project; a checkout may have them beside it.
DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents"

#: Set by CI: a test that would be skipped fails instead, so that nothing is left out unseen.
REQUIRE_ALL = os.environ.get("KZGRAPH_REQUIRE_ALL", "") not in ("", "0")

#: Objects after which cycles are looked for: graphs in memory have hundreds of thousands that stay.
#: With 100,000 the tests of hypothesis take longer, as what they leave behind fills the caches.
gc.set_threshold(10_000)


#: The files that take longest, by processor time, which would otherwise be begun last and leave
#: processors idle at the end: pytest-xdist begins with the files of most tests, unless
#: `--no-loadscope-reorder`.
LONGEST = (
    *("test_pages_browser", "test_redaction", "test_publish", "test_build", "test_remote_engine"),
    *("test_ingest", "test_conformance_hostile", "test_server_operator", "test_cli"),
    *("test_shapes", "test_columns_differential", "test_packaging", "test_release_interrupted"),
    *("test_engine_isolation", "test_openapi", "test_conformance_operations", "test_cli_query"),
    *("test_earlier_releases", "test_reasoning", "test_validation", "test_conformance_releases"),
    *("test_release_integrity", "test_conformance_isolation", "test_mount", "test_cross_check"),
    *("test_fuzz", "test_all_faults", "test_release", "test_publish_resuming"),
    *("test_server_pages", "test_descriptions", "test_table_templates", "test_competency"),
    *("test_remote_engine_troubles", "test_notebooks", "test_screening", "test_editor_browser"),
    *("test_tutorial", "test_sparql_algebra"),
)


@pytest.fixture(scope="session", autouse=True)
def _no_sync() -> Iterator[None]:
    """Wait for no disk: what one process wrote, all others read, whether or not it is there yet.

    A release is a hundred files, each synced.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session")
def release_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases with one in it, built once for all processes, and only to be read.

    The build is imported here, so that tests of its parts run while it is broken.
    """
    from fixed_tables import fixed_tables

    made = partial(fixed_tables, tmp_path_factory.mktemp("release-tables"))
    return _build_once(tmp_path_factory, "release", made)


@pytest.fixture(scope="session")
def shipped_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of all that ships with kzgraph: official data beside the documents."""
    return _build_once(tmp_path_factory, "shipped", lambda: None)


def _build_once(
    factory: pytest.TempPathFactory, name: str, make_tables: Callable[[], Path | None]
) -> Path:
    from kzgraph.build import build

    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    root = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "current").exists():
            build(make_tables(), root)
    return root


@pytest.fixture(scope="session")
def plain_site(release_root: Path) -> Iterator["Site"]:
    """The built release, served without further settings to all tests that only ask.

    A server takes two seconds to start, so that those of a process share one.
    """
    from conformance import site

    with site(release_root) as running:
        yield running


@pytest.fixture(scope="session")
def url(plain_site: "Site") -> str:
    """The address at which the built release is served."""
    return plain_site.url


@pytest.fixture(scope="session")
def documents() -> Path:
    """The folder of the source documents."""
    if not DOCUMENTS.is_dir():
        pytest.skip("the source documents are not at hand")
    return DOCUMENTS


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: the tests of servers wait a good deal."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else 2


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Let processes collect one after the other: on a fresh clone the first compiles for all."""
    given = getattr(session.config, "workerinput", None)  # none in a process alone
    if given is None:
        return (yield)
    lock = Path(tempfile.gettempdir()) / f"kzgraph-{given['testrunuid']}.lock"
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        done = yield
    lock.unlink(missing_ok=True)
    return done


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(LONGEST)))


def pytest_collection_finish() -> None:
    """Walk no more through what was collected, when cycles are looked for: it stays to the end.

    That is 760,000 objects, and some of them are made for each of 17,000 tests.
    """
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, though everything must run: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, though everything must run: {report.longrepr}"
    return report
