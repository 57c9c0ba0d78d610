"""The demo's people as callers: who made its past, and whom ``carnet token`` signs for."""

from __future__ import annotations

from carnet.population.demo.model import DemoPerson, DemoProfessional
from carnet.population.demo.people import people, professionals
from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import CarnetError

SOFTWARE = "Carnet demo"


def citizen_caller(person: DemoPerson) -> Caller:
    """An invented citizen."""
    name = person.name
    return Caller(
        CallerKind.CITIZEN,
        name=f"{name.given} {name.family}",
        ins=person.ins,
        software=SOFTWARE,
    )


def professional_caller(one: DemoProfessional) -> Caller:
    """An invented professional at work in their structure."""
    return Caller(
        CallerKind.PROFESSIONAL,
        name=f"{one.name.given} {one.name.family}",
        identifier=one.identifier,
        structure=one.structure.identifier,
        structure_name=one.structure.name,
        profession=one.profession.code,
        sector=one.sector.code,
        software=SOFTWARE,
    )


def caller_named(key: str) -> Caller:
    """The caller of a key of the demo. Raises ``person-unknown``."""
    for person in people():
        if person.key == key:
            return citizen_caller(person)
    for one in professionals():
        if one.key == key:
            return professional_caller(one)
    raise CarnetError("person-unknown", name=key)
