"""A node under test: a store, a real ``carnet serve`` over it, and clients with tokens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import msgspec
import psycopg

from carnet.cli.stores import opened
from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import Ins
from carnet.record.trace import Chain, Trace
from carnet.settings import Settings, load
from carnet.storage import records, schema
from carnet.storage.codes import EventKind
from carnet.storage.sqlite import MAIN
from carnet.storage.store import BLOBS, Store
from carnet.storage.tracing import read_chain
from tests.system.checks import check_response
from tests.system.documents import Letter, simplified
from tests.system.durability.server import Server, new_store, until
from tests.system.people import GENERALIST, Citizen, opening

FHIR = "application/fhir+json"
JSON_PATCH = "application/json-patch+json"
_T = TypeVar("_T")


class Client:
    """One caller's way to a node. Every answer is checked by ``check_response``."""

    def __init__(self, base: str, token: str | None) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.Client(
            base_url=base, headers={"accept": FHIR, **headers}, timeout=60, trust_env=False
        )

    def close(self) -> None:
        """Let go of its connections."""
        self._http.close()

    def request(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """One request below ``[base]``."""
        response = self._http.request(method, path, **more)
        check_response(response)
        return response

    def get(self, path: str, headers: Any = None, **query: Any) -> httpx2.Response:
        """GET, parameters by keyword; ``_`` before a name of FHIR stands as it is."""
        return self.request("GET", path, headers=headers or {}, params=query or None)

    def post(self, path: str, resource: object, **headers: str) -> httpx2.Response:
        """POST a resource."""
        sent = {"content-type": FHIR, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.request("POST", path, content=msgspec.json.encode(resource), headers=sent)

    def patch(
        self, path: str, patch: object, kind: str = JSON_PATCH, **headers: str
    ) -> httpx2.Response:
        """PATCH by JSON Patch, or by Parameters."""
        sent = {"content-type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.request("PATCH", path, content=msgspec.json.encode(patch), headers=sent)

    def delete(self, path: str) -> httpx2.Response:
        """DELETE."""
        return self.request("DELETE", path)

    def form(self, path: str, **fields: str) -> httpx2.Response:
        """POST a form, as ``_search`` takes it."""
        return self.request("POST", path, data=fields)

    def submit(self, one: Letter, **changes: object) -> httpx2.Response:
        """Feed a document by ITI-105."""
        return self.post("DocumentReference", simplified(one, **changes))

    def find(self, who: Citizen, **query: Any) -> httpx2.Response:
        """ITI-67 in a citizen's record."""
        return self.get("DocumentReference", **{"patient.identifier": who.token, **query})


class Node:
    """A store and its server. ``engine`` is ``sqlite`` or ``postgresql``.

    ``make`` makes the store, in place of an empty one.
    """

    def __init__(
        self,
        directory: Path,
        database: str | None,
        *,
        workers: int = 2,
        environment: dict[str, str] | None = None,
        make: Callable[[Path, str | None], object] = new_store,
    ) -> None:
        make(directory, database)
        self.directory = directory
        self.database = database
        self.engine = "postgresql" if database else "sqlite"
        self.server = Server(directory, workers=workers, environment=environment, database=database)
        self.server.start()
        self._clients: dict[Caller | None, Client] = {}

    @property
    def base(self) -> str:
        """The FHIR base URL."""
        return self.server.base + "/fhir"

    def close(self) -> None:
        """Stop the server; it must have had no fault and have ended well."""
        for client in self._clients.values():
            client.close()
        defects = self.server.logged("fhir-defect")
        status = self.server.end()
        assert not defects, defects[:10]
        assert status == 0

    def acting(self, who: Caller | Citizen | None) -> Client:
        """The client of a caller; None: without a token."""
        caller = who.caller if isinstance(who, Citizen) else who
        if caller not in self._clients:
            token = self.server.token(caller) if caller else None
            self._clients[caller] = Client(self.base + "/", token)
        return self._clients[caller]

    def open_for(self, who: Citizen, by: Caller = GENERALIST) -> str:
        """Open a citizen's record; its Patient.id."""
        response = self.acting(by).post("Patient", opening(who))
        assert response.status_code == 201, response.text
        record_id: str = response.json()["id"]
        return record_id

    def feed(self, one: Letter, by: Caller | None = None) -> dict[str, Any]:
        """Feed a document, as its author unless said; the stored DocumentReference."""
        response = self.acting(by or one.author).submit(one)
        assert response.status_code == 201, response.text
        resource: dict[str, Any] = response.json()
        return resource

    @property
    def settings(self) -> Settings:
        """The settings under which a command would open the store."""
        told = {"data": self.directory, "database": self.database, "keys_database": self.database}
        return load(None, {}, told)

    def with_store(self, work: Callable[[Store], Awaitable[_T]]) -> _T:
        """Do something on the store itself, beside the running server."""

        async def run() -> _T:
            async with opened(self.settings) as store:
                return await work(store)

        return asyncio.run(run())

    def traces(self, ins: Ins) -> list[Trace]:
        """What both chains of a record say of people's acts (the machine's left aside), by time."""

        async def read(store: Store) -> list[Trace]:
            record_id = await records.record_of_ins(store, ins.matricule)
            assert record_id is not None
            sealer = await store.keys.sealer(record_id)
            found = [trace for chain in Chain for trace in await read_chain(store, sealer, chain)]
            return sorted(found, key=lambda trace: trace.at)

        return [t for t in self.with_store(read) if t.caller != CallerKind.MACHINE]

    def count(self, *tables: str) -> Counter[str]:
        """How many rows tables of the main database hold now."""
        # The names are the schema's own.
        parts = (f"(SELECT count(*) FROM {table})" for table in tables)  # noqa: S608
        return Counter(dict(zip(tables, self._row(f"SELECT {', '.join(parts)}"), strict=True)))

    def _row(self, query: str) -> tuple[int, ...]:
        if self.database is not None:
            with psycopg.connect(self.database) as remote:
                return remote.execute(query.encode()).fetchone() or ()
        uri = f"file:{self.directory / MAIN}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as local:
            found: tuple[int, ...] = local.execute(query).fetchone()
            return found

    def stored(self) -> Counter[str]:
        """How much is stored of records and documents: rows by table, and document files."""
        found = self.count(*_OF_RECORDS)
        blobs = self.directory / BLOBS
        found["files"] = sum(len(files) for _, _, files in os.walk(blobs))
        return found

    def settled(self) -> None:
        """Wait until the worker has done what follows the changes so far; due dates may wait."""
        query = f"SELECT count(*) FROM outbox WHERE kind <> {int(EventKind.FLAG_DUE)}"  # noqa: S608
        until(lambda: self._row(query) == (0,), "an outbox with nothing but due dates")


_OF_RECORDS = tuple(
    table.name
    for table in (
        schema.record,
        schema.identity,
        schema.relation,
        schema.entry,
        schema.submission,
        schema.awaited,
        schema.directory_ins,
        schema.directory_document,
        schema.directory_uuid,
    )
)
