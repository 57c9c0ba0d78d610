from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from carnet.record.errors import CarnetError
from carnet.record.store_kind import StoreKind
from carnet.storage import migrate
from carnet.storage.create import (
    create_embedded,
    create_postgresql,
    default_key_file,
    is_postgresql_store,
    put_facts,
)
from carnet.storage.facts import stored_facts
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_thread import ThreadWriter
from carnet.storage.masterkey import KeyFile
from carnet.storage.sqlite import FILES, KEYS
from carnet.storage.store import (
    Store,
    is_embedded_store,
    journal_key,
    open_embedded,
    open_postgresql,
)
from tests.postgresql import FreshDatabase
from tests.storage.foreign import do
from tests.storage.rigs import JOURNAL_KEY, run

SET_VERSION = "UPDATE {} SET version_num = ?"
NOWHERE = "postgresql://somebody:secret@127.0.0.1:1/nothing"


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """Making a store narrows the umask of the command; a test puts it back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


async def facts_of(store: Store) -> tuple[StoreKind, str, bytes]:
    found = store.kind, store.store_id, store.keys.journal_key
    await store.close()
    return found


def test_an_embedded_store_is_made_once_and_opens(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "data"
    key_file = default_key_file(directory)
    master = create_embedded(directory, StoreKind.TEST, key_file)
    assert key_file == tmp_path / "deep" / "data.key"
    assert directory.stat().st_mode & 0o777 == 0o700
    assert all((directory / name).stat().st_mode & 0o077 == 0 for name in FILES)
    assert is_embedded_store(directory)
    with pytest.raises(CarnetError, match="store-exists"):
        create_embedded(directory, StoreKind.TEST, key_file)

    async def opened() -> tuple[StoreKind, str, bytes]:
        key = await journal_key(directory, master)
        writer = ThreadWriter(Ledger(directory, key))
        found = await facts_of(await open_embedded(directory, master, writer))
        assert found[2] == key
        return found

    kind, store_id, _ = run(opened())
    assert kind is StoreKind.TEST
    assert stored_facts(directory) == {"kind": "test", "id": store_id}
    put_facts(directory, {"public_base": "https://carnet.example"})
    put_facts(directory, {"public_base": "https://carnet.test"})
    assert stored_facts(directory)["public_base"] == "https://carnet.test"
    assert stored_facts(directory)["id"] == store_id


def test_a_directory_with_other_things_is_not_touched(tmp_path: Path, postgresql_url: str) -> None:
    (tmp_path / "letter.txt").touch()
    key_file = tmp_path / "key"
    with pytest.raises(CarnetError, match="store-directory-taken"):
        create_embedded(tmp_path, StoreKind.TEST, key_file)
    with pytest.raises(CarnetError, match="store-directory-taken"):
        create_postgresql(postgresql_url, postgresql_url, tmp_path, StoreKind.TEST, key_file)
    assert not is_postgresql_store(postgresql_url)
    with pytest.raises(CarnetError, match="store-unavailable"):
        create_postgresql(NOWHERE, NOWHERE, tmp_path / "other", StoreKind.TEST, key_file)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_key_that_stands_is_used(tmp_path: Path) -> None:
    key = KeyFile.create(tmp_path / "key")
    before = (tmp_path / "key").read_bytes()
    create_embedded(tmp_path / "data", StoreKind.DEMO, tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == before
    assert run(journal_key(tmp_path / "data", key))


def test_a_store_whose_making_broke_off_is_incomplete(tmp_path: Path) -> None:
    for name in FILES:
        migrate.upgrade_sqlite(tmp_path / name)
    with pytest.raises(CarnetError, match="store-incomplete"):
        stored_facts(tmp_path)
    (tmp_path / KEYS).write_bytes(b"")
    with pytest.raises(CarnetError, match="store-incomplete"):
        stored_facts(tmp_path)
    (tmp_path / KEYS).unlink()
    with pytest.raises(CarnetError, match="store-absent"):
        stored_facts(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_an_embedded_store_of_another_schema_is_refused(tmp_path: Path, name: str) -> None:
    for file in FILES:
        migrate.upgrade_sqlite(tmp_path / file)
    master = KeyFile.create(tmp_path / "key")
    connection = sqlite3.connect(tmp_path / name)
    table = migrate.version_table(migrate.HISTORIES[name])
    connection.execute(SET_VERSION.format(table), ("later",))
    connection.commit()
    connection.close()
    with pytest.raises(CarnetError, match="schema-newer") as raised:
        run(journal_key(tmp_path, master))
    assert raised.value.params == {"found": "later"}
    ledger = Ledger(tmp_path, JOURNAL_KEY)
    with pytest.raises(CarnetError, match="schema-newer"):
        run(open_embedded(tmp_path, master, None))  # type: ignore[arg-type]  # not come to
    ledger.close()


def test_a_postgresql_store_is_made_once_and_opens(
    tmp_path: Path, fresh_postgresql: FreshDatabase
) -> None:
    url, keys_url = fresh_postgresql(), fresh_postgresql()
    directory, key_file = tmp_path / "data", tmp_path / "key"
    assert not is_postgresql_store(keys_url)
    with pytest.raises(CarnetError, match="store-absent") as raised:
        stored_facts(directory, keys_url)
    assert "postgres:" not in str(raised.value.params)
    master = create_postgresql(url, keys_url, directory, StoreKind.TEST, key_file)
    assert is_postgresql_store(keys_url)
    with pytest.raises(CarnetError, match="store-exists") as raised:
        create_postgresql(url, keys_url, tmp_path / "other", StoreKind.TEST, key_file)
    assert "postgres:" not in str(raised.value.params)
    assert not (tmp_path / "other").exists()

    kind, store_id, _ = run(opening(url, keys_url, directory, master))
    assert kind is StoreKind.TEST
    put_facts(directory, {"public_base": "https://carnet.example"}, keys_url)
    assert stored_facts(directory, keys_url) == {
        "kind": "test",
        "id": store_id,
        "public_base": "https://carnet.example",
    }
    for database, table in ((url, "main"), (url, "traces"), (keys_url, "keys")):
        name = migrate.version_table(table)
        run(do(database, SET_VERSION.format(name).replace("?", "%s"), "later"))
        with pytest.raises(CarnetError, match="schema-newer"):
            run(opening(url, keys_url, directory, master))
        current = migrate.REVISIONS[table][-1]
        run(do(database, SET_VERSION.format(name).replace("?", "%s"), current))
    run(do(url, "DROP TABLE alembic_version_traces"))
    with pytest.raises(CarnetError, match="store-incomplete"):
        run(opening(url, keys_url, directory, master))


async def opening(
    url: str, keys_url: str, directory: Path, master: object
) -> tuple[StoreKind, str, bytes]:
    assert isinstance(master, KeyFile)
    return await facts_of(await open_postgresql(url, keys_url, directory, master))


def test_one_database_may_hold_all(tmp_path: Path, postgresql_url: str) -> None:
    directory, key_file = tmp_path / "data", tmp_path / "key"
    master = create_postgresql(postgresql_url, postgresql_url, directory, StoreKind.DEMO, key_file)
    kind, _, _ = run(opening(postgresql_url, postgresql_url, directory, master))
    assert kind is StoreKind.DEMO


def test_what_broke_off_is_taken_up_again(tmp_path: Path, postgresql_url: str) -> None:
    migrate.upgrade_postgresql(postgresql_url, "main")
    migrate.upgrade_postgresql(postgresql_url, "keys")
    with pytest.raises(CarnetError, match="store-incomplete"):
        stored_facts(tmp_path / "data", postgresql_url)
    key_file = tmp_path / "key"
    create_postgresql(postgresql_url, postgresql_url, tmp_path / "data", StoreKind.TEST, key_file)
    assert stored_facts(tmp_path / "data", postgresql_url)["kind"] == "test"


def test_a_server_that_does_not_wait_for_the_disk_is_refused_at_the_start(
    tmp_path: Path, postgresql_url: str
) -> None:
    directory, key_file = tmp_path / "data", tmp_path / "key"
    master = create_postgresql(postgresql_url, postgresql_url, directory, StoreKind.DEMO, key_file)
    unsafe = postgresql_url + "?options=-csynchronous_commit%3Doff"
    with pytest.raises(CarnetError, match="postgresql-unsafe"):
        run(opening(unsafe, postgresql_url, directory, master))


def test_a_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    master = KeyFile.create(tmp_path / "key")
    for act in (
        lambda: stored_facts(tmp_path, NOWHERE),
        lambda: put_facts(tmp_path, {}, NOWHERE),
        lambda: run(opening(NOWHERE, NOWHERE, tmp_path, master)),
    ):
        with pytest.raises(CarnetError, match="store-unavailable"):
            act()
