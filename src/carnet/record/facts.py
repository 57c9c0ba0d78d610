"""What a document says about a person's health: facts, each with the place that says it.

A fact is a statement of one document, kept as it was given: codes, numbers and words are those of
the document, nothing is guessed, converted or corrected. Times are FHIR dates or dateTimes of the
precision that was given (HL7 CDA R2, data types TS and IVL_TS). Structs are arrays when encoded and
stay out of the garbage collector's sight (frozen, they make no cycles): facts are kept, and read,
by the thousand; it halves the time of decoding them.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a fact is about."""

    PROBLEM = "problem"
    ALLERGY = "allergy"
    MEDICATION = "medication"
    IMMUNIZATION = "immunization"
    RESULT = "result"
    VITAL = "vital"
    PROCEDURE = "procedure"
    PREGNANCY = "pregnancy"
    FAMILY = "family"
    DEVICE = "device"
    OBSERVATION = "observation"


class Stage(StrEnum):
    """At which moment a treatment (or an act, a vaccine: ``planned``) is told."""

    PRESCRIBED = "prescribed"
    DISPENSED = "dispensed"
    ADMISSION = "admission"
    DISCHARGE = "discharge"
    CURRENT = "current"
    ADMINISTERED = "administered"
    STOPPED = "stopped"
    PLANNED = "planned"


GENERAL = frozenset({"11345-6"})
"""Codes that say nothing without their qualifier: LOINC "other social element"."""


class Code(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A code as given: ``system`` is an OID or a URI, ``display`` the document's words for it."""

    system: str
    code: str
    display: str = ""


class Concept(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
    """What is meant: the code given first, its translations behind it, and the words.

    ``text`` is what the original text (or the narrative that it points to) says; ``null`` is the
    nullFlavor where no code stands. ``qualifiers`` are what a general code is narrowed by.
    """

    codes: tuple[Code, ...] = ()
    text: str = ""
    null: str = ""
    qualifiers: tuple[Code, ...] = ()

    @property
    def label(self) -> str:
        """Words for it: the display of the code with what narrows it, else the original text.

        A code that only says "other" (``GENERAL``) leaves the word to its qualifier. May be empty.
        """
        words = next((code.display for code in self.codes if code.display), self.text)
        narrower = ", ".join(code.display for code in self.qualifiers if code.display)
        if not narrower or not words or (self.codes and self.codes[0].code in GENERAL):
            return narrower or words
        return f"{words} ({narrower})"

    def code_in(self, *systems: str) -> str | None:
        """The first code that is of one of these systems."""
        return next((code.code for code in self.codes if code.system in systems), None)


class Quantity(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=2):
    """A number as written, its unit as written (UCUM or not, empty where there is none).

    ``comparator`` is empty, ``<``, ``<=``, ``>`` or ``>=``. ``others`` is the same in other units,
    where the document gives it so.
    """

    number: str
    unit: str = ""
    comparator: str = ""
    others: tuple[Quantity, ...] = ()


class Range(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=3):
    """From ``low`` to ``high``; one of them may be missing."""

    low: Quantity | None
    high: Quantity | None


class Ratio(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=4):
    """A titre or rate: ``1/64``."""

    numerator: Quantity
    denominator: Quantity


class Words(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=5):
    """A value in words, a truth value, a date: as written."""

    text: str


Value = Concept | Quantity | Range | Ratio | Words


class When(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A moment (``start`` alone with ``point``), a period, or one of its ends; empty: not told.

    ``written`` holds what the document writes where that is no date.
    """

    start: str = ""
    end: str = ""
    point: bool = False
    written: str = ""


class Bounds(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A reference range beside a value: bounds, or words; ``meaning`` is what it stands for."""

    value: Range | Words | Concept | None
    meaning: Concept | None = None
    text: str = ""


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where a document says it.

    ``section`` and ``title`` are those of the innermost section; ``path`` leads from the document's
    root to the entry's element (local names with their numbers among equals, from 1);
    ``begin`` and ``end`` are byte offsets of that element in the document. ``said`` are the words
    of the narrative that the entry points to, ``said_id`` the ID of their element.
    """

    section: str
    title: str
    path: str
    begin: int
    end: int
    said: str = ""
    said_id: str = ""


class Dose(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One dosing of a treatment: how much, how often, when, for how long; as given."""

    amount: Quantity | Range | None = None
    rate: Quantity | Range | None = None
    every: Quantity | None = None  # a period, of so many h, d, wk
    event: str = ""  # when in the day (HL7 TimingEvent: ACM, PCV …)
    when: When = When()
    text: str = ""
    duration: Quantity | None = None  # for how long, where no end is given


class Medication(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="m"):
    """What only a treatment has."""

    form: Concept | None = None
    substances: tuple[Concept, ...] = ()
    route: Concept | None = None
    doses: tuple[Dose, ...] = ()
    dosage: str = ""  # in words
    quantity: Quantity | None = None  # prescribed or dispensed
    renewals: str = ""
    lot: str = ""
    reason: Concept | None = None
    as_needed: bool = False
    mentions: tuple[Concept, ...] = ()  # not substitutable, long illness, off label …
    maximum: Ratio | None = None  # at most so much in so long
    conditions: tuple[str, ...] = ()  # in words: "en cas de douleur"


class Immunization(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="i"):
    """What only a vaccination has. ``rank`` is the number of the dose as written."""

    lot: str = ""
    rank: str = ""
    dose: Quantity | None = None
    route: Concept | None = None
    site: Concept | None = None
    targets: tuple[Concept, ...] = ()  # diseases
    reason: Concept | None = None  # given, or not given, for that
    expires: str = ""
    sort: Concept | None = None  # first series, booster …
    reactions: tuple[Concept, ...] = ()


class Allergy(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="a"):
    """What only an allergy has. ``sort`` tells allergy from intolerance and what against."""

    sort: Concept | None = None
    reactions: tuple[Concept, ...] = ()
    severity: Concept | None = None
    clinical_status: Concept | None = None
    certainty: Concept | None = None
    criticality: Concept | None = None


class Problem(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="p"):
    """What only a problem has. ``sort`` tells a diagnosis from a symptom or a finding."""

    sort: Concept | None = None
    severity: Concept | None = None
    clinical_status: Concept | None = None
    certainty: Concept | None = None
    site: tuple[Concept, ...] = ()


class Analysis(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="r"):
    """What only a result has. ``batteries`` are those around it, outermost first.

    ``isolate`` is the germ that it is about, ``laboratory`` the name of who did it.
    """

    batteries: tuple[Concept, ...] = ()
    specimen: Concept | None = None
    isolate: Concept | None = None
    method: Concept | None = None
    laboratory: str = ""


class Relative(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="f"):
    """Of whom a family's disease is told."""

    relation: Concept | None = None
    age: Quantity | None = None
    died_of_it: bool = False


class Act(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="c"):
    """What only an act or device has."""

    site: tuple[Concept, ...] = ()
    approach: tuple[Concept, ...] = ()
    reason: Concept | None = None
    identifiers: tuple[str, ...] = ()  # of a device
    quantity: Quantity | None = None


Details = Medication | Immunization | Allergy | Problem | Analysis | Relative | Act


class Fact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One statement. ``negated``: that it is not so. ``status`` is the entry's statusCode.

    ``interpretation`` is as reported (codes H, L, A …). ``comment`` are free words beside it.
    ``contradicts`` are words of the narrative that say otherwise than the entry: both are kept.
    ``number`` counts the facts of a document from 0; ``ids`` are the entry's own (root^extension).
    ``subject`` is of whom it is told where that is not the patient (a fetus, a child, a parent);
    ``around`` is the time of the organizer or act around it, which is not the fact's own.
    """

    number: int
    kind: Kind
    what: Concept
    place: Place
    when: When = When()
    value: Value | None = None
    status: str = ""
    negated: bool = False
    stage: Stage | None = None
    bounds: tuple[Bounds, ...] = ()
    interpretation: tuple[Concept, ...] = ()
    details: Details | None = None
    comment: str = ""
    contradicts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    subject: Concept | None = None
    around: When = When()


class Unread(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An entry that gave no fact, and why (a code of ``formats.cda.facts``)."""

    place: Place
    template: str
    reason: str


class Facts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one document says. ``cut``: there was more than is kept (bounds of the reader)."""

    facts: tuple[Fact, ...] = ()
    unread: tuple[Unread, ...] = ()
    cut: bool = False
