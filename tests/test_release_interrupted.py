"""Builds that are killed, or run side by side: what is served stays whole."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kzgraph.release import ReleaseBusy, current, publish
from kzgraph.release.history import read_changes, read_history
from small_release import BESIDE, bytes_of, content, names, published

# Builds that count their steps on the file system, or die by SIGKILL at one of them: every sync,
# and every opening for writing, making, renaming, linking and removing
# (the audit events of CPython). Each is a fork, so that not each one imports all that it needs.
BUILD_AND_DIE = """
import os, signal, sys, threading
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from small_release import published

root, deadly = "", 0
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
    here = root in str(args[0]) if args else False
    if event in REMOVALS or (here and (event in EVENTS or writes)):
        step()
    if event == "os.symlink":
        switch = steps

# A disk needs it, and no process that reads what another wrote: it takes long.
def counted_sync(descriptor):
    step()
    step()

os.fsync = counted_sync
for line in sys.stdin:
    number, root = line.rstrip("\\n").split(" ", 1)
    child = os.fork()
    if not child:
        deadly = int(number)
        sys.addaudithook(audit)
        published(Path(root), 4, keep=1)
        print(switch, steps, end=" ", flush=True)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""

#: Builds in a folder, to die at a step or at none; gives the number of the step that switches, that
#: of the last, and the exit code, or the exit code alone.
Builder = Callable[[Path, int], list[int]]


@pytest.fixture
def build_and_die() -> Iterator[Builder]:
    command = [sys.executable, "-c", BUILD_AND_DIE, str(Path(__file__).parent)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, bufsize=1) as builder:
        assert builder.stdin is not None
        assert builder.stdout is not None
        write, read = builder.stdin.write, builder.stdout.readline

        def build(root: Path, deadly: int) -> list[int]:
            write(f"{deadly} {root}\n")
            return [int(number) for number in read().split()]

        yield build
        builder.stdin.close()


def test_a_build_killed_at_any_point_leaves_a_whole_release(
    build_and_die: Builder, tmp_path: Path
) -> None:
    rehearsal = tmp_path / "rehearsal"
    published(rehearsal)
    switch, steps, code = build_and_die(rehearsal, 0)
    assert code == 0
    assert 60 < switch < steps - 30
    old, new = content(3)[0], content(4)[0]
    outcomes = set()
    # One by one around the renames of the folder and of the link, farther apart elsewhere.
    deadly = {1, 2, 3, *range(5, steps, 60), *range(switch - 4, switch + 6), steps}
    template = tmp_path / "template"
    published(template)
    for point in sorted(deadly):
        root = tmp_path / str(point)
        shutil.copytree(template, root, symlinks=True)
        assert build_and_die(root, point) == [-signal.SIGKILL]
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
