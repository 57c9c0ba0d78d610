"""The typefaces, packaged and standard, as reportlab reads and measures them.

Lengths are in thousandths of the type size, as PDF counts them.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_ENCODING = "cp1252"  # reportlab's own WinAnsiEncoding writes a bullet as a code with no meaning
_CODES = tuple(n for n in range(0x20, 0x100) if n not in {0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D})

STANDARD = (
    "Helvetica",
    "Helvetica-Bold",
    "Helvetica-Oblique",
    "Times-Roman",
    "Times-Bold",
    "Times-Italic",
    "Courier",
    "Courier-Bold",
)
"""The fonts that every PDF reader has and letters use (ISO 32000-1, 9.6.2.2)."""


class Face(NamedTuple):
    """A packaged typeface: its file, and the width of each character in it."""

    name: str
    file: bytes
    widths: dict[str, float]
    characters: frozenset[str]


@cache
def face(name: str) -> Face:
    """The packaged typeface of that name, read and made known to reportlab once a process."""
    file = files("carnet.formats.pdf").joinpath("typefaces", f"{name}.ttf").read_bytes()
    made = TTFont(name, io.BytesIO(file), shapable=False, asciiReadable=False)
    # Bold cuts made from variable fonts call themselves regular; one name, one font in a document.
    made.face.name = name.encode()
    pdfmetrics.registerFont(made)
    widths = {chr(code): width for code, width in made.face.charWidths.items()}
    return Face(name, file, widths, frozenset(widths))


@cache
def standard_widths(name: str) -> dict[str, float]:
    """The width of each character of Windows-1252 in a standard font."""
    widths = pdfmetrics.getFont(name).widths
    return {bytes([code]).decode(_ENCODING): float(widths[code]) for code in _CODES}


def _register_standard() -> None:
    """Has reportlab write the standard fonts in Python's Windows-1252, which PDF calls WinAnsi."""
    pdfmetrics.registerEncoding(pdfmetrics.Encoding(_ENCODING, "WinAnsiEncoding"))
    for name in STANDARD:
        pdfmetrics.registerFont(pdfmetrics.Font(name, name, _ENCODING))


_register_standard()
