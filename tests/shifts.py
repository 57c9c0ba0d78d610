"""A worker over a store of its own, on both engines, and what its tests look at."""

from __future__ import annotations

import asyncio
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from carnet.cli.private_postgresql import PrivatePostgresql, database_of_its_own
from carnet.cli.stores import make_store, opened
from carnet.logs import Log
from carnet.record.facts import Facts
from carnet.record.store_kind import StoreKind
from carnet.record.trace import Act, Chain
from carnet.settings import load
from carnet.storage import entries, reads, writes
from carnet.storage.batch import Batch, step
from carnet.storage.codes import DerivedKind
from carnet.storage.derived import ADD_SWEEP, CHANGE_SWEEP, SWEEP, derived_steps
from carnet.storage.statements import Row
from carnet.usecases.deriving.sweeping import NAME
from carnet.worker import Worker
from tests.usecases.bench import Bench, Desk, Person

_AUTHOR = 8


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def worker_bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """A store of the worker's tests alone: a worker takes whatever is due."""
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

    def forget(self, whose: Person, entry_no: int) -> None:
        """Have an entry as an older reader left it, and the walk of a better one begin."""
        record_id = self.desk.record_of(whose)
        walk = step(ADD_SWEEP, (NAME, "0.0", b"", 0, 0))

        async def forget() -> None:
            store = self.desk.store
            row = await entries.entry(store, record_id, entry_no)
            assert row is not None
            sealer = await store.keys.sealer(record_id)
            old = derived_steps(sealer, row, (1, "old"), (0, Facts()))
            await self.desk.gate.write(Batch(record_id, (*old, walk)))
            ((_, readers, _, _, until),) = await store.main.fetch(SWEEP, NAME)
            anew = (NAME, readers, until, "0.0", b"", 0, 0)
            await self.desk.gate.write(Batch(record_id, (step(CHANGE_SWEEP, anew, expect=1),)))

        self.desk.run(forget())

    def derived(self, whose: Person) -> Counter[int]:
        """How often each entry was derived from, by the traces."""
        chains = self.desk.chain(whose) + self.desk.chain(whose, Chain.WITHHELD)
        return Counter(n for trace in chains if trace.act is Act.DERIVE for n in trace.entries)


@pytest.fixture
def shift(worker_bench: Bench) -> Shift:
    """A worker with nothing to do yet."""
    made = Shift(worker_bench.desk())
    made.drain()
    return made


def text_of(desk: Desk, whose: Person, entry_no: int) -> bytes | None:
    """The sealed text of an entry, unsealed; None where it has none."""
    record_id = desk.record_of(whose)
    rows = desk.run(
        desk.store.main.fetch(reads.DERIVED, record_id, entry_no, int(DerivedKind.TEXT))
    )
    if not rows:
        return None
    sealer = desk.run(desk.store.keys.sealer(record_id))
    row = desk.run(entries.entry(desk.store, record_id, entry_no))
    assert row is not None
    opened_ = sealer.unseal(b"text", row.logical_id, rows[0][1])
    return zstandard.ZstdDecompressor().decompress(opened_) or None


def lines_of(desk: Desk, actor: str, whose: Person) -> list[int]:
    """The entries of a record that the directory knows of an actor."""
    hashed = desk.store.keys.hasher.actor(actor)
    rows = desk.run(desk.store.main.fetch(reads.ACTOR_LINES, hashed, _AUTHOR))
    record_id = desk.record_of(whose)
    return sorted(entry_no for found, entry_no, _ in rows if found == record_id)
