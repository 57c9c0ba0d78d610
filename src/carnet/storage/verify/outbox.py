"""Events that wait: none is forgotten, and the trace of each stands in its chain."""

from __future__ import annotations

import msgspec

from carnet.record.trace import Chain
from carnet.storage.batch import TRACES_DECODER, SealedTrace
from carnet.storage.sealing import SealBroken, Sealer
from carnet.storage.tracing import open_trace
from carnet.storage.verify.look import Look
from carnet.storage.verify.model import Severity, Suspicion, damage

_DAY = 86_400


def check_events(look: Look, sealer: Sealer | None) -> None:
    """Look at each event of a record that nobody has worked off yet."""
    count = look.row.event_count if look.row is not None else 0
    for number, _, _, leased_until, packed in look.events:
        where = f"event {number}"
        try:
            traces = TRACES_DECODER.decode(packed) if packed else ()
        except msgspec.DecodeError:
            look.suspect(damage("verify-event-broken", where))
            continue
        if not 0 < number <= count:
            look.suspect(damage("verify-event-broken", where))
        for trace in traces:
            if trace.chain not in (0, 1) or trace.trace_id not in look.trace_ids[trace.chain]:
                look.suspect(damage("verify-event-traceless", where))
        acts = [at for at in (_instant(sealer, trace) for trace in traces) if at]
        since = min(acts, default=leased_until)
        days = int((look.context.now - since) // _DAY) if since else 0
        if days >= 1:
            look.suspect(
                Suspicion(
                    code="verify-event-late",
                    where=where,
                    severity=Severity.INFO,
                    params={"days": days},
                )
            )


def _instant(sealer: Sealer | None, sealed: SealedTrace) -> float:
    """When the act of an event's trace was done (s), 0 where it cannot be told."""
    if sealer is None or sealed.chain not in (0, 1):
        return 0
    try:
        chain = Chain(sealed.chain)
        return open_trace(sealer, chain, sealed.trace_id, sealed.sealed).at / 1_000_000
    except (SealBroken, msgspec.DecodeError):
        return 0
