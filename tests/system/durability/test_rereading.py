"""A better reader reads all documents anew while the node serves, whoever is killed meanwhile."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import psycopg
import pytest

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.storage.codes import DerivedKind
from carnet.storage.sqlite import MAIN
from carnet.usecases.deriving import READERS
from tests.system.documents import letter
from tests.system.durability.server import until
from tests.system.durability.storm import check_verified
from tests.system.people import GENERALIST, citizen
from tests.system.server import Node

RECORDS, EACH = 6, 12
STALE = "SELECT count(*) FROM derived WHERE kind = {} AND reader < {}"  # numbers of ours
DONE = "SELECT done FROM sweep"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    server: PrivatePostgresql = request.getfixturevalue("postgresql_server")
    return server.new_database()


def run(node: Node, *statements: str) -> None:
    """Write to the main database beside the running server, as an operator with a mistake would."""
    if node.database is not None:
        with psycopg.connect(node.database) as remote:
            for statement in statements:
                remote.execute(statement.encode())
        return
    path = node.directory / MAIN
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as local, local:
        for statement in statements:
            local.execute(statement)


def stale(node: Node) -> int:
    found = 0
    for kind, reader in READERS.items():
        found += node._row(STALE.format(int(kind), reader))[0]
    return found


@pytest.mark.slow
def test_rereading_outlives_the_kill_of_each_process(tmp_path: Path, database: str | None) -> None:
    node = Node(tmp_path / "store", database)
    try:
        people = [citizen() for _ in range(RECORDS)]
        for who in people:
            node.open_for(who)
            for _ in range(EACH):
                node.feed(letter(who, GENERALIST))
        node.settled()
        until(lambda: node._row(DONE) == (1,), "the first walk's end")
        assert stale(node) == 0
        kind = int(DerivedKind.FACTS)
        run(
            node,
            f"UPDATE derived SET reader = 0 WHERE kind = {kind}",  # noqa: S608  a number of ours
            "UPDATE sweep SET readers = '0.0', done = 0, leased_until = 0",
        )
        assert stale(node) == RECORDS * EACH
        roles = ["worker", "worker", "worker"]
        if database is None:
            roles.insert(1, "ledger")
        for role in roles:
            before = stale(node)
            node.server.kill(role)
            run(node, "UPDATE sweep SET leased_until = 0")  # as after a minute
            if before:
                until(lambda before=before: stale(node) < before, "a portion")  # type: ignore[misc]  # bound now
            reader = node.acting(people[0])
            until(lambda: reader.find(people[0]).status_code == 200, "an answer meanwhile")  # noqa: B023  asked now
        until(lambda: stale(node) == 0, "the end of the walk")
        until(lambda: node._row(DONE) == (1,), "its end to be written")
        check_verified(node.server)
    finally:
        node.close()
