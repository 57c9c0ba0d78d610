"""kill -9 in the middle of submissions: nothing that was acknowledged is lost, nor any trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from carnet.cli.private_postgresql import PrivatePostgresql
from tests.system.durability import clients
from tests.system.durability.databases import kill_a_backend
from tests.system.durability.server import Server, new_store
from tests.system.durability.storm import (
    Document,
    Storm,
    check_traces,
    check_verified,
    finish_events,
)

ROLES = ["ledger", "worker", "web", "supervisor"]


def documents(round_: int, count: int, people: int) -> list[Document]:
    made = []
    for number in range(count):
        ins = clients.person(number % people)
        unique_id = f"1.2.250.1.999.7.{round_}.{number}"
        made.append(Document(ins, unique_id, clients.letter(ins, unique_id, f"Lettre {number}")))
    return made


async def open_records(server: Server, people: int) -> None:
    token = server.token(clients.DOCTOR)
    for number in range(people):
        body = clients.opening(clients.person(number))
        answer = await clients.send(server.port, "POST", "/fhir/Patient", token, body)
        assert answer.status == 201, answer


def one_round(
    server: Server,
    fed: list[Document],
    kills: list[str],
    others: Mapping[str, Callable[[], None]] | None = None,
) -> Storm:
    storm = Storm(server, fed, others)
    asyncio.run(storm.rage(kills))
    asyncio.run(storm.check_read_back())
    check_verified(server)
    return storm


def test_submissions_outlive_the_kill_of_each_process(tmp_path: Path) -> None:
    fed = documents(0, 160, 20)
    with Server(new_store(tmp_path / "store")) as server:
        asyncio.run(open_records(server, 20))
        storm = one_round(server, fed, ROLES)
        assert server.end() == 0
    assert storm.broken or storm.statuses[503]
    asyncio.run(finish_events(server))
    asyncio.run(check_traces(server, fed))


def test_submissions_outlive_the_kill_of_each_process_over_postgresql(tmp_path: Path) -> None:
    """Among them PostgreSQL's own: it breaks off every connection, and recovers."""
    fed = documents(1, 120, 20)
    with PrivatePostgresql() as postgresql:
        url = postgresql.new_database()

        def kill_postgresql() -> None:
            kill_a_backend(postgresql)

        with Server(new_store(tmp_path / "store", url), database=url) as server:
            asyncio.run(open_records(server, 20))
            kills = ["worker", "postgresql", "web", "supervisor"]
            storm = one_round(server, fed, kills, {"postgresql": kill_postgresql})
            assert server.end() == 0
        assert storm.broken or storm.statuses[503]
        asyncio.run(finish_events(server))
        asyncio.run(check_traces(server, fed))
