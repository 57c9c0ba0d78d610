"""Moves a write-ahead log into its database without stalling those who read and write.

The bulk is moved by a thread of its own, on a connection of its own, while commits go on; what is
left is little, and moving it between two groups lets the next commit start the log anew.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from carnet.storage.disk import code_of

GROWN = 2000  # frames of log at which the bulk is moved
REST = 400  # frames that may be moved between two groups

# Places in the wal-index (SQLite file format, "WAL-Index Format"): mxFrame and nBackfill.
_MX_FRAME = 16
_N_BACKFILL = 96


class Checkpointer:
    """Watches the log of one database. ``tidy`` is called by the ledger between groups."""

    def __init__(self, path: Path, writer: sqlite3.Connection) -> None:
        self._path = path
        self._writer = writer
        self._thread: threading.Thread | None = None
        self._index = -1

    def tidy(self) -> None:
        """Move what is little; have a thread move what is much.

        A disk that is full or fails keeps the log as it is: it is whole, and moved another time.
        """
        with _disk_faults_left():
            self._tidy()

    def _tidy(self) -> None:
        if self._thread is not None:
            if self._thread.is_alive():
                return
            self._thread.join()
            self._thread = None
        frames, moved = self._frames()
        if frames < GROWN:
            return
        if frames - moved <= REST:
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if frames - moved > 0:
            frames, moved = self._frames()
            if frames > moved:
                self._thread = threading.Thread(target=self._move, daemon=True)
                self._thread.start()

    def finish(self) -> None:
        """Move all of it, at the end."""
        if self._thread is not None:
            self._thread.join()
        with _disk_faults_left():
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if self._index >= 0:
            os.close(self._index)

    def _frames(self) -> tuple[int, int]:
        """How many frames the log holds, and how many of them are moved."""
        if self._index < 0:
            try:
                self._index = os.open(f"{self._path}-shm", os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                return 0, 0
        head = os.pread(self._index, _N_BACKFILL + 4, 0)
        if len(head) < _N_BACKFILL + 4:
            return 0, 0
        return struct.unpack_from("=I", head, _MX_FRAME)[0], struct.unpack_from(
            "=I", head, _N_BACKFILL
        )[0]

    def _move(self) -> None:
        with (
            _disk_faults_left(),
            contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA busy_timeout=10000")
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


@contextmanager
def _disk_faults_left() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as fault:
        if code_of(fault) is None:
            raise
