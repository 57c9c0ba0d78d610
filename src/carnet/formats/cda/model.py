"""What a CDA header says, in the words of the CI-SIS volume "Structuration minimale".

Everything that a document may lack is None or empty here: reading judges only what cannot be read;
``metadata.entry_of`` judges what is missing. Times are FHIR dateTime strings.
"""

from __future__ import annotations

import msgspec

from carnet.record.document import Author, Code, Organization, Person
from carnet.record.errors import Notice
from carnet.record.identity import Identifier, Ins, Name, Traits


class Patient(msgspec.Struct, frozen=True):
    """recordTarget: all identifiers, the INS among them, and the traits if complete.

    ``missing_traits`` are the XPaths of strict traits that the header does not state.
    """

    identifiers: tuple[Identifier, ...]
    ins: Ins | None
    traits: Traits | None
    missing_traits: tuple[str, ...] = ()


class Guardian(msgspec.Struct, frozen=True):
    """A legal representative: a person or an organization."""

    identifier: Identifier | None = None
    name: Name | None = None
    organization: Organization | None = None


class Informant(msgspec.Struct, frozen=True):
    """Somebody to ask or to call.

    ``class_code`` is ECON (emergency), NOK (trusted person), CON, CAREGIVER or PAT for a related
    entity, ASSIGNED for a professional; ``relation`` a code of J11.
    """

    class_code: str
    relation: Code | None = None
    identifier: Identifier | None = None
    name: Name | None = None


class Authentication(msgspec.Struct, frozen=True):
    """legalAuthenticator or authenticator: who vouches for the document, and when."""

    person: Person
    specialty: Code | None = None
    time: str | None = None


class Participant(msgspec.Struct, frozen=True):
    """Another professional: type REF REFB INF RESP PRF CON VRF, function J47, specialty J01."""

    type_code: str
    class_code: str | None = None
    function: Code | None = None
    start: str | None = None
    stop: str | None = None
    identifier: Identifier | None = None
    name: Name | None = None
    specialty: Code | None = None
    organization: Organization | None = None


class Order(msgspec.Struct, frozen=True):
    """inFulfillmentOf: the order answered, and the accession number of an imaging report."""

    identifier: Identifier | None = None
    accession: Identifier | None = None


class Performer(msgspec.Struct, frozen=True):
    """Who did the act; ``practice_setting`` is J04, from the organization."""

    identifier: Identifier | None = None
    name: Name | None = None
    specialty: Code | None = None
    organization: Organization | None = None
    practice_setting: Code | None = None


class ServiceEvent(msgspec.Struct, frozen=True):
    """An act that the document reports. ``position`` is the rank of its documentationOf, from 1.

    ``translations`` are other codes of the same act: CCAM, modality, anatomical region.
    """

    position: int
    identifiers: tuple[Identifier, ...] = ()
    code: Code | None = None
    translations: tuple[Code, ...] = ()
    start: str | None = None
    stop: str | None = None
    performer: Performer | None = None


class RelatedDocument(msgspec.Struct, frozen=True):
    """Another document: replaced (RPLC), appended to (APND) or transformed (XFRM)."""

    type_code: str
    identifier: Identifier | None = None
    version_number: int | None = None


class Encounter(msgspec.Struct, frozen=True):
    """encompassingEncounter: where and when; ``facility`` is J02."""

    code: Code | None = None
    start: str | None = None
    stop: str | None = None
    facility: Code | None = None
    facility_identifier: Identifier | None = None
    responsible: Person | None = None


class CdaDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A CDA R2 document as read: its header, and of its body what says how to treat it.

    ``level`` is 1 for a body that is one file (``media_type``, ``media_size`` in bytes), 3 for a
    structured one; ``embedded`` counts base64 contents. ``narrative`` is None unless asked for.
    ``notices`` are about what was read leniently.
    """

    id: Identifier | None
    set_id: Identifier | None
    version_number: int | None
    template_ids: tuple[Identifier, ...]
    code: Code | None
    title: str | None
    effective_time: str | None
    confidentiality: Code | None
    language: str | None
    patient: Patient
    guardians: tuple[Guardian, ...]
    authors: tuple[Author, ...]
    author_settings: tuple[Code | None, ...]  # J04 of each author's organization
    informants: tuple[Informant, ...]
    custodian: Organization | None
    legal_authenticator: Authentication | None
    authenticators: tuple[Authentication, ...]
    participants: tuple[Participant, ...]
    orders: tuple[Order, ...]
    service_events: tuple[ServiceEvent, ...]
    related_documents: tuple[RelatedDocument, ...]
    encounter: Encounter | None
    level: int
    media_type: str | None = None
    media_size: int = 0
    embedded: int = 0
    narrative: str | None = None
    narrative_cut: bool = False
    notices: tuple[Notice, ...] = ()

    @property
    def main_act(self) -> ServiceEvent | None:
        """The first act that has a performer (5 of 65 samples have two or three)."""
        return next((act for act in self.service_events if act.performer is not None), None)
