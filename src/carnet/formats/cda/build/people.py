"""People and structures of the header: patient, assigned entities, organisations."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.model import (
    Actor,
    Address,
    Citizen,
    Guardian,
    PatientRole,
    Structure,
    Telecom,
)
from carnet.formats.cda.build.xml import append, coded, element, identified, template
from carnet.record.document import Code
from carnet.record.identity import Identifier, Name, Sex, Traits

CITIZEN_CUSTODIAN = Identifier("1.2.250.1.213.4.1")

_GENDER = "2.16.840.1.113883.5.1"
_GENDERS = {
    Sex.MALE: Code(_GENDER, "M", "Masculin"),
    Sex.FEMALE: Code(_GENDER, "F", "Féminin"),
    Sex.INDETERMINATE: Code(_GENDER, "UN", "Indéterminé"),
}


def address(value: Address | None, use: str | None = None) -> _Element:
    """An ``addr`` in parts, or one that says that it is unknown."""
    if value is None:
        return element("addr", attrs={"nullFlavor": "UNK"})
    parts = {
        "houseNumber": value.house_number,
        "streetName": value.street,
        "postalCode": value.postal_code,
        "city": value.city,
    }
    made = element("addr", attrs={"use": use})
    for tag, text in parts.items():
        if text is not None:
            made.append(element(tag, text))
    return made


def telecoms(values: tuple[Telecom, ...]) -> list[_Element]:
    """The telecoms, or one that says that none is known."""
    if not values:
        return [element("telecom", attrs={"nullFlavor": "UNK"})]
    return [element("telecom", attrs={"value": t.value, "use": t.use}) for t in values]


def person_name(name: Name) -> _Element:
    """The name of somebody who is not the patient: prefix, given, family, suffix."""
    made = element("name")
    for tag, text in (
        ("prefix", name.prefix),
        ("given", name.given),
        ("family", name.family),
        ("suffix", name.suffix),
    ):
        if text is not None:
            made.append(element(tag, text))
    return made


def organization(tag: str, structure: Structure, with_setting: bool = False) -> _Element:
    """A structure: id, name, telecom, addr and, where asked, its practice setting."""
    made = element(tag, identified(structure.identifier), element("name", structure.name))
    append(made, *telecoms(structure.telecoms), address(structure.address))
    if with_setting:
        append(made, coded("standardIndustryClassCode", structure.setting))
    return made


def assigned(tag: str, who: Actor | Citizen, with_setting: bool = False) -> _Element:
    """An assignedAuthor or assignedEntity; the citizen is known by the INS and has no place."""
    if isinstance(who, Citizen):
        made = element(
            tag,
            identified(Identifier(who.ins.oid, who.ins.matricule)),
            coded("code", who.profession),
            element("assignedPerson", person_name(who.name)),
        )
        if with_setting:
            setting = coded("standardIndustryClassCode", who.setting)
            made.append(element("representedOrganization", setting))
        return made
    made = element(tag, identified(who.identifier), coded("code", who.profession))
    append(made, address(who.address or who.structure.address), *telecoms(who.telecoms))
    return append(
        made,
        element("assignedPerson", person_name(who.name)),
        organization("representedOrganization", who.structure, with_setting),
    )


def associated(actor: Actor) -> _Element:
    """The associatedEntity of a participant."""
    made = element(
        "associatedEntity",
        identified(actor.identifier),
        coded("code", actor.profession),
        attrs={"classCode": "PROV"},
    )
    append(made, address(actor.address or actor.structure.address), *telecoms(actor.telecoms))
    return append(
        made,
        element("associatedPerson", person_name(actor.name)),
        organization("scopingOrganization", actor.structure),
    )


def recipient(actor: Actor, template_root: str | None) -> _Element:
    """The intendedRecipient of an informationRecipient."""
    made = element("intendedRecipient")
    append(made, template(template_root) if template_root else None)
    append(made, identified(actor.identifier), address(actor.address or actor.structure.address))
    if actor.telecoms:
        append(made, *telecoms(actor.telecoms))
    return append(
        made,
        element("informationRecipient", person_name(actor.name)),
        organization("receivedOrganization", actor.structure),
    )


def _patient_name(traits: Traits) -> _Element:
    """Birth name and first given name (BR), all given names, then the used ones (CL)."""
    used_family = traits.used_family or traits.birth_family
    used_given = traits.used_given or traits.first_given
    return element(
        "name",
        element("family", traits.birth_family, attrs={"qualifier": "BR"}),
        element("given", traits.given_names or traits.first_given),
        element("given", traits.first_given, attrs={"qualifier": "BR"}),
        element("family", used_family, attrs={"qualifier": "CL"}),
        element("given", used_given, attrs={"qualifier": "CL"}),
    )


def _guardian(guardian: Guardian) -> _Element:
    """A guardian; an address or telephone that is unknown is left out, as nothing asks for it."""
    made = element("guardian")
    if guardian.address is not None:
        made.append(address(guardian.address, use="H"))
    if guardian.telecoms:
        append(made, *telecoms(guardian.telecoms))
    return append(made, element("guardianPerson", person_name(guardian.name)))


def _birthplace(patient: PatientRole) -> _Element | None:
    if patient.traits.birth_place is None:
        return None
    addr = element("addr", element("county", patient.traits.birth_place))
    if patient.birth_city is not None:
        addr.append(element("city", patient.birth_city))
    return element("birthplace", element("place", addr))


def record_target(patient: PatientRole) -> _Element:
    """The recordTarget: INS, address, telecoms, and the traits that go with the INS."""
    role = element("patientRole", identified(Identifier(patient.ins.oid, patient.ins.matricule)))
    append(role, *(identified(i) for i in patient.local_ids))
    append(role, address(patient.address, use="H"), *telecoms(patient.telecoms))
    person = element(
        "patient",
        _patient_name(patient.traits),
        coded("administrativeGenderCode", _GENDERS[patient.traits.sex]),
        element("birthTime", attrs={"value": patient.traits.birth_date.replace("-", "")}),
        attrs={"classCode": "PSN"},
    )
    append(person, *(_guardian(g) for g in patient.guardians), _birthplace(patient))
    return element("recordTarget", append(role, person))
