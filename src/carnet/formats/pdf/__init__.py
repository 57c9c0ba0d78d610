"""Makes PDF letters, scans of them and photographs, in bytes that depend on the input only."""

from __future__ import annotations

from carnet.formats.pdf.letter import render_letter
from carnet.formats.pdf.look import look_of
from carnet.formats.pdf.model import Letter, Letterhead, Look, Picture, Style, Table
from carnet.formats.pdf.photograph import Photograph, Scene, render_photograph
from carnet.formats.pdf.scan import Scan, render_scan, scan_of

__all__ = [
    "Letter",
    "Letterhead",
    "Look",
    "Photograph",
    "Picture",
    "Scan",
    "Scene",
    "Style",
    "Table",
    "look_of",
    "render_letter",
    "render_photograph",
    "render_scan",
    "scan_of",
]
