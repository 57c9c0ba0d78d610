"""Vaccinations as Immunization (R4 §11.5)."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.base import base, note, set_if, words_of
from carnet.fhir.resources.facts.elements import (
    UNKNOWN,
    Json,
    concept,
    concepts,
    date,
    quantity,
)
from carnet.formats.fhir.dump import dump
from carnet.record.facts import Immunization, Stage

_UNDATED = "date non précisée"  # FHIR demands a date or words for it
_UNRANKED = "non précisé"
_PLANNED: Json = {"text": "Vaccination prévue"}
_DAY = 10  # characters of a whole date


def render(told: Told, record_id: str) -> bytes:
    """The Immunization of a fact; one that is planned, or was not given, is not done."""
    fact = told.fact
    details = fact.details if isinstance(fact.details, Immunization) else Immunization()
    out = base("Immunization", told, record_id, who="patient")
    planned = fact.stage is Stage.PLANNED
    not_done = fact.negated or planned or fact.status in ("cancelled", "aborted")
    out["status"] = "not-done" if not_done else "completed"
    if fact.status == "nullified":
        out["status"] = "entered-in-error"
    reason = concept(details.reason)
    if not_done and (reason or planned):
        out["statusReason"] = reason or _PLANNED
    elif reason:
        out["reasonCode"] = [reason]
    out["vaccineCode"] = concept(fact.what) or UNKNOWN
    moment = date(told.when)
    out |= {"occurrenceDateTime": moment} if moment else {"occurrenceString": _UNDATED}
    dose = quantity(details.dose)
    if dose is not None:
        dose.pop("comparator", None)
    expires = date(details.expires[:_DAY])
    set_if(
        out,
        lotNumber=details.lot.strip(),
        expirationDate=expires,
        site=concept(details.site),
        route=concept(details.route),
        doseQuantity=dose,
        protocolApplied=_protocol(details),
    )
    if details.expires and expires is None:
        words_of(out, "expires", details.expires)
    note(out, told)
    return dump(out)


def _protocol(details: Immunization) -> list[Json]:
    targets = concepts(details.targets)
    rank = details.rank.strip()
    if not targets and not rank:
        return []
    out: Json = {"targetDisease": targets} if targets else {}
    if rank.isascii() and rank.isdigit() and 0 < int(rank) < 1000:
        out["doseNumberPositiveInt"] = int(rank)
    else:
        out["doseNumberString"] = rank or _UNRANKED
    return [out]
