"""Resources to bytes, with the base of this server left open.

Stored pages hold URLs without base, because the public address of a server may change. Where an
absolute URL of this server stands, the bytes hold one raw byte 0x01 for ``[base]``; JSON escapes
control characters, so that byte occurs nowhere else.
"""

from __future__ import annotations

import re

import orjson

BASE = b"\x01"
_PLAIN = re.compile(r"[A-Za-z0-9./?=&|:_-]*")


def own_url(path: str) -> orjson.Fragment:
    """The absolute URL ``[base]/path`` as a JSON value; ``path`` needs no escape.

    Raises ``ValueError`` for a path that JSON would have to escape.
    """
    if not _PLAIN.fullmatch(path):
        raise ValueError("a path of this server is made of plain characters")
    return orjson.Fragment(b'"\x01/' + path.encode() + b'"')


def dump(resource: dict[str, object]) -> bytes:
    """The JSON bytes of a resource."""
    return orjson.dumps(resource)


def with_base(stored: bytes, base: str) -> bytes:
    """The bytes as answered: ``[base]`` filled in. ``base`` has no trailing slash."""
    return stored.replace(BASE, base.encode())
