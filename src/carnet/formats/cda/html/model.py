"""What reading a CDA for a person gives. The words around it are the portal's: here is data."""

from __future__ import annotations

import msgspec

from carnet.record.errors import Notice


class NarrativeLimits(msgspec.Struct, frozen=True):
    """How much of a narrative becomes HTML; what is beyond is cut, said so, and in the original.

    ``characters`` count the HTML that is made, ``rows`` those of all tables. A browser lays out
    5,000 rows in about a second; the largest sample has 600 rows and 130,000 characters.
    """

    characters: int = 4_000_000
    rows: int = 6_000
    attachments: int = 500


DEFAULT_LIMITS = NarrativeLimits()


class HeaderItem(msgspec.Struct, frozen=True):
    """One statement of the header.

    ``key`` is the path of local names without the wrappers of the standard (``name``,
    ``organization/telecom``); ``values`` are as written, times as FHIR dateTimes; ``kind`` is
    ``text``, ``time``, ``period`` (start and end, either may be empty), ``code`` (label, code, code
    system), ``id`` (root, extension) or ``mark`` (a nullFlavor).
    """

    key: str
    kind: str
    values: tuple[str, ...]


class HeaderGroup(msgspec.Struct, frozen=True):
    """One child of the header: ``role`` is its name (``author``, ``custodian``), or ``document``.

    ``type_code`` is its typeCode or classCode where it has one.
    """

    role: str
    items: tuple[HeaderItem, ...]
    type_code: str = ""


class HeaderLine(msgspec.Struct, frozen=True):
    """The header in one line: what, who, when. Empty where the header does not say it."""

    title: str
    kind: str
    author: str
    organization: str
    time: str


class Header(msgspec.Struct, frozen=True):
    """The line, and everything else one click away. ``cut``: there was more than is kept."""

    line: HeaderLine
    groups: tuple[HeaderGroup, ...]
    cut: bool = False


class Section(msgspec.Struct, frozen=True):
    """A section's heading: ``id`` is its element's in the HTML, ``level`` counts from 1."""

    id: str
    title: str
    level: int


class Attachment(msgspec.Struct, frozen=True):
    """A file inside the document. ``number`` counts them from 1 and names it to ``embedded``.

    ``shown``: the narrative refers to it. ``address`` is set where the document only names another
    place for it (never fetched); ``size`` is that of its base64 or text, in characters.
    """

    number: int
    name: str
    media_type: str
    size: int
    shown: bool = False
    address: str = ""


class Narrative(msgspec.Struct, frozen=True):
    """The structured body as HTML (see ``wall`` for what it may hold). ``cut``: not all of it."""

    html: str
    sections: tuple[Section, ...]
    rows: int
    cut: bool


class CdaReading(msgspec.Struct, frozen=True, kw_only=True):
    """A CDA as read for a person.

    ``narrative`` is None for a body that is one file: then ``body`` is it. ``notices`` say what is
    not shown as it stands in the document, and why.
    """

    header: Header
    language: str
    narrative: Narrative | None
    body: Attachment | None
    attachments: tuple[Attachment, ...]
    notices: tuple[Notice, ...]
