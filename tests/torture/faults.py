"""What befalls a server while people work with it. One function a kind of fault."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor

import msgspec
import psutil

from carnet.cli.private_postgresql import PrivatePostgresql
from tests.system.durability.databases import kill_a_backend, kill_all_of_it, wait_for
from tests.system.durability.server import PATIENCE, Server
from tests.torture.clocks import Clock
from tests.torture.disks import Disk, FailingDisk

_HELD = (0.3, 4.0)  # seconds that a disk is full or fails, from … to
_HOUR = 3600
_JUMPS = (-2 * _HOUR, -1, 0, 600, 26 * _HOUR, 400)  # seconds by which the clock differs
_FULL_AGAIN = 0.02


class World(msgspec.Struct):
    """What a fault may lay hands on.

    ``hands`` is a thread that lives on: PostgreSQL ends when the thread that started it does.
    """

    server: Server
    chance: random.Random
    disk: Disk
    failing: FailingDisk
    clock: Clock
    hands: Executor
    pace: float = 1.0
    postgresql: PrivatePostgresql | None = None

    async def wait(self, least: float = 0.0, most: float = 2.0) -> None:
        """A random moment."""
        await asyncio.sleep(self.pace * self.chance.uniform(least, most))

    def processes(self) -> list[psutil.Process]:
        """All of the server, its supervisor too."""
        return [psutil.Process(self.server.pid), *self.server.children()]


async def kill_children(world: World) -> None:
    """Kill -9 of ledger, web workers and worker, some of them, in any order."""
    roles = ["web", "worker"] if world.postgresql is not None else ["ledger", "web", "worker"]
    for role in world.chance.sample(roles * 2, 3):
        await world.wait()
        await asyncio.to_thread(world.server.kill, role)


async def kill_supervisor(world: World) -> None:
    """Kill -9 of the supervisor; its children end with it, and it is started again."""
    await world.wait()
    children = world.server.children()
    world.server.kill("supervisor")
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, PATIENCE)
    assert not alive, "children outlive a killed supervisor"
    await asyncio.to_thread(_start_again, world.server)


async def kill_everything(world: World) -> None:
    """Kill -9 of all processes at the same moment, as by the power."""
    await world.wait()
    processes = world.processes()
    for process in processes:
        process.suspend()  # so that nobody tidies up
    for process in processes:
        process.kill()
    await asyncio.to_thread(psutil.wait_procs, processes[1:], PATIENCE)
    await asyncio.to_thread(_start_again, world.server)


def _start_again(server: Server) -> None:
    server.end()
    server.start_again()


async def kill_postgresql(world: World) -> None:
    """Kill -9 of a process of PostgreSQL, or of all of it, beside one of Carnet's own."""
    assert world.postgresql is not None
    kill = world.chance.choice((kill_a_backend, kill_all_of_it))
    await world.wait()
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(world.hands, kill, world.postgresql)
    await world.wait()
    await asyncio.to_thread(world.server.kill, world.chance.choice(("web", "worker")))
    await asyncio.to_thread(wait_for, world.postgresql)


async def fill_disk(world: World) -> None:
    """No room at all for a while, now and then with a kill in it; then room again."""
    await world.wait()
    end = asyncio.get_running_loop().time() + world.pace * world.chance.uniform(*_HELD)
    killed = world.chance.random() < 0.5
    try:
        while asyncio.get_running_loop().time() < end:
            await asyncio.to_thread(world.disk.fill, world.processes())
            if killed:
                killed = False
                role = world.chance.choice(("ledger", "web", "worker"))
                await asyncio.to_thread(world.server.kill, role)
            await asyncio.sleep(_FULL_AGAIN)
    finally:
        await asyncio.to_thread(world.disk.free, world.processes())


async def fail_writes(world: World) -> None:
    """Writes and syncs fail for a while, all or some of them, now and then with a kill after it."""
    await world.wait()
    probability = world.chance.choice((0.02, 0.2, 1.0))
    await asyncio.to_thread(world.failing.fail, world.server.children(), probability)
    await world.wait(*_HELD)
    if world.chance.random() < 0.5:
        await asyncio.to_thread(world.server.kill, world.chance.choice(("ledger", "web")))
    await asyncio.to_thread(world.failing.heal, world.server.children())


async def jump(world: World) -> None:
    """The wall clock jumps, forwards and back, and ends right."""
    for _ in range(3):
        await world.wait(0.1, 0.5)
        world.clock.jump(world.chance.choice(_JUMPS))
    await world.wait(0.1, 0.5)
    world.clock.jump(0)


Strike = Callable[[World], Awaitable[None]]


class Fault(msgspec.Struct, frozen=True):
    """A kind of fault, and how a server must be started for it: ``plain``, ``fiu``, ``clock``."""

    name: str
    strike: Strike
    start: str = "plain"
    weight: int = 1


COMMON = (
    Fault("kill -9 of children", kill_children, weight=3),
    Fault("kill -9 of the supervisor", kill_supervisor, weight=2),
    Fault("kill -9 of everything at once", kill_everything, weight=2),
    Fault("full disk", fill_disk, weight=3),
    Fault("failing writes", fail_writes, "fiu", weight=3),
    Fault("clock jumps", jump, "clock", weight=2),
)
OF_POSTGRESQL = (Fault("kill -9 of PostgreSQL", kill_postgresql, weight=3),)


def faults_of(*, postgresql: bool) -> tuple[Fault, ...]:
    """The faults of an engine."""
    return COMMON + OF_POSTGRESQL if postgresql else COMMON
