"""A hospital department: its doctors and telephones down the margin, its patient on each page."""

from __future__ import annotations

from carnet.formats.pdf.flow import RIGHT, Flow, Frame, set_block
from carnet.formats.pdf.kit import GREY, LINE, Kit, number_pages
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import A4, MM, Sheet
from carnet.formats.pdf.tables import Grid

_MARGIN = 12 * MM
_COLUMN = 47 * MM
_TEXT = 64 * MM
_RIGHT = A4[0] - 16 * MM


def compose(letter: Letter) -> list[Sheet]:
    """A narrow column of names on the first page; later pages are wider and name the patient."""
    families = ("Arimo", "Helvetica", "Roboto Condensed", "Open Sans")
    kit = Kit(letter, families, size=9.6, ink="#101010")
    kit.bullet = "-"
    kit.grid = Grid(
        kit.type(0.88, bold=True), kit.type(0.88), "grid", "#7b8487", LINE, head_fill="#e9edee"
    )
    kit.heading = lambda flow, text: _heading(flow, kit, text)
    first = Frame(_TEXT, 52 * MM, _RIGHT, A4[1] - 25 * MM)
    later = Frame(24 * MM, 30 * MM, _RIGHT, A4[1] - 25 * MM)
    flow = Flow(A4, first, later, lambda sheet: _running(sheet, kit))
    _head(flow.sheet, kit)
    _staff(flow.sheet, kit)
    _addresses(flow, kit)
    if letter.greeting is not None:
        flow.paragraph(letter.greeting, kit.text, after=kit.after)
    kit.body(flow, letter.body)
    kit.ending(flow)
    _feet(flow, kit)
    return flow.sheets


def _heading(flow: Flow, kit: Kit, text: str) -> None:
    kind = kit.type(bold=True)
    flow.space(5)
    flow.need(kind.leading * 2.5)
    flow.paragraph(f"{text} :" if not text.endswith(":") else text, kind, after=2)
    if kit.variant(2):
        width = kind.font.width(f"{text} :") * kind.size
        y = flow.y - 2.5
        flow.sheet.line(flow.frame.left, y, flow.frame.left + width, y, kit.ink, 0.6)


def _head(sheet: Sheet, kit: Kit) -> None:
    """The hospital across the top, the department under it."""
    head = kit.letter.letterhead
    left = _MARGIN
    if kit.logo(sheet, left, 10 * MM, 19 * MM):
        left += 24 * MM
    house = kit.type(1.75, bold=True, colour=kit.accent, leading=1.15)
    y = set_block(sheet, (head.house,), house, left, 10 * MM, _RIGHT - left)
    set_block(sheet, head.lines[:1], kit.type(0.9, colour=GREY), left, y + 1, _RIGHT - left)
    y = 34 * MM
    sheet.line(_MARGIN, y, _RIGHT, y, kit.accent, 1.4)
    service = kit.type(1.2, bold=True)
    titles = head.author_lines[-1:] or head.lines[1:2]
    set_block(sheet, titles, service, _TEXT, y + 7, _RIGHT - _TEXT, RIGHT)


def _staff(sheet: Sheet, kit: Kit) -> None:
    """Chief first, then the others, then numbers, each group under its heading."""
    head = kit.letter.letterhead
    name = kit.type(0.75, bold=True, leading=1.3)
    plain = kit.type(0.72, leading=1.3)
    heading = kit.type(0.75, bold=True, colour=kit.accent, leading=1.5)
    y = 40 * MM
    lines = head.staff or (head.author, *head.author_lines, "", *head.lines)
    for n, line in enumerate(lines):
        if not line:
            y += 6
        elif line.startswith("# "):
            y = set_block(sheet, (line[2:],), heading, _MARGIN, y + 5, _COLUMN)
        else:
            kind = name if n == 0 or line.startswith(("Dr ", "Pr ")) else plain
            y = set_block(sheet, (line,), kind, _MARGIN, y, _COLUMN)
    x = _MARGIN + _COLUMN + 1.5 * MM
    sheet.line(x, 40 * MM, x, A4[1] - 26 * MM, kit.accent, 0.5)


def _addresses(flow: Flow, kit: Kit) -> None:
    letter, sheet = kit.letter, flow.sheet
    width = 78 * MM
    column = _RIGHT - width
    y = set_block(sheet, letter.recipient, kit.text, column, flow.y, width)
    y = set_block(sheet, (letter.place_and_date,), kit.text, column, y + 8, width)
    flow.y = y + 10
    if letter.reference:
        flow.block(letter.reference, kit.type(0.8, colour=GREY))
        flow.space(5)
    flow.paragraph(letter.title, kit.type(1.12, bold=True), after=3)
    flow.block(letter.patient[:1], kit.type(bold=True))
    flow.block(letter.patient[1:], kit.small)
    flow.space(9)


def _running(sheet: Sheet, kit: Kit) -> None:
    """The head of later pages: an identity on every page is what hospitals are audited for."""
    small = kit.type(0.8)
    who = " – ".join(kit.letter.patient[:2])
    sheet.write(24 * MM, 18 * MM, small.bold, small.size, small.colour, who)
    sheet.write(24 * MM, 22 * MM, small.font, small.size, GREY, kit.letter.title)
    sheet.line(24 * MM, 24 * MM, _RIGHT, 24 * MM, kit.accent, 0.6)


def _feet(flow: Flow, kit: Kit) -> None:
    foot = kit.type(0.7, colour=GREY, leading=1.25)
    head = kit.letter.letterhead
    for sheet in flow.sheets:
        y = A4[1] - 21 * MM
        sheet.line(_MARGIN, y, _RIGHT, y, kit.accent, 0.6)
        words = (" – ".join((head.house, *head.lines)), kit.letter.footer)
        set_block(sheet, words, foot, _MARGIN, y + 4, _RIGHT - _MARGIN - 25 * MM)
    number_pages(flow.sheets, foot, _RIGHT, A4[1] - 17 * MM)
