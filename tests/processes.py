"""Waiting for states, and looking at the processes that a test has started."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

#: Seconds that a test waits for a state before it fails: many times longer than any takes, so that
#: only a state that never comes fails, however busy the machine.
PATIENCE = 120.0


def until(true: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    """Wait until something is true; `otherwise` says what is wrong where it never is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """The processes that any thread of a process started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            found += map(int, (task / "children").read_text("ascii").split())
    return sorted(found)


def grandchildren(pid: int) -> list[int]:
    """The processes that were started by the children of a process: the workers of a server."""
    found: list[int] = []
    for child in children(pid):
        with suppress(OSError):
            found += children(child)
    return sorted(found)


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    with suppress(OSError):
        for child in children(pid):
            found += family(child)
    return found


def family_ticks(pid: int) -> int:
    """The processor time of a process and of all that descend from it, as `cpu_ticks` counts."""
    return sum(map(cpu_ticks, family(pid)))


def has_open(pid: int, folder: Path) -> bool:
    """Whether a process or a descendant of it has a file below `folder` open."""
    inside = str(folder.resolve()) + "/"
    for each in family(pid):
        with suppress(OSError):
            for descriptor in Path(f"/proc/{each}/fd").iterdir():
                with suppress(OSError):
                    if str(descriptor.readlink()).startswith(inside):
                        return True
    return False


def is_alive(pid: int) -> bool:
    """Whether a process runs: not gone, and not a zombie."""
    try:
        return _stat(pid)[0] != "Z"
    except OSError:
        return False


def cpu_ticks(pid: int) -> int:
    """The processor time that a process has used, in hundredths of a second; 0 if it is gone."""
    try:
        fields = _stat(pid)
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _stat(pid: int) -> list[str]:
    # https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: from the third field, the state.
    return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()


def resident_mib(pid: int, field: str = "VmRSS") -> float:
    """The memory of a process in MiB; `VmHWM` is the most that it ever had."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) / 1024
    raise AssertionError(f"/proc/{pid}/status has no {field}")
