from __future__ import annotations

import asyncio

import pytest

from carnet.cli.private_postgresql import PrivatePostgresql
from carnet.record.errors import CarnetError
from carnet.record.trace import GENESIS
from carnet.storage import reads, writes
from carnet.storage.batch import Batch, Conflict, WriterLost, step
from carnet.storage.postgresql_writer import MOST, PostgresqlWriter
from tests.storage.foreign import blocked, do, end_backends, foreign
from tests.storage.rigs import (
    JOURNAL_KEY,
    PostgresqlPlace,
    a_key,
    a_record,
    a_trace,
    an_id,
    rows,
    run,
    writing,
)
from tests.storage.test_batch import chain, journal_streams

ONE, TWO = an_id(1), an_id(2)

FAIL_AT_FIRST = """
CREATE SEQUENCE times;
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF nextval('times') <= {times} THEN RAISE EXCEPTION 'as if' USING ERRCODE = '{code}'; END IF;
RETURN NULL; END $$;
CREATE TRIGGER fail AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION fail();
"""


async def failing(url: str, table: str, code: str, times: int) -> None:
    """From now on the first ``times`` statements that insert into a table end in an error."""
    await do(url, FAIL_AT_FIRST.format(table=table, code=code, times=times))


async def well_again(url: str) -> None:
    await do(url, "DROP FUNCTION IF EXISTS fail CASCADE; DROP SEQUENCE IF EXISTS times")


def test_two_writers_append_to_one_chain_without_gap_or_fork(
    postgresql_place: PostgresqlPlace,
) -> None:
    async def scene() -> None:
        async with writing(postgresql_place) as first, writing(postgresql_place) as second:

            async def client(number: int) -> None:
                for n in range(5):
                    writer = (first, second)[(number + n) % 2]
                    await writer.write(Batch(ONE, traces=(a_trace(ONE, 100 * number + n),)))

            await asyncio.gather(*(client(number) for number in range(20)))
        assert len(set(await chain(postgresql_place, ONE))) == 100
        streams = await journal_streams(postgresql_place)
        assert len(streams) == 2
        moved = [h.seq for bodies in streams for body in bodies for h in body.heads]
        assert len(set(moved)) == len(moved)
        assert max(moved) == 100

    run(scene())


def test_of_two_writers_with_the_same_version_one_wins(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        touch = step(writes.TOUCH_RECORD, (ONE, 1, 5, 7), expect=1)
        async with writing(postgresql_place) as first, writing(postgresql_place) as second:
            await first.write(Batch(ONE, (a_record(ONE),)))
            results = await asyncio.gather(
                *(
                    writer.write(Batch(ONE, (touch,), (a_trace(ONE, n),)))
                    for n, writer in enumerate((first, second) * 10)
                ),
                return_exceptions=True,
            )
        assert sum(result is None for result in results) == 1
        assert sum(isinstance(result, Conflict) for result in results) == 19
        assert len(await chain(postgresql_place, ONE)) == 1

    run(scene())


def test_who_appended_without_the_lock_comes_first(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        async with foreign(postgresql_place.url) as other:
            await other.execute(
                "INSERT INTO trace VALUES (%b, 0, 1, %b, %b, %b)", (ONE, ONE, b"other", GENESIS)
            )
            async with writing(postgresql_place) as writer:
                written = [
                    asyncio.create_task(writer.write(Batch(record, traces=(a_trace(record, 1),))))
                    for record in (ONE, TWO)
                ]
                await blocked(postgresql_place.url)
                await other.commit()
                await asyncio.gather(*written)
        found = await rows(postgresql_place, reads.CHAIN, ONE, 0, 0, 10)
        assert [(row[0], row[2]) for row in found] == [(1, b"other"), (2, a_trace(ONE, 1).sealed)]
        assert len(await chain(postgresql_place, TWO)) == 1

    run(scene())


@pytest.mark.parametrize("code", ["40P01", "40001", "23505"])
@pytest.mark.parametrize("times", [1, 4])
def test_a_deadlock_or_a_lost_race_is_tried_again_one_by_one(
    postgresql_place: PostgresqlPlace, code: str, times: int
) -> None:
    async def scene() -> None:
        await failing(postgresql_place.url, "trace", code, times)
        try:
            async with writing(postgresql_place) as writer:
                await asyncio.gather(
                    *(
                        writer.write(Batch(ONE, (a_record(an_id(n)),), (a_trace(ONE, n),)))
                        for n in range(5)
                    )
                )
        finally:
            await well_again(postgresql_place.url)
        assert len(set(await chain(postgresql_place, ONE))) == 5

    run(scene())


def test_a_race_that_is_always_lost_ends(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        await failing(postgresql_place.url, "trace", "23505", 10_000)
        try:
            async with writing(postgresql_place) as writer:
                with pytest.raises(WriterLost):
                    await writer.write(Batch(ONE, (a_record(ONE),), (a_trace(ONE, 1),)))
        finally:
            await well_again(postgresql_place.url)
        assert await rows(postgresql_place, reads.RECORD, ONE) == []

    run(scene())


def test_a_server_without_room_is_a_lost_writer_and_nothing_stands(
    postgresql_place: PostgresqlPlace,
) -> None:
    async def scene() -> None:
        await failing(postgresql_place.url, "record", "53100", 10_000)
        try:
            async with writing(postgresql_place) as writer:
                results = await asyncio.gather(
                    *(writer.write(Batch(an_id(n), (a_record(an_id(n)),))) for n in range(3)),
                    return_exceptions=True,
                )
                assert [type(result) for result in results] == [WriterLost] * 3
                await well_again(postgresql_place.url)
                await writer.write(Batch(ONE, (a_record(ONE),)))
        finally:
            await well_again(postgresql_place.url)
        assert await rows(postgresql_place, reads.RECORD_IDS, b"", 10) == [(ONE,)]

    run(scene())


def test_a_connection_cut_between_groups_is_replaced_unseen(
    postgresql_place: PostgresqlPlace,
) -> None:
    async def scene() -> None:
        async with writing(postgresql_place) as writer:
            for n in range(3):
                record = an_id(n)
                await writer.write(
                    Batch(record, (a_record(record),), (a_trace(ONE, n),), (a_key(record),))
                )
                await end_backends(postgresql_place.url)
                await end_backends(postgresql_place.keys_url)
        assert len(await chain(postgresql_place, ONE)) == 3
        assert len(await journal_streams(postgresql_place)) == 3

    run(scene())


def test_a_connection_cut_before_commit_is_replaced_and_the_group_written_once(
    postgresql_place: PostgresqlPlace,
) -> None:
    async def scene() -> None:
        url = postgresql_place.url
        async with writing(postgresql_place) as writer, foreign(url) as other:
            await other.execute(
                "SELECT pg_advisory_xact_lock(%s)", (int.from_bytes(ONE[:8], signed=True),)
            )
            written = asyncio.create_task(
                writer.write(Batch(ONE, (a_record(ONE),), (a_trace(ONE, 1),), (a_key(ONE),)))
            )
            await do(url, "SELECT pg_terminate_backend(%s, 10000)", await blocked(url))
            await other.commit()
            await written
        assert len(await chain(postgresql_place, ONE)) == 1

    run(scene())


def test_whether_a_group_stands_is_unknown_when_the_connection_breaks_at_commit(
    postgresql_place: PostgresqlPlace,
) -> None:
    async def scene() -> None:
        url = postgresql_place.url
        async with writing(postgresql_place) as writer, foreign(url) as other:
            await other.execute(
                "INSERT INTO trace VALUES (%b, 0, 1, %b, %b, %b)", (ONE, ONE, b"other", GENESIS)
            )
            written = asyncio.create_task(writer.write(Batch(ONE, traces=(a_trace(ONE, 1),))))
            await do(url, "SELECT pg_terminate_backend(%s, 10000)", await blocked(url))
            with pytest.raises(WriterLost):
                await written
            await other.rollback()
            await writer.write(Batch(ONE, traces=(a_trace(ONE, 2),)))
        assert await chain(postgresql_place, ONE) == [a_trace(ONE, 2).trace_id]

    run(scene())


@pytest.mark.parametrize("bad", [("text", 1, b"x"), (ONE, "1", b"x"), (ONE, 1, None), (ONE, 1)])
def test_a_row_of_another_shape_is_a_defect_and_its_neighbours_stand(
    postgresql_place: PostgresqlPlace, bad: tuple[object, ...]
) -> None:
    async def scene() -> None:
        async with writing(postgresql_place) as writer:
            results = await asyncio.gather(
                writer.write(Batch(ONE, (step(writes.INSERT_SUBMISSION, bad),))),
                writer.write(Batch(TWO, (a_record(TWO),))),
                return_exceptions=True,
            )
            assert isinstance(results[0], RuntimeError)
            assert results[1] is None

    run(scene())


def test_more_than_a_group_holds_is_written_in_several(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        count = 2 * MOST + 1
        async with writing(postgresql_place) as writer:
            await asyncio.gather(
                *(writer.write(Batch(ONE, traces=(a_trace(ONE, n),))) for n in range(count))
            )
        assert len(await chain(postgresql_place, ONE)) == count
        [bodies] = await journal_streams(postgresql_place)
        assert 3 <= len(bodies) <= 4

    run(scene())


def test_the_keys_stand_before_what_they_seal(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        url = postgresql_place.url
        async with writing(postgresql_place) as writer, foreign(url) as other:
            await other.execute("LOCK TABLE record IN ACCESS EXCLUSIVE MODE")
            written = asyncio.create_task(
                writer.write(Batch(ONE, (a_record(ONE),), key_steps=(a_key(ONE),)))
            )
            await blocked(url)
            assert await rows(postgresql_place, reads.RECORD_KEY, ONE, of="keys") == [(b"wrapped",)]
            await other.rollback()
            await written

    run(scene())


@pytest.mark.parametrize("which", ["main", "keys"])
def test_a_session_that_does_not_wait_for_the_disk_is_refused(
    postgresql_place: PostgresqlPlace, which: str
) -> None:
    urls = {"main": postgresql_place.url, "keys": postgresql_place.keys_url}
    urls[which] += "?options=-csynchronous_commit%3Doff"

    async def scene() -> None:
        writer = PostgresqlWriter(urls["main"], urls["keys"], JOURNAL_KEY)
        with pytest.raises(CarnetError, match="postgresql-unsafe") as raised:
            await writer.connect()
        assert raised.value.params == {"setting": "synchronous_commit"}
        with pytest.raises(CarnetError, match="postgresql-unsafe"):
            await writer.write(Batch(ONE, (a_record(ONE),), key_steps=(a_key(ONE),)))
        await writer.close()

    run(scene())


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_does_not_write_to_disk_is_refused(setting: str) -> None:
    async def scene(url: str) -> None:
        writer = PostgresqlWriter(url, url, JOURNAL_KEY)
        with pytest.raises(CarnetError, match="postgresql-unsafe") as raised:
            await writer.connect()
        assert raised.value.params == {"setting": setting}
        await writer.close()

    with PrivatePostgresql({setting: "off"}) as server:
        run(scene(server.url()))


def test_a_server_that_is_not_there_is_a_lost_writer() -> None:
    async def scene() -> None:
        nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
        writer = PostgresqlWriter(nowhere, nowhere, JOURNAL_KEY)
        with pytest.raises(WriterLost):
            await writer.connect()
        with pytest.raises(WriterLost):
            await writer.write(Batch(ONE, (a_record(ONE),)))
        await writer.close()

    run(scene())
