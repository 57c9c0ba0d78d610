"""The same small store on PostgreSQL, put back to what it was before each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.record.store_kind import StoreKind
from carnet.storage import schema
from carnet.storage.create import create_postgresql
from carnet.storage.masterkey import KeyFile
from carnet.storage.store import Store, open_postgresql
from tests.storage.verify.builder import Site, run

TABLES = {
    "carnet": [*schema.main.tables, *schema.traces.tables],
    "keys": [*schema.keys.tables],
}


class PostgresqlSite(Site):
    """A store in two databases: main with traces, and keys."""

    def __init__(self, directory: Path, server: PrivatePostgresql) -> None:
        super().__init__(directory)
        self.server = server
        self.urls = {"carnet": "", "keys": ""}
        self._kept: dict[tuple[str, str], bytes] = {}
        self._files: dict[Path, bytes] = {}

    @classmethod
    def make_on(cls, server: PrivatePostgresql, directory: Path) -> PostgresqlSite:
        """A new store, filled."""
        site = cls(directory, server)
        site.urls = {name: server.new_database() for name in site.urls}
        create_postgresql(
            site.urls["carnet"], site.urls["keys"], directory, StoreKind.TEST, site.key_file
        )
        run(site._fill())
        site.keep()
        return site

    def keep(self) -> None:
        """Remember what stands, to come back to it."""
        self._kept = {
            (name, table): self._dump(name, table)
            for name, tables in TABLES.items()
            for table in tables
        }
        self._files = {path: path.read_bytes() for path in (self.directory / "blobs").glob("*/*")}

    def restore(self, *databases: str) -> None:
        """Put databases (all, and the documents, if none is named) back to what was kept."""
        for name in databases or TABLES:
            with psycopg.connect(self.urls[name]) as connection:
                names = sql.SQL(", ").join(map(sql.Identifier, TABLES[name]))
                connection.execute(sql.SQL("TRUNCATE {}").format(names))
                for table in TABLES[name]:
                    into = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                    with connection.cursor().copy(into) as copy:
                        copy.write(self._kept[name, table])
        if not databases:
            for path in (self.directory / "blobs").glob("*/*"):
                if path not in self._files:
                    path.unlink()
            for path, data in self._files.items():
                path.write_bytes(data)

    def drop(self) -> None:
        """Remove the databases."""
        for url in self.urls.values():
            self.server.drop_database(url)

    def _dump(self, name: str, table: str) -> bytes:
        out = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        with (
            psycopg.connect(self.urls[name]) as connection,
            connection.cursor().copy(out) as copy,
        ):
            return b"".join(bytes(piece) for piece in copy)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Store]:
        """The store with a writer of this process."""
        master = KeyFile.load(self.key_file)
        store = await open_postgresql(
            self.urls["carnet"], self.urls["keys"], self.directory, master
        )
        try:
            yield store
        finally:
            await store.close()

    def sql(self, database: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What somebody does who has the database and not the keys."""
        url = self.urls["keys" if database == "keys" else "carnet"]
        with psycopg.connect(url) as connection:
            cursor = connection.execute(statement.replace("?", "%s").encode(), values)
            return cursor.fetchall() if cursor.description else []
