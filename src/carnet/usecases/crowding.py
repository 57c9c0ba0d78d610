"""One record that many ask for at once does not hold up the others.

A request that has come as far as a record takes one of a few places at it, and keeps it until its
end. Who finds none waits in order, and gives up meanwhile the place that it holds among the
requests of its worker: whoever hammers one record waits for themself, and others pass.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol
from weakref import WeakValueDictionary

AT_ONCE = 2
"""Requests of one worker that work on one record at the same time."""


class Place(Protocol):
    """A request's place among those that its worker has in hand."""

    def begin(self, *, waived: bool = False) -> None:
        """Take it; ``waived``: whoever else has one."""

    def end(self) -> None:
        """Give it up."""


class _Act:
    """One request under way: its place in the worker, and what it holds of a record."""

    __slots__ = ("held", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.held: asyncio.Semaphore | None = None


_act: ContextVar[_Act | None] = ContextVar("act", default=None)


@contextmanager
def acting(place: Place) -> Iterator[None]:
    """Within it, one request acts; at its end it lets go of its record."""
    act = _Act(place)
    token = _act.set(act)
    try:
        yield
    finally:
        _act.reset(token)
        if act.held is not None:
            act.held.release()


class Crowds:
    """The places at the records that are asked for, kept while somebody is there."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._records: WeakValueDictionary[bytes, asyncio.Semaphore] = WeakValueDictionary()

    async def join(self, record_id: bytes) -> None:
        """Take a place at a record, the first that the request in hand comes to.

        At once for whoever is no request: the worker, the command line.
        """
        act = _act.get()
        if act is None or act.held is not None:
            return
        places = self._records.get(record_id)
        if places is None:
            places = self._records[record_id] = asyncio.Semaphore(self._at_once)
        if places.locked():
            act.place.end()
            await places.acquire()
            act.place.begin(waived=True)
        else:
            await places.acquire()
        act.held = places
