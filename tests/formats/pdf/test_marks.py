"""Sheets as PDF: each mark becomes the operators that PDF has for it (ISO 32000-1, 8 and 9)."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from carnet.formats.pdf.families import family
from carnet.formats.pdf.marks import draw_file
from carnet.formats.pdf.sheet import Line, Round, Sheet

HELVETICA = family("Helvetica").regular


def operators(sheet: Sheet) -> str:
    """The content of a page with this sheet, white space made single."""
    (page,) = PdfReader(io.BytesIO(draw_file([sheet], "Titre", "", b"")), strict=True).pages
    content = page.get_contents()
    assert content is not None
    return " ".join(content.get_data().decode("latin-1").split())


def test_a_page_has_the_size_of_its_sheet_and_heights_count_from_below() -> None:
    sheet = Sheet((200, 300))
    sheet.box(10, 20, 30, 40, fill="#ff0000")
    pdf = draw_file([sheet, Sheet((100, 50))], "", "", b"")
    sizes = [
        (page.mediabox.width, page.mediabox.height) for page in PdfReader(io.BytesIO(pdf)).pages
    ]
    assert sizes == [(200, 300), (100, 50)]
    assert "1 0 0 rg n 10 240 30 40 re f" in operators(sheet)


def test_a_dashed_line_is_dashed_and_the_next_is_whole() -> None:
    sheet = Sheet((200, 300))
    sheet.marks.append(Line(((10, 20), (110, 20)), "#000000", 0.7, dash=2.5))
    sheet.line(10, 30, 110, 30, "#000000", 0.7)
    assert re.search(
        r"\.7 w \[2\.5\] 0 d n 10 280 m 110 280 l S \[\] 0 d n 10 270 m 110 270 l S",
        operators(sheet),
    )


def test_a_shape_is_closed_filled_and_stroked_as_it_says() -> None:
    sheet = Sheet((200, 300))
    sheet.marks.append(Line(((0, 300), (9, 300), (9, 290)), None, 0, "#00ff00"))
    sheet.marks.append(Round(10, 20, 30, 40, "#0000ff", 2))
    found = operators(sheet)
    assert "0 1 0 rg n 0 0 m 9 0 l 9 10 l h f" in found
    circle = re.search(r"0 0 1 RG 2 w n 40 260 m ((?:[-.\d]+ ){6}c ){4}S", found)
    assert circle is not None


def test_texts_in_a_row_share_one_object_and_repeat_neither_font_nor_colour() -> None:
    sheet = Sheet((200, 300))
    for n in range(3):
        sheet.write(10, 20 + 10 * n, HELVETICA, 9, "#ff0000", f"(œ{n})")
    sheet.line(0, 0, 9, 9, "#000000")
    sheet.write(10, 60, HELVETICA, 9, "#ff0000", "fin", gap=1.5)
    found = operators(sheet)
    assert found.count("BT") == 1 + 2  # reportlab opens each page with one of its own
    assert found.count(" 9 Tf") == 2
    assert found.count("1 0 0 rg") == 1
    assert r"1 0 0 1 10 280 Tm (\(\2340\)) Tj 1 0 0 1 10 270 Tm" in found
    assert "1.5 Tw 1 0 0 1 10 240 Tm (fin) Tj" in found


def test_text_at_an_angle_turns_with_its_baseline() -> None:
    sheet = Sheet((200, 300))
    sheet.write(10, 20, HELVETICA, 9, "#000000", "tampon", angle=30)
    assert ".866025 .5 -0.5 .866025 10 280 Tm (tampon) Tj" in operators(sheet)
