"""What the facts of a great record cost: ``python -m bench.facts [DOCUMENTS] [FACTS]``.

Makes a test store with one record of so many documents, puts facts of invented kinds beside each
(three in ten of the kinds of a summary), and measures in one process: the rows of all documents
opened, the summary, results over time, and what is left when pages of metadata are not opened.
Medians of twenty runs, in milliseconds, and the bytes that a row takes. A zstd dictionary trained
on half of the public samples made the rows of the other half a sixth smaller, no faster to open:
there is none.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from carnet.clinical import service
from carnet.clinical.store import gather
from carnet.record.access import Action
from carnet.record.caller import Caller, CallerKind
from carnet.record.facts import Facts
from carnet.record.store_kind import StoreKind
from carnet.storage import entries, writes
from carnet.storage.batch import Batch, step
from carnet.storage.codes import DerivedKind
from carnet.storage.create import create_embedded
from carnet.storage.derived import SEALED_AS
from carnet.storage.kept_facts import pack_facts
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_thread import ThreadWriter
from carnet.storage.store import journal_key, open_embedded
from carnet.usecases.policy import Policy
from tests.clinical.samples import mixed_facts
from tests.usecases.bench import Bench, Desk, doctor

RUNS = 20


async def medians_of(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """The median time of a coroutine by the wall's clock and by the processor's, in ms.

    Where others use the machine too, the second is the truer one.
    """
    walls, processors = [], []
    for _ in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        await work()
        processors.append((time.process_time() - processor) * 1000)
        walls.append((time.perf_counter() - wall) * 1000)
    return statistics.median(walls), statistics.median(processors)


def fill(desk: Desk, documents: int, each: int) -> tuple[bytes, int]:
    """A record of so many documents with so many facts each; its id and the bytes of all rows."""
    whose, author = desk.citizen(), doctor()
    for _ in range(documents):
        desk.feed(whose, author)
    record_id = desk.record_of(whose)

    async def put() -> int:
        sealer = await desk.store.keys.sealer(record_id)
        size = 0
        for entry_no in range(1, documents + 1):
            row = await entries.entry(desk.store, record_id, entry_no)
            assert row is not None
            packed = pack_facts(Facts(mixed_facts(entry_no, each)))
            sealed = sealer.seal(SEALED_AS[DerivedKind.FACTS], row.logical_id, packed)
            size += len(sealed)
            kept = (record_id, entry_no, int(DerivedKind.FACTS), 1, sealed)
            await desk.gate.write(Batch(record_id, (step(writes.PUT_DERIVED, kept),)))
        return size

    return record_id, desk.run(put())


async def measure(desk: Desk, record_id: bytes) -> dict[str, tuple[float, float]]:
    """Medians by name."""
    operator = Caller(CallerKind.OPERATOR, name="bench")
    view = await desk.gate.look(operator, record_id, Action.READ)
    assert view.decision.permitted

    async def traced() -> None:
        await service.release(view, (await service.summary(view)).named, "")

    listed = await view.listed(1, 1)
    return {
        "summary": await medians_of(lambda: service.summary(view)),
        "summary, traced": await medians_of(traced),
        "all facts": await medians_of(lambda: gather(view)),
        "results": await medians_of(lambda: service.results(view)),
        "of it: list": await medians_of(lambda: view.listed(1, 1)),
        "of it: pages": await medians_of(lambda: view.slots(listed)),
    }


def main() -> None:
    """Print the figures."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    each = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        directory = Path(folder) / "store"
        master = create_embedded(directory, StoreKind.TEST, directory.with_name("key"))

        async def opened() -> Bench:
            writer = ThreadWriter(Ledger(directory, await journal_key(directory, master)))
            return Bench(runner, await open_embedded(directory, master, writer))

        bench = runner.run(opened())
        desk = bench.desk(Policy(accept_test_ins=True, reading_operator=True))
        record_id, size = fill(desk, documents, each)
        print(f"{documents} documents of {each} facts: {size / documents:.0f} bytes a row")
        for name, (wall, processor) in runner.run(measure(desk, record_id)).items():
            print(f"{name:>16}: {wall:6.1f} ms, of the processor {processor:6.1f} ms")
        runner.run(bench.store.close())


if __name__ == "__main__":
    main()
