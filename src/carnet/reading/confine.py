"""What a reading process may not do: grow, run on, write files, open sockets to elsewhere.

setrlimit(2), prctl(2), unshare(2). These bound what a decoder's fault can cost; with a network
namespace of its own, which the kernel grants to root or where user namespaces are allowed, the
process has no way out but its pipe.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

from carnet.reading.model import ReadingLimits

_NEW_USER = 0x1000_0000
_NEW_NETWORK = 0x4000_0000
_SET_DUMPABLE = 4
_SET_NO_NEW_PRIVILEGES = 38
_GRACE = 5  # seconds after which the kernel ends what its parent did not


def leave_network() -> bool:
    """Move this process and its children to a network without interfaces. Whether it could."""
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))


def harden() -> None:
    """For a process and all its children: no new privileges, no core file, nobody attaches."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    _limit(resource.RLIMIT_CORE, 0)


def confine(limits: ReadingLimits) -> None:
    """Put the limits of one document on this process; they cannot be lifted again."""
    _limit(resource.RLIMIT_AS, _address_space() + limits.memory)
    _limit(resource.RLIMIT_CPU, limits.seconds + 1)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, limits.files)
    _limit(resource.RLIMIT_NPROC, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


def _address_space() -> int:
    """Bytes that this process maps now (proc(5), statm, first field)."""
    with Path("/proc/self/statm").open("rb") as lines:
        pages = int(lines.read().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
