"""What an unstructured CDA document holds: a fingerprint of the bytes of its body.

The same letter that two senders wrap in headers of their own has one body.
"""

from __future__ import annotations

import hashlib
import re

_TEXT = re.compile(rb"<(?:\w+:)?nonXMLBody\b[^>]*>\s*<(?:\w+:)?text\b[^>]*>([^<]*)</(?:\w+:)?text>")
_SPACE = re.compile(rb"\s+")


def body_digest(data: bytes) -> bytes:
    """SHA-256 of the base64 text of a CDA document's nonXMLBody; empty where it has none."""
    found = _TEXT.search(data)
    if found is None:
        return b""
    text = _SPACE.sub(b"", found[1])
    return hashlib.sha256(text).digest() if text else b""
