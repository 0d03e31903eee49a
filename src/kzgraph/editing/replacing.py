"""Writing tables to disk: all of those that belong together, or none."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file; see `replace_files`."""
    replace_files({path: data})


def replace_files(files: Mapping[Path, bytes]) -> None:
    """Put bytes in the place of files, each whole, and all of them or none.

    All are on the disk before the first one takes its place. A file keeps the rights that it has; a
    new one has the usual. What is there with the same bytes is not touched.
    """
    waiting: dict[Path, Path] = {}
    before: dict[Path, bytes | None] = {}
    try:
        for path, data in files.items():
            place = path.resolve()
            old = place.read_bytes() if place.exists() else None
            if old != data:
                waiting[place] = _write_aside(place, data)
                before[place] = old
        for at, (place, aside) in enumerate(waiting.items()):
            try:
                aside.replace(place)
            except BaseException:
                for done in list(waiting)[:at]:
                    _restore(done, before[done])
                raise
    except BaseException:
        for aside in waiting.values():
            aside.unlink(missing_ok=True)
        raise


def _write_aside(place: Path, data: bytes) -> Path:
    """The new file alongside the one that it is to replace, on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, name)
        else:
            Path(name).chmod(0o666 & ~get_umask())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _restore(place: Path, data: bytes | None) -> None:
    if data is None:
        place.unlink(missing_ok=True)
    else:
        _write_aside(place, data).replace(place)


def make_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder with files, whole or not at all; another one of the name is never overwritten.

    Raises:
        FileExistsError: there is one.
    """
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, data in files.items():
            (made / name).write_bytes(data)
        made.chmod(0o777 & ~get_umask())
        # Not rename over the name alone: it would replace an empty folder made in the meantime.
        target.mkdir()
        try:
            made.rename(target)
        except BaseException:
            target.rmdir()
            raise
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def get_umask() -> int:
    """What new files are not allowed to whom."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
