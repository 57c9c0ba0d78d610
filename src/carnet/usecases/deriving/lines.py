"""Directory lines by actor: my documents, my structure's; my patients, my children."""

from __future__ import annotations

from carnet.record.access.model import RelationKind
from carnet.storage import entries, reads, writes
from carnet.storage.batch import Step, step
from carnet.storage.codes import RELATIONS, EventKind
from carnet.storage.entries import EntryRow
from carnet.storage.records import DAY, NOBODY
from carnet.usecases.deriving.event import DueEvent
from carnet.usecases.view import RecordView

_AUTHOR = RELATIONS[RelationKind.AUTHOR]


async def lines_of(view: RecordView, event: DueEvent, row: EntryRow | None) -> tuple[Step, ...]:
    """The step that adds the lines that an event asks for; none where it asks for none."""
    store = view.gate.store
    lines: list[tuple[bytes, int, bytes, int, int]] = []
    if event.kind is EventKind.SUBMITTED and row is not None:
        others = await entries.other_authors(store, row.record_id, row.entry_no)
        actors = dict.fromkeys((row.author, *others, row.structure))
        lines += [
            (who, _AUTHOR, row.record_id, row.entry_no, row.created_day)
            for who in actors
            if who != NOBODY
        ]
    if event.kind is EventKind.TIED:
        lines += [
            (actor, kind, event.record_id, 0, starts // DAY)
            for _, actor, kind, _, starts, _, _, sealed in await store.main.fetch(
                reads.TIES, event.record_id
            )
            if sealed
        ]
    return (step(writes.ADD_ACTOR, *lines),) if lines else ()
