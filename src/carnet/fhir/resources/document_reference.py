"""Reads a submitted DocumentReference into what its submitter declares (ITI-105, PDSm §3 and §4).

The document itself is not read here: ``attachment.data`` is taken out by ``carnet.fhir.body``.
"""

from __future__ import annotations

from typing import NamedTuple

from carnet.fhir.resources.targets import read_replaced, read_subject
from carnet.formats.fhir import urls
from carnet.formats.fhir.codes import read_coding, read_concept
from carnet.formats.fhir.elements import (
    read_hash,
    read_identifier,
    read_unique_id,
)
from carnet.formats.fhir.people_reading import (
    Contained,
    Referred,
    read_author,
    read_organization,
    read_person,
    read_traits,
)
from carnet.formats.fhir.reading import Element
from carnet.record.document import Code, Reference
from carnet.record.errors import CarnetError, Notice
from carnet.record.visibility import parse_labels
from carnet.usecases.requests import DeclaredEntry

_ROOT = "DocumentReference"
_NOT_PROCESSED = {
    "transforms": "PartialTransformContentNotProcessed",
    "appends": "PartialAppendContentNotProcessed",
    "signs": "PartialSignContentNotProcessed",
}
# Names that CI-SIS fields have in a DeclaredEntry and where a DocumentReference says them.
_PATHS = {
    "unique_id": "masterIdentifier",
    "patient": "subject",
    "type": "type",
    "class_code": "category[0]",
    "mime_type": "content[0].attachment.contentType",
    "language": "content[0].attachment.language",
    "title": "content[0].attachment.title",
    "hash_sha1": "content[0].attachment.hash",
    "size": "content[0].attachment.size",
    "creation_time": "date",
    "service_start": "context.period.start",
    "service_stop": "context.period.end",
    "facility": "context.facilityType",
    "practice_setting": "context.practiceSetting",
    "confidentiality": "securityLabel",
    "visibility": "securityLabel",
    "authors": "author",
    "custodian": "custodian",
    "format": "content[0].format",
    "authenticator": "authenticator",
    "comments": "description",
    "events": "context.event",
    "source_patient": "context.sourcePatientInfo",
    "references": "context.related",
    "replaces": "relatesTo[0].target",
}
PATHS = {field: f"{_ROOT}.{path}" for field, path in _PATHS.items()}


class Declared(NamedTuple):
    """What a DocumentReference declares.

    ``record_id`` is set, and the patient of the entry is not, where the subject is the literal
    reference ``Patient/[id]``: who may know that record decides what its INS is.
    """

    entry: DeclaredEntry
    record_id: str | None
    warnings: tuple[Notice, ...]


def parse(resource: dict[str, object], base: str) -> Declared:
    """What a submitted DocumentReference says.

    Raises ``CarnetError`` with the FHIRPath of the element: ``element-*``, ``coding-*``,
    ``identifier-*``, ``reference-*``, ``contained-*``, ``extension-unknown``,
    ``modifier-extension-unknown``, ``status-not-current``, ``doc-status-refused``,
    ``identifier-not-allowed``, ``url-not-allowed``, ``archived-at-creation``, and those of
    ``visibility.parse_labels``.
    """
    root = Element(resource, _ROOT)
    if root.raw("resourceType") != _ROOT:
        raise CarnetError("resource-type", root.at("resourceType"), attendu=_ROOT, expected=_ROOT)
    root.ignore("language", "text")
    _check_closed(root)
    contained = Contained(root.children("contained", 50))
    warnings: list[Notice] = []
    entry = DeclaredEntry(paths=dict(PATHS))
    _read_identity(root, entry)
    record_id = read_subject(root, entry, contained, base)
    _read_people(root, entry, contained)
    _read_relations(root, entry, base, warnings)
    _read_content(root, entry)
    _read_context(root, entry, contained, warnings)
    root.done()
    contained.done()
    return Declared(entry, record_id, tuple(warnings))


def _check_closed(root: Element) -> None:
    """Cardinalities of zero, and the one extension that may stand there."""
    meta = root.child("meta")
    if meta:
        meta.ignore("versionId", "lastUpdated", "source", "tag")
        meta.texts("profile")
        meta.done()
    if root.has("docStatus"):
        raise CarnetError("doc-status-refused", root.at("docStatus"))
    if root.has("identifier"):
        raise CarnetError("identifier-not-allowed", root.at("identifier"))
    if root.needed_text("status", 40) != "current":
        raise CarnetError("status-not-current", root.at("status"))
    for extension in root.children("extension", 10):
        url = urls.secure(extension.needed_text("url", 256))
        if url != urls.PDSM_IS_ARCHIVED:
            raise CarnetError("extension-unknown", extension.path)
        if extension.boolean("valueBoolean"):
            raise CarnetError("archived-at-creation", extension.path)
        extension.done()


def _read_identity(root: Element, entry: DeclaredEntry) -> None:
    master = root.child("masterIdentifier")
    if master is None:
        root.require("masterIdentifier")
    entry.unique_id = read_unique_id(master)
    kind = root.child("type")
    entry.type = read_concept(kind, "J07") if kind else None
    categories = [read_concept(item, "A03") for item in root.children("category", 10)]
    if len(categories) > 1:
        raise CarnetError("element-too-many", root.at("category"), limit=1)
    entry.class_code = categories[0] if categories else None
    entry.creation_time = root.date_time("date")
    if entry.creation_time is None:
        root.require("date")
    entry.comments = root.text("description", 4096)
    _read_labels(root, entry)


def _read_labels(root: Element, entry: DeclaredEntry) -> None:
    said: list[Code] = []
    for label in root.children("securityLabel", 10):
        label.ignore("text")
        for coding in label.children("coding", 10):
            coding.ignore("version", "userSelected", "display")
            system = coding.text("system", 256) or ""
            said.append(Code(system, coding.needed_text("code", 128)))
            coding.done()
        label.done()
    if said:
        level, flags = parse_labels(tuple(said), root.at("securityLabel"))
        entry.confidentiality = level
        entry.visibility = tuple(sorted(flag.value for flag in flags))


def _read_people(root: Element, entry: DeclaredEntry, contained: Contained) -> None:
    authors = root.children("author", 50)
    if not authors:
        root.require("author")
    entry.authors = tuple(read_author(item, contained) for item in authors)
    authenticator = root.child("authenticator")
    entry.authenticator = read_person(authenticator, contained) if authenticator else None
    custodian = root.child("custodian")
    if custodian is None:
        root.require("custodian")
    entry.custodian = read_organization(custodian, contained)


def _read_relations(root: Element, entry: DeclaredEntry, base: str, warnings: list[Notice]) -> None:
    for relation in root.children("relatesTo", 20):
        code = relation.needed_text("code", 40)
        target = relation.child("target")
        if target is None:
            relation.require("target")
        relation.done()
        if code in _NOT_PROCESSED:
            params = {"mhd": _NOT_PROCESSED[code]}
            warnings.append(Notice("relation-not-processed", relation.at("code"), params))
        elif code != "replaces":
            raise CarnetError("relation-unknown", relation.at("code"))
        elif entry.replaces is not None:
            raise CarnetError("element-too-many", root.at("relatesTo"), limit=1)
        else:
            entry.replaces = read_replaced(target, base)
            entry.paths["replaces"] = target.path


def _read_content(root: Element, entry: DeclaredEntry) -> None:
    contents = root.children("content", 10)
    if len(contents) != 1:
        raise CarnetError("content-not-one", root.at("content"))
    content = contents[0]
    attachment = content.child("attachment")
    if attachment is None:
        content.require("attachment")
    if attachment.has("url"):
        raise CarnetError("url-not-allowed", attachment.at("url"))
    entry.mime_type = attachment.needed_text("contentType", 128).lower()
    entry.language = attachment.text("language", 40)
    entry.title = attachment.needed_text("title", 512)
    entry.size = attachment.integer("size")
    digest = attachment.text("hash", 128)
    entry.hash_sha1 = read_hash(digest, attachment.at("hash")) if digest else None
    creation = attachment.date_time("creation")
    if creation:
        entry.creation_time = creation
        entry.paths["creation_time"] = attachment.at("creation")
    if not attachment.has("data"):
        attachment.require("data")
    if not isinstance(attachment.raw("data"), str):
        raise CarnetError("base64-invalid", attachment.at("data"))
    attachment.done()
    form = content.child("format")
    entry.format = read_coding(form) if form else None
    content.done()


def _read_context(
    root: Element, entry: DeclaredEntry, contained: Contained, warnings: list[Notice]
) -> None:
    context = root.child("context")
    if context is None:
        return
    entry.events = tuple(read_concept(item) for item in context.children("event", 20))
    period = context.child("period")
    if period:
        entry.service_start = period.date_time("start")
        entry.service_stop = period.date_time("end")
        period.done()
    facility, setting = context.child("facilityType"), context.child("practiceSetting")
    entry.facility = read_concept(facility, "J02") if facility else None
    entry.practice_setting = read_concept(setting, "J04") if setting else None
    source = context.child("sourcePatientInfo")
    if source:
        resource = Referred(source, contained).resource
        if resource is not None:
            entry.source_patient = read_traits(resource)
        if entry.source_patient is None:
            warnings.append(Notice("source-patient-incomplete", source.path))
    entry.references = tuple(_related(item) for item in context.children("related", 50))
    context.done()


def _related(element: Element) -> Reference:
    element.ignore("display", "type")
    named = element.child("identifier")
    if element.has("reference"):
        raise CarnetError("reference-external", element.at("reference"))
    if named is None:
        element.require("identifier")
    element.done()
    kind = named.child("type")
    if kind is None:
        named.require("type")
    code = read_concept(kind, "J197")
    return Reference(read_identifier(named), code.code)
