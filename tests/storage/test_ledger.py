"""What the ledger alone does: one a directory, and traces that a crash parted from their act."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from carnet.record.errors import CarnetError
from carnet.storage import reads, writes
from carnet.storage.batch import Batch, SealedTrace, Step, step
from carnet.storage.ledger import DONE, REFUSED, Ledger
from carnet.storage.sqlite import TRACES
from tests.storage.rigs import (
    JOURNAL_KEY,
    SqlitePlace,
    a_key,
    a_record,
    a_trace,
    an_id,
    an_ins_line,
    rows,
    run,
)
from tests.storage.test_batch import chain, journal_streams

ONE, TWO = an_id(1), an_id(2)


@contextmanager
def ledger(place: SqlitePlace) -> Iterator[Ledger]:
    opened = Ledger(place.directory, JOURNAL_KEY)
    yield opened
    opened.close()


def an_event(record_id: bytes, number: int, traces: Sequence[SealedTrace]) -> Step:
    packed = msgspec.msgpack.encode(tuple(traces))
    return step(writes.INSERT_EVENT, (record_id, number, 1, 1, 0, 0, packed))


def test_a_directory_has_one_ledger(sqlite_place: SqlitePlace) -> None:
    with ledger(sqlite_place):
        with pytest.raises(CarnetError, match="store-busy") as raised:
            Ledger(sqlite_place.directory, JOURNAL_KEY)
        assert raised.value.params == {"directory": str(sqlite_place.directory)}
    with ledger(sqlite_place) as again:
        assert again.commit([Batch(ONE, (a_record(ONE),))]) == [DONE]


def test_a_result_tells_done_refused_or_the_step(sqlite_place: SqlitePlace) -> None:
    too_large = step(writes.INSERT_SUBMISSION, (ONE, 1 << 70, b""))
    with ledger(sqlite_place) as opened:
        results = opened.commit(
            [
                Batch(ONE, (a_record(ONE),), key_steps=(a_key(ONE),)),
                Batch(ONE, (an_ins_line(b"i" * 16, ONE), a_record(ONE))),
                Batch(TWO, (a_record(ONE),), key_steps=(a_key(TWO),)),
                Batch(TWO, (a_record(TWO),), key_steps=(a_key(ONE),)),
                Batch(TWO, (too_large,)),
                Batch(TWO, (a_record(TWO),)),
            ]
        )
    assert results == [DONE, 1, 1, 0, REFUSED, DONE]


def test_the_batches_of_a_group_see_each_other_in_their_order(sqlite_place: SqlitePlace) -> None:
    def touch(version: int) -> Batch:
        return Batch(ONE, (step(writes.TOUCH_RECORD, (ONE, version, 1, 1), expect=1),))

    with ledger(sqlite_place) as opened:
        group = [Batch(ONE, (a_record(ONE),)), touch(1), touch(1), touch(2)]
        assert opened.commit(group) == [DONE, DONE, 0, DONE]


def crash_between_the_commits(place: SqlitePlace, batches: Sequence[Batch]) -> None:
    """Put ``traces.db`` back to what it was before a group: main stands, its traces do not."""
    before = place.directory.with_name("before.db")
    shutil.copy(place.directory / TRACES, before)
    with ledger(place) as opened:
        assert opened.commit(batches) == [DONE] * len(batches)
    for file in place.directory.glob(f"{TRACES}*"):
        file.unlink()
    shutil.copy(before, place.directory / TRACES)


def test_traces_that_a_crash_parted_are_completed_from_their_events(
    sqlite_place: SqlitePlace,
) -> None:
    with ledger(sqlite_place) as opened:
        opened.commit([Batch(ONE, (a_record(ONE),), (a_trace(ONE, 0),))])
    lost = [a_trace(ONE, 1), a_trace(ONE, 2, chain=1), a_trace(TWO, 3)]
    crash_between_the_commits(
        sqlite_place,
        [
            Batch(ONE, (an_event(ONE, 1, lost[:2]),), tuple(lost[:2])),
            Batch(TWO, (a_record(TWO), an_event(TWO, 1, lost[2:])), tuple(lost[2:])),
        ],
    )
    assert run(chain(sqlite_place, ONE)) == [a_trace(ONE, 0).trace_id]
    with ledger(sqlite_place) as opened:
        assert opened.completed == 3
        assert sorted(opened.completed_records) == sorted([ONE, ONE, TWO])
    with ledger(sqlite_place) as opened:
        assert opened.completed == 0
        opened.commit([Batch(ONE, traces=(a_trace(ONE, 9),))])
    assert run(chain(sqlite_place, ONE)) == [a_trace(ONE, n).trace_id for n in (0, 1, 9)]
    assert run(chain(sqlite_place, ONE, 1)) == [a_trace(ONE, 2).trace_id]
    assert run(chain(sqlite_place, TWO)) == [a_trace(TWO, 3).trace_id]
    [bodies] = run(journal_streams(sqlite_place))
    assert len(bodies) == 3


def test_a_trace_that_two_events_hold_is_completed_once(sqlite_place: SqlitePlace) -> None:
    trace = a_trace(ONE, 1)
    events = (an_event(ONE, 1, [trace]), an_event(ONE, 2, [trace]))
    crash_between_the_commits(sqlite_place, [Batch(ONE, events, (trace,))])
    with ledger(sqlite_place) as opened:
        assert opened.completed == 1
    assert run(chain(sqlite_place, ONE)) == [trace.trace_id]


def test_more_events_than_a_page_are_looked_through(sqlite_place: SqlitePlace) -> None:
    ids = [an_id(n) for n in range(300)]
    batches = [
        Batch(
            record,
            (an_event(record, 1, [a_trace(record, 1)]), an_event(record, 2, [])),
            (a_trace(record, 1),),
        )
        for record in ids
    ]
    crash_between_the_commits(sqlite_place, batches)
    with ledger(sqlite_place) as opened:
        assert opened.completed == 300


def test_an_event_that_somebody_made_unreadable_stops_nothing(sqlite_place: SqlitePlace) -> None:
    bad = step(writes.INSERT_EVENT, (ONE, 1, 1, 1, 0, 0, b"\xc1 no traces"))
    with ledger(sqlite_place) as opened:
        opened.commit([Batch(ONE, (bad,))])
    with ledger(sqlite_place) as opened:
        assert opened.completed == 0


def test_a_failure_between_the_commits_is_made_good_before_the_next_group(
    sqlite_place: SqlitePlace,
) -> None:
    trace = a_trace(ONE, 1)
    with ledger(sqlite_place) as opened:
        other = sqlite3.connect(sqlite_place.directory / TRACES, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        opened._traces.execute("PRAGMA busy_timeout=0")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            opened.commit([Batch(ONE, (a_record(ONE), an_event(ONE, 1, [trace])), (trace,))])
        other.execute("ROLLBACK")
        other.close()
        assert opened.commit([Batch(TWO, traces=(a_trace(TWO, 2),))]) == [DONE]
    assert run(chain(sqlite_place, ONE)) == [trace.trace_id]
    assert run(chain(sqlite_place, TWO)) == [a_trace(TWO, 2).trace_id]


def test_what_the_main_database_refuses_leaves_nothing(sqlite_place: SqlitePlace) -> None:
    with ledger(sqlite_place) as opened:
        other = sqlite3.connect(sqlite_place.directory / "carnet.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        opened._main.execute("PRAGMA busy_timeout=0")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            opened.commit([Batch(ONE, (a_record(ONE),), (a_trace(ONE, 1),))])
        other.execute("ROLLBACK")
        other.close()
        assert opened.commit([Batch(ONE, (a_record(ONE),), (a_trace(ONE, 1),))]) == [DONE]
    assert run(chain(sqlite_place, ONE)) == [a_trace(ONE, 1).trace_id]
    assert len(run(rows(sqlite_place, reads.RECORD, ONE))) == 1


def test_a_directory_without_databases_is_left_as_it_is(tmp_path: Path) -> None:
    for _ in range(2):  # the lock is let go
        with pytest.raises(sqlite3.OperationalError):
            Ledger(tmp_path, JOURNAL_KEY)
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.lock"]
