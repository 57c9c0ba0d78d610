"""A backup taken while clients submit, on both engines: what was acknowledged is in it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from carnet.cli.private_postgresql import find_programs
from carnet.record.identity import Ins
from tests.system.conftest import PlaceMaker
from tests.system.durability import clients
from tests.system.durability.server import CARNET, PATIENCE, Server, new_store
from tests.system.durability.storm import (
    Document,
    Storm,
    check_traces,
    check_verified,
    finish_events,
)

PEOPLE = 12
NOTED = 60  # documents acknowledged before the backup
OTHERS = 200  # and as many people at most whose records are opened meanwhile
BESIDE = 4  # clients that go on submitting
AFTER = 20  # documents that must be acknowledged after it, so that it had load to its end


def document(number: int) -> Document:
    ins = clients.person(number % PEOPLE)
    unique_id = f"1.2.250.1.999.9.{number}"
    return Document(ins, unique_id, clients.letter(ins, unique_id, f"Lettre {number}"))


async def open_record(server: Server, token: str, ins: Ins) -> None:
    answer = await clients.send(server.port, "POST", "/fhir/Patient", token, clients.opening(ins))
    assert answer.status == 201, answer


class Load:
    """Clients that submit one document after another until they are told to stop."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.token = server.token(clients.DOCTOR)
        self.begun: list[Document] = []
        self.places: dict[str, str] = {}
        self._numbers = itertools.count(NOTED)
        self._persons = iter(range(PEOPLE, OTHERS))
        self._acknowledged = asyncio.Condition()
        self._stopping = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            for _ in range(BESIDE):
                group.create_task(self._submit())
            group.create_task(self._open())
            await self.more(BESIDE)
            try:
                yield
                await self.more(AFTER)
            finally:
                self._stopping = True

    async def more(self, count: int) -> None:
        """Until so many more are acknowledged."""
        wanted = len(self.places) + count
        async with asyncio.timeout(PATIENCE), self._acknowledged:
            await self._acknowledged.wait_for(lambda: len(self.places) >= wanted)

    async def _submit(self) -> None:
        while not self._stopping:
            one = document(next(self._numbers))
            self.begun.append(one)
            body = clients.submission(one.ins, one.unique_id, one.data)
            answer = await clients.send(
                self.server.port, "POST", "/fhir/DocumentReference", self.token, body
            )
            assert answer.status == 201, answer
            url = answer.json()["content"][0]["attachment"]["url"]
            self.places[one.unique_id] = url.removeprefix(self.server.base)
            async with self._acknowledged:
                self._acknowledged.notify_all()

    async def _open(self) -> None:
        """New records too: their keys are written to a database of their own."""
        while not self._stopping and (number := next(self._persons, None)) is not None:
            await open_record(self.server, self.token, clients.person(number))


def command(server: Server, *words: str) -> tuple[int, dict[str, Any]]:
    """The exit status of a command on a server's store, and what it tells at its end."""
    done = subprocess.run(
        [str(CARNET), *words, "--data", str(server.directory), "--json"],
        capture_output=True,
        check=False,
        env=server.environment,
        timeout=10 * PATIENCE,
    )
    lines = done.stdout.splitlines()
    assert lines, done.stderr.decode()
    return done.returncode, json.loads(lines[-1])


@pytest.fixture(scope="module")
def other_place(new_place: PlaceMaker) -> PlaceMaker:
    """Where stores are restored."""
    return new_place


@pytest.fixture(scope="module")
def loaded(
    new_place: PlaceMaker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Storm, Load, Path, dict[str, Any]]]:
    """A server, a backup taken of it under load, what was noted before and submitted beside it."""
    directory, database = new_place()
    folder = tmp_path_factory.mktemp("backup") / "b"
    with Server(new_store(directory, database), database=database) as server:
        storm = Storm(server, [document(number) for number in range(NOTED)])
        load = Load(server)

        async def play() -> tuple[int, dict[str, Any]]:
            for number in range(PEOPLE):
                await open_record(server, load.token, clients.person(number))
            await storm.rage([])
            async with load.running():
                return await asyncio.to_thread(command, server, "backup", str(folder))

        status, told = asyncio.run(play())
        assert status == 0, told
        assert told["absent_documents"] == 0
        assert told["documents"] >= NOTED
        yield server, storm, load, folder, told
        assert server.logged("fhir-defect") == []


def restored(server: Server, place: PlaceMaker, folder: Path) -> Server:
    """A server, not started, on a store that was restored with its master key put back."""
    directory, database = place()
    twin = Server(directory, database=database)
    key = server.directory.with_name(server.directory.name + ".key")
    key_file = directory.with_name(directory.name + ".key")
    key_file.write_bytes(key.read_bytes())
    key_file.chmod(0o600)
    status, told = command(twin, "restore", str(folder))
    assert (status, told.get("key_fits")) == (0, True), told
    return twin


def test_everything_acknowledged_before_a_backup_under_load_is_restored(
    loaded: tuple[Server, Storm, Load, Path, dict[str, Any]], other_place: PlaceMaker
) -> None:
    server, storm, load, folder, _ = loaded
    twin = restored(server, other_place, folder)
    check_verified(twin)
    asyncio.run(finish_events(twin))
    asyncio.run(check_traces(twin, storm.documents))
    with twin:
        again = Storm(twin, storm.documents)
        again.places = storm.places
        asyncio.run(again.check_read_back())
        whole = asyncio.run(whole_or_absent(twin, load))
        assert twin.end() == 0
    asyncio.run(check_traces(twin, whole))


async def whole_or_absent(twin: Server, load: Load) -> list[Document]:
    """Those submitted beside the backup that are in it: found and read alike, byte for byte."""
    whole = []
    tokens = {one.ins: twin.token(clients.citizen(one.ins)) for one in load.begun}
    for one in load.begun:
        token = tokens[one.ins]
        path = f"/fhir/DocumentReference?identifier=urn:ietf:rfc:3986%7Curn:oid:{one.unique_id}"
        path += f"&patient.identifier=urn:oid:{one.ins.oid}%7C{one.ins.matricule}"
        found = await clients.send(twin.port, "GET", path, token)
        assert found.status == 200, found
        entries = found.json().get("entry", [])
        read = await clients.send(twin.port, "GET", load.places[one.unique_id], token, accept="*/*")
        if entries:
            assert (read.status, read.body) == (200, one.data)
            whole.append(one)
        else:
            assert read.status == 404, read
    assert len(whole) < len(load.begun)
    return whole


def test_a_second_backup_copies_what_is_new_and_is_restored_with_all(
    loaded: tuple[Server, Storm, Load, Path, dict[str, Any]], other_place: PlaceMaker
) -> None:
    server, storm, load, folder, first = loaded
    status, told = command(server, "backup", str(folder))
    documents = NOTED + len(load.begun)
    assert (status, told["documents"]) == (0, documents)
    assert told["new_documents"] == documents - first["documents"]
    twin = restored(server, other_place, folder)
    check_verified(twin)
    with twin:
        again = Storm(twin, [*storm.documents, *load.begun])
        again.places = {**storm.places, **load.places}
        asyncio.run(again.check_read_back())
        assert twin.end() == 0


def test_a_restore_over_a_store_that_is_served_is_refused_and_disturbs_nobody(
    loaded: tuple[Server, Storm, Load, Path, dict[str, Any]],
) -> None:
    server, storm, _, folder, _ = loaded
    status, told = command(server, "restore", str(folder))
    assert (status, told["error"]["code"]) == (1, "store-exists")
    asyncio.run(storm.check_read_back())
    check_verified(server)


def by_hand() -> tuple[str, str]:
    """The lines of docs/backup.md that back up and restore with PostgreSQL's own tools."""
    page = (Path(__file__).parents[2] / "docs" / "backup.md").read_text(encoding="utf-8")
    section = page.split("<!-- A test runs these lines", 1)[1]
    blocks = [block.split("```", 1)[0] for block in section.split("```sh\n")[1:3]]
    return blocks[0], blocks[1]


@pytest.mark.parametrize("new_place", ["postgresql"], indirect=True, scope="session")
def test_the_order_by_hand_that_the_page_tells_works_on_postgresql(
    loaded: tuple[Server, Storm, Load, Path, dict[str, Any]],
    other_place: PlaceMaker,
    tmp_path: Path,
) -> None:
    server, storm, load, _, _ = loaded
    (tmp_path / "b").mkdir()
    (tmp_path / "v").mkdir()
    directory, database = other_place()
    assert server.database is not None
    assert database is not None
    # Test stores keep their keys in the database of the records: the first dump holds both.
    names = {
        "MAIN": server.database,
        "DATA": str(server.directory),
        "BACKUP": str(tmp_path / "b"),
        "NEW_MAIN": database,
        "NEW_DATA": str(directory),
    }
    environment = {**os.environ, **names}
    environment["PATH"] = f"{find_programs()}:{environment['PATH']}"
    for block in by_hand():
        lines = [line for line in block.splitlines() if "KEYS" not in line]
        assert len(lines) == 2
        subprocess.run(["sh", "-euc", "\n".join(lines)], check=True, env=environment, timeout=60)
    for suffix in (".key", "/signing-key.json"):
        source = Path(f"{server.directory}{suffix}")
        Path(f"{directory}{suffix}").touch(0o600)
        Path(f"{directory}{suffix}").write_bytes(source.read_bytes())
    twin = Server(directory, database=database)
    check_verified(twin)
    with twin:
        again = Storm(twin, [*storm.documents, *load.begun])
        again.places = {**storm.places, **load.places}
        asyncio.run(again.check_read_back())
        assert twin.end() == 0
