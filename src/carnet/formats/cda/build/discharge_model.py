"""A letter at discharge from a hospital (lettre de liaison à la sortie, LDL-SES) in values."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.formats.cda.build.medication_model import Medication
from carnet.formats.cda.build.problems_model import Absence, Allergies
from carnet.formats.cda.build.values import Coded, StructuredBody


class LetterStatus(StrEnum):
    """Whether the letter is final (SNOMED CT)."""

    APPROVED = "9571008"
    IN_PROGRESS = "385651009"


class HospitalStay(msgspec.Struct, frozen=True):
    """A stay: how and when it began and ended, and its summary; times are CDA timestamps.

    ``entry_mode`` is a code of SNOMED CT (183452005, 8715000 or 107724000) or words alone;
    ``exit_mode`` likewise. What follows is what the law wants told of every stay and is left out
    where it is None: adverse events, resistant germs looked for and found, transfusions and
    products derived from blood, with their accidents.
    """

    entry: str
    exit: str
    entry_mode: Coded
    summary: str
    exit_mode: Coded | None = None
    adverse_events: str | None = None
    resistant_looked_for: bool | None = None
    resistant_found: str | None = None
    transfusion: bool | None = None
    transfusion_accidents: str | None = None
    blood_products: bool | None = None
    blood_product_events: str | None = None


class DischargeBody(StructuredBody, frozen=True):
    """The letter: four required sections, then those that have something to say.

    ``treatments`` are those at discharge, ``stopped`` those ended during the stay; ``expected``
    (results that will follow) and ``follow_up`` (what others are asked to do) are sentences;
    ``allergies`` None leaves the section out.
    """

    reason: str
    stay: HospitalStay
    treatments: tuple[Medication, ...] | Absence
    status: LetterStatus = LetterStatus.APPROVED
    stopped: tuple[Medication, ...] = ()
    expected: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()
    allergies: Allergies | None = None
