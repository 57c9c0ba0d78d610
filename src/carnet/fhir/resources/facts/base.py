"""What the resources of all facts share: id, source, patient, marks, notes."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.elements import Json, concept, date, spoken
from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import own_url
from carnet.record.facts import Concept


def base(kind: str, told: Told, record_id: str, *, who: str = "subject") -> Json:
    """A resource with what all have; ``who`` is the element that names the patient."""
    out: Json = {
        "resourceType": kind,
        "id": told.id,
        "meta": {"source": own_url(f"DocumentReference/{told.source.entry_uuid}")},
    }
    extensions = _extensions(told)
    if extensions:
        out["extension"] = extensions
    out[who] = {"reference": "Patient/" + record_id}
    subject = concept(told.fact.subject)
    if subject is not None:
        _modified(out, {"url": urls.FACT_SUBJECT, "valueCodeableConcept": subject})
    return out


def _modified(out: Json, extension: Json) -> None:
    """Add what nobody may overlook: whoever does not know it may not use the resource."""
    found = out.setdefault("modifierExtension", [])
    if isinstance(found, list):
        found.append(extension)


def _extensions(told: Told) -> list[Json]:
    fact = told.fact
    out: list[Json] = [
        {"url": urls.FACT_CONTRADICTED, "valueString": words}
        for words in fact.contradicts
        if words.strip()
    ]
    if fact.stage is not None:
        out.append({"url": urls.FACT_STAGE, "valueCode": str(fact.stage)})
    out += [
        {"url": urls.FACT_DATE, "valueString": text}
        for text in (fact.when.start, fact.when.end)
        if text.strip() and date(text) is None
    ]
    return out


def negated(out: Json) -> None:
    """Say that it is not so, where the resource has no word for it: nobody may overlook that."""
    _modified(out, {"url": urls.FACT_NEGATED, "valueBoolean": True})


def said_of(out: Json, name: str, given: Concept | None) -> None:
    """What a document says that the resource has no element for, by name."""
    found = concept(given)
    if found is not None:
        extensions = out.setdefault("extension", [])
        if isinstance(extensions, list):
            parts = [
                {"url": "name", "valueCode": name},
                {"url": "value", "valueCodeableConcept": found},
            ]
            extensions.append({"url": urls.FACT_SAID_OF, "extension": parts})


def words_of(out: Json, name: str, text: str) -> None:
    """The same for words."""
    said_of(out, name, Concept(text=text) if text.strip() else None)


def note(out: Json, told: Told) -> None:
    """The free words beside a fact, and a value where the resource has no place for one."""
    if told.fact.comment.strip():
        out["note"] = [{"text": told.fact.comment}]
    if told.fact.value is not None and out["resourceType"] != "Observation":
        words_of(out, "value", spoken(told.fact.value))


def set_if(out: Json, **elements: object) -> None:
    """Set the elements that hold something."""
    out.update({name: value for name, value in elements.items() if value not in (None, [], {}, "")})
