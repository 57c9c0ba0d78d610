"""Plain practice software: house on the left, author on the right, a rule, standard fonts."""

from __future__ import annotations

from carnet.formats.pdf.flow import RIGHT, Flow, Frame, set_block
from carnet.formats.pdf.kit import Kit, number_pages
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import A4, MM, Sheet

_SIDE = 22 * MM
_FRAME = Frame(_SIDE, 16 * MM, A4[0] - _SIDE, A4[1] - 22 * MM)


def compose(letter: Letter) -> list[Sheet]:
    """One column under a head of two."""
    kit = Kit(letter, ("Helvetica", "Arimo", "Times", "Open Sans", "Tinos"))
    flow = Flow(A4, _FRAME)
    _head(flow, kit)
    _addresses(flow, kit)
    flow.paragraph(letter.title, kit.type(1.25, bold=True), after=6)
    if letter.greeting is not None:
        flow.paragraph(letter.greeting, kit.text, after=6)
    kit.body(flow, letter.body)
    kit.ending(flow)
    foot = kit.type(0.8)
    for sheet in flow.sheets:
        sheet.write(_SIDE, A4[1] - 12 * MM, foot.font, foot.size, foot.colour, letter.footer)
    number_pages(flow.sheets, foot, A4[0] - _SIDE, A4[1] - 12 * MM)
    return flow.sheets


def _head(flow: Flow, kit: Kit) -> None:
    head, sheet, left, top = kit.letter.letterhead, flow.sheet, flow.frame.left, flow.y
    if kit.logo(sheet, left, top + 2, 30):
        left += 40
    width = flow.width * 0.58 - (left - flow.frame.left)
    low = set_block(
        sheet, (head.house,), kit.type(1.3, bold=True, colour=kit.accent), left, top, width
    )
    low = set_block(sheet, head.lines, kit.small, left, low, width)
    column = flow.frame.left + flow.width * 0.58
    right = flow.frame.right - column
    lower = set_block(sheet, (head.author,), kit.type(bold=True), column, top, right, RIGHT)
    lower = set_block(sheet, head.author_lines, kit.text, column, lower, right, RIGHT)
    flow.y = max(low, lower, top + 32) + 5
    sheet.line(flow.frame.left, flow.y, flow.frame.right, flow.y, kit.accent, 0.8)
    flow.y += 9


def _addresses(flow: Flow, kit: Kit) -> None:
    """Patient on the left; recipient and date on the right."""
    letter, half = kit.letter, flow.width / 2
    left = (*letter.patient, *letter.reference)
    low = set_block(flow.sheet, left, kit.text, flow.frame.left, flow.y, half)
    right = (*letter.recipient, "", letter.place_and_date)
    lower = set_block(flow.sheet, right, kit.text, flow.frame.left + half, flow.y, half, RIGHT)
    flow.y = max(low, lower) + 10
