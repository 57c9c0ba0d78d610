"""Invented people and their years, in values: what a life consists of, all times resolved.

A life comes from a script (``population/lives/*.toml``) or from the generator
(``population.france``). Whatever follows (documents, truth, the rules of coherence, what is done in
the store) takes a ``Life`` and a ``Directory`` and asks neither clock nor chance.

Moments are aware datetimes in Paris; days are dates. Keys are unique within their life; those of
professionals, structures and people within the population.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from carnet.population.contents_model import (
    Content,
    Discharge,
    Dispensation,
    Germ,
    Imaging,
    Laboratory,
    Letter,
    Line,
    Photo,
    Prescription,
    Reimbursed,
    Reimbursements,
    Susceptibility,
    Synthesis,
    Table,
    Vaccination,
    VaccinationHistory,
    Value,
)
from carnet.record.access.model import RelationKind
from carnet.record.caller import Purpose
from carnet.record.document import Code
from carnet.record.identity import Identifier, Ins, Name, Traits
from carnet.record.lifecycle import RecordState


class Place(msgspec.Struct, frozen=True):
    """Number, street, postal code and city."""

    number: str
    street: str
    postal_code: str
    city: str


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """An invented structure: Struct_IdNat, sector (J02), practice setting (J04)."""

    key: str
    identifier: Identifier
    name: str
    sector: Code
    setting: Code
    place: Place
    phone: str


class Professional(msgspec.Struct, frozen=True, kw_only=True):
    """An invented professional: PS_IdNat, profession (J01), where they work.

    ``title`` is what stands under their name on paper; ``style`` the style of their letters
    (``carnet.formats.pdf``), empty for that of the kind of document.
    """

    key: str
    identifier: Identifier
    name: Name
    profession: Code
    structure: Structure
    title: str
    style: str = ""

    @property
    def keeps_office_hours(self) -> bool:
        """Whether they are a doctor in a practice, shut at weekends as hospitals are not."""
        is_doctor = self.profession.code.startswith("G15_10")
        return is_doctor and self.structure.setting.code == "AMBULATOIRE"


class Directory(Protocol):
    """Who works where, by key."""

    def professional(self, key: str) -> Professional | None:
        """The professional of that key."""

    def structure(self, key: str) -> Structure | None:
        """The structure of that key."""

    def person(self, key: str) -> Person | None:
        """Another invented citizen: a parent, a delegate."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An invented citizen.

    ``ins`` is what their record is opened under; ``later_ins`` the NIR that a waiting number
    became, from ``later_from`` on. ``record`` is the state their record is to have today;
    ``opened_by`` the key of who opened it (empty: the citizen). ``doctor`` is the key of the
    médecin traitant, ``guardians`` those of the parents, people of the population.
    ``headline`` and ``what_to_try`` are for the demo's door, in French.
    """

    key: str
    ins: Ins
    traits: Traits
    birth_city: str
    place: Place
    born: date
    record: RecordState
    opened: datetime | None = None
    opened_by: str = ""
    died: date | None = None
    phone: str | None = None
    doctor: str | None = None
    guardians: tuple[str, ...] = ()
    break_glass_opposed: bool = False
    later_ins: Ins | None = None
    later_from: datetime | None = None
    headline: str = ""
    what_to_try: tuple[str, ...] = ()

    @property
    def name(self) -> Name:
        """The used name as a letter writes it: ``Mme Camille BERTHIER``."""
        traits = self.traits
        return Name(
            family=traits.used_family or traits.birth_family,
            given=(traits.used_given or traits.first_given).title(),
            prefix="MME" if traits.sex == "F" else "M",
        )


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A disease, a condition or an antecedent. ``code`` CIM-10 where one was looked up.

    ``label`` is what clinicians write; ``family_of`` names the relative where it is not their own
    ("mère"). ``end`` None: it lasts.
    """

    key: str
    label: str
    onset: date
    code: Code | None = None
    end: date | None = None
    family_of: str | None = None


class Allergy(msgspec.Struct, frozen=True, kw_only=True):
    """An allergy or intolerance: agent, reaction, classes of drugs never to be given."""

    key: str
    label: str
    since: date
    reaction: str = ""
    avoid: frozenset[str] = frozenset()
    intolerance: bool = False


class Treatment(msgspec.Struct, frozen=True, kw_only=True):
    """A medicine taken from ``start`` to ``end`` (None: still), at one dose.

    ``drug`` is a key of the nomenclature; a change of dose is another treatment. ``problem`` is the
    key of the problem it treats; ``chronic`` ones stand in every renewal.
    """

    key: str
    drug: str
    dose: str
    start: date
    end: date | None = None
    problem: str | None = None
    chronic: bool = True

    def is_taken(self, day: date) -> bool:
        """Whether it is taken on that day."""
        return self.start <= day and (self.end is None or day < self.end)


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs together: a stay, a pregnancy, a chronic disease, an act and what follows."""

    key: str
    title: str
    kind: str  # chronic, stay, pregnancy, act, acute, childhood, prevention, social
    start: date
    end: date | None = None


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What the prose of a document says, by keys of the life: its narrative-only facts."""

    problems: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a life.

    ``kind`` is a key of ``data/kinds.toml``; ``author`` the key of a professional, of the citizen
    for a document of their own, or ``insurance``. ``at`` is when the act was (blood drawn, patient
    seen, stay ended), ``stay`` the days of the stay that ended then. ``sender`` feeds in place of
    the author (the same content sent twice: ``copy_of`` names the first). ``visibility`` are codes
    of TRE_A07 set at the deposit; ``hidden`` when the citizen hid it, ``announced`` when the author
    took INVISIBLE_PATIENT away. ``as_pdf`` writes level 1 where the kind has a structured form.
    """

    key: str
    kind: str
    author: str
    at: datetime
    title: str
    content: Content
    episode: str | None = None
    style: str = ""
    to: str | None = None
    ordered_by: str | None = None
    stay: int = 0
    replaces: str | None = None
    copy_of: str | None = None
    sender: str | None = None
    visibility: tuple[str, ...] = ()
    hidden: datetime | None = None
    announced: datetime | None = None
    as_pdf: bool = False
    states: Statement = Statement()


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """A tie with a professional, a structure or a person: whom, since when, until when.

    ``ended`` is when the citizen ended it before ``until``. ``by`` is the key of who made it
    (empty: the citizen; civil ties are noted by the operator).
    """

    kind: RelationKind
    actor: str
    since: datetime
    until: datetime | None = None
    ended: datetime | None = None
    scope: str | None = None
    by: str = ""


class Does(StrEnum):
    """What somebody does with a record besides feeding it and making ties."""

    FIND = "find"  # looks at the list
    READ = "read"  # opens one document
    HISTORY = "history"  # reads who did what
    HIDE = "hide"
    SHOW = "show"
    OPPOSE_BREAK_GLASS = "oppose-break-glass"


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody did something: who (key; the citizen's own for themselves), when, with what.

    ``refused`` says that the rules are to refuse it: it is tried all the same, and traced.
    """

    who: str
    does: Does
    at: datetime
    document: str | None = None
    purpose: Purpose = Purpose.NORMAL
    reason: str | None = None
    refused: bool = False


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """A person and all that is known of their health and of their record."""

    person: Person
    problems: tuple[Problem, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    episodes: tuple[Episode, ...] = ()
    documents: tuple[Document, ...] = ()
    ties: tuple[Tie, ...] = ()
    acts: tuple[Act, ...] = ()

    def document(self, key: str) -> Document | None:
        """The document of that key."""
        return next((one for one in self.documents if one.key == key), None)

    def treatment(self, key: str) -> Treatment | None:
        """The treatment of that key."""
        return next((one for one in self.treatments if one.key == key), None)

    def taken(self, day: date) -> Iterable[Treatment]:
        """The treatments taken on that day, in the order of the life."""
        return (one for one in self.treatments if one.is_taken(day))


__all__ = [
    "Act",
    "Allergy",
    "Content",
    "Directory",
    "Discharge",
    "Dispensation",
    "Document",
    "Does",
    "Episode",
    "Germ",
    "Imaging",
    "Laboratory",
    "Letter",
    "Life",
    "Line",
    "Person",
    "Photo",
    "Place",
    "Prescription",
    "Problem",
    "Professional",
    "Reimbursed",
    "Reimbursements",
    "Statement",
    "Structure",
    "Susceptibility",
    "Synthesis",
    "Table",
    "Tie",
    "Treatment",
    "Vaccination",
    "VaccinationHistory",
    "Value",
]
