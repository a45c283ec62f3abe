"""Ends a process together with the one that started it, however that one dies: on Linux; elsewhere nothing happens."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def follow_parent(with_signal: int = signal.SIGKILL) -> None:
    """Asks the kernel to send this process `with_signal` when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0)


def on_leash() -> Callable[[], None]:
    """A `preexec_fn` for Popen: the child is killed when this process ends."""
    parent = os.getpid()

    def attach() -> None:
        follow_parent()
        # The parent may have ended before the kernel was asked.
        if os.getppid() != parent:
            os._exit(1)

    return attach
