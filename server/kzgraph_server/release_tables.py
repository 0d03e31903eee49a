"""The tables that a release has at `/tables/`, for the front and for pages alike."""

from kzgraph.licences import name_licence
from kzgraph.release import Release
from kzgraph.tidy.file_tables import ReleaseTables, find_tables
from kzgraph_server.served import Served, compute_once


def open_tables(release: Release) -> ReleaseTables:
    """The tables of a release.

    Raises:
        ValueError, KeyError: see `find_tables`.
    """
    credit = {
        each.name: f"{each.attribution}: {name_licence(each.licence)}, {each.licence}"
        for each in release.sources
    }
    return find_tables(release.dumps, credit)


def _open(now: Served) -> ReleaseTables:
    return open_tables(now.release)


def get_tables() -> ReleaseTables:
    """The tables of the release that the current request to Flask is about."""
    return compute_once(_open)
