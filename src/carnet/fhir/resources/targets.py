"""What a DocumentReference points at: its subject, and the document that it replaces.

Each may be named by identifier, by a conditional reference (``Type?identifier=system|value``), or
by id; a subject also by a contained Patient (PDSm §2).
"""

from __future__ import annotations

import re

from carnet.formats.fhir import urls
from carnet.formats.fhir.elements import (
    identifier_of,
    ins_of,
    read_identifier,
    read_unique_id,
    unique_id_of,
)
from carnet.formats.fhir.people_reading import Contained, read_contained_ins
from carnet.formats.fhir.reading import Element
from carnet.record.errors import CarnetError
from carnet.record.identity import Ins
from carnet.usecases.requests import DeclaredEntry

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_LITERAL = re.compile(r"([A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?")
_CONDITIONAL = re.compile(r"(\w+)\?identifier=([^|&]*)\|([^|&]+)")


def read_subject(
    root: Element, entry: DeclaredEntry, contained: Contained, base: str
) -> str | None:
    """Reads the patient into ``entry``; returns the record id of a literal reference instead."""
    subject = root.child("subject")
    if subject is None:
        root.require("subject")
    subject.ignore("display", "type")
    target = subject.text("reference", 512)
    named = subject.child("identifier")
    subject.done()
    path = subject.at("reference")
    record_id: str | None = None
    if target is not None and target.startswith("#"):
        entry.patient = read_contained_ins(contained.find(target, path))
    elif target is not None and (found := _conditional(target, "Patient", base)):
        entry.patient = ins_of(identifier_of(*found, path), path)
    elif target is not None:
        record_id = _literal(target, "Patient", base)
        if record_id is None:
            raise CarnetError("reference-external", path)
    if named is not None:
        entry.patient = _same(entry.patient, ins_of(read_identifier(named), named.path), named.path)
    if entry.patient is None and record_id is None:
        subject.require("identifier")
    return None if entry.patient else record_id


def _same(known: Ins | None, given: Ins, path: str) -> Ins:
    if known is not None and known != given:
        raise CarnetError("subject-differs", path)
    return given


def read_replaced(target: Element, base: str) -> str:
    """The uniqueId or the id of the document to replace."""
    target.ignore("display", "type")
    reference = target.text("reference", 512)
    named = target.child("identifier")
    target.done()
    if reference is None:
        if named is None:
            target.require("reference")
        return read_unique_id(named)
    path = target.at("reference")
    if found := _conditional(reference, "DocumentReference", base):
        return unique_id_of(*found, path)
    bare = reference.removeprefix(urls.UUID_PREFIX)
    literal = bare if bare != reference else _literal(reference, "DocumentReference", base)
    if literal is None or not _ID.fullmatch(literal):
        raise CarnetError("reference-external", path)
    return literal


def _conditional(reference: str, kind: str, base: str) -> tuple[str, str] | None:
    """System and value of ``Type?identifier=system|value``."""
    match = _CONDITIONAL.fullmatch(reference.removeprefix(base + "/"))
    return (match[2], match[3]) if match and match[1] == kind else None


def _literal(reference: str, kind: str, base: str) -> str | None:
    """The id of ``Type/[id]``, relative or of this server, with or without a version."""
    match = _LITERAL.fullmatch(reference.removeprefix(base + "/"))
    return match[2] if match and match[1] == kind else None
