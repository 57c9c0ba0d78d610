"""What the health insurance reimbursed (historique des remboursements, CNAM-HR) in values.

Times are CDA timestamps, mostly days. Codes are those of the insurance's own lists where a field
names one; ``label`` is what people read.
"""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build.values import StructuredBody
from carnet.record.document import Code
from carnet.record.identity import Identifier, Name


class Caregiver(msgspec.Struct, frozen=True):
    """Who prescribed, delivered or did something, as far as the insurance knows."""

    structure: str | None = None
    structure_id: Identifier | None = None
    name: Name | None = None
    identifier: Identifier | None = None
    profession: Code | None = None


class DeliveredMedicine(msgspec.Struct, frozen=True):
    """A medicine that was delivered and reimbursed.

    ``code`` is of the insurance's list of medicines, ``group`` its therapeutic group,
    ``components`` its active substances; ``repackaged`` says that boxes were opened.
    """

    label: str
    delivered: str
    supplier: Caregiver
    quantity: int = 1
    code: Code | None = None
    group: Code | None = None
    components: tuple[Code, ...] = ()
    prescriber: Caregiver | None = None
    prescribed: str | None = None
    repackaged: bool = False


class DeliveredVaccine(msgspec.Struct, frozen=True):
    """A vaccine that was delivered; whether it was given the insurance does not know."""

    label: str
    delivered: str
    supplier: Caregiver
    code: Code | None = None
    valence: Code | None = None
    prescriber: Caregiver | None = None
    prescribed: str | None = None


class DeliveredDevice(msgspec.Struct, frozen=True):
    """A device that was delivered: ``code`` of the LPP, ``device`` the number on it."""

    label: str
    delivered: str
    supplier: Caregiver
    quantity: int = 1
    code: Code | None = None
    device: Identifier | None = None
    prescriber: Caregiver | None = None
    prescribed: str | None = None


class ReimbursedStay(msgspec.Struct, frozen=True):
    """A stay in hospital and what it was for, by its group; one day has no ``end``."""

    label: str
    start: str
    place: Caregiver
    end: str | None = None
    code: Code | None = None


class ReimbursedAct(msgspec.Struct, frozen=True):
    """An act: its code in the list of acts or of tests, the day, those who did it."""

    label: str
    day: str
    code: Code
    performers: tuple[Caregiver, ...] = ()


class ReimbursementBody(StructuredBody, frozen=True):
    """The list: what it is worth (``mention``), then each kind of thing that was reimbursed.

    A kind of which there is nothing has no section.
    """

    mention: str
    medicines: tuple[DeliveredMedicine, ...] = ()
    vaccines: tuple[DeliveredVaccine, ...] = ()
    devices: tuple[DeliveredDevice, ...] = ()
    stays: tuple[ReimbursedStay, ...] = ()
    care: tuple[ReimbursedAct, ...] = ()
    radiology: tuple[ReimbursedAct, ...] = ()
    biology: tuple[ReimbursedAct, ...] = ()
