"""A laboratory report in values: chapters, batteries, results with their ranges."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.record.document import Code


class Interpretation(StrEnum):
    """How a value stands to its range (2.16.840.1.113883.5.83)."""

    NORMAL = "N"
    HIGH = "H"
    LOW = "L"


class PastValue(msgspec.Struct, frozen=True):
    """An earlier value of the same result, in the same unit, and when it was measured."""

    value: str
    time: str


class Result(msgspec.Struct, frozen=True):
    """One measured quantity. Values are decimal strings with a point; ``unit`` is UCUM.

    ``code`` is a LOINC code, None where the laboratory has none; ``local`` its own code, written
    as a translation. ``shown_unit`` is the unit as people read it (default: the UCUM unit).
    ``low`` and ``high`` bound the reference range; either may be absent.
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

    @property
    def interpretation(self) -> Interpretation | None:
        """Where the value stands; None where there is no range at all."""
        if self.low is None and self.high is None:
            return None
        if self.low is not None and float(self.value) < float(self.low):
            return Interpretation.LOW
        if self.high is not None and float(self.value) > float(self.high):
            return Interpretation.HIGH
        return Interpretation.NORMAL

    @property
    def unit_label(self) -> str:
        """The unit as people read it."""
        return self.unit if self.shown_unit is None else self.shown_unit


class Battery(msgspec.Struct, frozen=True):
    """Results measured together (a blood count); ``code`` as for a result."""

    label: str
    results: tuple[Result, ...]
    code: Code | None = None


class Chapter(msgspec.Struct, frozen=True):
    """One speciality of the report: LOINC code of the chapter, and what was measured."""

    code: Code
    items: tuple[Battery | Result, ...]
    comment: str | None = None

    @property
    def results(self) -> tuple[Result, ...]:
        """All results in order, those of batteries included."""
        found: list[Result] = []
        for item in self.items:
            found.extend(item.results if isinstance(item, Battery) else (item,))
        return tuple(found)


class LaboratoryBody(msgspec.Struct, frozen=True):
    """The structured body: chapters, the time of sampling, and the report as a PDF."""

    chapters: tuple[Chapter, ...]
    sampled: str
    pdf: bytes
