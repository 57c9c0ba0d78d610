"""What a submitter declares must agree with what the document says of itself.

Where the two contradict each other the error names both values; where the document is silent the
declaration completes it. Labels are never compared, only codes (domain §4).
"""

from __future__ import annotations

import msgspec

from carnet.record.document import Code, DocumentEntry
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import differing_traits
from carnet.record.structures import actor_key
from carnet.usecases.clock import seconds_of
from carnet.usecases.requests import DeclaredEntry

# Fields that only describe: what is declared stands where the document has none of its own.
_COMPLETED = ("format", "comments", "service_stop", "authenticator")
_CODED = ("type", "class_code", "facility", "practice_setting", "format", "confidentiality")
_TIMES = ("creation_time", "service_start")


def agreed(
    found: DocumentEntry, declared: DeclaredEntry, *, mark_identity: bool
) -> tuple[DocumentEntry, tuple[Notice, ...]]:
    """The entry of a document, completed by what is declared, and warnings.

    Raises ``metadata-contradicts-document`` with ``declared`` and ``document``;
    ``patient-contradicts-document`` for another person.
    """
    notices = _check_patient(found, declared, mark_identity=mark_identity)
    if declared.unique_id is not None and declared.unique_id != found.unique_id:
        _contradict("unique_id", declared, declared.unique_id, found.unique_id)
    for field in _CODED:
        ours: Code | None = getattr(found, field)
        theirs: Code | None = getattr(declared, field)
        if ours is not None and theirs is not None and ours.code != theirs.code:
            _contradict(field, declared, theirs.code, ours.code)
    for field in _TIMES:
        stated: str | None = getattr(declared, field)
        if stated is not None and not _same_time(stated, getattr(found, field)):
            _contradict(field, declared, stated, getattr(found, field))
    if declared.language is not None and not _same_language(declared.language, found.language):
        _contradict("language", declared, declared.language, found.language)
    _check_author(found, declared)
    _check_custodian(found, declared)
    _check_replaced(found, declared)
    changes: dict[str, object] = {
        field: getattr(declared, field)
        for field in _COMPLETED
        if getattr(found, field) is None and getattr(declared, field) is not None
    }
    if declared.mime_type is not None:
        changes["mime_type"] = declared.mime_type
    if declared.title is not None:
        changes["title"] = declared.title
    if declared.replaces is not None and found.replaces is None:
        changes["replaces"] = declared.replaces
    return msgspec.structs.replace(found, **changes), notices


def _check_patient(
    found: DocumentEntry, declared: DeclaredEntry, *, mark_identity: bool
) -> tuple[Notice, ...]:
    patient = declared.patient
    path = declared.paths.get("patient", "DocumentReference.subject")
    if patient is not None and patient.matricule != found.patient.matricule:
        raise CarnetError("patient-contradicts-document", path)
    notices: list[Notice] = []
    if patient is not None and patient.oid != found.patient.oid:
        if not mark_identity:
            raise CarnetError("patient-contradicts-document", path)
        notices.append(Notice("ins-oid-differs", path))
    if declared.source_patient is not None and found.source_patient is not None:
        differing = differing_traits(found.source_patient, declared.source_patient)
        if differing:
            where = declared.paths.get(
                "source_patient", "DocumentReference.context.sourcePatientInfo"
            )
            if not mark_identity:
                raise CarnetError("ins-traits-differ", where, traits=", ".join(differing))
            notices.append(Notice("ins-traits-differ", where, {"traits": ", ".join(differing)}))
    return tuple(notices)


def _check_author(found: DocumentEntry, declared: DeclaredEntry) -> None:
    """Who is declared as author must be among the authors that the document names."""
    ours = {actor_key(one.identifier) for one in found.authors if one.identifier is not None}
    for author in declared.authors:
        if author.identifier is None or not ours:
            continue
        if actor_key(author.identifier) not in ours:
            _contradict("authors", declared, actor_key(author.identifier), ", ".join(sorted(ours)))


def _check_custodian(found: DocumentEntry, declared: DeclaredEntry) -> None:
    ours = found.custodian.identifier
    theirs = declared.custodian.identifier if declared.custodian else None
    if ours is not None and theirs is not None and ours != theirs:
        _contradict("custodian", declared, actor_key(theirs), actor_key(ours))


def _check_replaced(found: DocumentEntry, declared: DeclaredEntry) -> None:
    """RelatesTo may name the replaced document by uniqueId, or by an id that the gate resolves."""
    stated = declared.replaces
    if stated is None or found.replaces is None or stated == found.replaces:
        return
    if "." in stated or stated.startswith("urn:"):
        _contradict("replaces", declared, stated, found.replaces)


def _same_time(one: str, other: str) -> bool:
    """Whether two dateTimes agree as far as the less precise of them goes."""
    if len(one) > 10 and len(other) > 10:
        return abs(seconds_of(one) - seconds_of(other)) < 60
    shorter = min(len(one), len(other), 10)
    return one[:shorter] == other[:shorter]


def _same_language(one: str, other: str) -> bool:
    return one.split("-", maxsplit=1)[0].lower() == other.split("-", maxsplit=1)[0].lower()


def _contradict(field: str, declared: DeclaredEntry, theirs: str, ours: str) -> None:
    raise CarnetError(
        "metadata-contradicts-document",
        declared.paths.get(field, f"DocumentReference.{field}"),
        declared=theirs,
        document=ours,
    )
