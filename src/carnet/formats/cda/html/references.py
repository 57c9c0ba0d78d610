"""What the narrative points at and comes to know later: files, footnotes, other words.

A pointer is written as a mark between two NUL characters, which XML cannot hold; ``resolved`` puts
in what was found by the end of the document.
"""

from __future__ import annotations

import re
from html import escape

import msgspec

from carnet.formats.cda.html.model import Attachment
from carnet.formats.cda.html.naming import footnote_id, html_id

_MARK = re.compile("\0(\\d+)\0", re.ASCII)
_LONGEST_NAME = 200
IMAGES = frozenset(
    f"image/{name}" for name in ("jpeg", "jpg", "png", "gif", "tiff", "heic", "heif")
)
"""Media types that are shown in their place; every other file is a link."""


class _Media(msgspec.Struct):
    names: list[str]
    captioned: bool = False


class _Link(msgspec.Struct):
    target: str
    attributes: str


class _Note(msgspec.Struct):
    target: str
    linked: bool


class References:
    """The pointers of one document; ``media`` begins the address of its files."""

    def __init__(self, prefix: str, media: str) -> None:
        self.prefix = prefix
        self._address = media
        self._ids: set[str] = set()
        self._notes: dict[str, int] = {}
        self._footnotes = 0
        self._marks: list[_Media | _Link | _Note] = []
        self._files: dict[str, Attachment] = {}
        self.shown: set[int] = set()

    def take(self, given: str) -> bool:
        """Whether an element may have this ID: the first that asks for it."""
        if given in self._ids:
            return False
        self._ids.add(given)
        return True

    def media(self, names: list[str]) -> str:
        """The mark of files by their names."""
        return self._mark(_Media(names[:20]))

    def mark_captioned(self) -> None:
        """The media pointed at last has a caption of its own."""
        for mark in reversed(self._marks):
            if isinstance(mark, _Media):
                mark.captioned = True
                return

    def link(self, target: str, attributes: str) -> str:
        """The mark of the start of a link inside the document; ``</a>`` ends it."""
        return self._mark(_Link(target, attributes))

    def footnote(self, given: str | None) -> int:
        """The number of a new footnote."""
        self._footnotes += 1
        if given:
            self._notes.setdefault(given, self._footnotes)
        return self._footnotes

    def footnote_ref(self, target: str, *, linked: bool) -> str:
        """The mark of one more call of a footnote."""
        return self._mark(_Note(target, linked))

    def name_file(self, names: list[str], attachment: Attachment) -> None:
        """A file was found, under these names."""
        for name in names:
            self._files.setdefault(name, attachment)

    def resolved(self, html: str) -> str:
        """The HTML with every mark replaced."""
        return _MARK.sub(self._resolve, html)

    def _mark(self, mark: _Media | _Link | _Note) -> str:
        self._marks.append(mark)
        return f"\0{len(self._marks) - 1}\0"

    def _resolve(self, found: re.Match[str]) -> str:
        mark = self._marks[int(found[1])]
        if isinstance(mark, _Link):
            if mark.target not in self._ids:
                return f"<a{mark.attributes}>"
            return f'<a{mark.attributes} href="#{html_id(mark.target, self.prefix)}">'
        if isinstance(mark, _Note):
            number = self._notes.get(mark.target)
            if number is None:
                return _missing(mark.target)
            note = f"[{number}]"
            if mark.linked:
                note = f'<a href="#{footnote_id(number, self.prefix)}">{note}</a>'
            return f"<sup>{note}</sup>"
        return " ".join(self._file(name, captioned=mark.captioned) for name in mark.names)

    def _file(self, name: str, *, captioned: bool) -> str:
        file = self._files.get(name)
        if file is None:
            return _missing(name)
        self.shown.add(file.number)
        words = escape(_called(file))
        if file.address or not self._address:
            return f'<span class="cda-attachment">{words}</span>'
        address = escape(f"{self._address}{file.number}")
        if file.media_type in IMAGES:
            told = "" if captioned else words
            return f'<img class="cda-image" alt="{told}" loading="lazy" src="{address}">'
        return f'<a class="cda-attachment" href="{address}">{words}</a>'


def _called(file: Attachment) -> str:
    """What a file is called: the name that the narrative gives it, and its type."""
    sort = file.media_type.rpartition("/")[2].upper()
    name = file.name[:_LONGEST_NAME]
    return f"{name} ({sort})" if sort and name else name or sort


def _missing(name: str) -> str:
    """What is pointed at and is not in the document: its name, marked."""
    return f'<span class="cda-missing">[{escape(name[:_LONGEST_NAME], quote=False)}]</span>'
