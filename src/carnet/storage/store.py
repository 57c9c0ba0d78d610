"""A store: its databases, its documents, its keys, opened together."""

from __future__ import annotations

from pathlib import Path

from carnet.record.errors import CarnetError
from carnet.record.store_kind import StoreKind
from carnet.storage import reads
from carnet.storage.batch import Reader, Writer, WriterLost
from carnet.storage.blobs import FileBlobs
from carnet.storage.keys import KeyStore, read_secrets
from carnet.storage.masterkey import MasterKey
from carnet.storage.migrate import VERSIONS, demand_current, demand_current_sqlite
from carnet.storage.sqlite import FILES, KEYS, MAIN, TRACES, SqliteReader

BLOBS = "blobs"


class Store:
    """What every use case is given. Close it to let connections and threads go."""

    def __init__(
        self,
        *,
        main: Reader,
        traces: Reader,
        keys_reader: Reader,
        writer: Writer,
        blobs: FileBlobs,
        master: MasterKey,
    ) -> None:
        self.main = main
        self.traces = traces
        self.writer = writer
        self.blobs = blobs
        self.keys = KeyStore(keys_reader, writer, master)
        self.keys_reader = keys_reader
        self.kind = StoreKind.PRODUCTION
        self.store_id = ""

    async def load(self) -> None:
        """Read what is fixed: kind, id, secrets."""
        facts: dict[str, str] = dict(await self.keys_reader.fetch(reads.FACTS))
        if "kind" not in facts:
            raise CarnetError("store-incomplete")
        self.kind = StoreKind(facts["kind"])
        self.store_id = facts["id"]
        await self.keys.load()

    async def close(self) -> None:
        """Finish writes, close connections."""
        await self.writer.close()
        for reader in {id(r): r for r in (self.main, self.traces, self.keys_reader)}.values():
            await reader.close()
        self.blobs.close()


def is_embedded_store(directory: Path) -> bool:
    """Whether a directory holds an embedded store."""
    return all((directory / name).exists() for name in FILES)


async def open_embedded(directory: Path, master: MasterKey, writer: Writer) -> Store:
    """An embedded store with its writer (the ledger's socket, or a ledger of this process).

    Raises ``CarnetError`` store-incomplete, schema-outdated, schema-newer.
    """
    demand_current_sqlite(directory)
    store = Store(
        main=SqliteReader(directory / MAIN),
        traces=SqliteReader(directory / TRACES),
        keys_reader=SqliteReader(directory / KEYS),
        writer=writer,
        blobs=FileBlobs(directory / BLOBS),
        master=master,
    )
    await store.load()
    return store


async def journal_key(directory: Path, master: MasterKey) -> bytes:
    """The key of the journal's MAC in an embedded store, for its ledger."""
    demand_current_sqlite(directory)
    reader = SqliteReader(directory / KEYS)
    try:
        return (await read_secrets(reader, master))["journal"]
    finally:
        await reader.close()


async def open_postgresql(url: str, keys_url: str, directory: Path, master: MasterKey) -> Store:
    """A store of PostgreSQL, its documents in ``directory``; both databases answer by then.

    Raises ``CarnetError`` store-unavailable, store-incomplete, schema-outdated, schema-newer,
    postgresql-unsafe.
    """
    # The driver is loaded only where it is used.
    from carnet.storage.postgresql_link import StatementFailed
    from carnet.storage.postgresql_reader import PostgresqlReader
    from carnet.storage.postgresql_writer import PostgresqlWriter

    main, keys = PostgresqlReader(url), PostgresqlReader(keys_url)
    writer: PostgresqlWriter | None = None
    try:
        for history, reader in (("main", main), ("traces", main), ("keys", keys)):
            rows = await reader.fetch(VERSIONS[history])
            demand_current(history, rows[0][0] if rows else None)
        key = (await read_secrets(keys, master))["journal"]
        writer = PostgresqlWriter(url, keys_url, key)
        await writer.connect()
        store = Store(
            main=main,
            traces=main,
            keys_reader=keys,
            writer=writer,
            blobs=FileBlobs(directory / BLOBS),
            master=master,
        )
        await store.load()
    except BaseException as fault:
        for part in (writer, main, keys):
            if part is not None:
                await part.close()
        if isinstance(fault, StatementFailed):
            raise CarnetError("store-incomplete") from fault
        if isinstance(fault, WriterLost):
            raise CarnetError("store-unavailable") from fault
        raise
    return store
