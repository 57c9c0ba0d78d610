"""kill -9 in the middle of submissions: nothing that was acknowledged is lost, nor any trace."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.system.durability import clients
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


def one_round(server: Server, fed: list[Document], kills: list[str]) -> Storm:
    storm = Storm(server, fed)
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


@pytest.mark.torture
def test_twenty_times_a_thousand_submissions(tmp_path: Path) -> None:
    order = random.Random(20)
    people = 250
    fed: list[Document] = []
    with Server(new_store(tmp_path / "store")) as server:
        asyncio.run(open_records(server, people))
        for round_ in range(20):
            some = documents(round_, 1000, people)
            one_round(server, some, order.sample(ROLES, len(ROLES)))
            fed += some
        assert server.end() == 0
    asyncio.run(finish_events(server))
    asyncio.run(check_traces(server, fed))
