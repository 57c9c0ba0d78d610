"""HTML cut into tags and texts, for those who change only texts; joined they are what they were."""

from __future__ import annotations

import re

import msgspec

# One tag; quantifiers give nothing back, so that what is none costs its length once.
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*+)(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>")
COMMENT = "<!--"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


CLOSED = _names(
    "a abbr audio button code dfn h1 h2 h3 h4 h5 h6 head kbd label math option pre samp script"
    " select style summary svg template textarea time title var video"
)
"""In these, texts are left alone: controls and their names, headings, what is quoted exactly."""

BREAKS = _names(
    "address article aside blockquote body dd details div dl dt fieldset figcaption figure footer"
    " form header hr html li main nav ol p section table ul"
)
"""These begin or end a paragraph; a table is one, for its cells say the same words again."""

SPLITS = BREAKS | _names("br button caption col colgroup img tbody td tfoot th thead tr")
"""Letters at both sides of these are not one word."""


class Piece(msgspec.Struct):
    """A tag or a text. ``open``: a text that may be changed. ``breaks``: a paragraph ends here.

    ``glued_before`` and ``glued_after``: its first or last letter is part of a word that goes on in
    another piece (``<b>Hb</b>A1c``).
    """

    text: str
    open: bool = False
    breaks: bool = False
    glued_before: bool = False
    glued_after: bool = False


def pieces_of(html: str) -> list[Piece]:
    """Cut HTML. What follows a tag that does not end is one piece that is left alone."""
    pieces: list[Piece] = []
    last: Piece | None = None  # the text before, where nothing splits it from the next
    closed = at = 0
    while at < len(html):
        begin = html.find("<", at)
        if begin != at:
            text = Piece(html[at : begin if begin >= 0 else len(html)], open=not closed)
            if last and _lettered(last.text[-1]) and _lettered(text.text[0]):
                last.glued_after = text.glued_before = True
            pieces.append(text)
            last = text
            if begin < 0:
                break
        end, name, ending = _markup(html, begin)
        pieces.append(Piece(html[begin:end], breaks=name in BREAKS))
        if name in SPLITS:
            last = None
        if name in CLOSED:
            closed = max(closed - 1, 0) if ending else closed + 1
        at = end
    return pieces


def _markup(html: str, begin: int) -> tuple[int, str, bool]:
    """Where a tag or comment ends, its name, and whether it ends an element."""
    tag = TAG.match(html, begin)
    if tag:
        return tag.end(), tag[2].lower(), bool(tag[1])
    if html.startswith(COMMENT, begin):
        end = html.find("-->", begin)
        if end >= 0:
            return end + 3, "", False
    return len(html), "", False


def _lettered(char: str) -> bool:
    return char.isalnum()
