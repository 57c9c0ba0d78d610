"""How a document lies in the blob store: its metadata and its bytes, sealed, in one object.

``magic, length u32, sealed metadata`` and then segments ``length u32, sealed bytes``; the bytes
are compressed (zstd) before they are cut and sealed. Each segment is bound to its number and to
whether it is the last, so that none can be dropped, moved or added.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import IO

import msgspec
import zstandard

from carnet.record.document import DocumentEntry
from carnet.storage.compression import LEVEL, compress, decompress
from carnet.storage.sealing import SealBroken, Sealer

MAGIC = b"CRN1"
SEGMENT = 1 << 20
_LENGTH = struct.Struct("<I")
_MOST_META = 1 << 24  # far beyond any metadata: a bound on what a broken length makes us read
_MOST_SEALED = SEGMENT + 64

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(DocumentEntry)


class ObjectBroken(Exception):
    """An object is cut short, altered, or not of this place."""


def seal_small(sealer: Sealer, object_id: bytes, entry: DocumentEntry, data: bytes) -> bytes:
    """An object of at most 1 MiB of document, whole in memory."""
    meta = sealer.seal(b"meta", object_id, _ENCODER.encode(entry))
    body = sealer.seal(b"body", _name(object_id, 0, last=True), compress(data))
    return b"".join((MAGIC, _LENGTH.pack(len(meta)), meta, _LENGTH.pack(len(body)), body))


def seal_pieces(
    sealer: Sealer, object_id: bytes, entry: DocumentEntry, chunks: Iterable[bytes]
) -> Iterator[bytes]:
    """The same object piece by piece, for documents that do not fit in memory."""
    meta = sealer.seal(b"meta", object_id, _ENCODER.encode(entry))
    yield MAGIC + _LENGTH.pack(len(meta)) + meta
    for number, (segment, last) in enumerate(_segments(chunks)):
        body = sealer.seal(b"body", _name(object_id, number, last=last), segment)
        yield _LENGTH.pack(len(body)) + body


def open_entry(sealer: Sealer, object_id: bytes, source: IO[bytes]) -> DocumentEntry:
    """The metadata at the head of an object; leaves ``source`` before the first segment.

    Raises ``ObjectBroken``.
    """
    head = source.read(len(MAGIC) + _LENGTH.size)
    if len(head) != len(MAGIC) + _LENGTH.size or not head.startswith(MAGIC):
        raise ObjectBroken("head")
    (length,) = _LENGTH.unpack_from(head, len(MAGIC))
    if length > _MOST_META:
        raise ObjectBroken("metadata too long")
    try:
        return _DECODER.decode(sealer.unseal(b"meta", object_id, source.read(length)))
    except (SealBroken, msgspec.DecodeError) as fault:
        raise ObjectBroken("metadata") from fault


def open_chunks(sealer: Sealer, object_id: bytes, source: IO[bytes]) -> Iterator[bytes]:
    """The document's bytes from the segments that follow the metadata. Raises ``ObjectBroken``."""
    decoder: zstandard.ZstdDecompressionObj | None = None
    number = 0
    current = _read_segment(source)
    if current is None:
        raise ObjectBroken("no segment")
    while current is not None:
        following = _read_segment(source)
        name = _name(object_id, number, last=following is None)
        try:
            opened = sealer.unseal(b"body", name, current)
            if number == 0 and following is None and zstandard.frame_content_size(opened) >= 0:
                yield decompress(opened)
            else:
                decoder = decoder or zstandard.ZstdDecompressor().decompressobj()
                yield decoder.decompress(opened)
        except (SealBroken, zstandard.ZstdError) as fault:
            raise ObjectBroken(f"segment {number}") from fault
        number, current = number + 1, following


def _read_segment(source: IO[bytes]) -> bytes | None:
    head = source.read(_LENGTH.size)
    if not head:
        return None
    if len(head) != _LENGTH.size:
        raise ObjectBroken("cut short")
    (length,) = _LENGTH.unpack(head)
    if length > _MOST_SEALED:
        raise ObjectBroken("segment too long")
    body = source.read(length)
    if len(body) != length:
        raise ObjectBroken("cut short")
    return body


def _segments(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Compressed bytes cut to segments, each with whether it is the last."""
    compressor = zstandard.ZstdCompressor(level=LEVEL).compressobj()
    buffer = bytearray()
    for chunk in chunks:
        buffer += compressor.compress(chunk)
        while len(buffer) > SEGMENT:
            yield bytes(buffer[:SEGMENT]), False
            del buffer[:SEGMENT]
    buffer += compressor.flush()
    while len(buffer) > SEGMENT:
        yield bytes(buffer[:SEGMENT]), False
        del buffer[:SEGMENT]
    yield bytes(buffer), True


def _name(object_id: bytes, number: int, *, last: bool) -> bytes:
    return object_id + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
