"""A specialist in private practice: engraved letterhead with titles, serif type, much white."""

from __future__ import annotations

from carnet.formats.pdf.flow import CENTRE, LEFT, RIGHT, Flow, Frame, set_block
from carnet.formats.pdf.kit import GREY, Kit
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import A4, MM, Sheet

_SIDE = 24 * MM
_FIRST = Frame(_SIDE, 14 * MM, A4[0] - _SIDE, A4[1] - 27 * MM)
_LATER = Frame(_SIDE, 25 * MM, A4[0] - _SIDE, A4[1] - 27 * MM)


def compose(letter: Letter) -> list[Sheet]:
    """Letterhead in the middle or on the left, recipient low on the right, as in an envelope."""
    kit = Kit(letter, ("Garamond", "Tinos", "Times", "Open Sans"), size=11, ink="#111111")
    running = kit.type(0.8, italic=True, colour=GREY)
    name = letter.patient[0] if letter.patient else letter.title

    def turn(sheet: Sheet) -> None:
        words = f"{name} – suite"
        sheet.write(_SIDE, 17 * MM, running.font, running.size, running.colour, words)

    flow = Flow(A4, _FIRST, _LATER, turn)
    (_centred_head, _left_head, _shared_head)[kit.variant(3)](flow, kit)
    _addresses(flow, kit)
    if letter.greeting is not None:
        flow.paragraph(letter.greeting, kit.text, after=kit.after)
    kit.body(flow, letter.body)
    kit.ending(flow)
    _feet(flow, kit)
    return flow.sheets


def _centred_head(flow: Flow, kit: Kit) -> None:
    head, left, width, sheet = kit.letter.letterhead, flow.frame.left, flow.width, flow.sheet
    y = flow.y
    if kit.logo(sheet, left + width / 2 - 13, y, 26):
        y += 33
    name = kit.type(1.75, colour=kit.accent, leading=1.2)
    y = set_block(sheet, (head.author or head.house,), name, left, y, width, CENTRE)
    titles = kit.type(0.95, italic=True)
    y = set_block(sheet, head.author_lines, titles, left, y + 2, width, CENTRE) + 4
    sheet.line(left + width * 0.36, y, left + width * 0.64, y, kit.accent, 0.7)
    house = (head.house, *head.lines) if head.author else head.lines
    line = " – ".join(house)
    flow.y = set_block(sheet, (line,), kit.type(0.8), left, y + 4, width, CENTRE) + 16


def _left_head(flow: Flow, kit: Kit) -> None:
    head, left, width, sheet = kit.letter.letterhead, flow.frame.left, 75 * MM, flow.sheet
    y = flow.y
    capitals = (head.author or head.house).upper()
    y = set_block(sheet, (capitals,), kit.type(1.2, bold=True), left, y, width, CENTRE)
    y = set_block(sheet, head.author_lines, kit.type(0.9, italic=True), left, y, width, CENTRE)
    sheet.line(left + 30, y + 5, left + width - 30, y + 5, kit.accent, 1.2)
    house = (head.house, *head.lines) if head.author else head.lines
    flow.y = set_block(sheet, house, kit.type(0.8), left, y + 10, width, CENTRE) + 10
    kit.logo(sheet, flow.frame.right - 34, _FIRST.top, 34)


def _shared_head(flow: Flow, kit: Kit) -> None:
    """Two columns: who, with titles, and where."""
    head, sheet, top = kit.letter.letterhead, flow.sheet, flow.y
    half = flow.width / 2
    name = kit.type(1.4, bold=True, colour=kit.accent)
    low = set_block(sheet, (head.author or head.house,), name, flow.frame.left, top, half)
    low = set_block(sheet, head.author_lines, kit.type(0.88), flow.frame.left, low, half)
    house = (head.house, *head.lines) if head.author else head.lines
    lower = set_block(sheet, house, kit.type(0.88), flow.frame.left + half, top + 3, half, RIGHT)
    y = max(low, lower) + 6
    sheet.line(flow.frame.left, y, flow.frame.right, y, kit.accent, 1.6)
    sheet.line(flow.frame.left, y + 2.4, flow.frame.right, y + 2.4, kit.accent, 0.4)
    flow.y = y + 18


def _addresses(flow: Flow, kit: Kit) -> None:
    letter, left = kit.letter, flow.frame.left
    column = left + flow.width * 0.54
    width = flow.frame.right - column
    about = (f"Objet : {letter.title}", *letter.reference)
    low = set_block(flow.sheet, about, kit.type(0.9), left, flow.y, flow.width * 0.48)
    low = set_block(
        flow.sheet, letter.patient, kit.type(bold=True), left, low + 6, flow.width * 0.5
    )
    date = (letter.place_and_date, "")
    y = set_block(flow.sheet, date, kit.text, column, flow.y, width, LEFT)
    y = set_block(flow.sheet, letter.recipient, kit.text, column, y, width, LEFT)
    flow.y = max(low, y) + 22


def _feet(flow: Flow, kit: Kit) -> None:
    """What a practice must say at the foot, and the page where there are several."""
    foot = kit.type(0.72, colour=GREY, leading=1.2)
    total = len(flow.sheets)
    for n, sheet in enumerate(flow.sheets, 1):
        y = A4[1] - 19 * MM
        sheet.line(_SIDE, y, A4[0] - _SIDE, y, kit.accent, 0.4)
        words = (kit.letter.footer, f"{n} / {total}" if total > 1 else "")
        set_block(sheet, words, foot, _SIDE, y + 4, A4[0] - 2 * _SIDE, CENTRE)
