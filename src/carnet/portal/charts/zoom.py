"""How near the life line is looked at: several years, the months of one, the documents of a month.

At each step there are at most twelve columns, so that each is 24 px wide on a picture of 288 px
(WCAG 2.2, 2.5.8): a long life begins with groups of years.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

import msgspec

ZOOM = re.compile(r"(\d{4})(?:\.\.(\d{4})|-(0[1-9]|1[0-2]))?", re.ASCII)
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MOST_YEARS = 10


class Zoom(msgspec.Struct, frozen=True):
    """A stretch of years, or a month of one (``month`` from 1, else 0)."""

    first: int
    last: int
    month: int = 0

    def __str__(self) -> str:
        """As it stands in an address: ``2010..2019``, ``2026``, ``2026-11``."""
        if self.month:
            return f"{self.first:04}-{self.month:02}"
        return f"{self.first:04}" if self.first == self.last else f"{self.first:04}..{self.last:04}"

    @property
    def level(self) -> str:
        """What its columns or rows are: ``years``, ``months`` or ``documents``."""
        if self.month:
            return "documents"
        return "months" if self.first == self.last else "years"

    @property
    def begin(self) -> int:
        """Its first day, as a number of days since the year 1."""
        return date(self.first, self.month or 1, 1).toordinal()

    @property
    def end(self) -> int:
        """The day behind its last."""
        if self.month:
            return self.begin + calendar.monthrange(self.first, self.month)[1]
        return date(self.last, 12, 31).toordinal() + 1

    def parts(self) -> list[Zoom]:
        """Its columns, each what one sees on coming nearer; none where documents are shown."""
        if self.month:
            return []
        if self.first == self.last:
            return [Zoom(self.first, self.first, month) for month in range(1, 13)]
        span = self.last - self.first + 1
        step = next(step for step in STEPS if span <= step * MOST_YEARS)
        begin = self.first - self.first % step if span > MOST_YEARS else self.first
        return [
            Zoom(max(year, self.first), min(year + step - 1, self.last))
            for year in range(begin, self.last + 1, step)
        ]


def zoom_from(text: str) -> Zoom | None:
    """The stretch that an address names; nothing where it names none that exists."""
    found = ZOOM.fullmatch(text)
    if not found:
        return None
    first = int(found[1])
    last = int(found[2] or first)
    return Zoom(first, last, int(found[3] or 0)) if 1 <= first <= last else None


def whole(years: list[int], today: date) -> Zoom:
    """All years in which there is something, up to this one; this one where there is nothing."""
    return Zoom(min([*years, today.year]), max([*years, today.year]))
