"""``floor_store``: the same SQL and the same files by the same drivers, and no server.

What the use cases ask of the store is recorded, call by call, while they run for real but for
their writes; then the calls are replayed at the concurrency of the load, by as many processes as
there are web workers, through the same ledger: reads, files written and read, batches committed.
Nothing is parsed, decided, sealed or rendered. What is replayed is written for good: each
recorded act happens once, and ``carnet verify`` finds the store sound.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import IO, Any

import msgspec
import uvloop

from carnet.app import gate_of
from carnet.bench import people
from carnet.bench.asking import FEED, FIND, RETRIEVE
from carnet.bench.made import document_ids, unique_id_of
from carnet.bench.manifest import PER_CITIZEN, Manifest
from carnet.bench.place import Place
from carnet.bench.templates import kind_of
from carnet.record.uuids import uuid_text
from carnet.serve.children import die_with_parent
from carnet.storage.batch import Batch, Conflict, Reader
from carnet.storage.blobs import FileBlobs
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_socket import SOCKET, LedgerServer
from carnet.storage.statements import Row, Statement
from carnet.storage.store import Store, journal_key
from carnet.usecases import consultation, feeding
from carnet.usecases.gate import Gate
from carnet.usecases.requests import (
    DeclaredEntry,
    DocumentQuery,
    MemoryContent,
    SubmittedDocument,
)

_ROUND = 1000  # acts that a process records before it replays them

Call = Callable[[Store], Awaitable[object]]
"""One recorded call, ready to be made again on a store."""


class _Reads:
    """A reader that notes what is asked of it; ``name`` is its name in a ``Store``."""

    def __init__(self, reader: Reader, name: str, calls: list[Call]) -> None:
        self._reader, self._name, self._calls = reader, name, calls

    async def fetch(self, statement: Statement, *values: Any) -> list[Row]:
        """See ``Reader``."""
        name = self._name
        self._calls.append(lambda store: getattr(store, name).fetch(statement, *values))
        return await self._reader.fetch(statement, *values)

    async def close(self) -> None:
        """See ``Reader``."""
        await self._reader.close()


class _Writes:
    """A writer that notes batches and writes none."""

    def __init__(self, calls: list[Call]) -> None:
        self._calls = calls

    async def write(self, batch: Batch) -> None:
        """See ``Writer``."""
        self._calls.append(lambda store: store.writer.write(batch))

    async def close(self) -> None:
        """See ``Writer``."""


class _Blobs(FileBlobs):
    """Files that are noted: those to be written are not, those to be read are."""

    def __init__(self, blobs: FileBlobs, calls: list[Call]) -> None:
        self._blobs, self._calls = blobs, calls

    async def put(self, object_id: bytes, pieces: Iterable[bytes]) -> None:
        """See ``FileBlobs``."""
        data = b"".join(pieces)
        self._calls.append(lambda store: store.blobs.put(object_id, (data,)))

    def open(self, object_id: bytes) -> IO[bytes]:
        """See ``FileBlobs``."""

        async def read(store: Store) -> bytes:
            with store.blobs.open(object_id) as source:
                return source.read()

        self._calls.append(read)
        return self._blobs.open(object_id)

    def close(self) -> None:
        """Nothing of its own to close."""


class Recorder:
    """Runs acts of one kind against a store and keeps what they asked of it."""

    def __init__(self, store: Store, place: Place, numbers: Iterable[int]) -> None:
        self._calls: list[Call] = []
        recording = Store(
            main=_Reads(store.main, "main", self._calls),
            traces=_Reads(store.traces, "traces", self._calls),
            keys_reader=_Reads(store.keys_reader, "keys_reader", self._calls),
            writer=_Writes(self._calls),
            blobs=_Blobs(store.blobs, self._calls),
            master=place.master,
        )
        self._store = recording
        self._settings = place.settings
        self._seed = place.manifest.key
        self._numbers = iter(numbers)
        self._gate: Gate

    async def load(self) -> None:
        """Read what a store reads when it is opened; before anything is recorded."""
        await self._store.load()
        self._gate = gate_of(self._store, self._settings)

    async def record(self, kind: str, count: int) -> list[list[Call]]:
        """The calls of the next ``count`` acts; fewer where there are no more citizens."""
        act = {FIND: self._find, RETRIEVE: self._retrieve, FEED: self._feed}[kind]
        found = []
        for number in self._numbers:
            self._calls.clear()
            await act(number)
            found.append(list(self._calls))
            if len(found) == count:
                break
        return found

    async def _find(self, number: int) -> None:
        query = DocumentQuery(patient=people.citizen_ins(number), criteria="patient.identifier")
        await consultation.find(self._gate, people.doctor(number), query)

    async def _retrieve(self, number: int) -> None:
        document = document_ids(self._seed, number, number % PER_CITIZEN)[1]
        name = uuid_text(document)
        await consultation.retrieve(self._gate, people.doctor(number), name)

    async def _feed(self, number: int) -> None:
        made = kind_of(number, number, large=True).document(
            unique_id_of(uuid.uuid4().bytes),
            unique_id_of(uuid.uuid4().bytes),
            people.citizen_ins(number),
            people.citizen_traits(number),
            int(time.time()) - 60,
        )
        document = SubmittedDocument(MemoryContent(made.xml), DeclaredEntry())
        await feeding.submit(self._gate, people.doctor(number), document)


class _Share(msgspec.Struct, frozen=True):
    """What one replaying process does."""

    kind: str
    number: int
    processes: int
    clients: int


def floor_store(place: Place, kind: str, clients: int, seconds: float) -> float:
    """Acts a second that the store alone allows, measured for about ``seconds``.

    Raises ``EOFError`` where a replaying process failed; it says why on stderr.
    """
    context = get_context("fork")
    ledger = None
    if place.engine == "sqlite":
        ledger = context.Process(target=_ledger, args=(place,))
        ledger.start()
        while not (place.directory / SOCKET).exists():
            time.sleep(0.01)
    pipes: list[Pipe] = []
    processes = []
    for number in range(place.workers):
        mine, theirs = context.Pipe()
        share = _Share(kind, number, place.workers, max(1, clients // place.workers))
        process = context.Process(target=_replay, args=(place, share, theirs))
        process.start()
        theirs.close()
        pipes.append(mine)
        processes.append(process)
    try:
        rate = _rounds(pipes, seconds)
        for pipe in pipes:
            pipe.send(False)
        for process in processes:
            process.join()
        return rate
    finally:
        for process in (*processes, *([ledger] if ledger is not None else [])):
            process.terminate()
            process.join()


def _rounds(pipes: list[Pipe], seconds: float) -> float:
    """Rounds of recording and, all at once, replaying; the rate of the replays."""
    done, spent = 0, 0.0
    while spent < seconds:
        for pipe in pipes:
            pipe.send(True)
        for pipe in pipes:
            pipe.recv()
        start = time.monotonic()
        for pipe in pipes:
            pipe.send(True)
        done += sum(pipe.recv() for pipe in pipes)
        spent += time.monotonic() - start
    return done / spent


def _ledger(place: Place) -> None:
    die_with_parent(signal.SIGTERM)
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    ledger = Ledger(place.directory, asyncio.run(journal_key(place.directory, place.master)))
    LedgerServer(ledger, place.directory).run(lambda: not stopped)
    ledger.close()


def _replay(place: Place, share: _Share, pipe: Pipe) -> None:
    die_with_parent(signal.SIGTERM)
    uvloop.run(_replaying(place, share, pipe))


async def _replaying(place: Place, share: _Share, pipe: Pipe) -> None:
    store = await place.open()
    while pipe.recv():
        recorder = Recorder(store, place, _citizens(place.manifest, share))
        await recorder.load()
        acts = deque(await recorder.record(share.kind, _ROUND))
        pipe.send(True)
        pipe.recv()
        done = await asyncio.gather(*(_client(store, acts) for _ in range(share.clients)))
        pipe.send(sum(done))
    await store.close()


def _citizens(manifest: Manifest, share: _Share) -> list[int]:
    """The citizens of one process in a fresh random order; each is fed once a round."""
    all_ = manifest.citizens(share.kind)
    if share.kind == FEED:
        mine = all_[share.number :: share.processes]
        return random.sample(mine, min(len(mine), _ROUND))
    return random.choices(all_, k=_ROUND)


async def _client(store: Store, acts: deque[list[Call]]) -> int:
    """Replay acts, one after the other, until none is left; how many."""
    done = 0
    while acts:
        for call in acts.popleft():
            try:
                await call(store)
            except Conflict:  # a document fed twice would be a fault of the recording
                raise RuntimeError("a recorded act met another writer") from None
        done += 1
    return done
