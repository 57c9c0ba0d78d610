"""A certificate: few words, wide apart, under a title in a frame, with signature and stamp."""

from __future__ import annotations

from carnet.formats.pdf.flow import CENTRE, RIGHT, Flow, Frame, set_block
from carnet.formats.pdf.kit import GREY, Kit
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import A4, MM, Sheet

_SIDE = 27 * MM


def compose(letter: Letter) -> list[Sheet]:
    """The prescriber on the left, the title in the middle of the page's width, a quiet body."""
    families = ("Tinos", "Garamond", "Times", "Arimo")
    kit = Kit(letter, families, size=11.8, ink="#131313")
    kit.text = kit.type(leading=1.7)
    kit.after = kit.size
    frame = Frame(_SIDE, 18 * MM, A4[0] - _SIDE, A4[1] - 26 * MM)
    flow = Flow(A4, frame)
    _head(flow, kit)
    _title(flow, kit)
    if letter.patient:
        about = (letter.patient[0], *letter.patient[1:])
        flow.block(about, kit.type(0.95))
        flow.space(20)
    kit.body(flow, letter.body)
    flow.space(12)
    flow.paragraph(letter.place_and_date, kit.text, align=RIGHT)
    kit.ending(flow)
    foot = kit.type(0.68, italic=True, colour=GREY)
    for sheet in flow.sheets:
        if kit.variant(2):
            sheet.box(11 * MM, 11 * MM, A4[0] - 22 * MM, A4[1] - 22 * MM, kit.accent, line=1.2)
            sheet.box(12.3 * MM, 12.3 * MM, A4[0] - 24.6 * MM, A4[1] - 24.6 * MM, kit.accent)
        words = (letter.footer,)
        set_block(sheet, words, foot, _SIDE, A4[1] - 20 * MM, A4[0] - 2 * _SIDE, CENTRE)
    return flow.sheets


def _head(flow: Flow, kit: Kit) -> None:
    head = kit.letter.letterhead
    name = kit.type(1.15, bold=True, colour=kit.accent)
    left = flow.frame.left
    if kit.logo(flow.sheet, left, flow.y + 3, 28):
        left += 38
    y = set_block(flow.sheet, (head.author or head.house,), name, left, flow.y, 110 * MM)
    house = (head.house, *head.lines) if head.author else head.lines
    y = set_block(flow.sheet, (*head.author_lines, *house), kit.type(0.8), left, y, 110 * MM)
    if kit.letter.reference:
        kind = kit.type(0.8, colour=GREY)
        set_block(
            flow.sheet,
            kit.letter.reference,
            kind,
            left,
            flow.frame.top,
            flow.frame.right - left,
            RIGHT,
        )
    flow.y = y + 46


def _title(flow: Flow, kit: Kit) -> None:
    kind = kit.type(1.6, bold=True)
    words = kit.letter.title.upper()
    spaced = kind._replace(size=min(kind.size, 0.8 * flow.width / max(kind.font.width(words), 1)))
    width = spaced.font.width(words) * spaced.size + 44
    x = (A4[0] - width) / 2
    if kit.variant(3) == 0:
        flow.sheet.box(x, flow.y, width, 34, kit.ink, line=1)
        flow.sheet.box(x + 2.5, flow.y + 2.5, width - 5, 29, kit.ink, line=0.4)
    elif kit.variant(3) == 1:
        flow.sheet.line(x, flow.y + 31, x + width, flow.y + 31, kit.accent, 1.4)
    else:
        for y in (flow.y + 1, flow.y + 33):
            flow.sheet.line(x, y, x + width, y, kit.ink, 0.8)
    line = spaced._replace(leading=34.0)
    set_block(flow.sheet, (words,), line, flow.frame.left, flow.y, flow.width, CENTRE)
    flow.y += 34 + 34
