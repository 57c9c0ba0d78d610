"""Paging: an opaque place in an answer, bound to who asked and to what was asked.

A cursor holds the sort key of the entry at the edge of a page and the number of the newest entry
at the first page, so that documents fed in between neither shift nor repeat lines.
"""

from __future__ import annotations

import base64
import binascii
import hmac

import msgspec

from carnet.record.errors import CarnetError
from carnet.usecases.requests import DocumentQuery

_MAC = 16
_ENCODER = msgspec.msgpack.Encoder()


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """``edge`` is the key of the entry after (``forward``) or before which the page begins."""

    newest: int
    edge: tuple[float | str, ...]
    entry_no: int
    forward: bool


_DECODER = msgspec.msgpack.Decoder(Cursor)


def fingerprint(query: DocumentQuery) -> bytes:
    """What of a query a cursor is bound to: all but the cursor itself."""
    return msgspec.json.encode(msgspec.structs.replace(query, cursor=None))


def seal_cursor(key: bytes, caller: bytes, query: DocumentQuery, cursor: Cursor) -> str:
    """The text of a cursor."""
    body = _ENCODER.encode(cursor)
    return base64.urlsafe_b64encode(_mac(key, caller, query, body) + body).decode().rstrip("=")


def open_cursor(key: bytes, caller: bytes, query: DocumentQuery) -> Cursor | None:
    """The cursor of a query, None for a first page. Raises ``cursor-invalid``."""
    if query.cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(query.cursor + "=" * (-len(query.cursor) % 4))
        if not hmac.compare_digest(raw[:_MAC], _mac(key, caller, query, raw[_MAC:])):
            raise CarnetError("cursor-invalid", "_cursor")
        return _DECODER.decode(raw[_MAC:])
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise CarnetError("cursor-invalid", "_cursor") from None


def _mac(key: bytes, caller: bytes, query: DocumentQuery, body: bytes) -> bytes:
    return hmac.digest(key, caller + fingerprint(query) + body, "sha256")[:_MAC]
