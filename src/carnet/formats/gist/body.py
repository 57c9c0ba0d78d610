"""What an unstructured CDA document holds: a fingerprint of the bytes of its body.

The same letter that two senders wrap in headers of their own has one body.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode

_BODY, _TEXT = b"nonXMLBody", b"text"
_SPACES = b" \t\r\n"
_STRETCH = 3 * 262_144  # bytes: a multiple of three, so that base64 is the same in pieces


def body_digest(data: bytes) -> bytes:
    """SHA-256 of the base64 text of a CDA document's nonXMLBody; empty where it has none.

    One pass over the bytes, whatever they are. Of a document that hides the element in a comment
    the comment is taken: such a one has a fingerprint of its own, and is no copy of another.
    """
    body = data.find(_BODY)
    opened = data.find(b">", body) if body >= 0 else -1
    text = data.find(b"<", opened) if opened >= 0 else -1
    begin = data.find(b">", text) if text >= 0 else -1
    end = data.find(b"<", begin) if begin >= 0 else -1
    if end < 0 or _name(data[text + 1 : begin]) != _TEXT:
        return b""
    held = data[begin + 1 : end].translate(None, _SPACES)
    return hashlib.sha256(held).digest() if held else b""


def bytes_digest(content: bytes) -> bytes:
    """The fingerprint of a document that is such a body by itself: the same as inside a CDA."""
    digest, view = hashlib.sha256(), memoryview(content)
    for begin in range(0, len(content), _STRETCH):
        digest.update(b64encode(view[begin : begin + _STRETCH]))
    return digest.digest() if content else b""


def _name(tag: bytes) -> bytes:
    """The local name of a start tag's inside."""
    return tag[:64].split(None, 1)[0].split(b":")[-1] if tag.strip() else b""
