"""Making a backup: what it needs is said first; the manifests are written last.

Order: the databases at one instant, then the documents' objects, so that whatever an entry names is
there; then the keys' manifest, then the data's, so that at any time the keys that stand are no
older than the data.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from carnet import __version__
from carnet.record.errors import CarnetError
from carnet.storage.backup.copying import Advance, check_part, copy_durably
from carnet.storage.backup.documents import Copied, copy_objects, count_absent, new_objects
from carnet.storage.backup.folder import (
    FreeBytes,
    Target,
    blocks,
    claimed,
    demand_apart,
    demand_room,
    disk_faults,
    free_bytes,
    look,
    sweep,
)
from carnet.storage.backup.manifest import LIST, Manifest, Part, write_manifest
from carnet.storage.backup.source import Databases, Source

_LINE = 115  # bytes of a line of the list, at most
_PER_FOLDER = 4096  # bytes that a folder of objects takes
_FOLDERS = 4096


class Store(msgspec.Struct, frozen=True):
    """The store: its directory, facts, and the small files that belong with its keys."""

    directory: Path
    store_id: str
    kind: str
    secret_files: tuple[str, ...] = ()


class Made(msgspec.Struct, frozen=True):
    """A backup that stands. ``seconds`` in all; ``pause`` s for which writers waited."""

    data: Manifest
    keys: Manifest
    new_documents: int
    new_bytes: int
    pause: float
    seconds: float


Begun = Callable[[int], Advance]
"""Told the bytes to copy once all is well; gives what is called with those that are copied."""


def make_backup(
    store: Store,
    source: Source,
    folder: Path,
    keys_folder: Path,
    begun: Begun,
    free: FreeBytes = free_bytes,
) -> Made:
    """Copy a store, its keys apart, beside whoever uses it.

    Raises ``CarnetError`` of the catalogue's ``backup`` area; an earlier backup then stands as it
    was.
    """
    started = time.perf_counter()
    os.umask(0o077)
    demand_apart(store.directory, folder, keys_folder)
    with disk_faults(folder), ExitStack() as stack:
        data = look(folder, store.store_id, "data")
        keys = look(keys_folder, store.store_id, "keys")
        earlier = _earlier_list(data)
        planned = _plan(store, source, data, keys, earlier, free)
        for target in (data, keys):
            stack.enter_context(claimed(target))
        advance = begun(planned)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        work = _Work(store, source, folder, keys_folder, earlier, stamp, advance)
        return work.do(started)


def _earlier_list(data: Target) -> Path | None:
    """The list of the backup that stands in the folder; None where there is none to trust."""
    if data.earlier is None:
        return None
    part = data.earlier.part(LIST)
    try:
        check_part(data.path, part, lambda _: None)
    except CarnetError:  # all objects are copied anew
        return None
    return data.path / part.file


def _plan(
    store: Store, source: Source, data: Target, keys: Target, earlier: Path | None, free: FreeBytes
) -> int:
    """How many bytes will be copied. Raises ``backup-no-room`` with what is needed."""
    for_data, for_keys = source.sizes()
    new = new_objects(store.directory, data.path, earlier)
    known = data.earlier.objects.count if data.earlier and data.earlier.objects else 0
    folders = _FOLDERS * _PER_FOLDER if not known and new.count > _FOLDERS else 0
    listed = blocks(_LINE * (known + new.count))
    needed = {data.path: blocks(for_data) + new.size + listed + folders}
    needed |= {keys.path: blocks(for_keys)}
    demand_room(needed, free)
    return for_data + for_keys + new.size


class _Work(msgspec.Struct, frozen=True):
    """One backup under way."""

    store: Store
    source: Source
    folder: Path
    keys_folder: Path
    earlier: Path | None
    stamp: str
    advance: Advance

    def do(self, started: float) -> Made:
        databases = self.source.copy(self.folder, self.keys_folder, self._file, self.advance)
        copied = copy_objects(
            self.store.directory,
            self.folder,
            self.earlier,
            self.folder / self._file(LIST),
            self.advance,
        )
        named = self.source.named(databases, self.folder)
        absent = count_absent(self.folder / copied.listed.file, named, self.store.directory)
        keys = self._keys(databases)
        data = self._data(databases, copied, absent)
        for folder, manifest in ((self.keys_folder, keys), (self.folder, data)):
            write_manifest(folder, manifest)
        for folder, manifest in ((self.keys_folder, keys), (self.folder, data)):
            sweep(folder, manifest)
        seconds = time.perf_counter() - started
        return Made(data, keys, copied.new.count, copied.new.size, databases.pause, seconds)

    def _data(self, databases: Databases, copied: Copied, absent: int) -> Manifest:
        return Manifest(
            store=self.store.store_id,
            holds="data",
            kind=self.store.kind,
            engine=self.source.engine,
            at=databases.at,
            carnet=__version__,
            parts=(*databases.data, copied.listed),
            objects=msgspec.structs.replace(copied.objects, absent=absent),
        )

    def _keys(self, databases: Databases) -> Manifest:
        others = tuple(self._secret_file(name) for name in self.store.secret_files)
        return Manifest(
            store=self.store.store_id,
            holds="keys",
            kind=self.store.kind,
            engine=self.source.engine,
            at=databases.at,
            carnet=__version__,
            parts=(*databases.keys, *others),
            check=databases.check,
        )

    def _secret_file(self, name: str) -> Part:
        file = self._file(name)
        size, digest = copy_durably(self.store.directory / name, self.keys_folder / file)
        return Part(name, file, size, digest)

    def _file(self, name: str) -> str:
        """Where a part is kept: a new place each time, since the earlier one stands to the end."""
        return f"{name}.{self.stamp}"
