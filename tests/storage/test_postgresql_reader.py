from __future__ import annotations

import asyncio

import pytest

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.record.errors import CarnetError
from carnet.storage import reads
from carnet.storage.batch import Batch, WriterLost
from carnet.storage.migrate import VERSIONS, upgrade_postgresql
from carnet.storage.postgresql_link import StatementFailed
from carnet.storage.postgresql_reader import PostgresqlReader
from carnet.storage.postgresql_writer import PostgresqlWriter
from tests.storage.foreign import blocked, do, end_backends, foreign
from tests.storage.rigs import (
    JOURNAL_KEY,
    PostgresqlPlace,
    a_key,
    a_record,
    a_trace,
    an_id,
    run,
    writing,
)

ONE = an_id(1)


def test_a_cut_connection_is_replaced_unseen(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        async with writing(postgresql_place) as writer:
            await writer.write(Batch(ONE, (a_record(ONE),)))
        reader = postgresql_place.reader()
        for _ in range(3):
            found = await asyncio.gather(*(reader.fetch(reads.RECORD, ONE) for _ in range(20)))
            assert [len(rows) for rows in found] == [1] * 20
            assert await end_backends(postgresql_place.url) == 1
        await reader.close()

    run(scene())


def test_a_defect_is_its_own_and_its_neighbours_are_asked_again(
    postgresql_place: PostgresqlPlace,
) -> None:
    async def scene() -> None:
        reader = postgresql_place.reader("keys")
        found = await asyncio.gather(
            reader.fetch(reads.FACTS),
            reader.fetch(VERSIONS["main"]),  # not in this database
            reader.fetch(reads.FACTS),
            return_exceptions=True,
        )
        await reader.close()
        assert found[0] == found[2] == []
        assert isinstance(found[1], StatementFailed)
        assert found[1].sqlstate == "42P01"

    run(scene())


def test_a_query_that_is_cancelled_is_an_unavailable_store(
    postgresql_place: PostgresqlPlace,
) -> None:
    async def scene() -> None:
        url = postgresql_place.url
        reader = postgresql_place.reader()
        async with foreign(url) as other:
            await other.execute("LOCK TABLE record IN ACCESS EXCLUSIVE MODE")
            asked = asyncio.create_task(reader.fetch(reads.RECORD, ONE))
            await do(url, "SELECT pg_cancel_backend(%s)", await blocked(url))
            with pytest.raises(CarnetError, match="store-unavailable"):
                await asked
        assert await reader.fetch(reads.RECORD, ONE) == []
        await reader.close()

    run(scene())


def test_a_server_that_is_not_there_is_an_unavailable_store() -> None:
    async def scene() -> None:
        reader = PostgresqlReader("postgresql://nobody@127.0.0.1:1/nothing")
        asked = [reader.fetch(reads.FACTS) for _ in range(5)]
        for fault in await asyncio.gather(*asked, return_exceptions=True):
            assert isinstance(fault, CarnetError)
            assert fault.code == "store-unavailable"
        await reader.close()

    run(scene())


def test_reader_and_writer_outlive_a_restart_of_the_server() -> None:
    with PrivatePostgresql() as server:
        url = server.new_database()
        for history in ("main", "traces", "keys"):
            upgrade_postgresql(url, history)

        async def scene() -> None:
            reader, writer = PostgresqlReader(url), PostgresqlWriter(url, url, JOURNAL_KEY)
            await writer.write(Batch(ONE, (a_record(ONE),), (a_trace(ONE, 1),), (a_key(ONE),)))
            assert len(await reader.fetch(reads.RECORD, ONE)) == 1
            server._halt()
            with pytest.raises(CarnetError, match="store-unavailable"):
                await reader.fetch(reads.RECORD, ONE)
            with pytest.raises(WriterLost):
                await writer.write(Batch(ONE, traces=(a_trace(ONE, 2),)))
            server.restart()
            assert len(await reader.fetch(reads.RECORD, ONE)) == 1
            await writer.write(Batch(ONE, traces=(a_trace(ONE, 3),)))
            found = await reader.fetch(reads.CHAIN, ONE, 0, 0, 10)
            assert [row[1] for row in found] == [a_trace(ONE, n).trace_id for n in (1, 3)]
            await writer.close()
            await reader.close()

        run(scene())
