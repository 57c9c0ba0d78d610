"""The nodes of a CDA header to a ``CdaDocument`` (CI-SIS, volume "Structuration minimale")."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.acts import encounter_of, orders_of, related_of, service_events_of
from carnet.formats.cda.model import Authentication, CdaDocument, Informant, Participant
from carnet.formats.cda.parts import (
    Times,
    code,
    identifier,
    identifiers,
    name,
    organization,
    person,
    plain_code,
    version_number,
)
from carnet.formats.cda.patient import guardians_of, patient_of
from carnet.formats.cda.tree import Node
from carnet.record.document import Author, AuthorKind, Code, Organization
from carnet.record.identity import INS_OIDS, Identifier

_ROOT = "/ClinicalDocument"
_PATIENT_AS_AUTHOR = "EXP_PATIENT"
_PLACEHOLDERS = (".", "-")  # written where a device's model is required and unknown


class Body(msgspec.Struct, frozen=True):
    """What the scanner learnt of the body."""

    level: int
    media_type: str | None = None
    media_size: int = 0
    embedded: int = 0
    narrative: str | None = None
    narrative_cut: bool = False


def document_of(root: Node, body: Body) -> CdaDocument:
    """The document that these nodes and this body make.

    Raises ``CarnetError``: ``cda-time-malformed``, ``cda-version-malformed``,
    ``cda-ins-ambiguous``, ``cda-sex-unknown``, ``cda-element-repeated``.
    """
    times = Times()
    authors = root.every("author")
    title = root.first("title")
    custodian = root.first("custodian", "assignedCustodian", "representedCustodianOrganization")
    legal = root.first("legalAuthenticator")
    version = root.first("versionNumber")
    return CdaDocument(
        id=identifier(root.first("id")),
        set_id=identifier(root.first("setId")),
        version_number=version_number(version, f"{_ROOT}/versionNumber"),
        template_ids=identifiers(root.every("templateId")),
        code=code(root.first("code")),
        title=title.words() if title is not None else None,
        effective_time=times.needed(root.first("effectiveTime"), f"{_ROOT}/effectiveTime"),
        confidentiality=code(root.first("confidentialityCode")),
        language=plain_code(root.first("languageCode")),
        patient=patient_of(root),
        guardians=guardians_of(root),
        authors=tuple(_author(node, rank, times) for rank, node in enumerate(authors, 1)),
        author_settings=tuple(_setting(node) for node in authors),
        informants=tuple(_informant(node) for node in root.every("informant")),
        custodian=organization(custodian),
        legal_authenticator=(
            _authentication(legal, f"{_ROOT}/legalAuthenticator", times)
            if legal is not None
            else None
        ),
        authenticators=tuple(
            _authentication(node, f"{_ROOT}/authenticator[{rank}]", times)
            for rank, node in enumerate(root.every("authenticator"), 1)
        ),
        participants=tuple(
            _participant(node, rank, times)
            for rank, node in enumerate(root.every("participant"), 1)
        ),
        orders=orders_of(root),
        service_events=service_events_of(root, times),
        related_documents=related_of(root),
        encounter=encounter_of(root, times),
        level=body.level,
        media_type=body.media_type,
        media_size=body.media_size,
        embedded=body.embedded,
        narrative=body.narrative,
        narrative_cut=body.narrative_cut,
        notices=tuple(times.notices),
    )


def _author(node: Node, rank: int, times: Times) -> Author:
    path = f"{_ROOT}/author[{rank}]"
    assigned = node.first("assignedAuthor") or Node("assignedAuthor", {})
    specialty = code(assigned.first("code"))
    who = identifier(assigned.first("id"))
    device = assigned.first("assignedAuthoringDevice")
    structure = organization(assigned.first("representedOrganization"))
    author_name = name(assigned.first("assignedPerson", "name"))
    return Author(
        kind=_kind(specialty, who, device, assigned.first("assignedPerson"), structure),
        identifier=who,
        name=author_name,
        device=_device(device) if device is not None else None,
        organization=structure,
        role=code(node.first("functionCode")),
        specialty=specialty,
        time=times.optional(node.first("time"), f"{path}/time"),
    )


def _kind(
    specialty: Code | None,
    who: Identifier | None,
    device: Node | None,
    human: Node | None,
    structure: Organization | None,
) -> AuthorKind:
    if device is not None:
        return AuthorKind.DEVICE
    if (specialty is not None and specialty.code == _PATIENT_AS_AUTHOR) or (
        who is not None and who.root in INS_OIDS
    ):
        return AuthorKind.PATIENT
    if human is None and structure is not None:
        return AuthorKind.ORGANIZATION
    return AuthorKind.PROFESSIONAL


def _device(node: Node) -> str | None:
    """Model and software in one line, without placeholders."""
    parts = (node.first("manufacturerModelName"), node.first("softwareName"))
    words = [part.words() for part in parts if part is not None]
    return " ".join(each for each in words if each and each not in _PLACEHOLDERS) or None


def _setting(author: Node) -> Code | None:
    return code(
        author.first("assignedAuthor", "representedOrganization", "standardIndustryClassCode")
    )


def _informant(node: Node) -> Informant:
    related = node.first("relatedEntity")
    if related is None:
        entity = node.first("assignedEntity") or Node("assignedEntity", {})
        return Informant(
            "ASSIGNED",
            code(entity.first("code")),
            identifier(entity.first("id")),
            name(entity.first("assignedPerson", "name")),
        )
    return Informant(
        related.attribute("classCode") or "",
        code(related.first("code")),
        None,
        name(related.first("relatedPerson", "name")),
    )


def _authentication(node: Node, path: str, times: Times) -> Authentication:
    entity = node.first("assignedEntity") or Node("assignedEntity", {})
    return Authentication(
        person(entity),
        code(entity.first("code")),
        times.optional(node.first("time"), f"{path}/time"),
    )


def _participant(node: Node, rank: int, times: Times) -> Participant:
    entity = node.first("associatedEntity") or Node("associatedEntity", {})
    period = times.interval(node.first("time"), f"{_ROOT}/participant[{rank}]/time")
    return Participant(
        type_code=node.attribute("typeCode") or "",
        class_code=entity.attribute("classCode"),
        function=code(node.first("functionCode")),
        start=period.start,
        stop=period.stop,
        identifier=identifier(entity.first("id")),
        name=name(entity.first("associatedPerson", "name")),
        specialty=code(entity.first("code")),
        organization=organization(entity.first("scopingOrganization")),
    )
