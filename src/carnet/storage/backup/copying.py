"""Copies of files: durable when they are named, with size and SHA-256 of what was read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from carnet.record.errors import CarnetError
from carnet.storage.backup.manifest import OWNER_ONLY, Part

_PIECE = 1 << 20

Advance = Callable[[int], None]
"""Called with the bytes that are done."""


def copy_durably(source: str | Path, target: str | Path) -> tuple[int, str]:
    """Copy a file, synced and then named (the caller syncs its folder); its size and SHA-256.

    Raises ``OSError``; ``FileNotFoundError`` where there is no source, before anything is made.
    """
    aside = f"{target}.new"
    digest, size = hashlib.sha256(), 0
    with open(source, "rb", buffering=0) as read:  # noqa: PTH123  a million times in a large store
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, OWNER_ONLY)
        with open(handle, "wb", buffering=0) as written:  # noqa: PTH123  same
            while piece := read.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                view = memoryview(piece)
                while view:
                    view = view[written.write(view) :]
            os.fsync(handle)
    os.rename(aside, target)  # noqa: PTH104  same
    return size, digest.hexdigest()


def part_of(path: Path, name: str) -> Part:
    """A file that was written to a backup, as its manifest tells of it; synced first."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        os.fsync(file.fileno())
        while piece := file.read(_PIECE):
            digest.update(piece)
    return Part(name, path.name, path.stat().st_size, digest.hexdigest())


def check_part(folder: Path, part: Part, advance: Advance) -> None:
    """Hold a part to the manifest. Raises ``backup-damaged``."""
    digest = hashlib.sha256()
    try:
        with (folder / part.file).open("rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                advance(len(piece))
    except FileNotFoundError:
        raise CarnetError("backup-damaged", part=part.file) from None
    if digest.hexdigest() != part.sha256:
        raise CarnetError("backup-damaged", part=part.file)


def check_size(folder: Path, part: Part) -> None:
    """The same at a glance, before anything is read. Raises ``backup-damaged``."""
    path = folder / part.file
    plain = all(Path(name).name == name for name in (part.name, part.file))
    if not plain or not path.is_file() or path.stat().st_size != part.size:
        raise CarnetError("backup-damaged", part=part.file)
