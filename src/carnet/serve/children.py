"""Children of the supervisor: started as fresh processes, dying with it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys

_PR_SET_PDEATHSIG = 1
PLAN = "CARNET_PLAN"  # names the descriptor from which the child reads its plan
PARENT = "CARNET_PARENT"


def die_with_parent(sign: int = signal.SIGTERM) -> None:
    """Have the kernel signal this process when its parent ends, also by kill -9."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, sign)
    expected = os.environ.get(PARENT)
    if expected is not None and os.getppid() != int(expected):  # it ended before the call
        sys.exit(0)


def keep_plan(data: bytes) -> int:
    """A descriptor that holds a plan in memory: it names databases, so no file is left behind."""
    handle = os.memfd_create("carnet-plan")
    os.write(handle, data)
    return handle


def read_plan() -> bytes:
    """The plan that the supervisor handed to this child."""
    handle = int(os.environ[PLAN])
    return os.pread(handle, os.fstat(handle).st_size, 0)


def start(role: str, plan: int) -> subprocess.Popen[bytes]:
    """A child of a role (``ledger``, ``web``, ``worker``), with the descriptor of its plan."""
    environment = {**os.environ, PLAN: str(plan), PARENT: str(os.getpid())}
    return subprocess.Popen(  # noqa: S603  our own interpreter and module
        [sys.executable, "-m", f"carnet.serve.{role}"],
        env=environment,
        stdin=subprocess.DEVNULL,
        pass_fds=(plan,),
        start_new_session=False,
    )
