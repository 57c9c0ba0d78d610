"""Reads authors, authenticator, custodian and source patient from references and contained parts.

A reference may be contained (``#id``) or logical (an identifier, with ``type`` or a national root).
Contact details, narrative and labels of contained resources are no metadata of a document and are
left aside; any other member that Carnet does not keep is refused by name.
"""

from __future__ import annotations

from carnet.formats.fhir.codes import read_concept
from carnet.formats.fhir.elements import ins_of, read_identifier, read_name
from carnet.formats.fhir.reading import Element
from carnet.record.document import Author, AuthorKind, Code, Organization, Person
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    INS_OIDS,
    OID_PROFESSIONAL,
    OID_STRUCTURE,
    Identifier,
    Ins,
    Name,
    Sex,
    Traits,
)

_LEFT_ASIDE = (
    "resourceType",
    "meta",
    "language",
    "text",
    "active",
    "telecom",
    "address",
    "photo",
    "communication",
)
_SEXES = {"male": Sex.MALE, "female": Sex.FEMALE, "unknown": Sex.INDETERMINATE}
_KINDS_BY_TYPE = {
    "Practitioner": AuthorKind.PROFESSIONAL,
    "PractitionerRole": AuthorKind.PROFESSIONAL,
    "Patient": AuthorKind.PATIENT,
    "Device": AuthorKind.DEVICE,
    "Organization": AuthorKind.ORGANIZATION,
}
_KINDS_BY_ROOT = {
    OID_PROFESSIONAL: AuthorKind.PROFESSIONAL,
    OID_STRUCTURE: AuthorKind.ORGANIZATION,
    **dict.fromkeys(INS_OIDS, AuthorKind.PATIENT),
}
AUTHOR_ORG = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-authorOrg"


class Contained:
    """The contained resources of one resource; what nothing refers to is refused (FHIR dom-3)."""

    def __init__(self, elements: list[Element]) -> None:
        self._by_id: dict[str, Element] = {}
        self._used: set[str] = set()
        for element in elements:
            key = element.needed_text("id", 64)
            if key in self._by_id:
                raise CarnetError("contained-repeated", element.at("id"))
            self._by_id[key] = element

    def find(self, reference: str, path: str) -> Element:
        """The resource of ``#id``. Raises ``contained-absent``."""
        found = self._by_id.get(reference[1:])
        if found is None:
            raise CarnetError("contained-absent", path)
        self._used.add(reference[1:])
        return Element(dict(found.members()), found.path)

    def done(self) -> None:
        """Refuse contained resources that nothing refers to. Raises ``contained-unused``."""
        for key, element in self._by_id.items():
            if key not in self._used:
                raise CarnetError("contained-unused", element.path)


class Referred:
    """A Reference, resolved: the contained resource, or the identifier that it names."""

    def __init__(self, element: Element, contained: Contained) -> None:
        self.path = element.path
        self.display = element.text("display", 256)
        self.type = element.text("type", 256)
        self.resource: Element | None = None
        self.identifier: Identifier | None = None
        self.organization = _author_org(element, contained)
        target = element.text("reference", 512)
        named = element.child("identifier")
        element.done()
        if target is not None and target.startswith("#"):
            self.resource = contained.find(target, element.at("reference"))
        elif named is not None:
            self.identifier = read_identifier(named)
        elif target is not None:
            raise CarnetError("reference-external", element.at("reference"))
        else:
            element.require("reference")

    def kind(self) -> str:
        """The resource type that is referred to; empty where nothing says."""
        if self.resource is not None:
            return self.resource.needed_text("resourceType", 64)
        return (self.type or "").rpartition("/")[2]


def _author_org(element: Element, contained: Contained) -> Organization | None:
    for extension in element.children("extension", 5):
        if extension.needed_text("url", 256) != AUTHOR_ORG:
            raise CarnetError("extension-unknown", extension.path)
        value = extension.child("valueReference")
        extension.done()
        if value is not None:
            return read_organization(value, contained)
    return None


def read_author(element: Element, contained: Contained) -> Author:
    """One author. Raises ``author-kind`` for a resource that no author can be."""
    referred = Referred(element, contained)
    kind = _KINDS_BY_TYPE.get(referred.kind())
    if kind is None and referred.identifier is not None:
        kind = _KINDS_BY_ROOT.get(referred.identifier.root)
    if kind is None:
        raise CarnetError("author-kind", referred.path)
    name = Name(family=referred.display) if referred.display else None
    if referred.resource is None:
        return Author(kind, referred.identifier, name, organization=referred.organization)
    resource = referred.resource
    if kind is AuthorKind.PROFESSIONAL:
        return _professional(resource, contained, referred.organization)
    if kind is AuthorKind.DEVICE:
        return _device(resource, contained, referred.organization)
    if kind is AuthorKind.PATIENT:
        identifier, names = _identified(resource)
        resource.ignore("gender", "birthDate")
        resource.done()
        return Author(kind, identifier, names, organization=referred.organization)
    organization = _organization(resource)
    return Author(kind, organization.identifier, organization=organization)


def read_person(element: Element, contained: Contained) -> Person:
    """The authenticator."""
    referred = Referred(element, contained)
    if referred.resource is None:
        name = Name(family=referred.display) if referred.display else None
        return Person(referred.identifier, name, referred.organization)
    if referred.kind() == "Organization":
        return Person(organization=_organization(referred.resource))
    author = _professional(referred.resource, contained, referred.organization)
    return Person(author.identifier, author.name, author.organization)


def read_organization(element: Element, contained: Contained) -> Organization:
    """A structure, contained or named by its identifier."""
    referred = Referred(element, contained)
    if referred.resource is None:
        return Organization(referred.identifier, referred.display)
    return _organization(referred.resource)


def _organization(resource: Element) -> Organization:
    _expect(resource, "Organization")
    resource.ignore("type", "alias", "partOf")
    name = resource.text("name", 256)
    identifier = _first_identifier(resource)
    resource.done()
    if identifier is None and name is None:
        resource.require("identifier")
    return Organization(identifier, name)


def _professional(
    resource: Element, contained: Contained, organization: Organization | None
) -> Author:
    if resource.raw("resourceType") == "Practitioner":
        identifier, name = _identified(resource)
        resource.ignore("qualification", "gender", "birthDate")
        resource.done()
        return Author(AuthorKind.PROFESSIONAL, identifier, name, organization=organization)
    _expect(resource, "PractitionerRole")
    resource.ignore(*_LEFT_ASIDE, "identifier", "period", "location", "endpoint")
    identifier, name = _practitioner(resource, contained)
    structure = resource.child("organization")
    role, specialty = (
        _first_code(resource, "code", "J47"),
        _first_code(resource, "specialty", "J01"),
    )
    resource.done()
    return Author(
        AuthorKind.PROFESSIONAL,
        identifier,
        name,
        organization=read_organization(structure, contained) if structure else organization,
        role=role,
        specialty=specialty,
    )


def _practitioner(role: Element, contained: Contained) -> tuple[Identifier | None, Name | None]:
    element = role.child("practitioner")
    if element is None:
        return None, None
    referred = Referred(element, contained)
    if referred.resource is None:
        name = Name(family=referred.display) if referred.display else None
        return referred.identifier, name
    _expect(referred.resource, "Practitioner")
    found = _identified(referred.resource)
    referred.resource.ignore("qualification", "gender", "birthDate")
    referred.resource.done()
    return found


def _device(resource: Element, contained: Contained, organization: Organization | None) -> Author:
    resource.ignore(*_LEFT_ASIDE, "type", "version", "status", "serialNumber")
    names = [item.text("name", 256) for item in resource.children("deviceName", 5)]
    model, maker = resource.text("modelNumber", 256), resource.text("manufacturer", 256)
    owner = resource.child("owner")
    identifier = _first_identifier(resource)
    resource.done()
    return Author(
        AuthorKind.DEVICE,
        identifier,
        device=" ".join(part for part in (maker, *names, model) if part) or None,
        organization=read_organization(owner, contained) if owner else organization,
    )


def _first_code(element: Element, name: str, names: str) -> Code | None:
    codes = [read_concept(item, names) for item in element.children(name, 10)]
    return codes[0] if codes else None


def _identified(resource: Element) -> tuple[Identifier | None, Name | None]:
    resource.ignore(*_LEFT_ASIDE)
    identifier = _first_identifier(resource)
    names = [read_name(item) for item in resource.children("name", 5)]
    return identifier, names[0] if names else None


def _first_identifier(resource: Element) -> Identifier | None:
    """The national identifier where there is one, else the first."""
    resource.ignore(*_LEFT_ASIDE)
    found = [read_identifier(item) for item in resource.children("identifier", 10)]
    national = [item for item in found if item.root in _KINDS_BY_ROOT]
    return next(iter(national or found), None)


def _expect(resource: Element, kind: str) -> None:
    if resource.raw("resourceType") != kind:
        raise CarnetError("reference-type", resource.path, attendu=kind, expected=kind)


def read_contained_ins(resource: Element) -> Ins:
    """The INS of a contained Patient that is the subject."""
    _expect(resource, "Patient")
    identifier = _first_identifier(resource)
    if identifier is None:
        resource.require("identifier")
    return ins_of(identifier, resource.at("identifier"))


def read_traits(resource: Element) -> Traits | None:
    """The traits of a contained Patient; None where a strict trait is missing."""
    _expect(resource, "Patient")
    resource.ignore(*_LEFT_ASIDE, "identifier", "extension")
    names: dict[str, tuple[str | None, list[str]]] = {}
    for item in resource.children("name", 5):
        item.ignore("period", "prefix", "suffix", "text", "extension")
        use = item.text("use", 20) or "official"
        names[use] = (item.text("family", 256), item.texts("given"))
        item.done()
    gender, born = resource.text("gender", 20), resource.date("birthDate")
    resource.done()
    family, given = names.get("official") or names.get("usual") or (None, [])
    sex = _SEXES.get(gender or "")
    if not (family and given and sex and born):
        return None
    used_family, used_given = names.get("usual", (None, []))
    return Traits(
        family,
        given[0],
        sex,
        born,
        given_names=" ".join(given),
        used_family=used_family,
        used_given=used_given[0] if used_given else None,
    )
