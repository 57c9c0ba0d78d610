"""Invented documents and the DocumentReference that submits them (ITI-105)."""

from __future__ import annotations

import base64
import hashlib
import uuid
from functools import cache

import msgspec

from carnet.formats.cda.build import (
    Actor,
    DocumentSpec,
    EncodedBody,
    Encounter,
    PatientRole,
    Replaced,
    ServiceEvent,
    build_document,
)
from carnet.formats.cda.build import Citizen as CitizenAuthor
from carnet.formats.cda.build.model import Body
from carnet.population.scripts.cast import J01, J02, J04, J07, concept
from carnet.population.writing import people
from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import Name
from tests.system.people import CAST, Citizen, Json

PDF = b"%PDF-1.4 an invented letter, in which nothing true stands"
REPORT = "11488-4"  # CR ou fiche de consultation ou de visite: open to doctor and nurse
WISHES = "EXPPAT_1"  # Volontés et droits du patient: open to the doctor alone
MADE = "2026-01-05T10:15:00+01:00"
MADE_CDA = "20260105101500+0100"


def fresh_id() -> str:
    """A uniqueId that nobody used (OID of a UUID, X.667)."""
    return f"2.25.{uuid.uuid4().int}"


class Letter(msgspec.Struct, frozen=True):
    """A document to submit: whose, by whom, its uniqueId and bytes."""

    patient: Citizen
    author: Caller
    unique_id: str
    title: str
    data: bytes
    media_type: str = "text/xml"


@cache
def _actor(identifier: str) -> Actor:
    found = next(
        one for one in CAST.professionals.values() if one.identifier.extension == identifier
    )
    return people.actor(found)


def letter(
    patient: Citizen,
    author: Caller,
    *,
    kind: str = REPORT,
    title: str = "Compte rendu inventé",
    unique_id: str | None = None,
    replaces: str | None = None,
    body: bytes | Body = PDF,
) -> Letter:
    """A CDA document by a professional of the cast, or by the citizen themself.

    A body of bytes is that of a document of level 1.
    """
    unique_id = unique_id or fresh_id()
    who: Actor | CitizenAuthor
    if author.kind is CallerKind.CITIZEN:
        traits = patient.traits
        name = Name(traits.birth_family, traits.first_given.title())
        who = CitizenAuthor(
            patient.ins, name, concept(J01, "EXP_PATIENT"), concept(J04, "EXP_PATIENT")
        )
    else:
        assert author.identifier is not None
        who = _actor(author.identifier.extension)
    spec = DocumentSpec(
        unique_id=unique_id,
        set_id=fresh_id(),
        version_number=2 if replaces else 1,
        type=concept(J07, kind),
        title=title,
        created=MADE_CDA,
        patient=PatientRole(patient.ins, patient.traits, birth_city="RENNES"),
        author=who,
        authored=MADE_CDA,
        custodian=who.structure if isinstance(who, Actor) else None,
        authenticator=who,
        authenticated=MADE_CDA,
        event=ServiceEvent(
            start=MADE_CDA, end=None if isinstance(body, bytes) else MADE_CDA, performer=who
        ),
        encounter=Encounter(start=MADE_CDA, facility=concept(J02, author.sector or "EXP_PATIENT")),
        body=EncodedBody("application/pdf", body) if isinstance(body, bytes) else body,
        replaced=Replaced(replaces) if replaces else None,
    )
    return Letter(patient, author, unique_id, title, build_document(spec))


def simplified(one: Letter, **changes: object) -> Json:
    """The DocumentReference of a simplified publication, as a practice's software writes it."""
    author = one.author
    named = author.identifier
    if named is not None:
        who: Json = {"system": f"urn:oid:{named.root}", "value": named.extension}
    else:
        who = one.patient.identifier
    holder: Json = {
        "resourceType": "Organization",
        "id": "c",
        "name": author.structure_name or "EXP_PATIENT",
    }
    return {
        "resourceType": "DocumentReference",
        "contained": [holder],
        "masterIdentifier": {
            "system": "urn:ietf:rfc:3986",
            "value": f"urn:oid:{one.unique_id}",
        },
        "status": "current",
        "subject": {"identifier": one.patient.identifier},
        "date": MADE,
        "author": [{"identifier": who}],
        "custodian": {"reference": "#c"},
        "content": [{"attachment": attachment(one.data, one.title, one.media_type)}],
        **changes,
    }


def attachment(data: bytes, title: str, media_type: str = "text/xml", **more: object) -> Json:
    """An attachment that holds the document, its SHA-1 and size said."""
    return {
        "contentType": media_type,
        "title": title,
        "data": base64.b64encode(data).decode(),
        "size": len(data),
        "hash": base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode(),
        **more,
    }


def hiding(code: str = "MASQUE_PS", path: str = "/securityLabel/0") -> list[Json]:
    """The JSON Patch that sets a visibility code; ``N`` clears them (TD3.3a, TD3.3b)."""
    system = "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument"
    if code == "N":
        system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    return [
        {"op": "replace", "path": path, "value": {"coding": [{"system": system, "code": code}]}}
    ]
