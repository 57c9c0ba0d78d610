"""PDF: pages, pictures and text by PDFium; the copy that a browser may open by ``sanitise``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
from pypdfium2 import raw

from carnet.formats.cda.html.naming import cleaned
from carnet.reading import images
from carnet.reading.model import Body, Pages, PageText, Picture, TextLine
from carnet.reading.sanitise import sanitised
from carnet.reading.texts import without_controls
from carnet.record.errors import CarnetError, Notice

MOST_POINTS = 12_000_000
"""Points of a page as a picture."""
_WIDEST = 3_000
_SAMPLED_PAGES = 5
_SAMPLED_CHARACTERS = 2_000
_MOST_LINES = 5_000
_MOST_PAGES = 200
_MOST_CHARACTERS = 2_000_000
_LINE_ENDS = str.maketrans({"\x02": "-", "\ufffe": "-", "\r": None, "\f": "\n"})
"""PDFium marks a hyphen that ends a line by a character of its own."""


def load() -> None:
    """Start PDFium (importing it does)."""
    raw.FPDF_GetLastError()


def read(content: bytes) -> tuple[Body, tuple[Notice, ...]]:
    """The copy to show, how many pages it has, and what is not in it.

    Raises ``CarnetError``: ``reading-pdf-encrypted``, ``reading-pdf-broken``.
    """
    copy = sanitised(content)
    notices = [Notice(f"reading-pdf-{sort}-removed") for sort in sorted(copy.removed)]
    if copy.links:
        notices.append(Notice("reading-pdf-links-removed", params={"count": str(copy.links)}))
    with _opened(copy.pdf) as document:
        count = len(document)
        if not _has_text(document):
            notices.append(Notice("reading-pdf-without-text"))
    if not count:
        raise CarnetError("reading-pdf-broken")
    return Pages(count, copy.pdf), tuple(notices)


def page_picture(content: bytes, page: int, width: int) -> Picture:
    """A page (from 1) drawn at a width in points. Raises also ``reading-page-absent``."""
    with _opened(content) as document:
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()
        found = _page(document, page)
        across, down = found.get_size()
        if across <= 0 or down <= 0:
            raise CarnetError("reading-pdf-broken")
        scale = max(16, min(width, _WIDEST)) / across
        scale = min(scale, (MOST_POINTS / (across * down)) ** 0.5, _WIDEST * 4 / down)
        drawn = found.render(scale=scale).to_pil().convert("RGB")
        made = images.encode(drawn)
        return Picture(made.content, made.media_type, made.width, made.height, page, len(document))


def page_text(content: bytes, page: int) -> PageText:
    """The words of a page (from 1) and where they stand. Raises also ``reading-page-absent``."""
    with _opened(content) as document:
        found = _page(document, page)
        width, height = found.get_size()
        text = found.get_textpage()
        lines: list[TextLine] = []
        for number in range(min(text.count_rects(), _MOST_LINES)):
            left, bottom, right, top = text.get_rect(number)
            words = cleaned(text.get_text_bounded(left, bottom, right, top))[0].strip()
            if words and width > 0 and height > 0:
                lines.append(
                    TextLine(
                        words,
                        round(left / width, 4),
                        round(1 - top / height, 4),
                        round(right / width, 4),
                        round(1 - bottom / height, 4),
                    )
                )
        return PageText(page, width, height, tuple(lines))


def whole_text(content: bytes) -> str | None:
    """The words of the first pages, line by line; None for scans and letters that say nothing.

    Raises as ``read``.
    """
    pages: list[str] = []
    left = _MOST_CHARACTERS
    with _opened(content) as document:
        for number in range(min(len(document), _MOST_PAGES)):
            text = document[number].get_textpage()
            known, unknown = _characters(text)
            if known <= unknown:
                continue
            pages.append(text.get_text_range(0, min(text.count_chars(), left)))
            left -= len(pages[-1])
            if left <= 0:
                break
    words = "\f".join(_words(page) for page in pages)
    return words if words.strip() else None


def _words(page: str) -> str:
    return without_controls(cleaned(page.translate(_LINE_ENDS))[0]).strip()


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        code = "reading-pdf-encrypted" if encrypted else "reading-pdf-broken"
        raise CarnetError(code) from None
    try:
        yield document
    except (pypdfium2.PdfiumError, ValueError, OverflowError):
        raise CarnetError("reading-pdf-broken") from None
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, page: int) -> pypdfium2.PdfPage:
    if not 1 <= page <= len(document):
        raise CarnetError("reading-page-absent", page=page, count=len(document))
    return document[page - 1]


def _has_text(document: pypdfium2.PdfDocument) -> bool:
    """Whether the words of the first pages can be known: not scans, fonts with a text map."""
    known = unknown = 0
    for number in range(min(len(document), _SAMPLED_PAGES)):
        more = _characters(document[number].get_textpage())
        known, unknown = known + more[0], unknown + more[1]
    return known > unknown


def _characters(text: pypdfium2.PdfTextPage) -> tuple[int, int]:
    """Of the first characters of a page, how many are known and how many stand for nothing."""
    looked = min(text.count_chars(), _SAMPLED_CHARACTERS)
    unknown = sum(raw.FPDFText_HasUnicodeMapError(text.raw, index) == 1 for index in range(looked))
    return looked - unknown, unknown
