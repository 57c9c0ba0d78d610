"""Fonts as a letter uses them: a typeface, written into the file or assumed in every reader.

The three standard families of PDF (ISO 32000-1, 9.6.2.2) measure what Arimo, Tinos and Cousine
measure; text in Windows-1252 needs no font in the file then, as in much practice software.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from carnet.formats.pdf.fonts import Face, face, standard_widths
from carnet.record.errors import CarnetError

_LAST_RESORT = "DejaVuSans"
_REMEMBERED = 50_000  # words a font keeps the width of


class Font:
    """A typeface in one of its two uses. ``standard`` is its PDF name where it is not embedded.

    ``widths`` are thousandths of the type size, by character.
    """

    __slots__ = ("_measured", "face", "name", "standard", "widths", "writable")

    def __init__(self, typeface: Face, standard: str | None = None) -> None:
        self.face = typeface
        self.standard = standard
        self.name = standard or typeface.name
        widths = typeface.widths if standard is None else standard_widths(standard)
        self.widths = {char: widths[char] for char in typeface.characters.intersection(widths)}
        self.writable = frozenset(self.widths)
        self._measured: dict[str, float] = {}

    def width(self, text: str) -> float:
        """How wide ``text`` runs at size 1, in points."""
        known = self._measured.get(text)
        if known is None:
            if len(self._measured) > _REMEMBERED:
                self._measured.clear()
            known = self._measure(text)
            self._measured[text] = known
        return known

    def _measure(self, text: str) -> float:
        widths = self.widths
        try:
            length = sum([widths[char] for char in text])
        except KeyError:
            return sum(run.width(piece) for run, piece in self.runs(text))
        return length / 1000

    def runs(self, text: str) -> list[tuple[Font, str]]:
        """``text`` cut where another font has to write.

        Raises ``character-not-printable`` for what no packaged face holds.
        """
        if self.writable.issuperset(text):
            return [(self, text)]
        made: list[tuple[Font, str]] = []
        for char in unicodedata.normalize("NFC", text):
            writer = self if char in self.writable else self._writer(char)
            if made and made[-1][0] is writer:
                made[-1] = (writer, made[-1][1] + char)
            else:
                made.append((writer, char))
        return made

    def _writer(self, char: str) -> Font:
        for name in (self.face.name, _LAST_RESORT):
            substitute = font(name)
            if char in substitute.writable:
                return substitute
        raise CarnetError("character-not-printable", "letter", character=f"U+{ord(char):04X}")


class Family(NamedTuple):
    """The cuts of one design."""

    regular: Font
    bold: Font
    italic: Font


@cache
def font(name: str, standard: str | None = None) -> Font:
    """The font of a packaged typeface, embedded unless ``standard`` names it."""
    return Font(face(name), standard)


_FAMILIES: dict[str, tuple[tuple[str, str | None], ...]] = {
    "Helvetica": (
        ("Arimo-Regular", "Helvetica"),
        ("Arimo-Bold", "Helvetica-Bold"),
        ("Arimo-Italic", "Helvetica-Oblique"),
    ),
    "Times": (
        ("Tinos-Regular", "Times-Roman"),
        ("Tinos-Bold", "Times-Bold"),
        ("Tinos-Italic", "Times-Italic"),
    ),
    "Courier": (
        ("Cousine-Regular", "Courier"),
        ("Cousine-Bold", "Courier-Bold"),
        ("Cousine-Regular", "Courier"),
    ),
    "Arimo": (("Arimo-Regular", None), ("Arimo-Bold", None), ("Arimo-Italic", None)),
    "Tinos": (("Tinos-Regular", None), ("Tinos-Bold", None), ("Tinos-Italic", None)),
    "Cousine": (("Cousine-Regular", None), ("Cousine-Bold", None), ("Cousine-Regular", None)),
    "Open Sans": (("OpenSans-Regular", None), ("OpenSans-Bold", None), ("OpenSans-Italic", None)),
    "Garamond": (
        ("EBGaramond-Regular", None),
        ("EBGaramond-Bold", None),
        ("EBGaramond-Italic", None),
    ),
    "Roboto Condensed": (
        ("RobotoCondensed-Regular", None),
        ("RobotoCondensed-Bold", None),
        ("RobotoCondensed-Regular", None),
    ),
    "DejaVu": (("DejaVuSans", None), ("DejaVuSans", None), ("DejaVuSans", None)),
}

HANDS = ("Caveat-Regular", "Kalam-Light")
"""Typefaces that pass for handwriting."""


@cache
def family(name: str) -> Family:
    """The family of that name, its files read when it is first asked for."""
    return Family(*(font(*cut) for cut in _FAMILIES[name]))
