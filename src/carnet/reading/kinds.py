"""Which decoder a declared media type belongs to (ASS_A12, and what CDA embeds besides)."""

from __future__ import annotations

import re
from enum import StrEnum

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([A-Za-z0-9._-]{1,40})", re.ASCII | re.IGNORECASE)
_SAID = re.compile(r"[^A-Za-z0-9.+/-]", re.ASCII)


class Kind(StrEnum):
    """A way to read."""

    XML = "xml"
    PDF = "pdf"
    IMAGE = "image"
    RTF = "rtf"
    TEXT = "text"
    OTHER = "other"


_KINDS = {
    "text/xml": Kind.XML,
    "application/xml": Kind.XML,
    "application/hl7-v3+xml": Kind.XML,
    "application/hl7-cda+xml": Kind.XML,
    "application/pdf": Kind.PDF,
    "image/jpeg": Kind.IMAGE,
    "image/jpg": Kind.IMAGE,
    "image/png": Kind.IMAGE,
    "image/gif": Kind.IMAGE,
    "image/tiff": Kind.IMAGE,
    "image/heic": Kind.IMAGE,
    "image/heif": Kind.IMAGE,
    "text/rtf": Kind.RTF,
    "application/rtf": Kind.RTF,
    "text/plain": Kind.TEXT,
}


def kind_of(media_type: str) -> Kind:
    """The way to read what is declared so; parameters and case do not count."""
    return _KINDS.get(media_type.partition(";")[0].strip().lower(), Kind.OTHER)


def charset_of(media_type: str) -> str | None:
    """The charset parameter of a media type."""
    found = _CHARSET.search(media_type)
    return found[1] if found else None


def said(media_type: str) -> str:
    """A media type as it may stand in a sentence."""
    return _SAID.sub("", media_type.partition(";")[0])[:80] or "?"
