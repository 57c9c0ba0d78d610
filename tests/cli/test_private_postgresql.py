from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg
import pytest

from carnet.cli import private_postgresql
from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.record.errors import CarnetError
from tests.postgresql import FreshDatabase


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def test_it_keeps_what_durability_needs(postgresql_url: str) -> None:
    shown = {
        name: ask(postgresql_url, f"SHOW {name}")
        for name in ("fsync", "synchronous_commit", "full_page_writes")
    }
    assert shown == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def test_it_never_runs_as_root(postgresql_server: PrivatePostgresql) -> None:
    owner = Path(f"/proc/{postgresql_server.process_id}").stat().st_uid
    assert owner != 0


def test_each_database_is_a_new_one(fresh_postgresql: FreshDatabase) -> None:
    first, second = fresh_postgresql(), fresh_postgresql()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE only_here (n int)")
    assert ask(second, "SELECT count(*) FROM pg_class WHERE relname = 'only_here'") == 0


def test_it_asks_for_a_password(postgresql_server: PrivatePostgresql) -> None:
    url = postgresql_server.url().replace("postgres:", "postgres:wrong", 1)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url)


def test_what_was_committed_outlives_a_kill() -> None:
    with PrivatePostgresql() as server:
        url = server.new_database()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (42)")
        os.kill(server.process_id, signal.SIGKILL)
        server.restart()
        assert ask(url, "SELECT n FROM kept") == 42


def test_nothing_is_left_behind() -> None:
    with PrivatePostgresql() as server:
        folder = server._folder
        process = server.process_id
        assert folder is not None
        assert (folder / "data" / "PG_VERSION").exists()
    assert not folder.exists()
    assert not Path(f"/proc/{process}").exists()


def test_a_wrong_setting_is_told_in_the_servers_words() -> None:
    with (
        pytest.raises(CarnetError) as raised,
        PrivatePostgresql({"no_such_setting": "1"}),
    ):
        pass
    assert raised.value.code == "postgresql-failed"
    assert "no_such_setting" in str(raised.value.params["detail"])


def programs(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).touch(mode=0o755)
    return folder


def test_the_newest_version_of_the_distribution_is_taken(tmp_path: Path) -> None:
    programs(tmp_path / "9" / "bin")
    newest = programs(tmp_path / "16" / "bin")
    programs(tmp_path / "15" / "bin")
    assert private_postgresql.find_programs(tmp_path) == newest


def test_a_client_without_a_server_does_not_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "17" / "bin").mkdir(parents=True)
    (tmp_path / "17" / "bin" / "psql").touch(mode=0o755)
    with pytest.raises(CarnetError, match="postgresql-absent"):
        private_postgresql.find_programs(tmp_path)
