"""A laboratory report in values: chapters, batteries, results with their ranges, isolates."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.formats.cda.build.values import Coded, Comparator, Quantity, StructuredBody
from carnet.record.document import Code


class Interpretation(StrEnum):
    """How a value stands to its range, or a germ to an antibiotic (2.16.840.1.113883.5.83)."""

    NORMAL = "N"
    HIGH = "H"
    LOW = "L"
    ABNORMAL = "A"
    SUSCEPTIBLE = "S"
    INTERMEDIATE = "I"
    RESISTANT = "R"

    @property
    def label(self) -> str:
        """The words for people."""
        return _LABELS[self]


_LABELS = {
    Interpretation.NORMAL: "Normal",
    Interpretation.HIGH: "Anormalement haut",
    Interpretation.LOW: "Anormalement bas",
    Interpretation.ABNORMAL: "Anormal",
    Interpretation.SUSCEPTIBLE: "Sensible",
    Interpretation.INTERMEDIATE: "Intermédiaire",
    Interpretation.RESISTANT: "Résistant",
}


class PastValue(msgspec.Struct, frozen=True):
    """An earlier value of the same result, in the same unit, and when it was measured."""

    value: str
    time: str


class Result(msgspec.Struct, frozen=True):
    """One measured quantity. Values are decimal strings with a point; ``unit`` is UCUM.

    ``code`` is a LOINC code, None where the laboratory has none; ``local`` its own code, written
    as a translation. ``shown_unit`` is the unit as people read it (default: the UCUM unit).
    ``low`` and ``high`` bound the reference range; either may be absent. With a ``comparator``
    only a bound of the value is known ("< 5").
    """

    label: str
    value: str
    unit: str
    code: Code | None = None
    local: Code | None = None
    low: str | None = None
    high: str | None = None
    shown_unit: str | None = None
    past: PastValue | None = None
    method: str | None = None
    comparator: Comparator | None = None

    @property
    def quantity(self) -> Quantity:
        """The value with its unit and comparator."""
        return Quantity(self.value, self.unit, self.comparator)

    @property
    def interpretation(self) -> Interpretation | None:
        """Where the value stands; None without range, or where the bound leaves it open."""
        if self.low is None and self.high is None:
            return None
        low, high = self._reach
        if self.low is not None and high is not None and high < float(self.low):
            return Interpretation.LOW
        if self.high is not None and low is not None and low > float(self.high):
            return Interpretation.HIGH
        above = self.low is None or (low is not None and low >= float(self.low))
        below = self.high is None or (high is not None and high <= float(self.high))
        return Interpretation.NORMAL if above and below else None

    @property
    def _reach(self) -> tuple[float | None, float | None]:
        """The least and the greatest that the value may be, None where there is no bound.

        A bound that the value does not reach lies a hair inside, so that "< 5" is below 5.
        """
        value = float(self.value)
        hair = abs(value) * 1e-12 + 1e-300
        match self.comparator:
            case Comparator.BELOW:
                return None, value - hair
            case Comparator.AT_MOST:
                return None, value
            case Comparator.ABOVE:
                return value + hair, None
            case Comparator.AT_LEAST:
                return value, None
        return value, value

    @property
    def unit_label(self) -> str:
        """The unit as people read it."""
        return self.unit if self.shown_unit is None else self.shown_unit


class Qualitative(msgspec.Struct, frozen=True):
    """A result that is no quantity: coded (positive, a blood group) or words alone.

    A ``Coded`` value is written as CD, a string as ST. ``interpretation`` is what the laboratory
    says, if anything.
    """

    label: str
    value: Coded | str
    code: Code | None = None
    local: Code | None = None
    interpretation: Interpretation | None = None
    method: str | None = None

    @property
    def words(self) -> str:
        """The value as people read it."""
        return self.value if isinstance(self.value, str) else self.value.words


class Aborted(msgspec.Struct, frozen=True):
    """An examination that gave no result, and why ("échantillon coagulé")."""

    label: str
    reason: str
    code: Code | None = None
    local: Code | None = None
    method: str | None = None


Measure = Result | Qualitative | Aborted


class Battery(msgspec.Struct, frozen=True):
    """Results measured together (a blood count); ``code`` as for a result."""

    label: str
    results: tuple[Measure, ...]
    code: Code | None = None


class Susceptibility(msgspec.Struct, frozen=True):
    """How a germ stands to an antibiotic; ``mic`` is the least inhibiting concentration."""

    agent: str
    stands: Interpretation
    code: Code | None = None
    local: Code | None = None
    mic: Quantity | None = None


class Isolate(msgspec.Struct, frozen=True):
    """A germ that was found: its name (SNOMED CT), what was measured of it, its antibiogram."""

    organism: Coded
    results: tuple[Measure, ...] = ()
    antibiogram: tuple[Susceptibility, ...] = ()


Item = Battery | Isolate | Result | Qualitative | Aborted


class SubChapter(msgspec.Struct, frozen=True):
    """A part of a chapter with a code and a title of its own, and what was measured."""

    code: Code
    items: tuple[Item, ...]
    comment: str | None = None
    title: str | None = None


class Chapter(msgspec.Struct, frozen=True):
    """One speciality of the report: LOINC code of the chapter, and what was measured.

    A chapter holds either ``items`` or ``parts``, never both. ``title`` defaults to the display
    of the code.
    """

    code: Code
    items: tuple[Item, ...] = ()
    comment: str | None = None
    title: str | None = None
    parts: tuple[SubChapter, ...] = ()

    @property
    def results(self) -> tuple[Result, ...]:
        """All measured quantities in order, those of parts, batteries and isolates included."""
        found: list[Measure] = []
        for item in (*self.items, *(item for part in self.parts for item in part.items)):
            found.extend(item.results if isinstance(item, (Battery, Isolate)) else (item,))
        return tuple(measure for measure in found if isinstance(measure, Result))


class LaboratoryBody(StructuredBody, frozen=True):
    """The structured body: chapters, the time of sampling, the report as a PDF, a comment."""

    chapters: tuple[Chapter, ...]
    sampled: str
    pdf: bytes
    comment: tuple[str, ...] = ()
