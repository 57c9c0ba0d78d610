"""Documents in a backup: their objects as the store holds them, sealed, and a list of them.

An object never changes once it is named, so a backup to the same folder copies only those that the
list lacks. Objects are copied after the databases' instant: all that an entry of theirs names is
there by then. None is ever taken from a backup, so that a store that lost some cannot make its
backup lose them too; what was erased stays sealed under a key that is no more.

The list is text, a line an object in order of id: id, size and SHA-256 of the sealed bytes.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

import msgspec

from carnet.record.errors import CarnetError
from carnet.storage.backup.copying import Advance, copy_durably
from carnet.storage.backup.folder import blocks
from carnet.storage.backup.manifest import LIST, Objects, Part
from carnet.storage.blobs import FANOUT, is_object_name, sync_directory
from carnet.storage.store import BLOBS

_THREADS = 8  # who waits for a disk's sync lets others write meanwhile
_NICENESS = 10
_WINDOW = 64  # folders under way at once
_LINE = re.compile(rb"([0-9a-f]{32}) ([0-9]{1,15}) ([0-9a-f]{64})\n")
_FOLDERS = [f"{number:03x}" for number in range(16**FANOUT)]


_Made = TypeVar("_Made")


class Line(msgspec.Struct, frozen=True):
    """An object of the list: id (hex), bytes, SHA-256 (hex)."""

    name: str
    size: int
    sha256: str

    def text(self) -> bytes:
        """The line as it stands in the list."""
        return f"{self.name} {self.size} {self.sha256}\n".encode()


_Work = tuple[str, list[Line]]


class Copied(msgspec.Struct, frozen=True):
    """What a backup holds of documents, and how much of it was new."""

    listed: Part
    objects: Objects
    new: Objects


def in_windows(do: Callable[[_Work], _Made], folders: Iterable[_Work]) -> Iterator[_Made]:
    """Do something with folder after folder, several at once, so that memory stays bounded."""
    waiting = iter(folders)
    # Niceness is a thread's own on Linux: who copies gives way to those who wait for an answer.
    with ThreadPoolExecutor(_THREADS, "backup", os.nice, (_NICENESS,)) as pool:
        while window := list(islice(waiting, _WINDOW)):
            yield from pool.map(do, window)


def read_list(path: Path) -> Iterator[Line]:
    """The objects of a list, in order. Raises ``backup-damaged``."""
    with path.open("rb") as file:
        for text in file:
            found = _LINE.fullmatch(text)
            if found is None:
                raise CarnetError("backup-damaged", part=path.name)
            name, size, digest = found.groups()
            yield Line(name.decode(), int(size), digest.decode())


def by_folder(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Every folder of objects in order, with its lines."""
    grouped = groupby(lines, key=lambda line: line.name[:FANOUT])
    found = next(grouped, None)
    for folder in _FOLDERS:
        if found is not None and found[0] == folder:
            yield folder, list(found[1])
            found = next(grouped, None)
        else:
            yield folder, []


def standing(target: Path, listed: Path | None) -> Iterator[_Work]:
    """The objects of a list that a backup still holds, folder by folder."""
    for folder, lines in by_folder(read_list(listed) if listed else ()):
        there = _names(target / BLOBS / folder) if lines else ()
        yield folder, [line for line in lines if line.name in there]


def new_objects(store: Path, target: Path, listed: Path | None) -> Objects:
    """How many objects a store holds that a backup lacks, and the room they take (bytes)."""
    count = size = 0
    for folder, lines in standing(target, listed):
        for name in _unlisted(store, folder, lines):
            try:
                found = (store / BLOBS / folder / name).stat().st_size
            except FileNotFoundError:
                continue
            count, size = count + 1, size + blocks(found)
    return Objects(count, size)


def _unlisted(store: Path, folder: str, lines: list[Line]) -> list[str]:
    known = {line.name for line in lines}
    return sorted(_names(store / BLOBS / folder) - known)


def _names(folder: Path) -> set[str]:
    try:
        names = os.listdir(folder)  # noqa: PTH208  thousands of folders
    except FileNotFoundError:
        return set()
    return {name for name in names if is_object_name(name)}


def copy_objects(
    store: Path, target: Path, earlier: Path | None, listed: Path, advance: Advance
) -> Copied:
    """Copy what is new, and write the list of all that the backup holds now."""
    blobs = target / BLOBS
    blobs.mkdir(exist_ok=True, mode=0o700)

    def folder_of(work: _Work) -> tuple[list[Line], list[Line]]:
        folder, lines = work
        made = _copy_folder(store, blobs, folder, _unlisted(store, folder, lines))
        return sorted([*lines, *made], key=lambda line: line.name), made

    digest, written = hashlib.sha256(), 0
    counts = {True: [0, 0], False: [0, 0]}  # of all, of the new
    with listed.open("wb") as file:
        for every, made in in_windows(folder_of, standing(target, earlier)):
            for group, total in ((every, counts[True]), (made, counts[False])):
                total[0] += len(group)
                total[1] += sum(line.size for line in group)
            text = b"".join(line.text() for line in every)
            file.write(text)
            digest.update(text)
            written += len(text)
            advance(sum(line.size for line in made))
        file.flush()
        os.fsync(file.fileno())
    sync_directory(blobs)
    part = Part(LIST, listed.name, written, digest.hexdigest())
    return Copied(part, Objects(*counts[True]), Objects(*counts[False]))


def _copy_folder(store: Path, blobs: Path, folder: str, names: list[str]) -> list[Line]:
    """Copy objects of one folder; one that its submission took back meanwhile is passed over."""
    if not names:
        return []
    target = blobs / folder
    target.mkdir(exist_ok=True, mode=0o700)
    made: list[Line] = []
    for name in names:
        try:
            size, digest = copy_durably(store / BLOBS / folder / name, target / name)
        except FileNotFoundError:
            continue
        made.append(Line(name, size, digest))
    sync_directory(target)
    return made


def count_absent(listed: Path, named: Iterable[bytes], store: Path) -> int:
    """How many objects that entries name (in order) are neither in a list nor in the store.

    What came since the list was made is in the store.
    """
    lines = (line.name for line in read_list(listed))
    absent, line = 0, next(lines, None)
    for object_id in named:
        name = object_id.hex()
        while line is not None and line < name:
            line = next(lines, None)
        if line != name and not (store / BLOBS / name[:FANOUT] / name).exists():
            absent += 1
    return absent


def restore_objects(
    backup: Path, listed: Path, blobs: Path, advance: Advance, *, despite_damage: bool
) -> list[str]:
    """Copy all objects of a list into a new store; the names of damaged ones, left out.

    Raises ``backup-damaged`` at the first of them unless ``despite_damage``.
    """

    def folder_of(work: _Work) -> tuple[list[str], int]:
        folder, lines = work
        return _restore_folder(backup / BLOBS / folder, blobs / folder, lines)

    damaged: list[str] = []
    for bad, size in in_windows(folder_of, by_folder(read_list(listed))):
        damaged += bad
        if damaged and not despite_damage:
            name = damaged[0]
            raise CarnetError("backup-damaged", part=f"{BLOBS}/{name[:FANOUT]}/{name}")
        advance(size)
    sync_directory(blobs)
    return damaged


def _restore_folder(source: Path, target: Path, lines: list[Line]) -> tuple[list[str], int]:
    bad: list[str] = []
    size = 0
    for line in lines:
        place = target / line.name
        try:
            found = copy_durably(source / line.name, place)
        except FileNotFoundError:
            bad.append(line.name)
            continue
        if found != (line.size, line.sha256):
            place.unlink()
            bad.append(line.name)
        size += line.size
    if lines:
        sync_directory(target)
    return bad, size
