"""Another client of PostgreSQL, which stands in the way of a writer or a reader under test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg

Foreign = psycopg.AsyncConnection[Any]


@asynccontextmanager
async def foreign(url: str) -> AsyncIterator[Foreign]:
    """A connection that commits when told to."""
    connection = await psycopg.AsyncConnection.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def blocked(url: str) -> int:
    """Wait until somebody waits for a lock; the process id of their server process."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as watching:
        for _ in range(10_000):
            found = await watching.execute(
                "SELECT a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE NOT l.granted AND a.datname = current_database()"
            )
            row = await found.fetchone()
            if row is not None:
                return int(row[0])
    raise AssertionError("nobody waits")


async def do(url: str, statement: str, *values: object) -> list[Any]:
    """Run one statement and commit."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        done = await connection.execute(statement.encode(), values or None)
        return await done.fetchall() if done.description else []


async def end_backends(url: str) -> int:
    """End everybody else's connection to a database; how many there were."""
    [(count,)] = await do(
        url,
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND application_name = 'carnet'",
    )
    return int(count)
