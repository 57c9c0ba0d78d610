"""Rules of medicines: begun, prescribed, given, ended, and never to be given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from carnet.population.codes import Drug, entry
from carnet.population.model import Directory, Dispensation, Document, Life, Line, Prescription
from carnet.population.rules.contradiction import Contradiction

_YEAR = timedelta(days=400)


def _lines(life: Life) -> Iterator[tuple[Document, Line]]:
    """Every line that is prescribed or given."""
    for one in life.documents:
        if isinstance(one.content, Prescription | Dispensation):
            yield from ((one, line) for line in one.content.lines)


def begun_after_dispensing(
    life: Life, _directory: Directory, _today: date
) -> Iterator[Contradiction]:
    """A treatment has begun, or begins with it, when it is prescribed or given."""
    for document, line in _lines(life):
        treatment = None if line.treatment is None else life.treatment(line.treatment)
        if treatment is not None and document.at.date() < treatment.start:
            where = f"document {document.key}"
            why = f"{treatment.key} begins on {treatment.start}"
            yield Contradiction("treatment-after-dispensing", life.person.key, where, why)


def dispensed_unprescribed(
    life: Life, _directory: Directory, _today: date
) -> Iterator[Contradiction]:
    """A pharmacy gives what was prescribed, after it was, and not a year later."""
    for one in life.documents:
        if not isinstance(one.content, Dispensation):
            continue
        ordered = life.document(one.content.prescription)
        where = f"document {one.key}"
        if ordered is None or not isinstance(ordered.content, Prescription):
            yield Contradiction("dispensed-unprescribed", life.person.key, where, "no prescription")
            continue
        if not ordered.at <= one.at <= ordered.at + _YEAR:
            why = f"on {one.at:%Y-%m-%d}, prescribed on {ordered.at:%Y-%m-%d}"
            yield Contradiction("dispensed-unprescribed", life.person.key, where, why)
        for line in one.content.lines:
            if line.drug is not None and line.drug not in {o.drug for o in ordered.content.lines}:
                why = f"{line.drug} was not prescribed"
                yield Contradiction("dispensed-unprescribed", life.person.key, where, why)


def prescribed_when_ended(
    life: Life, _directory: Directory, _today: date
) -> Iterator[Contradiction]:
    """What was stopped is not prescribed again under the same treatment."""
    for document, line in _lines(life):
        treatment = None if line.treatment is None else life.treatment(line.treatment)
        is_order = isinstance(document.content, Prescription)
        if treatment is None or treatment.end is None or not is_order:
            continue
        if document.at.date() > treatment.end:
            where = f"document {document.key}"
            why = f"{treatment.key} ended on {treatment.end}"
            yield Contradiction("prescribed-when-ended", life.person.key, where, why)


def allergy_prescribed(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """Nobody is given what they are known to be allergic to."""
    for document, line in _lines(life):
        yield from _allergic(life, f"document {document.key}", line.drug, document.at.date())
    for treatment in life.treatments:
        last = treatment.end or date.max
        yield from _allergic(life, f"treatment {treatment.key}", treatment.drug, last)


def _allergic(life: Life, where: str, drug: str | None, day: date) -> Iterator[Contradiction]:
    if drug is None:
        return
    for allergy in life.allergies:
        if allergy.since < day and entry(Drug, drug).class_ in allergy.avoid:
            why = f"{drug}, allergic to {allergy.label} since {allergy.since}"
            yield Contradiction("allergy-prescribed", life.person.key, where, why)


def same_drug_twice(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """The same medicine is not taken as two treatments at once."""
    treatments = life.treatments
    for number, one in enumerate(treatments):
        for other in treatments[number + 1 :]:
            if one.drug != other.drug:
                continue
            if one.start < (other.end or date.max) and other.start < (one.end or date.max):
                where = f"treatment {other.key}"
                why = f"{other.drug} is taken as {one.key} as well"
                yield Contradiction("same-drug-twice", life.person.key, where, why)


def forbidden_in_pregnancy(
    life: Life, _directory: Directory, _today: date
) -> Iterator[Contradiction]:
    """A pregnant woman is not given what harms the child."""
    pregnancies = [one for one in life.episodes if one.kind == "pregnancy"]
    for document, line in _lines(life):
        day = document.at.date()
        if line.drug is None or not entry(Drug, line.drug).pregnancy_contraindicated:
            continue
        for one in pregnancies:
            if one.start <= day <= min(one.end or date.max, one.start + timedelta(days=285)):
                where = f"document {document.key}"
                yield Contradiction("forbidden-in-pregnancy", life.person.key, where, line.drug)
