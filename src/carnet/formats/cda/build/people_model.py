"""People and structures of a document to be written, in values.

Names follow CDA R2 as the CI-SIS volume "Structuration minimale" narrows it. Times are CDA
timestamps (``YYYYMMDDhhmmss+zzzz`` or a leading part of it).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from carnet.record.document import Code
from carnet.record.identity import Identifier, Ins, Name, Traits

AddressUse = Literal["H", "HP", "HV", "WP", "TMP"]
TelecomUse = Literal["H", "HP", "HV", "WP", "DIR", "PUB", "EC", "MC", "PG"]
InformantKind = Literal["ECON", "NOK", "CON", "CAREGIVER", "PAT"]
Unknown = Literal["UNK", "NASK", "ASKU", "NAV", "MSK"]


class Address(msgspec.Struct, frozen=True):
    """A postal address: parts, each once at most, or up to seven whole ``lines`` instead."""

    house_number: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    unit: str | None = None
    country: str | None = None
    lines: tuple[str, ...] = ()
    use: AddressUse | None = None


class Telecom(msgspec.Struct, frozen=True):
    """A ``tel:``, ``mailto:`` or ``fax:`` value and its use (H, WP, MC, …).

    ``unknown`` says instead why there is no value: not asked (NASK), masked (MSK), ….
    """

    value: str | None = None
    use: TelecomUse | None = None
    unknown: Unknown | None = None


class Structure(msgspec.Struct, frozen=True):
    """A health structure: Struct_IdNat, name, how to reach it, practice setting (J04)."""

    identifier: Identifier
    name: str
    setting: Code
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()


class Actor(msgspec.Struct, frozen=True):
    """A professional at work in a structure; ``profession`` is a code of J01.

    Both may be unknown, save that the performer of the main act needs a structure. ``other_ids``
    are further identifiers, which only an author may have.
    """

    identifier: Identifier
    name: Name
    profession: Code | None
    structure: Structure | None
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()
    other_ids: tuple[Identifier, ...] = ()


class Citizen(msgspec.Struct, frozen=True):
    """The patient as author of a document of their own; profession and setting EXP_PATIENT."""

    ins: Ins
    name: Name
    profession: Code
    setting: Code


class Device(msgspec.Struct, frozen=True):
    """Software as author: ``model`` and ``software`` name it, ``profession`` says in which role.

    Where no model is known the specification's samples write a full stop.
    """

    identifier: Identifier
    software: str
    model: str = "."
    profession: Code | None = None
    structure: Structure | None = None


class Unnamed(msgspec.Struct, frozen=True):
    """A performer of whom only the practice setting is known: an insurer that lists acts."""

    setting: Code


class Guardian(msgspec.Struct, frozen=True):
    """A legal representative named in the header."""

    name: Name
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()


class GuardianOrganization(msgspec.Struct, frozen=True):
    """A structure that represents the patient in law: an association, a service."""

    structure: Structure
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
    guardians: tuple[Guardian | GuardianOrganization, ...] = ()
    local_ids: tuple[Identifier, ...] = ()


class Informant(msgspec.Struct, frozen=True):
    """Somebody to ask or to call, by what they are to the patient (``relation``, J11).

    ECON is called in an emergency, NOK the trusted person, CAREGIVER an aid, CON another contact,
    PAT the patient.
    """

    kind: InformantKind
    name: Name
    relation: Code
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()
