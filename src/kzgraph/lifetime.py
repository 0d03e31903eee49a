"""Processes that end with the one that started them."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with(parent: int) -> None:
    """Let the system kill this process when the thread that started it ends.

    Only Linux does that; elsewhere a process has to poll.
    https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html

    Args:
        parent: the process that started this one; where it has ended already, so does this.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")
