"""The nodes that system tests talk to: one a session and engine, and fresh ones where asked."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from carnet.cli.private_postgresql import PrivatePostgresql
from tests.system.server import Node

ENGINES = ("sqlite", "postgresql")
Place = tuple[Path, str | None]
"""Where a store is to be made: its directory, and its database unless it is embedded."""
PlaceMaker = Callable[[], Place]
NodeMaker = Callable[..., Node]


@pytest.fixture(scope="session", params=ENGINES)
def new_place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PlaceMaker]:
    """Gives places of one engine, each empty."""
    server: PrivatePostgresql | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
    with contextlib.ExitStack() as stack:

        def make() -> Place:
            database = None
            if server is not None:
                database = server.new_database()
                stack.callback(server.drop_database, database)
            return tmp_path_factory.mktemp("place") / "store", database

        yield make


@pytest.fixture(scope="session")
def node(new_place: PlaceMaker) -> Iterator[Node]:
    """A node that all tests of an engine share: each brings citizens of its own."""
    shared = Node(*new_place())
    yield shared
    shared.close()


@pytest.fixture
def make_node(new_place: PlaceMaker) -> Iterator[NodeMaker]:
    """Makes nodes for one test, stopped after it, none with a fault of its own."""
    with contextlib.ExitStack() as stack:

        def make(**more: Any) -> Node:
            made = Node(*new_place(), **more)
            stack.callback(made.close)
            return made

        yield make
