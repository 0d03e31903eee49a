"""The sandbox that a worker process enters before it reads a query.

Everything here applies to the calling process. Linux has all of it; elsewhere a worker has the
limits that the system supports.
"""

import ctypes
import resource
import signal
import sys

from kzgraph.lifetime import end_with

# linux/prctl.h and linux/sched.h
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
# linux/capability.h: two sets of 32 capabilities, each effective, permitted and inheritable.
_CAPABILITY_VERSION = 0x20080522

_LINUX = sys.platform == "linux"
#: Exit status of a worker after a MemoryError.
OUT_OF_MEMORY = 79
#: Of the address space of a worker, the part that DuckDB may fill is one of so many: the rest is
#: for the store, the interpreter and the rows of the answer.
DATABASE_SHARE = 4
#: Seconds after the deadline of a query at which the worker kills itself.
_BACKSTOP = 5.0


def confine(memory_mib: int, parent: int) -> bool:
    """Put this process under its limits.

    To be called while the process has one thread: a user namespace is given to no other.

    Args:
        memory_mib: address space in MiB.
        parent: the process with which this one has to end.

    Returns:
        Whether the process has no network now.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The only files that a worker writes are unnamed temporary files of tables.
    file_size = memory_mib * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(parent)
    if _LINUX:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        isolated = _leave_network(libc)
    else:
        isolated = False
    _bound_memory(memory_mib * 1024 * 1024)
    return isolated


def _leave_network(libc: ctypes.CDLL) -> bool:
    """Move into an empty network namespace; returns whether that succeeded.

    It needs a capability, or a user namespace, and some systems allow neither.
    """
    if not libc.unshare(_CLONE_NEWNET):
        return True
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
        return False
    # In its own user namespace a process has every capability, over its siblings, too.
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())
    return True


def _bound_memory(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ValueError, OSError):
        # macOS has the limit but refuses to set it.
        if _LINUX:
            raise


def watch(seconds: float) -> None:
    """Let the system kill this process a little after `seconds`, should the server fail to."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _BACKSTOP)


def unwatch() -> None:
    """Undo `watch`."""
    signal.setitimer(signal.ITIMER_REAL, 0)
