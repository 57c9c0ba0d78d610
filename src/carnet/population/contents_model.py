"""What may stand in a document of a life: prose, results, lines of medicines, doses, reports."""

from __future__ import annotations

from datetime import date

import msgspec


class Table(msgspec.Struct, frozen=True):
    """A table inside a letter."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Letter(msgspec.Struct, frozen=True, kw_only=True, tag="letter"):
    """Prose: a level 1 document with a PDF.

    A part that begins with ``# `` is a heading, with ``- `` an item. ``scan``: pages without text.
    """

    text: tuple[str | Table, ...]
    greeting: str | None = None
    closing: str | None = None
    signature: str | None = None
    scan: bool = False


class Photo(msgspec.Struct, frozen=True, kw_only=True, tag="photo"):
    """A photograph that a citizen took of a paper. JPEG."""

    title: str
    lines: tuple[str, ...]
    handwritten: tuple[str, ...] = ()
    stamp: str | None = None


class Value(msgspec.Struct, frozen=True):
    """One result: key of the analysis, value as reported (``"7.1"``, ``"<5"``, ``"négatif"``)."""

    analysis: str
    value: str


class Susceptibility(msgspec.Struct, frozen=True):
    """An antibiotic in words and how a germ answers it: S, I or R."""

    antibiotic: str
    answer: str


class Germ(msgspec.Struct, frozen=True):
    """What grew: name, count as reported, antibiogram."""

    name: str
    count: str
    antibiogram: tuple[Susceptibility, ...] = ()


class Laboratory(msgspec.Struct, frozen=True, kw_only=True, tag="laboratory"):
    """Results in the order of the report; chapters and batteries follow from the nomenclature."""

    values: tuple[Value, ...]
    comment: str | None = None
    germs: tuple[Germ, ...] = ()
    specimen: str | None = None  # "Urines", for germs


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a prescription or dispensation: the drug, how to take it, for how long.

    ``treatment`` is the key of the life's treatment, None for what is not followed (a device, a
    dressing). ``device`` in words replaces ``drug``.
    """

    drug: str | None = None
    device: str | None = None
    dose: str = ""
    days: int = 0
    renewals: int = 0
    treatment: str | None = None
    problem: str | None = None
    long_illness: bool = False  # ALD
    not_substitutable: str | None = None
    boxes: int = 1


class Prescription(msgspec.Struct, frozen=True, kw_only=True, tag="prescription"):
    """What is prescribed."""

    lines: tuple[Line, ...]


class Dispensation(msgspec.Struct, frozen=True, kw_only=True, tag="dispensation"):
    """What a pharmacy gave on a prescription of this life (key of the document)."""

    prescription: str
    lines: tuple[Line, ...]


class Vaccination(msgspec.Struct, frozen=True, kw_only=True, tag="vaccination"):
    """One dose given: key of the vaccine, lot, rank of the dose; ``booster``."""

    vaccine: str
    lot: str
    rank: int = 1
    booster: bool = False
    comment: str | None = None


class VaccinationHistory(msgspec.Struct, frozen=True, kw_only=True, tag="vaccination-history"):
    """Every vaccination of the life up to that day."""

    comment: str | None = None


class Synthesis(msgspec.Struct, frozen=True, kw_only=True, tag="synthesis"):
    """The summary (VSM): problems, allergies, treatments as they stand that day; risks in words."""

    risks: tuple[str, ...] = ()
    comment: str | None = None


class Discharge(msgspec.Struct, frozen=True, kw_only=True, tag="discharge"):
    """The discharge letter (LDL-SES), level 3: reason, course, state, what is taken on leaving."""

    reason: str
    course: tuple[str, ...]
    follow_up: tuple[str, ...] = ()
    on_admission: tuple[str, ...] = ()  # keys of treatments
    on_leaving: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class Imaging(msgspec.Struct, frozen=True, kw_only=True, tag="imaging"):
    """An imaging report, level 3: key of the exam, then its words."""

    exam: str
    indication: tuple[str, ...]
    technique: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    conclusion: tuple[str, ...] = ()
    comparison: str | None = None


class Reimbursed(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a reimbursement list: the day, what, from whom, how many.

    ``kind`` is medicine, vaccine, stay or imaging; ``item`` the key in the nomenclature (of the
    drug, the vaccine, the exam); ``prescriber`` who ordered it, ``prescribed`` when; ``until`` the
    end of a stay.
    """

    day: date
    kind: str
    label: str
    by: str
    item: str | None = None
    quantity: int = 1
    prescriber: str | None = None
    prescribed: date | None = None
    until: date | None = None


class Reimbursements(msgspec.Struct, frozen=True, kw_only=True, tag="reimbursements"):
    """The insurance's list of what it paid for: noise, fed by no person."""

    since: date
    lines: tuple[Reimbursed, ...]


Content = (
    Letter
    | Photo
    | Laboratory
    | Prescription
    | Dispensation
    | Vaccination
    | VaccinationHistory
    | Synthesis
    | Discharge
    | Imaging
    | Reimbursements
)
