"""Seals traces for the writer and opens chains for readers of a history."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from carnet.record.trace import Chain, Trace, decode, encode
from carnet.storage import reads
from carnet.storage.batch import SealedTrace

if TYPE_CHECKING:
    from carnet.storage.sealing import Sealer
    from carnet.storage.store import Store

_PAGE = 1000
_KINDS = (b"trace0", b"trace1")


def seal_trace(sealer: Sealer, chain: Chain, trace: Trace) -> SealedTrace:
    """A trace as the writer appends it, bound to its record, chain and id."""
    sealed = sealer.seal(_KINDS[chain], trace.id, encode(trace))
    return SealedTrace(sealer.record_id, int(chain), trace.id, sealed)


def open_trace(sealer: Sealer, chain: Chain, trace_id: bytes, sealed: bytes) -> Trace:
    """The trace of a row. Raises ``SealBroken``, ``msgspec.DecodeError``."""
    return decode(sealer.unseal(_KINDS[chain], trace_id, sealed))


async def read_chain(store: Store, sealer: Sealer, chain: Chain) -> list[Trace]:
    """All traces of a chain, oldest first."""
    found: list[Trace] = []
    after = 0
    while rows := await store.traces.fetch(reads.CHAIN, sealer.record_id, int(chain), after, _PAGE):
        after = rows[-1][0]
        found += [open_trace(sealer, chain, trace_id, sealed) for _, trace_id, sealed, _ in rows]
        if len(rows) == _PAGE:
            await asyncio.sleep(0)  # a long chain lets others pass between its pages
    return found
