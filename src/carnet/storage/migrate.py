"""Brings a database to the schema of this version, with Alembic's migrations.

Three histories, one a database: ``main``, ``traces``, ``keys``; each keeps its place in a version
table of its own name, so that they may share one PostgreSQL database.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, column, make_url, select, table

from carnet.record.errors import CarnetError
from carnet.storage.sqlite import KEYS, MAIN, TRACES, address
from carnet.storage.statements import Statement

HISTORIES = {MAIN: "main", TRACES: "traces", KEYS: "keys"}
REVISIONS = {
    "main": ("main_0001", "main_0002", "main_0003"),
    "traces": ("traces_0001",),
    "keys": ("keys_0001",),
}
"""The revisions of each history, oldest first: what Alembic's folders hold, without Alembic."""


def upgrade_sqlite(path: Path) -> None:
    """Bring one embedded database to the newest schema."""
    _upgrade(URL.create("sqlite", database=str(path)), HISTORIES[path.name])


def upgrade_postgresql(url: str, history: str) -> None:
    """Bring one history of a PostgreSQL database to the newest schema."""
    _upgrade(make_url(url).set(drivername="postgresql+psycopg"), history)


def demand_current(history: str, found: str | None) -> None:
    """Refuse a schema that is not this version's.

    Raises ``CarnetError`` store-incomplete (none), schema-outdated, schema-newer.
    """
    known = REVISIONS[history]
    if found is None:
        raise CarnetError("store-incomplete")
    if found != known[-1]:
        raise CarnetError("schema-outdated" if found in known else "schema-newer", found=found)


def demand_current_sqlite(directory: Path) -> None:
    """Refuse an embedded store whose schema is not this version's. Raises as above."""
    for name, history in HISTORIES.items():
        demand_current(history, sqlite_version(directory / name))


def sqlite_version(path: Path) -> str | None:
    """The schema version of an embedded database, read without Alembic; None: no schema."""
    connection = sqlite3.connect(address(path, "ro"), uri=True)
    try:
        sql = VERSIONS[HISTORIES[path.name]].compiled("sqlite").sql
        row = connection.execute(sql).fetchone()
        return row[0] if row else None
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()


def version_table(history: str) -> str:
    """The table in which a history keeps its place."""
    return f"alembic_version_{history}"


def _version(history: str) -> Statement:
    return Statement(
        f"version_{history}",
        "",
        lambda _: select(column("version_num")).select_from(table(version_table(history))),
    )


VERSIONS = {history: _version(history) for history in REVISIONS}
"""The query of each history's place."""


def _upgrade(url: URL, history: str) -> None:
    from alembic import command  # heavy, and needed only when a schema changes
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).parent / "migrations" / history
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    attributes: dict[str, Any] = config.attributes
    attributes["url"] = url
    attributes["history"] = history
    command.upgrade(config, "head")
