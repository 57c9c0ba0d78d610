"""Children of the supervisor: started as fresh processes, dying with it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
PLAN = "CARNET_PLAN"  # names the file that holds the child's plan
PARENT = "CARNET_PARENT"


def die_with_parent(sign: int = signal.SIGTERM) -> None:
    """Have the kernel signal this process when its parent ends, also by kill -9."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, sign)
    expected = os.environ.get(PARENT)
    if expected is not None and os.getppid() != int(expected):  # it ended before the call
        sys.exit(0)


def start(role: str, plan: Path) -> subprocess.Popen[bytes]:
    """A child of a role (``ledger``, ``web``, ``worker``), reading its plan from a file."""
    environment = {**os.environ, PLAN: str(plan), PARENT: str(os.getpid())}
    return subprocess.Popen(  # noqa: S603  our own interpreter and module
        [sys.executable, "-m", f"carnet.serve.{role}"],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=False,
    )
