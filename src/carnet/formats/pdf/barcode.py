"""Bar codes of digits, as prescriptions carry them (Code 128, ISO/IEC 15417)."""

from __future__ import annotations

from reportlab.graphics.barcode.code128 import Code128

from carnet.formats.pdf.sheet import Sheet


def bars(digits: str) -> list[int]:
    """The widths of bars and gaps in turn, in modules."""
    code = Code128(digits, quiet=0)
    _ = code.width  # asked for it, reportlab works the pattern out
    pattern: str = code.decomposed  # a letter each: A to D modules of black, a to d of white
    return ["ABCD".index(letter) + 1 for letter in pattern.upper()]


def draw_bars(sheet: Sheet, x: float, y: float, width: float, height: float, digits: str) -> None:
    """The code between x and x + ``width``."""
    widths = bars(digits)
    module = width / sum(widths)
    for n, modules in enumerate(widths):
        step = modules * module
        if n % 2 == 0:
            sheet.box(x, y, step, height, fill="#000000")
        x += step
