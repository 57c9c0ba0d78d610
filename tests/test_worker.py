"""The worker on both engines: leases, order, repetition, failure."""

from __future__ import annotations

import asyncio

from carnet.record.errors import CarnetError
from carnet.record.structures import actor_key
from carnet.record.trace import Act
from carnet.storage import entries, reads
from carnet.storage.batch import Reader
from carnet.storage.codes import EventKind
from carnet.storage.statements import Row, Statement
from carnet.worker import LEASE
from tests.shifts import Shift, lines_of, text_of
from tests.usecases.bench import Desk, doctor


def test_two_workers_never_do_the_same_event(shift: Shift) -> None:
    desk = shift.desk
    people = [desk.citizen() for _ in range(6)]
    for whose in people:
        for _ in range(3):
            desk.feed(whose, doctor())

    async def side_by_side() -> None:
        workers = [shift.colleague() for _ in range(3)]
        while sum(await asyncio.gather(*(worker.turn() for worker in workers))):
            pass

    desk.run(side_by_side())
    for whose in people:
        assert shift.derived(whose) == {1: 1, 2: 1, 3: 1}
        assert shift.events(whose) == []
    assert shift.logged("outbox-failed") == []


def test_a_killed_workers_lease_runs_out(shift: Shift) -> None:
    desk = shift.desk
    whose = desk.citizen()
    shift.drain()
    desk.feed(whose, doctor())
    ((event_no, *_),) = shift.events(whose)
    shift.lease(whose, event_no, desk.gate.now() + LEASE)
    assert shift.turn() == 0
    desk.clock.set(desk.gate.now() + LEASE)
    shift.drain()
    assert shift.derived(whose) == {1: 1}


def test_an_event_waits_for_the_one_before_it(shift: Shift) -> None:
    """Whoever holds the first event of a record, nobody begins the second."""
    desk = shift.desk
    whose, other = desk.citizen(), desk.citizen()
    shift.drain()
    for _ in range(2):
        desk.feed(whose, doctor())
    desk.feed(other, doctor())
    first = shift.events(whose)[0][0]
    shift.lease(whose, first, desk.gate.now() + LEASE)
    shift.drain()
    assert shift.derived(whose) == {}
    assert shift.derived(other) == {1: 1}
    desk.clock.set(desk.gate.now() + LEASE)
    shift.drain()
    made = [t.entries for t in desk.chain(whose) if t.act is Act.DERIVE]
    assert made == [(1,), (2,)]


def test_an_event_that_waits_for_its_day_holds_nobody_up(shift: Shift) -> None:
    desk = shift.desk
    whose = desk.citizen()
    desk.feed(whose, doctor(), visibility=("INVISIBLE_PATIENT",))
    desk.feed(whose, doctor())
    shift.drain()
    assert shift.derived(whose) == {1: 1, 2: 1}
    assert [row[1] for row in shift.events(whose)] == [EventKind.FLAG_DUE]


def test_an_event_done_twice_changes_nothing(shift: Shift) -> None:
    desk = shift.desk
    whose, author = desk.citizen(), doctor()
    shift.drain()
    desk.feed(whose, author)
    (event,) = shift.events(whose)
    shift.drain()
    assert author.identifier is not None
    name = actor_key(author.identifier)

    def state() -> object:
        record_id = desk.record_of(whose)
        row = desk.run(entries.entry(desk.store, record_id, 1))
        return row, desk.counts(whose), text_of(desk, whose, 1), lines_of(desk, name, whose)

    once = state()
    shift.put_back(whose, event)
    shift.drain()
    assert state() == once
    assert shift.events(whose) == []
    assert shift.logged("outbox-failed") == []


def test_an_event_that_fails_is_tried_again_later_and_later(shift: Shift) -> None:
    """Bytes that cannot be read hold up their own record, and nobody else's."""
    desk = shift.desk
    whose, other = desk.citizen(), desk.citizen()
    shift.drain()
    fed = desk.feed(whose, doctor())
    desk.feed(other, doctor())
    object_id = _object_of(desk, fed.unique_id)
    with desk.store.blobs.open(object_id) as source:
        kept = source.read()
    desk.store.blobs.delete(object_id)
    waits = []
    for _ in range(4):
        began = desk.gate.now()
        shift.turn()
        ((_, _, _, due, _),) = shift.events(whose)
        waits.append(due - began)
        desk.clock.set(due)
    assert waits == [2 ** (2 * n) for n in range(4)]
    assert [line["attempts"] for line in shift.logged("outbox-failed")] == [1, 3, 5, 7]
    assert shift.derived(other) == {1: 1}
    desk.store.blobs.write(object_id, (kept,))
    shift.drain()
    assert shift.derived(whose) == {1: 1}


def _object_of(desk: Desk, unique_id: str) -> bytes:
    line = desk.run(entries.document_of(desk.store, unique_id))
    assert line is not None
    row = desk.run(entries.entry(desk.store, *line))
    assert row is not None
    return row.binary_id


class Faltering:
    """A reader whose next reading of a record finds the database away."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.falters = True

    async def fetch(self, statement: Statement, *values: object) -> list[Row]:
        """Rows, or ``store-unavailable`` once."""
        if self.falters and statement is reads.RECORD_AND_TIES:
            self.falters = False
            raise CarnetError("store-unavailable")
        return await self._reader.fetch(statement, *values)

    async def close(self) -> None:
        """Nothing: the reader is another's."""


def test_a_database_that_is_away_loses_no_event(shift: Shift) -> None:
    desk = shift.desk
    whose = desk.citizen()
    shift.drain()
    desk.feed(whose, doctor())
    reader = desk.store.main
    desk.store.main = Faltering(reader)
    try:
        shift.turn()
    finally:
        desk.store.main = reader
    assert len(shift.events(whose)) == 1
    desk.clock.set(desk.gate.now() + LEASE)
    shift.drain()
    assert shift.derived(whose) == {1: 1}


def test_an_idle_worker_reads_anew_what_an_older_reader_read(shift: Shift) -> None:
    desk = shift.desk
    whose = desk.citizen()
    desk.feed(whose, doctor())
    shift.drain()
    shift.forget(whose, 1)

    async def idle() -> None:
        worker = shift.colleague()
        while await worker.sweep():
            pass
        assert await worker.sweep() == 0  # and does not look again at once

    desk.run(idle())
    assert text_of(desk, whose, 1) not in (None, b"old")
    assert shift.logged("deriving-failed") == []
