"""People and structures of the header: patient, assigned entities, organisations."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.people_model import (
    Actor,
    Address,
    Citizen,
    Device,
    Guardian,
    GuardianOrganization,
    Informant,
    PatientRole,
    Structure,
    Telecom,
    Unnamed,
)
from carnet.formats.cda.build.xml import append, coded, element, identified, template
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier, Name, Sex, Traits

CITIZEN_CUSTODIAN = Identifier("1.2.250.1.213.4.1")

_COUNTY = "/ClinicalDocument/recordTarget/patientRole/patient/birthplace/place/addr/county"
_LINES = 7  # CI-SIS: streetAddressLine 0..7
_GENDER = "2.16.840.1.113883.5.1"
_GENDERS = {
    Sex.MALE: Code(_GENDER, "M", "Masculin"),
    Sex.FEMALE: Code(_GENDER, "F", "Féminin"),
    Sex.INDETERMINATE: Code(_GENDER, "UN", "Indéterminé"),
}


def address(value: Address | None, use: str | None = None) -> _Element:
    """An ``addr`` in parts or in lines, or one that says that it is unknown.

    ``use`` is the one to state where the address states none. Raises
    ``CarnetError('cda-address-malformed')`` for parts and lines at once, or more than 7 lines.
    """
    if value is None:
        return element("addr", attrs={"nullFlavor": "UNK"})
    parts = [(tag, part) for tag, part in _parts(value) if part is not None]
    if len(value.lines) > _LINES or (value.lines and parts):
        raise CarnetError("cda-address-malformed", "addr")
    made = element("addr", attrs={"use": value.use or use})
    append(made, *(element("streetAddressLine", line) for line in value.lines))
    return append(made, *(element(tag, part) for tag, part in parts))


def _parts(value: Address) -> tuple[tuple[str, str | None], ...]:
    return (
        ("houseNumber", value.house_number),
        ("streetName", value.street),
        ("unitID", value.unit),
        ("postalCode", value.postal_code),
        ("city", value.city),
        ("country", value.country),
    )


def telecoms(values: tuple[Telecom, ...], unknown: str = "UNK") -> list[_Element]:
    """The telecoms, or one that says why none is there."""
    if not values:
        return [element("telecom", attrs={"nullFlavor": unknown})]
    return [
        element("telecom", attrs={"nullFlavor": t.unknown, "value": t.value, "use": t.use})
        for t in values
    ]


def person_name(name: Name) -> _Element:
    """The name of somebody who is not the patient: prefix, given, family, suffix.

    Raises ``CarnetError('cda-element-missing')`` where there is no family name.
    """
    if not name.family:
        raise CarnetError("cda-element-missing", "name/family")
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


def represented(structure: Structure | None, with_setting: bool = False) -> _Element | None:
    """The structure for which somebody acts, or nothing where it is unknown.

    Raises ``CarnetError('cda-element-missing')`` where its practice setting must stand.
    """
    tag = "representedOrganization"
    if structure is not None:
        return organization(tag, structure, with_setting)
    if with_setting:
        raise CarnetError("cda-element-missing", f"{tag}/standardIndustryClassCode")
    return None


def assigned(
    tag: str, who: Actor | Citizen | Device | Unnamed, with_setting: bool = False
) -> _Element:
    """An assignedAuthor or assignedEntity; the citizen is known by the INS and has no place."""
    if isinstance(who, Citizen):
        return _citizen(tag, who, with_setting)
    if isinstance(who, Device):
        return _device(tag, who)
    if isinstance(who, Unnamed):
        setting = coded("standardIndustryClassCode", who.setting)
        return element(
            tag,
            element("id", attrs={"nullFlavor": "NA"}),
            element("representedOrganization", setting),
        )
    made = element(tag, identified(who.identifier))
    if tag == "assignedAuthor":
        append(made, *(identified(one) for one in who.other_ids))
    append(made, coded("code", who.profession), *_reached(who))
    return append(
        made,
        element("assignedPerson", person_name(who.name)),
        represented(who.structure, with_setting),
    )


def _reached(who: Actor) -> list[_Element]:
    """Where and how to reach somebody; the address of the structure stands for a missing one."""
    place = who.address or (None if who.structure is None else who.structure.address)
    return [address(place), *telecoms(who.telecoms)]


def _citizen(tag: str, who: Citizen, with_setting: bool) -> _Element:
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


def _device(tag: str, who: Device) -> _Element:
    """Software as author; an assignedEntity has no place for it, so its name stands as a person's.

    Nobody asks a machine for its telephone (NASK).
    """
    made = element(tag, identified(who.identifier))
    if tag != "assignedAuthor":
        append(made, address(None), *telecoms((), "NASK"))
        return append(made, element("assignedPerson", person_name(Name(who.software))))
    append(made, coded("code", who.profession))
    append(made, address(None), *telecoms((), "NASK"))
    apparatus = element(
        "assignedAuthoringDevice",
        element("manufacturerModelName", who.model),
        element("softwareName", who.software),
    )
    return append(made, apparatus, known_organization("representedOrganization", who.structure))


def known_organization(tag: str, structure: Structure | None) -> _Element | None:
    """A structure where nothing but its id is required: what is known of it and no more."""
    if structure is None:
        return None
    made = element(tag, identified(structure.identifier), element("name", structure.name))
    if structure.telecoms:
        append(made, *telecoms(structure.telecoms))
    return append(made, None if structure.address is None else address(structure.address))


def associated(actor: Actor, role: str = "PROV") -> _Element:
    """The associatedEntity of a participant."""
    made = element(
        "associatedEntity",
        identified(actor.identifier),
        coded("code", actor.profession),
        attrs={"classCode": role},
    )
    append(made, *_reached(actor))
    house = actor.structure
    return append(
        made,
        element("associatedPerson", person_name(actor.name)),
        None if house is None else organization("scopingOrganization", house),
    )


def informant(who: Informant) -> _Element:
    """An informant: a relatedEntity with its tie to the patient."""
    made = element("relatedEntity", coded("code", who.relation), attrs={"classCode": who.kind})
    append(made, address(who.address))
    if who.telecoms:
        append(made, *telecoms(who.telecoms))
    append(made, element("relatedPerson", person_name(who.name)))
    return element("informant", made)


def recipient(actor: Actor, template_root: str | None) -> _Element:
    """The intendedRecipient of an informationRecipient."""
    made = element("intendedRecipient")
    append(made, template(template_root) if template_root else None)
    house = actor.structure
    place = actor.address or (None if house is None else house.address)
    append(made, identified(actor.identifier), address(place))
    if actor.telecoms:
        append(made, *telecoms(actor.telecoms))
    return append(
        made,
        element("informationRecipient", person_name(actor.name)),
        None if house is None else organization("receivedOrganization", house),
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


def _guardian(guardian: Guardian | GuardianOrganization) -> _Element:
    """A guardian; an address or telephone that is unknown is left out, as nothing asks for it."""
    made = element("guardian")
    if guardian.address is not None:
        made.append(address(guardian.address, use="H"))
    if guardian.telecoms:
        append(made, *telecoms(guardian.telecoms))
    if isinstance(guardian, GuardianOrganization):
        return append(made, organization("guardianOrganization", guardian.structure))
    return append(made, element("guardianPerson", person_name(guardian.name)))


def _birthplace(patient: PatientRole) -> _Element:
    """The birthplace, a trait that the INS makes required (CI-SIS, identity traits).

    Raises ``CarnetError('cda-trait-missing')``.
    """
    place = patient.traits.birth_place
    if place is None:
        raise CarnetError("cda-trait-missing", _COUNTY)
    addr = element("addr", element("county", place))
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
