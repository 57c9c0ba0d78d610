"""The demo's past: everything under its own name and date, all of it through the gate."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from carnet.population.demo import people, relations
from carnet.population.demo.callers import caller_named, citizen_caller
from carnet.population.demo.documents import documents
from carnet.population.demo.model import DemoPerson
from carnet.population.demo.seeding import MovingClock, seed
from carnet.record.access.model import RelationKind
from carnet.record.caller import Purpose
from carnet.record.errors import CarnetError
from carnet.record.lifecycle import RecordState
from carnet.record.store_kind import StoreKind
from carnet.record.trace import Chain, Outcome, Trace
from carnet.storage import records
from carnet.storage.create import create_embedded
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_thread import ThreadWriter
from carnet.storage.store import Store, journal_key, open_embedded
from carnet.storage.tracing import read_chain
from carnet.usecases import consultation, lifecycle, sharing
from carnet.usecases.gate import Gate
from carnet.usecases.policy import Policy
from carnet.usecases.requests import DocumentQuery
from tests.usecases.bench import doctor

AS_OF = date(2026, 11, 24)
NOON = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp())


class Seeded:
    """A seeded store, and what is asked of it."""

    def __init__(self, runner: asyncio.Runner, store: Store, told: list[int], done: int) -> None:
        self.run = runner.run
        self.store = store
        self.told = told
        self.done = done
        self.gate = Gate(store, Policy(accept_test_ins=True), clock=MovingClock(NOON + 60))

    def traces(self, person: DemoPerson) -> list[Trace]:
        """All traces of somebody's record; none where they have no record."""

        async def read() -> list[Trace]:
            record_id = await records.record_of_ins(self.store, person.ins.matricule)
            if record_id is None:
                return []
            sealer = await self.store.keys.sealer(record_id)
            return [
                trace for chain in Chain for trace in await read_chain(self.store, sealer, chain)
            ]

        return self.run(read())


@contextmanager
def _opened(directory: Path) -> Iterator[Seeded]:
    master = create_embedded(directory, StoreKind.DEMO, directory.with_name("store.key"))
    told: list[int] = []

    async def fill() -> tuple[Store, int]:
        writer = ThreadWriter(Ledger(directory, await journal_key(directory, master)))
        store = await open_embedded(directory, master, writer)
        policy = Policy(accept_test_ins=True)
        done = await seed(lambda clock: Gate(store, policy, clock=clock), AS_OF, told.append)
        return store, done

    with asyncio.Runner() as runner:
        store, done = runner.run(fill())
        yield Seeded(runner, store, told, done)
        runner.run(store.close())


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    with _opened(tmp_path_factory.mktemp("seeded") / "store") as made:
        yield made


def test_every_document_is_fed_and_progress_is_told(seeded: Seeded) -> None:
    assert seeded.done == sum(seeded.told) == len(list(documents(AS_OF)))
    assert len(seeded.told) == len(people())


def test_every_record_is_in_the_state_that_it_is_to_have(seeded: Seeded) -> None:
    for person in people():
        found = seeded.run(lifecycle.check_record(seeded.gate, citizen_caller(person), person.ins))
        state = found.state if found is not None else RecordState.NONE
        assert state is person.record, person.key


def test_no_act_was_refused_and_none_is_from_the_future(seeded: Seeded) -> None:
    for person in people():
        for trace in seeded.traces(person):
            assert trace.outcome is Outcome.PERMITTED
            assert trace.at // 1_000_000 <= NOON + 3600


def test_documents_are_traced_at_their_deposit_under_who_made_it(seeded: Seeded) -> None:
    traces = {person.key: seeded.traces(person) for person in people()}
    for one in documents(AS_OF):
        name = caller_named(one.author).name
        assert any(
            trace.act == "submit"
            and trace.name == name
            and 0 <= trace.at // 1_000_000 - one.deposited_at < 60
            for trace in traces[one.patient]
        ), one.key


def test_every_citizen_finds_what_they_may_and_their_doctor_what_they_may(seeded: Seeded) -> None:
    fed = list(documents(AS_OF))
    for person in people():
        if person.record is not RecordState.OPEN:
            continue
        mine = [one for one in fed if one.patient == person.key]
        replaced = {one.replaces for one in mine if one.replaces}
        current = [one for one in mine if one.unique_id not in replaced]
        query = DocumentQuery(patient=person.ins, count=500)
        found = seeded.run(consultation.find(seeded.gate, citizen_caller(person), query))
        waiting = [one for one in current if "INVISIBLE_PATIENT" in one.visibility]
        assert len(current) - len(waiting) <= found.total <= len(current)
        if person.doctor is not None:
            doctors = seeded.run(consultation.find(seeded.gate, caller_named(person.doctor), query))
            assert doctors.total == len(current)


def test_every_tie_of_the_data_is_made(seeded: Seeded) -> None:
    for person in people():
        wanted = [tie for tie in relations() if tie.patient == person.key]
        if person.record is not RecordState.OPEN:
            continue
        lines = seeded.run(
            sharing.find_ties(seeded.gate, citizen_caller(person), person.ins, None, None)
        )
        assert sorted((line.kind, line.actor.extension) for line in lines) == sorted(
            (tie.kind, tie.actor.extension) for tie in wanted
        )
        civil = (RelationKind.PARENT, RelationKind.JUDGMENT)
        assert all((line.made_by == "operator") is (line.kind in civil) for line in lines)


def test_who_opposed_break_glass_is_not_read_in_it(seeded: Seeded) -> None:
    rescuer = doctor(purpose=Purpose.BREAK_GLASS, reason="inconscient")
    opposed = [one for one in people() if one.break_glass_opposed]
    assert opposed
    for person in opposed:
        with pytest.raises(CarnetError) as caught:
            seeded.run(consultation.find(seeded.gate, rescuer, DocumentQuery(patient=person.ins)))
        assert caught.value.code == "break-glass-refused"


def test_a_moving_clock_is_never_twice_at_the_same_instant() -> None:
    clock = MovingClock(NOON)
    first, second = clock(), clock()
    assert NOON * 1_000_000 < first < second
    clock.set(NOON + 1)
    assert clock() > (NOON + 1) * 1_000_000
