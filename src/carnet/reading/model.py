"""What is asked of the reading processes and what they answer, as values that travel by pipe."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.formats.cda.html import Attachment, Header, Narrative
from carnet.record.errors import CarnetError, Notice


class ReadingLimits(msgspec.Struct, frozen=True):
    """What one document may cost.

    ``seconds`` are of wall clock and of processor; ``memory`` are bytes beyond what the empty
    process holds; ``answer`` is the longest answer in bytes; ``files`` are open file descriptors.
    """

    seconds: int = 20
    memory: int = 1_024 * 1_048_576
    answer: int = 160 * 1_048_576
    files: int = 64


class Html(msgspec.Struct, frozen=True, tag="html"):
    """A structured body. The HTML is safe to put into a page as it is."""

    narrative: Narrative


class Pages(msgspec.Struct, frozen=True, tag="pages"):
    """A PDF: the sanitised copy for pdf.js; each page is also to be had as a picture."""

    count: int
    pdf: bytes


class Picture(msgspec.Struct, frozen=True, tag="image"):
    """A picture made anew from its points, without anything else that the file held.

    ``page`` counts from 1 to ``pages`` (a TIFF may hold several; a PDF's page as a picture).
    """

    content: bytes
    media_type: str
    width: int
    height: int
    page: int = 1
    pages: int = 1


class Plain(msgspec.Struct, frozen=True, tag="text"):
    """Words without markup, with their line breaks."""

    text: str


class Unreadable(msgspec.Struct, frozen=True, tag="unreadable"):
    """Not shown: ``code`` is of the catalogue, ``params`` fill its sentence."""

    code: str
    params: dict[str, str] = {}

    def error(self) -> CarnetError:
        """The same as a refusal of the catalogue."""
        return CarnetError(self.code, **self.params)


Body = Html | Pages | Picture | Plain | Unreadable


class Readable(msgspec.Struct, frozen=True, kw_only=True):
    """A document as a person can see it.

    ``header``, ``language`` and ``attachments`` are those of a CDA; ``media_type`` is that of what
    ``body`` was made from. ``notices`` say what is not shown as it stands in the document.
    """

    body: Body
    media_type: str
    header: Header | None = None
    language: str = ""
    attachments: tuple[Attachment, ...] = ()
    notices: tuple[Notice, ...] = ()


class TextLine(msgspec.Struct, frozen=True, array_like=True):
    """Words of a page and their box, as parts of its width and height from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class PageText(msgspec.Struct, frozen=True, tag="page-text"):
    """The text of one page of a PDF, by lines. ``width`` and ``height`` are in points (1/72 in)."""

    page: int
    width: float
    height: float
    lines: tuple[TextLine, ...]


class WholeText(msgspec.Struct, frozen=True, tag="whole-text"):
    """The words of all pages; a form feed stands between two. None where they cannot be known."""

    text: str | None


class Want(StrEnum):
    """What is asked of a reading process."""

    DOCUMENT = "document"
    PAGE = "page"  # as a picture
    TEXT = "text"  # of a page
    WHOLE_TEXT = "whole-text"  # of all pages, without places


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One document for one process.

    ``inside`` is the number of a file inside the CDA (0: its body); None: the document itself.
    ``files`` begins the addresses of files in the HTML, ``prefix`` its ids.
    """

    want: Want
    content: bytes
    media_type: str
    inside: int | None = None
    page: int = 1
    width: int = 1_200
    files: str = ""
    prefix: str = "doc"


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """A refusal in answer to what was asked (no such page, no such file)."""

    code: str
    params: dict[str, str] = {}


class Read(msgspec.Struct, frozen=True, tag="read"):
    """A document, read."""

    readable: Readable


Answer = Read | Picture | PageText | WholeText | Failure
