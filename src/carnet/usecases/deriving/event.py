"""An event of the outbox in the hands of a worker, and in whose name it works."""

from __future__ import annotations

import msgspec

from carnet.record.caller import Caller, CallerKind
from carnet.storage import writes
from carnet.storage.batch import SealedTrace, Step, step
from carnet.storage.codes import EventKind
from carnet.usecases.packing import packed_traces

MACHINE = Caller(CallerKind.MACHINE, name="worker")


class DueEvent(msgspec.Struct, frozen=True):
    """An event of the outbox that this worker holds a lease on."""

    record_id: bytes
    event_no: int
    kind: EventKind
    entry_no: int
    attempts: int

    @property
    def done(self) -> Step:
        """The step that finishes the event."""
        return step(writes.DELETE_EVENT, (self.record_id, self.event_no), expect=1)

    def settled(self, traces: tuple[SealedTrace, ...]) -> Step:
        """The step that finishes the event and keeps the traces of what was done until later.

        A crash may lose them on their way into the other database; the next start appends them
        from here. The worker deletes the event when it meets it again.
        """
        row = (self.record_id, self.event_no, int(EventKind.SETTLED), packed_traces(traces))
        return step(writes.SETTLE_EVENT, row, expect=1)
