"""The same on PostgreSQL, by its own tools, into new databases; keys in one of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.cli.run import DEFECT, REFUSED, run
from tests.cli.stores import letter, lines, written
from tests.postgresql import FreshDatabase


class Site:
    """A data directory and its two databases, as variables of a command."""

    def __init__(self, directory: Path, main: str, keys: str) -> None:
        self.directory = directory
        self.main = main
        self.keys = keys

    def use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CARNET_DATA", str(self.directory))
        monkeypatch.setenv("CARNET_DATABASE", self.main)
        monkeypatch.setenv("CARNET_KEYS_DATABASE", self.keys)


@pytest.fixture
def site(tmp_path: Path, fresh_postgresql: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A store with two people and three documents, which commands are told of."""
    made = Site(tmp_path / "store", fresh_postgresql(), fresh_postgresql())
    made.use(monkeypatch)
    files = [written(tmp_path, f"{number}.xml", letter(number)) for number in (1, 2)]
    files.append(written(tmp_path, "3.xml", letter(1, ("999.1.1", "999.1.3"))))
    assert run(["feed", *files]) == 0
    return made


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Path:
    assert site.directory.exists()
    assert run(["backup", str(tmp_path / "b")]) == 0
    return tmp_path / "b"


@pytest.fixture
def place(
    folder: Path,
    tmp_path: Path,
    fresh_postgresql: FreshDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> Site:
    """Where it may be restored, which commands are told of from here on."""
    assert folder.exists()
    made = Site(tmp_path / "again", fresh_postgresql(), fresh_postgresql())
    made.use(monkeypatch)
    shutil.copy(tmp_path / "store.key", tmp_path / "again.key")
    return made


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in rows}


def test_a_restored_store_is_clean_and_its_keys_lie_apart(
    site: Site, folder: Path, place: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = lines(capsys, "restore", str(folder))
    assert (status, told[0]["documents"], told[0]["key_fits"]) == (0, 3, True)
    assert (tables(place.main), tables(place.keys)) == (tables(site.main), tables(site.keys))
    assert not tables(place.main) & {"record_key", "secret"}
    assert lines(capsys, "verify") == (0, [])


def test_keys_lie_apart_even_where_they_share_the_database(
    tmp_path: Path,
    fresh_postgresql: FreshDatabase,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shared = fresh_postgresql()
    Site(tmp_path / "store", shared, shared).use(monkeypatch)
    assert run(["feed", written(tmp_path, "1.xml", letter(1))]) == 0
    assert run(["backup", str(tmp_path / "b")]) == 0
    apart = Site(tmp_path / "again", fresh_postgresql(), fresh_postgresql())
    apart.use(monkeypatch)
    shutil.copy(tmp_path / "store.key", tmp_path / "again.key")
    assert run(["restore", str(tmp_path / "b")]) == 0
    assert not tables(apart.main) & tables(apart.keys)
    capsys.readouterr()
    assert lines(capsys, "verify") == (0, [])


def test_a_restore_over_a_living_store_is_refused(
    site: Site,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Site(tmp_path / "empty", site.main, site.keys).use(monkeypatch)
    status, told = lines(capsys, "restore", str(folder))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "store-exists")
    assert not (tmp_path / "empty").exists()
    site.use(monkeypatch)
    assert lines(capsys, "verify") == (0, [])


@pytest.mark.parametrize("which", ["main", "keys"])
def test_a_database_that_is_not_empty_is_refused(
    which: str, folder: Path, place: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(getattr(place, which)) as connection:
        connection.execute("CREATE TABLE somebody (kept int)")
    status, told = lines(capsys, "restore", str(folder))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "restore-database-taken")
    assert "password" not in told[0]["error"]["english"]
    assert not place.directory.exists()


def test_a_directory_that_is_not_empty_is_refused(
    folder: Path, place: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    place.directory.mkdir()
    written(place.directory, "kept", b"")
    status, told = lines(capsys, "restore", str(folder))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "store-directory-taken")
    assert tables(place.main) == set()


def test_a_backup_of_the_other_engine_is_refused(
    folder: Path,
    place: Site,
    fed_store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("CARNET_DATABASE", "CARNET_KEYS_DATABASE"):
        monkeypatch.delenv(name)
    embedded = str(tmp_path / "embedded")
    assert run(["backup", embedded, "--data", str(fed_store)]) == 0
    status, told = lines(capsys, "restore", str(folder))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "backup-engine")
    place.use(monkeypatch)
    status, told = lines(capsys, "restore", embedded)
    assert (status, told[0]["error"]["code"]) == (REFUSED, "backup-engine")
    assert not place.directory.exists()


@pytest.mark.parametrize("which", ["main", "keys"])
def test_what_pg_restore_cannot_do_is_told_and_no_store_is_left(
    which: str, folder: Path, place: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(getattr(place, which)) as connection:
        connection.execute("DROP SCHEMA public")
    status, told = lines(capsys, "restore", str(folder))
    assert (status, told[0]["error"]["code"]) == (DEFECT, "backup-tool-failed")
    assert "schema" in told[0]["error"]["english"]
    assert not place.directory.exists()
    assert run(["verify"]) == REFUSED


def test_a_database_that_is_away_is_told(
    site: Site,
    tmp_path: Path,
    postgresql_server: PrivatePostgresql,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    gone = postgresql_server.url("nowhere")
    Site(site.directory, gone, site.keys).use(monkeypatch)
    status, told = lines(capsys, "backup", str(tmp_path / "b"))
    assert (status, told[0]["error"]["code"]) == (REFUSED, "store-unavailable")
    assert not (tmp_path / "b").exists()
