"""The demo's citizens, structures, professionals and ties, from their scripts."""

from __future__ import annotations

from functools import cache

from carnet.population.demo.model import (
    DemoPerson,
    DemoProfessional,
    DemoRelation,
    DemoStructure,
    Place,
)
from carnet.population.demo.scripts import (
    PersonScript,
    ProfessionalScript,
    RelationScript,
    StructureScript,
    people_scripts,
    professionals_script,
    relations_scripts,
)
from carnet.record.document import Code
from carnet.record.identity import (
    OID_INS_NIR_TEST,
    OID_PROFESSIONAL,
    OID_STRUCTURE,
    Identifier,
    Ins,
    Name,
    Traits,
)
from carnet.record.vocabulary import value_set

J01 = "JDV_J01_XdsAuthorSpecialty_CISIS"
J02 = "JDV_J02_XdsHealthcareFacilityTypeCode_CISIS"
J04 = "JDV_J04_XdsPracticeSettingCode_CISIS"
J07 = "JDV_J07_XdsTypeCode_CISIS"


def concept(name: str, code: str) -> Code:
    """A code of a value set with its label. ``LookupError`` where the set lacks it."""
    found = value_set(name).find(code)
    if found is None:
        raise LookupError(f"{code} is not in {name}")
    return found


def _person(script: PersonScript) -> DemoPerson:
    return DemoPerson(
        key=script.key,
        ins=Ins(script.matricule, OID_INS_NIR_TEST),
        traits=Traits(
            birth_family=script.family,
            first_given=script.given,
            sex=script.sex,
            birth_date=script.born,
            birth_place=script.birth_place,
            given_names=script.given_names,
            used_family=script.used_family,
        ),
        birth_city=script.birth_city,
        place=Place(*script.street),
        record=script.record,
        headline=script.headline,
        what_to_try=script.what_to_try,
        phone=script.phone,
        doctor=script.doctor,
        guardians=script.guardians,
        break_glass_opposed=script.break_glass_opposed,
    )


def _structure(script: StructureScript) -> DemoStructure:
    return DemoStructure(
        key=script.key,
        identifier=Identifier(OID_STRUCTURE, script.identifier),
        name=script.name,
        sector=concept(J02, script.sector),
        setting=concept(J04, script.setting),
        place=Place(*script.street),
        phone=script.phone,
    )


def _professional(script: ProfessionalScript, houses: dict[str, DemoStructure]) -> DemoProfessional:
    is_doctor = script.profession.startswith("G15_10")
    return DemoProfessional(
        key=script.key,
        identifier=Identifier(OID_PROFESSIONAL, script.identifier),
        name=Name(script.family, script.given, script.civility, "DR" if is_doctor else None),
        profession=concept(J01, script.profession),
        structure=houses[script.structure],
        title=script.title,
    )


@cache
def people() -> tuple[DemoPerson, ...]:
    """The invented citizens, in the order in which the door shows them."""
    return tuple(_person(script) for script in people_scripts())


@cache
def structures() -> tuple[DemoStructure, ...]:
    """The invented structures."""
    return tuple(_structure(script) for script in professionals_script().structure)


@cache
def professionals() -> tuple[DemoProfessional, ...]:
    """The invented professionals, in the order in which the door shows them."""
    houses = {house.key: house for house in structures()}
    scripts = professionals_script().professional
    return tuple(_professional(script, houses) for script in scripts)


def _actors() -> dict[str, tuple[Identifier, str]]:
    """Everybody a tie may name: key → identifier and name."""
    found: dict[str, tuple[Identifier, str]] = {}
    for house in structures():
        found[house.key] = (house.identifier, house.name)
    for one in professionals():
        found[one.key] = (one.identifier, f"{one.name.given} {one.name.family}")
    for person in people():
        identifier = Identifier(person.ins.oid, person.ins.matricule)
        found[person.key] = (identifier, f"{person.name.given} {person.name.family}")
    return found


def _relations(
    script: RelationScript, actors: dict[str, tuple[Identifier, str]]
) -> list[DemoRelation]:
    identifier, name = actors[script.actor]
    return [
        DemoRelation(
            patient=patient,
            kind=script.kind,
            actor=identifier,
            actor_key=script.actor,
            actor_name=name,
            since_days=script.since,
            until_days=script.until,
            scope=script.scope,
        )
        for patient in script.patients
    ]


def relations() -> tuple[DemoRelation, ...]:
    """The ties to make: médecins traitants, parents, delegates, authorisations, blocks."""
    actors = _actors()
    scripts = relations_scripts()
    return tuple(relation for script in scripts for relation in _relations(script, actors))
