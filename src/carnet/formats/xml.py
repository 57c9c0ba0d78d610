"""Reading XML that nobody vouches for: events only, every size bounded, every fault a refusal.

The standard library's expat hands out one event at a time, so that nothing is kept that the caller
does not keep, and 50 MB cost no more memory than one piece. A document type declaration is refused
at its first character (hence no entity, no external file, no network), whatever the encoding.
Expat keeps every name and prefix that it has met and reads one tag as a whole: both are bounded
here, since it does not bound them itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn
from xml.parsers import expat

import msgspec

from carnet.record.errors import CarnetError

PIECE = 65_536
"""Bytes handed to expat at once; limits are checked after each piece."""

_ENCODINGS = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"}
    | {"utf-16", "utf-16le", "utf-16be"}
)
_TRUNCATED = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
_ENCODING_FAULTS = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_UNKNOWN_ENCODING,
        expat.errors.XML_ERROR_INCORRECT_ENCODING,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
_UNDEFINED_ENTITY = expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]


class XmlLimits(msgspec.Struct, frozen=True):
    """How much a document may hold; real clinical documents stay far below (depth 19, 5,000 tags).

    ``token`` bounds one tag, comment or processing instruction (bytes); ``names`` counts distinct
    element and attribute names, ``prefixes`` distinct prefixes. ``elements``, ``token`` and
    ``names`` are looked at after each piece and may be passed within one.
    """

    size: int = 50_000_000
    depth: int = 100
    elements: int = 500_000
    attributes: int = 100
    token: int = 262_144
    names: int = 5_000
    prefixes: int = 64


DEFAULT_LIMITS = XmlLimits()


class SafeXmlReader:
    """Feeds ``on_start(name, attributes)``, ``on_end(name)`` and ``on_text(text)`` to its owner.

    Names are ``namespace local`` (one space) or the bare local name. The owner may set ``on_text``
    to None to drop text unread. Any fault raises ``CarnetError``: ``xml-malformed``,
    ``xml-truncated``, ``xml-encoding-refused``, ``xml-dtd-refused``, ``xml-entity-refused``,
    ``xml-too-large``, ``xml-too-deep``, ``xml-too-many``; once raised, each later call raises it
    again.
    """

    def __init__(
        self,
        on_start: Callable[[str, dict[str, str]], None],
        on_end: Callable[[str], None],
        limits: XmlLimits = DEFAULT_LIMITS,
    ) -> None:
        self.on_start = on_start
        self.on_end = on_end
        self.limits = limits
        self.fed = 0
        self._maximum_depth = limits.depth
        self._maximum_attributes = limits.attributes
        self._depth = 0
        self.elements = 0
        self._failure: CarnetError | None = None
        self._names: dict[str, str] = {}
        self._prefixes: set[str | None] = set()
        parser = expat.ParserCreate(None, " ", self._names)
        parser.buffer_text = True
        parser.buffer_size = PIECE
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration
        parser.StartNamespaceDeclHandler = self._prefix
        self._parser = parser

    @property
    def on_text(self) -> Callable[[str], None] | None:
        """Who takes text; None drops it."""
        return self._parser.CharacterDataHandler

    @on_text.setter
    def on_text(self, handler: Callable[[str], None] | None) -> None:
        self._parser.CharacterDataHandler = handler

    @property
    def offset(self) -> int:
        """Where in the input (bytes) the event that is being handed out begins.

        For the end of an element that is one tag (``<a/>``), the byte behind it.
        """
        return self._parser.CurrentByteIndex

    def feed(self, chunk: bytes) -> None:
        """Read on; ``chunk`` may be of any size."""
        self._refuse_after_failure()
        try:
            if len(chunk) <= PIECE:
                self._piece(chunk, final=False)
                return
            view = memoryview(chunk)
            for start in range(0, len(chunk), PIECE):
                self._piece(view[start : start + PIECE], final=False)
        except CarnetError as error:
            self._failure = error
            raise

    def close(self) -> None:
        """End of input: the document must be complete."""
        self._refuse_after_failure()
        try:
            self._piece(b"", final=True)
        except CarnetError as error:
            self._failure = error
            raise

    def _refuse_after_failure(self) -> None:
        if self._failure is not None:
            raise CarnetError(self._failure.code, self._failure.element, **self._failure.params)

    def _piece(self, piece: bytes | memoryview, *, final: bool) -> None:
        self.fed += len(piece)
        if self.fed > self.limits.size:
            raise CarnetError("xml-too-large", maximum=self.limits.size)
        parser = self._parser
        try:
            parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise _refusal(error) from None
        if self.fed - parser.CurrentByteIndex > self.limits.token and not final:
            self._too_many("token")
        if self.elements > self.limits.elements:
            self._too_many("elements")
        if len(self._names) > self.limits.names:
            self._too_many("names")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        depth = self._depth = self._depth + 1
        self.elements += 1
        if depth > self._maximum_depth:
            raise CarnetError("xml-too-deep", self._place(), maximum=self._maximum_depth)
        if len(attributes) > self._maximum_attributes:
            self._too_many("attributes")
        self.on_start(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.on_end(name)

    def _doctype(self, *_declaration: object) -> None:
        raise CarnetError("xml-dtd-refused", self._place())

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise CarnetError("xml-encoding-refused", self._place())

    def _prefix(self, prefix: str | None, _uri: str) -> None:
        self._prefixes.add(prefix)
        if len(self._prefixes) > self.limits.prefixes:
            self._too_many("prefixes")

    def _too_many(self, what: str) -> NoReturn:
        maximum = getattr(self.limits, what)
        raise CarnetError("xml-too-many", self._place(), what=what, maximum=maximum)

    def _place(self) -> str:
        return _place(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber)


def _refusal(error: expat.ExpatError) -> CarnetError:
    """The catalogue's word for a fault that expat found; its own words hold no input."""
    place = _place(error.lineno, error.offset)
    if error.code in _TRUNCATED:
        return CarnetError("xml-truncated", place)
    if error.code in _ENCODING_FAULTS:
        return CarnetError("xml-encoding-refused", place)
    if error.code == _UNDEFINED_ENTITY:
        return CarnetError("xml-entity-refused", place)
    return CarnetError("xml-malformed", place, reason=expat.ErrorString(error.code))


def _place(line: int, column: int) -> str:
    return f"line {line}, column {column + 1}"
