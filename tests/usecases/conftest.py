"""One embedded store a test process, and one in PostgreSQL for what both engines must say alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from carnet.record.store_kind import StoreKind
from carnet.storage.create import create_embedded, create_postgresql
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_thread import ThreadWriter
from carnet.storage.masterkey import MasterKey
from carnet.storage.store import Store, journal_key, open_embedded, open_postgresql
from tests.usecases.bench import Bench, Desk


@asynccontextmanager
async def embedded(directory: Path, master: MasterKey) -> AsyncIterator[Store]:
    writer = ThreadWriter(Ledger(directory, await journal_key(directory, master)))
    store = await open_embedded(directory, master, writer)
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def _bench(opened: AsyncIterator[Store]) -> Iterator[Bench]:
    """A bench over a store, opened and closed in the loop that its tests run in."""
    with asyncio.Runner() as runner:

        async def following() -> Store | None:
            return await anext(opened, None)

        store = runner.run(following())
        assert store is not None
        yield Bench(runner, store)
        runner.run(following())


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A test store on SQLite."""
    with _on_sqlite(tmp_path_factory) as made:
        yield made


@contextmanager
def _on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    directory = tmp_path_factory.mktemp("bench") / "store"
    master = create_embedded(directory, StoreKind.TEST, directory.with_name("store.key"))

    async def opened() -> AsyncIterator[Store]:
        async with embedded(directory, master) as store:
            yield store

    with _bench(opened()) as made:
        yield made


@pytest.fixture(scope="session")
def postgresql_bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """A test store on PostgreSQL."""
    with _on_postgresql(request, tmp_path_factory) as made:
        yield made


@contextmanager
def _on_postgresql(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    server = request.getfixturevalue("postgresql_server")
    url, keys_url = server.new_database(), server.new_database()
    directory = tmp_path_factory.mktemp("bench") / "store"
    key_file = directory.with_name("store.key")
    master = create_postgresql(url, keys_url, directory, StoreKind.TEST, key_file)

    async def opened() -> AsyncIterator[Store]:
        store = await open_postgresql(url, keys_url, directory, master)
        try:
            yield store
        finally:
            await store.close()

    with _bench(opened()) as made:
        yield made


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def either_bench(request: pytest.FixtureRequest) -> Bench:
    """Both engines in turn."""
    name = "bench" if request.param == "sqlite" else "postgresql_bench"
    found: Bench = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sound_desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """On both engines in turn, a store that no test damages, for whole checks of it."""
    if request.param == "sqlite":
        made = _on_sqlite(tmp_path_factory)
    else:
        made = _on_postgresql(request, tmp_path_factory)
    with made as bench:
        yield bench.desk()


@pytest.fixture
def desk(bench: Bench) -> Desk:
    """A gate with a clock of its own, on SQLite."""
    return bench.desk()


@pytest.fixture
def either_desk(either_bench: Bench) -> Desk:
    """The same on both engines in turn."""
    return either_bench.desk()
