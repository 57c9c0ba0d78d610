"""Treatments as MedicationRequest, MedicationDispense, MedicationStatement (R4 §11.1 to §11.4)."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.base import base, note, set_if
from carnet.fhir.resources.facts.dosage import beside, dosages, product
from carnet.fhir.resources.facts.elements import (
    Json,
    concept,
    date,
    instant,
    number,
    period,
    quantity,
    timed,
)
from carnet.formats.fhir.dump import dump
from carnet.record.facts import Medication, Stage

_REQUESTED = {
    "active": "active",
    "completed": "completed",
    "aborted": "stopped",
    "cancelled": "cancelled",
    "suspended": "on-hold",
    "held": "on-hold",
    "new": "draft",
    "nullified": "entered-in-error",
}
_DISPENSED = {
    "active": "in-progress",
    "completed": "completed",
    "aborted": "stopped",
    "cancelled": "cancelled",
    "suspended": "on-hold",
    "held": "on-hold",
    "new": "preparation",
    "nullified": "entered-in-error",
}
_STATED = {
    "active": "active",
    "completed": "completed",
    "aborted": "stopped",
    "cancelled": "not-taken",
    "suspended": "on-hold",
    "held": "on-hold",
    "nullified": "entered-in-error",
}
_OF_STAGE = {Stage.STOPPED: "stopped", Stage.PLANNED: "intended"}


def _details(told: Told) -> Medication:
    details = told.fact.details
    return details if isinstance(details, Medication) else Medication()


def render_request(told: Told, record_id: str) -> bytes:
    """The MedicationRequest of what was prescribed; it was written when its document was."""
    fact, details = told.fact, _details(told)
    out = base("MedicationRequest", told, record_id)
    out["status"] = _REQUESTED.get(fact.status, "unknown")
    out["intent"] = "order"
    if fact.negated:
        out["doNotPerform"] = True
    product(out, told, details)
    out["authoredOn"] = instant(told.source.created)
    reason = concept(details.reason)
    dispense: Json = {}
    amount = quantity(details.quantity)
    if amount is not None:
        amount.pop("comparator", None)
        dispense["quantity"] = amount
    renewals = number(details.renewals)
    if renewals is not None and details.renewals.strip().isdigit():
        dispense["numberOfRepeatsAllowed"] = int(details.renewals)
    set_if(
        out,
        reasonCode=[reason] if reason else [],
        dosageInstruction=dosages(told, details) or _bounds(told),
        dispenseRequest=dispense,
    )
    beside(out, details)
    note(out, told)
    return dump(out)


def render_dispense(told: Told, record_id: str) -> bytes:
    """The MedicationDispense of what a pharmacy handed over."""
    fact, details = told.fact, _details(told)
    out = base("MedicationDispense", told, record_id)
    out["status"] = "declined" if fact.negated else _DISPENSED.get(fact.status, "unknown")
    product(out, told, details)
    amount = quantity(details.quantity)
    if amount is not None:
        amount.pop("comparator", None)
    set_if(
        out,
        quantity=amount,
        whenHandedOver=date(told.time.start),
        dosageInstruction=dosages(told, details),
    )
    beside(out, details)
    note(out, told)
    return dump(out)


def render_statement(told: Told, record_id: str) -> bytes:
    """The MedicationStatement of a treatment that is told of, at any other stage."""
    fact, details = told.fact, _details(told)
    out = base("MedicationStatement", told, record_id)
    status = _STATED.get(fact.status, "unknown")
    if fact.stage is not None:
        status = _OF_STAGE.get(fact.stage, status)
    out["status"] = "not-taken" if fact.negated else status
    product(out, told, details)
    out |= timed(told.time, "effective")
    out["dateAsserted"] = instant(told.source.created)
    reason = concept(details.reason)
    set_if(out, reasonCode=[reason] if reason else [], dosage=dosages(told, details))
    beside(out, details)
    note(out, told)
    return dump(out)


def _bounds(told: Told) -> list[Json]:
    """A prescription without a dose may still say from when to when."""
    found = period(told.fact.when)
    return [{"timing": {"repeat": {"boundsPeriod": found}}}] if found else []
