"""Rounds of torture on one store: load, a fault in the middle of it, then the reckoning."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from carnet.cli.private_postgresql import PrivatePostgresql
from tests.system.durability import clients
from tests.system.durability.server import Server, new_store
from tests.torture.clocks import Clock
from tests.torture.disks import Disk, FailingDisk, small_disk
from tests.torture.faults import Fault, World, faults_of
from tests.torture.load import Load, Person
from tests.torture.reckoning import finish_events, lost_documents, orphans, verify, verify_since

MOST = 5000  # documents of a store
_BLOCK = 4  # rounds with one way to start the server
_AT_ONCE = 10  # people of a round
WRITES = ("open", "submit", "replace", "hide", "tie")


class Tally(msgspec.Struct):
    """What was counted of a kind of fault."""

    rounds: int = 0
    seconds: float = 0.0
    writes: int = 0
    answers: Counter[int] = msgspec.field(default_factory=Counter)
    broken: int = 0


class Result(msgspec.Struct):
    """What came of it all."""

    engine: str
    disk: str
    tallies: dict[str, Tally]
    acknowledged: Counter[str]
    documents: int
    lost: list[str]
    events_left: int
    orphans: int


class Torture:
    """A store and what is done to it."""

    def __init__(
        self,
        folder: Path,
        disk: Disk,
        hands: Executor,
        postgresql: PrivatePostgresql | None,
        *,
        seed: int,
        people: int,
        pace: float,
    ) -> None:
        self._chance = random.Random(seed)
        self._folder = folder
        database = postgresql.new_database() if postgresql is not None else None
        new_store(disk.place, database)
        self._server = Server(disk.place, database=database)
        self._bare = dict(self._server.environment)
        self._world = World(
            server=self._server,
            chance=self._chance,
            disk=disk,
            failing=FailingDisk(folder),
            clock=Clock(folder),
            hands=hands,
            pace=pace,
            postgresql=postgresql,
        )
        self.people = [Person(clients.person(number)) for number in range(people)]
        self._anchor = folder / "anchor"
        self._number = 0
        self._start = ""
        self.tallies: dict[str, Tally] = {}
        self.acknowledged: Counter[str] = Counter()

    def rage(self, faults: Sequence[Fault], tell: Callable[[str], None] = lambda _: None) -> Result:
        """A round of each fault, in this order, each told; and the reckoning at the end."""
        try:
            for fault in faults:
                begun = time.monotonic()
                load = self.round(fault)
                seconds = time.monotonic() - begun
                self._count(fault, load, seconds)
                writes = sum(load.acknowledged[act] for act in WRITES)
                tell(
                    f"round {self._number:3} {fault.name:32} {seconds:5.1f} s {writes:4} writes,"
                    f" answers {dict(sorted(load.answers.items()))}, {load.broken} broken off"
                )
            return self._reckon()
        finally:
            self._end()

    def round(self, fault: Fault) -> Load:
        """Load with a fault in it; all of the load must be acknowledged, and `verify` finds no
        damage.
        """
        self._ready(fault.start)
        self._number += 1
        world = self._world
        load = Load(
            self._server,
            self._chance,
            world.clock if fault.start == "clock" else None,
            room=MOST - sum(len(person.documents) for person in self.people),
        )
        asyncio.run(self._round(fault, load))
        defects = self._server.logged("fhir-defect") + self._server.logged("child-failed")
        assert not defects, defects
        verify_since(self._server, self._anchor)
        return load

    async def _round(self, fault: Fault, load: Load) -> None:
        some = self._chance.sample(self.people, min(_AT_ONCE, len(self.people)))
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for place, person in enumerate(some):
                group.create_task(load.live(person, f"{self._number}.{place}", over))
            await fault.strike(self._world)
            over.set()

    def _ready(self, start: str) -> None:
        """Have a server that was started this way."""
        if start == self._start:
            return
        self._end()
        server, world = self._server, self._world
        more: dict[str, dict[str, str]] = {
            "plain": {},
            "fiu": world.failing.environment,
            "clock": world.clock.environment,
        }
        server.environment = {**self._bare, **more[start]}
        server.start()
        first = not self._start
        self._start = start
        if first:
            load = Load(server, self._chance)
            asyncio.run(self._open_all(load))
            self.acknowledged += load.acknowledged
            verify_since(server, self._anchor)

    async def _open_all(self, load: Load) -> None:
        async with asyncio.TaskGroup() as group:
            for person in self.people:
                group.create_task(load.open(person))

    def _end(self) -> None:
        if not self._server.ended:
            assert self._server.end() == 0, self._server.log_text()[-3000:]

    def _count(self, fault: Fault, load: Load, seconds: float) -> None:
        tally = self.tallies.setdefault(fault.name, Tally())
        tally.rounds += 1
        tally.seconds += seconds
        tally.writes += sum(load.acknowledged[act] for act in WRITES)
        tally.answers += load.answers
        tally.broken += load.broken
        self.acknowledged += load.acknowledged

    def _reckon(self) -> Result:
        """Everything acknowledged is read back; events are worked off; a whole check; orphans."""
        self._ready("plain")
        lost = asyncio.run(lost_documents(Load(self._server, self._chance), self.people))
        self._end()
        verify(self._server)
        left = asyncio.run(finish_events(self._server))
        collected = orphans(self._server)
        return Result(
            engine="postgresql" if self._world.postgresql is not None else "sqlite",
            disk=self._world.disk.kind,
            tallies=self.tallies,
            acknowledged=self.acknowledged,
            documents=sum(len(person.documents) for person in self.people),
            lost=lost,
            events_left=left,
            orphans=collected,
        )


@contextlib.contextmanager
def torture(
    folder: Path, engine: str, *, seed: int, people: int, pace: float = 1.0
) -> Iterator[Torture]:
    """A store on a disk of its own, and its database; all is removed at the end.

    ``pace`` makes faults shorter, or longer.
    """
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(small_disk(folder / "disk"))
        hands = stack.enter_context(ThreadPoolExecutor(1))
        postgresql: PrivatePostgresql | None = None
        if engine == "postgresql":
            postgresql = stack.enter_context(PrivatePostgresql())
        yield Torture(folder, disk, hands, postgresql, seed=seed, people=people, pace=pace)


def plan(engine: str, rounds: int, seed: int) -> list[Fault]:
    """Faults in random order, in blocks that share how a server is started."""
    chance = random.Random(seed)
    faults = faults_of(postgresql=engine == "postgresql")
    planned: list[Fault] = []
    while len(planned) < rounds:
        first = chance.choices(faults, [fault.weight for fault in faults])[0]
        alike = [fault for fault in faults if fault.start == first.start]
        weights: list[Any] = [fault.weight for fault in alike]
        planned += [first, *chance.choices(alike, weights, k=_BLOCK - 1)]
    return planned[:rounds]
