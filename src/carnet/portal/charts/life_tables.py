"""The tables beside the life line: periods, documents and episodes, each with its links."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.portal.charts.dated import Dated
from carnet.portal.charts.lanes import episode_dates
from carnet.portal.charts.life_shapes import Column
from carnet.portal.charts.model import Document, Episode
from carnet.portal.charts.speech import Speech
from carnet.portal.charts.table import ROWS, Cell, Table, cut_note, day_cell, rest_cell


def periods_table(speech: Speech, when: str, columns: Sequence[Column]) -> Table:
    """How many documents each period has; each leads nearer."""
    _ = speech.gettext
    return Table(
        caption=_("Documents par période, %(when)s") % {"when": when},
        columns=(_("Période"), _("Documents")),
        rows=tuple(
            (Cell(column.period, href=column.href), Cell(column.count or "0")) for column in columns
        ),
        summary=_("Voir les périodes en tableau"),
        figures=(1,),
    )


def documents_table(
    speech: Speech, caption: str, inside: Sequence[Dated[Document]], rest: str
) -> Table:
    """Documents, oldest first as in the picture."""
    _ = speech.gettext
    return Table(
        caption=caption,
        columns=(_("Document"), _("Date"), _("Type")),
        rows=tuple(
            (
                Cell(document.title, href=document.href),
                day_cell(speech, document.day),
                Cell(document.kind),
            )
            for document in (one.of for one in inside[:ROWS])
        ),
        summary=_("Voir les documents en tableau"),
        note=cut_note(speech, len(inside)),
        rest=rest_cell(speech, len(inside), rest),
    )


def episodes_table(speech: Speech, when: str, episodes: Sequence[Episode]) -> Table:
    """Episodes of care with their begin and end."""
    _ = speech.gettext
    return Table(
        caption=_("Épisodes de soins, %(when)s") % {"when": when},
        columns=(_("Épisode"), _("Début"), _("Fin"), _("Documents")),
        rows=tuple(
            (
                Cell(episode.title, href=episode.href),
                *map(Cell, episode_dates(speech, episode)),
                Cell(speech.count(episode.documents)),
            )
            for episode in episodes[:ROWS]
        ),
        summary=_("Voir les épisodes en tableau"),
        figures=(3,),
        note=cut_note(speech, len(episodes)),
    )
