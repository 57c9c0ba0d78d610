"""What the component ``reader`` needs of a document that was read: its sentences, its addresses.

The pages that show documents call ``reader_values`` and hand the result to
``components/reader.html``; nothing else of a document's content goes into a page.
"""

from __future__ import annotations

from typing import Any

import msgspec

from carnet.portal.manner import Language
from carnet.reading.model import Html, Pages, Picture, Plain, Readable, Unreadable
from carnet.record.catalogue import remedy, sentence
from carnet.record.errors import CarnetError

_PICTURES = 10
"""Pages of a PDF shown as pictures where scripts do not run; the others are links."""


class ReaderAddresses(msgspec.Struct, frozen=True):
    """Where the parts of a document are answered from, all of them of this server.

    ``original``: its bytes, as a download. ``copy``: the sanitised PDF (``Pages.pdf``). ``pages``
    and ``files`` end with a slash and are followed by a number: a page as a picture
    (``Reader.page_picture``), a file inside the document (``inside=number``).
    """

    original: str
    copy: str = ""
    pages: str = ""
    files: str = ""


def reader_values(
    readable: Readable, addresses: ReaderAddresses, language: Language
) -> dict[str, Any]:
    """The values of ``reader`` (components/reader.html)."""
    body = readable.body
    values: dict[str, Any] = {
        "at": addresses,
        "language": readable.language or "fr",
        "header": readable.header,
        "attachments": [file for file in readable.attachments if not file.shown],
        "notices": [
            _said(CarnetError(each.code, **each.params), language) for each in readable.notices
        ],
    }
    match body:
        case Html():
            return values | {"kind": "html", "html": body.narrative.html}
        case Pages():
            return values | {"kind": "pdf", "count": body.count, "pictures": _PICTURES}
        case Picture():
            return values | {"kind": "image", "picture": body}
        case Plain():
            return values | {"kind": "text", "text": body.text}
        case Unreadable():
            return values | {"kind": "unreadable", "fault": _said(body.error(), language)}


def _said(error: CarnetError, language: Language) -> dict[str, str]:
    return {"sentence": sentence(error, language), "remedy": remedy(error, language)}
