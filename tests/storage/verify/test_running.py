"""A check while the store is being written to: what is under way is no damage."""

from __future__ import annotations

import asyncio
import io
import threading

from carnet.logs import Log
from carnet.storage.batch import Writer
from carnet.storage.masterkey import KeyFile
from carnet.storage.store import open_embedded
from carnet.storage.verify import Finding, Severity, verify
from carnet.usecases import consultation, feeding
from carnet.usecases.gate import Gate
from carnet.usecases.requests import DocumentQuery
from carnet.worker import Worker
from tests.storage.verify.builder import (
    ADA,
    BASILE,
    DOCTOR,
    NOW,
    POLICY,
    START,
    Site,
    Ticking,
    citizen,
    document,
    flipped,
    run,
)


class Busy(threading.Thread):
    """Somebody who feeds, reads and works off events until told to stop, in a thread of their own.

    ``fed`` counts documents; what goes wrong is kept in ``failed``.
    """

    def __init__(self, site: Site, writer: Writer) -> None:
        super().__init__(name="busy")
        self._site = site
        self._writer = writer
        self._stopped = threading.Event()
        self.fed = 0
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._work())
        except BaseException as fault:  # noqa: BLE001  raised again in the test's thread
            self.failed = fault

    def stop(self) -> None:
        self._stopped.set()
        self.join()
        if self.failed is not None:
            raise self.failed

    async def _work(self) -> None:
        store = await open_embedded(
            self._site.directory, KeyFile.load(self._site.key_file), self._writer
        )
        clock = Ticking()
        clock.now = START + 3_600_000_000
        gate = Gate(store, POLICY, clock=clock)
        worker = Worker(gate, Log(io.StringIO()))
        while not self._stopped.is_set():
            person = (ADA, BASILE)[self.fed % 2]
            await asyncio.gather(
                feeding.submit(gate, DOCTOR, document(person, f"9{self.fed}")),
                consultation.find(gate, citizen(person), DocumentQuery(patient=person[0])),
                worker.turn(),
            )
            self.fed += 1
        for reader in (store.main, store.traces, store.keys_reader):
            await reader.close()
        store.blobs.close()


async def checks_beside(site: Site, documents: int) -> tuple[int, list[Finding]]:
    """Check again and again while somebody feeds that many documents."""
    async with site.open() as store:
        busy = Busy(site, store.writer)
        busy.start()
        found: list[Finding] = []
        checks = 0
        try:
            while (busy.fed < documents or checks < 2) and busy.is_alive():
                found += [one async for one in verify(store, now=NOW)]
                checks += 1
        finally:
            busy.stop()
        return checks, found


def test_nothing_under_way_is_taken_for_damage(site: Site) -> None:
    site.make_leaves()
    checks, found = run(checks_beside(site, 25))
    assert checks > 1
    assert found == []
    assert site.check() == []


def test_damage_is_found_in_a_store_that_is_written_to(site: Site) -> None:
    site.make_leaves()
    path = site.blob("1.2.3.299")
    path.write_bytes(flipped(path.read_bytes()))
    checks, found = run(checks_beside(site, 3))
    assert [(f.code, f.severity) for f in found] == [
        ("verify-object-broken", Severity.DAMAGE)
    ] * checks
