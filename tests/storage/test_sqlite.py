from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from carnet.storage import reads, writes
from carnet.storage.batch import Batch, step
from carnet.storage.sqlite import FILES, KEYS, MAIN, SqliteReader, open_reader, open_writer
from tests.storage.rigs import SqlitePlace, a_record, an_id, run, writing

ONE = an_id(1)


def pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize("name", FILES)
def test_every_commit_of_a_writer_is_synced(sqlite_place: SqlitePlace, name: str) -> None:
    connection = open_writer(sqlite_place.directory / name)
    assert pragma(connection, "journal_mode") == "wal"
    assert pragma(connection, "synchronous") == 2  # FULL
    assert pragma(connection, "wal_autocheckpoint") == 0
    if name == KEYS:
        assert pragma(connection, "secure_delete") == 1
    assert pragma(connection, "page_size") == 8192
    connection.close()


@pytest.mark.parametrize("opener", [open_reader, open_writer])
def test_a_file_that_is_not_there_is_not_made(tmp_path: Path, opener: object) -> None:
    assert callable(opener)
    with pytest.raises(sqlite3.OperationalError):
        opener(tmp_path / MAIN)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(sqlite_place: SqlitePlace) -> None:
    connection = open_reader(sqlite_place.directory / MAIN)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM record")
    connection.close()


def test_a_reader_sees_what_was_acknowledged(sqlite_place: SqlitePlace) -> None:
    async def scene() -> None:
        reader = SqliteReader(sqlite_place.directory / MAIN)
        async with writing(sqlite_place) as writer:
            for number in range(5):
                await writer.write(Batch(an_id(number), (a_record(an_id(number)),)))
                assert len(await reader.fetch(reads.RECORD_IDS, b"", 10)) == number + 1
                assert len(await reader.fetch_long(reads.RECORD_IDS, b"", 10)) == number + 1
        await reader.close()

    run(scene())


def test_an_erased_key_is_nowhere_in_the_file(sqlite_place: SqlitePlace) -> None:
    secret = b"a wrapped key to be found again."
    file = sqlite_place.directory / KEYS

    async def scene() -> None:
        async with writing(sqlite_place) as writer:
            made = [(an_id(n), secret + b"%d" % n) for n in range(200)]
            await writer.write(Batch(b"", key_steps=(step(writes.ADD_RECORD_KEY, *made),)))
        assert secret in file.read_bytes()
        async with writing(sqlite_place) as writer:
            gone = [(an_id(n),) for n in range(200)]
            await writer.write(Batch(b"", key_steps=(step(writes.DELETE_RECORD_KEY, *gone),)))
        assert secret not in file.read_bytes()

    run(scene())
    assert not file.with_name(f"{KEYS}-wal").exists()
