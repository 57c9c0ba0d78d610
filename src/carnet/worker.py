"""The worker: takes due events of the outbox and does what they ask for.

At least once, idempotently, in order per record. A lease is a conditional update of one row: two
workers never hold the same event, and one that dies gives it back when its lease runs out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import groupby

from carnet.logs import Log, new_reference, places
from carnet.record.errors import CarnetError
from carnet.record.events import Event
from carnet.storage import reads, writes
from carnet.storage.batch import Batch, Conflict, step
from carnet.storage.codes import EventKind
from carnet.usecases.deriving import Decoder, DueEvent, follow, sweep
from carnet.usecases.gate import Gate

LEASE = 60  # seconds
TAKEN = 64  # events a turn
IDLE = 0.25  # seconds between looks when there is nothing to do
_MOST_DELAY = 3600


class Worker:
    """Works off the outbox of a store. ``decoder`` reads the bodies that are printed pages."""

    def __init__(self, gate: Gate, log: Log, decoder: Decoder | None = None) -> None:
        self._gate = gate
        self._log = log
        self._decoder = decoder
        self._sweeps_at = 0

    async def run(self, running: Callable[[], bool]) -> None:
        """Turn after turn until told to stop; a turn that found nothing is followed by a pause."""
        while running():
            try:
                done = await self.turn()
                if done < TAKEN:  # there is time beside the events
                    done += await self.sweep()
            except CarnetError as error:  # the store is away: it comes back or we are stopped
                self._log.write(Event.OUTBOX_FAILED, code=error.code)
                done = 0
            if not done:
                await asyncio.sleep(IDLE)

    async def sweep(self) -> int:
        """Derive a portion anew that an older reader made; 1 where there is more, else 0.

        After a walk that found nothing to do, the next look comes a while later.
        """
        if self._gate.now() < self._sweeps_at:
            return 0
        try:
            if await sweep(self._gate, self._unread, self._decoder):
                return 1
        except Conflict:  # another worker began at the same moment
            pass
        self._sweeps_at = self._gate.now() + LEASE
        return 0

    def _unread(self, error: Exception) -> None:
        self._log.write(Event.DERIVING_FAILED, new_reference(), where=places(error))

    async def turn(self) -> int:
        """Take what is due, once; how many events were taken."""
        now = self._gate.now()
        rows = await self._gate.store.main.fetch(reads.DUE_EVENTS, now, TAKEN)
        by_record = [
            [tuple(row) for row in group] for _, group in groupby(rows, key=lambda row: row[0])
        ]
        await asyncio.gather(*(self._record(rows, now) for rows in by_record))
        return len(rows)

    async def _record(
        self, rows: Sequence[tuple[bytes, int, int, int, int, int]], now: int
    ) -> None:
        """The events of one record, in order; the first that fails holds back the rest."""
        await self._clear(rows)
        for record_id, event_no, kind, entry_no, leased, attempts in rows:
            if kind == EventKind.SETTLED:
                continue
            lease = step(writes.LEASE_EVENT, (record_id, event_no, leased, now + LEASE), expect=1)
            try:
                await self._gate.write(Batch(record_id, steps=(lease,)))
            except Conflict:
                self._log.write(Event.OUTBOX_LEASE_LOST)
                return
            event = DueEvent(record_id, event_no, EventKind(kind), entry_no, attempts)
            if not await self._follow(event, now):
                return

    async def _clear(self, rows: Sequence[tuple[bytes, int, int, int, int, int]]) -> None:
        """Delete what is done: nobody needs a lease for that."""
        done = tuple(row[:2] for row in rows if row[2] == EventKind.SETTLED)
        if done:
            steps = (step(writes.DELETE_EVENT, *done),)
            await self._gate.write(Batch(done[0][0], steps=steps))

    async def _follow(self, event: DueEvent, now: int) -> bool:
        try:
            await follow(self._gate, event, self._decoder)
        except Conflict:  # somebody wrote to the record meanwhile: at once again
            await self._put_back(event, now + LEASE, now)
            return False
        except Exception as error:  # noqa: BLE001  one bad event must not stop the others
            self._log.write(
                Event.OUTBOX_FAILED,
                new_reference(),
                attempts=event.attempts + 1,
                where=places(error),
            )
            delay = min(_MOST_DELAY, 2**event.attempts)
            await self._put_back(event, now + LEASE, now + delay)
            return False
        return True

    async def _put_back(self, event: DueEvent, held_until: int, due: int) -> None:
        row = (event.record_id, event.event_no, held_until, due)
        try:
            await self._gate.write(
                Batch(event.record_id, steps=(step(writes.LEASE_EVENT, row, expect=1),))
            )
        except Conflict:
            self._log.write(Event.OUTBOX_LEASE_LOST)
