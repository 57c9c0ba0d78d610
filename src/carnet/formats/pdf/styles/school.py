"""A form of the school health service (projet d'accueil individualisé): framed parts, boxes."""

from __future__ import annotations

from itertools import pairwise

from carnet.formats.pdf.flow import CENTRE, Flow, Frame, set_block
from carnet.formats.pdf.forms import label_boxes
from carnet.formats.pdf.kit import GREY, LINE, Kit, number_pages, tint
from carnet.formats.pdf.model import Letter, Part
from carnet.formats.pdf.sheet import A4, MM, Sheet
from carnet.formats.pdf.tables import Grid

_LEFT, _RIGHT = 15 * MM, A4[0] - 15 * MM


def compose(letter: Letter) -> list[Sheet]:
    """Each heading opens a framed part, numbered, with its own title bar."""
    kit = Kit(letter, ("Roboto Condensed", "Arimo", "Open Sans"), size=10, ink="#111111")
    kit.bullet = "•"
    kit.grid = Grid(
        kit.type(0.92, bold=True),
        kit.type(0.92),
        "grid",
        "#333333",
        LINE,
        head_fill=tint(kit.accent, 0.16),
    )
    frame = Frame(_LEFT, 12 * MM, _RIGHT, A4[1] - 20 * MM)
    later = Frame(_LEFT, 20 * MM, _RIGHT, A4[1] - 20 * MM)
    flow = Flow(A4, frame, later, lambda sheet: _running(sheet, kit))
    _head(flow, kit)
    label_boxes(
        flow,
        kit,
        (("Élève", letter.patient[0] if letter.patient else ""), *letter.fields),
        columns=3,
    )
    flow.block(letter.patient[1:], kit.small)
    flow.space(8)
    for number, part in enumerate(_parts(letter.body)):
        _framed(flow, kit, part, number)
    if letter.recipient:
        flow.paragraph("Destinataires : " + " – ".join(letter.recipient), kit.small, after=4)
    flow.paragraph(letter.place_and_date, kit.text, after=4)
    kit.ending(flow)
    foot = kit.type(0.75, colour=GREY)
    for sheet in flow.sheets:
        sheet.write(_LEFT, A4[1] - 11 * MM, foot.font, foot.size, foot.colour, letter.footer)
    number_pages(flow.sheets, foot, _RIGHT, A4[1] - 11 * MM, "{n}/{total}")
    return flow.sheets


def _parts(body: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """The body cut before each heading."""
    starts = [n for n, part in enumerate(body) if isinstance(part, str) and part.startswith("# ")]
    edges = [*([0] if body and 0 not in starts else []), *starts, len(body)]
    return [body[a:b] for a, b in pairwise(edges)]


def _framed(flow: Flow, kit: Kit, parts: tuple[Part, ...], number: int) -> None:
    """One part: a title bar, its text, a frame around both where it fits on the page."""
    heading = parts[0] if isinstance(parts[0], str) and parts[0].startswith("# ") else None
    inner = parts[1:] if heading else parts
    bar = kit.type(bold=True, colour="#ffffff" if kit.variant(2) else kit.ink)
    flow.need(bar.leading * 4)
    sheet, top = flow.sheet, flow.y
    if heading:
        fill = kit.accent if kit.variant(2) else tint(kit.accent, 0.2)
        sheet.box(_LEFT, top, flow.width, bar.leading + 4, fill=fill)
        words = f"{number + 1}. {heading[2:]}" if kit.variant(3) else heading[2:].upper()
        set_block(sheet, (words,), bar, _LEFT + 6, top + 2, flow.width - 12)
        flow.y += bar.leading + 8
    else:
        flow.y += 4
    flow.frame = flow.frame._replace(left=_LEFT + 7, right=_RIGHT - 7)
    kit.body(flow, inner)
    flow.frame = flow.frame._replace(left=_LEFT, right=_RIGHT)
    flow.y += 4
    start = top if flow.sheet is sheet else flow.frame.top - 3
    if flow.sheet is not sheet:
        sheet.box(_LEFT, top, flow.width, A4[1] - 19 * MM - top, kit.accent, line=0.9)
    flow.sheet.box(_LEFT, start, flow.width, flow.y - start, kit.accent, line=0.9)
    flow.y += 8


def _head(flow: Flow, kit: Kit) -> None:
    head, sheet, top = kit.letter.letterhead, flow.sheet, flow.y
    kit.logo(sheet, _LEFT, top, 36)
    left = _LEFT + 48
    y = set_block(sheet, (head.house, *head.lines), kit.type(0.85), left, top, 60 * MM)
    title = kit.type(1.5, bold=True, colour=kit.accent, leading=1.15)
    column = left + 65 * MM
    lower = set_block(
        sheet, (kit.letter.title.upper(),), title, column, top + 3, _RIGHT - column, CENTRE
    )
    lower = set_block(
        sheet, kit.letter.reference, kit.small, column, lower, _RIGHT - column, CENTRE
    )
    flow.y = max(y, lower, top + 38) + 8


def _running(sheet: Sheet, kit: Kit) -> None:
    words = " – ".join((*kit.letter.patient[:1], kit.letter.title))
    sheet.write(_LEFT, 14 * MM, kit.small.font, kit.small.size, GREY, words)
