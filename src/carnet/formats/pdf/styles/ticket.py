"""A pharmacy's ticket: a strip of 80 mm as long as its text, one narrow face, dashed rules."""

from __future__ import annotations

from carnet.formats.pdf.flow import CENTRE, Flow, Frame
from carnet.formats.pdf.kit import BLACK, Kit
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import MM, Line, Sheet
from carnet.formats.pdf.tables import Grid

_WIDTH = 80 * MM
_SIDE = 5 * MM
_LONGEST = 5000.0  # points: far more than a ticket has, and readers open pages up to 14,400


def compose(letter: Letter) -> list[Sheet]:
    """One sheet, cut where the text ends."""
    kit = Kit(letter, ("Cousine", "Courier", "Roboto Condensed"), size=8.2, ink=BLACK, accent=BLACK)
    kit.bullet = "*"
    kit.grid = Grid(kit.type(0.95, bold=True), kit.type(0.95), "none", BLACK, BLACK, padding=1.5)
    flow = Flow((_WIDTH, _LONGEST), Frame(_SIDE, 5 * MM, _WIDTH - _SIDE, _LONGEST - 5 * MM))
    head = letter.letterhead
    if kit.logo(flow.sheet, _WIDTH / 2 - 13, flow.y, 26):
        flow.y += 31
    flow.paragraph(head.house.upper(), kit.type(1.25, bold=True), align=CENTRE)
    flow.block((*head.lines, head.author, *head.author_lines), kit.text, align=CENTRE)
    _dashes(flow)
    flow.paragraph(letter.place_and_date, kit.text)
    flow.block((*letter.reference, *letter.patient), kit.text)
    flow.block(tuple(f"{name} : {value}" for name, value in letter.fields), kit.text)
    flow.block(letter.recipient, kit.text)
    _dashes(flow)
    flow.paragraph(letter.title.upper(), kit.type(1.1, bold=True), align=CENTRE, after=4)
    kit.body(flow, letter.body)
    _dashes(flow)
    kit.ending(flow, align=CENTRE)
    flow.paragraph(letter.footer, kit.small, align=CENTRE)
    last = flow.sheets[-1]
    last.height = flow.y + 6 * MM
    return flow.sheets


def _dashes(flow: Flow) -> None:
    y = flow.y + 4
    flow.sheet.marks.append(Line(((_SIDE, y), (_WIDTH - _SIDE, y)), BLACK, 0.7, None, 2.5))
    flow.y += 9
