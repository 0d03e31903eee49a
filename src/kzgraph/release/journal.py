"""Replacing kept releases by others in one step, which a crash leaves undone or to be finished.

What takes the place of the old is written first, into folders `.replacing-<n>`. Then a journal is
put in place by one rename: from then on the old is replaced, and whoever holds the lock of the
folder of releases next finishes what the journal lists. Each of its steps can be repeated.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kzgraph.release.disk import make_current, remove_folder, replace_file, sync
from kzgraph.release.errors import ReleaseError
from kzgraph.release.folder import CURRENT

JOURNAL = ".replacing.json"
#: What the folders of releases that wait to take their place are called, but for a number.
STAGED = ".replacing-"


class JournalDamaged(ReleaseError):
    """An interrupted replacement cannot be finished."""


@dataclass(frozen=True)
class Replacement:
    """What is to be done; every path is relative to the folder of releases.

    Attributes:
        moved: folders of new releases, by the staged folder that becomes each.
        files: texts of files that are replaced as a whole.
        current: the folder that `current` is to lead to; None where it stays.
        removed: folders and files that go.
    """

    moved: Mapping[str, str]
    files: Mapping[str, str]
    current: str | None
    removed: tuple[str, ...]


def commit(root: Path, replacement: Replacement) -> None:
    """Replace releases of the folder `root`, whose lock is held.

    Raises:
        OSError: the disk fails; `finish` does the rest, once it does not.
    """
    text = json.dumps(asdict(replacement), ensure_ascii=False)
    replace_file(root / JOURNAL, text.encode())
    sync(root)
    finish(root)


def finish(root: Path) -> bool:
    """Finish what was committed in the folder `root`, whose lock is held; whether there was any.

    Raises:
        JournalDamaged: the journal cannot be read.
        OSError: the disk fails.
    """
    journal = root / JOURNAL
    try:
        todo = Replacement(**json.loads(journal.read_bytes()))
    except FileNotFoundError:
        return False
    except (ValueError, TypeError) as error:
        raise JournalDamaged(f"{journal}: it is not a list of what to replace ({error})") from None
    for staged, final in todo.moved.items():
        if (root / staged).is_dir():
            (root / staged).rename(root / final)
    for name, text in todo.files.items():
        replace_file(root / name, text.encode())
    sync(root)
    if todo.current is not None and (root / CURRENT).resolve() != (root / todo.current).resolve():
        make_current(root, todo.current)
    for number, name in enumerate(todo.removed):
        path = root / name
        # Of a run that was killed while it removed it.
        shutil.rmtree(root / f".removed-{number}", ignore_errors=True)
        if path.is_dir() and not path.is_symlink():
            remove_folder(path, f".removed-{number}")
        else:
            path.unlink(missing_ok=True)
    sync(root)
    journal.unlink()
    sync(root)
    return True
