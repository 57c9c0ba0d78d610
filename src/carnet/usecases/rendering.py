"""Entries as slots of pages: the rendered resource beside what lists are made of."""

from __future__ import annotations

import uuid

from carnet.formats.fhir.document_reference import render
from carnet.record.document import DocumentEntry, EntryState, Flags, Status
from carnet.record.uuids import uuid_text
from carnet.storage.codes import STATUS_OF, STATUSES
from carnet.storage.entries import EntryRow
from carnet.storage.pages import Slot
from carnet.usecases.clock import instant, seconds_of
from carnet.usecases.status import patient_id


def flags_of_row(row: EntryRow | Slot) -> Flags:
    """The visibility flags of a row."""
    return Flags(bool(row.hidden_ps), row.patient_until, bool(row.hidden_reps))


def state_of_row(row: EntryRow, at: int) -> EntryState:
    """The server's side of an entry as it stands; ``at`` (µs) is when it changes."""
    return EntryState(
        entry_no=row.entry_no,
        entry_uuid=uuid_text(row.entry_uuid),
        logical_id=uuid_text(row.logical_id),
        binary_id=uuid_text(row.binary_id),
        version=row.version,
        change=row.change,
        status=STATUS_OF[row.status],
        flags=flags_of_row(row),
        last_updated=instant(at),
    )


def slot_of_state(
    record_id: bytes, entry: DocumentEntry, state: EntryState, replaces: str | None, at: int
) -> Slot:
    """Render an entry in a state; ``replaces`` is the id of the replaced entry."""
    flags = state.flags
    started = seconds_of(entry.service_start)
    return Slot(
        entry_no=state.entry_no,
        entry_uuid=uuid.UUID(state.entry_uuid).bytes,
        logical_id=uuid.UUID(state.logical_id).bytes,
        unique_id=entry.unique_id,
        version=state.version,
        change=state.change,
        status=STATUSES[state.status],
        type_code=entry.type.code,
        class_code=entry.class_code.code,
        hidden_ps=int(flags.hidden_from_professionals),
        patient_until=flags.patient_until,
        hidden_reps=int(flags.hidden_from_representatives),
        confidentiality=entry.confidentiality.code,
        created=seconds_of(entry.creation_time),
        started=started,
        stopped=seconds_of(entry.service_stop) if entry.service_stop else started,
        updated=at / 1_000_000,
        resource=render(entry, state, patient_id(record_id), replaces, at // 1_000_000),
        names_other=int(replaces is not None or entry.replaces is not None),
    )


def is_current(row: EntryRow) -> bool:
    """Whether a document is neither replaced nor archived nor deleted."""
    return row.status == STATUSES[Status.APPROVED]
