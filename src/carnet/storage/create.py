"""Making a store: directories, databases, secrets, and the kind that it keeps for good."""

from __future__ import annotations

import os
import sqlite3
import uuid
from pathlib import Path

from carnet.record.errors import CarnetError
from carnet.record.store_kind import StoreKind
from carnet.storage import writes
from carnet.storage.batch import Step, step
from carnet.storage.blobs import FileBlobs, sync_directory
from carnet.storage.keys import first_secrets
from carnet.storage.masterkey import KeyFile, MasterKey
from carnet.storage.migrate import upgrade_sqlite
from carnet.storage.sqlite import KEYS, MAIN, TRACES, open_writer
from carnet.storage.statements import statement
from carnet.storage.store import BLOBS, is_embedded_store


def default_key_file(directory: Path) -> Path:
    """Where the master key stands unless a setting says otherwise: beside the directory."""
    return directory.with_name(directory.name + ".key")


def create_embedded(directory: Path, kind: StoreKind, key_file: Path) -> MasterKey:
    """A new embedded store in an absent or empty directory; its master key, made if absent.

    Raises ``CarnetError('store-exists')``, ``store-directory-taken``.
    """
    if is_embedded_store(directory):
        raise CarnetError("store-exists", directory=str(directory))
    master = _prepare_directory(directory, key_file)
    for name in (MAIN, TRACES, KEYS):
        upgrade_sqlite(directory / name)
    connection = open_writer(directory / KEYS)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for one in (first_secrets(master), first_facts(kind)):
            run_step(connection, one)
        connection.execute("COMMIT")
    finally:
        connection.close()
    sync_directory(directory)
    sync_directory(directory.absolute().parent)
    return master


def create_postgresql(
    url: str, keys_url: str, directory: Path, kind: StoreKind, key_file: Path
) -> MasterKey:
    """A new store in two PostgreSQL databases (which may be one), its documents in ``directory``.

    What broke off is taken up again, once the directory is emptied: a store stands when its facts
    do, and they come last. Raises as ``create_embedded``, and ``store-unavailable``.
    """
    # The driver is loaded only where it is used.
    from carnet.storage.migrate import upgrade_postgresql
    from carnet.storage.postgresql_facts import place, run_steps

    if is_postgresql_store(keys_url):
        raise CarnetError("store-exists", directory=place(keys_url))
    master = _prepare_directory(directory, key_file)
    for history, database in (("main", url), ("traces", url), ("keys", keys_url)):
        upgrade_postgresql(database, history)
    run_steps(keys_url, (first_secrets(master), first_facts(kind)))
    sync_directory(directory)
    sync_directory(directory.absolute().parent)
    return master


def is_postgresql_store(keys_url: str) -> bool:
    """Whether a key database holds the keys of a store. Raises ``store-unavailable``."""
    from carnet.storage.postgresql_facts import read_facts

    try:
        return "kind" in read_facts(keys_url)
    except CarnetError as error:
        if error.code == "store-absent":
            return False
        raise


def _prepare_directory(directory: Path, key_file: Path) -> MasterKey:
    """An absent or empty directory with the places of documents in it; the master key."""
    if directory.exists() and any(directory.iterdir()):
        raise CarnetError("store-directory-taken", directory=str(directory))
    os.umask(0o077)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    master = KeyFile.load(key_file) if key_file.exists() else KeyFile.create(key_file)
    FileBlobs.create(directory / BLOBS).close()
    return master


def first_facts(kind: StoreKind) -> Step:
    """The step that fixes a store's kind and id."""
    return step(writes.PUT_FACT, ("kind", str(kind)), ("id", str(uuid.uuid4())))


def run_step(connection: sqlite3.Connection, one: Step) -> None:
    """Run a step outside the ledger, while a store is being made."""
    compiled = statement(one.statement).compiled("sqlite")
    connection.executemany(compiled.sql, [compiled.arrange(row) for row in one.rows])


def put_facts(directory: Path, facts: dict[str, str], keys_database: str | None = None) -> None:
    """Keep facts of a store that may change between starts: its public base."""
    if keys_database is not None:
        from carnet.storage.postgresql_facts import run_steps

        run_steps(keys_database, (step(writes.PUT_FACT, *facts.items()),))
        return
    connection = open_writer(directory / KEYS)
    try:
        connection.execute("BEGIN IMMEDIATE")
        run_step(connection, step(writes.PUT_FACT, *facts.items()))
        connection.execute("COMMIT")
    finally:
        connection.close()
