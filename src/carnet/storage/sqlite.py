"""SQLite: how its files are opened, read and, by the ledger alone, written."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from carnet.storage.statements import Row, Statement

MAIN = "carnet.db"
TRACES = "traces.db"
KEYS = "keys.db"
FILES = (MAIN, TRACES, KEYS)

_BUSY_MS = 10_000


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

    async def fetch(self, statement: Statement, *values: Any) -> list[Row]:
        """See ``Reader.fetch``."""
        compiled = statement.compiled("sqlite")
        return self._execute(compiled.sql, compiled.arrange(values)).fetchall()

    async def close(self) -> None:
        """See ``Reader.close``."""
        self._connection.close()
