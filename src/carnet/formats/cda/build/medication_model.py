"""What medicines have in common wherever they are named: product, dose, rhythm, treatment.

Prescription, dispensation, synthesis and letter share these. Times are CDA timestamps.
"""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build.values import Coded, Quantity
from carnet.record.document import Code


class Product(msgspec.Struct, frozen=True):
    """A medicine: name as people know it, codes where they are known.

    ``cis`` is a code of the CIS, None where none is known or the product is a preparation: then a
    null flavour is written and the name is the original text. ``atc`` and ``cip`` are written as
    translations. ``lot`` is the number on the box.
    """

    name: str
    cis: Code | None = None
    atc: Code | None = None
    cip: Code | None = None
    lot: str | None = None


class Dose(msgspec.Struct, frozen=True):
    """How much at a time, or in a time: from ``low`` to ``high`` (``low`` where that is absent)."""

    low: Quantity
    high: Quantity | None = None

    @property
    def bounds(self) -> tuple[Quantity, Quantity]:
        """Both bounds."""
        return self.low, self.low if self.high is None else self.high


_HOURS = {"d": 24, "wk": 168}


class Schedule(msgspec.Struct, frozen=True):
    """How often: ``times`` doses, evenly spread, in every ``per`` (three a day: 3 in 1 ``d``)."""

    times: int = 1
    per: Quantity = Quantity("1", "d")

    @property
    def period(self) -> Quantity:
        """The time from one dose to the next: 3 in 1 d is 8 h, 1 in 1 wk stays 1 wk."""
        if self.times == 1:
            return self.per
        hours = _HOURS.get(self.per.unit)
        span = float(self.per.value) * (1 if hours is None else hours) / self.times
        return Quantity(f"{span:.6g}", self.per.unit if hours is None else "h")


class Medication(msgspec.Struct, frozen=True):
    """A treatment: product, its words for people, time span, dose and rhythm.

    ``posology`` is the sentence that people read ("1 comprimé matin et soir"); dose, rate (UCUM
    per time, ``mg/d``) and schedule are stated only where they are known as values. ``start`` and
    ``end`` bound the treatment; an absent bound is written as unknown. ``reason`` is the problem
    treated, ``instruction`` what the patient is told. ``route`` is a code of EDQM.
    """

    product: Product
    posology: str
    start: str | None = None
    end: str | None = None
    dose: Dose | None = None
    rate: Dose | None = None
    schedule: Schedule | None = None
    route: Code | None = None
    reason: Coded | None = None
    instruction: str | None = None
