"""A disk that is full or fails: refusals that say so, nothing left behind, and service resumes."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.storage.store import BLOBS
from tests.formats.cda.minimal import PDF
from tests.system.durability import clients
from tests.system.durability.server import Server, new_store, until
from tests.torture.disks import Disk, FailingDisk, SmallDisk, small_disk
from tests.torture.reckoning import verify

INS = clients.person(1)
LARGE = 1_500_000  # bytes of a document that makes its body one that is spooled
_SIZE = 128 << 20


class Desk:
    """A doctor before a running server, with one record opened."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._token = server.token(clients.DOCTOR)
        assert self.post("Patient", clients.opening(INS)).status == 201

    def post(self, path: str, body: bytes) -> clients.Answer:
        return asyncio.run(
            clients.send(self.server.port, "POST", f"/fhir/{path}", self._token, body)
        )

    def submit(self, number: int, length: int = 100) -> clients.Answer:
        """A document whose body has that many bytes."""
        unique_id = f"1.2.250.1.999.5.{number}"
        document = clients.letter(INS, unique_id)
        document = document.replace(PDF.encode(), base64.b64encode(b"%PDF-" + bytes(length)))
        return self.post("DocumentReference", clients.submission(INS, unique_id, document))

    def objects(self) -> list[str]:
        """The files of documents, whole or not."""
        return sorted(path.name for path in (self.server.directory / BLOBS).glob("*/*"))

    def processes(self) -> list[psutil.Process]:
        return [psutil.Process(self.server.pid), *self.server.children()]


def code_of(answer: clients.Answer) -> str:
    """The code of a refusal, which must say when to come again."""
    assert int(answer.headers["retry-after"]) > 0
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    code: str = outcome["issue"][0]["details"]["coding"][0]["code"]
    return code


@pytest.fixture(params=["sqlite", "postgresql"])
def full_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Desk, Disk]]:
    """A server whose data directory is a disk of its own."""
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "disk", _SIZE))
        url = None
        if request.param == "postgresql":
            url = stack.enter_context(PrivatePostgresql()).new_database()
        server = stack.enter_context(Server(new_store(disk.place, url), database=url))
        yield Desk(server), disk


def test_a_full_disk_refuses_leaves_nothing_and_serves_again_with_room(
    full_desk: tuple[Desk, Disk],
) -> None:
    desk, disk = full_desk
    codes = ("store-full",) if isinstance(disk, SmallDisk) else ("store-full", "store-failing")
    assert desk.submit(0).status == 201
    before = desk.objects()
    disk.fill(desk.processes())
    for number, length in ((1, 100), (2, LARGE)):
        answer = desk.submit(number, length)
        assert answer.status == (507 if code_of(answer) == "store-full" else 503)
        assert code_of(answer) in codes
    assert desk.objects() == before
    disk.free(desk.processes())
    for number, length in ((1, 100), (2, LARGE)):
        assert desk.submit(number, length).status == 201
    assert len(desk.objects()) == len(before) + 2
    assert not desk.server.logged("fhir-defect")
    assert not desk.server.logged("child-failed")
    verify(desk.server)
    assert desk.server.end() == 0


def test_children_that_fall_while_the_disk_is_full_wait_for_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", _SIZE) as disk, Server(new_store(disk.place)) as server:
        desk = Desk(server)
        assert desk.submit(0).status == 201
        disk.fill(desk.processes())
        for child in server.children():
            child.kill()
        until(lambda: len(server.logged("child-restarted")) >= 4, "their successors")
        disk.free(desk.processes())
        until(lambda: _accepted(desk), "a submission")
        assert not server.logged("child-failed")
        verify(server)
        assert server.end() == 0


def _accepted(desk: Desk) -> bool:
    try:
        return desk.submit(1).status in (200, 201)
    except clients.Broken:  # nobody listens yet
        return False


def test_a_disk_that_fails_refuses_leaves_nothing_and_serves_again_when_it_is_well(
    tmp_path: Path,
) -> None:
    failing = FailingDisk(tmp_path)
    with Server(new_store(tmp_path / "store"), environment=failing.environment) as server:
        desk = Desk(server)
        assert desk.submit(0).status == 201
        before = desk.objects()
        failing.fail(server.children(), probability=1)
        for number, length in ((1, 100), (2, LARGE)):
            answer = desk.submit(number, length)
            assert (answer.status, code_of(answer)) == (503, "store-failing")
        assert desk.objects() == before
        failing.heal(server.children())
        for number, length in ((1, 100), (2, LARGE)):
            assert desk.submit(number, length).status == 201
        assert not server.logged("fhir-defect")
        assert not server.logged("child-failed")
        verify(server)
        assert server.end() == 0
