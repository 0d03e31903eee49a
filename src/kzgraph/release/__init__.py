"""Releases: what is published, and how it is written, checked and read.

A release is a folder of the store, the dumps and the validation report; see
`kzgraph.release.folder` for what it holds.
"""

from kzgraph.release.errors import (
    ReleaseBusy,
    ReleaseDamaged,
    ReleaseError,
    ReleaseMissing,
    ReleaseRefused,
    describe_elsewhere,
)
from kzgraph.release.folder import (
    CROSS_CHECK,
    CURRENT,
    REPORT,
    Release,
    current,
    describe_kept,
    find_current,
    find_elsewhere,
    find_release,
    kept_releases,
)
from kzgraph.release.manifest import MANIFEST
from kzgraph.release.metadata import METADATA, describe_counted, describe_release
from kzgraph.release.publish import KEEP, finish_interrupted, write

__all__ = [
    "CROSS_CHECK",
    "CURRENT",
    "KEEP",
    "MANIFEST",
    "METADATA",
    "REPORT",
    "Release",
    "ReleaseBusy",
    "ReleaseDamaged",
    "ReleaseError",
    "ReleaseMissing",
    "ReleaseRefused",
    "current",
    "describe_counted",
    "describe_elsewhere",
    "describe_kept",
    "describe_release",
    "find_current",
    "find_elsewhere",
    "find_release",
    "finish_interrupted",
    "kept_releases",
    "write",
]
