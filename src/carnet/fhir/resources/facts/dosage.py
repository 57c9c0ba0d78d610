"""What the three resources of treatments share: the product and its doses (R4 §11.1, §2.24.0.8)."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.base import said_of, words_of
from carnet.fhir.resources.facts.elements import (
    UNKNOWN,
    Json,
    concept,
    date,
    number,
    period,
    quantity,
    range_of,
)
from carnet.record.facts import Dose, Medication, Quantity, Range

_EVENTS = frozenset(
    ["HS", "WAKE", "C", "CM", "CD", "CV", "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD", "PCV"]
)
_UNITS = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})


def product(out: Json, told: Told, details: Medication) -> None:
    """The product: a concept alone, or with form, substances and lot a contained Medication."""
    code = concept(told.fact.what) or UNKNOWN
    if not (details.form or details.substances or details.lot):
        out["medicationCodeableConcept"] = code
        return
    made: Json = {"resourceType": "Medication", "id": "product", "code": code}
    form = concept(details.form)
    if form is not None:
        made["form"] = form
    substances = [concept(one) for one in details.substances]
    if any(substances):
        made["ingredient"] = [{"itemCodeableConcept": one} for one in substances if one]
    if details.lot.strip():
        made["batch"] = {"lotNumber": details.lot}
    out["contained"] = [made]
    out["medicationReference"] = {"reference": "#product"}


def beside(out: Json, details: Medication) -> None:
    """What a treatment says that its resource has no element for."""
    for mention in details.mentions:
        said_of(out, "mention", mention)


def dosages(told: Told, details: Medication) -> list[Json]:
    """The Dosage elements: each dose, or the words of the document alone."""
    doses = [_dosage(dose, details) for dose in details.doses]
    found = [dose for dose in doses if dose]
    if details.dosage.strip():
        if len(found) == 1 and "text" not in found[0]:
            found[0]["text"] = details.dosage
        else:
            found.insert(0, {"text": details.dosage})
    bounds = period(told.fact.when)
    if bounds and found and "timing" not in found[0]:
        found[0]["timing"] = {"repeat": {"boundsPeriod": bounds}}
    return found


def _dosage(dose: Dose, details: Medication) -> Json:
    out: Json = {}
    if dose.text.strip():
        out["text"] = dose.text
    repeat = _repeat(dose)
    if repeat:
        out["timing"] = {"repeat": repeat}
    rate: Json = _amount("dose", dose.amount) | _amount("rate", dose.rate)
    if rate:
        out["doseAndRate"] = [rate]
    if not out:
        return {}
    if details.as_needed:
        out["asNeededBoolean"] = True
    route = concept(details.route)
    if route is not None:
        out["route"] = route
    words = [dose.event] if dose.event and dose.event not in _EVENTS else []
    words += _unplaced(dose)
    for word in words:
        words_of(out, "timing", word)
    return out


def _unplaced(dose: Dose) -> list[str]:
    """A period in another unit than FHIR has, in words."""
    every = dose.every
    if every is None or (number(every.number) is not None and every.unit in _UNITS):
        return []
    return [f"{every.number} {every.unit}".strip()]


def _repeat(dose: Dose) -> Json:
    out: Json = {}
    bounds = {"start": date(dose.when.start), "end": date(dose.when.end)}
    if any(bounds.values()):
        out["boundsPeriod"] = {name: end for name, end in bounds.items() if end}
    every = dose.every
    value = number(every.number) if every is not None else None
    if every is not None and value is not None and every.unit in _UNITS:
        out |= {"frequency": 1, "period": value, "periodUnit": every.unit}
    if dose.event in _EVENTS:
        out["when"] = [dose.event]
    return out


def _amount(name: str, given: Quantity | Range | None) -> Json:
    if isinstance(given, Range):
        found = range_of(given)
        return {f"{name}Range": found} if found else {}
    made = quantity(given)
    if made is None:
        return {}
    made.pop("comparator", None)
    return {f"{name}Quantity": made}
