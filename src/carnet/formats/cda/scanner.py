"""Reading a CDA piece by piece: the header is kept as a small tree, the body runs through.

Base64 contents, nearly all of a large document, are checked and dropped as they stream; memory
does not grow with them. The order is that of CDA.xsd: ``component`` is the last child of
``ClinicalDocument``; what follows it is refused.
"""

from __future__ import annotations

from collections.abc import Callable

from carnet.formats.cda.base64check import Base64Check
from carnet.formats.cda.header import Body, document_of
from carnet.formats.cda.model import CdaDocument
from carnet.formats.cda.narrative import Narrative
from carnet.formats.cda.tree import HL7, Node
from carnet.formats.xml import PIECE, SafeXmlReader
from carnet.record.errors import CarnetError

HEADER_MAXIMUM = 1_048_576
"""Bytes that may stand before the body, give or take one piece; the largest sample has 47,000."""
HEADER_ELEMENTS = 20_000
"""Elements that may stand before the body, give or take one piece; the largest sample has 900."""

_PREFIX = f"{HL7} "
_ROOT = f"{HL7} ClinicalDocument"
_UNREAD = frozenset({"addr", "telecom", "realmCode", "typeId"})  # but for the birthplace
_BODIES = ("nonXMLBody", "structuredBody")


class CdaScanner:
    """``feed`` pieces of any size, then ``close``. With ``narrative``, sections' text is kept.

    Raises ``CarnetError``: those of ``SafeXmlReader``, ``cda-not-a-document``,
    ``cda-header-too-large``, ``cda-element-misplaced``, ``cda-body-missing``,
    ``base64-malformed``, and those of the header (``cda-time-malformed`` …).
    """

    def __init__(self, *, narrative: bool = False) -> None:
        self._reader = SafeXmlReader(self._start_root, self._leave_header)
        self._narrative = Narrative() if narrative else None
        self._open: list[Node] = []
        self._root: Node | None = None
        self._skipped = 0
        self._path: list[str] = []  # local names open inside component
        self._body: str | None = None
        self._media: dict[str, str] = {}
        self._media_size = 0
        self._embedded = 0
        self._check: Base64Check | None = None
        self._check_depth = 0
        self._text_before: Callable[[str], None] | None = None
        self._narrative_depth = 0
        self._names: dict[str, str] = {}

    def feed(self, chunk: bytes) -> None:
        """Read on."""
        if len(chunk) <= PIECE:
            self._piece(chunk)
            return
        for start in range(0, len(chunk), PIECE):
            self._piece(chunk[start : start + PIECE])

    def close(self) -> CdaDocument:
        """End of input: the document, if it is one."""
        self._reader.close()
        if self._root is None:
            raise CarnetError("cda-not-a-document")
        if self._body is None:
            raise CarnetError("cda-body-missing", "/ClinicalDocument/component")
        if self._body == "nonXMLBody" and not self._media_size:
            raise CarnetError("cda-body-missing", "/ClinicalDocument/component/nonXMLBody/text")
        narrative = self._narrative
        return document_of(
            self._root,
            Body(
                level=1 if self._body == "nonXMLBody" else 3,
                media_type=self._media.get("mediaType"),
                media_size=self._media_size,
                embedded=self._embedded,
                narrative=narrative.text() if narrative is not None else None,
                narrative_cut=narrative is not None and narrative.cut,
            ),
        )

    def _piece(self, piece: bytes) -> None:
        self._reader.feed(piece)
        if self._body is None and (
            self._reader.fed > HEADER_MAXIMUM + PIECE or self._reader.elements > HEADER_ELEMENTS
        ):
            raise CarnetError("cda-header-too-large", "/ClinicalDocument")

    # The header: every element becomes a node.

    def _start_root(self, name: str, attributes: dict[str, str]) -> None:
        if name != _ROOT:
            raise CarnetError("cda-not-a-document", "/*")
        self._root = Node("ClinicalDocument", attributes)
        self._open.append(self._root)
        self._enter_header()

    def _enter_header(self) -> None:
        self._reader.on_start = self._start_node
        self._reader.on_end = self._end_node
        self._reader.on_text = self._node_text

    def _start_node(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name)
        if local is None:
            local = self._names[name] = name.removeprefix(_PREFIX)
        opened = self._open
        parent = opened[-1]
        if local == "component" and len(opened) == 1:
            self._enter_body()
        elif local in _UNREAD and parent.name != "place":
            self._skip()
        else:
            node = Node(local, attributes)
            parent.add(node)
            opened.append(node)

    def _end_node(self, _name: str) -> None:
        self._open.pop()

    def _node_text(self, text: str) -> None:
        node = self._open[-1]
        if not node.children:
            node.text += text

    def _skip(self) -> None:
        """Lets an element of the header run through unread."""
        self._skipped = 1
        self._reader.on_start = self._start_skipped
        self._reader.on_end = self._end_skipped
        self._reader.on_text = None

    def _start_skipped(self, _name: str, _attributes: dict[str, str]) -> None:
        self._skipped += 1

    def _end_skipped(self, _name: str) -> None:
        self._skipped -= 1
        if not self._skipped:
            self._enter_header()

    def _leave_header(self, _name: str) -> None:
        """Only the root's end comes here: after the body, or for a root without body."""

    # The body: nothing is kept but what was asked for.

    def _enter_body(self) -> None:
        self._path.append("component")
        self._reader.on_start = self._start_body
        self._reader.on_end = self._end_body
        self._reader.on_text = None

    def _start_body(self, name: str, attributes: dict[str, str]) -> None:
        local = name.removeprefix(_PREFIX)
        path = self._path
        path.append(local)
        if len(path) == 2:
            self._open_body(local)
            return
        if len(path) == 3 and self._body == "nonXMLBody" and local == "text":
            self._media = attributes
            self._reader.on_text = self._plain_text
        if attributes.get("representation") == "B64" and self._check is None:
            self._embedded += 1
            self._check = Base64Check(self._xpath())
            self._check_depth = len(path)
            self._text_before = self._reader.on_text
            self._reader.on_text = self._check.feed
        elif self._narrative is not None and self._check is None:
            self._start_narrative(self._narrative, local, attributes)

    def _end_body(self, _name: str) -> None:
        path = self._path
        if self._check is not None:
            if self._check_depth == len(path):
                self._finish_base64(self._check)
        elif self._narrative_depth and self._narrative is not None:
            self._narrative.end(path[-1])
            if len(path) == self._narrative_depth:
                self._narrative_depth = 0
                self._reader.on_text = None
        if len(path) == 2:
            self._reader.on_text = None
        path.pop()
        if not path:
            self._reader.on_start = self._refuse_after_body
            self._reader.on_end = self._leave_header

    def _open_body(self, local: str) -> None:
        if local not in _BODIES:
            raise CarnetError("cda-body-missing", "/ClinicalDocument/component")
        if self._body is not None:
            raise CarnetError("cda-element-repeated", "/ClinicalDocument/component/*")
        self._body = local

    def _finish_base64(self, check: Base64Check) -> None:
        size = check.finish()
        self._check = None
        self._reader.on_text = self._text_before
        if self._body == "nonXMLBody" and self._path[2:] == ["text"]:
            self._media_size = size

    def _plain_text(self, text: str) -> None:
        """A body that is text itself (representation TXT)."""
        if not text.isspace():
            self._media_size += len(text.encode())
        if self._narrative is not None:
            self._narrative.lines(text)

    def _start_narrative(
        self, narrative: Narrative, local: str, attributes: dict[str, str]
    ) -> None:
        if self._narrative_depth:
            narrative.start(local, attributes)
        elif local in ("title", "text") and self._path[-2] == "section":
            self._narrative_depth = len(self._path)
            self._reader.on_text = narrative.data
            narrative.start(local, attributes)

    def _refuse_after_body(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.removeprefix(_PREFIX)
        code = "cda-element-repeated" if local == "component" else "cda-element-misplaced"
        raise CarnetError(code, "/ClinicalDocument/component/following-sibling::*")

    def _xpath(self) -> str:
        return ("/ClinicalDocument/" + "/".join(self._path))[:200]


def read_cda(data: bytes, *, narrative: bool = False) -> CdaDocument:
    """A whole document held in memory. Raises as ``CdaScanner``."""
    scanner = CdaScanner(narrative=narrative)
    scanner.feed(data)
    return scanner.close()
