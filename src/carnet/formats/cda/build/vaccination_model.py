"""Vaccinations in values: one in a note, all of them in a history."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.formats.cda.build.medication_model import Product
from carnet.formats.cda.build.people_model import Actor
from carnet.formats.cda.build.values import StructuredBody
from carnet.record.document import Code


class VaccinationKind(StrEnum):
    """The place of an injection in its scheme (HL7 ActCode)."""

    FIRST_SERIES = "INITIMMUNIZ"
    BOOSTER = "BOOSTER"
    UNSPECIFIED = "IMMUNIZ"


class Vaccination(msgspec.Struct, frozen=True):
    """One vaccination: when, with what, by whom it is written down.

    ``time`` is a CDA timestamp of any precision, None where nobody knows. The product's ATC code
    and lot are written as unknown where they are. ``rank`` is the number of the injection in its
    scheme, from 1; ``route`` a code of EDQM; ``performer`` who gave it, ``recorded`` when
    ``author`` wrote it down.
    """

    time: str | None
    product: Product
    author: Actor
    recorded: str
    kind: VaccinationKind = VaccinationKind.UNSPECIFIED
    rank: int | None = None
    route: Code | None = None
    performer: Actor | None = None
    comment: str | None = None


class VaccinationNoteBody(StructuredBody, frozen=True):
    """The body of a vaccination note (87273-9): the one vaccination that it states."""

    vaccination: Vaccination


class VaccinationHistoryBody(StructuredBody, frozen=True):
    """The body of a vaccination history (11369-6): all vaccinations known, in the given order."""

    vaccinations: tuple[Vaccination, ...]
