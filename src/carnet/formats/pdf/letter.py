"""A letter as a PDF file with text that can be read back, in the style that the letter names."""

from __future__ import annotations

import msgspec

from carnet.formats.pdf.marks import draw_file
from carnet.formats.pdf.model import Letter
from carnet.formats.pdf.styles import compose


def render_letter(letter: Letter) -> bytes:
    """The letter as a PDF file. Equal letters give equal bytes.

    Raises ``character-not-printable`` where a character is in no packaged typeface.
    """
    sheets = compose(letter)
    author = letter.letterhead.author or letter.letterhead.house
    identity = msgspec.msgpack.encode(letter, order="deterministic")
    return draw_file(sheets, letter.title, author, identity)
