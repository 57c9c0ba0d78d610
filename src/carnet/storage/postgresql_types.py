"""Values in PostgreSQL's binary form, by the type of the column (``pg_type.dat``)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any


def _array(oid: int, encoder: Callable[[Any], bytes]) -> Callable[[Sequence[Any]], bytes]:
    """An encoder of one-dimensional arrays (PostgreSQL's ``array_recv``)."""

    def encode(values: Sequence[Any]) -> bytes:
        if not values:
            return struct.pack("!iiI", 0, 0, oid)
        pieces = [struct.pack("!iiIii", 1, 0, oid, len(values), 1)]
        for value in values:
            element = encoder(value)
            pieces += (struct.pack("!i", len(element)), element)
        return b"".join(pieces)

    return encode


_raw = b"".__add__  # bytes as they are; unlike ``bytes``, it refuses a number
_int8 = struct.Struct("!q").pack
_int4 = struct.Struct("!i").pack
_int2 = struct.Struct("!h").pack

TYPES: dict[str, tuple[int, Callable[[Any], bytes]]] = {
    "large_binary": (17, _raw),
    "big_integer": (20, _int8),
    "small_integer": (21, _int2),
    "integer": (23, _int4),
    "text": (25, str.encode),
    "large_binary[]": (1001, _array(17, _raw)),
    "small_integer[]": (1005, _array(21, _int2)),
    "big_integer[]": (1016, _array(20, _int8)),
}
"""OID and encoder of each type; ``pg_type.dat`` of PostgreSQL."""
