"""Who asks for a crowded record waits in order, without holding a place that others need."""

from __future__ import annotations

import asyncio

from carnet.usecases.crowding import Crowds, acting

ONE, OTHER = b"one record", b"another"


class Place:
    """A place in the worker that tells what became of it."""

    def __init__(self) -> None:
        self.taken = True
        self.said: list[str] = []

    def begin(self, *, waived: bool = False) -> None:
        self.taken = True
        self.said.append("begin, waived" if waived else "begin")

    def end(self) -> None:
        self.taken = False
        self.said.append("end")


class Asking:
    """One request: comes to its records in turn, then waits to be let go."""

    def __init__(self, crowds: Crowds, *records: bytes) -> None:
        self.place = Place()
        self.there = False
        self.go = asyncio.Event()
        self.task = asyncio.create_task(self._run(crowds, records))

    async def _run(self, crowds: Crowds, records: tuple[bytes, ...]) -> None:
        with acting(self.place):
            for record in records:
                await crowds.join(record)
            self.there = True
            await self.go.wait()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_few_work_on_one_record_and_the_others_wait_in_order_without_a_place() -> None:
    async def run() -> None:
        crowds = Crowds(2)
        asking = [Asking(crowds, ONE) for _ in range(4)]
        passing = Asking(crowds, OTHER)
        await settle()
        assert [one.there for one in asking] == [True, True, False, False]
        assert [one.place.taken for one in asking] == [True, True, False, False]
        assert passing.there, "who asks for another record passes"
        asking[0].go.set()
        await settle()
        assert [one.there for one in asking] == [True, True, True, False]
        assert asking[2].place.said == ["end", "begin, waived"]
        for one in [*asking, passing]:
            one.go.set()
        await asyncio.gather(*(one.task for one in [*asking, passing]))

    asyncio.run(run())


def test_a_request_that_is_given_up_lets_the_next_one_in() -> None:
    async def run() -> None:
        crowds = Crowds(1)
        first, waiting, last = (Asking(crowds, ONE) for _ in range(3))
        await settle()
        waiting.task.cancel()
        first.task.cancel()
        await settle()
        assert last.there
        assert not waiting.there
        last.go.set()
        await last.task

    asyncio.run(run())


def test_a_request_holds_the_first_record_that_it_comes_to_and_waits_for_no_other() -> None:
    async def run() -> None:
        crowds = Crowds(1)
        one, other = Asking(crowds, ONE, OTHER, ONE), Asking(crowds, OTHER, ONE, OTHER)
        await settle()
        assert one.there
        assert other.there
        one.go.set()
        other.go.set()
        await asyncio.gather(one.task, other.task)

    asyncio.run(run())


def test_the_worker_and_the_command_line_wait_for_nobody() -> None:
    async def run() -> None:
        crowds = Crowds(1)
        holder = Asking(crowds, ONE)
        await settle()
        await asyncio.wait_for(crowds.join(ONE), 5)
        holder.go.set()
        await holder.task

    asyncio.run(run())
