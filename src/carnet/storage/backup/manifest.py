"""What a folder of a backup holds: each part with its size and SHA-256, and of which store.

The manifest is written last and replaces the one before it in one step: a backup that broke off
leaves the earlier one whole. The hashes are against decay; against somebody who alters a backup
stand the seals and chains of the store itself, which ``carnet verify`` checks once it is restored.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from carnet.record.errors import CarnetError
from carnet.storage.blobs import sync_directory

FORMAT = 1
MANIFEST = "manifest.json"
MARKER = "carnet-backup.json"
LIST = "objects"  # the part that lists the documents' objects
OWNER_ONLY = 0o600

Holds = Literal["data", "keys"]


class Part(msgspec.Struct, frozen=True):
    """A file of the folder: what it is restored as, what it is called here, size, SHA-256 (hex)."""

    name: str
    file: str
    size: int
    sha256: str


class Objects(msgspec.Struct, frozen=True):
    """The documents' objects: how many, their bytes, and how many that entries name are absent."""

    count: int
    size: int
    absent: int = 0


class KeyCheck(msgspec.Struct, frozen=True):
    """A secret of the store as the master key wrapped it: tells the right key from a wrong one."""

    name: str
    wrapped: bytes
    version: int


class Marker(msgspec.Struct, frozen=True):
    """Which store's backup a folder is, and which half, said before anything is copied to it."""

    store: str
    holds: Holds
    format: int = FORMAT


class Manifest(msgspec.Struct, frozen=True):
    """All of a folder. ``at`` is the instant of the backup in µs since 1970 UTC."""

    store: str
    holds: Holds
    kind: str
    engine: str
    at: int
    carnet: str
    parts: tuple[Part, ...]
    objects: Objects | None = None
    check: KeyCheck | None = None
    format: int = FORMAT

    @property
    def size(self) -> int:
        """All its bytes."""
        objects = self.objects.size if self.objects is not None else 0
        return objects + sum(part.size for part in self.parts)

    def part(self, name: str) -> Part:
        """The part of that name. Raises ``backup-damaged``."""
        for part in self.parts:
            if part.name == name:
                return part
        raise CarnetError("backup-damaged", part=name)


_Read = TypeVar("_Read", Marker, Manifest)


def read_marker(folder: Path) -> Marker | None:
    """Of which store a folder is a backup; None where it is none. Raises ``backup-damaged``."""
    return _read(folder / MARKER, Marker)


def read_manifest(folder: Path) -> Manifest | None:
    """What a folder holds; None where no backup was finished. Raises ``backup-damaged``, -newer."""
    return _read(folder / MANIFEST, Manifest)


def demand_manifest(folder: Path, holds: Holds) -> Manifest:
    """The same of a folder that is to be restored.

    Raises ``backup-absent``, ``backup-unfinished``, ``backup-foreign`` for the other half.
    """
    found = read_manifest(folder)
    if found is None:
        absent = not (folder / MARKER).exists()
        raise CarnetError("backup-absent" if absent else "backup-unfinished", path=str(folder))
    if found.holds != holds:
        raise CarnetError("backup-foreign", path=str(folder))
    return found


def write_marker(folder: Path, marker: Marker) -> None:
    """Say whose backup a folder is to be."""
    _write(folder / MARKER, marker)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Say what a folder holds, in place of what it held before."""
    _write(folder / MANIFEST, manifest)


def _read(path: Path, kind: type[_Read]) -> _Read | None:
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        if msgspec.json.decode(data, type=_Format).format > FORMAT:
            raise CarnetError("backup-newer", path=str(path.parent))
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError:
        raise CarnetError("backup-damaged", part=path.name) from None


class _Format(msgspec.Struct):
    format: int


def _write(path: Path, value: Marker | Manifest) -> None:
    aside = path.with_name(path.name + ".new")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(value)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_directory(path.parent)
