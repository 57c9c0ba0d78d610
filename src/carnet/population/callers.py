"""The invented people as callers of the use cases, each with what a token would vouch for."""

from __future__ import annotations

from datetime import date, datetime

from carnet.population.model import Directory, Person, Professional, Structure
from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import CarnetError
from carnet.record.identity import Ins

SOFTWARE = "Carnet demo"
OPERATOR = Caller(CallerKind.OPERATOR, name="demo", software=SOFTWARE)
INSURANCE = Caller(CallerKind.OPERATOR, name="Assurance maladie (démonstration)", software=SOFTWARE)
"""Feeds the lists of reimbursements, as the operator's import does."""


def ins_at(person: Person, at: datetime | None = None) -> Ins:
    """The INS that stands for somebody at a moment; None: today."""
    later = person.later_ins
    if later is None or person.later_from is None:
        return person.ins
    return later if at is None or at >= person.later_from else person.ins


def age_on(person: Person, day: date) -> int:
    """Age in whole years."""
    born = person.born
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def citizen_caller(person: Person, at: datetime | None = None) -> Caller:
    """An invented citizen, under the INS of that moment."""
    name = person.name
    return Caller(
        CallerKind.CITIZEN,
        name=f"{name.given} {name.family}",
        ins=ins_at(person, at),
        software=SOFTWARE,
    )


def professional_caller(one: Professional) -> Caller:
    """An invented professional at work in their structure."""
    return Caller(
        CallerKind.PROFESSIONAL,
        name=f"{one.name.given} {one.name.family}",
        identifier=one.identifier,
        structure=one.structure.identifier,
        structure_name=one.structure.name,
        profession=one.profession.code,
        sector=one.structure.sector.code,
        software=SOFTWARE,
    )


def structure_caller(one: Structure) -> Caller:
    """An invented structure without an acting person: its system feeds."""
    return Caller(
        CallerKind.STRUCTURE,
        name=one.name,
        structure=one.identifier,
        structure_name=one.name,
        sector=one.sector.code,
        software=SOFTWARE,
    )


def caller_of(directory: Directory, key: str, at: datetime | None = None) -> Caller:
    """The caller of a key. Raises ``person-unknown``."""
    if key == "insurance":
        return INSURANCE
    professional = directory.professional(key)
    if professional is not None:
        return professional_caller(professional)
    structure = directory.structure(key)
    if structure is not None:
        return structure_caller(structure)
    person = directory.person(key)
    if person is not None:
        return citizen_caller(person, at)
    raise CarnetError("person-unknown", name=key)
