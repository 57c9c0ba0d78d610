"""The operator's import: a document goes to the record of its INS, which is opened if need be."""

from __future__ import annotations

from datetime import date

from carnet.record.access import Action
from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import CarnetError
from carnet.record.identity import Traits, age_on
from carnet.record.lifecycle import RecordState
from carnet.record.visibility import FlagCode
from carnet.storage import entries, records
from carnet.usecases.clock import instant
from carnet.usecases.deposits import check_minor
from carnet.usecases.feeding import submit_prepared
from carnet.usecases.gate import Gate
from carnet.usecases.lifecycle import open_record
from carnet.usecases.policy import Policy
from carnet.usecases.preparing import RELATED, RELATES_TO, Prepared, prepare
from carnet.usecases.requests import (
    OpeningGround,
    OpeningRequest,
    SubmissionResult,
    SubmittedDocument,
)

OPERATOR = Caller(CallerKind.OPERATOR, name="import")


async def import_document(
    gate: Gate, document: SubmittedDocument, policy: Policy
) -> SubmissionResult:
    """Feed a document as the operator. Raises what ``feeding.submit`` raises.

    A record that has to be opened first is opened under the operator's name, on the citizen's
    absence of opposition, and traced (domain §2); a document that it would refuse opens none.
    """
    prepared = await prepare(document, policy, gate.now())
    ins = prepared.entry.patient
    record_id = await records.record_of_ins(gate.store, ins.matricule)
    if record_id is None or await _was_withdrawn(gate, record_id):
        await _open(gate, prepared, policy)
        record_id = await gate.record_id_of(OPERATOR, ins)
    return await submit_prepared(gate, OPERATOR, record_id, prepared, policy)


async def _was_withdrawn(gate: Gate, record_id: bytes) -> bool:
    """Whether of a record nothing is left but an opposition that was withdrawn."""
    view = await gate.look(OPERATOR, record_id, Action.CHECK)
    return view.record.state is RecordState.NONE


async def _check_first(gate: Gate, prepared: Prepared, policy: Policy, traits: Traits) -> None:
    """Refuse what a record without documents would refuse, before it is opened.

    Raises ``unique-id-taken``, ``replaced-absent``, ``flag-for-minors``.
    """
    if await entries.document_of(gate.store, prepared.entry.unique_id) is not None:
        raise CarnetError("unique-id-taken", "DocumentReference.masterIdentifier")
    declared = prepared.replaces_declared
    if prepared.entry.replaces and (declared or policy.refuse_absent_target):
        raise CarnetError("replaced-absent", RELATES_TO if declared else RELATED)
    if FlagCode.HIDDEN_FROM_REPRESENTATIVES in prepared.flags:
        today = date.fromisoformat(instant(gate.clock())[:10])
        check_minor(age_on(traits.birth_date, today))


async def _open(gate: Gate, prepared: Prepared, policy: Policy) -> None:
    traits = prepared.entry.source_patient
    if traits is None:
        raise CarnetError("metadata-missing", "DocumentReference.context.sourcePatientInfo")
    await _check_first(gate, prepared, policy, traits)
    request = OpeningRequest(prepared.entry.patient, traits, OpeningGround.NON_OPPOSITION)
    await open_record(gate, OPERATOR, request, policy)
