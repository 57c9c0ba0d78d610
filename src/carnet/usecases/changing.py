"""Changes of an entry that stands: a status keeps its id, a flag makes a new metadata version."""

from __future__ import annotations

import uuid

import msgspec

from carnet.record.document import DocumentEntry, EntryState, Flags, Status
from carnet.record.errors import CarnetError
from carnet.record.uuids import uuid_text
from carnet.storage import entries, objects, writes
from carnet.storage.batch import Step, step
from carnet.storage.codes import STATUSES
from carnet.storage.entries import EntryRow
from carnet.storage.pages import Slot
from carnet.usecases.clock import instant
from carnet.usecases.rendering import slot_of_state, state_of_row
from carnet.usecases.view import RecordView


def stored_entry(view: RecordView, row: EntryRow) -> DocumentEntry:
    """The metadata of an entry as submitted, from its object. Raises ``record-damaged``."""
    try:
        with view.gate.store.blobs.open(row.binary_id) as source:
            return objects.open_entry(view.sealer, row.binary_id, source)
    except (objects.ObjectBroken, FileNotFoundError):
        raise CarnetError("record-damaged") from None


async def restated(
    view: RecordView, row: EntryRow, at: int, *, status: Status
) -> tuple[Slot, Step]:
    """A change of status: same entryUUID and version, one change more (domain §3)."""
    entry = stored_entry(view, row)
    state = state_of_row(row, at)
    state = msgspec.structs.replace(
        state, status=status, change=row.change + 1, last_updated=instant(at)
    )
    slot = slot_of_state(view.record.record_id, entry, state, await replaced_id(view, entry), at)
    change = (view.record.record_id, row.entry_no, row.latest, STATUSES[status], state.change)
    return slot, step(writes.CHANGE_ENTRY, change, expect=1)


async def reversioned(
    view: RecordView, row: EntryRow, flags: Flags, at: int
) -> tuple[Slot, EntryState]:
    """A change of visibility: a new entryUUID and version under the same logicalId."""
    entry = stored_entry(view, row)
    state = EntryState(
        entry_no=view.record.entry_count + 1,
        entry_uuid=str(uuid.uuid4()),
        logical_id=uuid_text(row.logical_id),
        binary_id=uuid_text(row.binary_id),
        version=row.version + 1,
        change=row.change + 1,
        status=state_of_row(row, at).status,
        flags=flags,
        last_updated=instant(at),
    )
    slot = slot_of_state(view.record.record_id, entry, state, await replaced_id(view, entry), at)
    return slot, state


async def replaced_id(view: RecordView, entry: DocumentEntry) -> str | None:
    """The current id of the document that an entry replaces, None where it is absent."""
    if entry.replaces is None:
        return None
    store = view.gate.store
    line = await entries.document_of(store, entry.replaces)
    if line is None or line[0] != view.record.record_id:
        return None
    first = await entries.entry(store, *line)
    found = await view.latest(first.logical_id) if first else None
    return uuid_text(found[0].entry_uuid) if found else None
