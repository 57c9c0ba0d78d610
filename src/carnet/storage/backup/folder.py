"""The folder that a backup is written to: whose it is, that nobody else writes to it, its room."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from carnet.record.errors import CarnetError
from carnet.storage.backup.manifest import (
    LIST,
    MARKER,
    Holds,
    Manifest,
    Marker,
    read_manifest,
    read_marker,
    write_marker,
)
from carnet.storage.blobs import sync_directory

SPARE = 8 << 20  # bytes left free beside what is copied: directories, journals of file systems
_BLOCK = 4096  # bytes in which file systems give room

FreeBytes = Callable[[Path], int]
"""How many bytes are free where a path is, or would be."""


class Target(msgspec.Struct, frozen=True):
    """A folder as found, before anything is written: the backup it holds already, if any."""

    path: Path
    marker: Marker
    earlier: Manifest | None


def look(path: Path, store: str, holds: Holds) -> Target:
    """A folder that may take a backup of this store: absent, empty, or with an earlier one.

    Raises ``backup-target-taken``, ``backup-foreign``, ``backup-damaged``, ``backup-newer``.
    """
    wanted = Marker(store, holds)
    marker = read_marker(path)
    if marker is None and path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise CarnetError("backup-target-taken", path=str(path))
    if marker is not None and marker != wanted:
        raise CarnetError("backup-foreign", path=str(path))
    return Target(path, wanted, read_manifest(path))


def demand_apart(data: Path, target: Path, keys: Path) -> None:
    """Refuse folders that would share the store's fate, or the keys' folder with the data.

    Raises ``backup-inside-store``, ``backup-keys-not-apart``.
    """
    for path in (target, keys):
        if _holds(data, path):
            raise CarnetError("backup-inside-store", path=str(path))
    if _holds(target, keys) or _holds(keys, target):
        raise CarnetError("backup-keys-not-apart", path=str(keys), other=str(target))


def _holds(outer: Path, inner: Path) -> bool:
    return inner.resolve().is_relative_to(outer.resolve())


@contextlib.contextmanager
def claimed(target: Target) -> Iterator[Path]:
    """The folder, made and marked, for one backup at a time. Raises ``backup-busy``."""
    path = target.path
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (path / MARKER).exists():
        write_marker(path, target.marker)
        sync_directory(path.absolute().parent)
    with held(path):
        yield path


@contextlib.contextmanager
def held(path: Path, *, shared: bool = False) -> Iterator[None]:
    """A folder's marker, locked: by its writer alone, or ``shared`` by readers."""
    handle = os.open(path / MARKER, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CarnetError("backup-busy", path=str(path)) from None
    else:
        yield
    finally:
        os.close(handle)


def sweep(path: Path, manifest: Manifest) -> None:
    """Remove what earlier and broken-off backups left beside the parts of this one."""
    kept = {part.file for part in manifest.parts}
    names = {f"{part.name}." for part in manifest.parts} | {f"{LIST}."}
    for file in path.iterdir():
        ours = any(file.name.startswith(name) for name in names)
        if ours and file.name not in kept and file.is_file():
            file.unlink()
    sync_directory(path)


def free_bytes(path: Path) -> int:
    """What is free at a path, or at the nearest folder above it that exists."""
    standing = path.absolute()
    while not standing.exists():
        standing = standing.parent
    return shutil.disk_usage(standing).free


def blocks(size: int) -> int:
    """The room that a file of this size takes (bytes)."""
    return -(-size // _BLOCK) * _BLOCK


def demand_room(needed: Mapping[Path, int], free: FreeBytes) -> None:
    """Refuse to begin where a disk lacks room. Folders on one disk are counted together.

    Raises ``backup-no-room`` with how much is needed (MB, rounded up).
    """
    disks: dict[int, tuple[Path, int]] = {}
    for path, size in needed.items():
        disk = _disk(path)
        first, sum_ = disks.get(disk, (path, 0))
        disks[disk] = (first, sum_ + size)
    for path, size in disks.values():
        room = free(path)
        if size + SPARE > room:
            megabytes = -(-(size + SPARE) // 1_000_000)
            raise CarnetError(
                "backup-no-room", path=str(path), needed=megabytes, free=room // 1_000_000
            )


def _disk(path: Path) -> int:
    standing = path.absolute()
    while not standing.exists():
        standing = standing.parent
    return standing.stat().st_dev


@contextlib.contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Tell faults of disks as such. Raises ``backup-io`` with the place and the system's word."""
    try:
        yield
    except OSError as fault:
        where = str(fault.filename or path)
        raise CarnetError("backup-io", path=where, detail=fault.strerror or "?") from fault
    except sqlite3.OperationalError as fault:  # a full disk, above all
        raise CarnetError("backup-io", path=str(path), detail=str(fault)) from fault
