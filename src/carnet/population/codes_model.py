"""The entries of ``data/codes``: what each file says of a medicine, an analysis, a commune.

``codes`` reads them. Codes are facts with a named source; an entry without a code is written in
words only. Keys never change: documents made from them must stay the same.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.record.identity import Sex

Pair = tuple[str, str]
"""A code and its name, as the source gives them."""

Bounds = tuple[str, str]
"""Low and high as printed, "" for no bound."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all entries: a misspelt field is an error."""


class Source(Entry, frozen=True):
    """Where codes were read: a title, and a public address or package and path."""

    title: str
    where: str


class Kind(StrEnum):
    """How a problem runs: it goes on, it ends, or it is over and remembered."""

    CHRONIC = "chronic"
    ACUTE = "acute"
    HISTORY = "history"


class ChildBounds(Entry, frozen=True):
    """Bounds from one age to another, in months, the end excluded."""

    from_: int = msgspec.field(name="from")
    to: int
    range: Bounds


class Analysis(Entry, frozen=True):
    """What a laboratory measures: a number with ``unit`` and ``limits``, or words (``answers``)."""

    key: str
    label: str
    short: str
    chapter: str
    loinc: Pair | None = None
    source: str | None = None
    unit: str | None = None
    shown: str | None = None
    range: Bounds = ("", "")
    range_f: Bounds | None = None
    range_m: Bounds | None = None
    children: tuple[ChildBounds, ...] = ()
    limits: Bounds = ("", "")
    variation: float = 0.0
    digits: int = 0
    method: str | None = None
    answers: tuple[str, ...] = ()
    normal: str | None = None

    def bounds(self, sex: Sex, months: int) -> Bounds:
        """The reference range for a person of that sex and age in months."""
        for child in self.children:
            if child.from_ <= months < child.to:
                return child.range
        return (self.range_f if sex is Sex.FEMALE else self.range_m) or self.range


class Battery(Entry, frozen=True):
    """Analyses reported together, in the order of the report."""

    key: str
    label: str
    short: str
    chapter: str
    analyses: tuple[str, ...]
    loinc: Pair | None = None
    source: str | None = None


class Chapter(Entry, frozen=True):
    """A chapter of a laboratory report."""

    key: str
    loinc: Pair
    source: str


class Drug(Entry, frozen=True):
    """A medicine as on its box. ``sources`` names the source of each code by its field."""

    key: str
    name: str
    substance: str
    form: str
    route: str
    class_: str = msgspec.field(name="class")
    use: str
    doses: tuple[str, ...]
    atc: str | None = None
    cis: str | None = None
    cip: str | None = None
    pregnancy_contraindicated: bool = False
    sources: dict[str, str] = {}


class Vaccine(Entry, frozen=True):
    """A vaccine; ``calendar`` holds the lines of the vaccination calendar it can meet."""

    key: str
    name: str
    valences: tuple[str, ...]
    calendar: tuple[str, ...]
    atc: str | None = None
    cis: str | None = None
    sources: dict[str, str] = {}


class Problem(Entry, frozen=True):
    """A diagnosis or antecedent in the clinician's words and in the patient's."""

    key: str
    label: str
    patient: str
    kind: Kind
    sex: Sex | None = None
    cim10: Pair | None = None
    source: str | None = None


class Act(Entry, frozen=True):
    """Imaging, an exploration or a procedure."""

    key: str
    label: str
    kind: str
    ccam: Pair | None = None
    loinc: Pair | None = None
    modality: str | None = None
    region: str | None = None
    sources: dict[str, str] = {}


class Allergy(Entry, frozen=True):
    """An agent; ``classes`` are the drug classes not to be given, ``reactions`` words for it."""

    key: str
    label: str
    kind: str
    classes: tuple[str, ...]
    reactions: tuple[str, ...]
    cim10: Pair | None = None
    source: str | None = None


class AllergyKind(Entry, frozen=True):
    """What sort of allergy: medicine, food, environment, other."""

    key: str
    snomed: Pair
    source: str


class Device(Entry, frozen=True):
    """A medical device, implanted or at home."""

    key: str
    label: str
    kind: str
    emdn: Pair | None = None
    source: str | None = None


class Country(Entry, frozen=True):
    """A country of birth; its key is the INSEE code (99xxx)."""

    key: str
    name: str
    official: str
    source: str


class Commune(msgspec.Struct, frozen=True, array_like=True):
    """A commune, or a district of Paris, Lyon or Marseille. ``population`` serves as weight."""

    insee: str
    name: str
    postal_code: str
    population: int
    department: str


class Names(Entry, frozen=True):
    """First names by sex and decade of birth ("1920"), family names and first names by origin.

    ``stop`` holds pairs, "First Family", that are not to be drawn together.
    """

    male: dict[str, tuple[str, ...]]
    female: dict[str, tuple[str, ...]]
    family: dict[str, tuple[str, ...]]
    male_origin: dict[str, tuple[str, ...]]
    female_origin: dict[str, tuple[str, ...]]
    stop: dict[str, tuple[str, ...]]
