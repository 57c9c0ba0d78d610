"""Paging: an opaque place in an answer, bound to who asked and to what was asked.

A cursor holds the sort key of the entry at the edge of a page and the number of the newest entry
at the first page, so that documents fed in between neither shift nor repeat lines. Both tell of
entries that its bearer may not see, how many there are at least: it is sealed, and padded.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re

import msgspec

from carnet.record.errors import CarnetError
from carnet.storage.sealing import SealBroken, Sealer
from carnet.usecases.requests import DocumentQuery

_BLOCK = 64  # bytes to whose multiple the body is padded
_LENGTH = 2  # bytes that say how long the body is
_TEXT = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
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
    padded = len(body).to_bytes(_LENGTH, "big") + body
    padded += bytes(-len(padded) % _BLOCK)
    sealed = _sealer(key).seal(b"cursor", caller + fingerprint(query), padded)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_cursor(key: bytes, caller: bytes, query: DocumentQuery) -> Cursor | None:
    """The cursor of a query, None for a first page. Raises ``cursor-invalid``."""
    text = query.cursor
    if text is None:
        return None
    if not _TEXT.fullmatch(text):
        raise CarnetError("cursor-invalid", "_cursor")
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        padded = _sealer(key).unseal(b"cursor", caller + fingerprint(query), sealed)
        end = _LENGTH + int.from_bytes(padded[:_LENGTH], "big")
        return _DECODER.decode(padded[_LENGTH:end])
    except (binascii.Error, SealBroken, msgspec.DecodeError):
        raise CarnetError("cursor-invalid", "_cursor") from None


def _sealer(key: bytes) -> Sealer:
    """The key of cursors, drawn from the key of the journal."""
    return Sealer(hmac.digest(key, b"cursors", "sha256"))
