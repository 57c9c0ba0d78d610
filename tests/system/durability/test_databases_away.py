"""A database that is away takes nobody down: who starts meanwhile waits for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from carnet.cli.private_postgresql import PrivatePostgresql
from tests.system.durability import clients
from tests.system.durability.databases import take_away
from tests.system.durability.server import Server, new_store, until


@pytest.mark.parametrize("comes_back", [True, False])
def test_children_that_find_no_database_wait_for_it_or_for_the_end(
    tmp_path: Path, *, comes_back: bool
) -> None:
    with PrivatePostgresql() as postgresql:
        url = postgresql.new_database()
        with Server(new_store(tmp_path / "store", url), database=url) as server:
            token = server.token(clients.DOCTOR)
            take_away(postgresql)
            before = {child.pid for child in server.children()}
            for child in server.children():
                child.kill()
            until(
                lambda: server.ended or len(_told(server, "database-lost") - before) == 3,
                "three that wait",
            )
            assert not server.ended
            assert not _told(server, "child-failed") - before
            if comes_back:
                postgresql.restart()
                until(lambda: len(_told(server, "database-back") - before) == 3, "three that go on")
                body = clients.opening(clients.person(1))
                until(lambda: _opened(server, token, body), "an answer")
            assert server.end() == 0


def _told(server: Server, event: str) -> set[int]:
    """The processes that wrote an event to the log."""
    return {line["pid"] for line in server.logged(event)}


def _opened(server: Server, token: str, body: bytes) -> bool:
    try:
        answer = asyncio.run(clients.send(server.port, "POST", "/fhir/Patient", token, body))
    except clients.Broken:  # nobody listens yet
        return False
    return answer.status == 201
