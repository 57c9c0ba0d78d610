"""The columns of years and months, and the rows of a month's documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from carnet.portal.charts.dated import Dated
from carnet.portal.charts.lanes import shortened
from carnet.portal.charts.model import Document
from carnet.portal.charts.scale import Tick, anchor_at
from carnet.portal.charts.speech import Speech
from carnet.portal.charts.zoom import Zoom

FIGURE = 20.0  # height of a figure above its column
TALLEST = 72.0  # the column of most documents
COLUMNS = FIGURE + TALLEST
LABELS = 26.0  # height of the labels under them
ROW = 30.0  # height of a document's row: a finger's
MOST_ROWS = 40
SHORT, LONG = 20, 70  # letters of a title that have room at 288 and at 800 points


class Column(msgspec.Struct, frozen=True):
    """A year, some years, or a month: x and width in per cent, y and height in points.

    ``period`` names it whole ("mars 2026"), ``label`` and ``short`` stand under it. It leads
    nowhere where there is nothing.
    """

    x: float
    width: float
    y: float
    height: float
    period: str
    label: str
    short: str
    count: str
    name: str
    href: str

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.x + self.width / 2, 2)


class Row(msgspec.Struct, frozen=True):
    """A document of a month: its dot, and its title on the side that has room for it.

    ``title`` and ``short`` are as much of the ``whole`` one as a wide and a narrow picture hold.
    """

    x: float
    y: float
    whole: str
    title: str
    short: str
    name: str
    href: str

    @property
    def leftwards(self) -> bool:
        """Whether the title stands before the dot."""
        return self.x > 50


def columns_of(
    speech: Speech, shown: Zoom, inside: Sequence[Dated[Document]], link: Callable[[str], str]
) -> tuple[Column, ...]:
    """Count documents by the parts of a stretch."""
    parts = shown.parts()
    if not parts:
        return ()
    if shown.level == "months":
        counted = Counter(one.moment.month - 1 for one in inside)
    else:
        place = {
            year: i for i, part in enumerate(parts) for year in range(part.first, part.last + 1)
        }
        counted = Counter(place[one.moment.year] for one in inside)
    most = max(counted.values(), default=0)
    width = 100 / len(parts)
    columns = []
    for index, part in enumerate(parts):
        count = counted[index]
        height = round(max(count / most * TALLEST, 3.0), 1) if count else 0.0
        period, label, short = _labels(speech, part, index, len(parts))
        columns.append(
            Column(
                round(index * width, 2),
                round(width, 2),
                COLUMNS - height,
                height,
                period,
                label,
                short,
                speech.count(count) if count else "",
                f"{period} : {documents_words(speech, count)}",
                link(str(part)) if count else "",
            )
        )
    return tuple(columns)


def _labels(speech: Speech, part: Zoom, index: int, total: int) -> tuple[str, str, str]:
    """Its whole name, what stands under it, and what stands there at 360 px."""
    if part.month:
        day = date(part.first, part.month, 1)
        name = speech.short(day, "LLL")
        return speech.month(day), name, speech.short(day, "LLLLL")
    first = str(part.first)
    alternate = first if total <= 6 or index % 2 == 0 else ""
    if part.first == part.last:
        return first, first, alternate
    same_century = part.first // 100 == part.last // 100
    last = f"{part.last % 100:02}" if same_century else str(part.last)
    return f"{first} – {part.last}", f"{first}–{last}", alternate


def documents_words(speech: Speech, count: int) -> str:
    """How many documents, in words."""
    if not count:
        return speech.gettext("aucun document")
    words = speech.ngettext("%(count)s document", "%(count)s documents", count)
    return words % {"count": speech.count(count)}


def rows_of(speech: Speech, shown: Zoom, inside: Sequence[Dated[Document]]) -> tuple[Row, ...]:
    """The documents of a month, oldest first; those too many for a picture are in the table."""
    if not shown.month:
        return ()
    length = shown.end - shown.begin
    rows = []
    for index, one in enumerate(inside[:MOST_ROWS]):
        moment, document = one.moment, one.of
        kind = f", {document.kind}" if document.kind else ""
        rows.append(
            Row(
                round(min((moment.middle - shown.begin + 0.5) / length * 96 + 2, 98.0), 1),
                LABELS + index * ROW + ROW / 2,
                document.title,
                shortened(document.title, LONG),
                shortened(document.title, SHORT),
                f"{document.title}{kind}, {speech.day(moment)}",
                document.href,
            )
        )
    return tuple(rows)


def days_of(shown: Zoom) -> tuple[Tick, ...]:
    """The days that are written above the rows of a month."""
    if not shown.month:
        return ()
    length = shown.end - shown.begin
    places = ((day, round((day - 0.5) / length * 96 + 2, 1)) for day in (1, 8, 15, 22, 29))
    return tuple(Tick(x, str(day), anchor_at(x)) for day, x in places if day <= length)
