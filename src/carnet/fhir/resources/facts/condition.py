"""Problems as Condition (R4 §9.2)."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.base import base, note, said_of, set_if
from carnet.fhir.resources.facts.elements import UNKNOWN, Json, concept, date
from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump
from carnet.record.facts import Concept, Problem

# SNOMED CT and the codes of HL7 for the same, as documents give them.
_CLINICAL = {
    "55561003": "active",
    "active": "active",
    "73425007": "inactive",
    "inactive": "inactive",
    "413322009": "resolved",
    "resolved": "resolved",
    "277022003": "remission",
    "remission": "remission",
    "246455001": "recurrence",
    "recurrence": "recurrence",
}
_OPEN = ("active", "recurrence", "relapse")
CATEGORY = "problem-list-item"


def render(told: Told, record_id: str) -> bytes:
    """The Condition of a fact."""
    fact = told.fact
    details = fact.details if isinstance(fact.details, Problem) else Problem()
    out = base("Condition", told, record_id)
    status = clinical_status(details.clinical_status)
    ended = date(fact.when.end)
    if ended and (status is None or status in _OPEN):
        status = "inactive"  # con-4: what has abated is not active
    if status is not None:
        out["clinicalStatus"] = _coded(urls.CONDITION_CLINICAL, status)
    if fact.negated:
        out["verificationStatus"] = _coded(urls.CONDITION_VERIFICATION, "refuted")
    sort = concept(details.sort)
    out["category"] = [_coded(urls.CONDITION_CATEGORY, CATEGORY), *([sort] if sort else [])]
    set_if(
        out,
        severity=concept(details.severity),
        code=concept(fact.what) or UNKNOWN,
        onsetDateTime=date(fact.when.start),
        abatementDateTime=ended,
    )
    said_of(out, "clinical-status", details.clinical_status)
    said_of(out, "certainty", details.certainty)
    note(out, told)
    return dump(out)


def clinical_status(given: Concept | None) -> str | None:
    """The clinical status that a document gives by one of the known codes."""
    if given is None:
        return None
    return next((_CLINICAL[code.code] for code in given.codes if code.code in _CLINICAL), None)


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}
