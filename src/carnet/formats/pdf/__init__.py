"""Makes PDF letters and reports, and drawn photographs, in bytes that depend on the input only."""

from __future__ import annotations

from carnet.formats.pdf.letter import render_letter
from carnet.formats.pdf.model import Letter, Letterhead, Table
from carnet.formats.pdf.photograph import Photograph, render_photograph

__all__ = [
    "Letter",
    "Letterhead",
    "Photograph",
    "Table",
    "render_letter",
    "render_photograph",
]
