"""The validation report of a release as files."""

from pathlib import Path

from kzgraph.release.dumps import File, write_one
from kzgraph.release.folder import REPORT
from kzgraph.validation import Report


def write_report(report: Report, root: Path) -> list[File]:
    """Write the report below the folder of a release; the files.

    Args:
        report: of the release.
        root: its folder.

    Raises:
        OSError: the disk fails.
    """
    (root / REPORT).mkdir()
    return [
        write_one(root, File(f"{REPORT}/report.{suffix}", media_type, 0, ""), data)
        for suffix, media_type, data in (
            ("ttl", "text/turtle", report.to_turtle()),
            ("json", "application/json", report.to_json().encode()),
            ("txt", "text/plain", report.to_text().encode()),
        )
    ]
