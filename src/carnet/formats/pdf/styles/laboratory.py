"""A laboratory's report: boxed header, results in a table, the validating biologist."""

from __future__ import annotations

from carnet.formats.pdf.flow import CENTRE, Flow, Frame, set_block
from carnet.formats.pdf.kit import GREY, LINE, Kit, number_pages, tint
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.sheet import A4, MM, Sheet
from carnet.formats.pdf.tables import Grid

_LEFT, _RIGHT = 13 * MM, A4[0] - 13 * MM


def compose(letter: Letter) -> list[Sheet]:
    """The header boxes on the first page, one line of identity on the others."""
    kit = Kit(
        letter, ("Arimo", "Roboto Condensed", "Helvetica", "Open Sans"), size=9.2, ink="#0d0d0d"
    )
    rules = ("lines", "none", "stripes")[kit.variant(3)]
    kit.grid = Grid(
        kit.type(0.8, bold=True, colour=GREY),
        kit.type(0.95, leading=1.32),
        rules,
        kit.accent,
        tint(kit.accent, 0.07) if rules == "stripes" else LINE,
        padding=2.5,
        shares=(36, 13, 16, 20, 15),
    )
    kit.heading = lambda flow, text: _chapter(flow, kit, text)
    first = Frame(_LEFT, 10 * MM, _RIGHT, A4[1] - 24 * MM)
    later = Frame(_LEFT, 27 * MM, _RIGHT, A4[1] - 24 * MM)
    flow = Flow(A4, first, later, lambda sheet: _running(sheet, kit))
    _head(flow, kit)
    _boxes(flow, kit)
    title = kit.type(1.3, bold=True)
    flow.paragraph(letter.title.upper(), title, align=CENTRE, after=5)
    kit.body(flow, letter.body)
    kit.ending(flow)
    _feet(flow, kit)
    return flow.sheets


def _head(flow: Flow, kit: Kit) -> None:
    head, sheet, top = kit.letter.letterhead, flow.sheet, flow.y
    left = _LEFT
    if kit.logo(sheet, left, top + 3, 40):
        left += 52
    name = kit.type(1.8, bold=True, colour=kit.accent, leading=1.2)
    y = set_block(sheet, (head.house,), name, left, top, 105 * MM)
    y = set_block(sheet, head.lines, kit.type(0.85, colour=GREY), left, y + 2, 105 * MM)
    staff = head.staff or (head.author, *head.author_lines)
    column = _RIGHT - 58 * MM
    plain = kit.type(0.78, leading=1.28)
    lower = set_block(
        sheet, ("Biologistes médicaux",), kit.type(0.8, bold=True), column, top + 2, 58 * MM
    )
    lower = set_block(
        sheet, tuple(line.removeprefix("# ") for line in staff), plain, column, lower, 58 * MM
    )
    flow.y = max(y, lower, top + 46) + 6
    sheet.box(_LEFT, flow.y, _RIGHT - _LEFT, 3, fill=kit.accent)
    flow.y += 9


def _boxes(flow: Flow, kit: Kit) -> None:
    """Who was examined, who asked, when: side by side in one frame."""
    letter, sheet, top = kit.letter, flow.sheet, flow.y
    half = (flow.width - 8) / 2
    label = kit.type(0.75, colour=GREY)
    facts = tuple(f"{name} : **{value}**" for name, value in letter.fields)
    left = set_block(sheet, ("PATIENT",), label, _LEFT + 6, top + 3, half - 12)
    left = set_block(
        sheet, letter.patient[:1], kit.type(1.08, bold=True), _LEFT + 6, left, half - 12
    )
    left = set_block(
        sheet, (*letter.patient[1:], *letter.reference), kit.small, _LEFT + 6, left, half - 12
    )
    column = _LEFT + half + 14
    right = set_block(sheet, ("PRESCRIPTEUR / DESTINATAIRE",), label, column, top + 3, half - 12)
    right = set_block(sheet, letter.recipient, kit.small, column, right, half - 12)
    right = set_block(
        sheet, (*facts, f"Édité : {letter.place_and_date}"), kit.small, column, right + 3, half - 12
    )
    height = max(left, right) - top + 4
    for x in (_LEFT, _LEFT + half + 8):
        sheet.box(x, top, half, height, kit.accent, line=0.8)
    flow.y = top + height + 12


def _chapter(flow: Flow, kit: Kit, text: str) -> None:
    kind = kit.type(1.05, bold=True, colour="#ffffff" if kit.variant(2) else kit.accent)
    flow.space(5)
    flow.need(kind.leading * 4)
    fill = kit.accent if kit.variant(2) else tint(kit.accent, 0.12)
    flow.sheet.box(_LEFT, flow.y, flow.width, kind.leading + 3, fill=fill)
    flow.y += 1.5
    flow.paragraph(text.upper(), kind, align=CENTRE)
    flow.y += 5


def _running(sheet: Sheet, kit: Kit) -> None:
    kind = kit.type(0.9)
    who = " – ".join((*kit.letter.patient[:2], *kit.letter.reference[:1]))
    sheet.write(_LEFT, 15 * MM, kind.bold, kind.size, kind.colour, who)
    sheet.write(_LEFT, 20 * MM, kind.font, kind.size, GREY, kit.letter.letterhead.house)
    sheet.line(_LEFT, 22 * MM, _RIGHT, 22 * MM, kit.accent, 1)


def _feet(flow: Flow, kit: Kit) -> None:
    foot = kit.type(0.72, colour=GREY, leading=1.25)
    for sheet in flow.sheets:
        y = A4[1] - 19 * MM
        sheet.line(_LEFT, y, _RIGHT, y, kit.accent, 0.6)
        words = (
            (
                "Les résultats en gras sont hors des valeurs de référence. Ce compte rendu ne peut "
                "être reproduit que dans son intégralité."
            ),
            kit.letter.footer,
        )
        set_block(sheet, words, foot, _LEFT, y + 3, _RIGHT - _LEFT - 25 * MM)
    number_pages(flow.sheets, kit.type(0.85, bold=True), _RIGHT, A4[1] - 14 * MM)
