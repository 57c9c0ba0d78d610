"""The embedded databases at one instant, copied while the server goes on.

The ledger commits a group to the key store, then to ``carnet.db``, then to ``traces.db``
(``storage/ledger.py``). All three write locks are taken for an instant, in that order; while they
are held, a reading transaction is begun on each, and the locks are let go: the readers see the
store as a crash at that instant would leave it, with at most one group between two databases. The
next start completes that from the group's events, as after a crash. SQLite's own backup then copies
each reader's snapshot, page by page; nobody waits for it, and the logs grow until it is done.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from carnet.record.errors import CarnetError
from carnet.storage.backup.copying import Advance
from carnet.storage.sqlite import KEYS, MAIN, TRACES, address, open_reader

_ORDER = (KEYS, MAIN, TRACES)
_PATIENCE = 3000  # ms for one lock: all three in less than the ledger itself waits (sqlite.py)
_ATTEMPTS = 5
_PAGES = 1024  # pages copied between two words of progress


class Cut(msgspec.Struct, frozen=True):
    """Readers that see one instant: ``at`` µs since 1970 UTC, ``pause`` s that writers waited."""

    at: int
    pause: float
    readers: dict[str, sqlite3.Connection]


@contextlib.contextmanager
def cut(directory: Path) -> Iterator[Cut]:
    """The databases of an embedded store at one instant. Raises ``backup-store-locked``."""
    with contextlib.ExitStack() as stack:
        # Closed last: a connection that may write takes an idle log away behind it.
        locks = {name: _lock_of(directory / name) for name in _ORDER}
        for lock in locks.values():
            stack.callback(lock.close)
        readers = {name: open_reader(directory / name) for name in _ORDER}
        for reader in readers.values():
            stack.callback(reader.close)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                at, pause = _pin(locks, readers)
            except _Locked as locked:
                if attempt == _ATTEMPTS:
                    raise CarnetError("backup-store-locked", name=locked.name) from None
            else:
                break
        yield Cut(at, pause, readers)


class _Locked(Exception):
    """Somebody held a database for too long."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _lock_of(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(address(path, "rw"), uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    return connection


def _pin(
    locks: dict[str, sqlite3.Connection], readers: dict[str, sqlite3.Connection]
) -> tuple[int, float]:
    """Begin a reading transaction on each database while nothing can be written to any."""
    begun = time.perf_counter()
    with contextlib.ExitStack() as stack:
        for name, lock in locks.items():
            try:
                lock.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as fault:
                raise _Locked(name) from fault
            stack.callback(lock.execute, "ROLLBACK")
        at = time.time_ns() // 1000
        for reader in readers.values():
            reader.execute("BEGIN")
            # A transaction sees what stood at its first read.
            reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return at, time.perf_counter() - begun


def size_of(directory: Path, name: str) -> int:
    """The most bytes that a copy of a database takes now: the file and its log."""
    path = directory / name
    log = path.with_name(f"{name}-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


def copy_database(reader: sqlite3.Connection, target: Path, name: str, advance: Advance) -> None:
    """Copy what a reader's transaction sees, and look through the copy.

    Raises ``backup-database-damaged``: a damaged database must not take a good copy's place.
    """
    (page,) = reader.execute("PRAGMA page_size").fetchone()
    target.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(target)) as written:
        # The copy is synced and hashed when it is whole; until then it has no name that counts.
        written.execute("PRAGMA journal_mode=OFF")
        written.execute("PRAGMA synchronous=OFF")
        left: int | None = None

        def progress(_: int, remaining: int, total: int) -> None:
            nonlocal left
            advance(page * ((total if left is None else left) - remaining))
            left = remaining

        reader.backup(written, pages=_PAGES, progress=progress)
    _look_through(target, name)


def _look_through(copy: Path, name: str) -> None:
    with contextlib.closing(open_copy(copy)) as connection:
        try:
            (word,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as fault:
            word = str(fault)
    if word != "ok":
        raise CarnetError("backup-database-damaged", name=name, detail=" ".join(word.split()))


def open_copy(copy: Path) -> sqlite3.Connection:
    """A reader of a copy, which nobody writes: it leaves nothing beside it."""
    return sqlite3.connect(f"{address(copy, 'ro')}&immutable=1", uri=True)
