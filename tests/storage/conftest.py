"""Empty databases of both engines, migrated once a test process."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.storage import schema
from carnet.storage.migrate import upgrade_postgresql, upgrade_sqlite
from carnet.storage.sqlite import FILES
from tests.storage.rigs import Place, PostgresqlPlace, SqlitePlace


@pytest.fixture(scope="session")
def _migrated_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("migrated")
    for name in FILES:
        upgrade_sqlite(directory / name)
    return directory


@pytest.fixture(scope="session")
def _migrated_databases(postgresql_server: PrivatePostgresql) -> tuple[str, str]:
    """Main with traces, and keys; every test finds them empty."""
    main, keys = postgresql_server.new_database(), postgresql_server.new_database()
    upgrade_postgresql(main, "main")
    upgrade_postgresql(main, "traces")
    upgrade_postgresql(keys, "keys")
    return main, keys


@pytest.fixture
def sqlite_place(_migrated_files: Path, tmp_path: Path) -> SqlitePlace:
    directory = tmp_path / "data"
    directory.mkdir()
    for name in FILES:
        shutil.copy(_migrated_files / name, directory / name)
    return SqlitePlace(directory)


@pytest.fixture
def postgresql_place(_migrated_databases: tuple[str, str]) -> PostgresqlPlace:
    main, keys = _migrated_databases
    tables = [*schema.main.tables, *schema.traces.tables]
    for url, names in ((main, tables), (keys, list(schema.keys.tables))):
        with psycopg.connect(url) as connection:
            connection.execute(
                sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, names)))
            )
    return PostgresqlPlace(main, keys)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Place:
    """Both engines in turn."""
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found
