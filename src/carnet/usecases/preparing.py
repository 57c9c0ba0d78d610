"""A submitted document becomes a DocumentEntry: its bytes hashed, its CDA header read.

Metadata come from the CDA header where the document is CDA, else from what is declared; what is
declared must agree with the document (``agreeing``). Nothing here touches a record.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import TypeVar

import msgspec

from carnet.formats.cda import CdaScanner
from carnet.formats.cda.metadata import entry_of
from carnet.record import vocabulary
from carnet.record.document import Code, DocumentEntry
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import check_birth_date, check_ins
from carnet.record.structures import luhn_warnings
from carnet.record.visibility import NORMAL, FlagCode, parse_labels
from carnet.usecases.agreeing import agreed
from carnet.usecases.clock import check_past, seconds_of
from carnet.usecases.policy import Policy
from carnet.usecases.requests import Content, DeclaredEntry, SubmittedDocument

CDA_TYPES = ("text/xml", "application/xml")
LARGE = 1 << 20  # bytes from which a document is read in a thread of its own
_Value = TypeVar("_Value")

RELATES_TO = "DocumentReference.relatesTo[0].target"  # where a replaced document is named
RELATED = "/ClinicalDocument/relatedDocument/parentDocument/id"

_MAGIC = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "application/dicom": b"",
    "text/rtf": b"{\\rtf",
}
MIME_TYPES = (
    *CDA_TYPES,
    "application/pdf",
    "image/jpeg",
    "image/tiff",
    "text/rtf",
    "text/plain",
    "application/dicom",
    "application/fhir+json",
)

# What an entry cannot do without, and where FHIR says it (pdsm-dmp §4).
_NEEDED = {
    "unique_id": "DocumentReference.masterIdentifier",
    "patient": "DocumentReference.subject",
    "type": "DocumentReference.type",
    "title": "DocumentReference.content[0].attachment.title",
    "creation_time": "DocumentReference.content[0].attachment.creation",
    "service_start": "DocumentReference.context.period.start",
    "facility": "DocumentReference.context.facilityType",
    "practice_setting": "DocumentReference.context.practiceSetting",
    "custodian": "DocumentReference.custodian",
}


class Prepared(msgspec.Struct, frozen=True):
    """A document ready to be fed, and the warnings so far."""

    entry: DocumentEntry
    content: Content
    flags: frozenset[FlagCode]
    warnings: tuple[Notice, ...]
    is_cda: bool
    replaces_declared: bool  # the replaced document was named by relatesTo, not by the CDA alone


class _Read(msgspec.Struct, frozen=True):
    sha1: str
    sha256: str
    cda: CdaScanner | None


async def prepare(document: SubmittedDocument, policy: Policy, now: int) -> Prepared:
    """Read, check and complete. ``now`` is in seconds since 1970 UTC.

    Raises ``CarnetError`` naming what is at fault: of the CDA reader, ``hash-mismatch``,
    ``size-mismatch``, ``metadata-contradicts-document``, ``metadata-missing``,
    ``date-in-future``, ``date-invalid``, ``replaces-itself``, ``media-type-unknown``,
    ``media-type-mismatch`` …
    """
    content, declared = document.content, document.declared
    if content.size == 0:
        raise CarnetError("document-empty", _path(declared, "data"))
    if content.size > policy.max_document_bytes:
        raise CarnetError("document-too-large", limit=policy.max_document_bytes)
    mime_type = declared.mime_type or CDA_TYPES[0]
    if mime_type not in MIME_TYPES:
        raise CarnetError("media-type-unknown", _path(declared, "mime_type"), value=mime_type)
    is_cda = mime_type in CDA_TYPES
    read = await _in_thread_if_large(content, lambda: _read(content, is_cda, mime_type, declared))
    _check_declared_bytes(declared, read, content.size)
    if read.cda is not None:
        found, notices = entry_of(
            read.cda.close(),
            read.sha1,
            read.sha256,
            content.size,
            accept_unknown_type=policy.accept_unknown_type,
        )
        entry, more = agreed(found, declared, mark_identity=policy.mark_identity)
        notices = (*notices, *more)
    else:
        entry, notices = _from_declared(declared, read, content.size, mime_type, policy)
    notices = (*notices, *_check_identity(entry, policy, declared, now))
    _check_dates(entry, declared, now)
    _check_replaced(entry, declared)
    if policy.refuse_luhn:
        _refuse_luhn(notices)
    flags = _flags(declared)
    return Prepared(entry, content, flags, notices, is_cda, declared.replaces is not None)


async def _in_thread_if_large(content: Content, work: Callable[[], _Read]) -> _Read:
    if content.size <= LARGE:
        return work()
    return await asyncio.get_running_loop().run_in_executor(None, work)


def _read(content: Content, is_cda: bool, mime_type: str, declared: DeclaredEntry) -> _Read:
    sha1, sha256 = hashlib.sha1(usedforsecurity=False), hashlib.sha256()
    scanner = CdaScanner() if is_cda else None
    first = True
    for chunk in content.chunks():
        if first and not chunk.startswith(_MAGIC.get(mime_type, b"")):
            raise CarnetError("media-type-mismatch", _path(declared, "mime_type"), value=mime_type)
        first = False
        sha1.update(chunk)
        sha256.update(chunk)
        if scanner is not None:
            scanner.feed(chunk)
    return _Read(sha1.hexdigest(), sha256.hexdigest(), scanner)


def _path(declared: DeclaredEntry, field: str) -> str | None:
    default = "DocumentReference.content[0].attachment.data" if field == "data" else None
    return declared.paths.get(field, _NEEDED.get(field, default))


def _check_declared_bytes(declared: DeclaredEntry, read: _Read, size: int) -> None:
    if declared.hash_sha1 is not None and declared.hash_sha1 != read.sha1:
        raise CarnetError(
            "hash-mismatch",
            _path(declared, "hash_sha1"),
            declared=declared.hash_sha1,
            computed=read.sha1,
        )
    if declared.size is not None and declared.size != size:
        raise CarnetError(
            "size-mismatch", _path(declared, "size"), declared=declared.size, computed=size
        )


def _from_declared(
    declared: DeclaredEntry, read: _Read, size: int, mime_type: str, policy: Policy
) -> tuple[DocumentEntry, tuple[Notice, ...]]:
    """The entry of a document that says nothing of itself."""
    for field, path in _NEEDED.items():
        if getattr(declared, field) is None:
            raise CarnetError("metadata-missing", path)
    if not declared.authors:
        raise CarnetError("metadata-missing", "DocumentReference.author")
    notices: list[Notice] = []
    type_code = _known(declared, "type", "J07", "type-unknown", policy, notices)
    class_code = vocabulary.class_of_type(type_code.code) or declared.class_code
    if class_code is None:
        raise CarnetError("class-unknown", "DocumentReference.category", value=type_code.code)
    if declared.class_code is not None and declared.class_code.code != class_code.code:
        raise CarnetError(
            "metadata-contradicts-document",
            declared.paths.get("class_code", "DocumentReference.category"),
            declared=declared.class_code.code,
            document=class_code.code,
        )
    for author in declared.authors:
        if author.identifier is not None:
            notices += luhn_warnings(author.identifier, "DocumentReference.author")
    entry = DocumentEntry(
        unique_id=_stated(declared.unique_id),
        patient=_stated(declared.patient),
        type=type_code,
        class_code=class_code,
        mime_type=mime_type,
        language=declared.language or "fr-FR",
        title=_stated(declared.title),
        hash_sha1=read.sha1,
        hash_sha256=read.sha256,
        size=size,
        creation_time=_stated(declared.creation_time),
        service_start=_stated(declared.service_start),
        service_stop=declared.service_stop,
        facility=_known(declared, "facility", "J02", "facility-unknown", policy, notices),
        practice_setting=_known(
            declared, "practice_setting", "J04", "practice-setting-unknown", policy, notices
        ),
        confidentiality=declared.confidentiality or NORMAL,
        authors=declared.authors,
        custodian=_stated(declared.custodian),
        format=declared.format or vocabulary.format_of_media_type(mime_type),
        authenticator=declared.authenticator,
        comments=declared.comments,
        events=declared.events,
        source_patient=declared.source_patient,
        references=declared.references,
        replaces=declared.replaces,
    )
    if entry.format is None:
        notices.append(Notice("format-unknown", "DocumentReference.content[0].format"))
    return entry, tuple(notices)


def _stated(value: _Value | None) -> _Value:
    """A value that ``_NEEDED`` has already asked for."""
    if value is None:
        raise CarnetError("metadata-missing")
    return value


def _known(
    declared: DeclaredEntry,
    field: str,
    value_set: str,
    unknown: str,
    policy: Policy,
    notices: list[Notice],
) -> Code:
    stated: Code = getattr(declared, field)
    found = vocabulary.value_set(value_set).find(stated.code)
    if found is not None:
        return found
    if field == "type" and policy.accept_unknown_type:
        notices.append(Notice(unknown, _path(declared, field), {"value": stated.code[:100]}))
        return stated
    raise CarnetError(unknown, _path(declared, field), value=stated.code[:100])


def _check_identity(
    entry: DocumentEntry, policy: Policy, declared: DeclaredEntry, now: int
) -> tuple[Notice, ...]:
    traits = entry.source_patient
    if traits is not None:
        check_birth_date(traits.birth_date)
        check_past(traits.birth_date, now, _path(declared, "source_patient"))
    return check_ins(
        entry.patient,
        accept_test=policy.accept_test_ins,
        accept_wrong_key=policy.accept_wrong_key,
        element=_path(declared, "patient"),
    )


def _check_dates(entry: DocumentEntry, declared: DeclaredEntry, now: int) -> None:
    """No document was made tomorrow; an act may be planned to end later."""
    for field in ("creation_time", "service_start", "service_stop"):
        value: str | None = getattr(entry, field)
        if value is None:
            continue
        try:
            seconds_of(value)
            if field != "service_stop":
                check_past(value, now, _path(declared, field))
        except (ValueError, OverflowError):
            raise CarnetError("date-invalid", _path(declared, field), value=value[:40]) from None


def _check_replaced(entry: DocumentEntry, declared: DeclaredEntry) -> None:
    if entry.replaces == entry.unique_id:
        raise CarnetError("replaces-itself", RELATES_TO if declared.replaces else RELATED)


def _refuse_luhn(notices: tuple[Notice, ...]) -> None:
    for notice in notices:
        if notice.code == "luhn-key":
            raise CarnetError("luhn-key", notice.element, **notice.params)


def _flags(declared: DeclaredEntry) -> frozenset[FlagCode]:
    return parse_labels(tuple(Code("", code) for code in declared.visibility))[1]
