"""What a folder of releases is changed with: a lock, and steps that happened or did not."""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kzgraph.release.dumps import write_file
from kzgraph.release.folder import CURRENT

_LEFT_OVER = re.compile(r"\.(?:building|mapping|removed|current|replacing)-[0-9]+")


@contextmanager
def lock(path: Path, busy: Exception, patience: float = 0) -> Iterator[None]:
    """Hold the lock on a file, which the system releases when a process dies.

    Args:
        path: the file; created if missing.
        busy: what is raised where another process keeps the lock.
        patience: seconds to wait for it.
    """
    with path.open("ab") as stream:
        given_up = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > given_up:
                    raise busy from None
                time.sleep(0.05)
        yield


def make_current(root: Path, name: str) -> None:
    """Let `current` in the folder of releases `root` lead to the folder called `name`."""
    link = root / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(name, target_is_directory=True)
    link.replace(root / CURRENT)
    sync(root)


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file in one step, once it is on the disk."""
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)  # Of a run that was killed.
    write_file(draft, data)
    draft.replace(path)


def remove_folder(path: Path, name: str) -> None:
    """Remove a folder; what is half removed is called `name` and not a release."""
    doomed = path.with_name(name)
    path.rename(doomed)
    shutil.rmtree(doomed)


def sync_folders(folder: Path) -> None:
    """Wait until the entries of `folder` and of all folders below are on the disk."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir():
            sync(path)


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_left_overs(root: Path) -> None:
    """Remove what killed builds left; the lock is held, so no build is running."""
    for path in root.iterdir():
        if not _LEFT_OVER.fullmatch(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
