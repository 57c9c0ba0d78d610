from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from carnet.record.trace import Act, Chain, Outcome, Trace
from carnet.storage.batch import Batch, SealedTrace
from carnet.storage.sealing import SealBroken, Sealer
from carnet.storage.tracing import open_trace, read_chain, seal_trace
from tests.storage.rigs import Place, a_store, an_id, run

ONE = an_id(1)
SEALER = Sealer(b"k" * 32, ONE)


def act(number: int) -> Trace:
    return Trace(
        id=number.to_bytes(16, "big"),
        at=1_767_225_600_000_000 + number,
        act=Act.FIND,
        outcome=Outcome.PERMITTED,
        caller="professional",
        actor="1.2.250.1.71.4.2.1|810000000017",
        entries=(number, number + 1),
    )


def test_a_chain_is_read_in_the_order_of_acts(place: Place, tmp_path: Path) -> None:
    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            for first in range(0, 2_100, 700):  # more than is read at once
                sealed = tuple(
                    seal_trace(SEALER, Chain.OPEN, act(n)) for n in range(first, first + 700)
                )
                await store.writer.write(Batch(ONE, traces=sealed))
            withheld = seal_trace(SEALER, Chain.WITHHELD, act(5_000))
            await store.writer.write(Batch(ONE, traces=(withheld,)))
            assert await read_chain(store, SEALER, Chain.OPEN) == [act(n) for n in range(2_100)]
            assert await read_chain(store, SEALER, Chain.WITHHELD) == [act(5_000)]

    run(scene())


@pytest.mark.parametrize(
    ("sealer", "chain", "changes"),
    [
        (Sealer(b"x" * 32, ONE), Chain.OPEN, {}),
        (Sealer(b"k" * 32, an_id(2)), Chain.OPEN, {}),
        (SEALER, Chain.WITHHELD, {}),
        (SEALER, Chain.OPEN, {"trace_id": an_id(3)}),
        (SEALER, Chain.OPEN, {"sealed": bytes(40)}),
    ],
    ids=["key", "record", "chain", "id", "bytes"],
)
def test_a_trace_opens_nowhere_else(
    sealer: Sealer, chain: Chain, changes: dict[str, bytes]
) -> None:
    sealed: SealedTrace = msgspec.structs.replace(seal_trace(SEALER, Chain.OPEN, act(1)), **changes)
    with pytest.raises(SealBroken):
        open_trace(sealer, chain, sealed.trace_id, sealed.sealed)
