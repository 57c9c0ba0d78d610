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
from carnet.storage.blobs import FileBlobs
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
    if directory.exists() and any(directory.iterdir()):
        raise CarnetError("store-directory-taken", directory=str(directory))
    os.umask(0o077)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    master = KeyFile.load(key_file) if key_file.exists() else KeyFile.create(key_file)
    FileBlobs.create(directory / BLOBS).close()
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
    return master


def first_facts(kind: StoreKind) -> Step:
    """The step that fixes a store's kind and id."""
    return step(writes.PUT_FACT, ("kind", str(kind)), ("id", str(uuid.uuid4())))


def run_step(connection: sqlite3.Connection, one: Step) -> None:
    """Run a step outside the ledger, while a store is being made."""
    compiled = statement(one.statement).compiled("sqlite")
    connection.executemany(compiled.sql, [compiled.arrange(row) for row in one.rows])


def put_facts(directory: Path, facts: dict[str, str]) -> None:
    """Keep facts of an embedded store that may change between starts: its public base."""
    connection = open_writer(directory / KEYS)
    try:
        connection.execute("BEGIN IMMEDIATE")
        run_step(connection, step(writes.PUT_FACT, *facts.items()))
        connection.execute("COMMIT")
    finally:
        connection.close()
