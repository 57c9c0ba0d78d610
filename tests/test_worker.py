"""The worker on both engines: leases, order, repetition, and what its events leave behind."""

from __future__ import annotations

import asyncio
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard

from carnet.cli.private_postgresql import PrivatePostgresql, database_of_its_own
from carnet.cli.stores import make_store, opened
from carnet.formats.fhir.dump import with_base
from carnet.logs import Log
from carnet.record.caller import Caller
from carnet.record.document import Status
from carnet.record.errors import CarnetError
from carnet.record.identity import Sex, Traits
from carnet.record.store_kind import StoreKind
from carnet.record.structures import actor_key
from carnet.record.trace import Act, Chain
from carnet.record.visibility import due_date
from carnet.settings import load
from carnet.storage import entries, reads, writes
from carnet.storage.batch import Batch, Reader, step
from carnet.storage.codes import DerivedKind, EventKind
from carnet.storage.statements import Row, Statement
from carnet.usecases import feeding
from carnet.usecases.requests import DeclaredEntry, MemoryContent, SubmittedDocument
from carnet.worker import LEASE, Worker
from tests.formats.cda.minimal import changed
from tests.usecases.bench import OPERATOR, Bench, Desk, Person, doctor, document, fresh_id, person

_AUTHOR = 8


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """A store of this module alone: a worker takes whatever is due."""
    directory = tmp_path_factory.mktemp("worker") / "store"
    if request.param == "sqlite":
        yield from _opened(directory, None)
        return
    server: PrivatePostgresql = request.getfixturevalue("postgresql_server")
    with database_of_its_own(server) as url:
        yield from _opened(directory, url)


def _opened(directory: Path, url: str | None) -> Iterator[Bench]:
    told = {"data": directory, "kind": "test", "database": url, "keys_database": url}
    settings = load(None, {}, told)
    make_store(settings, StoreKind.TEST)
    with asyncio.Runner() as runner:
        context = opened(settings)
        yield Bench(runner, runner.run(context.__aenter__()))
        runner.run(context.__aexit__(None, None, None))


class Shift:
    """A desk with a worker, and the log of that worker."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._text = io.StringIO()
        self.worker = self.colleague()

    def colleague(self) -> Worker:
        """Another worker over the same store and clock."""
        return Worker(self.desk.gate, Log(self._text))

    def turn(self) -> int:
        """One turn of the worker."""
        return self.desk.run(self.worker.turn())

    def drain(self) -> None:
        """Turns until nothing is due."""
        while self.turn():
            pass

    def logged(self, event: str) -> list[dict[str, object]]:
        """The lines of an event in the log."""
        lines = [json.loads(line) for line in self._text.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]

    def events(self, whose: Person) -> list[Row]:
        """The events of a record: number, kind, entry, leased until, attempts."""
        everything = 1 << 40
        rows = self.desk.run(self.desk.store.main.fetch(reads.DUE_EVENTS, everything, 10_000))
        record_id = self.desk.record_of(whose)
        return [row[1:] for row in rows if row[0] == record_id]

    def lease(self, whose: Person, event_no: int, until: int) -> None:
        """Take an event, as a worker does before it is killed."""
        record_id = self.desk.record_of(whose)
        taken = step(writes.LEASE_EVENT, (record_id, event_no, 0, until), expect=1)
        self.desk.run(self.desk.gate.write(Batch(record_id, steps=(taken,))))

    def put_back(self, whose: Person, event: Row) -> None:
        """Have an event that was done stand there again."""
        record_id = self.desk.record_of(whose)
        row = (record_id, event[0], event[1], event[2], 0, 0, b"")
        again = step(writes.INSERT_EVENT, row)
        self.desk.run(self.desk.gate.write(Batch(record_id, steps=(again,))))

    def derived(self, whose: Person) -> Counter[int]:
        """How often each entry was derived from, by the traces."""
        chains = self.desk.chain(whose) + self.desk.chain(whose, Chain.WITHHELD)
        return Counter(n for trace in chains if trace.act is Act.DERIVE for n in trace.entries)


@pytest.fixture
def shift(bench: Bench) -> Shift:
    """A worker with nothing to do yet."""
    made = Shift(bench.desk())
    made.drain()
    return made


BASE = "https://carnet.example/fhir"


def text_of(desk: Desk, whose: Person, entry_no: int) -> bytes | None:
    """The sealed text of an entry, unsealed."""
    record_id = desk.record_of(whose)
    rows = desk.run(
        desk.store.main.fetch(reads.DERIVED, record_id, entry_no, int(DerivedKind.TEXT))
    )
    if not rows:
        return None
    sealer = desk.run(desk.store.keys.sealer(record_id))
    opened_ = sealer.unseal(b"text", entry_no.to_bytes(8, "big"), rows[0][1])
    return zstandard.ZstdDecompressor().decompress(opened_)


def lines_of(desk: Desk, actor: str, whose: Person) -> list[int]:
    """The entries of a record that the directory knows of an actor."""
    hashed = desk.store.keys.hasher.actor(actor)
    rows = desk.run(desk.store.main.fetch(reads.ACTOR_LINES, hashed, _AUTHOR))
    record_id = desk.record_of(whose)
    return sorted(entry_no for found, entry_no, _ in rows if found == record_id)


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


def test_every_authors_and_structures_lines_are_written(shift: Shift) -> None:
    desk = shift.desk
    whose, one, two = desk.citizen(), doctor(), doctor()
    desk.run(feeding.submit(desk.gate, one, document(whose, [one, two])))
    desk.feed(whose, two)
    shift.drain()
    found = {
        actor: lines_of(desk, actor_key(identifier), whose)
        for actor, identifier in (
            ("one", one.identifier),
            ("her house", one.structure),
            ("two", two.identifier),
            ("his house", two.structure),
        )
        if identifier is not None
    }
    assert found == {"one": [1], "her house": [1], "two": [1, 2], "his house": [2]}


def test_narrative_text_is_kept_sealed(shift: Shift) -> None:
    desk = shift.desk
    whose = desk.citizen()
    desk.feed(whose, doctor(), data="Fièvre d'origine inventée".encode())
    desk.feed(whose, doctor(), mime_type="application/pdf", data=b"%PDF-1.4 invented")
    shift.drain()
    assert text_of(desk, whose, 1) == "Fièvre d'origine inventée".encode()
    assert text_of(desk, whose, 2) is None
    record_id = desk.record_of(whose)
    kept = desk.run(desk.store.main.fetch(reads.DERIVED, record_id, 1, int(DerivedKind.TEXT)))
    assert b"invent" not in kept[0][1]


CLAIRE = Traits("ESSAI", "CLAIRE", Sex.FEMALE, "1979-03-28", birth_place="51215")


def cda(whose: Person, unique_id: str, *, replaces: str | None = None) -> SubmittedDocument:
    """A CDA document, that may say which one it replaces."""
    related = ""
    if replaces is not None:
        related = f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{replaces}"/>'
        related += "</parentDocument></relatedDocument>"
    data = changed(
        ('<id root="1.2.250.1.999.1.1"/>', f'<id root="{unique_id}"/>'),
        ("279035121518989", whose.ins.matricule),
        ("<componentOf>", related + "<componentOf>"),
    )
    return SubmittedDocument(MemoryContent(data), DeclaredEntry())


def test_a_replaced_document_that_comes_late_is_superseded(shift: Shift) -> None:
    desk = shift.desk
    whose = Person(person().ins, CLAIRE)
    desk.open(whose)
    earlier, later = fresh_id(), fresh_id()
    first = desk.run(feeding.submit(desk.gate, OPERATOR, cda(whose, later, replaces=earlier)))
    assert "replaced-absent" in {notice.code for notice in first.warnings}
    shift.drain()
    awaited = found(desk, whose)[later]["relatesTo"][0]["target"]
    assert "reference" not in awaited
    assert awaited["identifier"]["value"].endswith(earlier)
    late = desk.run(feeding.submit(desk.gate, OPERATOR, cda(whose, earlier)))
    assert found(desk, whose).keys() == {earlier, later}
    shift.drain()
    resources = found(desk, whose)
    assert resources.keys() == {later}
    target = resources[later]["relatesTo"][0]["target"]["reference"]
    assert target.endswith(f"DocumentReference/{late.entry_uuid}")
    superseded = found(desk, whose, Status.DEPRECATED)
    assert superseded.keys() == {earlier}
    assert superseded[earlier]["status"] == "superseded"
    key = desk.store.keys.hasher.unique_id(earlier)
    assert desk.run(desk.store.main.fetch(reads.AWAITED, desk.record_of(whose), key)) == []
    # Both changes stand in the evidence of the same act.
    assert [t.entries for t in desk.chain(whose) if t.act is Act.DERIVE][-1] == (2, 2, 1)


def found(
    desk: Desk, whose: Person, status: Status = Status.APPROVED, by: Caller | None = None
) -> dict[str, Any]:
    """What the citizen, or ``by``, finds: resources by uniqueId."""
    entries_ = desk.find(by or whose.caller, whose, statuses=(status,)).entries
    resources = [orjson.loads(with_base(entry.resource, BASE)) for entry in entries_]
    return {one["masterIdentifier"]["value"].removeprefix("urn:oid:"): one for one in resources}


def test_invisibility_ends_by_its_date_and_the_worker_writes_it(shift: Shift) -> None:
    desk = shift.desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    shift.drain()
    due = due_date(desk.gate.now())
    assert found(desk, whose) == {}
    desk.clock.set(due - 5)
    assert found(desk, whose) == {}
    assert shift.turn() == 0
    # At once, before any worker has looked: decide honours the date.
    desk.clock.set(due)
    before = found(desk, whose)[fed.unique_id]
    assert before["id"] == fed.entry_uuid
    withheld = desk.run(
        desk.store.traces.fetch(reads.CHAIN_HEAD, desk.record_of(whose), int(Chain.WITHHELD))
    )
    shift.drain()
    after = found(desk, whose)[fed.unique_id]
    assert after["id"] != fed.entry_uuid
    assert "INVISIBLE_PATIENT" not in orjson.dumps(after).decode()
    assert desk.read(whose.caller, fed.entry_uuid).entry_uuid == after["id"]
    ended = [trace for trace in desk.chain(whose) if trace.act is Act.FLAG_ENDED]
    assert [trace.entries for trace in ended] == [(1, 2)]
    assert [trace.criteria for trace in ended] == [
        f"withheld:{withheld[0][0]}:{withheld[0][1].hex()}"
    ]
    assert shift.events(whose) == []


def test_invisibility_that_was_lifted_earlier_ends_no_second_time(shift: Shift) -> None:
    desk = shift.desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    shown = desk.show(author, fed.entry_uuid, hidden_from_patient=False)
    desk.clock.set(due_date(desk.gate.now()))
    shift.drain()
    assert found(desk, whose)[fed.unique_id]["id"] == shown.entry_uuid
    assert not [trace for trace in desk.chain(whose) if trace.act is Act.FLAG_ENDED]
    assert shift.events(whose) == []
