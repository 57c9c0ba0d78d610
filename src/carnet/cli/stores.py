"""Opening a store from the command line: beside a running server, or alone."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from carnet.record.errors import CarnetError
from carnet.record.store_kind import StoreKind
from carnet.serve.plan import master_key_of
from carnet.settings import Settings, check_for
from carnet.storage.batch import Writer
from carnet.storage.create import create_embedded, put_facts
from carnet.storage.facts import stored_facts
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_socket import SocketWriter
from carnet.storage.ledger_thread import ThreadWriter
from carnet.storage.store import Store, is_embedded_store, journal_key, open_embedded
from carnet.usecases.tokens import new_signing_key

SIGNING_KEY = "signing-key.json"


def data_of(settings: Settings) -> Path:
    """The data directory. Raises ``data-directory-missing``."""
    if settings.data is None:
        raise CarnetError("data-directory-missing")
    return settings.data


def make_store(settings: Settings, kind: StoreKind) -> None:
    """Make the store that the settings describe, in an absent or empty directory."""
    directory = data_of(settings)
    check_for(settings, kind)
    key_file = settings.master_key_file
    if key_file is None:
        raise CarnetError("data-directory-missing")
    if settings.database is not None and settings.keys_database is not None:
        from carnet.storage.create import create_postgresql

        create_postgresql(settings.database, settings.keys_database, directory, kind, key_file)
    else:
        create_embedded(directory, kind, key_file)
    if kind is not StoreKind.PRODUCTION:
        _write_private(directory / SIGNING_KEY, new_signing_key())


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, writing through a running server's ledger or, where none runs, its own."""
    directory = data_of(settings)
    facts = stored_facts(directory, settings.keys_database)
    check_for(settings, StoreKind(facts["kind"]))
    master = master_key_of(settings)
    if settings.database is not None and settings.keys_database is not None:
        from carnet.storage.store import open_postgresql

        store = await open_postgresql(settings.database, settings.keys_database, directory, master)
    else:
        writer: Writer
        try:
            writer = ThreadWriter(Ledger(directory, await journal_key(directory, master)))
        except CarnetError as error:
            if error.code != "store-busy":
                raise
            writer = SocketWriter(directory)
        store = await open_embedded(directory, master, writer)
    try:
        yield store
    finally:
        await store.close()


def remember_base(settings: Settings, base: str) -> None:
    """Keep the public base with the store: tokens of ``carnet token`` carry it as audience."""
    directory = data_of(settings)
    facts = stored_facts(directory, settings.keys_database)
    if facts.get("public_base") != base:
        put_facts(directory, {"public_base": base}, settings.keys_database)


def seeded_on(directory: Path) -> date:
    """The day up to which the lives of a demo are told; today where it is no finished demo."""
    said = stored_facts(directory).get("seeded_on") if is_embedded_store(directory) else None
    return datetime.now(UTC).date() if said is None else date.fromisoformat(said)


def completed_records(store: Store) -> list[bytes]:
    """Records whose traces this process's own ledger completed when it opened the store."""
    writer = store.writer
    return writer.completed_records if isinstance(writer, ThreadWriter) else []


def _write_private(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
