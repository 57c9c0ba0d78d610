"""Feeding a document: ITI-105 and the operator's import.

Bytes first, then entry and outbox event, then trace, all before the answer (design §3). The same
uniqueId with the same bytes is a repetition and answers what stands; races with other writers of
the record are run again.
"""

from __future__ import annotations

import contextlib
import os
import uuid

import msgspec

from carnet.record.access import Action
from carnet.record.caller import Caller, CallerKind
from carnet.record.document import (
    Author,
    AuthorKind,
    Code,
    EntryState,
    Status,
    SubmissionSet,
)
from carnet.record.errors import CarnetError, Notice
from carnet.record.trace import Act
from carnet.record.uuids import uuid_text
from carnet.record.visibility import flags_of
from carnet.storage import append, disk, entries, objects, writes
from carnet.storage.authors import author_keys, structure_keys
from carnet.storage.batch import Batch, Conflict, Step, step
from carnet.storage.codes import EventKind
from carnet.storage.entries import EntryRow
from carnet.storage.pages import Slot, page_of
from carnet.storage.records import NOBODY
from carnet.storage.sealed import pack
from carnet.usecases.actors import person_key
from carnet.usecases.changing import restated, stored_entry
from carnet.usecases.clock import instant
from carnet.usecases.deposits import check_authors, check_flags
from carnet.usecases.gate import Gate
from carnet.usecases.identities import check_known_identity
from carnet.usecases.lifecycle import TRIES
from carnet.usecases.packing import packed_traces
from carnet.usecases.policy import Policy
from carnet.usecases.preparing import LARGE, Prepared, prepare
from carnet.usecases.rendering import slot_of_state
from carnet.usecases.replacing import Replacement, replacement_of
from carnet.usecases.requests import SubmissionResult, SubmissionStatus, SubmittedDocument
from carnet.usecases.view import RecordView

_SECTORS = "1.2.250.1.71.4.2.4"  # TRE_R02, which J03 shares
_ROLES = "1.2.250.1.213.1.1.4.6"  # TRE_A00


async def submit(
    gate: Gate, caller: Caller, document: SubmittedDocument, policy: Policy | None = None
) -> SubmissionResult:
    """Feed one document to the record of its patient.

    Raises what ``prepare`` and ``check_flags`` raise, ``record-absent``, the refusals of the access
    rules, ``unique-id-taken``, ``ins-traits-differ``, and the errors of replacement; nothing stays
    behind then. After ``store-unavailable`` it may stand or not: sent again, it tells.
    """
    policy = policy or gate.policy
    prepared = await prepare(document, policy, gate.now())
    record_id = await gate.record_id_of(caller, prepared.entry.patient)
    return await submit_prepared(gate, caller, record_id, prepared, policy)


async def submit_prepared(
    gate: Gate, caller: Caller, record_id: bytes, prepared: Prepared, policy: Policy
) -> SubmissionResult:
    """The second half of ``submit``, for callers that looked at the document first."""
    ids = _Ids.fresh()
    stored = loose = False
    try:
        for attempt in range(TRIES):
            async with gate.turns.take(record_id, attempt):
                view = await gate.consult(caller, record_id, Action.FEED, Act.SUBMIT)
                try:
                    known = await entries.document_of(gate.store, prepared.entry.unique_id)
                    if known is not None:
                        return await _repeated(view, prepared, known)
                    check_authors(view, prepared)
                    await check_flags(view, prepared)
                    plan = await _plan(view, prepared, policy)
                    if not stored:
                        await _store(view, prepared, ids)
                        stored = True
                    loose = False  # an entry may name the bytes from here on, whatever breaks off
                    return await _write(view, prepared, plan, ids)
                except Conflict:
                    loose = stored
                except CarnetError as error:
                    if error.code in disk.CODES:
                        loose = stored
                    elif error.code != "store-unavailable":  # neither is a refusal
                        await gate.trace_refusal(view, Act.SUBMIT, error.code)
                    raise
        raise CarnetError("record-contended")
    finally:
        if loose:  # bytes that no entry names; if they stay, `carnet verify` collects them
            with contextlib.suppress(OSError):
                gate.store.blobs.delete(ids.logical_id)


class _Ids(msgspec.Struct, frozen=True):
    """The ids of a new document. They share their first half, and so a leaf of their directory."""

    entry_uuid: bytes
    logical_id: bytes

    @classmethod
    def fresh(cls) -> _Ids:
        first = uuid.uuid4().bytes
        tail = bytearray(os.urandom(8))
        tail[0] = tail[0] & 0x3F | 0x80  # the variant of RFC 9562
        return cls(first, first[:8] + bytes(tail))


class _Plan(msgspec.Struct, frozen=True):
    """What the write will hold beside the entry itself."""

    replacement: Replacement
    authors: tuple[bytes, ...]
    structure: bytes
    warnings: tuple[Notice, ...]
    steps: tuple[Step, ...]


async def _plan(view: RecordView, prepared: Prepared, policy: Policy) -> _Plan:
    hasher = view.gate.store.keys.hasher
    entry = prepared.entry
    authors = tuple(hasher.actor(key) for key in author_keys(entry))
    structures = tuple(hasher.actor(key) for key in structure_keys(entry))
    marked, steps = await check_known_identity(
        view, entry.patient, entry.source_patient, policy, prepared.warnings
    )
    replacement = await replacement_of(view, prepared, policy, frozenset((*authors, *structures)))
    return _Plan(
        replacement,
        authors,
        structures[0] if structures else NOBODY,
        (*prepared.warnings, *marked, *replacement.warnings),
        steps,
    )


async def _store(view: RecordView, prepared: Prepared, ids: _Ids) -> None:
    """The document's object, durable."""
    content = prepared.content
    if content.size <= LARGE:
        data = b"".join(content.chunks())
        pieces = iter((objects.seal_small(view.sealer, ids.logical_id, prepared.entry, data),))
    else:
        pieces = objects.seal_pieces(view.sealer, ids.logical_id, prepared.entry, content.chunks())
    await view.gate.store.blobs.put(ids.logical_id, pieces)


async def _write(view: RecordView, prepared: Prepared, plan: _Plan, ids: _Ids) -> SubmissionResult:
    """One batch: the entry and all that goes with it. Raises ``Conflict``."""
    gate, record = view.gate, view.record
    at = gate.clock()
    target = plan.replacement.target
    slot = _new_slot(view, prepared, ids, target, at)
    row = append.entry_row(
        view.sealer,
        slot,
        binary_id=ids.logical_id,
        author=plan.authors[0] if plan.authors else NOBODY,
        structure=plan.structure,
        size=prepared.entry.size,
    )
    added = [slot]
    steps = [append.touch_step(record, entries=1, events=2 if slot.patient_until else 1)]
    steps += append.document_steps(gate.store, append.NewEntry(row, slot, plan.authors), view.now)
    named: list[EntryRow | Slot] = [slot]
    if target is not None:
        changed, change_step = await restated(view, target, at, status=Status.DEPRECATED)
        added.append(changed)
        steps.append(change_step)
        named.append(target)
    steps += append.page_steps(view.sealer, await _pages(view, added), added)
    steps += plan.steps
    if plan.replacement.awaited is not None:
        key = gate.store.keys.hasher.unique_id(plan.replacement.awaited)
        steps.append(step(writes.ADD_AWAITED, (record.record_id, key, slot.entry_no)))
    steps.append(_submission_step(view, prepared, slot, at))
    traces = view.traces(Act.SUBMIT, named)
    packed = packed_traces(traces)
    steps.append(append.event_step(record, EventKind.SUBMITTED, slot.entry_no, packed))
    if slot.patient_until:
        steps.append(
            append.event_step(
                record,
                EventKind.FLAG_DUE,
                slot.entry_no,
                b"",
                offset=2,
                not_before=slot.patient_until,
            )
        )
    await gate.write(Batch(record.record_id, steps=tuple(steps), traces=traces))
    return _result(SubmissionStatus.STORED, slot, plan.warnings)


def _new_slot(
    view: RecordView, prepared: Prepared, ids: _Ids, target: EntryRow | None, at: int
) -> Slot:
    state = EntryState(
        entry_no=view.record.entry_count + 1,
        entry_uuid=uuid_text(ids.entry_uuid),
        logical_id=uuid_text(ids.logical_id),
        binary_id=uuid_text(ids.logical_id),
        version=1,
        change=1,
        status=Status.APPROVED,
        flags=flags_of(prepared.flags, at // 1_000_000),
        last_updated=instant(at),
    )
    replaced = uuid_text(target.entry_uuid) if target else None
    return slot_of_state(view.record.record_id, prepared.entry, state, replaced, at)


async def _pages(view: RecordView, added: list[Slot]) -> dict[int, list[Slot]]:
    """The pages that the slots go to, as they stand."""
    store = view.gate.store
    found: dict[int, list[Slot]] = {}
    for number in {page_of(slot.entry_no) for slot in added}:
        found |= await entries.open_pages(store, view.sealer, number, number)
    return found


def _submission_step(view: RecordView, prepared: Prepared, slot: Slot, at: int) -> Step:
    """The SubmissionSet of a simplified publication: its source is the caller (ITI-105)."""
    caller = view.caller
    made = uuid.uuid4()
    submission = SubmissionSet(
        entry_uuid=str(made),
        unique_id=f"2.25.{uuid.uuid4().int}",
        patient=prepared.entry.patient,
        source_id=person_key(caller) or "",
        submission_time=instant(at),
        content_type=_content_type(caller),
        authors=(_as_author(caller),),
        entries=(slot.entry_no,),
    )
    name = slot.entry_no.to_bytes(8, "big")
    sealed = view.sealer.seal(b"submission", name, pack(submission))
    return step(writes.INSERT_SUBMISSION, (view.record.record_id, slot.entry_no, sealed))


def _content_type(caller: Caller) -> Code:
    """A set that the server makes takes the sector of the caller (domain §4)."""
    if caller.kind is CallerKind.CITIZEN:
        return Code(_ROLES, "EXP_PATIENT", "Expression personnelle du patient")
    return Code(_SECTORS, caller.sector or "SA07")


def _as_author(caller: Caller) -> Author:
    kinds = {
        CallerKind.CITIZEN: AuthorKind.PATIENT,
        CallerKind.PROFESSIONAL: AuthorKind.PROFESSIONAL,
        CallerKind.STRUCTURE: AuthorKind.ORGANIZATION,
    }
    return Author(
        kind=kinds.get(caller.kind, AuthorKind.DEVICE),
        identifier=caller.identifier or caller.structure,
        device=caller.software,
    )


async def _repeated(
    view: RecordView, prepared: Prepared, known: tuple[bytes, int]
) -> SubmissionResult:
    """The same uniqueId again: the same bytes are a repetition, others are refused.

    Its authors are answered the entry as it stands; who else repeats it, the entry as it was
    deposited, so that nobody learns by it what was hidden since.
    Raises ``unique-id-taken`` (XDSNonIdenticalHash), also where another record holds it.
    """
    store = view.gate.store
    record_id, entry_no = known
    first = await entries.entry(store, record_id, entry_no)
    if record_id != view.record.record_id or first is None:
        raise CarnetError("unique-id-taken", "DocumentReference.masterIdentifier")
    stored = stored_entry(view, first)
    if stored.hash_sha256 != prepared.entry.hash_sha256:
        raise CarnetError("unique-id-taken", "DocumentReference.masterIdentifier")
    current, is_theirs = await view.latest(first.logical_id) or (first, True)
    slot = await entries.slot_of(store, view.sealer, current if is_theirs else first)
    await view.release(Act.SUBMIT, (current,), criteria="identical")
    return _result(SubmissionStatus.IDENTICAL, slot, prepared.warnings)


def _result(status: SubmissionStatus, slot: Slot, warnings: tuple[Notice, ...]) -> SubmissionResult:
    return SubmissionResult(
        status=status,
        unique_id=slot.unique_id,
        entry_uuid=uuid_text(slot.entry_uuid),
        change=slot.change,
        last_updated=instant(round(slot.updated * 1_000_000)),
        resource=slot.resource,
        warnings=warnings,
    )
