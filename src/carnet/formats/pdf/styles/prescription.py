"""A prescription on a half-size sheet (A4 by some houses), with the prescriber's bar codes."""

from __future__ import annotations

from carnet.formats.pdf.barcode import draw_bars
from carnet.formats.pdf.flow import CENTRE, LEFT, Flow, Frame, set_block
from carnet.formats.pdf.kit import GREY, Kit
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import A4, A5, MM, Sheet


def compose(letter: Letter) -> list[Sheet]:
    """Prescriber above on the left, bar codes on the right, items far apart, signature low."""
    families = ("Arimo", "Helvetica", "Tinos", "Times", "Open Sans")
    size = A4 if _is_large(letter) else A5
    kit = Kit(letter, families, size=11 if size is A4 else 9.4, ink="#0b0b0b")
    kit.bullet = "•" if letter.look.variant % 3 else "-"
    kit.after = 0.35 * kit.size
    kit.list_gap = 0.9 * kit.size
    side = (20 if size is A4 else 12) * MM
    first = Frame(side, 11 * MM, size[0] - side, size[1] - 20 * MM)
    later = Frame(side, 22 * MM, size[0] - side, size[1] - 20 * MM)

    def turn(sheet: Sheet) -> None:
        words = " – ".join((*letter.patient[:1], f"page {len(flow.sheets)}"))
        sheet.write(side, 14 * MM, kit.small.font, kit.small.size, GREY, words)

    flow = Flow(size, first, later, turn)
    _head(flow, kit)
    _patient(flow, kit)
    if letter.title:
        title = kit.type(1.2, bold=True)
        flow.paragraph(letter.title.upper(), title, align=CENTRE, after=kit.size)
    kit.body(flow, letter.body)
    kit.ending(flow)
    foot = kit.type(0.72, colour=GREY, leading=1.2)
    for sheet in flow.sheets:
        y = size[1] - 15 * MM
        sheet.line(side, y, size[0] - side, y, kit.accent, 0.5)
        set_block(sheet, (letter.footer,), foot, side, y + 3, size[0] - 2 * side, CENTRE)
    return flow.sheets


def _is_large(letter: Letter) -> bool:
    """Whether this house prescribes on whole sheets."""
    return letter.look.variant % 4 == 3


def _head(flow: Flow, kit: Kit) -> None:
    head, sheet, top = kit.letter.letterhead, flow.sheet, flow.y
    width = flow.width * (0.6 if head.codes else 1.0)
    align = LEFT if head.codes else CENTRE
    left = flow.frame.left
    if align == LEFT and kit.logo(sheet, left, top + 2, 24):
        left, width = left + 31, width - 31
    name = kit.type(1.25, bold=True, colour=kit.accent)
    y = set_block(sheet, (head.author or head.house,), name, left, top, width, align)
    y = set_block(sheet, head.author_lines, kit.type(0.88), left, y, width, align)
    house = (head.house, *head.lines) if head.author else head.lines
    y = set_block(sheet, house, kit.type(0.82, colour=GREY), left, y + 3, width, align)
    low = _codes(flow, kit, top)
    flow.y = max(y, low) + 5
    sheet.line(flow.frame.left, flow.y, flow.frame.right, flow.y, kit.accent, 1)
    flow.y += 8


def _codes(flow: Flow, kit: Kit, top: float) -> float:
    """Numbers as bars with their digits below; the y where they end."""
    width = flow.width * 0.3
    digits = kit.type(0.75)
    x, y = flow.frame.right - width, top + 2
    for code in kit.letter.letterhead.codes:
        draw_bars(flow.sheet, x, y, width, 17, code)
        middle = x + width / 2
        flow.sheet.write_centre(
            middle, y + 17 + digits.size, digits.font, digits.size, digits.colour, code
        )
        y += 20 + digits.leading
    return y


def _patient(flow: Flow, kit: Kit) -> None:
    letter = kit.letter
    flow.paragraph(letter.place_and_date, kit.text, align=2, after=3)
    flow.block(letter.patient[:1], kit.type(1.05, bold=True))
    flow.block((*letter.patient[1:], *letter.reference), kit.small)
    flow.space(kit.size * 1.2)
