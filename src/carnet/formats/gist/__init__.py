"""The gist of a document: topics, medicines, a sentence of its own words."""

from __future__ import annotations

from carnet.formats.gist.body import body_digest, bytes_digest
from carnet.formats.gist.making import GIST_READER, gist_of
from carnet.formats.gist.model import Gist, Measure, Said, pack_gist, unpack_gist

__all__ = [
    "GIST_READER",
    "Gist",
    "Measure",
    "Said",
    "body_digest",
    "bytes_digest",
    "gist_of",
    "pack_gist",
    "unpack_gist",
]
