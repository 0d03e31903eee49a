"""Which files the stores of a large release were when their quads were counted.

Counting them reads gigabytes. The stamp is beside the folder of the release, which never changes,
and says of each file of the stores how large it was and when it was written: while that is so, the
count is still right.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from kzgraph.release.manifest import MANIFEST

#: Behind the name of a release's folder.
STAMP = ".stores.json"
#: Quads of a release whose stores are counted whenever it is opened: that takes half a second.
COUNTED_UP_TO = 1_000_000


def stamp_of(root: Path) -> Path:
    """The file of the stamp of the release in the folder `root`."""
    return root.with_name(root.name + STAMP)


def look_at_stores(root: Path, stores: tuple[str, ...]) -> dict[str, Any] | None:
    """What a stamp says of the release in the folder `root` as it is now.

    Args:
        root: the folder.
        stores: the names of the folders of its stores; one that is not there has no files.

    Returns:
        It; None where a file cannot be looked at.
    """
    try:
        manifest = hashlib.sha256((root / MANIFEST).read_bytes()).hexdigest()
        files = {}
        for path in (path for store in stores for path in sorted((root / store).glob("*"))):
            status = path.lstat()
            files[path.relative_to(root).as_posix()] = [status.st_size, status.st_mtime_ns]
    except OSError:
        return None
    return {"manifest": manifest, "files": files}


def is_stamped(root: Path, seen: dict[str, Any] | None) -> bool:
    """Whether the quads were counted when the stores were what `look_at_stores` has seen."""
    try:
        return seen is not None and json.loads(stamp_of(root).read_bytes()) == seen
    except (OSError, ValueError):
        return False


def write_stamp(root: Path, seen: dict[str, Any] | None) -> None:
    """Note that what was seen was counted; nothing, where this user may not write there."""
    if seen is None:
        return
    with suppress(OSError):
        for path in root.parent.glob(f"*{STAMP}"):
            if not path.with_name(path.name.removesuffix(STAMP)).exists():
                path.unlink()  # Of a release that is gone.
        made = stamp_of(root).with_suffix(".partial")
        made.write_text(json.dumps(seen), "utf-8")
        made.replace(stamp_of(root))
