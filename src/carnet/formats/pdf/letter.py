"""Lays out a letter on A4 with reportlab, in its standard fonts.

The output is invariant: no clock, no random identifier, so that equal letters are equal bytes.
Standard fonts with WinAnsi encoding keep the text extractable without a font in the file.
"""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    HRFlowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as PdfTable

from carnet.formats.pdf.model import Letter, Table

_INK = HexColor("#1b2a33")
_ACCENT = HexColor("#0f5257")
_LINE = HexColor("#c3cdd0")

_TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=10, leading=14, textColor=_INK)
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=8.5, leading=11)
_HOUSE = ParagraphStyle(
    "house", parent=_TEXT, fontName="Helvetica-Bold", fontSize=13, leading=16, textColor=_ACCENT
)
_RIGHT = ParagraphStyle("right", parent=_TEXT, alignment=TA_RIGHT)
_TITLE = ParagraphStyle(
    "title", parent=_TEXT, fontName="Helvetica-Bold", fontSize=12.5, leading=16, spaceAfter=6
)
_HEADING = ParagraphStyle(
    "heading", parent=_TEXT, fontName="Helvetica-Bold", spaceBefore=6, spaceAfter=2
)
_PARAGRAPH = ParagraphStyle("paragraph", parent=_TEXT, spaceAfter=6)
_ITEM = ParagraphStyle("item", parent=_TEXT, leftIndent=12, bulletIndent=2, spaceAfter=2)
_CELL = ParagraphStyle("cell", parent=_TEXT, fontSize=9, leading=11.5)
_BOLD_CELL = ParagraphStyle("bold-cell", parent=_CELL, fontName="Helvetica-Bold")

_MARGIN = 20 * mm
_PADDING = 6  # of the frame that platypus makes, in points
_WIDTH = A4[0] - 2 * (_MARGIN + _PADDING)


def _lines(texts: tuple[str, ...], style: ParagraphStyle) -> Paragraph:
    return Paragraph("<br/>".join(escape(text) for text in texts), style)


def _head(letter: Letter) -> list[Flowable]:
    """Letterhead on the left, author on the right, then a rule."""
    head = letter.letterhead
    left = [Paragraph(escape(head.house), _HOUSE), _lines(head.lines, _SMALL)]
    author = f"<b>{escape(head.author)}</b>"
    right = [Paragraph("<br/>".join([author, *map(escape, head.author_lines)]), _RIGHT)]
    columns = PdfTable([[left, right]], colWidths=[_WIDTH * 0.58, _WIDTH * 0.42])
    columns.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding()]))
    rule = HRFlowable(width="100%", thickness=0.8, color=_ACCENT, spaceBefore=5, spaceAfter=9)
    return [columns, rule]


def _no_padding() -> list[tuple[str, tuple[int, int], tuple[int, int], int]]:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(side, (0, 0), (-1, -1), 0) for side in sides]


def _address_block(letter: Letter) -> list[Flowable]:
    """Patient on the left; recipient and date on the right."""
    right = [*letter.recipient, "", letter.place_and_date]
    cells = [[_lines(letter.patient, _TEXT), _lines(tuple(right), _RIGHT)]]
    columns = PdfTable(cells, colWidths=[_WIDTH * 0.5, _WIDTH * 0.5])
    columns.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding()]))
    return [columns, Spacer(1, 10)]


def _table(table: Table) -> list[Flowable]:
    heads = [Paragraph(escape(head), _BOLD_CELL) for head in table.heads]
    rows = [
        [Paragraph(escape(cell), _BOLD_CELL if n in table.bold_rows else _CELL) for cell in row]
        for n, row in enumerate(table.rows)
    ]
    share = _WIDTH / (len(table.heads) + 1)
    widths = [share * 2, *([share] * (len(table.heads) - 1))]
    made = PdfTable([heads, *rows], colWidths=widths, repeatRows=1, hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, _ACCENT),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, _LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    title = [] if table.title is None else [Paragraph(escape(table.title), _HEADING)]
    return [*title, made, Spacer(1, 8)]


def _body(part: str | Table) -> list[Flowable]:
    if isinstance(part, Table):
        return _table(part)
    if part.startswith("# "):
        return [Paragraph(escape(part[2:]), _HEADING)]
    if part.startswith("- "):
        return [Paragraph(escape(part[2:]), _ITEM, bulletText="–")]
    return [Paragraph(escape(part), _PARAGRAPH)]


def _end(letter: Letter) -> list[Flowable]:
    """Closing words and signature, kept on one page."""
    parts: list[Flowable] = []
    if letter.closing is not None:
        parts.append(Paragraph(escape(letter.closing), _PARAGRAPH))
    if letter.signature:
        parts.extend([Spacer(1, 10), _lines(letter.signature, _RIGHT)])
    return [KeepTogether(parts)] if parts else []


def _story(letter: Letter) -> list[Flowable]:
    """The letter from head to signature."""
    story = [*_head(letter), *_address_block(letter), Paragraph(escape(letter.title), _TITLE)]
    if letter.greeting is not None:
        story.append(Paragraph(escape(letter.greeting), _PARAGRAPH))
    for part in letter.body:
        story.extend(_body(part))
    return [*story, *_end(letter)]


def _build(letter: Letter, total: int) -> tuple[bytes, int]:
    """The file and its number of pages; ``total`` is what the footers say of that number."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=16 * mm,
        bottomMargin=20 * mm,
        title=letter.title,
        author=letter.letterhead.author or letter.letterhead.house,
        lang="fr-FR",
        invariant=1,
    )

    def footer(canvas: Canvas, _document: object) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(_INK)
        canvas.drawString(_MARGIN + _PADDING, 12 * mm, letter.footer)
        page = f"Page {canvas.getPageNumber()}/{total}"
        canvas.drawRightString(A4[0] - _MARGIN - _PADDING, 12 * mm, page)

    document.build(_story(letter), onFirstPage=footer, onLaterPages=footer)
    return buffer.getvalue(), document.page


def render_letter(letter: Letter) -> bytes:
    """The letter as a PDF file. Equal letters give equal bytes."""
    made, pages = _build(letter, 1)
    return made if pages == 1 else _build(letter, pages)[0]
