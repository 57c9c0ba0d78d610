"""Document bytes as files: written aside, synced, renamed, their directory synced.

``blobs/<3 hex digits>/<object id>``: 4,096 directories made with the store, so that no directory
is made, and none has to be synced into its parent, while documents are fed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from carnet.storage import disk

FANOUT = 3
_THREADS = 8
_READ = 1 << 16  # bytes: nearly every object comes in one call of the system
_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)


class FileBlobs:
    """A blob store on a file system."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="blobs")

    @classmethod
    def create(cls, root: Path) -> FileBlobs:
        """A new store with all its directories, synced."""
        root.mkdir(parents=True)
        for number in range(16**FANOUT):
            (root / f"{number:03x}").mkdir()
        sync_directory(root)
        return cls(root)

    async def put(self, object_id: bytes, pieces: Iterable[bytes]) -> None:
        """Store an object; durable when this returns. The same id replaces what was there."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._pool, self.write, object_id, pieces)

    def write(self, object_id: bytes, pieces: Iterable[bytes], *, durable: bool = True) -> None:
        """``put`` in this thread; a loader of made rows may do without the syncs.

        Raises ``CarnetError`` ``store-full`` and ``store-failing``: nothing is left behind then.
        """
        path = self._path(object_id)
        aside = f"{path}.new"
        place = aside
        try:
            with disk.told():
                _write_file(aside, pieces, durable=durable)
                os.rename(aside, path)  # noqa: PTH104  the hot path has no use for Path objects
                place = path
                if durable:
                    sync_directory(path.rpartition("/")[0])
        except BaseException:
            with contextlib.suppress(OSError):  # else `carnet verify` collects it
                Path(place).unlink()
            raise

    def open(self, object_id: bytes) -> IO[bytes]:
        """An object's bytes. Raises ``FileNotFoundError``."""
        return open(self._path(object_id), "rb", buffering=_READ)  # noqa: PTH123  same

    def delete(self, object_id: bytes) -> None:
        """Remove an object; nothing happens if it is not there."""
        Path(self._path(object_id)).unlink(missing_ok=True)

    def names(self) -> Iterator[bytes]:
        """The ids of all objects that stand."""
        for directory in sorted(os.scandir(self._root), key=lambda item: item.name):
            if not directory.is_dir():
                continue
            for item in os.scandir(directory.path):
                if is_object_name(item.name):
                    yield bytes.fromhex(item.name)

    def modified(self, object_id: bytes) -> float | None:
        """When an object was written (s since 1970 UTC); None if it is not there."""
        try:
            return Path(self._path(object_id)).stat().st_mtime
        except FileNotFoundError:
            return None

    def leftovers(self) -> Iterator[Path]:
        """Files that a crash left half written."""
        yield from self._root.glob("*/*.new")

    def close(self) -> None:
        """Finish what was begun."""
        self._pool.shutdown()

    def _path(self, object_id: bytes) -> str:
        name = object_id.hex()
        return f"{self._root}/{name[:FANOUT]}/{name}"


def is_object_name(name: str) -> bool:
    """Whether a file's name is an object's: nothing that is half written."""
    return _NAME.fullmatch(name) is not None


def _write_file(path: str, pieces: Iterable[bytes], *, durable: bool) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        for piece in pieces:
            write_all(handle, piece)
        if durable:
            os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Write all of it, in as many calls of the system as that takes. Raises ``OSError``."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def sync_directory(path: Path | str) -> None:
    """Make what a directory names durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
