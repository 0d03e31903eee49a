"""The limits of the local engine."""

import os
from dataclasses import dataclass
from pathlib import Path

_MIB = 1024 * 1024
_MOST_LONG = 12
#: Where Linux says how much memory a container may take; "max" where there is no bound.
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class EngineSettings:
    """How the pool of workers is run. All are positive; each becomes a setting `KZGRAPH_<NAME>`.

    Attributes:
        workers: queries evaluated at a time that are not long.
        spare_workers: idle workers kept in addition, which take over when queries turn long.
        long_after_ms: a query that runs longer is long: it gives its place to another.
        lower_after_ms: a query that runs longer gets processor time only where nothing else
            wants it; so does any long one while more of them run than there are processors.
        long_queries: long queries at a time; None: as many as half of the memory holds at their
            limit, from 2 to 12.
        client_long_queries: long queries at a time of one client.
        queue: queries that may wait; of one client at most a quarter of them.
        timeout_s: seconds of evaluation.
        worker_memory_mib: address space of one worker.
        max_query_nesting: how deep brackets and signs may nest in a query.
    """

    workers: int = max(2, os.cpu_count() or 1)
    spare_workers: int = 2
    long_after_ms: int = 150
    lower_after_ms: int = 1000
    long_queries: int | None = None
    client_long_queries: int = 8
    queue: int = 256
    timeout_s: float = 30.0
    worker_memory_mib: int = 1024
    max_query_nesting: int = 100

    @property
    def long_limit(self) -> int:
        """Long queries at a time, `long_queries` or what the machine's memory allows."""
        if self.long_queries is not None:
            return self.long_queries
        fit = _machine_memory() // 2 // (self.worker_memory_mib * _MIB)
        return max(2, min(_MOST_LONG, fit))

    @property
    def client_queue(self) -> int:
        """Queries of one client that may wait."""
        return max(1, self.queue // 4)


def _machine_memory() -> int:
    """Bytes of memory of the machine, or of the container where that is less."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        bound = _CGROUP_LIMIT.read_text("ascii").strip()
    except OSError:
        return memory
    return min(memory, int(bound)) if bound.isdigit() else memory
