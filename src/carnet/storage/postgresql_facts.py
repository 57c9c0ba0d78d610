"""What a command does to PostgreSQL outside any store: its facts, its first rows, its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import psycopg

from carnet.record.errors import CarnetError
from carnet.storage import reads
from carnet.storage.batch import Step
from carnet.storage.postgresql_link import CONNECT_SECONDS
from carnet.storage.statements import statement


def place(url: str) -> str:
    """Host and database of a URL, without who connects and their password."""
    parts = urlsplit(url)
    return f"{parts.netloc.rsplit('@', 1)[-1]}{parts.path}"


def read_facts(keys_url: str) -> dict[str, str]:
    """The facts that a key database holds.

    Raises ``CarnetError('store-absent')`` where it has no schema, ``store-unavailable``.
    """
    try:
        with _connect(keys_url) as connection:
            sql = reads.FACTS.compiled("postgresql").sql
            return dict(psycopg.RawCursor(connection).execute(sql.encode()).fetchall())
    except psycopg.errors.UndefinedTable:
        raise CarnetError("store-absent", directory=place(keys_url)) from None


def run_steps(keys_url: str, steps: Sequence[Step]) -> None:
    """Run steps on a key database, in one transaction, outside any writer.

    Raises ``CarnetError('store-unavailable')``.
    """
    with _connect(keys_url) as connection:
        cursor = psycopg.RawCursor(connection)
        for one in steps:
            compiled = statement(one.statement).compiled("postgresql")
            cursor.executemany(compiled.sql.encode(), [compiled.arrange(row) for row in one.rows])


def _connect(url: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(url, connect_timeout=CONNECT_SECONDS)
    except psycopg.OperationalError as fault:
        raise CarnetError("store-unavailable") from fault
