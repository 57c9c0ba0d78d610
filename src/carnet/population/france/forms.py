"""The data of the generated France in types: courses of disease, roles, voices, frequencies.

Spans are words such as ``3m``, ``-2y+10d`` (units y, m, w, d), counted from the start of a course.
"""

from __future__ import annotations

import msgspec

from carnet.record.identity import Sex


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all forms: a misspelt field is an error."""


class RoleForm(Form, frozen=True, kw_only=True):
    """A profession at work: how many of them a commune has, and in which house.

    ``speaks`` is the family of voices in which they write.
    """

    house: str
    profession: str
    title: str
    count: int = 1
    together: int = 1  # how many share a house
    women: float = 0.5
    speaks: str = "specialist"


class HouseForm(Form, frozen=True, kw_only=True):
    """A kind of structure: names with ``{name}``, sector (J02), setting (J04)."""

    names: tuple[str, ...]
    sector: str
    setting: str
    local: bool = False  # found in every commune; the others in the seat of the department


class RolesForm(Form, frozen=True, kw_only=True):
    """Everybody who can treat."""

    role: dict[str, RoleForm]
    house: dict[str, HouseForm]
    called: tuple[str, ...]
    streets: tuple[str, ...]


class VoiceForm(Form, frozen=True, kw_only=True):
    """How somebody writes: what they say in which order, how it looks, what they greet with.

    ``take`` says how many sentences of each section; ``heads`` names sections where the layout
    shows them. ``short`` uses abbreviations, ``slips`` is how often a letter has a typing error.
    """

    speaks: tuple[str, ...]
    layout: str  # prose, headings, items, form
    order: tuple[str, ...]
    take: dict[str, int] = {}
    heads: dict[str, str] = {}
    greet: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    short: bool = False
    slips: float = 0.0
    substances: bool = False  # names substances rather than brands
    style: str = ""


class VoicesForm(Form, frozen=True, kw_only=True):
    """All voices, the abbreviations, and what anybody may say of anything."""

    voice: dict[str, VoiceForm]
    short: dict[str, str]
    common: dict[str, dict[str, tuple[str, ...]]]


class ProblemForm(Form, frozen=True, kw_only=True):
    """A problem that comes with a course."""

    is_: str = msgspec.field(name="is")
    at: str = "0d"
    end: str | None = None
    chance: float = 1.0


class TreatForm(Form, frozen=True, kw_only=True):
    """A medicine of a course: the first of ``any_`` (in a drawn order) that may be given.

    ``days``: a course of so many days, prescribed once; 0: chronic, from ``start`` to ``end``.
    """

    key: str
    any_: tuple[str, ...] = msgspec.field(name="any")
    start: str = "0d"
    end: str | None = None
    days: int = 0
    chance: float = 1.0
    by: str = "gp"
    dose: str | None = None
    instead_of: str | None = None  # only where that treatment of the course was given
    in_hospital: bool = False  # begun there: no ordonnance of its own


class EffectForm(Form, frozen=True, kw_only=True):
    """What a course does to a body: an analysis or a sign moves by ``add`` or by ``times``.

    It sets in with the time constant ``tau`` (days) and wanes likewise after ``end``. ``say``
    replaces the words of an analysis that answers in words.
    """

    of: str
    add: float = 0.0
    times: float = 1.0
    spread: float = 0.2
    start: str = "0d"
    end: str | None = None
    tau: int = 30
    say: str | None = None


class StepForm(Form, frozen=True, kw_only=True):
    """A document of a course. ``rank`` 1 stays in a small record, 4 goes first.

    ``topic`` names the prose. ``every`` repeats until the end of the course (or ``times``).
    """

    key: str
    at: str = "0d"
    every: str | None = None
    times: int = 0
    kind: str
    by: str = "gp"
    topic: str = ""
    title: str = ""
    to: str = "gp"
    ordered_by: str | None = None
    chance: float = 1.0
    rank: int = 2
    panel: tuple[str, ...] = ()
    exam: str = ""
    stay: int = 0
    germ: bool = False
    devices: tuple[str, ...] = ()
    admits: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    secret: bool = False  # a minor's own affair
    announce: str = ""  # hidden from the patient until then
    sex: Sex | None = None
    scan: float = 0.04


class CourseForm(Form, frozen=True, kw_only=True):
    """A disease or an event over time: what is so, what is given, what is written."""

    title: str
    kind: str
    weight: float  # documents that it brings in eight years, about
    problem: tuple[ProblemForm, ...] = ()
    treat: tuple[TreatForm, ...] = ()
    effect: tuple[EffectForm, ...] = ()
    step: tuple[StepForm, ...] = ()
    lasts: str | None = None
    monitor: tuple[str, ...] = ()
    monitor_every: str = "6m"
    sex: Sex | None = None
    onset: tuple[int, int] = (0, 10)  # years before today, where it is chronic
    from_age: int = 0
    minor: bool = False  # may fill a record: it happens to anybody, any time
    excludes: tuple[str, ...] = ()
    prose: dict[str, dict[str, tuple[str, ...]]] = {}


class FrequencyForm(Form, frozen=True, kw_only=True):
    """Per thousand by age band: who has it (chronic), or to whom it happens in a year."""

    men: tuple[float, ...] = ()
    women: tuple[float, ...] = ()
    yearly: bool = False


class FrequenciesForm(Form, frozen=True, kw_only=True):
    """How often: courses, households, ages, what happens to documents and records."""

    ages: tuple[int, ...]
    course: dict[str, FrequencyForm]
    household: dict[str, float]
    adult_ages: dict[str, tuple[int, int]]
    record: dict[str, float]
    document: dict[str, float]
    origin: dict[str, float]
    allergy: dict[str, float]
