"""Invented facts, as documents tell them."""

from __future__ import annotations

import msgspec

from carnet.clinical.model import Source, Told
from carnet.record.facts import (
    Allergy,
    Analysis,
    Bounds,
    Code,
    Concept,
    Fact,
    Kind,
    Medication,
    Place,
    Problem,
    Quantity,
    Range,
    Stage,
    When,
)

LOINC, SNOMED, ICD10 = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.3"
CIS, ATC = "1.2.250.1.213.2.3.1", "2.16.840.1.113883.6.73"
INTERPRETATION = "2.16.840.1.113883.5.83"
A1C = Concept((Code(LOINC, "4548-4", "Hémoglobine A1c"),), "HbA1c")
SODIUM = Concept((Code(LOINC, "2951-2", "Sodium"),), "Sodium")
PENICILLIN = Concept((Code(SNOMED, "764146007", "Pénicilline"),), "pénicilline")
DIABETES = Concept((Code(ICD10, "E11", "Diabète de type 2"),), "DT2")
METFORMIN = Concept((Code(ATC, "A10BA02", "Metformine"),), "METFORMINE 500 mg")
HIGH = Concept((Code(INTERPRETATION, "H", "Haut"),))


def place(number: int, section: str = "30954-2") -> Place:
    """The place of the entry of that number."""
    path = f"ClinicalDocument/component/structuredBody/component[1]/section/entry[{number + 1}]"
    return Place(section, "Résultats", path, 1000 + 900 * number, 1900 + 900 * number)


def fact(number: int = 0, **changes: object) -> Fact:
    """A glycated haemoglobin, or what ``changes`` make of it."""
    made = Fact(
        number=number,
        kind=Kind.RESULT,
        what=A1C,
        place=place(number),
        when=When("2026-03-04T08:00:00+01:00", point=True),
        value=Quantity("7.1", "%"),
        status="completed",
        bounds=(Bounds(Range(Quantity("4.0", "%"), Quantity("6.0", "%"))),),
        interpretation=(HIGH,),
        details=Analysis(laboratory="Laboratoire du Pont"),
        ids=(f"1.2.250.1.999.{number}",),
    )
    return msgspec.structs.replace(made, **changes)


def problem(number: int = 0, **changes: object) -> Fact:
    """A diabetes."""
    made = fact(
        number,
        kind=Kind.PROBLEM,
        what=DIABETES,
        value=None,
        bounds=(),
        interpretation=(),
        details=Problem(),
        when=When("2019"),
    )
    return msgspec.structs.replace(made, **changes)


def allergy(number: int = 0, **changes: object) -> Fact:
    """An allergy to penicillin."""
    return problem(
        number, **{"kind": Kind.ALLERGY, "what": PENICILLIN, "details": Allergy()} | changes
    )


def treatment(number: int = 0, **changes: object) -> Fact:
    """A prescribed metformin."""
    given: dict[str, object] = {
        "kind": Kind.MEDICATION,
        "what": METFORMIN,
        "stage": Stage.PRESCRIBED,
        "details": Medication(dosage="1 matin et soir"),
    }
    return problem(number, **given | changes)


def mixed_facts(entry_no: int, count: int) -> tuple[Fact, ...]:
    """Facts of a document: three in ten of the kinds of a summary, the rest results."""
    made = []
    for number in range(count):
        day = f"20{10 + entry_no % 16}-{1 + entry_no % 12:02d}-{1 + number % 28:02d}"
        match number % 10:
            case 0:
                made.append(problem(number))
            case 1:
                made.append(treatment(number))
            case 2:
                made.append(allergy(number))
            case _:
                value = Quantity(f"{5 + entry_no % 40 / 10:.1f}", "%")
                code = Concept((Code(LOINC, f"{4500 + number}-4", f"Analyse {number}"),))
                made.append(fact(number, what=code, value=value, when=When(day, point=True)))
    return tuple(made)


def source(number: int = 1, **changes: object) -> Source:
    """An invented document."""
    made = Source(
        entry_no=number,
        entry_uuid=f"00000000-0000-4000-8000-{number:012d}",
        document_id=f"11111111-0000-4000-8000-{number:012d}",
        type_code="11502-2",
        created=1_772_000_000.0 + 86_400 * number,
        started=1_772_000_000.0 + 86_400 * number,
        resource=b'{"resourceType":"DocumentReference"}',
    )
    return msgspec.structs.replace(made, **changes)


def told(one: Fact, number: int = 1, **changes: object) -> Told:
    """A fact as an invented document tells it."""
    return Told(one, source(number, **changes))
