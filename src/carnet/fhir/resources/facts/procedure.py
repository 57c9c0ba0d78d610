"""Acts as Procedure (R4 §9.3) and devices as DeviceUseStatement (R4 §12.6)."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.base import base, negated, note, said_of, set_if, words_of
from carnet.fhir.resources.facts.elements import (
    UNKNOWN,
    Json,
    concept,
    concepts,
    identifier,
    instant,
    spoken,
    timed,
)
from carnet.formats.fhir.dump import dump
from carnet.record.facts import Act, Stage

_STATUSES = {
    "completed": "completed",
    "active": "in-progress",
    "aborted": "stopped",
    "cancelled": "not-done",
    "suspended": "on-hold",
    "held": "on-hold",
    "new": "preparation",
    "nullified": "entered-in-error",
}
_USED = {
    "completed": "completed",
    "active": "active",
    "aborted": "stopped",
    "suspended": "on-hold",
    "held": "on-hold",
    "new": "intended",
    "nullified": "entered-in-error",
}


def _details(told: Told) -> Act:
    return told.fact.details if isinstance(told.fact.details, Act) else Act()


def render_procedure(told: Told, record_id: str) -> bytes:
    """The Procedure of an act."""
    fact, details = told.fact, _details(told)
    out = base("Procedure", told, record_id)
    status = _STATUSES.get(fact.status, "unknown")
    if fact.stage is Stage.PLANNED:
        status = "preparation"
    out["status"] = "not-done" if fact.negated else status
    out["code"] = concept(fact.what) or UNKNOWN
    out |= timed(told.time, "performed")
    reason = concept(details.reason)
    set_if(out, reasonCode=[reason] if reason else [], bodySite=concepts(details.site))
    for approach in details.approach:
        said_of(out, "approach", approach)
    identifiers = [one for one in map(identifier, details.identifiers) if one is not None]
    if identifiers:
        out["identifier"] = identifiers
    note(out, told)
    return dump(out)


def render_device_use(told: Told, record_id: str) -> bytes:
    """The DeviceUseStatement of a device; FHIR's version of the statement has no status for all."""
    fact, details = told.fact, _details(told)
    out = base("DeviceUseStatement", told, record_id)
    device: Json = {"resourceType": "Device", "id": "device", "type": concept(fact.what) or UNKNOWN}
    identifiers = [one for one in map(identifier, details.identifiers) if one is not None]
    if identifiers:
        device["identifier"] = identifiers
    out["contained"] = [device]
    planned = fact.stage is Stage.PLANNED
    # R4 demands a status and has no "unknown": what is told of without one was in use.
    out["status"] = "intended" if planned else _USED.get(fact.status, "completed")
    out |= timed(told.time, "timing")
    out["recordedOn"] = instant(told.source.created)
    out["device"] = {"reference": "#device"}
    reason = concept(details.reason)
    sites = concepts(details.site)
    set_if(out, reasonCode=[reason] if reason else [], bodySite=sites[0] if sites else None)
    for site in details.site[1:]:
        said_of(out, "site", site)
    if details.quantity is not None:
        words_of(out, "quantity", spoken(details.quantity))
    if fact.negated:
        negated(out)
    note(out, told)
    return dump(out)
