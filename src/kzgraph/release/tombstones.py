"""What was taken out of the releases of a folder, so that it is not published again.

`tombstones.json` has no names, but a keyed digest of the IRI of each thing that is gone: enough to
answer 410 for that IRI, and to refuse a build from tables that still have it, and not enough to
list who it was. Whoever has the file can try a name that they know, as they can at the server.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kzgraph.release.errors import ReleaseError

TOMBSTONES = "tombstones.json"

_FORMAT = 1
#: Bytes of a digest: two IRIs of a billion share one with a chance of one in 10^20.
_SIZE = 16


class TombstonesDamaged(ReleaseError):
    """The list of what was taken out cannot be read, so that it might be published again."""


@dataclass(frozen=True)
class Tombstones:
    """Digests of IRIs.

    Attributes:
        key: of the digests, hexadecimal; a random one for each folder of releases.
        refused: of the person and the facts: a build that has one of them is refused.
        gone: of what only they needed, as spans: another fact may need that one day.
    """

    key: str = field(default_factory=lambda: secrets.token_hex(16))
    refused: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    @classmethod
    def read(cls, root: Path) -> Self:
        """Those of the folder of releases `root`; none where it has no such file.

        Raises:
            TombstonesDamaged: the file cannot be used.
        """
        path = root / TOMBSTONES
        try:
            found = json.loads(path.read_bytes())
            if found["format"] != _FORMAT:
                raise ValueError(f"its format is not {_FORMAT}")
            bytes.fromhex(found["key"])
            return cls(found["key"], frozenset(found["refused"]), frozenset(found["gone"]))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise TombstonesDamaged(
                f"{path}: {error}; bring it back from a copy: "
                "without it what was redacted could be published again"
            ) from None

    def add(self, refused: Iterable[str], gone: Iterable[str]) -> Self:
        """These and those of further IRIs."""
        return type(self)(
            self.key,
            self.refused | frozenset(map(self._digest, refused)),
            self.gone | frozenset(map(self._digest, gone)),
        )

    def has(self, iri: str) -> bool:
        """Whether the thing was taken out."""
        digest = self._digest(iri)
        return digest in self.refused or digest in self.gone

    def find_refused(self, iris: Iterable[str]) -> list[str]:
        """Those of `iris` that must not be published again, in order."""
        if not self.refused:
            return []
        return sorted(iri for iri in iris if self._digest(iri) in self.refused)

    def to_json(self) -> bytes:
        """The file."""
        document = {
            "format": _FORMAT,
            "key": self.key,
            "refused": sorted(self.refused),
            "gone": sorted(self.gone),
        }
        return (json.dumps(document, indent=1) + "\n").encode()

    def _digest(self, iri: str) -> str:
        key = bytes.fromhex(self.key)
        return hashlib.blake2b(iri.encode(), key=key, digest_size=_SIZE).hexdigest()
