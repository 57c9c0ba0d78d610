"""Rendered entries in sealed pages of at most 32, compressed with a shared dictionary.

A slot repeats the entry's columns beside its rendered resource, so that ``verify`` sees a column
changed by somebody who has the database and not the keys, and holds the exact times that a list is
ordered by. The first byte of a page names the dictionary (0: none); old ones stay readable.
"""

from __future__ import annotations

import msgspec
import zstandard

from carnet.storage.compression import compress, decompress
from carnet.storage.sealing import SealBroken, Sealer

SLOTS = 32
CURRENT_DICTIONARY = 1  # trained by bench/train_dictionary.py on invented documents


class PageBroken(Exception):
    """A page does not open or does not decode."""


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """One metadata version of one entry, as rendered. Times are seconds since 1970 UTC.

    ``names_other`` is 0 where the resource names no other document of the record.
    """

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
    names_other: int = 1


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Slot])


def page_of(entry_no: int) -> int:
    """The page that holds an entry: entries 1 to 32 are on page 0."""
    return (entry_no - 1) // SLOTS


def seal_page(sealer: Sealer, page_no: int, slots: list[Slot]) -> bytes:
    """A page ready for its row."""
    packed = compress(_ENCODER.encode(slots), CURRENT_DICTIONARY)
    sealed = sealer.seal(b"page", page_no.to_bytes(8, "big"), packed)
    return bytes((CURRENT_DICTIONARY,)) + sealed


def open_page(sealer: Sealer, page_no: int, page: bytes) -> list[Slot]:
    """The slots of a page, in order of entry number. Raises ``PageBroken``."""
    try:
        packed = sealer.unseal(b"page", page_no.to_bytes(8, "big"), page[1:])
        return _DECODER.decode(decompress(packed, page[0]))
    except (SealBroken, zstandard.ZstdError, msgspec.DecodeError, FileNotFoundError) as fault:
        raise PageBroken(str(page_no)) from fault
