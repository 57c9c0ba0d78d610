"""A replacement that came before the document that it replaces."""

from __future__ import annotations

from carnet.record.document import Status
from carnet.storage import append, entries, reads, writes
from carnet.storage.batch import Step, step
from carnet.storage.codes import STATUS_OF
from carnet.storage.entries import EntryRow
from carnet.storage.pages import Slot, page_of
from carnet.storage.records import NOBODY
from carnet.usecases.changing import restated, stored_entry
from carnet.usecases.rendering import is_current
from carnet.usecases.view import RecordView


async def late_replacement(
    view: RecordView, row: EntryRow
) -> tuple[list[Step], list[EntryRow | Slot]]:
    """Settle a relatedDocument whose target has now arrived: it is superseded on arrival."""
    store, record = view.gate.store, view.record
    key = store.keys.hasher.unique_id(row.unique_id)
    waiting = await store.main.fetch(reads.AWAITED, row.record_id, key)
    found = await view.latest(row.logical_id)
    if not waiting or found is None:
        return [], []
    at = view.gate.clock()
    steps = [append.touch_step(record)]
    changed: list[Slot] = []
    superseded = False
    for (entry_no,) in waiting:
        steps.append(step(writes.DELETE_AWAITED, (row.record_id, key, entry_no), expect=1))
        first = await entries.entry(store, row.record_id, entry_no)
        replacing = await view.latest(first.logical_id) if first else None
        if replacing is None or not await _may_replace(view, replacing[0], row):
            continue
        superseded = True
        status = STATUS_OF[replacing[0].status]
        slot, change = await restated(view, replacing[0], at, status=status)
        changed.append(slot)
        steps.append(change)
    if superseded and is_current(found[0]):
        slot, change = await restated(view, found[0], at, status=Status.DEPRECATED)
        changed.insert(0, slot)
        steps.append(change)
    pages: dict[int, list[Slot]] = {}
    for number in {page_of(slot.entry_no) for slot in changed}:
        pages |= await entries.open_pages(store, view.sealer, number, number)
    steps += append.page_steps(view.sealer, pages, changed)
    return steps, list(changed)


async def _may_replace(view: RecordView, replacing: EntryRow, target: EntryRow) -> bool:
    """Whether a replacement that came first may stand: it is of the target's author's side.

    Who acts is no longer there to be asked, so the documents' authors are. A document that is
    itself replaced by its target replaces nothing: one of the two stays current.
    """
    if stored_entry(view, target).replaces == replacing.unique_id:
        return False
    store = view.gate.store
    sides = []
    for row in (replacing, target):
        others = await entries.other_authors(store, row.record_id, row.entry_no)
        sides.append({row.author, row.structure, *others} - {NOBODY})
    return bool(sides[0] & sides[1])
