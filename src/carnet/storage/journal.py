"""The node's journal: which chain heads moved, and refusals that concern no record.

One row a group of writes, bound to the row before it by a MAC under the key store: a chain that is
cut short, recomputed without the keys, or a database put back to yesterday no longer agrees with
it. A writer has a stream of its own; an exported head (``carnet verify --anchor``) holds streams
to what they were.
"""

from __future__ import annotations

import hmac

import msgspec

GENESIS = bytes(32)
LINK = 12  # bytes of a head that the journal repeats; the trace row holds all 32


class MovedHead(msgspec.Struct, frozen=True, array_like=True):
    """A chain that was appended to: its new number and the start of its new head."""

    record_id: bytes
    chain: int
    seq: int
    link: bytes


class JournalBody(msgspec.Struct, frozen=True, array_like=True):
    """What one row says."""

    heads: tuple[MovedHead, ...]
    notes: tuple[bytes, ...] = ()


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(JournalBody)


def encode(body: JournalBody) -> bytes:
    """The bytes of a row's body."""
    return _ENCODER.encode(body)


def decode(data: bytes) -> JournalBody:
    """The body of ``encode``'s bytes. Raises ``msgspec.DecodeError``."""
    return _DECODER.decode(data)


def mac(key: bytes, previous: bytes, stream: bytes, seq: int, at: int, body: bytes) -> bytes:
    """The 32-byte MAC of a row after the row whose MAC is ``previous``."""
    message = previous + stream + seq.to_bytes(8, "big") + at.to_bytes(8, "big") + body
    return hmac.digest(key, message, "sha256")
