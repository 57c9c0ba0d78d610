"""Making a store anew from a backup: in an absent or empty directory, wholly or not at all.

All is built in a folder of the new directory, checked against the manifests as it is copied, and
moved up at the end; what makes a store of it comes last (``keys.db``, or the key database's facts).
A restoration that broke off leaves no store, and the next one clears what it left.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from carnet.record.errors import CarnetError
from carnet.storage.backup.copying import Advance, check_part, check_size, copy_durably
from carnet.storage.backup.documents import restore_objects
from carnet.storage.backup.folder import (
    FreeBytes,
    blocks,
    demand_room,
    disk_faults,
    free_bytes,
    held,
)
from carnet.storage.backup.manifest import LIST, Manifest, Part, demand_manifest
from carnet.storage.backup.source import KEYS_DUMP, MAIN_DUMP, POSTGRESQL, SQLITE
from carnet.storage.blobs import FileBlobs, sync_directory
from carnet.storage.masterkey import KeyFile
from carnet.storage.sealing import SealBroken
from carnet.storage.sqlite import FILES, KEYS, MAIN, TRACES
from carnet.storage.store import BLOBS, is_embedded_store

BUILDING = ".restoring"
_UNFINISHED = "unfinished"  # in BUILDING: all that stands beside it is ours to clear
_FOLDERS = 16 << 20  # bytes that the folders of objects take
_HALF_BLOCK = 2048  # bytes lost behind each object, on average


class Place(msgspec.Struct, frozen=True):
    """Where the store is to stand: a directory, and two PostgreSQL databases or none."""

    directory: Path
    database: str | None = None
    keys_database: str | None = None

    @property
    def engine(self) -> str:
        """Of the store to be."""
        return SQLITE if self.database is None else POSTGRESQL


class Restored(msgspec.Struct, frozen=True):
    """A store that stands again. ``damaged`` are objects that were left out."""

    data: Manifest
    keys: Manifest
    damaged: tuple[str, ...]
    key_fits: bool | None
    seconds: float


class Backup(msgspec.Struct, frozen=True):
    """The two folders of a backup, with what they hold."""

    folder: Path
    keys_folder: Path
    data: Manifest
    keys: Manifest

    @property
    def parts(self) -> list[tuple[Path, Part]]:
        """All files but the objects, with the folder that each lies in."""
        return [(self.folder, part) for part in self.data.parts] + [
            (self.keys_folder, part) for part in self.keys.parts
        ]


def restore_backup(
    folder: Path,
    keys_folder: Path,
    place: Place,
    key_file: Path | None,
    begun: Callable[[int], Advance],
    *,
    despite_damage: bool = False,
    free: FreeBytes = free_bytes,
) -> Restored:
    """Make the store of a backup anew. The master key is looked at if it is there.

    ``begun`` is told the bytes to read and gives what is called with each that is. Raises
    ``CarnetError`` of the catalogue's ``backup`` area, ``store-exists``,
    ``store-directory-taken``, ``key-file-foreign``; nothing stays behind then.
    """
    started = time.perf_counter()
    os.umask(0o077)
    with disk_faults(folder):
        backup = open_backup(folder, keys_folder, place)
        _demand_free(place)
        fits = _key_fits(backup.keys, key_file)
        size = sum(part.size for _, part in backup.parts)
        objects = backup.data.objects.size if backup.data.objects else 0
        count = backup.data.objects.count if backup.data.objects else 0
        own = size if place.engine == SQLITE else 0
        needed = blocks(own) + objects + count * _HALF_BLOCK + _FOLDERS
        demand_room({place.directory: needed}, free)
        with held(folder, shared=True), held(keys_folder, shared=True):
            advance = begun(size + objects)
            for where, part in backup.parts:
                check_part(where, part, advance)
            damaged = _build(backup, place, advance, despite_damage=despite_damage)
    return Restored(backup.data, backup.keys, tuple(damaged), fits, time.perf_counter() - started)


def open_backup(folder: Path, keys_folder: Path, place: Place) -> Backup:
    """The backup in two folders, its parts there with their sizes.

    Raises ``backup-absent``, ``backup-unfinished``, ``backup-newer``, ``backup-foreign``,
    ``backup-keys-older``, ``backup-engine``, ``backup-damaged``.
    """
    data = demand_manifest(folder, "data")
    keys = demand_manifest(keys_folder, "keys")
    if keys.store != data.store:
        raise CarnetError("backup-foreign", path=str(keys_folder))
    if keys.at < data.at:
        raise CarnetError("backup-keys-older", path=str(keys_folder))
    if {data.engine, keys.engine} != {place.engine}:
        raise CarnetError("backup-engine", found=data.engine, wanted=place.engine)
    backup = Backup(folder, keys_folder, data, keys)
    for where, part in backup.parts:
        check_size(where, part)
    return backup


def _demand_free(place: Place) -> None:
    """Refuse what is not empty. Raises ``store-exists``, ``store-directory-taken``, -database-."""
    directory = place.directory
    if is_embedded_store(directory):
        raise CarnetError("store-exists", directory=str(directory))
    if place.database is not None and place.keys_database is not None:
        from carnet.storage.backup.dumps import demand_empty, demand_tools
        from carnet.storage.create import is_postgresql_store
        from carnet.storage.postgresql_facts import place as named

        if is_postgresql_store(place.keys_database):
            raise CarnetError("store-exists", directory=named(place.keys_database))
        for url in (place.database, place.keys_database):
            demand_empty(url)
            demand_tools(url, "pg_restore")
    ours = (directory / BUILDING / _UNFINISHED).exists()
    taken = directory.exists() and (not directory.is_dir() or any(directory.iterdir()))
    if taken and not ours:
        raise CarnetError("store-directory-taken", directory=str(directory))


def _key_fits(keys: Manifest, key_file: Path | None) -> bool | None:
    """Whether the master key opens the store; None where it is not at hand.

    Raises ``key-file-foreign`` and what ``KeyFile.load`` raises.
    """
    if key_file is None or not key_file.exists() or keys.check is None:
        return None
    master = KeyFile.load(key_file)
    try:
        master.unwrap(keys.check.name.encode(), keys.check.wrapped, keys.check.version)
    except SealBroken:
        raise CarnetError("key-file-foreign") from None
    return True


def _build(backup: Backup, place: Place, advance: Advance, *, despite_damage: bool) -> list[str]:
    """Copy everything, then let it be a store; the objects that were left out."""
    with _building(place, backup) as building:
        blobs = building / BLOBS
        FileBlobs.create(blobs).close()
        listed = backup.folder / backup.data.part(LIST).file
        damaged = restore_objects(
            backup.folder, listed, blobs, advance, despite_damage=despite_damage
        )
        if place.database is not None and place.keys_database is not None:
            _build_postgresql(backup, place, building)
        else:
            _build_embedded(backup, place, building)
    return damaged


def _build_embedded(backup: Backup, place: Place, building: Path) -> None:
    names = {MAIN: (backup.folder, backup.data), TRACES: (backup.folder, backup.data)}
    names |= {part.name: (backup.keys_folder, backup.keys) for part in backup.keys.parts}
    for name, (folder, manifest) in names.items():
        _copy_part(folder, manifest.part(name), building)
    _move_up(building, [name for name in (BLOBS, *names) if name != KEYS])
    (building / KEYS).rename(place.directory / KEYS)


def _build_postgresql(backup: Backup, place: Place, building: Path) -> None:
    from carnet.storage.backup.dumps import restore_dump

    assert place.database is not None  # noqa: S101  the caller looked
    assert place.keys_database is not None  # noqa: S101  same
    others = [part for part in backup.keys.parts if part.name != KEYS_DUMP]
    for part in others:
        _copy_part(backup.keys_folder, part, building)
    restore_dump(place.database, backup.folder / backup.data.part(MAIN_DUMP).file)
    _move_up(building, [BLOBS, *(part.name for part in others)])
    restore_dump(place.keys_database, backup.keys_folder / backup.keys.part(KEYS_DUMP).file)


def _copy_part(folder: Path, part: Part, building: Path) -> None:
    """Copy a part under its own name. Raises ``backup-damaged`` if it changed since the check."""
    if copy_durably(folder / part.file, building / part.name) != (part.size, part.sha256):
        raise CarnetError("backup-damaged", part=part.file)


def _move_up(building: Path, names: list[str]) -> None:
    """Move what was built to its place, durably: a store but for its last part."""
    sync_directory(building)
    for name in names:
        (building / name).rename(building.parent / name)
    (building / _UNFINISHED).unlink()
    sync_directory(building.parent)


@contextlib.contextmanager
def _building(place: Place, backup: Backup) -> Iterator[Path]:
    """The folder in which a store is built, cleared of what an earlier attempt left.

    What fails within leaves the directory as it was found: absent, or empty. Raises
    ``backup-busy`` while another restoration builds here.
    """
    directory, absent = place.directory, not place.directory.exists()
    names = [BLOBS, *FILES, *(part.name for part in backup.keys.parts)]
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    building = directory / BUILDING
    with contextlib.ExitStack() as stack:
        if building.exists():
            stack.enter_context(_alone(building))
            _clear(directory, building, names)
        _demand_free(place)  # again: the parts took their time to be read
        building.mkdir(mode=0o700)
        (building / _UNFINISHED).touch()
        stack.enter_context(_alone(building))
        try:
            yield building
            building.rmdir()
            sync_directory(directory)
            sync_directory(directory.absolute().parent)
        except BaseException:
            _clear(directory, building, names)
            if absent:
                directory.rmdir()
            raise


@contextlib.contextmanager
def _alone(building: Path) -> Iterator[None]:
    """No other restoration builds here meanwhile. Raises ``backup-busy``."""
    handle = os.open(building / _UNFINISHED, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CarnetError("backup-busy", path=str(building.parent)) from None
    else:
        yield
    finally:
        os.close(handle)


def _clear(directory: Path, building: Path, names: list[str]) -> None:
    """Remove what was built here, the folder that marks it as ours last."""
    for path in (*(directory / name for name in names), building):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
