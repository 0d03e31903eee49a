"""The context of every request: one release and the settings."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from flask import Flask, current_app
from pyoxigraph import Store

from kzgraph.release import Release
from kzgraph.release.statistics import Statistics
from kzgraph_server.settings import Settings

_KEY, _MADE = "kzgraph", "kzgraph-made"

T = TypeVar("T")


@dataclass(frozen=True)
class Served:
    """A release being served.

    Attributes:
        release: the release.
        settings: those it is served with, its own address among them.
        root: the folder of releases that it is in.
        site: the settings of the server, under whose address all releases are listed.
    """

    release: Release
    settings: Settings
    root: Path
    site: Settings

    @property
    def pinned(self) -> bool:
        """Whether it is served at the address of its version."""
        return self.site is not self.settings

    @property
    def store(self) -> Store:
        """The quads of the release."""
        return self.release.store

    @property
    def statistics(self) -> Statistics:
        """The numbers of the release."""
        return self.release.statistics


def attach(app: Flask, served: Served) -> None:
    """Make `served` the context of requests to `app`."""
    app.extensions[_KEY] = served


def get_served() -> Served:
    """The context of the current request."""
    return cast(Served, current_app.extensions[_KEY])


def compute_once(compute: Callable[[Served], T], language: str = "") -> T:
    """The result of `compute` for the release, computed once on first use.

    Args:
        compute: what is computed.
        language: that of the page, where the result depends on it.
    """
    made = current_app.extensions.setdefault(_MADE, {})
    if (compute, language) not in made:
        made[compute, language] = compute(get_served())
    return cast(T, made[compute, language])
