"""What a document to be written consists of: its header in values, and its body.

Names follow the header of CDA R2 as the CI-SIS narrows it. Times are CDA timestamps
(``YYYYMMDDhhmmss+zzzz`` or a leading part of it); ids of documents are OIDs.
"""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build.laboratory_model import LaboratoryBody
from carnet.record.document import Code
from carnet.record.identity import Identifier, Ins, Name, Traits


class Address(msgspec.Struct, frozen=True):
    """A postal address in parts; each part once at most."""

    house_number: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None


class Telecom(msgspec.Struct, frozen=True):
    """A ``tel:`` or ``mailto:`` value and its use (H, WP, MC, …)."""

    value: str
    use: str | None = None


class Structure(msgspec.Struct, frozen=True):
    """A health structure: Struct_IdNat, name, how to reach it, practice setting (J04)."""

    identifier: Identifier
    name: str
    setting: Code
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()


class Actor(msgspec.Struct, frozen=True):
    """A professional at work in a structure; ``profession`` is a code of J01."""

    identifier: Identifier
    name: Name
    profession: Code
    structure: Structure
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()


class Citizen(msgspec.Struct, frozen=True):
    """The patient as author of a document of their own; profession and setting EXP_PATIENT."""

    ins: Ins
    name: Name
    profession: Code
    setting: Code


class Guardian(msgspec.Struct, frozen=True):
    """A legal representative named in the header."""

    name: Name
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()


class PatientRole(msgspec.Struct, frozen=True):
    """The patient: INS and traits go together; ``birth_city`` is the label of the birthplace.

    ``local_ids`` are identifiers of the producer (IPP). An empty address or telecom is written as
    unknown, because several kinds allow no other absence.
    """

    ins: Ins
    traits: Traits
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()
    birth_city: str | None = None
    guardians: tuple[Guardian, ...] = ()
    local_ids: tuple[Identifier, ...] = ()


class Participant(msgspec.Struct, frozen=True):
    """Somebody else who took part: type REF, INF, RESP, PRF …, function of J47, time of the act."""

    kind: str
    actor: Actor
    function: Code | None = None
    time: str | None = None


class Recipient(msgspec.Struct, frozen=True):
    """Somebody to whom the document is addressed."""

    actor: Actor


class ServiceEvent(msgspec.Struct, frozen=True):
    """The main act: code, times, who did it (the citizen for a document of their own)."""

    start: str
    performer: Actor | Citizen
    end: str | None = None
    code: Code | None = None
    identifier: Identifier | None = None


class Encounter(msgspec.Struct, frozen=True):
    """The care encounter: mode (AMB, IMP, EMER, EXTERNE …), times, kind of place (J02)."""

    start: str
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


Body = EncodedBody | LaboratoryBody


class DocumentSpec(msgspec.Struct, frozen=True, kw_only=True):
    """All that a document says. ``custodian`` None means that the citizen keeps it (EXP_PATIENT).

    ``further_acts`` are codes of more serviceEvents after the main act; ``confidentiality`` is a
    code of 2.16.840.1.113883.5.25 with its label. ``authenticator`` is the legal one.
    """

    unique_id: str
    set_id: str
    version_number: int
    type: Code
    title: str
    created: str
    patient: PatientRole
    author: Actor | Citizen
    authored: str
    custodian: Structure | None
    authenticator: Actor | Citizen
    authenticated: str
    event: ServiceEvent
    encounter: Encounter
    body: Body
    author_function: Code | None = None
    further_acts: tuple[Code, ...] = ()
    participants: tuple[Participant, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    orders: tuple[Identifier, ...] = ()
    replaced: Replaced | None = None
    confidentiality: Code = Code("2.16.840.1.113883.5.25", "N", "Normal")
    language: str = "fr-FR"
