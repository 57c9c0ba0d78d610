"""The steps that add entries to a record, or new metadata versions of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from carnet.record.access.model import RelationKind
from carnet.storage import writes
from carnet.storage.batch import Step, step
from carnet.storage.codes import RELATIONS, EventKind, UuidKind
from carnet.storage.entries import EntryRow
from carnet.storage.pages import Slot, page_of, seal_page

if TYPE_CHECKING:
    from carnet.storage.records import LoadedRecord
    from carnet.storage.sealing import Sealer
    from carnet.storage.store import Store

_AUTHOR = RELATIONS[RelationKind.AUTHOR]
_NO_TIE = bytes(16)


class NewEntry(msgspec.Struct, frozen=True):
    """An entry to add: its row, its rendered slot, the hashes of all its authors."""

    row: EntryRow
    slot: Slot
    authors: tuple[bytes, ...]


def entry_row(
    sealer: Sealer,
    slot: Slot,
    *,
    binary_id: bytes,
    author: bytes,
    structure: bytes,
    size: int,
    latest: int = 1,
) -> EntryRow:
    """The row of a slot: the columns that filtering needs."""
    day = 86_400
    return EntryRow(
        record_id=sealer.record_id,
        entry_no=slot.entry_no,
        entry_uuid=slot.entry_uuid,
        logical_id=slot.logical_id,
        binary_id=binary_id,
        unique_id=slot.unique_id,
        latest=latest,
        version=slot.version,
        change=slot.change,
        status=slot.status,
        type_code=slot.type_code,
        class_code=slot.class_code,
        created_day=int(slot.created // day),
        start_day=int(slot.started // day),
        stop_day=int(slot.stopped // day),
        hidden_ps=slot.hidden_ps,
        patient_until=slot.patient_until,
        hidden_reps=slot.hidden_reps,
        author=author,
        structure=structure,
        size=size,
        page_no=page_of(slot.entry_no),
        location=0,
    )


def as_row(row: EntryRow) -> tuple[Any, ...]:
    """The columns in order."""
    return msgspec.structs.astuple(row)


def document_steps(store: Store, entry: NewEntry, at: int) -> list[Step]:
    """The steps of a new document version: its row, its directory lines, its authors' ties."""
    row = entry.row
    key = store.keys.hasher.unique_id(row.unique_id)
    lines = [
        step(writes.ADD_DOCUMENT, (key, row.record_id, row.entry_no, 1), expect=1),
        step(writes.INSERT_ENTRY, as_row(row)),
        step(
            writes.ADD_UUID,
            (row.entry_uuid, row.record_id, row.entry_no, int(UuidKind.ENTRY)),
            (row.logical_id, row.record_id, row.entry_no, int(UuidKind.DOCUMENT)),
            expect=2,
        ),
    ]
    ties = tuple((row.record_id, who, _AUTHOR, _NO_TIE, at, 0, 0, b"") for who in entry.authors)
    if ties:
        lines.append(step(writes.ADD_RELATION, *ties))
    others = tuple((row.record_id, who, row.entry_no) for who in entry.authors if who != row.author)
    if others:
        lines.append(step(writes.ADD_ENTRY_ACTOR, *others))
    return lines


def uuid_step(row: EntryRow) -> Step:
    """The directory line of a new metadata version's entryUUID."""
    line = (row.entry_uuid, row.record_id, row.entry_no, int(UuidKind.ENTRY))
    return step(writes.ADD_UUID, line, expect=1)


def page_steps(sealer: Sealer, pages: dict[int, list[Slot]], added: list[Slot]) -> list[Step]:
    """The pages that hold ``added``, rewritten; a slot of the same number is replaced."""
    touched: dict[int, list[Slot]] = {}
    for slot in added:
        number = page_of(slot.entry_no)
        slots = touched.setdefault(number, list(pages.get(number, ())))
        for place, standing in enumerate(slots):
            if standing.entry_no == slot.entry_no:
                slots[place] = slot
                break
        else:
            slots.append(slot)
    return [
        step(writes.PUT_PAGE, (sealer.record_id, number, seal_page(sealer, number, slots)))
        for number, slots in touched.items()
    ]


def touch_step(record: LoadedRecord, *, entries: int = 0, events: int = 0) -> Step:
    """The optimistic lock: fails if anybody wrote to the record since it was loaded."""
    row = (
        record.record_id,
        record.version,
        record.entry_count + entries,
        record.event_count + events,
    )
    return step(writes.TOUCH_RECORD, row, expect=1)


def event_step(
    record: LoadedRecord,
    kind: EventKind,
    entry_no: int,
    traces: bytes,
    *,
    offset: int = 1,
    not_before: int = 0,
) -> Step:
    """An outbox event. ``traces`` complete the evidence after a crash; ``not_before`` is in s."""
    row = (
        record.record_id,
        record.event_count + offset,
        int(kind),
        entry_no,
        not_before,
        0,
        traces,
    )
    return step(writes.INSERT_EVENT, row)
