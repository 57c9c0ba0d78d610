"""SQLite: how its files are opened, read and, by the ledger alone, written."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from carnet.record.errors import CarnetError
from carnet.storage import disk
from carnet.storage.statements import Row, Statement

MAIN = "carnet.db"
TRACES = "traces.db"
KEYS = "keys.db"
FILES = (MAIN, TRACES, KEYS)

_BUSY_MS = 10_000
_NICENESS = 10
_REST = 3  # times what the read before took
_MOST_REST = 0.5  # s


def address(path: Path, mode: str) -> str:
    """The URI of a database file, whatever characters its path holds; ``mode`` is SQLite's."""
    return f"{path.absolute().as_uri()}?mode={mode}"


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that can only read."""
    connection = sqlite3.connect(
        address(path, "ro"),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=200,
    )
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    connection.execute("PRAGMA mmap_size=0")  # faults cost more than copies, docs/performance.md
    connection.execute("PRAGMA cache_size=-8000")
    return connection


def open_writer(path: Path) -> sqlite3.Connection:
    """A connection of the ledger: WAL, every commit synced, checkpoints only when it says so.

    A file that is not there is not made.
    """
    connection = sqlite3.connect(
        address(path, "rw"),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=200,
    )
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("PRAGMA cache_size=-64000")
    if path.name == KEYS:
        connection.execute("PRAGMA secure_delete=ON")
    return connection


class SqliteReader:
    """Reads of one file, in the caller's thread: a query of the hot path takes microseconds."""

    def __init__(self, path: Path) -> None:
        self._connection = open_reader(path)
        self._execute = self._connection.execute
        self._long = _LongReads(path)

    async def fetch(self, statement: Statement, *values: Any) -> list[Row]:
        """See ``Reader.fetch``. Raises ``CarnetError`` of ``disk.code_of``."""
        return _rows(self._execute, statement, values)

    async def fetch_long(self, statement: Statement, *values: Any) -> list[Row]:
        """The same for a query that may take long: beside the caller's thread, behind others."""
        return await self._long.fetch(statement, values)

    async def close(self) -> None:
        """See ``Reader.close``."""
        self._long.close()
        self._connection.close()


class _LongReads:
    """A connection of its own in a thread of low priority, made when first asked.

    Between two reads the thread rests, longer than the first took: a niceness alone does not keep
    a core for the others, whose reads these push out of the processor's caches.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, "long-reads", _give_way)
        self._rests_until = 0.0  # s, monotonic

    async def fetch(self, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._fetch, statement, values)

    def _fetch(self, statement: Statement, values: tuple[Any, ...]) -> list[Row]:
        if self._connection is None:
            self._connection = open_reader(self._path)
        begin = time.monotonic()
        if begin < self._rests_until:
            time.sleep(self._rests_until - begin)
            begin = time.monotonic()
        rows = _rows(self._connection.execute, statement, values)
        end = time.monotonic()
        self._rests_until = end + min(_REST * (end - begin), _MOST_REST)
        return rows

    def close(self) -> None:
        self._thread.shutdown()
        if self._connection is not None:
            self._connection.close()


def _give_way() -> None:
    """Let this thread alone run behind all others (on Linux a niceness is a thread's)."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _rows(
    execute: Callable[..., sqlite3.Cursor], statement: Statement, values: tuple[Any, ...]
) -> list[Row]:
    compiled = statement.compiled("sqlite")
    try:
        return execute(compiled.sql, compiled.arrange(values)).fetchall()
    except sqlite3.OperationalError as fault:
        code = disk.code_of(fault)
        if code is None:
            raise
        raise CarnetError(code) from fault
