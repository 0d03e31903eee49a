"""The problems of runs that ended without an answer, for their clients."""

import errno
import signal

from kzgraph.problem import Problem
from kzgraph_server.engine.limits import OUT_OF_MEMORY

#: Seconds after which a refused client may try again.
_SOON, _LATER = 2, 10

#: The errors of a full disk, or of a full quota on it.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
#: The messages of Rust, C++, the C library and Python when out of memory.
_NO_MEMORY = ("memory allocation of", "bad_alloc", "capacity overflow", "MemoryError")


def explain_timeout(seconds: float) -> Problem:
    """The run timed out."""
    return Problem(
        504,
        f"The query was stopped at the time limit of {seconds:g} s.",
        limit={"name": "timeout", "seconds": seconds},
    )


def explain_eviction(most: int, of_client: bool) -> Problem:
    """The run was long, and evicted because there were too many long ones."""
    whose = "of one client" if of_client else "of all clients together"
    return _retry_later(
        f"The query was stopped because more than {most} long queries {whose} were running "
        "and others were waiting.",
        _LATER,
    )


def explain_full_queue(most: int, of_client: bool) -> Problem:
    """The queue is full."""
    whose = "of one client" if of_client else "of all clients together"
    return _retry_later(f"{most} queries {whose} are waiting already, which is the limit.", _SOON)


def explain_wait(seconds: float) -> Problem:
    """The run timed out in the queue."""
    return _retry_later(f"The server was too busy to start the query within {seconds:g} s.", _SOON)


def explain_shutdown() -> Problem:
    """The engine is shutting down."""
    return _retry_later("The server is stopping.", _SOON)


def explain_unavailability() -> Problem:
    """No worker starts."""
    return _retry_later("The query engine is not available at the moment.", _LATER)


def explain_system_failure(error: OSError) -> Problem:
    """A system call of a worker failed: mostly no space for the temporary file of a table."""
    if error.errno in _NO_ROOM:
        # RFC 4918, section 11.5.
        return Problem(
            507,
            "The server has no room left for the temporary file that this format needs. "
            "Ask for another format, such as CSV, or try again later.",
            {"Retry-After": str(_LATER)},
        )
    if error.errno == errno.EFBIG:
        detail = "The temporary file that this format needs is larger than the server allows."
        return Problem(422, f"{detail} Ask for fewer rows, or for another format, such as CSV.")
    return Problem(500, "The query could not be evaluated; this is the server's fault.")


def explain_exit(
    code: int | None, last_words: str, memory_mib: int, seconds: float
) -> tuple[str, Problem]:
    """The cause, as a word, and the problem of a worker that exited without being killed.

    Args:
        code: exit status; negative for a signal.
        last_words: the worker's standard error.
        memory_mib: its limit.
        seconds: the time limit of its run.
    """
    if code == OUT_OF_MEMORY or any(words in last_words for words in _NO_MEMORY):
        return "memory", Problem(
            422,
            f"The query needs more memory than the limit of {memory_mib} MiB.",
            limit={"name": "memory", "mebibytes": memory_mib},
        )
    if code in (-signal.SIGSEGV, -signal.SIGBUS):
        return "stack", Problem(
            422, "The query is too deeply nested, or too long a chain, to be evaluated."
        )
    if code == -signal.SIGALRM:
        return "deadline", explain_timeout(seconds)
    if code == -signal.SIGKILL:
        # From outside: an administrator, or the system's out-of-memory killer.
        return "killed", _retry_later("The process that evaluated the query was ended.", _SOON)
    return "crash", Problem(500, "The query could not be evaluated; this is the server's fault.")


def _retry_later(detail: str, seconds: int) -> Problem:
    return Problem(503, detail, {"Retry-After": str(seconds)})
