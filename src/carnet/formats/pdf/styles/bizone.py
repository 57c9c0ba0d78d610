"""The two-zone prescription of long-term illness (article R. 161-45 of the social security code).

Above, what treats the long-term illness and is covered in full; below, everything else. The body's
first ``---`` divides them.
"""

from __future__ import annotations

from carnet.formats.pdf.barcode import draw_bars
from carnet.formats.pdf.flow import CENTRE, Flow, Frame, set_block
from carnet.formats.pdf.kit import BLACK, Kit
from carnet.formats.pdf.model import Letter, Part
from carnet.formats.pdf.sheet import A4, MM, Sheet

_LEFT, _RIGHT = 14 * MM, A4[0] - 14 * MM
_WIDTH = _RIGHT - _LEFT
_TOP, _MIDDLE, _BOTTOM = 76 * MM, 186 * MM, A4[1] - 26 * MM
_UPPER = (
    (
        "Prescriptions relatives au traitement de l'affection de longue durée reconnue "
        "(liste ou hors liste)"
    ),
    "(AFFECTION EXONÉRANTE)",
)
_LOWER = (
    "Prescriptions SANS RAPPORT avec l'affection de longue durée",
    "(MALADIES INTERCURRENTES)",
)


def compose(letter: Letter) -> list[Sheet]:
    """The printed form, as often as the longer zone needs it."""
    kit = Kit(letter, ("Arimo", "Helvetica", "Tinos"), size=9.8, ink="#0b0b0b")
    kit.bullet = "-"
    kit.after = 0.35 * kit.size
    kit.list_gap = 0.6 * kit.size
    upper, lower = _zones(letter.body)
    above = _zone(kit, upper, _TOP, _MIDDLE, ending=False)
    below = _zone(kit, lower, _MIDDLE, _BOTTOM, ending=True)
    sheets = []
    for n in range(max(len(above), len(below))):
        sheet = Sheet(A4)
        _form(sheet, kit)
        sheet.marks.extend(
            mark for zone in (above, below) for one in zone[n : n + 1] for mark in one.marks
        )
        sheets.append(sheet)
    return sheets


def _zones(body: tuple[Part, ...]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if "---" not in body:
        return body, ()
    middle = body.index("---")
    return body[:middle], body[middle + 1 :]


def _zone(
    kit: Kit, parts: tuple[Part, ...], top: float, bottom: float, *, ending: bool
) -> list[Sheet]:
    """The words of one zone, on as many sheets as they take."""
    frame = Frame(_LEFT + 12, top + 13 * MM, _RIGHT - 12, bottom - 4 * MM)
    flow = Flow(A4, frame)
    kit.body(flow, parts)
    if ending:
        kit.ending(flow)
    return flow.sheets


def _form(sheet: Sheet, kit: Kit) -> None:
    """The printed lines, the identities, the headings of the zones."""
    letter, head = kit.letter, kit.letter.letterhead
    top, half = 22 * MM, _WIDTH / 2 - 4
    title = kit.type(1.35, bold=True)
    number = kit.type(0.75)
    heading = letter.title or "Ordonnancier bizone"
    set_block(sheet, (heading,), title, _LEFT, 9 * MM, _WIDTH, CENTRE)
    set_block(
        sheet,
        ("(articles L. 162-4, L. 324-1 et R. 161-45 du code de la sécurité sociale)",),
        number,
        _LEFT,
        15 * MM,
        _WIDTH,
        CENTRE,
    )
    sheet.write_right(_RIGHT, 12 * MM, number.font, number.size, number.colour, "n° 60-3937")
    for x in (_LEFT, _LEFT + half + 8):
        sheet.box(x, top, half, 50 * MM, BLACK, line=0.7)
    label = kit.type(0.75, italic=True)
    set_block(sheet, ("Identification du prescripteur",), label, _LEFT + 4, top + 2, half)
    y = set_block(
        sheet,
        (head.author or head.house,),
        kit.type(1.05, bold=True),
        _LEFT + 6,
        top + 15,
        half - 12,
    )
    house = (head.house, *head.lines) if head.author else head.lines
    set_block(sheet, (*head.author_lines, *house), kit.type(0.82), _LEFT + 6, y, half - 12)
    for n, code in enumerate(head.codes[:2]):
        x, y = _LEFT + 6 + n * (half / 2), top + 50 * MM - 30
        draw_bars(sheet, x, y, half / 2 - 14, 17, code)
        sheet.write(x, y + 24, number.font, number.size, number.colour, code)
    column = _LEFT + half + 14
    set_block(sheet, ("Identification du patient",), label, column - 2, top + 2, half)
    y = set_block(sheet, letter.patient[:1], kit.type(1.05, bold=True), column, top + 15, half - 12)
    y = set_block(sheet, letter.patient[1:], kit.type(0.88), column, y, half - 12)
    set_block(sheet, letter.reference, kit.type(0.82), column, y + 2, half - 12)
    date = kit.type()
    sheet.write(column, top + 50 * MM - 8, date.font, date.size, date.colour, letter.place_and_date)
    for start, end, words in ((_TOP, _MIDDLE, _UPPER), (_MIDDLE, _BOTTOM, _LOWER)):
        sheet.box(_LEFT, start, _WIDTH, end - start, BLACK, line=1)
        sheet.box(_LEFT, start, _WIDTH, 10 * MM, BLACK, line=1, fill="#dde3ea")
        set_block(
            sheet, words, kit.type(0.85, bold=True, leading=1.25), _LEFT, start + 3, _WIDTH, CENTRE
        )
    law = kit.type(0.62, leading=1.2)
    warning = (
        (
            "Quiconque se rend coupable de fraude ou de fausse déclaration est passible de "
            "pénalités "
            "financières, d'amende et/ou d'emprisonnement (articles 441-1 et suivants du code "
            "pénal)."
        ),
        letter.footer,
    )
    set_block(sheet, warning, law, _LEFT, _BOTTOM + 6, _WIDTH)
