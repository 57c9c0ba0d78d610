"""One pass over a CDA: its header as nodes, its sections to the writer, its files by number.

Text is kept of the header, the narrative and, when asked for, of one file; base64 runs through. The
document is read whole before anything is returned: the places that the narrative points to may
follow it.
"""

from __future__ import annotations

import binascii
from base64 import b64decode

from carnet.formats.cda.html.files import FileReader
from carnet.formats.cda.html.header import header_of
from carnet.formats.cda.html.model import (
    DEFAULT_LIMITS,
    Attachment,
    CdaReading,
    Narrative,
    NarrativeLimits,
    Section,
)
from carnet.formats.cda.html.naming import PREFIX, is_prefix, section_id
from carnet.formats.cda.html.references import References
from carnet.formats.cda.html.rendering import NarrativeWriter
from carnet.formats.cda.html.wall import walled
from carnet.formats.cda.tree import HL7, Node
from carnet.formats.xml import SafeXmlReader
from carnet.record.errors import CarnetError, Notice

HEADING = 3
"""The level of the outermost sections' headings: the page's title and the card's stand above."""
HEADER_ELEMENTS = 20_000
_LONGEST_TITLE = 1_000
_LONGEST_HEADER_TEXT = 10_000
_PREFIX = f"{HL7} "
_ROOT = f"{HL7} ClinicalDocument"


def read_html(
    data: bytes,
    *,
    media: str = "",
    prefix: str = PREFIX,
    heading: int = HEADING,
    limits: NarrativeLimits = DEFAULT_LIMITS,
) -> CdaReading:
    """The document for a person to read.

    ``media`` begins the address of each file inside the document, which its number ends; without
    it they are only named. ``prefix`` begins every id. Raises ``CarnetError``: those of
    ``SafeXmlReader``, ``cda-not-a-document``, ``cda-body-missing``.
    """
    if not is_prefix(prefix) or (media and not media.startswith("/")) or media.startswith("//"):
        raise ValueError("the prefix must be a plain word, the address of files one of this site")
    references = References(prefix, media)
    writer = NarrativeWriter(limits, references, heading)
    walk = _Walk(writer, references, FileReader(references, limits.attachments))
    walk.read(data)
    return walk.reading(walled(writer.html(), media))


def embedded(data: bytes, number: int) -> tuple[Attachment, bytes]:
    """A file inside the document, and its bytes; 0 is the body of a document that is one file.

    Raises ``CarnetError``: as ``read_html``, ``reading-file-absent``, ``base64-malformed``.
    """
    references = References(PREFIX, "")
    files = FileReader(references, DEFAULT_LIMITS.attachments, wanted=number)
    walk = _Walk(NarrativeWriter(NarrativeLimits(0, 0), references, HEADING), references, files)
    walk.read(data)
    found = (
        files.body if number == 0 else next((f for f in files.found if f.number == number), None)
    )
    if found is None or found.address:
        raise CarnetError("reading-file-absent")
    if not files.encoded:
        return found, files.text().encode()
    try:
        return found, b64decode("".join(files.text().split()), validate=True)
    except (binascii.Error, ValueError):
        raise CarnetError("base64-malformed") from None


class _Walk:
    """Where the reader stands in the document, and what it hands to whom."""

    def __init__(self, writer: NarrativeWriter, references: References, files: FileReader) -> None:
        self._writer = writer
        self._references = references
        self._files = files
        self._xml = SafeXmlReader(self._start_root, self._end_header)
        self._names: dict[str, str] = {}
        self._root: Node | None = None
        self._nodes: list[Node] = []
        self._header_elements = 0
        self._header_cut = False
        self._path: list[str] = []
        self._sections: list[Section] = []
        self._open_sections: list[bool] = []  # of each: whether it was written
        self._titled: list[bool] = []  # of each: whether it has a title
        self._title: list[str] | None = None
        self._text_depth = 0
        self._structured = False

    def read(self, data: bytes) -> None:
        """All of it."""
        self._xml.feed(data)
        self._xml.close()
        if self._root is None:
            raise CarnetError("cda-not-a-document")
        if not self._structured and self._files.body is None:
            raise CarnetError("cda-body-missing", "/ClinicalDocument/component")

    def reading(self, html: str) -> CdaReading:
        """What came of it."""
        root = self._root or Node("ClinicalDocument", {})
        language = root.first("languageCode")
        narrative = None
        if self._structured:
            writer = self._writer
            narrative = Narrative(html, tuple(self._sections), writer.rows, writer.cut)
        return CdaReading(
            header=header_of(root, cut=self._header_cut),
            language=(language.attribute("code") or "") if language is not None else "",
            narrative=narrative,
            body=self._files.body,
            attachments=self._files.listed(),
            notices=tuple(self._notices()),
        )

    def _notices(self) -> list[Notice]:
        writer = self._writer
        counted = {
            "reading-deleted-left-out": writer.deleted,
            "reading-markup-left-out": writer.refused,
            "reading-direction-removed": writer.output.straightened,
            "reading-files-left-out": self._files.left_out,
        }
        notices = [Notice(code, params={"count": str(n)}) for code, n in counted.items() if n]
        if writer.cut:
            notices.insert(0, Notice("reading-narrative-cut", params={"rows": str(writer.rows)}))
        if self._header_cut:
            notices.append(Notice("reading-header-cut"))
        return notices

    # The header.

    def _start_root(self, name: str, attributes: dict[str, str]) -> None:
        if name != _ROOT:
            raise CarnetError("cda-not-a-document", "/*")
        self._root = Node("ClinicalDocument", attributes)
        self._nodes.append(self._root)
        self._xml.on_start = self._start_header
        self._xml.on_text = self._header_text

    def _start_header(self, name: str, attributes: dict[str, str]) -> None:
        local = self._local(name)
        if local == "component" and len(self._nodes) == 1:
            self._path.append(local)
            self._xml.on_start = self._start_body
            self._xml.on_end = self._end_body
            self._xml.on_text = None
            return
        node = Node(local, attributes)
        self._header_elements += 1
        if self._header_elements <= HEADER_ELEMENTS:
            self._nodes[-1].add(node)
        else:
            self._header_cut = True
        self._nodes.append(node)

    def _end_header(self, _name: str) -> None:
        self._nodes.pop()

    def _header_text(self, text: str) -> None:
        node = self._nodes[-1]
        if not node.children and self._header_elements <= HEADER_ELEMENTS:
            node.text += text
            if len(node.text) > _LONGEST_HEADER_TEXT:
                node.text = node.text[:_LONGEST_HEADER_TEXT]
                self._header_cut = True

    # The body.

    def _start_body(self, name: str, attributes: dict[str, str]) -> None:
        local = self._local(name)
        path = self._path
        parent = path[-1]
        path.append(local)
        if self._text_depth:
            self._writer.start(local, attributes)
        elif self._files.start(local, parent, len(path), attributes):
            self._xml.on_text = self._files.on_text
        elif local == "section":
            self._open_section()
        elif parent == "section" and local == "title" and self._title is None:
            self._title = []
            self._xml.on_text = self._title.append
        elif parent == "section" and local == "text":
            self._text_depth = len(path)
            if not self._writer.cut:
                self._writer.begin_text(attributes)
                self._xml.on_text = self._writer.data
        elif len(path) == 2 and local == "structuredBody":
            self._structured = True

    def _end_body(self, _name: str) -> None:
        path = self._path
        if self._text_depth:
            self._end_in_text(len(path))
        elif self._files.end(len(path)):
            self._xml.on_text = None
        elif path[-1] == "section":
            self._titled.pop()
            if self._open_sections.pop():
                self._writer.end_section()
        elif self._title is not None and path[-1] == "title" and path[-2] == "section":
            self._end_title("".join(self._title))
        path.pop()
        if not path:
            self._xml.on_start = self._start_header
            self._xml.on_end = self._end_header

    def _open_section(self) -> None:
        self._open_sections.append(not self._writer.cut)
        self._titled.append(False)
        if not self._writer.cut:
            self._writer.begin_section()

    def _end_title(self, words: str) -> None:
        self._title = None
        self._xml.on_text = None
        title = " ".join(words.split())[:_LONGEST_TITLE]
        if not title or self._writer.cut or not self._open_sections:
            return
        number, level = len(self._sections) + 1, sum(self._titled) + 1
        self._titled[-1] = True
        self._writer.title(number, level, title)
        self._sections.append(Section(section_id(number, self._references.prefix), title, level))

    def _end_in_text(self, depth: int) -> None:
        if depth > self._text_depth:
            self._writer.end()
            return
        self._text_depth = 0
        if self._xml.on_text is not None:
            self._xml.on_text = None
            self._writer.end_text()

    def _local(self, name: str) -> str:
        local = self._names.get(name)
        if local is None:
            local = self._names[name] = name.removeprefix(_PREFIX)
        return local
