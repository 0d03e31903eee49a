"""What a worker process takes away from itself before it reads a query.

Everything here is about the process that calls it. Linux offers all of it; elsewhere a worker has
the limits that the system knows.
"""

import ctypes
import os
import resource
import signal
import sys

# linux/prctl.h and linux/sched.h
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000

_LINUX = sys.platform == "linux"
#: Exit status of a worker that Python refused memory.
OUT_OF_MEMORY = 79
#: Seconds behind the deadline of a query after which the worker ends itself.
_BACKSTOP = 5.0


def confine(memory_mib: int, parent: int) -> bool:
    """Put this process under its limits.

    To be called while the process has one thread: a user namespace is given to no other.

    Args:
        memory_mib: address space in MiB.
        parent: the process without which this one has no purpose.

    Returns:
        Whether the process has no network any more.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The only files that a worker writes are tables that wait for their end, unnamed.
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


def end_with(parent: int) -> None:
    """Let the system kill this process when the thread that started it ends.

    Elsewhere than on Linux nothing does that, and a process has to look for itself.
    https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html

    Args:
        parent: the process that started this one; where it has ended already, so does this.
    """
    if _LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the server is gone")


def _leave_network(libc: ctypes.CDLL) -> bool:
    """Move into a network namespace with nothing in it; returns whether that went well.

    It needs a capability, or a user namespace, and some systems allow neither.
    """
    return not libc.unshare(_CLONE_NEWNET) or not libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _bound_memory(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ValueError, OSError):
        # macOS knows the limit and refuses to set it.
        if _LINUX:
            raise


def watch(seconds: float) -> None:
    """Let the system end this process a little after `seconds`, should the server fail to."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _BACKSTOP)


def unwatch() -> None:
    """Take back `watch`."""
    signal.setitimer(signal.ITIMER_REAL, 0)
