"""The operator's import: a document goes to the record of its INS, which is opened if need be."""

from __future__ import annotations

from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import CarnetError
from carnet.storage import records
from carnet.usecases.feeding import submit_prepared
from carnet.usecases.gate import Gate
from carnet.usecases.lifecycle import open_record
from carnet.usecases.policy import Policy
from carnet.usecases.preparing import Prepared, prepare
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
    absence of opposition, and traced (domain §2).
    """
    prepared = await prepare(document, policy, gate.now())
    ins = prepared.entry.patient
    record_id = await records.record_of_ins(gate.store, ins.matricule)
    if record_id is None:
        await _open(gate, prepared, policy)
        record_id = await gate.record_id_of(OPERATOR, ins)
    return await submit_prepared(gate, OPERATOR, record_id, prepared, policy)


async def _open(gate: Gate, prepared: Prepared, policy: Policy) -> None:
    traits = prepared.entry.source_patient
    if traits is None:
        raise CarnetError("metadata-missing", "DocumentReference.context.sourcePatientInfo")
    request = OpeningRequest(prepared.entry.patient, traits, OpeningGround.NON_OPPOSITION)
    await open_record(gate, OPERATOR, request, policy)
