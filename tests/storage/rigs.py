"""Stores of both engines for tests of storage: made once, copied for each test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from carnet.record.store_kind import StoreKind
from carnet.storage.batch import Batch, Reader, SealedTrace, Step, Writer, step
from carnet.storage.blobs import FileBlobs
from carnet.storage.create import first_facts
from carnet.storage.keys import first_secrets
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_thread import ThreadWriter
from carnet.storage.masterkey import KeyFile
from carnet.storage.postgresql_reader import PostgresqlReader
from carnet.storage.postgresql_writer import PostgresqlWriter
from carnet.storage.sqlite import KEYS, MAIN, TRACES, SqliteReader
from carnet.storage.statements import Statement
from carnet.storage.store import Store
from carnet.storage.writes import ADD_INS, ADD_RECORD_KEY, INSERT_RECORD

JOURNAL_KEY = b"j" * 32
T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a test's coroutine."""
    return asyncio.run(work)


def an_id(number: int) -> bytes:
    """A record id, spread like random ones."""
    return (number * 0x9E3779B97F4A7C15 % (1 << 64)).to_bytes(8, "big") + number.to_bytes(8, "big")


def a_trace(record_id: bytes, number: int, chain: int = 0) -> SealedTrace:
    return SealedTrace(
        record_id, chain, b"trace" + number.to_bytes(11, "big"), b"sealed %d" % number
    )


def a_record(record_id: bytes) -> Step:
    """The step that makes a record; it conflicts where the record stands."""
    return step(INSERT_RECORD, (record_id, 2, 1, 0, 0, 0, 20_000, b"life"), expect=1)


def an_ins_line(ins: bytes, record_id: bytes) -> Step:
    return step(ADD_INS, (ins, record_id, 1), expect=1)


def a_key(record_id: bytes) -> Step:
    return step(ADD_RECORD_KEY, (record_id, b"wrapped"), expect=1)


class Place(Protocol):
    """Databases with the schema and nothing in them."""

    engine: str

    def reader(self, name: str = "main") -> Reader:
        """A reader of ``main``, ``traces`` or ``keys``."""

    async def writer(self) -> Writer:
        """A writer."""


class SqlitePlace:
    engine = "sqlite"

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def reader(self, name: str = "main") -> Reader:
        file = {"main": MAIN, "traces": TRACES, "keys": KEYS}[name]
        return SqliteReader(self.directory / file)

    async def writer(self) -> Writer:
        return ThreadWriter(Ledger(self.directory, JOURNAL_KEY))


class PostgresqlPlace:
    """Main and traces in one database, keys in another."""

    engine = "postgresql"

    def __init__(self, url: str, keys_url: str) -> None:
        self.url = url
        self.keys_url = keys_url

    def reader(self, name: str = "main") -> Reader:
        return PostgresqlReader(self.keys_url if name == "keys" else self.url)

    async def writer(self) -> Writer:
        return PostgresqlWriter(self.url, self.keys_url, JOURNAL_KEY)


@asynccontextmanager
async def writing(place: Place) -> AsyncIterator[Writer]:
    """A writer, closed at the end."""
    writer = await place.writer()
    try:
        yield writer
    finally:
        await writer.close()


@asynccontextmanager
async def a_store(place: Place, folder: Path) -> AsyncIterator[Store]:
    """A store over a place, with secrets and facts; its documents and key lie in ``folder``."""
    key_file = folder / "master.key"
    fresh = not key_file.exists()
    master = KeyFile.create(key_file) if fresh else KeyFile.load(key_file)
    async with writing(place) as writer:
        if fresh:
            first = (first_secrets(master), first_facts(StoreKind.TEST))
            await writer.write(Batch(b"", key_steps=first))
        main, keys = place.reader(), place.reader("keys")
        traces = place.reader("traces") if place.engine == "sqlite" else main
        store = Store(
            main=main,
            traces=traces,
            keys_reader=keys,
            writer=writer,
            blobs=FileBlobs(folder / "blobs"),
            master=master,
        )
        try:
            await store.load()
            yield store
        finally:
            await store.close()


async def rows(place: Place, query: Statement, *values: object, of: str = "main") -> list[Any]:
    """What a query finds, on a connection of its own."""
    reader = place.reader(of)
    try:
        return await reader.fetch(query, *values)
    finally:
        await reader.close()
