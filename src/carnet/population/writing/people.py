"""Invented people in the words of the CDA builder."""

from __future__ import annotations

from datetime import datetime

from carnet.formats.cda.build import (
    Actor,
    Address,
    Citizen,
    Guardian,
    PatientRole,
    Structure,
    Telecom,
)
from carnet.formats.cda.build.people_model import TelecomUse
from carnet.population import model
from carnet.population.callers import age_on, ins_at
from carnet.population.scripts.cast import J01, J04, concept

CITIZEN = "EXP_PATIENT"
_MAJORITY = 18


def address(place: model.Place) -> Address:
    """A postal address in parts."""
    return Address(place.number, place.street, place.postal_code, place.city)


def structure(house: model.Structure) -> Structure:
    """A structure for the header."""
    return Structure(
        identifier=house.identifier,
        name=house.name,
        setting=house.setting,
        address=address(house.place),
        telecoms=(Telecom(f"tel:{house.phone}", "WP"),),
    )


def actor(professional: model.Professional) -> Actor:
    """A professional for the header, reached at their structure."""
    house = structure(professional.structure)
    return Actor(
        identifier=professional.identifier,
        name=professional.name,
        profession=professional.profession,
        structure=house,
        address=house.address,
        telecoms=house.telecoms,
    )


def citizen(person: model.Person, at: datetime) -> Citizen:
    """A citizen as author of their own document."""
    return Citizen(ins_at(person, at), person.name, concept(J01, CITIZEN), concept(J04, CITIZEN))


def patient(person: model.Person, directory: model.Directory, at: datetime) -> PatientRole:
    """The patient of the header, with their parents while they are a child."""
    guardians: tuple[Guardian, ...] = ()
    if age_on(person, at.date()) < _MAJORITY:
        parents = (directory.person(key) for key in person.guardians)
        guardians = tuple(
            Guardian(one.name, address(one.place), _phones(one)) for one in parents if one
        )
    return PatientRole(
        ins=ins_at(person, at),
        traits=person.traits,
        address=address(person.place),
        telecoms=_phones(person),
        birth_city=person.birth_city,
        guardians=guardians,
    )


def _phones(person: model.Person) -> tuple[Telecom, ...]:
    if person.phone is None:
        return ()
    use: TelecomUse = "MC" if person.phone.startswith(("06", "07")) else "H"
    return (Telecom(f"tel:{person.phone}", use),)
