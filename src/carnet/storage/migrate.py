"""Brings a database to the schema of this version, with Alembic's migrations.

Three histories, one a database: ``main``, ``traces``, ``keys``; each keeps its place in a version
table of its own name, so that they may share one PostgreSQL database.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from carnet.storage.sqlite import KEYS, MAIN, TRACES

HISTORIES = {MAIN: "main", TRACES: "traces", KEYS: "keys"}
HEADS = {"main": "main_0001", "traces": "traces_0001", "keys": "keys_0001"}


def upgrade_sqlite(path: Path) -> None:
    """Bring one embedded database to the newest schema."""
    _upgrade(f"sqlite:///{path}", HISTORIES[path.name])


def upgrade_postgresql(url: str, history: str) -> None:
    """Bring one history of a PostgreSQL database to the newest schema."""
    _upgrade(url.replace("postgresql://", "postgresql+psycopg://", 1), history)


def sqlite_version(path: Path) -> str | None:
    """The schema version of an embedded database, read without Alembic."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        table = version_table(HISTORIES[path.name])
        row = connection.execute(f"SELECT version_num FROM {table}").fetchone()
        return row[0] if row else None
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()


def version_table(history: str) -> str:
    """The table in which a history keeps its place."""
    return f"alembic_version_{history}"


def _upgrade(url: str, history: str) -> None:
    from alembic import command  # heavy, and needed only when a schema changes
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations" / history))
    attributes: dict[str, Any] = config.attributes
    attributes["url"] = url
    attributes["history"] = history
    command.upgrade(config, "head")
