"""Rendered entries in sealed pages of at most 32, compressed with a shared dictionary.

A slot repeats the entry's columns beside its rendered resource, so that ``verify`` sees a column
changed by somebody who has the database and not the keys, and holds the exact times that a list is
ordered by. The first byte of a page names the dictionary (0: none); old ones stay readable.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import msgspec
import zstandard

from carnet.storage.sealing import SealBroken, Sealer

SLOTS = 32
CURRENT_DICTIONARY = 0
_LEVEL = 3


class PageBroken(Exception):
    """A page does not open or does not decode."""


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """One metadata version of one entry, as rendered. Times are seconds since 1970 UTC."""

    entry_no: int
    entry_uuid: bytes
    logical_id: bytes
    unique_id: str
    version: int
    change: int
    status: int
    type_code: str
    class_code: str
    hidden_ps: int
    patient_until: int
    hidden_reps: int
    confidentiality: str
    created: float
    started: float
    stopped: float
    updated: float
    resource: bytes


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Slot])


@lru_cache(maxsize=4)
def _dictionary(version: int) -> zstandard.ZstdCompressionDict:
    name = f"pages-{version}.zdict"
    data = resources.files("carnet.storage").joinpath("dictionaries", name).read_bytes()
    made = zstandard.ZstdCompressionDict(data)
    made.precompute_compress(level=_LEVEL)
    return made


@lru_cache(maxsize=4)
def _compressor(version: int) -> zstandard.ZstdCompressor:
    shared = _dictionary(version) if version else None
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=shared)


@lru_cache(maxsize=4)
def _decompressor(version: int) -> zstandard.ZstdDecompressor:
    shared = _dictionary(version) if version else None
    return zstandard.ZstdDecompressor(dict_data=shared)


def page_of(entry_no: int) -> int:
    """The page that holds an entry: entries 1 to 32 are on page 0."""
    return (entry_no - 1) // SLOTS


def seal_page(sealer: Sealer, page_no: int, slots: list[Slot]) -> bytes:
    """A page ready for its row."""
    packed = _compressor(CURRENT_DICTIONARY).compress(_ENCODER.encode(slots))
    sealed = sealer.seal(b"page", page_no.to_bytes(8, "big"), packed)
    return bytes((CURRENT_DICTIONARY,)) + sealed


def open_page(sealer: Sealer, page_no: int, page: bytes) -> list[Slot]:
    """The slots of a page, in order of entry number. Raises ``PageBroken``."""
    try:
        packed = sealer.unseal(b"page", page_no.to_bytes(8, "big"), page[1:])
        return _DECODER.decode(_decompressor(page[0]).decompress(packed))
    except (SealBroken, zstandard.ZstdError, msgspec.DecodeError, FileNotFoundError) as fault:
        raise PageBroken(str(page_no)) from fault
