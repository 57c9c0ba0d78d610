"""Results, vital signs, pregnancies and other observations as Observation (R4 §10.1)."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.base import base, negated, note, said_of, set_if
from carnet.fhir.resources.facts.elements import (
    UNKNOWN,
    Json,
    concept,
    concepts,
    reference_range,
    timed,
    value_of,
)
from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump
from carnet.record.facts import Analysis, Kind

_STATUSES = {
    "completed": "final",
    "active": "preliminary",
    "aborted": "cancelled",
    "cancelled": "cancelled",
    "nullified": "entered-in-error",
}
CATEGORIES = {Kind.RESULT: "laboratory", Kind.VITAL: "vital-signs"}
"""The category of the kinds that have one; of others nothing is guessed."""


def render(told: Told, record_id: str) -> bytes:
    """The Observation of a fact."""
    fact = told.fact
    out = base("Observation", told, record_id)
    out["status"] = _STATUSES.get(fact.status, "unknown")
    category = CATEGORIES.get(fact.kind)
    if category is not None:
        out["category"] = [{"coding": [{"system": urls.OBSERVATION_CATEGORY, "code": category}]}]
    out["code"] = concept(fact.what) or UNKNOWN
    out |= timed(told.time, "effective")
    out |= value_of(fact.value)
    set_if(
        out,
        interpretation=concepts(fact.interpretation),
        referenceRange=[one for one in map(reference_range, fact.bounds) if one is not None],
    )
    if fact.negated:
        negated(out)
    if isinstance(fact.details, Analysis):
        _analysis(out, fact.details)
    note(out, told)
    out["derivedFrom"] = [{"reference": f"DocumentReference/{told.source.entry_uuid}"}]
    return dump(out)


def _analysis(out: Json, details: Analysis) -> None:
    set_if(out, method=concept(details.method))
    if details.specimen is not None and details.specimen.label.strip():
        out["specimen"] = {"display": details.specimen.label}
    said_of(out, "specimen", details.specimen)
    said_of(out, "isolate", details.isolate)
    for battery in details.batteries:
        said_of(out, "battery", battery)
    if details.laboratory.strip():
        out["performer"] = [{"display": details.laboratory}]
