"""The table beside a picture: the same values in figures, newest first."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from markupsafe import Markup, escape

from carnet.portal.charts.model import Point
from carnet.portal.charts.scale import moment_of
from carnet.portal.charts.speech import Speech

ROWS = 100  # a longer table says how many there are, and where they all stand


class Cell(msgspec.Struct, frozen=True):
    """A cell: words, with a link or an exact date (of HTML's ``time``) where there is one."""

    text: str
    href: str = ""
    day: str = ""

    @property
    def markup(self) -> Markup:
        """As it stands in a page; empty where there are no words."""
        if self.href:
            return Markup('<a href="{}">{}</a>').format(self.href, self.text)
        if self.day:
            return Markup('<time datetime="{}">{}</time>').format(self.day, self.text)
        return escape(self.text)


class Table(msgspec.Struct, frozen=True):
    """A table with its caption; the first cell of a row is its header.

    ``figures`` are the columns of numbers. ``note`` says what a long table leaves out, ``rest``
    is the address of all of it.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    summary: str
    figures: tuple[int, ...] = ()
    note: str = ""
    rest: Cell | None = None

    @property
    def heads(self) -> list[dict[str, object]]:
        """The columns as ``components/table.html`` wants them."""
        return [
            {"label": label, "number": index in self.figures}
            for index, label in enumerate(self.columns)
        ]

    @property
    def cells(self) -> list[list[Markup]]:
        """The rows as ``components/table.html`` wants them."""
        return [[cell.markup for cell in row] for row in self.rows]


def day_cell(speech: Speech, written: str) -> Cell:
    """A date; as written where it is none that exists."""
    moment = moment_of(written)
    if moment is None:
        return Cell(written or speech.gettext("sans date"))
    return Cell(speech.day(moment), day=written if moment.precision == 10 else "")


def value_words(speech: Speech, point: Point) -> str:
    """A value, and where its unit was converted, what the document itself writes."""
    value = speech.quantity(point.number, point.unit, point.comparator)
    if not point.original:
        return value
    words = speech.gettext("%(value)s (%(original)s dans le document)")
    return words % {"value": value, "original": point.original}


def source_cell(speech: Speech, point: Point) -> Cell:
    """Who says it, leading to the document."""
    label = point.source.label or (speech.gettext("document") if point.source.href else "")
    return Cell(label, href=point.source.href)


def cut_note(speech: Speech, total: int, rows: int = ROWS) -> str:
    """The sentence under a table that has not all of so many rows; nothing where it has."""
    if total <= rows:
        return ""
    words = speech.gettext("Le tableau a %(shown)s lignes sur %(total)s.")
    return words % {"shown": speech.count(rows), "total": speech.count(total)}


def rest_cell(speech: Speech, total: int, href: str) -> Cell | None:
    """The link to what a long table leaves out."""
    if total <= ROWS or not href:
        return None
    return Cell(speech.gettext("Tout voir"), href=href)


def values_table(speech: Speech, name: str, ordered: Sequence[Point], rest_href: str = "") -> Table:
    """The values of one measure: date, value, bounds, the mark and the source as reported."""
    _ = speech.gettext
    shown = ordered[: -ROWS - 1 : -1]
    rows = tuple(
        (
            day_cell(speech, point.day),
            Cell(value_words(speech, point)),
            Cell(speech.range(point.low, point.high, point.bounds)),
            Cell(point.interpretation),
            source_cell(speech, point),
        )
        for point in shown
    )
    columns = (_("Date"), _("Valeur"), _("Bornes indiquées"), _("Signalé"), _("Source"))
    return Table(
        caption=_("Valeurs de %(name)s, de la plus récente à la plus ancienne") % {"name": name},
        columns=columns,
        rows=rows,
        summary=_("Voir les valeurs en tableau"),
        note=cut_note(speech, len(ordered)),
        rest=rest_cell(speech, len(ordered), rest_href),
    )
