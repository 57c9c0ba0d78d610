"""Loaded by every Python of a server whose PYTHONPATH names this folder: takes syncs away.

``SABOTAGE_ORDERS`` names a file; the word in it says what is not synced from now on: ``blob``,
``directory``, or the name of a database.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

_ORDERS = os.environ.get("SABOTAGE_ORDERS")
_fsync = os.fsync
_connect = sqlite3.connect


def _forbidden() -> str:
    return Path(_ORDERS).read_text() if _ORDERS else ""


def _fsync_unless_told(handle: int) -> None:
    target = Path(f"/proc/self/fd/{handle}").readlink()
    kind = "directory" if target.is_dir() else "blob"
    if _forbidden() != kind:
        _fsync(handle)


class _Connection(sqlite3.Connection):
    """Sets how its commits are synced before each transaction."""

    file = ""

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        if sql == "BEGIN IMMEDIATE":
            level = "OFF" if _forbidden() == self.file else "FULL"
            super().execute(f"PRAGMA synchronous={level}")
        return super().execute(sql, parameters)


def _connect_unless_told(database: object, **options: Any) -> sqlite3.Connection:
    connection = _connect(str(database), factory=_Connection, **options)
    connection.file = str(database).partition("?")[0].rpartition("/")[2]
    return connection


if _ORDERS:
    os.fsync = _fsync_unless_told  # type: ignore[assignment]  # sabotage of the real thing
    sqlite3.connect = _connect_unless_told  # type: ignore[assignment]  # same
