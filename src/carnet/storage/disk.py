"""What a disk refuses, as a refusal of the catalogue: it is full, or it answers with an error."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from carnet.record.errors import CarnetError

FULL = "store-full"
FAILING = "store-failing"
CODES = (FULL, FAILING)
"""Codes after which nothing stands of what was asked for."""

# EFBIG: a limit on the size of files (RLIMIT_FSIZE).
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PRIMARY = 0xFF  # the low byte of an extended result code of SQLite is the primary one


def code_of(fault: BaseException) -> str | None:
    """``FULL``, ``FAILING``, or None for a fault that is none of the disk.

    A file that is cut short is damage, not a failing disk: SQLite tells it apart.
    """
    if isinstance(fault, sqlite3.OperationalError):
        extended = getattr(fault, "sqlite_errorcode", 0)
        if extended == sqlite3.SQLITE_IOERR_SHORT_READ:
            return None
        return {
            sqlite3.SQLITE_FULL: FULL,
            sqlite3.SQLITE_IOERR: FAILING,
            sqlite3.SQLITE_CANTOPEN: FAILING,
            sqlite3.SQLITE_READONLY: FAILING,
        }.get(extended & _PRIMARY)
    if isinstance(fault, OSError):
        return FULL if fault.errno in _NO_ROOM else FAILING
    return None


@contextmanager
def told() -> Iterator[None]:
    """Turn an ``OSError`` within into ``CarnetError`` ``store-full`` or ``store-failing``."""
    try:
        yield
    except OSError as fault:
        raise CarnetError(code_of(fault) or FAILING) from fault
