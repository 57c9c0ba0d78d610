"""Where an element ends, in bytes of the document as it was given.

Expat tells where a tag begins. The encodings that are read (``SafeXmlReader``) write ``<`` and
``>`` as one byte, or as two (UTF-16): the offsets are those of the bytes, whatever the encoding.
"""

from __future__ import annotations

import codecs
import re

LONGEST_TAG = 1_048_576
"""Bytes looked at to find the end of a tag in UTF-16; ``XmlLimits.token`` is below."""

_TAG = re.compile(rb"""<(?:[^>"']+|"[^"]*"|'[^']*')*>""")
_WIDE_TAG = re.compile(r"""<(?:[^>"']+|"[^"]*"|'[^']*')*>""")


class Offsets:
    """Finds ends of tags in a document's bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        head = data[:2]
        self._encoding = ""
        if head in (codecs.BOM_UTF16_LE, b"<\0"):
            self._encoding = "utf-16-le"
        elif head in (codecs.BOM_UTF16_BE, b"\0<"):
            self._encoding = "utf-16-be"
        self._mark = ">".encode(self._encoding or "ascii")

    def behind_tag(self, begin: int) -> int:
        """The byte behind the end tag that begins there: it holds no other ``>``."""
        found = self._data.find(self._mark, begin)
        while self._encoding and found >= 0 and (found - begin) % 2:
            found = self._data.find(self._mark, found + 1)
        return found + len(self._mark)

    def behind_empty(self, begin: int) -> int:
        """The byte behind the tag that begins there if it is a whole element (``<a/>``), else 0."""
        if self._encoding:
            return self._behind_wide(begin)
        tag = _TAG.match(self._data, begin)
        return tag.end() if tag is not None and tag[0].endswith(b"/>") else 0

    def _behind_wide(self, begin: int) -> int:
        """The same where characters have two bytes: a piece is decoded, a longer one if need be."""
        size = 2_048
        while size <= LONGEST_TAG:
            text = self._data[begin : begin + size].decode(self._encoding, "replace")
            tag = _WIDE_TAG.match(text)
            if tag is not None:
                whole = tag[0].endswith("/>")
                return begin + len(tag[0].encode(self._encoding)) if whole else 0
            size *= 8
        return 0
