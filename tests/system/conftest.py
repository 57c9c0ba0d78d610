"""The nodes that system tests talk to: one a session and engine, and fresh ones where asked."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from carnet.cli.private_postgresql import PrivatePostgresql
from tests.system.server import Node

ENGINES = ("sqlite", "postgresql")
NodeMaker = Callable[..., Node]


@pytest.fixture(scope="session", params=ENGINES)
def make_node(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NodeMaker]:
    """Makes nodes of one engine; they are stopped, and found without a fault, at its end."""
    server: PrivatePostgresql | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
    with contextlib.ExitStack() as stack:

        def make(name: str = "node", **more: object) -> Node:
            database = None
            if server is not None:
                database = server.new_database()
                stack.callback(server.drop_database, database)
            folder: Path = tmp_path_factory.mktemp(name)
            made = Node(folder / "store", database, **more)  # type: ignore[arg-type]  # its own options
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture(scope="session")
def node(make_node: NodeMaker) -> Node:
    """A node that all tests of an engine share: each brings citizens of its own."""
    return make_node()
