"""Typefaces: measures as their files state them, and those of the standard fonts."""

from __future__ import annotations

import io

import pytest
from PIL import ImageFont

from carnet.formats.pdf.fonts import STANDARD, face, standard_widths

NAMES = (
    "Arimo-Regular",
    "Tinos-Bold",
    "Cousine-Regular",
    "OpenSans-Regular",
    "EBGaramond-Italic",
    "RobotoCondensed-Bold",
    "Caveat-Regular",
    "Kalam-Light",
    "DejaVuSans",
)


@pytest.mark.parametrize("name", NAMES)
def test_widths_are_those_that_another_reader_of_the_file_finds(name: str) -> None:
    typeface = face(name)
    reader = ImageFont.truetype(io.BytesIO(typeface.file), 1000)
    for char in "aWéœÇ1,-":
        assert typeface.widths[char] == pytest.approx(reader.getlength(char), abs=1.5)


@pytest.mark.parametrize("name", NAMES)
def test_french_can_be_written_in_every_face(name: str) -> None:
    french = "àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛÜŒÆ«»’…–—€°µ\xa0"
    assert face(name).characters.issuperset(french)


@pytest.mark.parametrize("name", STANDARD)
def test_a_standard_font_measures_all_of_windows_1252(name: str) -> None:
    widths = standard_widths(name)
    assert len(widths) == 218
    assert min(widths.values()) > 0
    assert widths["\xa0"] == widths[" "]


@pytest.mark.parametrize(
    ("standard", "packaged"), [("Helvetica", "Arimo-Regular"), ("Times-Italic", "Tinos-Italic")]
)
def test_letters_are_as_wide_in_a_standard_font_as_in_its_packaged_twin(
    standard: str, packaged: str
) -> None:
    """Scans and photographs show the twin where the PDF names the standard font."""
    one, other = standard_widths(standard), face(packaged).widths
    for char in "aWéœÇ1,- …€«":
        assert one[char] == pytest.approx(other[char], abs=1)
