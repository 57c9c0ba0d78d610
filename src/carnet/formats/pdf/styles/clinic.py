"""A private clinic or a modern group practice: a band of colour, a modern face, side column."""

from __future__ import annotations

from carnet.formats.pdf.flow import RIGHT, Flow, Frame, set_block
from carnet.formats.pdf.kit import GREY, Kit, number_pages, tint
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import A4, MM, Sheet
from carnet.formats.pdf.tables import Grid

_LEFT, _RIGHT = 20 * MM, A4[0] - 18 * MM
_BAND = 27 * MM


def compose(letter: Letter) -> list[Sheet]:
    """A full band across the head, or a strip down the side, by the house."""
    kit = Kit(letter, ("Open Sans", "Roboto Condensed", "Arimo"), size=9.8)
    kit.bullet = "•"
    kit.grid = Grid(
        kit.type(0.88, bold=True, colour="#ffffff"),
        kit.type(0.88),
        "stripes",
        kit.accent,
        tint(kit.accent, 0.09),
        head_fill=kit.accent,
    )
    kit.heading = lambda flow, text: _heading(flow, kit, text)
    strip = kit.variant(2) == 1
    first = Frame(_LEFT, 12 * MM if strip else _BAND + 8 * MM, _RIGHT, A4[1] - 24 * MM)
    later = Frame(_LEFT, 24 * MM, _RIGHT, A4[1] - 24 * MM)

    def turn(sheet: Sheet) -> None:
        sheet.box(0, 0, 7 * MM if strip else A4[0], A4[1] if strip else 6 * MM, fill=kit.accent)
        name = f"{letter.patient[0] if letter.patient else letter.title} – {letter.title}"
        place = (_LEFT, 16 * MM)
        sheet.write(*place, kit.small.font, kit.small.size, GREY, name)

    flow = Flow(A4, first, later, turn)
    (_strip_head if strip else _band_head)(flow, kit)
    _addresses(flow, kit)
    flow.paragraph(letter.title.upper(), kit.type(1.15, bold=True, colour=kit.accent), after=7)
    if letter.greeting is not None:
        flow.paragraph(letter.greeting, kit.text, after=kit.after)
    kit.body(flow, letter.body)
    kit.ending(flow)
    _feet(flow, kit)
    return flow.sheets


def _heading(flow: Flow, kit: Kit, text: str) -> None:
    kind = kit.type(1.02, bold=True, colour=kit.accent)
    flow.space(5)
    flow.need(kind.leading * 2.5)
    flow.sheet.box(flow.frame.left, flow.y + 3, 2.5, kind.leading - 5, fill=kit.accent)
    flow.paragraph(text, kind, indent=7, after=2)


def _band_head(flow: Flow, kit: Kit) -> None:
    head, sheet = kit.letter.letterhead, flow.sheet
    sheet.box(0, 0, A4[0], _BAND, fill=kit.accent)
    left = _LEFT
    logo = kit.letter.look.logo
    if logo:
        sheet.box(left, 6 * MM, 15 * MM, 15 * MM, fill="#ffffff")
        kit.logo(sheet, left + 2 * MM, 8 * MM, 11 * MM)
        left += 20 * MM
    white = kit.type(1.5, bold=True, colour="#ffffff")
    y = set_block(sheet, (head.house,), white, left, 7 * MM, 105 * MM)
    pale = kit.type(0.8, colour="#ffffff")
    set_block(sheet, (" · ".join(head.lines),), pale, left, y, 115 * MM)
    who = kit.type(0.95, bold=True)
    y = set_block(sheet, (head.author,), who, _RIGHT - 80 * MM, flow.y, 80 * MM, RIGHT)
    titles = kit.type(0.82, colour=GREY)
    flow.y = set_block(sheet, head.author_lines, titles, _RIGHT - 80 * MM, y, 80 * MM, RIGHT) + 8


def _strip_head(flow: Flow, kit: Kit) -> None:
    head, sheet = kit.letter.letterhead, flow.sheet
    sheet.box(0, 0, 7 * MM, A4[1], fill=kit.accent)
    sheet.box(7 * MM, 0, 1.5 * MM, A4[1], fill=tint(kit.accent, 0.4))
    width = 82 * MM
    column = _RIGHT - width
    kit.logo(sheet, _LEFT, flow.y, 18 * MM)
    name = kit.type(1.45, bold=True, colour=kit.accent)
    y = set_block(sheet, (head.house,), name, column, flow.y, width, RIGHT)
    y = set_block(sheet, head.lines, kit.type(0.82, colour=GREY), column, y, width, RIGHT) + 5
    y = set_block(sheet, (head.author,), kit.type(bold=True), column, y, width, RIGHT)
    flow.y = set_block(sheet, head.author_lines, kit.small, column, y, width, RIGHT) + 12


def _addresses(flow: Flow, kit: Kit) -> None:
    """The patient in a tinted panel, the recipient beside it."""
    letter, sheet, top = kit.letter, flow.sheet, flow.y
    width = flow.width * 0.5
    lines = (*letter.patient[1:], *letter.reference)
    panel = 16 + kit.type(bold=True).leading + kit.small.leading * len(lines)
    sheet.box(_LEFT, top, width, panel, fill=tint(kit.accent, 0.08))
    sheet.box(_LEFT, top, 2.5, panel, fill=kit.accent)
    y = set_block(sheet, letter.patient[:1], kit.type(bold=True), _LEFT + 9, top + 7, width - 14)
    set_block(sheet, lines, kit.small, _LEFT + 9, y, width - 14)
    column = _LEFT + flow.width * 0.56
    right = (*letter.recipient, "", letter.place_and_date)
    lower = set_block(sheet, right, kit.text, column, top + 5, _RIGHT - column)
    flow.y = max(top + panel, lower) + 14


def _feet(flow: Flow, kit: Kit) -> None:
    foot = kit.type(0.72, colour=GREY)
    for sheet in flow.sheets:
        sheet.line(_LEFT, A4[1] - 17 * MM, _RIGHT, A4[1] - 17 * MM, kit.accent, 0.8)
        words = kit.letter.footer
        sheet.write(_LEFT, A4[1] - 12 * MM, foot.font, foot.size, foot.colour, words)
    number_pages(flow.sheets, foot, _RIGHT, A4[1] - 12 * MM, "{n} sur {total}")
