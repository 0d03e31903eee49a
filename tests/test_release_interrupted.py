"""Builds that are killed, or run side by side: what is served stays whole."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kzgraph.release import ReleaseBusy, current, publish
from kzgraph.release.history import read_changes, read_history
from small_release import BESIDE, bytes_of, content, names, published

# A build that counts its steps on the file system, or dies by SIGKILL at one of them: every sync,
# and every opening for writing, making, renaming, linking and removing
# (the audit events of CPython).
BUILD_AND_DIE = """
import os, signal, sys, threading
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from small_release import published

root, deadly = Path(sys.argv[2]), int(sys.argv[3])
EVENTS = {"os.mkdir", "os.rename", "os.symlink", "os.utime"}
REMOVALS = {"os.remove", "os.rmdir"}  # told by name only, within the folder that is removed
steps, switch, lock = 0, 0, threading.Lock()

def step():
    global steps
    with lock:
        steps += 1
        if steps == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

def audit(event, args):
    global switch
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    here = str(root) in str(args[0]) if args else False
    if event in REMOVALS or (here and (event in EVENTS or writes)):
        step()
    if event == "os.symlink":
        switch = steps

# A disk needs it, and no process that reads what another wrote: it takes long.
def counted_sync(descriptor):
    step()
    step()

os.fsync = counted_sync
sys.addaudithook(audit)
published(root, 4, keep=1)
print(switch, steps)
"""


def build_and_die(root: Path, deadly: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BUILD_AND_DIE, str(Path(__file__).parent), str(root), str(deadly)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_build_killed_at_any_point_leaves_a_whole_release(tmp_path: Path) -> None:
    rehearsal = tmp_path / "rehearsal"
    published(rehearsal)
    done = build_and_die(rehearsal, 0)
    switch, steps = map(int, done.stdout.split())
    assert 60 < switch < steps - 30
    old, new = content(3)[0], content(4)[0]
    outcomes = set()
    # One by one around the renames of the folder and of the link, farther apart elsewhere.
    deadly = {1, 2, 3, *range(5, steps, 20), *range(switch - 6, switch + 8), steps}
    for point in sorted(deadly):
        root = tmp_path / str(point)
        published(root)
        killed = build_and_die(root, point)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        served = current(root)
        assert served is not None
        served.verify()
        outcomes.add(served.version)
        built = published(root, 4, keep=1)
        built.verify()
        assert built.version == new
        assert names(root) == {*BESIDE, built.path.name}, f"killed at {point}"
        entries = read_history(root).entries
        assert [each.version for each in entries] == [old, new], f"killed at {point}"
        assert entries[1].changes is not None
        assert read_changes(root, entries[1].changes)
        assert names(root / "history") == {"2.json"}
        shutil.rmtree(root)
    assert outcomes == {old, new}, "some were killed before the switch and some after"


def test_two_builders_at_once_do_not_collide(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from small_release import published\n"
        "print(published(Path(sys.argv[2]), int(sys.argv[3])).version)\n"
    )
    folder = str(Path(__file__).parent)
    builders = [
        subprocess.Popen(
            [sys.executable, "-c", code, folder, str(tmp_path), str(size)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for size in (4, 5, 4)
    ]
    built = [builder.communicate()[0].strip() for builder in builders]
    assert built == [content(4)[0], content(5)[0], content(4)[0]]
    found = current(tmp_path)
    assert found is not None
    found.verify()
    assert names(tmp_path) == {*BESIDE, *built}


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from small_release import published\n"
        "published(Path(sys.argv[2]), 50)\n"
    )
    found = []
    for seed in ("1", "2"):
        root = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent), str(root)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )
        release = current(root)
        assert release is not None
        found.append((release.version, bytes_of(release)))
    assert found[0] == found[1]


def test_a_second_builder_waits_and_in_the_end_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "PATIENCE", 0.1)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import fcntl, sys\n"
            "stream = open(sys.argv[1], 'ab')\n"
            "fcntl.flock(stream, fcntl.LOCK_EX)\n"
            "print('held', flush=True)\n"
            "sys.stdin.read()",
            str(tmp_path / ".lock"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ReleaseBusy, match="another build"):
            published(tmp_path)
        assert names(tmp_path) == {".lock"}
    finally:
        holder.kill()
        holder.communicate()
    published(tmp_path).verify()
