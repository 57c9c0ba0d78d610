"""Disks that are full or fail: a tmpfs where root may mount one, libfiu for failing writes."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import psutil

_SIZE = 1 << 30
_STEP = 1 << 20
_PRELOADS = ("/usr/lib/fiu/fiu_run_preload.so", "/usr/lib/fiu/fiu_posix_preload.so")
_FAILING = ("posix/io/rw/pwrite", "posix/io/sync/fsync", "posix/io/sync/fdatasync")
_EIO = 5


class Disk(Protocol):
    """A place that can be filled to the last byte, and emptied again."""

    kind: str
    place: Path

    def fill(self, processes: Sequence[psutil.Process]) -> None:
        """Leave no room; may be called again while it is full."""

    def free(self, processes: Sequence[psutil.Process]) -> None:
        """Give the room back."""


class SmallDisk:
    """A tmpfs of its own, filled by a file."""

    kind = "tmpfs"

    def __init__(self, place: Path) -> None:
        self.place = place
        self._filler = place / "filler"

    def fill(self, processes: Sequence[psutil.Process]) -> None:
        """See ``Disk.fill``."""
        del processes
        handle = os.open(self._filler, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            at, step = os.fstat(handle).st_size, _STEP
            while step >= 1:
                try:
                    os.posix_fallocate(handle, at, step)
                    at += step
                except OSError:
                    step //= 4
        finally:
            os.close(handle)

    def free(self, processes: Sequence[psutil.Process]) -> None:
        """See ``Disk.free``."""
        del processes
        self._filler.unlink(missing_ok=True)


class LimitedDisk:
    """Any disk, where no file of the given processes may grow (RLIMIT_FSIZE, EFBIG)."""

    kind = "RLIMIT_FSIZE (no tmpfs could be mounted)"

    def __init__(self, place: Path) -> None:
        self.place = place

    def fill(self, processes: Sequence[psutil.Process]) -> None:
        """See ``Disk.fill``: every write to a file is refused."""
        _limit(processes, 0)

    def free(self, processes: Sequence[psutil.Process]) -> None:
        """See ``Disk.free``."""
        _limit(processes, resource.RLIM_INFINITY)


def _limit(processes: Sequence[psutil.Process], size: int) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, most))


@contextlib.contextmanager
def small_disk(place: Path, size: int = _SIZE) -> Iterator[Disk]:
    """A disk whose root is ``place``, which is made; unmounted at the end."""
    place.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "carnet-torture", str(place)]
    mounted = shutil.which("mount") is not None and (
        subprocess.run(words, capture_output=True, check=False, timeout=60).returncode == 0
    )
    if not mounted:
        yield LimitedDisk(place)
        return
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True, timeout=60)


class FailingDisk:
    """Writes and syncs that fail with EIO now and then, in processes started under libfiu."""

    def __init__(self, folder: Path) -> None:
        for library in _PRELOADS:
            assert Path(library).exists(), "failing writes need libfiu (fiu-utils of Debian)"
        self._control = folder / "fiu"

    @property
    def environment(self) -> dict[str, str]:
        """What a process must be started with."""
        return {"LD_PRELOAD": " ".join(_PRELOADS), "FIU_CTRL_FIFO": str(self._control)}

    def fail(self, processes: Sequence[psutil.Process], probability: float) -> None:
        """From now on so many of their writes and syncs fail."""
        more = f"probability={probability},failinfo={_EIO}"
        self._tell(processes, [f"enable_random name={name},{more}" for name in _FAILING])

    def heal(self, processes: Sequence[psutil.Process]) -> None:
        """No more of that."""
        self._tell(processes, [f"disable name={name}" for name in _FAILING])

    def _tell(self, processes: Sequence[psutil.Process], commands: Sequence[str]) -> None:
        words = [word for command in commands for word in ("-c", command)]
        for process in processes:
            if not Path(f"{self._control}-{process.pid}.in").exists():
                continue  # it is only starting, or has ended
            with contextlib.suppress(subprocess.TimeoutExpired):  # ended just now
                subprocess.run(
                    ["fiu-ctrl", "-f", str(self._control), *words, str(process.pid)],
                    capture_output=True,
                    check=False,
                    timeout=3,
                )
