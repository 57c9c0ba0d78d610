"""The same small store on PostgreSQL, copied by the server from a pattern for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.record.store_kind import StoreKind
from carnet.storage.create import create_postgresql
from carnet.storage.masterkey import KeyFile
from carnet.storage.store import Store, open_postgresql
from tests.storage.verify.builder import Site, run


class PostgresqlSite(Site):
    """A store in two databases: main with traces, and keys."""

    def __init__(self, directory: Path, server: PrivatePostgresql) -> None:
        super().__init__(directory)
        self.server = server
        self.urls = {"carnet": "", "keys": ""}

    @classmethod
    def make_on(cls, server: PrivatePostgresql, directory: Path) -> PostgresqlSite:
        """A new store, filled."""
        site = cls(directory, server)
        site.urls = {name: server.new_database() for name in site.urls}
        create_postgresql(
            site.urls["carnet"], site.urls["keys"], directory, StoreKind.TEST, site.key_file
        )
        run(site._fill())
        return site

    def copy_on(self, folder: Path) -> PostgresqlSite:
        """The same store in another folder and in databases of its own."""
        made = PostgresqlSite(folder / "store", self.server)
        shutil.copytree(self.directory, made.directory)
        shutil.copy(self.key_file, made.key_file)
        made.urls = {
            name: self._copied(url, f"{url.rsplit('/', 1)[1]}_copy")
            for name, url in self.urls.items()
        }
        return made

    def put_main_back(self, earlier: PostgresqlSite) -> None:
        """Put records, traces and journal back to what they are in another store."""
        name = self.urls["carnet"].rsplit("/", 1)[1]
        self.server.drop_database(self.urls["carnet"])
        self._copied(earlier.urls["carnet"], name)

    def drop(self) -> None:
        """Remove the databases."""
        for url in self.urls.values():
            self.server.drop_database(url)

    def _copied(self, url: str, name: str) -> str:
        source = url.rsplit("/", 1)[1]
        with psycopg.connect(self.server.url(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(source)
                )
            )
        return self.server.url(name)

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
