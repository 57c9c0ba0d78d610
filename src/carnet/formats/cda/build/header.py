"""The header of CDA R2 as the CI-SIS orders it, from realmCode to componentOf."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.header_acts import encounter, further_act, main_act, order
from carnet.formats.cda.build.header_rules import check_header
from carnet.formats.cda.build.kind import BodyKind
from carnet.formats.cda.build.model import (
    Authenticator,
    Authorship,
    DocumentSpec,
    Participant,
)
from carnet.formats.cda.build.people import (
    CITIZEN_CUSTODIAN,
    assigned,
    associated,
    informant,
    known_organization,
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
from carnet.record.identity import Identifier

HL7_FRANCE = "2.16.840.1.113883.2.8.2.1"
CI_SIS = "1.2.250.1.213.1.1.1.1"


def _templates(kind: BodyKind) -> list[_Element]:
    """The conformity statements: the two of every document, then those of the kind."""
    own = (template(root, extension) for root, extension in kind.templates)
    return [template(HL7_FRANCE), template(CI_SIS), *own]


def _opening(spec: DocumentSpec, kind: BodyKind) -> list[_Element | None]:
    """From realmCode to versionNumber."""
    return [
        element("realmCode", attrs={"code": "FR"}),
        element("typeId", attrs={"root": "2.16.840.1.113883.1.3", "extension": "POCD_HD000040"}),
        *_templates(kind),
        identified(Identifier(spec.unique_id)),
        coded("code", spec.type),
        element("title", kind.title or spec.title),
        moment("effectiveTime", spec.created),
        coded("confidentialityCode", spec.confidentiality),
        element("languageCode", attrs={"code": spec.language}),
        identified(Identifier(spec.set_id), "setId"),
        element("versionNumber", attrs={"value": str(spec.version_number)}),
    ]


def _author(author: Authorship) -> _Element:
    return element(
        "author",
        coded("functionCode", author.function),
        moment("time", author.time),
        assigned("assignedAuthor", author.author),
    )


def _custodian(spec: DocumentSpec) -> _Element:
    tag = "representedCustodianOrganization"
    held = known_organization(tag, spec.custodian)
    if held is None:
        held = element(tag, identified(CITIZEN_CUSTODIAN))
    return element("custodian", element("assignedCustodian", held))


def _legal_authenticator(spec: DocumentSpec) -> _Element:
    return element(
        "legalAuthenticator",
        moment("time", spec.authenticated),
        element("signatureCode", attrs={"code": "S"}),
        assigned("assignedEntity", spec.authenticator),
    )


def _authenticator(authenticator: Authenticator, kind: BodyKind) -> _Element:
    root = kind.header.authenticator
    return element(
        "authenticator",
        None if root is None else template(root),
        moment("time", authenticator.time),
        element("signatureCode", attrs={"code": "S"}),
        assigned("assignedEntity", authenticator.actor),
    )


def _participant(participant: Participant, kind: BodyKind) -> _Element:
    """A participant; some kinds name the prescriber under a template of their own."""
    root = kind.header.prescriber if participant.kind == "REF" else None
    since, time = participant.since, participant.time
    return element(
        "participant",
        None if root is None else template(root),
        coded("functionCode", participant.function),
        element("time", attrs={"nullFlavor": "NA"})
        if since is None and time is None
        else interval("time", since, time, typed=True),
        associated(participant.actor, participant.role),
        attrs={"typeCode": participant.kind},
    )


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


def write_header(root: _Element, spec: DocumentSpec, kind: BodyKind) -> _Element:
    """Adds the header to ``root`` in the order of the schema.

    Raises ``CarnetError``: ``cda-trait-missing`` where a trait that goes with the INS is unknown,
    ``cda-address-malformed``, ``cda-element-missing`` for a person without family name, for a main
    act of which nobody can say the practice setting, or for what only this kind of document asks.
    """
    check_header(spec, kind)
    first = Authorship(spec.author, spec.authored, spec.author_function)
    append(root, *_opening(spec, kind), record_target(spec.patient))
    append(root, *(_author(author) for author in (first, *spec.further_authors)))
    append(root, *(informant(one) for one in spec.informants), _custodian(spec))
    append(
        root,
        *(
            element("informationRecipient", recipient(r.actor, kind.header.recipient))
            for r in spec.recipients
        ),
    )
    append(root, _legal_authenticator(spec))
    append(root, *(_authenticator(a, kind) for a in spec.authenticators))
    append(root, *(_participant(p, kind) for p in spec.participants))
    append(root, *(order(answered) for answered in spec.orders))
    append(root, main_act(spec.event, kind))
    append(root, *(further_act(act) for act in spec.further_acts))
    return append(root, _replaced(spec), encounter(spec.encounter))
