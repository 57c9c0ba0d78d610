"""Things of the nomenclature in the words of the CDA builder: coded where a code was looked up."""

from __future__ import annotations

from datetime import date
from functools import cache

from carnet.formats.cda.build import (
    ALLERGY,
    DRUG_ALLERGY,
    Allergy,
    Coded,
    Medication,
    Product,
)
from carnet.population import codes_model as nomenclature
from carnet.population import model
from carnet.population.codes import AllergyKind, Drug, Vaccine, entry, table
from carnet.population.systems import SNOMED, atc_of, cip_of, cis_of
from carnet.record.document import Code


def product_of(drug: str, lot: str | None = None) -> Product:
    """A medicine by its key."""
    known = entry(Drug, drug)
    return Product(
        name=known.name, cis=cis_of(known), atc=atc_of(known), cip=cip_of(known), lot=lot
    )


def vaccine_product(vaccine: str, lot: str) -> Product:
    """A vaccine by its key."""
    known = entry(Vaccine, vaccine)
    return Product(name=known.name, cis=cis_of(known), atc=atc_of(known), lot=lot)


def problem_of(problem: model.Problem) -> Coded:
    """A problem: its words, with the code of CIM-10 where there is one."""
    return Coded(code=problem.code, text=problem.label)


def reason_of(life: model.Life, key: str | None) -> Coded | None:
    """The problem of that key, if it is one of the life."""
    found = next((one for one in life.problems if one.key == key), None)
    return None if found is None else problem_of(found)


def medication_of(life: model.Life, treatment: model.Treatment, day: date) -> Medication:
    """A treatment as a synthesis or a letter of that day states it.

    Nobody knows on that day when a treatment without term will end: only a course has its end
    from the start, and a stopped treatment when it is stopped.
    """
    end = treatment.end
    is_known = end is not None and (end <= day or not treatment.chronic)
    return Medication(
        product=product_of(treatment.drug),
        posology=treatment.dose,
        start=f"{treatment.start:%Y%m%d}",
        end=f"{end:%Y%m%d}" if end is not None and is_known else None,
        reason=reason_of(life, treatment.problem),
    )


@cache
def _kinds_of_allergy() -> dict[str, Code]:
    """The kind of each allergy of the nomenclature by its label."""
    return {
        one.label: Code(SNOMED, *entry(AllergyKind, one.kind).snomed)
        for one in table(nomenclature.Allergy).values()
    }


def allergy_of(one: model.Allergy) -> Allergy:
    """An allergy under its kind; without one in the nomenclature, what it forbids tells it."""
    otherwise = DRUG_ALLERGY if one.avoid else ALLERGY
    return Allergy(
        agent=Coded(text=one.label),
        since=f"{one.since:%Y%m%d}",
        kind=_kinds_of_allergy().get(one.label, otherwise),
    )


def allergies_of(life: model.Life, day: date) -> tuple[Allergy, ...]:
    """The allergies and intolerances known on that day."""
    return tuple(allergy_of(one) for one in life.allergies if one.since <= day)


__all__ = [
    "allergies_of",
    "allergy_of",
    "medication_of",
    "problem_of",
    "product_of",
    "reason_of",
    "vaccine_product",
]
