"""What tests share: one built release, and the source documents where they are at hand."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

#: The source documents are no part of the project; a checkout may have them beside it.
DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents"

#: Set by CI: a test that would be skipped fails instead, so that nothing is left out unseen.
REQUIRE_ALL = os.environ.get("KZGRAPH_REQUIRE_ALL", "") not in ("", "0")


@pytest.fixture(scope="session")
def release_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases with one in it, built from the project's own tables.

    The build is imported here, so that tests of its parts run while it is broken.
    """
    from kzgraph.build import build

    root = tmp_path_factory.mktemp("releases")
    build(None, root)
    return root


@pytest.fixture(scope="session")
def documents() -> Path:
    """The folder of the source documents."""
    if not DOCUMENTS.is_dir():
        pytest.skip("the source documents are not at hand")
    return DOCUMENTS


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
