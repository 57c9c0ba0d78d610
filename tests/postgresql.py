"""The real PostgreSQL that tests run on: one private server a test process, started when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from carnet.cli.private_postgresql import PrivatePostgresql, database_of_its_own

FreshDatabase = Callable[[], str]
"""Makes an empty database and answers its URL."""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PrivatePostgresql]:
    """A server of this test process (each xdist worker has its own)."""
    with PrivatePostgresql() as server:
        yield server


@pytest.fixture
def fresh_postgresql(postgresql_server: PrivatePostgresql) -> Iterator[FreshDatabase]:
    """A function that makes empty databases, dropped after the test."""
    made: list[str] = []

    def fresh() -> str:
        made.append(postgresql_server.new_database())
        return made[-1]

    yield fresh
    for url in made:
        postgresql_server.drop_database(url)


@pytest.fixture
def postgresql_url(postgresql_server: PrivatePostgresql) -> Iterator[str]:
    """The URL of one empty database, dropped after the test."""
    with database_of_its_own(postgresql_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Both engines in turn: None for the embedded store, a fresh URL for PostgreSQL."""
    if request.param == "sqlite":
        yield None
        return
    with database_of_its_own(request.getfixturevalue("postgresql_server")) as url:
        yield url
