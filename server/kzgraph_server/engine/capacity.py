"""How many concurrent queries the settings and the machine allow."""

import os
from pathlib import Path

from kzgraph_server.settings import Settings

PROCESSORS = os.cpu_count() or 1

_MIB = 1024 * 1024
_LEAST_LONG, _MOST_LONG = 2, 12
#: The memory limit of a container on Linux; "max" if unlimited.
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def fast_limit(settings: Settings) -> int:
    """Queries evaluated at a time that are not long."""
    return settings.workers or max(2, PROCESSORS)


def long_limit(settings: Settings) -> int:
    """Long queries at a time, as set, or as many as half of the memory holds at their limit."""
    if settings.long_queries:
        return settings.long_queries
    fit = _machine_memory() // 2 // (settings.worker_memory_mib * _MIB)
    return max(_LEAST_LONG, min(_MOST_LONG, fit))


def client_queue(settings: Settings) -> int:
    """Queries of one client that may wait."""
    return max(1, settings.queue // 4)


def _machine_memory() -> int:
    """Bytes of memory of the machine, or of the container where that is less."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        bound = _CGROUP_LIMIT.read_text("ascii").strip()
    except OSError:
        return memory
    return min(memory, int(bound)) if bound.isdigit() else memory
