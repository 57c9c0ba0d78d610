"""Makes lives whole: life, written documents, truth; on several processes where there is much."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import TypeVar

import msgspec

from carnet.population.model import Directory, Life
from carnet.population.scripts.cast import cast
from carnet.population.scripts.reading import life_keys
from carnet.population.scripts.resolving import scripted_life
from carnet.population.truth import Truth, truth_of
from carnet.population.writing.documents import write_documents
from carnet.population.written import Written

_AHEAD = 3  # units in hand for each process: memory does not grow with the number of lives
_Unit = TypeVar("_Unit")
_Made = TypeVar("_Made")


class Made(msgspec.Struct, frozen=True):
    """A life with everything that follows from it."""

    life: Life
    written: tuple[Written, ...]
    truth: Truth


def make(life: Life, directory: Directory, salt: str) -> Made:
    """Write a life. Equal lives and salts give equal bytes; ``salt`` enters every identifier."""
    written = tuple(write_documents(life, directory, salt))
    return Made(life, written, truth_of(life, written))


def scripted_keys() -> list[str]:
    """The keys of the scripted lives, in the order in which they are made."""
    return life_keys()


def make_scripted(key: str, today: date) -> Made:
    """A scripted life as of a day. Raises ``life-invalid``, ``person-unknown``."""
    return make(scripted_life(key, today), cast(today), f"demo/{today.isoformat()}")


def _make_scripted(unit: tuple[str, date]) -> Made:
    return make_scripted(*unit)


def all_scripted(
    today: date, processes: int | None = None, keys: Iterable[str] | None = None
) -> Iterator[Made]:
    """Every scripted life, or those of ``keys``, in order."""
    chosen = scripted_keys() if keys is None else keys
    yield from spread(_make_scripted, [(key, today) for key in chosen], processes)


def spread(
    work: Callable[[_Unit], _Made], units: Iterable[_Unit], processes: int | None = None
) -> Iterator[_Made]:
    """``work`` over ``units`` on several processes, results in the order of the units.

    ``processes`` defaults to the cores at hand; 1 works in this process. No more than a few units a
    process are made ahead of whoever takes them.
    """
    count = processes or len(os.sched_getaffinity(0))
    if count == 1:
        yield from map(work, units)
        return
    context = get_context("forkserver")
    waiting: deque[Future[_Made]] = deque()
    with ProcessPoolExecutor(count, mp_context=context) as pool:
        try:
            for unit in units:
                waiting.append(pool.submit(work, unit))
                if len(waiting) > count * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()
