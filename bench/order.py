"""What order costs in a great record: ``python -m bench.order [DOCUMENTS]``.

Makes a test store with one record of so many documents of invented people and measures, in one
process, the server time of everything in order, of the episodes alone, and of what is new. Medians
of twenty runs, in milliseconds.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import islice
from pathlib import Path

from bench.episodes import TODAY, TUNED_SEED
from carnet.clinical.order import arranging, service
from carnet.clinical.order.store import read_papers
from carnet.formats.cda import CdaScanner
from carnet.formats.cda.facts import read_facts
from carnet.formats.cda.metadata import entry_of
from carnet.formats.gist import GIST_READER, Gist, body_digest, gist_of, pack_gist
from carnet.population.france.france import France
from carnet.population.written import Written
from carnet.record.access import Action
from carnet.record.document import DocumentEntry
from carnet.record.store_kind import StoreKind
from carnet.storage import entries, writes
from carnet.storage.batch import Batch, step
from carnet.storage.codes import DerivedKind
from carnet.storage.create import create_embedded
from carnet.storage.derived import SEALED_AS
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_thread import ThreadWriter
from carnet.storage.store import journal_key, open_embedded
from carnet.usecases.view import RecordView
from tests.usecases.bench import Bench, Desk, Person, doctor

RUNS = 20


async def median_of(work: Callable[[], Awaitable[object]]) -> float:
    """The median time of a coroutine, in ms."""
    taken = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def _read(written: Written) -> tuple[DocumentEntry, Gist]:
    scanner = CdaScanner(narrative=True)
    scanner.feed(written.xml)
    document = scanner.close()
    entry, _ = entry_of(document, "", "", len(written.xml), accept_unknown_type=True)
    facts = read_facts(written.xml)
    text, body = document.narrative or "", body_digest(written.xml)
    return entry, gist_of(written.type.code, entry.title, facts, text, body)


def fill(desk: Desk, documents: int) -> Person:
    """One record with the documents of many invented people, as far as lists show them."""
    whose, author = desk.citizen(), doctor()
    population = France(seed=TUNED_SEED, people=600, documents=None, years=5, today=TODAY)
    every = (one for made in population.made(1) for one in made.written)
    record_id = desk.record_of(whose)
    for number, written in enumerate(islice(every, documents), 1):
        entry, gist = _read(written)
        desk.feed(
            whose,
            author,
            title=entry.title,
            type=entry.type,
            creation_time=min(entry.creation_time, "2026-05-20"),
            service_start=min(entry.service_start, "2026-05-20"),
            facility=entry.facility,
            practice_setting=entry.practice_setting,
        )
        desk.run(_keep(desk, record_id, number, gist))
    return whose


async def _keep(desk: Desk, record_id: bytes, number: int, gist: Gist) -> None:
    """Keep a gist beside a document, as the machine would have."""
    row = await _row(desk, record_id, number)
    sealer = await desk.store.keys.sealer(record_id)
    sealed = sealer.seal(SEALED_AS[DerivedKind.GIST], row, pack_gist(gist))
    kept = (record_id, number, int(DerivedKind.GIST), GIST_READER, sealed)
    await desk.gate.write(Batch(record_id, steps=(step(writes.PUT_DERIVED, kept),)))


async def _row(desk: Desk, record_id: bytes, number: int) -> bytes:
    found = await entries.entry(desk.store, record_id, number)
    assert found is not None
    return found.logical_id


async def measure(desk: Desk, whose: Person, record_id: bytes) -> dict[str, float]:
    """The medians, each on a view of its own: nothing is kept between views."""

    async def view() -> RecordView:
        return await desk.gate.look(whose.caller, record_id, Action.READ)

    async def read() -> object:
        return await read_papers(await view())

    async def episodes() -> object:
        return await service.episodes_in(await view())

    async def new() -> object:
        return await service.new_for(await view())

    async def everything() -> object:
        return await service.order_of(await view())

    await service.mark_seen(await view())
    members = (await service.episodes_in(await view()))[0].members
    await arranging.rename(desk.gate, whose.caller, record_id, members[0], "Un nom")
    return {
        "documents read": await median_of(read),
        "episodes": await median_of(episodes),
        "new": await median_of(new),
        "everything in order": await median_of(everything),
    }


def main() -> None:
    """Print the medians."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as place, asyncio.Runner() as runner:
        directory = Path(place) / "store"
        master = create_embedded(directory, StoreKind.TEST, directory.with_name("store.key"))
        writer = ThreadWriter(Ledger(directory, runner.run(journal_key(directory, master))))
        store = runner.run(open_embedded(directory, master, writer))
        desk = Bench(runner, store).desk()
        whose = fill(desk, documents)
        found = runner.run(measure(desk, whose, desk.record_of(whose)))
        runner.run(store.close())
    print(f"{documents} documents")
    for name, taken in found.items():
        print(f"{name:20} {taken:7.1f} ms")


if __name__ == "__main__":
    main()
