"""Activity files of IATI in small, and a sink that keeps what a mapper writes."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from pyoxigraph import Store

from kzgraph.sources import Sink, Source, SourceFaults
from kzgraph_mappings.official.iati import map_activities
from kzgraph_mappings.official.iati_shared import settle
from official_files import KeepingSink

#: What an activity has to have, each on a line of its own.
NEEDED = """<iati-identifier>AA-1-P1</iati-identifier>
<reporting-org ref="AA-1" type="40"><narrative>Agency</narrative></reporting-org>
<title><narrative>Wells</narrative></title>
<description><narrative>Of water.</narrative></description>
<participating-org role="4" ref="AA-1"/>
<activity-status code="2"/>
<activity-date type="2" iso-date="2020-02-01"/>
"""
CURRENCY = 'default-currency="USD" xml:lang="en"'
PERIOD = '<period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/>'


def activity(more: str = "", needed: str = NEEDED, attributes: str = CURRENCY) -> str:
    """An activity; what it has to have begins in its second line."""
    return f"<iati-activity {attributes}>\n{needed}{more}</iati-activity>\n"


def document(*activities: str, attributes: str = 'version="2.03"') -> bytes:
    """A file; the first activity begins in its second line."""
    return f"<iati-activities {attributes}>\n{''.join(activities)}</iati-activities>".encode()


class Kept(KeepingSink):
    """Keeps what a mapper writes, but for records that are taken already."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        super().__init__()
        self.claimed: list[str] = []
        self._taken = frozenset(taken)

    def claim(self, key: str) -> bool:
        self.claimed.append(key)
        return key not in self._taken

    def store(self) -> Store:
        """The lines as the default graph, and what is shared, with its labels."""
        self.shared = set(settle(self.shared))
        return super().store()


def map_bytes(
    data: bytes,
    folder: Path,
    mapper: Callable[[Source, Sink], None] = map_activities,
    taken: Iterable[str] = (),
) -> Kept:
    """What a mapper writes of a file with these bytes."""
    path = folder / "file"
    path.write_bytes(data)
    kept = Kept(taken)
    mapper(Source("kind", path, hashlib.sha256(data).hexdigest(), "", "", ""), kept)
    return kept


def refusal(
    data: bytes, folder: Path, mapper: Callable[[Source, Sink], None] = map_activities
) -> str:
    """Why a file with these bytes is refused; nothing where it is not."""
    try:
        map_bytes(data, folder, mapper)
    except SourceFaults as refused:
        return str(refused)
    return ""
