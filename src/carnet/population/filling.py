"""Fills a store with lives as they are made: several at once, never many in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, datetime, time

from carnet.population.making import Made
from carnet.population.model import Directory
from carnet.population.scripts.moments import PARIS
from carnet.population.seeding import seed_life
from carnet.usecases.clock import Clock
from carnet.usecases.gate import Gate

_TOGETHER = 6  # lives seeded at once, so that their submissions share commits


async def fill(
    gate_at: Callable[[Clock], Gate],
    lives: Iterator[Made],
    directory: Directory,
    today: date,
    progress: Callable[[int], object],
) -> int:
    """Give the store the past of every life; how many documents were fed.

    ``gate_at`` makes a gate that goes by a clock; ``progress`` is told of documents done. Raises
    what the making and the use cases raise; lives in hand are then abandoned.
    """
    now = datetime.combine(today, time(0), tzinfo=PARIS)
    done = 0
    at_work: set[asyncio.Task[int]] = set()

    async def one(made: Made) -> int:
        fed = await seed_life(gate_at, made.life, made.written, directory, now)
        progress(len(made.written))
        return fed

    try:
        while (made := await asyncio.to_thread(next, lives, None)) is not None:
            at_work.add(asyncio.create_task(one(made)))
            if len(at_work) >= _TOGETHER:
                finished, at_work = await asyncio.wait(at_work, return_when=asyncio.FIRST_COMPLETED)
                done += sum(task.result() for task in finished)
        for task in at_work:
            done += await task
    finally:
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
    return done
