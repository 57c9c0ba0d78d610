"""A disk that is full beneath the ledger: what stands is told, and service resumes with room.

``max_page_count`` makes SQLite itself refuse to grow a file: the SQLITE_FULL of a full disk.
"""

from __future__ import annotations

import sqlite3

import pytest

from carnet.storage import writes
from carnet.storage.batch import Batch, Conflict, SealedTrace, Unwritten, WriterLost, step
from carnet.storage.disk import CODES, FAILING, FULL, code_of
from carnet.storage.ledger import DONE, UNKNOWN, UNWRITTEN
from carnet.storage.ledger_socket import raise_result
from tests.storage.rigs import SqlitePlace, a_key, a_record, a_trace, an_id, run
from tests.storage.test_batch import chain
from tests.storage.test_ledger import an_event, ledger

ONE, TWO = an_id(1), an_id(2)
NO_ROOM = next(result for result, code in UNWRITTEN.items() if code == FULL)
LARGE = bytes(1_000_000)


def _fill(connection: sqlite3.Connection) -> None:
    """Let a file not grow any more."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")


def _empty(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA max_page_count=1000000")


def _large(record_id: bytes) -> Batch:
    return Batch(record_id, (step(writes.INSERT_SUBMISSION, (record_id, 1, LARGE)),))


def _acting(record_id: bytes, trace: SealedTrace) -> Batch:
    """A batch whose trace is in its event, too."""
    return Batch(record_id, (a_record(record_id), an_event(record_id, 1, (trace,))), (trace,))


def test_a_full_main_database_takes_nothing_of_a_group_and_the_next_with_room(
    sqlite_place: SqlitePlace,
) -> None:
    with ledger(sqlite_place) as opened:
        assert opened.commit([Batch(ONE, (a_record(ONE),))]) == [DONE]
        _fill(opened._main)
        assert opened.commit([Batch(TWO, (a_record(TWO),)), _large(ONE)]) == [NO_ROOM, NO_ROOM]
        _empty(opened._main)
        assert opened.commit([Batch(TWO, (a_record(TWO),)), _large(ONE)]) == [DONE, DONE]


def test_a_full_key_store_takes_no_record(sqlite_place: SqlitePlace) -> None:
    with ledger(sqlite_place) as opened:
        _fill(opened._keys)
        keys = tuple(a_key(an_id(number)) for number in range(1000))
        batch = Batch(ONE, (a_record(ONE),), key_steps=keys)
        assert opened.commit([batch]) == [NO_ROOM]
        _empty(opened._keys)
        assert opened.commit([batch]) == [DONE]


def test_where_only_traces_find_no_room_an_act_is_unknown_and_completed_later(
    sqlite_place: SqlitePlace,
) -> None:
    trace = SealedTrace(ONE, 0, an_id(7), LARGE)
    alone = SealedTrace(TWO, 0, an_id(8), LARGE)
    with ledger(sqlite_place) as opened:
        _fill(opened._traces)
        reading = Batch(TWO, traces=(alone,))
        assert opened.commit([_acting(ONE, trace), reading]) == [UNKNOWN, NO_ROOM]
        assert opened.commit([Batch(TWO, (a_record(TWO),))]) == [NO_ROOM]  # first what is missing
        _empty(opened._traces)
        assert opened.commit([Batch(TWO, (a_record(TWO),))]) == [DONE]
    assert run(chain(sqlite_place, ONE)) == [trace.trace_id]
    assert run(chain(sqlite_place, TWO)) == []


def test_a_ledger_that_opens_finds_what_is_missing_after_a_full_disk(
    sqlite_place: SqlitePlace,
) -> None:
    trace = SealedTrace(ONE, 0, an_id(7), LARGE)
    with ledger(sqlite_place) as opened:
        _fill(opened._traces)
        assert opened.commit([_acting(ONE, trace)]) == [UNKNOWN]
    with ledger(sqlite_place) as opened:
        assert opened.completed == 1
        assert opened.commit([Batch(ONE, traces=(a_trace(ONE, 9),))]) == [DONE]


def test_each_result_is_its_exception() -> None:
    batch = Batch(ONE, (a_record(ONE),))
    raise_result(batch, DONE)
    with pytest.raises(Conflict):
        raise_result(batch, 0)
    for result, code in UNWRITTEN.items():
        with pytest.raises(Unwritten) as told:
            raise_result(batch, result)
        assert told.value.code == code
    with pytest.raises(WriterLost) as lost:
        raise_result(batch, UNKNOWN)
    assert lost.value.code == "store-unavailable"


def _sqlite(code: int) -> sqlite3.OperationalError:
    fault = sqlite3.OperationalError("invented")
    fault.sqlite_errorcode = code
    return fault


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (_sqlite(sqlite3.SQLITE_FULL), FULL),
        (_sqlite(sqlite3.SQLITE_IOERR_FSYNC), FAILING),
        (_sqlite(sqlite3.SQLITE_CANTOPEN), FAILING),
        (_sqlite(sqlite3.SQLITE_IOERR_SHORT_READ), None),
        (_sqlite(sqlite3.SQLITE_BUSY), None),
        (sqlite3.OperationalError("no such table"), None),
        (sqlite3.IntegrityError("unique"), None),
        (OSError(28, "full"), FULL),
        (OSError(5, "input/output"), FAILING),
        (ValueError("of another kind"), None),
    ],
)
def test_faults_of_the_disk_are_told_from_others(fault: Exception, code: str | None) -> None:
    assert code_of(fault) == code
    assert code in (None, *CODES)
