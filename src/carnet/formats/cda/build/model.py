"""What a document to be written consists of: its header in values, and its body.

Names follow the header of CDA R2 as the CI-SIS narrows it. Times are CDA timestamps
(``YYYYMMDDhhmmss+zzzz`` or a leading part of it); ids of documents are OIDs. People and structures
stand in ``people_model``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from carnet.formats.cda.build.people_model import (
    Actor,
    Address,
    Citizen,
    Device,
    Informant,
    PatientRole,
    Structure,
    Unnamed,
)
from carnet.formats.cda.build.values import StructuredBody, Translation
from carnet.record.document import Code
from carnet.record.identity import Identifier

ParticipantKind = Literal["REF", "REFB", "INF", "RESP", "PRF", "CON", "VRF"]


class Participant(msgspec.Struct, frozen=True):
    """Somebody else who took part: type REF, INF, RESP, PRF …, function of J47, when.

    ``since`` and ``time`` are the beginning and the end; without either the time is said not to
    apply. ``role`` tells a provider of care (PROV) from somebody who acts for one (AGNT).
    """

    kind: ParticipantKind
    actor: Actor
    function: Code | None = None
    time: str | None = None
    since: str | None = None
    role: Literal["PROV", "AGNT"] = "PROV"


class Recipient(msgspec.Struct, frozen=True):
    """Somebody to whom the document is addressed."""

    actor: Actor


class Authorship(msgspec.Struct, frozen=True):
    """One more author, when they wrote, and their function (J47)."""

    author: Actor | Citizen | Device
    time: str
    function: Code | None = None


class Authenticator(msgspec.Struct, frozen=True):
    """A professional who vouches for the document besides the legal authenticator, and when."""

    actor: Actor
    time: str


class ServiceEvent(msgspec.Struct, frozen=True):
    """The main act: code, times, who did it (the citizen for a document of their own)."""

    start: str
    performer: Actor | Citizen | Unnamed
    end: str | None = None
    code: Code | None = None
    identifier: Identifier | None = None
    translations: tuple[Translation, ...] = ()


class FurtherAct(msgspec.Struct, frozen=True):
    """An act beside the main one."""

    code: Code
    translations: tuple[Translation, ...] = ()
    identifier: Identifier | None = None
    start: str | None = None
    end: str | None = None


class Order(msgspec.Struct, frozen=True):
    """An order that the document answers, and the accession number of an imaging department."""

    identifier: Identifier
    accession: Identifier | None = None


class Encounter(msgspec.Struct, frozen=True):
    """The care encounter: mode (AMB, IMP, EMER, EXTERNE …), times, kind of place (J02).

    ``start`` None means that no encounter's time applies, unless there is an ``end``.
    """

    start: str | None
    facility: Code
    end: str | None = None
    mode: Code | None = None
    responsible: Actor | None = None
    place_name: str | None = None
    place_address: Address | None = None


class Replaced(msgspec.Struct, frozen=True):
    """The document that this one replaces (RPLC)."""

    unique_id: str
    version_number: int | None = None


class EncodedBody(msgspec.Struct, frozen=True):
    """A level 1 body: the bytes of a file and their media type."""

    media_type: str
    data: bytes


Body = EncodedBody | StructuredBody


class DocumentSpec(msgspec.Struct, frozen=True, kw_only=True):
    """All that a document says. ``custodian`` None means that the citizen keeps it (EXP_PATIENT).

    ``further_acts`` are more serviceEvents after the main act; ``confidentiality`` is a code of
    2.16.840.1.113883.5.25 with its label. ``authenticator`` is the legal one.
    """

    unique_id: str
    set_id: str
    version_number: int
    type: Code
    title: str
    created: str
    patient: PatientRole
    author: Actor | Citizen | Device
    authored: str
    custodian: Structure | None
    authenticator: Actor | Citizen | Device
    authenticated: str
    event: ServiceEvent
    encounter: Encounter
    body: Body
    author_function: Code | None = None
    further_authors: tuple[Authorship, ...] = ()
    informants: tuple[Informant, ...] = ()
    authenticators: tuple[Authenticator, ...] = ()
    further_acts: tuple[Code | FurtherAct, ...] = ()
    participants: tuple[Participant, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    orders: tuple[Identifier | Order, ...] = ()
    replaced: Replaced | None = None
    confidentiality: Code = Code("2.16.840.1.113883.5.25", "N", "Normal")
    language: str = "fr-FR"
