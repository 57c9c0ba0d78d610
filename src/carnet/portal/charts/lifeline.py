"""The life line: a record as one line through time, from years down to documents.

Columns count the documents of a year or a month and lead nearer; bands below them are episodes of
care. Every link of the picture is in a table too, so that neither a mouse nor sight is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter

import msgspec

from carnet.portal.charts.dated import Dated, in_order
from carnet.portal.charts.lanes import LANE, Band, bands_of, overlapping
from carnet.portal.charts.life_shapes import (
    COLUMNS,
    LABELS,
    ROW,
    Column,
    Row,
    columns_of,
    days_of,
    documents_words,
    rows_of,
)
from carnet.portal.charts.life_tables import documents_table, episodes_table, periods_table
from carnet.portal.charts.model import Document, Episode
from carnet.portal.charts.scale import Tick
from carnet.portal.charts.speech import FRENCH, Speech
from carnet.portal.charts.table import Cell, Table
from carnet.portal.charts.zoom import Zoom, whole

SPACE = 8.0  # points between the documents and the episodes


class LifeLine(msgspec.Struct, frozen=True):
    """One step of the life line. ``path`` leads back outwards, the widest step first.

    ``floor`` is where the documents end and the episodes begin, ``axis`` where the line itself
    lies, in points from the top.
    """

    title: str
    described: str
    level: str
    path: tuple[Cell, ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    height: float
    floor: float
    axis: float
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    days: tuple[Tick, ...] = ()
    bands: tuple[Band, ...] = ()


def life_line(
    documents: Sequence[Document],
    episodes: Sequence[Episode],
    zoom: Zoom | None,
    today: date,
    link: Callable[[str], str],
    speech: Speech = FRENCH,
    rest_href: str = "",
) -> LifeLine:
    """Draw one step. ``link`` makes the address of a step from its text (empty: the widest).

    ``rest_href`` leads to the list of all documents.
    """
    dated, undated = in_order(documents, attrgetter("day"))
    everything = whole([one.moment.year for one in dated], today)
    shown = zoom or everything
    inside = [one for one in dated if shown.begin <= one.moment.at < shown.end]
    yearly = [] if shown.level == "years" else [one for one in inside if one.moment.precision == 4]
    if yearly:
        inside = [one for one in inside if one.moment.precision > 4]
    columns = columns_of(speech, shown, inside, link)
    rows = rows_of(speech, shown, inside)
    axis = COLUMNS if columns else LABELS
    floor = COLUMNS + LABELS if columns else LABELS + max(len(rows), 1) * ROW
    window = (shown.begin, shown.end)
    touching = overlapping(episodes, window, today)
    bands = bands_of(speech, touching, window, today, floor + SPACE)
    when = _when(speech, shown)
    return LifeLine(
        title=speech.gettext("Ligne de vie, %(when)s") % {"when": when},
        described=_described(speech, len(inside), len(touching)),
        level=shown.level,
        path=_path(speech, shown, everything, link),
        notes=_notes(
            speech,
            undated=len(undated),
            untold=len(touching) - len(bands),
            unshown=len(inside) - len(rows) if shown.month else 0,
        ),
        tables=_tables(speech, when, shown, columns, inside, yearly, touching, rest_href),
        height=floor + (SPACE + (max(b.lane for b in bands) + 1) * LANE if bands else 0.0),
        floor=floor,
        axis=axis,
        columns=columns,
        rows=rows,
        days=days_of(shown),
        bands=bands,
    )


def _tables(
    speech: Speech,
    when: str,
    shown: Zoom,
    columns: Sequence[Column],
    inside: Sequence[Dated[Document]],
    yearly: Sequence[Dated[Document]],
    touching: Sequence[tuple[float, float, Episode]],
    rest: str,
) -> tuple[Table, ...]:
    """The same in figures and words; documents of which only the year is known stand apart."""
    _ = speech.gettext
    tables = []
    if shown.month:
        caption = _("Documents, %(when)s") % {"when": when}
        tables.append(documents_table(speech, caption, inside, rest))
    else:
        tables.append(periods_table(speech, when, columns))
    if yearly:
        caption = _("Documents de %(year)s dont le mois n’est pas connu") % {"year": shown.first}
        tables.append(documents_table(speech, caption, yearly, rest))
    if touching:
        tables.append(episodes_table(speech, when, [episode for *_days, episode in touching]))
    return tuple(tables)


def _when(speech: Speech, shown: Zoom) -> str:
    if shown.month:
        return speech.month(date(shown.first, shown.month, 1))
    if shown.first == shown.last:
        return str(shown.first)
    return speech.gettext("de %(first)s à %(last)s") % {"first": shown.first, "last": shown.last}


def _described(speech: Speech, documents: int, episodes: int) -> str:
    counted = documents_words(speech, documents)
    sentence = f"{counted[0].upper()}{counted[1:]}"
    if not episodes:
        return f"{sentence}."
    words = speech.ngettext(
        "%(count)s épisode de soins", "%(count)s épisodes de soins", episodes
    ) % {"count": speech.count(episodes)}
    return f"{sentence}, {words}."


def _path(
    speech: Speech, shown: Zoom, everything: Zoom, link: Callable[[str], str]
) -> tuple[Cell, ...]:
    """From the whole to what is shown, which itself has no link; groups of years between."""
    steps = [everything]
    while steps[-1] != shown:
        nearer = next((part for part in steps[-1].parts() if _holds(part, shown)), None)
        if nearer is None:  # a stretch that an address names, but no column
            steps.append(shown)
        else:
            steps.append(nearer)
    cells = [
        Cell(
            speech.gettext("Toute la vie") if index == 0 else _when(speech, step),
            href=link("" if index == 0 else str(step)),
        )
        for index, step in enumerate(steps)
    ]
    return (*cells[:-1], Cell(cells[-1].text))


def _holds(part: Zoom, shown: Zoom) -> bool:
    return part.begin <= shown.begin and shown.end <= part.end


def _notes(speech: Speech, *, undated: int, untold: int, unshown: int) -> tuple[str, ...]:
    counted = (
        (
            undated,
            speech.ngettext(
                "%(count)s document sans date n’est pas sur la ligne.",
                "%(count)s documents sans date ne sont pas sur la ligne.",
                undated,
            ),
        ),
        (
            unshown,
            speech.ngettext(
                "%(count)s autre document est dans le tableau.",
                "%(count)s autres documents sont dans le tableau.",
                unshown,
            ),
        ),
        (
            untold,
            speech.ngettext(
                "%(count)s autre épisode est dans le tableau.",
                "%(count)s autres épisodes sont dans le tableau.",
                untold,
            ),
        ),
    )
    return tuple(words % {"count": speech.count(count)} for count, words in counted if count)
