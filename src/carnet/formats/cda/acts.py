"""What a CDA document reports and belongs to: acts, orders, encounter, other documents."""

from __future__ import annotations

from carnet.formats.cda.model import (
    Encounter,
    Order,
    Performer,
    RelatedDocument,
    ServiceEvent,
)
from carnet.formats.cda.parts import (
    Times,
    code,
    identifier,
    identifiers,
    name,
    organization,
    person,
    version_number,
)
from carnet.formats.cda.tree import Node

_ROOT = "/ClinicalDocument"
_ACCESSION = "urn:dicom-org:ps3-20 accessionNumber"


def service_events_of(root: Node, times: Times) -> tuple[ServiceEvent, ...]:
    """Every documentationOf, in order. Raises ``cda-time-malformed`` for an act's times."""
    return tuple(
        _service_event(node, position, times)
        for position, node in enumerate(root.every("documentationOf"), 1)
    )


def orders_of(root: Node) -> tuple[Order, ...]:
    """Every inFulfillmentOf."""
    orders = (node.first("order") for node in root.every("inFulfillmentOf"))
    return tuple(
        Order(identifier(order.first("id")), identifier(order.first(_ACCESSION)))
        for order in orders
        if order is not None
    )


def related_of(root: Node) -> tuple[RelatedDocument, ...]:
    """Every relatedDocument. Raises ``cda-version-malformed``."""
    path = f"{_ROOT}/relatedDocument/parentDocument/versionNumber"
    return tuple(
        RelatedDocument(
            node.attribute("typeCode") or "",
            identifier(node.first("parentDocument", "id")),
            version_number(node.first("parentDocument", "versionNumber"), path),
        )
        for node in root.every("relatedDocument")
    )


def encounter_of(root: Node, times: Times) -> Encounter | None:
    """The encompassing encounter."""
    node = root.first("componentOf", "encompassingEncounter")
    if node is None:
        return None
    path = f"{_ROOT}/componentOf/encompassingEncounter/effectiveTime"
    period = times.interval(node.first("effectiveTime"), path)
    place = node.first("location", "healthCareFacility")
    responsible = node.first("responsibleParty", "assignedEntity")
    return Encounter(
        code=code(node.first("code")),
        start=period.start,
        stop=period.stop,
        facility=code(place.first("code")) if place is not None else None,
        facility_identifier=identifier(place.first("id")) if place is not None else None,
        responsible=person(responsible) if responsible is not None else None,
    )


def _service_event(node: Node, position: int, times: Times) -> ServiceEvent:
    event = node.first("serviceEvent") or Node("serviceEvent", {})
    path = f"{_ROOT}/documentationOf[{position}]/serviceEvent/effectiveTime"
    period = times.interval(event.first("effectiveTime"), path, needed=True)
    coded = event.first("code")
    translations = coded.every("translation") if coded is not None else []
    performer = event.first("performer")
    return ServiceEvent(
        position=position,
        identifiers=identifiers(event.every("id")),
        code=code(coded),
        translations=tuple(each for each in map(code, translations) if each is not None),
        start=period.start,
        stop=period.stop,
        performer=_performer(performer) if performer is not None else None,
    )


def _performer(node: Node) -> Performer:
    entity = node.first("assignedEntity") or Node("assignedEntity", {})
    structure = entity.first("representedOrganization")
    return Performer(
        identifier=identifier(entity.first("id")),
        name=name(entity.first("assignedPerson", "name")),
        specialty=code(entity.first("code")),
        organization=organization(structure),
        practice_setting=(
            code(structure.first("standardIndustryClassCode")) if structure is not None else None
        ),
    )
