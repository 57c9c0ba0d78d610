"""The demo's people in the words of the CDA builder."""

from __future__ import annotations

from carnet.formats.cda.build import (
    Actor,
    Address,
    Citizen,
    Guardian,
    PatientRole,
    Structure,
    Telecom,
)
from carnet.population.demo.model import (
    DemoPerson,
    DemoProfessional,
    DemoStructure,
    Place,
)
from carnet.population.demo.people import J01, J04, concept, people

CITIZEN = "EXP_PATIENT"


def _address(place: Place) -> Address:
    return Address(place.number, place.street, place.postal_code, place.city)


def structure(house: DemoStructure) -> Structure:
    """A structure for the header."""
    return Structure(
        identifier=house.identifier,
        name=house.name,
        setting=house.setting,
        address=_address(house.place),
        telecoms=(Telecom(f"tel:{house.phone}", "WP"),),
    )


def actor(professional: DemoProfessional) -> Actor:
    """A professional for the header, reached at their structure."""
    house = structure(professional.structure)
    return Actor(
        identifier=professional.identifier,
        name=professional.name,
        profession=professional.profession,
        structure=house,
        telecoms=house.telecoms,
    )


def citizen(person: DemoPerson) -> Citizen:
    """A citizen as author of their own document."""
    return Citizen(person.ins, person.name, concept(J01, CITIZEN), concept(J04, CITIZEN))


def patient(person: DemoPerson) -> PatientRole:
    """The patient of the header, with their parents where they are a child."""
    by_key = {one.key: one for one in people()}
    guardians = tuple(
        Guardian(parent.name, _address(parent.place), _phones(parent))
        for parent in (by_key[key] for key in person.guardians)
    )
    return PatientRole(
        ins=person.ins,
        traits=person.traits,
        address=_address(person.place),
        telecoms=_phones(person),
        birth_city=person.birth_city,
        guardians=guardians,
    )


def _phones(person: DemoPerson) -> tuple[Telecom, ...]:
    if person.phone is None:
        return ()
    use = "MC" if person.phone.startswith("06") else "H"
    return (Telecom(f"tel:{person.phone}", use),)
