"""The lives in a store: everything under its own name and date, all of it through the gate."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from carnet.population.callers import caller_of, citizen_caller, ins_at
from carnet.population.filling import fill
from carnet.population.making import Made, all_scripted, make
from carnet.population.model import Does, Life
from carnet.population.scripts.cast import cast
from carnet.population.seeding import MovingClock, deposited_at
from carnet.record.access.model import RelationKind
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
from tests.population import invented

TODAY = date(2026, 11, 25)
NOON = int(datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp())
CAST = cast(TODAY)
CIVIL = (RelationKind.PARENT, RelationKind.JUDGMENT)


class Seeded:
    """A seeded store, and what is asked of it."""

    def __init__(
        self, runner: asyncio.Runner, store: Store, made: list[Made], told: list[int], done: int
    ) -> None:
        self.run = runner.run
        self.store = store
        self.made = made
        self.told = told
        self.done = done
        self.gate = Gate(store, Policy(accept_test_ins=True), clock=MovingClock(NOON))

    @property
    def open(self) -> list[Made]:
        """The lives whose record is open today."""
        return [one for one in self.made if one.life.person.record is RecordState.OPEN]

    def traces(self, life: Life) -> list[Trace]:
        """All traces of somebody's record; none where they have no record."""

        async def read() -> list[Trace]:
            record_id = await records.record_of_ins(self.store, life.person.ins.matricule)
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
    made: list[Made] = []

    def lives() -> Iterator[Made]:
        for one in all_scripted(TODAY, processes=1):
            made.append(one)
            yield one

    async def seed() -> tuple[Store, int]:
        writer = ThreadWriter(Ledger(directory, await journal_key(directory, master)))
        store = await open_embedded(directory, master, writer)
        policy = Policy(accept_test_ins=True)
        gates = lambda clock: Gate(store, policy, clock=clock)  # noqa: E731
        return store, await fill(gates, lives(), CAST, TODAY, told.append)

    with asyncio.Runner() as runner:
        store, done = runner.run(seed())
        yield Seeded(runner, store, made, told, done)
        runner.run(store.close())


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    with _opened(tmp_path_factory.mktemp("seeded") / "store") as made:
        yield made


@pytest.mark.slow
def test_every_document_is_fed_and_progress_is_told(seeded: Seeded) -> None:
    assert seeded.done == sum(seeded.told) == sum(len(one.written) for one in seeded.made)
    assert len(seeded.told) == len(seeded.made) == len(CAST.people)


def test_every_record_is_in_the_state_that_it_is_to_have(seeded: Seeded) -> None:
    for one in seeded.made:
        person = one.life.person
        citizen = citizen_caller(person)
        found = seeded.run(lifecycle.check_record(seeded.gate, citizen, ins_at(person)))
        state = found.state if found is not None else RecordState.NONE
        assert state is person.record, person.key
        if found is not None and person.later_ins is not None:
            assert (found.ins, found.former) == (person.later_ins, (person.ins,))


def test_what_is_refused_is_what_the_lives_say_is_refused(seeded: Seeded) -> None:
    for one in seeded.made:
        refused = [trace for trace in seeded.traces(one.life) if trace.outcome is Outcome.REFUSED]
        foreseen = [act for act in one.life.acts if act.refused]
        assert len(refused) <= len(foreseen), one.life.person.key
        for trace in refused:
            names = {caller_of(CAST, act.who, act.at).name for act in foreseen}
            assert trace.name in names, one.life.person.key


def test_nothing_is_from_the_day_itself(seeded: Seeded) -> None:
    midnight = datetime(2026, 11, 24, 23, tzinfo=UTC).timestamp()
    for one in seeded.made:
        for trace in seeded.traces(one.life):
            assert not midnight <= trace.at / 1_000_000 < NOON  # later ones are these tests'


def test_documents_are_traced_at_their_deposit_under_who_sent_them(seeded: Seeded) -> None:
    for one in seeded.made:
        traces = [trace for trace in seeded.traces(one.life) if trace.act == "submit"]
        for written in one.written:
            fed = deposited_at(one.life, written)
            name = caller_of(CAST, written.sender, fed).name
            assert any(
                trace.name == name and 0 <= trace.at / 1_000_000 - fed.timestamp() < 60
                for trace in traces
            ), (one.life.person.key, written.key)


def test_readings_are_traced_under_who_read(seeded: Seeded) -> None:
    """Each reading that a life tells stands in a chain at its time, under its reader's name."""
    for one in seeded.made:
        traces = seeded.traces(one.life)
        for act in one.life.acts:
            if act.does not in (Does.READ, Does.FIND, Does.HISTORY) or act.refused:
                continue
            name = caller_of(CAST, act.who, act.at).name
            found = [
                trace
                for trace in traces
                if trace.name == name and abs(trace.at / 1e6 - act.at.timestamp()) < 60
            ]
            assert found, (one.life.person.key, act)


def test_every_citizen_finds_what_they_may_and_their_doctor_all(seeded: Seeded) -> None:
    for one in seeded.open:
        person = one.life.person
        replaced = {written.replaces for written in one.written if written.replaces}
        current = [written for written in one.written if written.unique_id not in replaced]
        query = DocumentQuery(patient=ins_at(person), count=500)
        found = seeded.run(consultation.find(seeded.gate, citizen_caller(person), query))
        waiting = [
            document
            for document in one.life.documents
            if "INVISIBLE_PATIENT" in document.visibility and document.announced is None
        ]
        assert len(current) - len(waiting) <= found.total <= len(current), person.key
        if person.doctor is not None:
            doctor = caller_of(CAST, person.doctor)
            doctors = seeded.run(consultation.find(seeded.gate, doctor, query))
            assert doctors.total == len(current), person.key


def test_every_tie_is_made(seeded: Seeded) -> None:
    for one in seeded.open:
        person = one.life.person
        lines = seeded.run(
            sharing.find_ties(seeded.gate, citizen_caller(person), ins_at(person), None, None)
        )
        wanted = {(tie.kind, tie.actor) for tie in one.life.ties}
        wanted |= {(RelationKind.PARENT, key) for key in person.guardians}
        if person.doctor is not None:
            wanted.add((RelationKind.PHYSICIAN, person.doctor))
        assert {line.kind for line in lines} == {kind for kind, _ in wanted}, person.key
        assert len({(line.kind, line.actor) for line in lines}) == len(wanted), person.key
        assert all((line.made_by == "operator") is (line.kind in CIVIL) for line in lines)


def test_what_a_minor_keeps_secret_is_not_there_for_the_parents(seeded: Seeded) -> None:
    tried = 0
    for one in seeded.open:
        person = one.life.person
        secret = [
            document
            for document in one.life.documents
            if "INVISIBLE_REPRESENTANTS_LEGAUX" in document.visibility
        ]
        if not secret or not person.guardians:
            continue
        query = DocumentQuery(patient=ins_at(person), count=500)
        own = seeded.run(consultation.find(seeded.gate, citizen_caller(person), query))
        for key in person.guardians:
            parent = caller_of(CAST, key)
            theirs = seeded.run(consultation.find(seeded.gate, parent, query))
            assert theirs.total == own.total - len(secret)
            tried += 1
    assert tried


def test_a_refusal_stops_the_filling(tmp_path: Path) -> None:
    """What the use cases refuse comes out as it is, and the store can be closed."""
    directory = tmp_path / "store"
    master = create_embedded(directory, StoreKind.DEMO, directory.with_name("store.key"))

    async def seed() -> None:
        writer = ThreadWriter(Ledger(directory, await journal_key(directory, master)))
        store = await open_embedded(directory, master, writer)
        policy = Policy(accept_test_ins=False)  # as a production store
        life = msgspec.structs.replace(invented.life(), acts=())
        lives = iter([make(life, CAST, "test")])
        try:
            await fill(
                lambda clock: Gate(store, policy, clock=clock), lives, CAST, TODAY, lambda _: None
            )
        finally:
            await store.close()

    with pytest.raises(CarnetError) as caught:
        asyncio.run(seed())
    assert caught.value.code == "ins-test-refused"


def test_a_clock_moves_by_itself_a_little() -> None:
    clock = MovingClock(NOON)
    first = clock()
    assert first < clock() < (NOON + timedelta(seconds=1).total_seconds()) * 1_000_000
