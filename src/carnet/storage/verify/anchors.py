"""Exported heads of the journal: kept elsewhere, they show a store that was put back whole.

A store of which all databases are put back to an earlier copy agrees with itself. An anchor holds
the last row of each stream of the journal; a later check finds that row, or says where it is not.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from carnet.record.errors import CarnetError
from carnet.storage.store import Store
from carnet.storage.verify import reads as own
from carnet.storage.verify.journal import stream_name
from carnet.storage.verify.model import Finding, Severity, finding


class AnchoredStream(msgspec.Struct, frozen=True):
    """The last row of a stream: its number, and its MAC in hex."""

    stream: str
    seq: int
    mac: str


class Anchor(msgspec.Struct, frozen=True):
    """What the journal of a store was at an instant (s since 1970 UTC)."""

    store: str
    at: int
    streams: tuple[AnchoredStream, ...]
    seal: str = ""


async def export_anchor(store: Store, at: int) -> Anchor:
    """The heads of all streams as they stand, sealed under the key of the journal."""
    streams: list[AnchoredStream] = []
    stream = b""
    while found := await store.traces.fetch(own.NEXT_STREAM, stream):
        stream = found[0][0]
        seq, _, mac = (await store.traces.fetch(own.JOURNAL_LAST, stream))[0]
        streams.append(AnchoredStream(stream.hex(), seq, mac.hex()))
    anchor = Anchor(store.store_id, at, tuple(streams))
    return msgspec.structs.replace(anchor, seal=_seal(store, anchor))


def anchor_text(anchor: Anchor) -> bytes:
    """An anchor as the file that is kept elsewhere."""
    return msgspec.json.format(msgspec.json.encode(anchor)) + b"\n"


def read_anchor(data: bytes, name: str) -> Anchor:
    """The anchor of a file. Raises ``CarnetError('anchor-unreadable', name=)``."""
    try:
        anchor = msgspec.json.decode(data, type=Anchor)
        for one in anchor.streams:
            bytes.fromhex(one.stream + one.mac)
    except (msgspec.DecodeError, ValueError):
        raise CarnetError("anchor-unreadable", name=name) from None
    return anchor


async def check_anchor(store: Store, anchor: Anchor) -> AsyncIterator[Finding]:
    """Each stream of the journal still holds the row that the anchor names.

    Raises ``CarnetError('anchor-altered')`` for an anchor of another store, or a changed one.
    """
    genuine = hmac.compare_digest(anchor.seal.encode(), _seal(store, anchor).encode())
    if anchor.store != store.store_id or not genuine:
        raise CarnetError("anchor-altered", name=anchor.store)
    for one in anchor.streams:
        stream = bytes.fromhex(one.stream)
        rows = await store.traces.fetch(own.JOURNAL_ROW, stream, one.seq)
        where = f"stream {stream_name(stream)} seq {one.seq}"
        if rows and rows[0][1] == bytes.fromhex(one.mac):
            continue
        if rows:
            time = _time(rows[0][0])
            yield finding(
                "verify-put-back-since", Severity.DAMAGE, None, where, seq=one.seq, time=time
            )
            continue
        last = await store.traces.fetch(own.JOURNAL_LAST, stream)
        seq, time = (last[0][0], _time(last[0][1])) if last else (0, "-")
        yield finding(
            "verify-put-back", Severity.DAMAGE, None, where, seq=one.seq, last=seq, time=time
        )


def _seal(store: Store, anchor: Anchor) -> str:
    bare = msgspec.structs.replace(anchor, seal="")
    message = b"anchor:" + msgspec.json.encode(bare)
    return hmac.digest(store.keys.journal_key, message, "sha256").hex()


def _time(at: int) -> str:
    """An instant in words, to the second, UTC."""
    return datetime.fromtimestamp(at // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
