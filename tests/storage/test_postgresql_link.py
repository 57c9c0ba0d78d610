from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from psycopg import pq

from carnet.storage import reads
from carnet.storage.postgresql_link import (
    Link,
    LinkLost,
    Prepared,
    StatementFailed,
    checked,
    prepared,
)
from tests.storage.foreign import do, end_backends
from tests.storage.rigs import PostgresqlPlace, run

ECHO = Prepared("echo", "SELECT $1::bytea", ("large_binary",))
DIVIDE = Prepared("divide", "SELECT 1 / $1::bigint", ("big_integer",))
SHOW = Prepared("show", "SELECT current_setting($1)", ("text",))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Link]:
    link = await Link.open(url)
    try:
        yield link
    finally:
        await link.close()


async def answer(link: Link, statement: Prepared, *values: object) -> list[tuple[object, ...]]:
    result = checked(await link.ask(statement, statement.encode(values)))
    assert result is not None
    return link.rows(result)


def test_answers_go_to_whom_they_belong(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        async with opened(postgresql_place.url) as link:
            asked = [b"%d" % n for n in range(500)]
            found = await asyncio.gather(*(answer(link, ECHO, one) for one in asked))
            assert [rows[0][0] for rows in found] == asked

    run(scene())


def test_more_bytes_than_a_socket_holds_go_both_ways(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        async with opened(postgresql_place.url) as link:
            asked = [bytes([n]) * 3_000_000 for n in range(12)]
            found = await asyncio.gather(*(answer(link, ECHO, one) for one in asked))
            assert [rows[0][0] for rows in found] == asked

    run(scene())


def test_every_type_comes_back_as_it_went(postgresql_place: PostgresqlPlace) -> None:
    both = Prepared(
        "both",
        "SELECT $1, $2, $3, $4, $5, $6, $7, $8",
        (
            "large_binary",
            "big_integer",
            "small_integer",
            "integer",
            "text",
            "large_binary[]",
            "small_integer[]",
            "big_integer[]",
        ),
    )
    values = (b"\x00\xff", -(1 << 62), -3, 1 << 30, "é", [b"", b"a"], [-1, 2], [1 << 40])

    async def scene() -> None:
        async with opened(postgresql_place.url) as link:
            assert await answer(link, both, *values) == [values]
            empty: tuple[object, ...] = (b"", 0, 0, 0, "", [], [], [])
            assert await answer(link, both, *empty) == [empty]

    run(scene())


@pytest.mark.parametrize("value", [1, "text", None])
def test_bytes_are_not_made_of_anything_else(value: object) -> None:
    with pytest.raises(TypeError):
        ECHO.encode((value,))


@pytest.mark.parametrize("value", [1 << 63, "1", None])
def test_numbers_are_not_made_of_anything_else(value: object) -> None:
    with pytest.raises(struct.error):
        DIVIDE.encode((value,))


def test_an_error_ends_the_packet_and_not_the_link(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        async with opened(postgresql_place.url) as link:
            before = link.ask(ECHO, [b"before"])
            wrong = link.ask(DIVIDE, DIVIDE.encode((0,)))
            behind = link.ask(ECHO, [b"behind"])
            assert checked(await before) is not None
            with pytest.raises(StatementFailed) as raised:
                checked(await wrong)
            assert raised.value.sqlstate == "22012"
            assert checked(await behind) is None
            assert await answer(link, ECHO, b"later") == [(b"later",)]
            assert await answer(link, DIVIDE, 1) == [(1,)]

    run(scene())


def test_a_statement_that_could_not_be_prepared_is_prepared_again(
    postgresql_place: PostgresqlPlace,
) -> None:
    late = Prepared("late", "SELECT n FROM made_late")

    async def scene() -> None:
        async with opened(postgresql_place.url) as link:
            with pytest.raises(StatementFailed):
                await answer(link, late)
            await do(postgresql_place.url, "CREATE TABLE made_late AS SELECT 5 AS n")
            try:
                assert await answer(link, late) == [(5,)]
            finally:
                await do(postgresql_place.url, "DROP TABLE made_late")

    run(scene())


def test_who_goes_away_disturbs_nobody(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        async with opened(postgresql_place.url) as link:
            tasks = [asyncio.create_task(answer(link, ECHO, b"%d" % n)) for n in range(10)]
            await asyncio.sleep(0)
            tasks[4].cancel()
            found = await asyncio.gather(*tasks, return_exceptions=True)
            assert isinstance(found[4], asyncio.CancelledError)
            assert [n for n, rows in enumerate(found) if rows == [(b"%d" % n,)]] == [
                n for n in range(10) if n != 4
            ]

    run(scene())


def test_statements_between_two_syncs_are_one_transaction(
    postgresql_place: PostgresqlPlace,
) -> None:
    put = Prepared(
        "put",
        "INSERT INTO directory_traits VALUES ($1, $1)",
        ("large_binary",),
    )

    async def scene() -> None:
        async with opened(postgresql_place.url) as link:
            link.send(put, [b"a"])
            link.send(put, [b"a"])
            end = await link.sync()
            assert end is not None
            assert end.status == pq.ExecStatus.PIPELINE_SYNC
        assert await do(postgresql_place.url, "SELECT * FROM directory_traits") == []

    run(scene())


def test_the_session_plans_for_keys_and_bounds_time(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        async with opened(postgresql_place.url) as link:
            shown = {
                name: (await answer(link, SHOW, name))[0][0]
                for name in ("plan_cache_mode", "enable_seqscan", "statement_timeout")
            }
        assert shown == {
            "plan_cache_mode": "force_generic_plan",
            "enable_seqscan": "off",
            "statement_timeout": "1min",
        }

    run(scene())


def test_a_link_that_is_cut_says_so_to_all_who_wait(postgresql_place: PostgresqlPlace) -> None:
    async def scene() -> None:
        async with opened(postgresql_place.url) as link:
            await answer(link, ECHO, b"x")
            assert await end_backends(postgresql_place.url) == 1
            waiting = [link.ask(ECHO, [b"y"]) for _ in range(3)]
            for one in waiting:
                with pytest.raises((LinkLost, StatementFailed)):
                    checked(await one)
            with pytest.raises(LinkLost):
                checked(await link.sync())
            assert link.lost

    run(scene())


def test_nobody_answers_at_a_closed_port() -> None:
    with pytest.raises(LinkLost):
        run(Link.open("postgresql://nobody@127.0.0.1:1/nothing"))


def test_a_statement_is_prepared_under_its_name_with_its_types() -> None:
    known = prepared(reads.RECORD_KEY)
    assert (known.name, known.oids) == (b"record_key", [17])
    assert prepared(reads.RECORD_KEY) is known
