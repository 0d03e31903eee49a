"""What every request is answered from: one release under one set of settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, cast

from flask import Flask, current_app
from pyoxigraph import Store

from kzgraph.prefixes import PREFIXES
from kzgraph_server.counts import Counts, count
from kzgraph_server.settings import Settings

_KEY = "kzgraph"


class ReleaseLike(Protocol):
    """What the server asks of a release."""

    @property
    def version(self) -> str:
        """The version, made from the content."""

    @property
    def path(self) -> Path:
        """The folder of the release, with `dumps/` in it."""

    @property
    def store(self) -> Store:
        """The quads, opened read-only."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the release holds."""


@dataclass(frozen=True)
class Served:
    """A release being served."""

    release: ReleaseLike
    settings: Settings
    prefixes: dict[str, str] = field(default_factory=lambda: dict(PREFIXES))

    @property
    def store(self) -> Store:
        """The quads of the release."""
        return self.release.store

    @cached_property
    def counts(self) -> Counts:
        """How much the release holds, counted once."""
        return count(self.store)


def attach(app: Flask, served: Served) -> None:
    """Let requests to `app` be answered from `served`."""
    app.extensions[_KEY] = served


def served() -> Served:
    """What the current request is answered from."""
    return cast(Served, current_app.extensions[_KEY])
