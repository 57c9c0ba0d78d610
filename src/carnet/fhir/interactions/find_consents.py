"""``GET Consent?patient=``: the ties of a record that the caller may see."""

from __future__ import annotations

from carnet.fhir import values
from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.interactions.search import answer, asked_of, page_links
from carnet.fhir.params import Asked, Param, Table, apply, written
from carnet.fhir.resources.consent import render
from carnet.formats.fhir.bundle import entry
from carnet.record.errors import CarnetError
from carnet.record.identity import Ins


class _Draft:
    def __init__(self, base: str) -> None:
        self.base = base
        self.patient: Ins | None = None
        self.record: str | None = None
        self.status: str | None = None


def _patient(draft: _Draft, asked: Asked) -> None:
    draft.record = values.record_id(asked.value, asked.name, draft.base)


def _patient_identifier(draft: _Draft, asked: Asked) -> None:
    draft.patient = values.ins(asked.value, asked.name)


def _status(draft: _Draft, asked: Asked) -> None:
    wanted = set(values.alternatives(asked.value, asked.name))
    if not wanted <= {"active", "inactive"}:
        values.refuse(asked.name, "« active » ou « inactive »", '"active" or "inactive"')
    draft.status = wanted.pop() if len(wanted) == 1 else None


CONSENTS: Table[_Draft] = Table(
    {
        "patient": Param("reference", "The record, by Patient.id.", _patient),
        "patient.identifier": Param(
            "token", "The record, by INS: urn:oid:…|matricule.", _patient_identifier
        ),
        "status": Param("token", "active, inactive; absent: both.", _status),
    },
    frozenset({"_id", "_count", "actor", "category", "date", "period", "scope"}),
)


async def interact(call: Call) -> Response:
    """All matching ties on one page: a record has few."""
    asked = await asked_of(call)
    draft = _Draft(call.base)
    left_out = apply(CONSENTS, asked, draft, call.lenient)
    if (draft.patient is None) == (draft.record is None):
        raise CarnetError("parameter-required", "patient", name="patient")
    lines = await call.services.find_ties(call.caller, draft.patient, draft.record, draft.status)
    now = call.services.now()
    entries = [entry(b"\x01/Consent/" + line.id.encode(), render(line, now)) for line in lines]
    used = [item for item in asked if item.name in CONSENTS.params]
    links = page_links(f"{call.base}/Consent", written(used), {})
    return answer(call, entries, len(lines), links, left_out)
