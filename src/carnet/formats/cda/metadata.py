"""The DocumentEntry that follows from a CDA header.

ITI TF-3 §4.1 as the CI-SIS volume "Partage de documents de santé" narrows it: uniqueId is the CDA's
id, class follows from type, format from the model (structured body) or from the media type, the
service is the main act, the practice setting that of its performer's organization.
"""

from __future__ import annotations

from typing import TypeVar

from carnet.formats.cda.model import CdaDocument, ServiceEvent
from carnet.formats.identifiers import is_oid, unique_id_of
from carnet.record import vocabulary
from carnet.record.document import (
    Author,
    AuthorKind,
    Code,
    DocumentEntry,
    Organization,
    Person,
    Reference,
)
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import INS_OIDS, Identifier, Ins, parse_ins
from carnet.record.structures import luhn_warnings
from carnet.record.visibility import LEVELS, NORMAL, OID_CONFIDENTIALITY, SHARED_LEVELS, level

MIME_TYPE = "text/xml"
DEFAULT_LANGUAGE = "fr-FR"
ORDER = "urn:ihe:iti:xds:2013:order"
ACCESSION = "urn:ihe:iti:xds:2013:accession"
STUDY = "urn:ihe:iti:xds:2016:studyInstanceUID"

_Value = TypeVar("_Value")

_SHOWN = 64  # characters of a code that an error repeats
_ROOT = "/ClinicalDocument"
_CUSTODIAN = f"{_ROOT}/custodian/assignedCustodian/representedCustodianOrganization"
_FACILITY = f"{_ROOT}/componentOf/encompassingEncounter/location/healthCareFacility/code"
_IMAGING_REPORT = "1.2.840.10008.9.1"  # DICOM PS3.20: the act's id is the Study Instance UID


def entry_of(
    document: CdaDocument, sha1: str, sha256: str, size: int, *, accept_unknown_type: bool = False
) -> tuple[DocumentEntry, tuple[Notice, ...]]:
    """The entry and the warnings. ``sha1`` and ``sha256`` are lower-case hex, ``size`` in bytes.

    Raises ``CarnetError`` with the XPath of what is at fault: ``cda-element-missing``,
    ``cda-ins-missing``, ``cda-trait-missing``, ``ins-malformed``, ``unique-id-malformed``,
    ``type-unknown`` (a warning if accepted), ``class-unknown``, ``visibility-unknown``.
    """
    notices = list(document.notices)
    act = _main_act(document)
    act_path = f"{_ROOT}/documentationOf[{act.position}]/serviceEvent"
    patient = _patient(document)
    type_code = _type(document, notices, accept=accept_unknown_type)
    custodian = _custodian(document)
    authors = _authors(document, notices)
    encounter = document.encounter
    facility = _needed(encounter.facility if encounter is not None else None, _FACILITY)
    entry = DocumentEntry(
        unique_id=unique_id_of(_needed(document.id, f"{_ROOT}/id"), f"{_ROOT}/id"),
        patient=patient,
        type=type_code,
        class_code=_class(type_code),
        mime_type=MIME_TYPE,
        language=document.language or DEFAULT_LANGUAGE,
        title=_needed(document.title, f"{_ROOT}/title"),
        hash_sha1=sha1,
        hash_sha256=sha256,
        size=size,
        creation_time=_needed(document.effective_time, f"{_ROOT}/effectiveTime"),
        service_start=_needed(act.start, f"{act_path}/effectiveTime/low"),
        service_stop=act.stop,
        facility=_known("J02", facility, "facility-unknown", _FACILITY, notices),
        practice_setting=_practice_setting(document, act, act_path, notices),
        confidentiality=_confidentiality(document, notices),
        authors=authors,
        custodian=custodian,
        format=_format(document, notices),
        authenticator=_authenticator(document),
        events=_events(document),
        source_patient=document.patient.traits,
        source_patient_id=_local_id(document),
        references=_references(document),
        replaces=_replaces(document),
        set_id=_set_id(document),
        version_number=document.version_number,
    )
    _warn_of_keys(document, custodian, notices)
    return entry, tuple(notices)


def _needed(value: _Value | None, path: str) -> _Value:
    if value is None:
        raise CarnetError("cda-element-missing", path)
    return value


def _main_act(document: CdaDocument) -> ServiceEvent:
    return _needed(document.main_act, f"{_ROOT}/documentationOf/serviceEvent/performer")


def _patient(document: CdaDocument) -> Ins:
    path = f"{_ROOT}/recordTarget/patientRole/id"
    ins = document.patient.ins
    if ins is None:
        raise CarnetError("cda-ins-missing", path)
    for missing in document.patient.missing_traits:
        raise CarnetError("cda-trait-missing", missing)
    return parse_ins(ins.matricule, ins.oid, path)


def _type(document: CdaDocument, notices: list[Notice], *, accept: bool) -> Code:
    path = f"{_ROOT}/code"
    stated = _needed(document.code, path)
    known = vocabulary.value_set("J07").find(stated.code, stated.system)
    if known is not None:
        return known
    if not accept:
        raise CarnetError("type-unknown", path, value=stated.code[:_SHOWN])
    notices.append(Notice("type-unknown", path, {"value": stated.code[:_SHOWN]}))
    return stated


def _class(type_code: Code) -> Code:
    found = vocabulary.class_of_type(type_code.code)
    if found is None:
        raise CarnetError("class-unknown", f"{_ROOT}/code", value=type_code.code[:_SHOWN])
    return found


def _known(name: str, stated: Code, unknown: str, path: str, notices: list[Notice]) -> Code:
    """The value set's own code, with its label; else the stated one and a warning."""
    found = vocabulary.value_set(name).find(stated.code, stated.system)
    if found is None:
        notices.append(Notice(unknown, path, {"value": stated.code[:_SHOWN]}))
    return found or stated


def _format(document: CdaDocument, notices: list[Notice]) -> Code | None:
    if document.level == 1:
        path = f"{_ROOT}/component/nonXMLBody/text/@mediaType"
        found = vocabulary.format_of_media_type(document.media_type or "")
    else:
        path = f"{_ROOT}/templateId"
        templates = ((each.root, each.extension or None) for each in document.template_ids)
        found = vocabulary.format_of_template(tuple(templates))
    if found is None:
        notices.append(Notice("format-unknown", path))
    return found


def _practice_setting(
    document: CdaDocument, act: ServiceEvent, act_path: str, notices: list[Notice]
) -> Code:
    """J04 of the performer's organization; an author's where the performer's says none."""
    path = f"{act_path}/performer/assignedEntity/representedOrganization/standardIndustryClassCode"
    stated = act.performer.practice_setting if act.performer is not None else None
    if stated is None:
        stated = next((each for each in document.author_settings if each is not None), None)
    return _known("J04", _needed(stated, path), "practice-setting-unknown", path, notices)


def _confidentiality(document: CdaDocument, notices: list[Notice]) -> Code:
    """N, R or V. L, M and U say less than normal and become N, with a warning: a choice."""
    path = f"{_ROOT}/confidentialityCode"
    stated = _needed(document.confidentiality, path)
    if stated.system != OID_CONFIDENTIALITY or stated.code not in LEVELS:
        raise CarnetError("visibility-unknown", path, value=stated.code[:_SHOWN])
    if stated.code in SHARED_LEVELS:
        return level(stated.code)
    notices.append(Notice("confidentiality-raised", path, {"value": stated.code[:_SHOWN]}))
    return NORMAL


def _authors(document: CdaDocument, notices: list[Notice]) -> tuple[Author, ...]:
    """All authors; one without profession, or with one that J01 lacks, makes a warning."""
    if not document.authors:
        raise CarnetError("cda-element-missing", f"{_ROOT}/author")
    professions = vocabulary.value_set("J01")
    for rank, author in enumerate(document.authors, 1):
        path = f"{_ROOT}/author[{rank}]/assignedAuthor/code"
        specialty = author.specialty
        if specialty is None:
            if author.kind is AuthorKind.PROFESSIONAL:
                notices.append(Notice("author-without-profession", path))
        elif professions.find(specialty.code, specialty.system) is None:
            notices.append(Notice("profession-unknown", path, {"value": specialty.code[:_SHOWN]}))
    return document.authors


def _custodian(document: CdaDocument) -> Organization:
    custodian = document.custodian
    if custodian is None or custodian.identifier is None:
        raise CarnetError("cda-element-missing", f"{_CUSTODIAN}/id")
    return custodian


def _authenticator(document: CdaDocument) -> Person:
    return _needed(document.legal_authenticator, f"{_ROOT}/legalAuthenticator").person


def _events(document: CdaDocument) -> tuple[Code, ...]:
    """The codes of all acts and their translations (CCAM, modality, region), each once."""
    found: dict[tuple[str, str], Code] = {}
    for act in document.service_events:
        for code in (act.code, *act.translations):
            if code is not None:
                found.setdefault((code.system, code.code), code)
    return tuple(found.values())


def _references(document: CdaDocument) -> tuple[Reference, ...]:
    """referenceIdList: orders, accession numbers, and an imaging report's studies."""
    found = []
    for order in document.orders:
        if order.identifier is not None:
            found.append(Reference(order.identifier, ORDER))
        if order.accession is not None:
            found.append(Reference(order.accession, ACCESSION))
    if any(template.root == _IMAGING_REPORT for template in document.template_ids):
        found += [
            Reference(study, STUDY)
            for act in document.service_events
            for study in act.identifiers
            if not study.extension and is_oid(study.root)
        ]
    return tuple(found)


def _local_id(document: CdaDocument) -> Identifier | None:
    """The patient's number at the producer: the first that is no INS."""
    known = document.patient.identifiers
    return next((each for each in known if each.root not in INS_OIDS), None)


def _replaces(document: CdaDocument) -> str | None:
    for related in document.related_documents:
        if related.type_code == "RPLC":
            path = f"{_ROOT}/relatedDocument/parentDocument/id"
            return unique_id_of(_needed(related.identifier, path), path)
    return None


def _set_id(document: CdaDocument) -> str | None:
    if document.set_id is None:
        return None
    return unique_id_of(document.set_id, f"{_ROOT}/setId")


def _warn_of_keys(document: CdaDocument, custodian: Organization, notices: list[Notice]) -> None:
    """Luhn keys of the authors and the custodian: a warning each."""
    for rank, author in enumerate(document.authors, 1):
        if author.identifier is not None:
            path = f"{_ROOT}/author[{rank}]/assignedAuthor/id"
            notices.extend(luhn_warnings(author.identifier, path))
    if custodian.identifier is not None:
        notices.extend(luhn_warnings(custodian.identifier, f"{_CUSTODIAN}/id"))
