"""A crash between the two databases: what the event in one holds is completed in the other.

``traces.db`` is put back to how it stood before an act, as if its commit had never come.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable

import pytest

from carnet.cli.stores import completed_records, make_store, opened
from carnet.record.access.model import RelationKind
from carnet.record.store_kind import StoreKind
from carnet.record.trace import Act, Chain, Trace
from carnet.record.visibility import due_date
from carnet.settings import Settings, load
from carnet.storage import reads
from carnet.storage.codes import EventKind
from carnet.storage.sqlite import TRACES
from carnet.storage.store import Store
from carnet.usecases.deriving import DueEvent, follow
from tests.system.durability.server import Server
from tests.system.durability.storm import check_verified
from tests.usecases.bench import NOW, Bench, Desk, Person, doctor, person

Deed = Callable[[Desk, Person], object]
AUTHOR = doctor()


def _one_event(kind: EventKind, at: int) -> Deed:
    """One event of the worker: what it leaves behind is not worked off yet."""

    def do(desk: Desk, whose: Person) -> None:
        desk.clock.set(at)
        rows = desk.run(desk.store.main.fetch(reads.DUE_EVENTS, at, 100))
        record_id = desk.record_of(whose)
        row = next(row for row in rows if (row[0], row[2]) == (record_id, kind))
        desk.run(follow(desk.gate, DueEvent(row[0], row[1], kind, row[3], row[5])))

    return do


DEEDS: dict[Act, Deed] = {
    Act.OPEN_RECORD: lambda desk, whose: desk.open(whose),
    Act.SUBMIT: lambda desk, whose: desk.feed(whose, AUTHOR),
    Act.DERIVE: _one_event(EventKind.SUBMITTED, NOW + 60),
    Act.CHANGE_VISIBILITY: lambda desk, whose: desk.show(
        AUTHOR, _first(desk, whose), hidden_from_professionals=True
    ),
    Act.FLAG_ENDED: _one_event(EventKind.FLAG_DUE, due_date(NOW) + 60),
    Act.GRANT: lambda desk, whose: desk.tie(whose, RelationKind.AUTHORISATION, doctor()),
}


def _first(desk: Desk, whose: Person) -> str:
    return desk.find(AUTHOR, whose).entries[0].entry_uuid


def _with_desk(settings: Settings, deed: Callable[[Desk, Store], object]) -> None:
    with asyncio.Runner() as runner:
        context = opened(settings)
        store = runner.run(context.__aenter__())
        deed(Bench(runner, store).desk(), store)
        runner.run(context.__aexit__(None, None, None))


def _traces(desk: Desk, whose: Person, act: Act) -> list[Trace]:
    chains = desk.chain(whose) + desk.chain(whose, Chain.WITHHELD)
    return [trace for trace in chains if trace.act is act]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    directory = tmp_path_factory.mktemp("parted") / "store"
    made = load(None, {}, {"data": directory, "kind": "test"})
    make_store(made, StoreKind.TEST)
    return made


def _lose_traces(settings: Settings, whose: Person, act: Act) -> list[Trace]:
    """Do an act so that its traces do not reach their database; what they say."""
    assert settings.data is not None
    traces, aside = settings.data / TRACES, settings.data / "aside"
    told: list[Trace] = []

    def prepare(desk: Desk, _: Store) -> None:
        if act is not Act.OPEN_RECORD:
            desk.open(whose)
            desk.feed(whose, AUTHOR, visibility=("INVISIBLE_PATIENT",))
        if act not in (Act.OPEN_RECORD, Act.DERIVE):
            desk.follow(whose)

    def do(desk: Desk, _: Store) -> None:
        DEEDS[act](desk, whose)
        told.extend(_traces(desk, whose, act))

    _with_desk(settings, prepare)
    shutil.copyfile(traces, aside)
    _with_desk(settings, do)
    aside.replace(traces)
    return told


@pytest.mark.parametrize("act", list(DEEDS))
def test_a_trace_that_a_crash_parted_from_its_event_is_completed(
    act: Act, settings: Settings
) -> None:
    whose = person()
    told = _lose_traces(settings, whose, act)
    assert told

    def check(desk: Desk, store: Store) -> None:
        record_id = desk.record_of(whose)
        assert set(completed_records(store)) == {record_id}
        assert _traces(desk, whose, act) == told

    _with_desk(settings, check)
    _with_desk(settings, lambda _, store: completed_records(store) == [] or pytest.fail("again"))


def test_the_next_start_completes_it_and_says_so(settings: Settings) -> None:
    assert settings.data is not None
    whose = person()
    told = _lose_traces(settings, whose, Act.SUBMIT)
    with Server(settings.data, workers=1) as server:
        completed = [line["count"] for line in server.logged("ledger-completed-trace")]
        assert completed == [1]
        check_verified(server)
        assert server.end() == 0
    _with_desk(settings, lambda desk, _: _same(_traces(desk, whose, Act.SUBMIT), told))


def _same(found: list[Trace], told: list[Trace]) -> None:
    assert [trace.id for trace in found] == [trace.id for trace in told]
