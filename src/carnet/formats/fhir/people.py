"""Authors, authenticator, custodian and source patient as contained resources.

PDSm §4: author is a contained PractitionerRole, Device, Patient or (MHD) Organization.
"""

from __future__ import annotations

from carnet.formats.fhir.codes import concept
from carnet.formats.fhir.elements import name_json
from carnet.formats.identifiers.fhir import identifier_to_fhir, ins_to_fhir
from carnet.record.document import Author, AuthorKind, Organization, Person
from carnet.record.identity import INS_OIDS, Identifier, Ins, Sex, Traits

GENDERS = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.INDETERMINATE: "unknown"}

Resource = dict[str, object]


def reference(contained_id: str) -> Resource:
    """A Reference to a contained resource."""
    return {"reference": "#" + contained_id}


def organization_json(organization: Organization, contained_id: str) -> Resource:
    """A contained Organization."""
    out: Resource = {"resourceType": "Organization", "id": contained_id}
    if organization.identifier:
        out["identifier"] = [identifier_to_fhir(organization.identifier)]
    if organization.name:
        out["name"] = organization.name
    return out


def add_organization(organization: Organization, into: list[Resource], key: str) -> Resource:
    """Adds a contained Organization and returns the Reference to it."""
    into.append(organization_json(organization, key))
    return reference(key)


def add_author(author: Author, into: list[Resource], key: str) -> Resource:
    """Adds what an author needs to ``into`` and returns the Reference to the author."""
    if author.kind is AuthorKind.PROFESSIONAL:
        person = Person(author.identifier, author.name, author.organization)
        return _add_role(person, into, key, author)
    if author.kind is AuthorKind.ORGANIZATION:
        return add_organization(_author_organization(author), into, key)
    if author.kind is AuthorKind.PATIENT:
        into.append(_patient_author(author, key))
        return reference(key)
    into.append(_device(author, into, key))
    return reference(key)


def add_person(person: Person, into: list[Resource], key: str) -> Resource:
    """Adds an authenticator and returns the Reference to their PractitionerRole."""
    return _add_role(person, into, key, None)


def _add_role(person: Person, into: list[Resource], key: str, author: Author | None) -> Resource:
    role: Resource = {"resourceType": "PractitionerRole", "id": key}
    if person.identifier or person.name:
        practitioner: Resource = {"resourceType": "Practitioner", "id": key + "-person"}
        if person.identifier:
            practitioner["identifier"] = [identifier_to_fhir(person.identifier)]
        if person.name:
            practitioner["name"] = [name_json(person.name)]
        into.append(practitioner)
        role["practitioner"] = reference(key + "-person")
    if person.organization:
        role["organization"] = add_organization(person.organization, into, key + "-structure")
    if author and author.role:
        role["code"] = [concept(author.role)]
    if author and author.specialty:
        role["specialty"] = [concept(author.specialty)]
    into.append(role)
    return reference(key)


def _author_organization(author: Author) -> Organization:
    given = author.organization or Organization()
    name = author.name.family if author.name else None
    return Organization(given.identifier or author.identifier, given.name or name)


def _patient_author(author: Author, key: str) -> Resource:
    out: Resource = {"resourceType": "Patient", "id": key}
    if author.identifier:
        out["identifier"] = [_patient_identifier(author.identifier)]
    if author.name:
        out["name"] = [name_json(author.name)]
    return out


def _patient_identifier(identifier: Identifier) -> Resource:
    if identifier.root in INS_OIDS:
        return ins_to_fhir(Ins(identifier.extension, identifier.root))
    return identifier_to_fhir(identifier)


def _device(author: Author, into: list[Resource], key: str) -> Resource:
    out: Resource = {"resourceType": "Device", "id": key}
    if author.identifier:
        out["identifier"] = [identifier_to_fhir(author.identifier)]
    name = author.device or (author.name.family if author.name else None)
    if name:
        out["deviceName"] = [{"name": name, "type": "model-name"}]
    if author.organization:
        out["owner"] = add_organization(author.organization, into, key + "-structure")
    return out


def source_patient_json(traits: Traits, identifier: Identifier | None, key: str) -> Resource:
    """The contained Patient of context.sourcePatientInfo: the traits as the producer had them."""
    out: Resource = {"resourceType": "Patient", "id": key}
    if identifier:
        out["identifier"] = [_patient_identifier(identifier)]
    out["name"] = patient_names(traits)
    out["gender"] = GENDERS[traits.sex]
    out["birthDate"] = traits.birth_date
    return out


def patient_names(traits: Traits) -> list[Resource]:
    """The official name (of birth) and, where known, the usual one."""
    given = traits.given_names or traits.first_given
    names: list[Resource] = [
        {"use": "official", "family": traits.birth_family, "given": given_list(traits, given)}
    ]
    if traits.used_family or traits.used_given:
        usual: Resource = {"use": "usual", "family": traits.used_family or traits.birth_family}
        usual["given"] = [traits.used_given or traits.first_given]
        names.append(usual)
    return names


def given_list(traits: Traits, given: str) -> list[str]:
    """The first given name of birth, then the rest of the list."""
    rest = given.removeprefix(traits.first_given).split() if given != traits.first_given else []
    return [traits.first_given, *rest]
