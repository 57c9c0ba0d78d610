"""Allergies and intolerances as AllergyIntolerance (R4 §9.1)."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.base import base, note, said_of, set_if
from carnet.fhir.resources.facts.elements import UNKNOWN, Json, concept, concepts, date
from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump
from carnet.record.facts import Allergy, Concept

# HL7 v3 ObservationIntoleranceType: what the code's name says.
_TYPES = {
    "ALG": ("allergy", None),
    "DALG": ("allergy", "medication"),
    "EALG": ("allergy", "environment"),
    "FALG": ("allergy", "food"),
    "DINT": ("intolerance", "medication"),
    "DNAINT": ("intolerance", "medication"),
    "EINT": ("intolerance", "environment"),
    "ENAINT": ("intolerance", "environment"),
    "FINT": ("intolerance", "food"),
    "FNAINT": ("intolerance", "food"),
    "NAINT": ("intolerance", None),
    "OINT": (None, None),
}
_SEVERITIES = {
    "255604002": "mild",
    "6736007": "moderate",
    "24484000": "severe",
    "L": "mild",
    "M": "moderate",
    "H": "severe",
}
_ENDED = ("aborted", "suspended", "cancelled")


def render(told: Told, record_id: str) -> bytes:
    """The AllergyIntolerance of a fact."""
    fact = told.fact
    details = fact.details if isinstance(fact.details, Allergy) else Allergy()
    out = base("AllergyIntolerance", told, record_id, who="patient")
    # ait-1 demands a clinical status; one that has not ended is active.
    ended = date(fact.when.end) or fact.status in _ENDED
    out["clinicalStatus"] = _coded(urls.ALLERGY_CLINICAL, "inactive" if ended else "active")
    if fact.negated:
        out["verificationStatus"] = _coded(urls.ALLERGY_VERIFICATION, "refuted")
    sort, category = _type(details.sort)
    set_if(
        out,
        type=sort,
        category=[category] if category else [],
        code=concept(fact.what) or UNKNOWN,
        onsetDateTime=date(fact.when.start),
        reaction=_reactions(details),
    )
    said_of(out, "sort", details.sort)
    said_of(out, "severity", details.severity)
    note(out, told)
    return dump(out)


def _type(sort: Concept | None) -> tuple[str | None, str | None]:
    codes = sort.codes if sort is not None else ()
    return next((_TYPES[code.code] for code in codes if code.code in _TYPES), (None, None))


def _reactions(details: Allergy) -> list[Json]:
    manifestations = concepts(details.reactions)
    if not manifestations:
        return []
    codes = details.severity.codes if details.severity is not None else ()
    severity = next((_SEVERITIES[code.code] for code in codes if code.code in _SEVERITIES), None)
    out: Json = {"manifestation": manifestations}
    if severity is not None:
        out["severity"] = severity
    return [out]


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}
