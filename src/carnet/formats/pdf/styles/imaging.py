"""An imaging centre: coloured header over three columns, sections, the conclusion in a box."""

from __future__ import annotations

from carnet.formats.pdf.flow import CENTRE, RIGHT, Flow, Frame, set_block
from carnet.formats.pdf.kit import GREY, Kit, number_pages, tint
from carnet.formats.pdf.model import Letter, Part
from carnet.formats.pdf.sheet import A4, MM, Sheet

_LEFT, _RIGHT = 18 * MM, A4[0] - 18 * MM
_CONCLUSIONS = ("conclusion", "au total", "synthèse", "impression")


def compose(letter: Letter) -> list[Sheet]:
    """Sections in small capitals of the house's colour; what is concluded stands in a frame."""
    kit = Kit(letter, ("Open Sans", "Arimo", "Garamond", "Helvetica"), size=10)
    kit.heading = lambda flow, text: _section(flow, kit, text)
    first = Frame(_LEFT, 10 * MM, _RIGHT, A4[1] - 25 * MM)
    later = Frame(_LEFT, 26 * MM, _RIGHT, A4[1] - 25 * MM)

    def turn(sheet: Sheet) -> None:
        sheet.box(0, 0, A4[0], 4 * MM, fill=kit.accent)
        words = " – ".join((*letter.patient[:2], letter.title))
        sheet.write(_LEFT, 17 * MM, kit.small.font, kit.small.size, GREY, words)

    flow = Flow(A4, first, later, turn)
    _head(flow, kit)
    _identity(flow, kit)
    title = kit.type(1.35, bold=True, colour=kit.accent)
    flow.paragraph(letter.title.upper(), title, align=CENTRE, after=10)
    if letter.greeting is not None:
        flow.paragraph(letter.greeting, kit.text, after=kit.after)
    body, conclusion = _divided(letter.body)
    kit.body(flow, body)
    if conclusion:
        _conclude(flow, kit, conclusion)
    kit.ending(flow)
    _feet(flow, kit)
    return flow.sheets


def _divided(body: tuple[Part, ...]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """What comes before the heading of a conclusion, and the conclusion."""
    for n, part in enumerate(body):
        if isinstance(part, str) and part.startswith("# "):
            heading = part[2:].lower()
            if heading.startswith(_CONCLUSIONS) and _has_only_words(body[n:]):
                return body[:n], body[n:]
    return body, ()


def _has_only_words(parts: tuple[Part, ...]) -> bool:
    return all(isinstance(part, str) for part in parts)


def _conclude(flow: Flow, kit: Kit, parts: tuple[Part, ...]) -> None:
    """The conclusion in a tinted frame, on one page if a page can hold it."""
    trial = Flow(A4, Frame(_LEFT + 10, 0, _RIGHT - 10, 10 * A4[1]))
    kit.body(trial, parts)
    height = trial.y + 12
    fits = height < A4[1] / 2
    flow.space(4)
    flow.need(height if fits else 60)
    if fits:
        fill = tint(kit.accent, 0.09)
        flow.sheet.box(_LEFT, flow.y, flow.width, height, kit.accent, line=0.9, fill=fill)
    frame = flow.frame
    flow.frame = frame._replace(left=_LEFT + 10, right=_RIGHT - 10)
    flow.y += 4
    kit.body(flow, parts)
    flow.frame = flow.frame._replace(left=_LEFT, right=_RIGHT)
    flow.y += 10


def _head(flow: Flow, kit: Kit) -> None:
    head, sheet, top = kit.letter.letterhead, flow.sheet, flow.y
    filled = kit.variant(2) == 0
    lines = kit.type(0.8)
    height = top + kit.type(1.7, leading=1.18).leading + len(head.lines) * lines.leading + 3 * MM
    height = max(27 * MM, height)
    if filled:
        sheet.box(0, 0, A4[0], height, fill=tint(kit.accent, 0.14))
        sheet.box(0, height, A4[0], 1.4 * MM, fill=kit.accent)
    else:
        sheet.box(0, 0, A4[0], 4 * MM, fill=kit.accent)
    left = _LEFT
    if kit.logo(sheet, left, top, 44):
        left += 56
    name = kit.type(1.7, bold=True, colour=kit.accent, leading=1.18)
    y = set_block(sheet, (head.house,), name, left, top, 100 * MM)
    set_block(sheet, head.lines, lines, left, y + 1, 100 * MM)
    staff = head.staff or (head.author, *head.author_lines)
    column = _RIGHT - 56 * MM
    names = tuple(line.removeprefix("# ") for line in staff)
    kind = kit.type(0.78, leading=1.28)
    y = set_block(sheet, names, kind, column, top, 56 * MM, RIGHT)
    flow.y = max(height, y) + 7 * MM


def _identity(flow: Flow, kit: Kit) -> None:
    letter, sheet, top = kit.letter, flow.sheet, flow.y
    column = _LEFT + flow.width * 0.55
    y = set_block(sheet, letter.patient[:1], kit.type(1.1, bold=True), _LEFT, top, column - _LEFT)
    facts = tuple(f"{name} : {value}" for name, value in letter.fields)
    lines = (*letter.patient[1:], *letter.reference, *facts)
    y = set_block(sheet, lines, kit.small, _LEFT, y, column - _LEFT)
    right = (letter.place_and_date, "", *letter.recipient)
    lower = set_block(sheet, right, kit.type(0.95), column, top, _RIGHT - column)
    flow.y = max(y, lower) + 16


def _section(flow: Flow, kit: Kit, text: str) -> None:
    kind = kit.type(0.98, bold=True, colour=kit.accent)
    flow.space(5)
    flow.need(kind.leading * 2.5)
    flow.paragraph(text.upper(), kind, after=1)
    flow.sheet.line(flow.frame.left, flow.y, flow.frame.left + 34, flow.y, kit.accent, 1)
    flow.space(4)


def _feet(flow: Flow, kit: Kit) -> None:
    foot = kit.type(0.72, colour=GREY)
    for sheet in flow.sheets:
        sheet.box(0, A4[1] - 5 * MM, A4[0], 5 * MM, fill=kit.accent)
        words = kit.letter.footer
        sheet.write(_LEFT, A4[1] - 11 * MM, foot.font, foot.size, foot.colour, words)
    number_pages(flow.sheets, foot, _RIGHT, A4[1] - 11 * MM)
