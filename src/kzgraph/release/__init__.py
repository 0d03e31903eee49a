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
)
from kzgraph.release.folder import (
    CROSS_CHECK,
    CURRENT,
    REPORT,
    Release,
    current,
    find_current,
    find_release,
    kept_releases,
)
from kzgraph.release.manifest import MANIFEST
from kzgraph.release.metadata import METADATA, describe_release
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
    "describe_release",
    "find_current",
    "find_release",
    "finish_interrupted",
    "kept_releases",
    "write",
]
