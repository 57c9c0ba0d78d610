"""A dispensation in values: what was given for which line of a prescription."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build.medication_model import Product
from carnet.formats.cda.build.people_model import Actor
from carnet.formats.cda.build.values import Quantity, StructuredBody
from carnet.record.document import Code


class Dispensed(msgspec.Struct, frozen=True):
    """One medicine that was given.

    ``item`` is the id (UUID) of the line of the prescription, ``prescribed`` the words of that
    line. ``quantity`` counts packages; its unit is the code of the package in EDQM, or empty.
    ``note`` is what the pharmacist noted, ``substitution`` a code of HL7
    substanceAdminSubstitution where another product was given. ``prescriber`` and
    ``prescribed_at`` go together.
    """

    item: str
    product: Product
    quantity: Quantity
    prescribed: str
    posology: str = ""
    note: str | None = None
    instruction: str | None = None
    substitution: Code | None = None
    prescriber: Actor | None = None
    prescribed_at: str | None = None


class DispensationBody(StructuredBody, frozen=True):
    """The structured body: what was given; ``prescription`` is the uniqueId of the prescription."""

    items: tuple[Dispensed, ...]
    prescription: str | None = None
    pdf: bytes | None = None
