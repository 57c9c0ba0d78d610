from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, MetaData, create_engine, make_url

from carnet.record.errors import CarnetError
from carnet.storage import migrate, schema
from carnet.storage.sqlite import FILES
from tests.storage.rigs import PostgresqlPlace, SqlitePlace

METADATA = {"main": schema.main, "traces": schema.traces, "keys": schema.keys}


def differences(url: URL, metadata: list[MetaData]) -> list[Any]:
    """What Alembic would change to bring a database to the schema; comments stand in code only."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            options: dict[str, Any] = {
                "compare_type": True,
                "include_object": lambda _, name, kind, *__: (
                    kind != "table" or not name.startswith("alembic_version_")
                ),
            }
            context = MigrationContext.configure(connection, opts=options)
            found = compare_metadata(context, metadata)  # type: ignore[arg-type]  # a list does
            return [one for one in _flat(found) if "comment" not in one[0]]
    finally:
        engine.dispose()


def _flat(found: list[Any]) -> Iterator[tuple[Any, ...]]:
    """The changes of a column come in lists."""
    for one in found:
        yield from one if isinstance(one, list) else [one]


@pytest.mark.parametrize("name", FILES)
def test_migrations_make_the_schema_on_sqlite(sqlite_place: SqlitePlace, name: str) -> None:
    url = URL.create("sqlite", database=str(sqlite_place.directory / name))
    assert differences(url, [METADATA[migrate.HISTORIES[name]]]) == []


def test_migrations_make_the_schema_on_postgresql(postgresql_place: PostgresqlPlace) -> None:
    for url, metadata in (
        (postgresql_place.url, [schema.main, schema.traces]),
        (postgresql_place.keys_url, [schema.keys]),
    ):
        driver = make_url(url).set(drivername="postgresql+psycopg")
        assert differences(driver, metadata) == []


def test_the_comparison_sees_a_difference(sqlite_place: SqlitePlace) -> None:
    url = URL.create("sqlite", database=str(sqlite_place.directory / "keys.db"))
    assert differences(url, [schema.main]) != []


def test_the_three_histories_may_share_a_database(postgresql_url: str) -> None:
    for history in ("keys", "traces", "main", "keys"):
        migrate.upgrade_postgresql(postgresql_url, history)
    driver = make_url(postgresql_url).set(drivername="postgresql+psycopg")
    assert differences(driver, list(METADATA.values())) == []


def test_a_second_upgrade_changes_nothing(sqlite_place: SqlitePlace) -> None:
    for name in FILES:
        before = (sqlite_place.directory / name).read_bytes()
        migrate.upgrade_sqlite(sqlite_place.directory / name)
        assert (sqlite_place.directory / name).read_bytes() == before


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    directory = tmp_path / "100 % d'été ?#"
    directory.mkdir()
    for name in FILES:
        migrate.upgrade_sqlite(directory / name)
    migrate.demand_current_sqlite(directory)
    assert sorted(path.name for path in directory.glob("*.db")) == sorted(FILES)


def scripts() -> Iterator[tuple[str, list[str]]]:
    for history in METADATA:
        config = Config()
        folder = Path(migrate.__file__).parent / "migrations" / history
        config.set_main_option("script_location", str(folder))
        found = ScriptDirectory.from_config(config)
        yield history, [script.revision for script in found.walk_revisions()][::-1]


def test_the_known_revisions_are_those_of_the_folders() -> None:
    assert dict(scripts()) == {name: list(known) for name, known in migrate.REVISIONS.items()}


@pytest.mark.parametrize("history", METADATA)
def test_a_schema_of_another_version_is_refused(
    monkeypatch: pytest.MonkeyPatch, history: str
) -> None:
    monkeypatch.setitem(migrate.REVISIONS, history, ("one", "two"))
    migrate.demand_current(history, "two")
    for found, code in ((None, "store-incomplete"), ("one", "schema-outdated")):
        with pytest.raises(CarnetError, match=code):
            migrate.demand_current(history, found)
    with pytest.raises(CarnetError, match="schema-newer"):
        migrate.demand_current(history, "three")


def test_the_version_is_read_without_alembic(sqlite_place: SqlitePlace, tmp_path: Path) -> None:
    for name, history in migrate.HISTORIES.items():
        found = migrate.sqlite_version(sqlite_place.directory / name)
        assert found == migrate.REVISIONS[history][-1]
    (tmp_path / "keys.db").touch()
    assert migrate.sqlite_version(tmp_path / "keys.db") is None
