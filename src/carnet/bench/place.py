"""Where a made store lies, and how it is opened, filled and served."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from carnet.bench.asking import Target, sign_tokens
from carnet.bench.loader import (
    PostgresqlSink,
    Sink,
    SqliteSink,
    load,
    load_great,
    room_needed,
    standing,
)
from carnet.bench.manifest import Manifest
from carnet.bench.server import Server, free_port
from carnet.serve.plan import master_key_of
from carnet.settings import Settings
from carnet.storage.batch import Batch, Writer
from carnet.storage.facts import stored_facts
from carnet.storage.ledger_socket import SocketWriter
from carnet.storage.masterkey import MasterKey
from carnet.storage.store import Store, open_embedded, open_postgresql

METADATA = "/fhir/metadata"


class NoWriter:
    """A writer for who only reads."""

    async def write(self, batch: Batch) -> None:
        """Refuses."""
        raise RuntimeError(f"nothing is written here, {len(batch.steps)} steps were to be")

    async def close(self) -> None:
        """Nothing to close."""


class Place(msgspec.Struct, frozen=True):
    """A store by its settings. ``command`` starts ``carnet``; ``workers`` web workers serve it."""

    settings: Settings
    command: tuple[str, ...]
    workers: int

    @property
    def directory(self) -> Path:
        """The data directory."""
        if self.settings.data is None:
            raise ValueError("a made store has a directory")
        return self.settings.data

    @property
    def engine(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return "sqlite" if self.settings.database is None else "postgresql"

    @property
    def master(self) -> MasterKey:
        """The master key."""
        return master_key_of(self.settings)

    @property
    def manifest(self) -> Manifest:
        """What the store holds."""
        return standing(self.directory)

    async def open(self, writer: Writer | None = None) -> Store:
        """The store; an embedded one writes through a ledger's socket unless a writer is given."""
        database, keys = self.settings.database, self.settings.keys_database
        if database is not None and keys is not None:
            return await open_postgresql(database, keys, self.directory, self.master)
        return await open_embedded(
            self.directory, self.master, writer or SocketWriter(self.directory)
        )

    def sink(self) -> Sink:
        """Where the loader's rows go."""
        database, keys = self.settings.database, self.settings.keys_database
        if database is not None and keys is not None:
            return PostgresqlSink(database, keys)
        return SqliteSink(self.directory)

    def room(self, documents: int) -> int:
        """Bytes that filling will take."""
        return room_needed(documents, self.manifest)

    async def fill(self, documents: int, progress: Callable[[int], object]) -> Manifest:
        """Load up to ``documents`` entries. Raises as ``loader.load``."""
        store = await self.open(NoWriter())
        return await load(store, self.master, self.directory, documents, self.sink, progress)

    async def fill_great(self, documents: int) -> Manifest:
        """Load the one great record. Raises as ``loader.load``."""
        store = await self.open(NoWriter())
        return await load_great(store, self.master, self.directory, documents, self.sink)

    def server(self, **told: str) -> Server:
        """``carnet serve`` over it, on a free port; ``told`` are further variables."""
        port = free_port()
        command = [*self.command, "serve", "--data", str(self.directory), "--port", str(port)]
        environment = {
            "CARNET_WORKERS": str(self.workers),
            "CARNET_LOG_LEVEL": "warning",
            **told,
        }
        settings = self.settings
        if settings.database is not None and settings.keys_database is not None:
            environment["CARNET_DATABASE"] = settings.database
            environment["CARNET_KEYS_DATABASE"] = settings.keys_database
        if settings.key_file is not None:
            environment["CARNET_KEY_FILE"] = str(settings.key_file)
        return Server(command, port, METADATA, self.workers, environment)

    def target(self, port: int) -> Target:
        """What a load asks of a server of this store on ``port``."""
        facts = stored_facts(self.directory, self.settings.keys_database)
        tokens = sign_tokens(self.directory, facts["id"], f"http://127.0.0.1:{port}")
        return Target(port, self.manifest, tokens)

    def constant(self, answer: Path) -> Server:
        """A server that gives one answer, with as many processes."""
        port = free_port()
        module = "carnet.bench.constant"
        command = [sys.executable, "-m", module, str(answer), str(port), str(self.workers)]
        return Server(command, port, "/", self.workers)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))
