"""An old practice: one typewriter face in one size, underlined titles, short lines, no colour."""

from __future__ import annotations

from carnet.formats.pdf.flow import CENTRE, Flow, Frame, set_block
from carnet.formats.pdf.kit import BLACK, Kit
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import A4, MM, Sheet
from carnet.formats.pdf.tables import Grid

_FIRST = Frame(26 * MM, 18 * MM, A4[0] - 22 * MM, A4[1] - 24 * MM)
_LATER = Frame(26 * MM, 26 * MM, A4[0] - 22 * MM, A4[1] - 24 * MM)


def compose(letter: Letter) -> list[Sheet]:
    """Name in capitals on the left, everything below it at one width of type."""
    kit = Kit(letter, ("Courier", "Cousine"), size=10.5, ink="#151515", accent=BLACK)
    kit.bullet = "-"
    kit.grid = Grid(kit.type(0.9), kit.type(0.9), "none", BLACK, BLACK, padding=2)
    kit.heading = lambda flow, text: _underlined(flow, kit, text)

    def turn(sheet: Sheet) -> None:
        name = letter.patient[0] if letter.patient else letter.title
        words = f"{name}   - {len(flow.sheets)} -"
        sheet.write(_LATER.left, 19 * MM, kit.text.font, kit.size, kit.ink, words)

    flow = Flow(A4, _FIRST, _LATER, turn)
    _head(flow, kit)
    subject = f"Objet : {letter.title}"
    _underlined(flow, kit, subject)
    flow.block((*letter.reference, *letter.patient), kit.text)
    flow.space(14)
    if letter.greeting is not None:
        flow.paragraph(letter.greeting, kit.text, after=8, indent=40)
    kit.body(flow, letter.body)
    kit.ending(flow)
    foot = kit.type(0.72)
    sheet = flow.sheets[0]
    sheet.write_centre(A4[0] / 2, A4[1] - 13 * MM, foot.font, foot.size, foot.colour, letter.footer)
    return flow.sheets


def _head(flow: Flow, kit: Kit) -> None:
    letter, head = kit.letter, kit.letter.letterhead
    left, width = flow.frame.left, 72 * MM
    align = CENTRE if kit.variant(2) else 0
    name = ((head.author or head.house).upper(),)
    y = set_block(flow.sheet, name, kit.text, left, flow.y, width, align)
    y = set_block(flow.sheet, head.author_lines, kit.small, left, y, width, align)
    rule = 12 * kit.text.font.width("-") * kit.size
    start = left + (width - rule) / 2 if align else left
    flow.sheet.write(start, y + 8, kit.text.font, kit.size, kit.ink, "-" * 12)
    house = (head.house, *head.lines) if head.author else head.lines
    y = set_block(flow.sheet, house, kit.small, left, y + 12, width, align)
    column = left + 78 * MM
    right = flow.frame.right - column
    lower = set_block(flow.sheet, (letter.place_and_date,), kit.text, column, y + 6, right)
    lower = set_block(flow.sheet, letter.recipient, kit.text, column, lower + 14, right)
    flow.y = max(y, lower) + 20


def _underlined(flow: Flow, kit: Kit, text: str) -> None:
    """A heading as a typewriter makes it: one line, struck under."""
    flow.space(4)
    flow.need(kit.text.leading * 2.5)
    flow.paragraph(text, kit.text)
    width = min(kit.text.font.width(text) * kit.size, flow.width)
    flow.sheet.line(flow.frame.left, flow.y - 1, flow.frame.left + width, flow.y - 1, kit.ink, 0.7)
    flow.space(4)
