"""The header of CDA R2 as the CI-SIS orders it, from realmCode to componentOf."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.laboratory_model import LaboratoryBody
from carnet.formats.cda.build.model import (
    DocumentSpec,
    Encounter,
    Participant,
    ServiceEvent,
)
from carnet.formats.cda.build.people import (
    CITIZEN_CUSTODIAN,
    address,
    assigned,
    associated,
    organization,
    recipient,
    record_target,
)
from carnet.formats.cda.build.xml import (
    append,
    coded,
    element,
    identified,
    interval,
    moment,
    template,
)
from carnet.record.document import Code
from carnet.record.identity import Identifier

HL7_FRANCE = "2.16.840.1.113883.2.8.2.1"
CI_SIS = "1.2.250.1.213.1.1.1.1"
LEVEL_1 = "1.3.6.1.4.1.19376.1.2.20"
LAB = "1.3.6.1.4.1.19376.1.3"
LAB_MODEL = ("1.2.250.1.213.1.1.1.55", "2024.01")


def _templates(is_laboratory: bool) -> list[_Element]:
    """The conformity statements: level 1 has exactly three, the laboratory report four."""
    common = [template(HL7_FRANCE), template(CI_SIS)]
    if is_laboratory:
        return [*common, template(f"{LAB}.3"), template(*LAB_MODEL)]
    return [*common, template(LEVEL_1)]


def _opening(spec: DocumentSpec, is_laboratory: bool) -> list[_Element | None]:
    """From realmCode to versionNumber."""
    return [
        element("realmCode", attrs={"code": "FR"}),
        element("typeId", attrs={"root": "2.16.840.1.113883.1.3", "extension": "POCD_HD000040"}),
        *_templates(is_laboratory),
        identified(Identifier(spec.unique_id)),
        coded("code", spec.type),
        element("title", spec.title),
        moment("effectiveTime", spec.created),
        coded("confidentialityCode", spec.confidentiality),
        element("languageCode", attrs={"code": spec.language}),
        identified(Identifier(spec.set_id), "setId"),
        element("versionNumber", attrs={"value": str(spec.version_number)}),
    ]


def _author(spec: DocumentSpec) -> _Element:
    return element(
        "author",
        coded("functionCode", spec.author_function),
        moment("time", spec.authored),
        assigned("assignedAuthor", spec.author),
    )


def _custodian(spec: DocumentSpec) -> _Element:
    tag = "representedCustodianOrganization"
    if spec.custodian is None:
        held = element(tag, identified(CITIZEN_CUSTODIAN))
    else:
        held = organization(tag, spec.custodian)
    return element("custodian", element("assignedCustodian", held))


def _legal_authenticator(spec: DocumentSpec) -> _Element:
    return element(
        "legalAuthenticator",
        moment("time", spec.authenticated),
        element("signatureCode", attrs={"code": "S"}),
        assigned("assignedEntity", spec.authenticator),
    )


def _participant(participant: Participant, is_laboratory: bool) -> _Element:
    """A participant; a laboratory names its prescriber under a template of its own."""
    orders = is_laboratory and participant.kind == "REF"
    time = participant.time
    return element(
        "participant",
        template(f"{LAB}.3.1.6") if orders else None,
        coded("functionCode", participant.function),
        element("time", attrs={"nullFlavor": "NA"})
        if time is None
        else interval("time", None, time, typed=True),
        associated(participant.actor),
        attrs={"typeCode": participant.kind},
    )


def _main_act(event: ServiceEvent, is_laboratory: bool) -> _Element:
    """The main act with its one performer; the laboratory says when the work was done."""
    performer = element(
        "performer",
        template(f"{LAB}.3.1.7") if is_laboratory else None,
        interval("time", None, event.end or event.start) if is_laboratory else None,
        assigned("assignedEntity", event.performer, with_setting=True),
        attrs={"typeCode": "PRF"},
    )
    act = element(
        "serviceEvent",
        None if event.identifier is None else identified(event.identifier),
        coded("code", event.code),
        interval("effectiveTime", event.start, event.end),
        performer,
    )
    return element("documentationOf", act)


def _further_act(code: Code) -> _Element:
    return element("documentationOf", element("serviceEvent", coded("code", code)))


def _replaced(spec: DocumentSpec) -> _Element | None:
    if spec.replaced is None:
        return None
    number = spec.replaced.version_number
    parent = element(
        "parentDocument",
        identified(Identifier(spec.replaced.unique_id)),
        None if number is None else element("versionNumber", attrs={"value": str(number)}),
    )
    return element("relatedDocument", parent, attrs={"typeCode": "RPLC"})


def _encounter(encounter: Encounter) -> _Element:
    place: _Element | None = None
    if encounter.place_name is not None:
        place = element("location", element("name", encounter.place_name))
        place.append(address(encounter.place_address))
    responsible = encounter.responsible
    made = element(
        "encompassingEncounter",
        coded("code", encounter.mode),
        interval("effectiveTime", encounter.start, encounter.end),
        None
        if responsible is None
        else element("responsibleParty", assigned("assignedEntity", responsible)),
        element(
            "location",
            element("healthCareFacility", coded("code", encounter.facility), place),
        ),
    )
    return element("componentOf", made)


def write_header(root: _Element, spec: DocumentSpec) -> _Element:
    """Adds the header to ``root`` in the order of the schema."""
    is_laboratory = isinstance(spec.body, LaboratoryBody)
    lab_recipient = f"{LAB}.3.1.4" if is_laboratory else None
    append(root, *_opening(spec, is_laboratory), record_target(spec.patient))
    append(root, _author(spec), _custodian(spec))
    append(
        root,
        *(
            element("informationRecipient", recipient(r.actor, lab_recipient))
            for r in spec.recipients
        ),
    )
    append(root, _legal_authenticator(spec))
    append(root, *(_participant(p, is_laboratory) for p in spec.participants))
    append(
        root,
        *(element("inFulfillmentOf", element("order", identified(o))) for o in spec.orders),
    )
    append(root, _main_act(spec.event, is_laboratory))
    append(root, *(_further_act(code) for code in spec.further_acts))
    return append(root, _replaced(spec), _encounter(spec.encounter))
