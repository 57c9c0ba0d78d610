"""Clinical facts as a row keeps them: by kind, compressed, sealed to their document."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import zstandard

from carnet.record.facts import Fact, Facts, Kind, Unread
from carnet.storage.compression import compress, decompress
from carnet.storage.sealing import SealBroken, Sealer

FACTS = b"facts"
"""The kind of object that facts are sealed as."""

_NO_DICTIONARY = 0


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    """Facts by kind, each kind's still encoded: who asks for a few kinds decodes only those."""

    kinds: dict[str, msgspec.Raw]
    unread: msgspec.Raw
    cut: bool


_ENCODER = msgspec.msgpack.Encoder()
_PACKED = msgspec.msgpack.Decoder(_Packed)
_OF_KIND = msgspec.msgpack.Decoder(tuple[Fact, ...])
_UNREAD = msgspec.msgpack.Decoder(tuple[Unread, ...])


class FactsBroken(Exception):
    """Kept facts do not open or do not decode."""


def pack_facts(facts: Facts) -> bytes:
    """Facts as they are sealed: the dictionary's version (0: none), then compressed msgpack."""
    kinds: dict[str, list[Fact]] = {}
    for fact in facts.facts:
        kinds.setdefault(str(fact.kind), []).append(fact)
    packed = _Packed(
        {kind: msgspec.Raw(_ENCODER.encode(found)) for kind, found in kinds.items()},
        msgspec.Raw(_ENCODER.encode(facts.unread)),
        facts.cut,
    )
    return bytes((_NO_DICTIONARY,)) + compress(_ENCODER.encode(packed))


def open_facts(
    sealer: Sealer, logical_id: bytes, sealed: bytes, kinds: Collection[Kind] | None = None
) -> Facts:
    """The facts of a row, of all kinds or of some, in the document's order.

    What was not read comes with all kinds only. Raises ``FactsBroken``.
    """
    try:
        body = sealer.unseal(FACTS, logical_id, sealed)
        packed = _PACKED.decode(decompress(body[1:], body[0]))
        wanted = packed.kinds.keys() if kinds is None else packed.kinds.keys() & set(kinds)
        found = [fact for kind in wanted for fact in _OF_KIND.decode(packed.kinds[kind])]
        unread = _UNREAD.decode(packed.unread) if kinds is None else ()
    except (
        SealBroken,
        zstandard.ZstdError,
        msgspec.DecodeError,
        FileNotFoundError,
        IndexError,
    ) as fault:
        raise FactsBroken from fault
    found.sort(key=lambda fact: fact.number)
    return Facts(tuple(found), unread, packed.cut)
