"""The forms of the script files: what may stand in a life, in the words of whoever writes it.

Dates are words (``carnet.population.scripts.moments``). A misspelt field is an error.
``docs/lives.md`` explains each form to a doctor.
"""

from __future__ import annotations

import msgspec

from carnet.population.model import Does
from carnet.record.access.model import RelationKind
from carnet.record.caller import Purpose
from carnet.record.identity import Sex
from carnet.record.lifecycle import RecordState


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all forms."""


class PersonForm(_Form, frozen=True):
    """Who it is. ``born`` fixed or relative; without ``matricule`` it is computed with ``order``.

    ``nia`` are the 13 digits of a waiting number under which the record was opened, ``nir_since``
    when it became the NIR.
    """

    family: str
    given: str
    given_names: str
    sex: Sex
    born: str
    birth_place: str
    birth_city: str
    street: tuple[str, str, str, str]
    record: RecordState
    headline: str
    what_to_try: tuple[str, ...]
    matricule: str | None = None
    order: int = 1
    nia: str | None = None
    nir_since: str | None = None
    used_family: str | None = None
    used_given: str | None = None
    phone: str | None = None
    doctor: str | None = None
    guardians: tuple[str, ...] = ()
    opened: str | None = None
    opened_by: str | None = None
    died: str | None = None
    break_glass_opposed: bool = False


class ProblemForm(_Form, frozen=True):
    """A problem: ``is`` a key of the nomenclature, or a ``label`` without code."""

    key: str
    onset: str
    is_: str | None = msgspec.field(default=None, name="is")
    label: str | None = None
    end: str | None = None
    family_of: str | None = None


class AllergyForm(_Form, frozen=True):
    """An allergy: ``to`` a key of the nomenclature, or a ``label``."""

    key: str
    since: str
    to: str | None = None
    label: str | None = None
    reaction: str = ""
    intolerance: bool = False


class TreatmentForm(_Form, frozen=True):
    """A medicine at a dose, from when to when."""

    key: str
    drug: str
    dose: str
    start: str
    end: str | None = None
    problem: str | None = msgspec.field(default=None, name="for")
    chronic: bool = True


class EpisodeForm(_Form, frozen=True):
    """What belongs together."""

    key: str
    title: str
    kind: str
    start: str
    end: str | None = None


class TableForm(_Form, frozen=True):
    """A table inside a letter."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class PhotoForm(_Form, frozen=True):
    """What a citizen photographed."""

    title: str
    lines: tuple[str, ...]
    handwritten: tuple[str, ...] = ()
    stamp: str | None = None


class LineForm(_Form, frozen=True):
    """A line of a prescription: a ``treatment`` of the life, or a ``drug``, or a ``device``."""

    treatment: str | None = None
    drug: str | None = None
    device: str | None = None
    dose: str | None = None
    days: int = 0
    renewals: int = 0
    problem: str | None = msgspec.field(default=None, name="for")
    long_illness: bool = False
    not_substitutable: str | None = None
    boxes: int = 1


class GermForm(_Form, frozen=True):
    """A germ: its name, its count, and antibiotics with S, I or R."""

    name: str
    count: str
    antibiogram: dict[str, str] = {}


class VaccineForm(_Form, frozen=True):
    """A dose given."""

    vaccine: str
    lot: str
    rank: int = 1
    booster: bool = False


class StatesForm(_Form, frozen=True):
    """What the prose says, by keys of the life."""

    problems: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()


class DocumentForm(_Form, frozen=True):
    """One document, or with ``every`` and ``times`` a series of them.

    What stands in it follows from ``kind``: ``text`` for letters; ``values`` for the laboratory
    (in a series: a list for each analysis, one value a document); ``lines`` or ``renews`` (all
    chronic treatments of that day) for prescriptions; ``of`` (key of the prescription, or of the
    series of them) for dispensations; ``given`` for a vaccination; ``reason``, ``course`` and the
    rest for a discharge letter; ``exam``, ``indication``, ``findings`` … for imaging; ``photo``.
    """

    key: str
    kind: str
    by: str
    at: str
    episode: str | None = None
    title: str | None = None
    to: str | None = None
    ordered_by: str | None = None
    stay: int = 0
    style: str = ""
    scan: bool = False
    as_pdf: bool = False
    any_day: bool = False  # also at the weekend
    every: str | None = None
    times: int = 1

    greeting: str | None = None
    closing: str | None = None
    signature: str | None = None
    text: tuple[str | TableForm, ...] = ()
    photo: PhotoForm | None = None
    values: dict[str, str | tuple[str, ...]] = {}
    germs: tuple[GermForm, ...] = ()
    specimen: str | None = None
    lines: tuple[LineForm, ...] = ()
    renews: bool = False
    days: int = 90
    of: str | None = None
    given: VaccineForm | None = None
    reason: str | None = None
    course: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()
    on_admission: tuple[str, ...] = ()
    on_leaving: tuple[str, ...] = ()
    exam: str | None = None
    indication: tuple[str, ...] = ()
    technique: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    conclusion: tuple[str, ...] = ()
    comparison: str | None = None
    risks: tuple[str, ...] = ()
    comment: str | None = None
    since: str | None = None  # of a reimbursement list: what it covers begins then

    states: StatesForm = StatesForm()
    replaces: str | None = None
    copy_of: str | None = None
    sender: str | None = None
    visibility: tuple[str, ...] = ()
    hidden: str | None = None
    announced: str | None = None


class TieForm(_Form, frozen=True):
    """A tie: with whom, since and until when; ``ended`` by the citizen before that."""

    kind: RelationKind
    actor: str
    since: str
    until: str | None = None
    ended: str | None = None
    scope: str | None = None
    by: str = ""


class ActForm(_Form, frozen=True):
    """Somebody looks, reads, hides …; with ``every`` and ``times`` again and again."""

    who: str
    does: Does
    at: str
    document: str | None = None
    every: str | None = None
    times: int = 1
    purpose: Purpose = Purpose.NORMAL
    reason: str | None = None
    refused: bool = False


class PersonOnlyForm(_Form, frozen=True):
    """The beginning of a file of ``population/lives``."""

    person: PersonForm


class LifeForm(PersonOnlyForm, frozen=True):
    """A whole file of ``population/lives``."""

    problem: tuple[ProblemForm, ...] = ()
    allergy: tuple[AllergyForm, ...] = ()
    treatment: tuple[TreatmentForm, ...] = ()
    episode: tuple[EpisodeForm, ...] = ()
    document: tuple[DocumentForm, ...] = ()
    tie: tuple[TieForm, ...] = ()
    act: tuple[ActForm, ...] = ()


class StructureForm(_Form, frozen=True):
    """One structure of ``data/professionals``."""

    key: str
    identifier: str
    name: str
    sector: str
    setting: str
    street: tuple[str, str, str, str]
    phone: str


class ProfessionalForm(_Form, frozen=True):
    """One professional of ``data/professionals``."""

    key: str
    identifier: str
    family: str
    given: str
    civility: str
    profession: str
    structure: str
    title: str
    style: str = ""


class ProfessionalsForm(_Form, frozen=True):
    """A file of ``data/professionals``."""

    structure: tuple[StructureForm, ...] = ()
    professional: tuple[ProfessionalForm, ...] = ()


class KindForm(_Form, frozen=True):
    """A kind of document: type of J07, mode of the encounter, title and content by default.

    ``content`` is the tag of the model's content; ``structured`` the body that the builder writes
    at level 3 (none: level 1).
    """

    code: str
    content: str = "letter"
    mode: str | None = None
    title: str | None = None
    style: str = ""
    weekend: bool = False
