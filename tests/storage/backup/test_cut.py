"""The embedded databases at one instant, while the ledger writes as fast as it can."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from carnet.record.errors import CarnetError
from carnet.storage.backup import cut as module
from carnet.storage.backup.cut import copy_database, cut, open_copy, size_of
from carnet.storage.batch import Batch
from carnet.storage.ledger import DONE, Ledger
from carnet.storage.sqlite import FILES, KEYS, MAIN, TRACES
from tests.storage.rigs import JOURNAL_KEY, SqlitePlace, a_key, a_record, a_trace, an_id

GROUP = 3  # batches that the ledger writes at once
IDS = {KEYS: "record_key", MAIN: "record", TRACES: "trace"}


def batch(number: int) -> Batch:
    """An opening: a key, a record, a trace."""
    record_id = an_id(number)
    return Batch(
        record_id,
        key_steps=(a_key(record_id),),
        steps=(a_record(record_id),),
        traces=(a_trace(record_id, number),),
    )


@contextlib.contextmanager
def written(directory: Path) -> Iterator[None]:
    """A ledger that opens record after record, its logs moved as it goes, as in a server."""
    ledger = Ledger(directory, JOURNAL_KEY)
    stopping, results = threading.Event(), []

    def write() -> None:
        number = 0
        while not stopping.is_set():
            results.extend(ledger.commit([batch(number + i) for i in range(GROUP)]))
            ledger.tidy()
            number += GROUP

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
        ledger.close()
    assert set(results) == {DONE}  # nobody was refused for a backup


def ids(connection: sqlite3.Connection, name: str) -> set[bytes]:
    return {row[0] for row in connection.execute(f"SELECT record_id FROM {IDS[name]}")}  # noqa: S608


def test_no_database_is_more_than_a_group_ahead_of_the_next(
    sqlite_place: SqlitePlace, tmp_path: Path
) -> None:
    directory = sqlite_place.directory
    seen = -1
    with written(directory):
        for round_ in range(12):
            copies = {name: tmp_path / f"{name}.{round_}" for name in FILES}
            with cut(directory) as moment:
                for name, copy in copies.items():
                    copy_database(moment.readers[name], copy, name, lambda _: None)
            found = {}
            for name, copy in copies.items():
                with contextlib.closing(open_copy(copy)) as connection:
                    found[name] = ids(connection, name)
            assert found[KEYS] >= found[MAIN] >= found[TRACES]
            assert len(found[KEYS]) - len(found[TRACES]) <= GROUP
            assert len(found[TRACES]) >= seen
            seen = len(found[TRACES])
    assert seen > 0


def test_a_copy_holds_the_instant_and_nothing_later(
    sqlite_place: SqlitePlace, tmp_path: Path
) -> None:
    directory = sqlite_place.directory
    ledger = Ledger(directory, JOURNAL_KEY)
    ledger.commit([batch(1)])
    moved: list[int] = []
    with cut(directory) as moment:
        ledger.commit([batch(2)])
        copy_database(moment.readers[MAIN], tmp_path / "copy", MAIN, moved.append)
    with contextlib.closing(open_copy(tmp_path / "copy")) as connection:
        assert ids(connection, MAIN) == {an_id(1)}
    assert sum(moved) == (tmp_path / "copy").stat().st_size <= size_of(directory, MAIN)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "data"]
    ledger.commit([batch(3)])  # nobody holds a lock any more
    ledger.close()


def test_a_store_at_rest_is_left_as_it_was(sqlite_place: SqlitePlace) -> None:
    directory = sqlite_place.directory
    ledger = Ledger(directory, JOURNAL_KEY)
    ledger.commit([batch(1)])
    ledger.close()
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    with cut(directory) as moment:
        assert ids(moment.readers[TRACES], TRACES) == {an_id(1)}
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == before


@pytest.mark.parametrize("name", FILES)
def test_a_database_that_somebody_holds_is_named_and_the_others_are_let_go(
    name: str, sqlite_place: SqlitePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 1)  # ms
    connections = {n: sqlite3.connect(sqlite_place.directory / n, timeout=0) for n in FILES}
    for connection in connections.values():
        connection.isolation_level = None
    connections[name].execute("BEGIN IMMEDIATE")
    with pytest.raises(CarnetError) as caught, cut(sqlite_place.directory):
        pass
    assert (caught.value.code, caught.value.params) == ("backup-store-locked", {"name": name})
    for other in set(FILES) - {name}:
        connections[other].execute("BEGIN IMMEDIATE")
    for connection in connections.values():
        connection.close()
