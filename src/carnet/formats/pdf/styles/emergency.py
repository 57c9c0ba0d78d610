"""An emergency department's form: dense boxes, grey title bars, two columns of identity."""

from __future__ import annotations

from carnet.formats.pdf.barcode import draw_bars
from carnet.formats.pdf.flow import CENTRE, Flow, Frame, set_block
from carnet.formats.pdf.forms import label_boxes
from carnet.formats.pdf.kit import GREY, LINE, Kit, number_pages
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import A4, MM, Sheet
from carnet.formats.pdf.tables import Grid

_LEFT, _RIGHT = 10 * MM, A4[0] - 10 * MM


def compose(letter: Letter) -> list[Sheet]:
    """Small type, everything in a frame; times and measures in labelled boxes."""
    families = ("Roboto Condensed", "Arimo", "Helvetica")
    kit = Kit(letter, families, size=8.9, ink="#000000")
    kit.grid = Grid(
        kit.type(0.92, bold=True),
        kit.type(0.92),
        "grid",
        "#444444",
        LINE,
        head_fill="#e4e4e4",
        centred=True,
        padding=2.5,
    )
    kit.heading = lambda flow, text: _bar(flow, kit, text)
    kit.after = 0.4 * kit.size
    frame = Frame(_LEFT, 9 * MM, _RIGHT, A4[1] - 17 * MM)
    later = Frame(_LEFT, 19 * MM, _RIGHT, A4[1] - 17 * MM)
    flow = Flow(A4, frame, later, lambda sheet: _running(sheet, kit))
    _head(flow, kit)
    label_boxes(flow, kit, letter.fields, columns=5 if kit.variant(2) else 4)
    if letter.greeting is not None:
        flow.paragraph(letter.greeting, kit.text, after=kit.after)
    kit.body(flow, letter.body)
    kit.ending(flow)
    foot = kit.type(0.75, colour=GREY)
    for sheet in flow.sheets:
        sheet.line(_LEFT, A4[1] - 14 * MM, _RIGHT, A4[1] - 14 * MM, "#444444", 0.5)
        sheet.write(_LEFT, A4[1] - 9 * MM, foot.font, foot.size, foot.colour, letter.footer)
    number_pages(flow.sheets, foot, _RIGHT, A4[1] - 9 * MM)
    return flow.sheets


def _bar(flow: Flow, kit: Kit, text: str) -> None:
    kind = kit.type(bold=True)
    flow.space(3)
    flow.need(kind.leading * 3)
    flow.sheet.box(_LEFT, flow.y, flow.width, kind.leading + 1, "#444444", line=0.5, fill="#d4d8da")
    flow.paragraph(text.upper(), kind, indent=4)
    flow.y += 4


def _head(flow: Flow, kit: Kit) -> None:
    letter, head, sheet, top = kit.letter, kit.letter.letterhead, flow.sheet, flow.y
    third = flow.width / 3
    left = _LEFT + 5
    if kit.logo(sheet, left, top + 6, 30):
        left += 36
    inner = third - (left - _LEFT) - 3
    y = set_block(
        sheet, (head.house,), kit.type(1.1, bold=True, colour=kit.accent), left, top + 4, inner
    )
    y = set_block(sheet, head.lines, kit.type(0.82), left, y, inner)
    middle = _LEFT + third
    title = kit.type(1.35, bold=True, leading=1.2)
    lower = set_block(
        sheet, (letter.title.upper(),), title, middle + 5, top + 7, third - 10, CENTRE
    )
    lower = set_block(
        sheet, (letter.place_and_date,), kit.text, middle + 5, lower + 3, third - 10, CENTRE
    )
    column = middle + third
    right = set_block(
        sheet, letter.patient[:1], kit.type(1.15, bold=True), column + 5, top + 4, third - 10
    )
    lines = (*letter.patient[1:], *letter.reference)
    right = set_block(sheet, lines, kit.type(0.88), column + 5, right, third - 10)
    for code in head.codes[:1]:
        draw_bars(sheet, column + 5, right + 3, third - 30, 14, code)
        right += 18
    height = max(y, lower, right) - top + 6
    for n in range(3):
        sheet.box(_LEFT + n * third, top, third, height, "#444444", line=0.8)
    flow.y = top + height + 4
    who = " – ".join(part for part in (head.author, *head.author_lines) if part)
    if letter.recipient:
        who = f"{who}     Destinataire : {' – '.join(letter.recipient)}"
    flow.paragraph(who, kit.small, after=3)


def _running(sheet: Sheet, kit: Kit) -> None:
    words = " – ".join((*kit.letter.patient[:2], kit.letter.title))
    sheet.write(_LEFT, 12 * MM, kit.small.bold, kit.small.size, kit.ink, words)
    sheet.line(_LEFT, 15 * MM, _RIGHT, 15 * MM, "#444444", 0.8)
