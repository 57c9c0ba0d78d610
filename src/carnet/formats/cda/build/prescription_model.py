"""A prescription in values: medicines and devices, each with what French payers ask of a line."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build.medication_model import Medication
from carnet.formats.cda.build.oids import SUBSTITUTION
from carnet.formats.cda.build.values import Coded, Quantity, StructuredBody
from carnet.record.document import Code

GENERIC_ALLOWED = Code(SUBSTITUTION, "G", "Substitution autorisée par un produit générique")
NOT_SUBSTITUTABLE = Code(SUBSTITUTION, "N", "Aucune substitution permise")


class Coverage(msgspec.Struct, frozen=True):
    """What decides who pays, each a yes or no (TA): MED-574, GEN-180, GEN-295, GEN-181, GEN-179.

    ``long_term`` is an illness taken in charge at 100 % (ALD), ``work`` an accident at work or
    occupational disease (AT/MP), ``prevention`` an act of prevention, ``not_reimbursed`` a product
    outside reimbursement, ``off_label`` a use outside the marketing authorisation (medicines only).
    """

    long_term: bool = False
    work: bool = False
    prevention: bool = False
    not_reimbursed: bool = False
    off_label: bool = False


class PrescribedMedicine(msgspec.Struct, frozen=True):
    """One line for a medicine. ``identifier`` (UUID, upper case) is what a dispensation refers to.

    ``substitution`` is a code of HL7 substanceAdminSubstitution, ``substitution_reason`` why the
    product may not be replaced. ``repeats`` counts renewals, ``quantity`` packages to dispense.
    ``pharmacist_note`` is told to the pharmacist; the treatment's ``reason`` is what it is for.
    """

    identifier: str
    medication: Medication
    substitution: Code = GENERIC_ALLOWED
    substitution_reason: str | None = None
    repeats: int = 0
    quantity: Quantity | None = None
    coverage: Coverage = Coverage()
    pharmacist_note: str | None = None

    @property
    def substitution_words(self) -> str:
        """Whether a generic may be given, and why not."""
        allowed = "Non" if self.substitution.code == NOT_SUBSTITUTABLE.code else "Oui"
        reason = self.substitution_reason
        return allowed if reason is None else f"{allowed} ({reason})"


class PrescribedDevice(msgspec.Struct, frozen=True):
    """One line for a device; ``device`` has a code of EMDN where known, LPP as translation.

    ``posology`` says how it is used; ``start`` and ``end`` bound the use, ``repeats`` counts
    renewals, ``quantity`` packages. ``identifier`` (UUID) may be absent.
    """

    device: Coded
    start: str
    end: str | None = None
    repeats: int = 0
    quantity: int | None = None
    posology: str = ""
    coverage: Coverage = Coverage()
    identifier: str | None = None


class PrescriptionBody(StructuredBody, frozen=True):
    """The structured body: medicines or devices or both, when it was written, its copy as PDF."""

    written: str
    pdf: bytes
    medicines: tuple[PrescribedMedicine, ...] = ()
    devices: tuple[PrescribedDevice, ...] = ()
    comment: tuple[str, ...] = ()
