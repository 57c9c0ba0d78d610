"""What is fixed when a store is made, read without opening the store: its kind, its id."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from carnet.record.errors import CarnetError
from carnet.storage.sqlite import KEYS, address
from carnet.storage.store import is_embedded_store


def stored_facts(directory: Path, keys_database: str | None = None) -> dict[str, str]:
    """The facts of a store.

    Raises ``store-absent`` where there is none, ``store-incomplete`` where its making broke off.
    """
    if keys_database is not None:
        from carnet.storage.postgresql_facts import read_facts  # psycopg only where it is used

        return _complete(read_facts(keys_database))
    if not is_embedded_store(directory):
        raise CarnetError("store-absent", directory=str(directory))
    connection = sqlite3.connect(address(directory / KEYS, "ro"), uri=True)
    try:
        rows = connection.execute("SELECT name, value FROM store_facts").fetchall()
    except sqlite3.Error:
        raise CarnetError("store-incomplete") from None
    finally:
        connection.close()
    return _complete(dict(rows))


def _complete(facts: dict[str, str]) -> dict[str, str]:
    if "kind" not in facts:
        raise CarnetError("store-incomplete")
    return facts
