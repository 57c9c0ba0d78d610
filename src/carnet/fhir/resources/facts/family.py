"""What is told of relatives as FamilyMemberHistory (R4 §9.4)."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.base import base, negated, note, set_if
from carnet.fhir.resources.facts.elements import UNKNOWN, Json, concept, date, quantity, timed
from carnet.formats.fhir.dump import dump
from carnet.record.facts import Relative


def render(told: Told, record_id: str) -> bytes:
    """The FamilyMemberHistory of a relative's disease."""
    fact = told.fact
    details = fact.details if isinstance(fact.details, Relative) else Relative()
    out = base("FamilyMemberHistory", told, record_id, who="patient")
    out["status"] = "entered-in-error" if fact.status == "nullified" else "completed"
    out["relationship"] = concept(details.relation) or UNKNOWN
    disease: Json = {"code": concept(fact.what) or UNKNOWN}
    age = quantity(details.age)
    if age is not None:
        disease["onsetAge"] = age
    elif date(fact.when.start):
        moment = timed(told.time, "onset")
        disease |= {"onsetString": fact.when.start} if moment else {}
    set_if(disease, contributedToDeath=details.died_of_it or None)
    out["condition"] = [disease]
    if fact.negated:
        negated(out)
    note(out, told)
    return dump(out)
