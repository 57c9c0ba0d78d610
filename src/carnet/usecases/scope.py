"""Which record a request is about: by INS, by Patient.id, or by the name of a document of it."""

from __future__ import annotations

import uuid

from carnet.record.caller import Caller
from carnet.record.identity import Ins
from carnet.storage import entries
from carnet.usecases.gate import Gate
from carnet.usecases.lifecycle import record_key
from carnet.usecases.requests import DocumentQuery

_OID = "urn:oid:"


async def record_of(gate: Gate, caller: Caller, patient: Ins | None, record: str | None) -> bytes:
    """The record of a patient or of a Patient.id. Raises ``record-absent``, ``not-your-record``."""
    if patient is not None:
        return await gate.record_id_of(caller, patient)
    return record_key(record or "")


async def record_of_query(gate: Gate, caller: Caller, query: DocumentQuery) -> bytes | None:
    """The record that a query is about; None where an identifier alone names nothing."""
    if query.patient is not None or query.record is not None:
        return await record_of(gate, caller, query.patient, query.record)
    for name in query.ids:
        found = await _by_uuid(gate, name)
        if found is not None:
            return found
    for system, value in query.identifiers:
        found = await _by_identifier(gate, unique_id_named(system, value))
        if found is not None:
            return found
    return None


async def _by_identifier(gate: Gate, value: str) -> bytes | None:
    document = await entries.document_of(gate.store, value)
    if document is not None:
        return document[0]
    return await _by_uuid(gate, value.removeprefix("urn:uuid:"))


async def _by_uuid(gate: Gate, value: str) -> bytes | None:
    try:
        line = await entries.locate(gate.store, uuid.UUID(value).bytes)
    except ValueError:
        return None
    return line[0] if line else None


def unique_id_named(system: str | None, value: str) -> str:
    """A uniqueId as entries keep it, from an identifier.

    The system of an OID with extension is its root; otherwise the value is an OID or a UUID, with
    or without its URN prefix.
    """
    if system is not None and system.startswith(_OID):
        return f"{system.removeprefix(_OID)}^{value}"
    return value.removeprefix(_OID)
