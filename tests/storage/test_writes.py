"""Every write by itself, on both engines: what it puts, what it counts, what it leaves alone."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, LargeBinary, SmallInteger, Table, Text, select

from carnet.storage import reads, schema, writes
from carnet.storage.batch import Batch, Conflict, step
from carnet.storage.statements import Statement, all_statements
from tests.storage.foreign import do
from tests.storage.rigs import (
    Place,
    PostgresqlPlace,
    SqlitePlace,
    a_record,
    an_id,
    rows,
    run,
    writing,
)

ONE = an_id(1)
TABLES = {
    table.name: table
    for metadata in (schema.main, schema.traces, schema.keys)
    for table in metadata.tables.values()
}
KEYS = set(schema.keys.tables)
PUTS = [one for one in all_statements() if one.compiled("sqlite").sql.startswith("INSERT")]


def table_of(one: Statement) -> Table:
    return TABLES[one.compiled("sqlite").sql.split()[2]]


def a_row(table: Table, number: int) -> tuple[Any, ...]:
    """A row whose every value is unlike the others."""
    made: list[Any] = []
    for place, column in enumerate(table.columns, start=1):
        match column.type:
            case LargeBinary():
                made.append(bytes([number, place]) * 8)
            case SmallInteger():
                made.append(100 * number + place)
            case BigInteger():
                made.append((1 << 40) + 100 * number + place)
            case Integer():
                made.append((1 << 20) + 100 * number + place)
            case Text():
                made.append(f"é{number}-{place}")
    assert len(made) == len(table.columns)
    return tuple(made)


def stands(place: Place, table: Table) -> list[tuple[Any, ...]]:
    """All rows of a table, past everything of Carnet."""
    sql = str(select(table))
    if isinstance(place, SqlitePlace):
        name = {"trace": "traces", "journal": "traces"}.get(table.name, "carnet")
        name = "keys" if table.name in KEYS else name
        connection = sqlite3.connect(place.directory / f"{name}.db")
        found = connection.execute(sql).fetchall()
        connection.close()
    else:
        assert isinstance(place, PostgresqlPlace)
        found = run(do(place.keys_url if table.name in KEYS else place.url, sql))
    return sorted(found)


def put(place: Place, *batches: Batch) -> list[object]:
    """Write batches one after the other; None or the exception of each."""

    async def scene() -> list[object]:
        results: list[object] = []
        async with writing(place) as writer:
            for batch in batches:
                try:
                    await writer.write(batch)
                except Conflict as conflict:
                    results.append(conflict)
                else:
                    results.append(None)
        return results

    return run(scene())


def batch_of(one: Statement, *values: tuple[Any, ...], expect: int) -> Batch:
    made = (step(one, *values, expect=expect),)
    if table_of(one).name in KEYS:
        return Batch(ONE, key_steps=made)
    return Batch(ONE, made)


INTO_MAIN_OR_KEYS = [one for one in PUTS if table_of(one).name not in schema.traces.tables]


@pytest.mark.parametrize("one", INTO_MAIN_OR_KEYS, ids=lambda one: one.name)
def test_what_is_put_stands_column_by_column(place: Place, one: Statement) -> None:
    first, second, third = (a_row(table_of(one), n) for n in (1, 2, 3))
    results = put(place, batch_of(one, first, expect=1), batch_of(one, second, third, expect=2))
    assert results == [None, None]
    assert stands(place, table_of(one)) == sorted([first, second, third])


@pytest.mark.parametrize(
    "one",
    [one for one in INTO_MAIN_OR_KEYS if len(table_of(one).primary_key) < len(table_of(one).c)],
    ids=lambda one: one.name,
)
def test_a_second_put_replaces_leaves_or_conflicts_as_its_name_says(
    place: Place, one: Statement
) -> None:
    table = table_of(one)
    first = a_row(table, 1)
    keys = [column.name in table.primary_key.columns for column in table.columns]
    changed = tuple(
        old if key else new for key, old, new in zip(keys, first, a_row(table, 2), strict=True)
    )
    assert put(place, batch_of(one, first, expect=1)) == [None]
    [result] = put(place, batch_of(one, changed, expect=1))
    if one.name.startswith(("put_", "confirm_")):
        assert result is None
        assert stands(place, table) == [changed]
    else:
        assert isinstance(result, Conflict)
        assert stands(place, table) == [first]
    [result] = put(place, batch_of(one, changed, expect=0))
    assert (result is None) is (one.name.startswith("add_") or one.name == "insert_record")


def test_a_change_counts_only_where_the_version_is_the_expected_one(place: Place) -> None:
    change = (ONE, 1, 3, 5, 20_001, b"new life", 4)
    wrong = (ONE, 7, 3, 5, 20_001, b"never", 4)
    results = put(
        place,
        Batch(ONE, (a_record(ONE),)),
        Batch(ONE, (step(writes.CHANGE_RECORD, wrong, expect=1),)),
        Batch(ONE, (step(writes.CHANGE_RECORD, change, expect=1),)),
        Batch(ONE, (step(writes.CHANGE_RECORD, change, expect=1),)),
    )
    assert [type(result) for result in results] == [type(None), Conflict, type(None), Conflict]
    assert stands(place, schema.record) == [(ONE, 3, 2, 0, 4, 5, 20_001, b"new life")]


def test_a_lease_is_taken_by_one(place: Place) -> None:
    event = step(writes.INSERT_EVENT, (ONE, 1, 1, 1, 0, 0, b""))
    lease = step(writes.LEASE_EVENT, (ONE, 1, 0, 500), expect=1)

    async def scene() -> None:
        async with writing(place) as writer:
            await writer.write(Batch(ONE, (event,)))
            results = await asyncio.gather(
                *(writer.write(Batch(ONE, (lease,))) for _ in range(5)), return_exceptions=True
            )
            assert sum(result is None for result in results) == 1
            assert await rows(place, reads.DUE_EVENTS, 499, 10) == []
            [due] = await rows(place, reads.DUE_EVENTS, 500, 10)
            assert due == (ONE, 1, 1, 1, 500, 1)
            await writer.write(Batch(ONE, (step(writes.DELETE_EVENT, (ONE, 1), expect=1),)))
            assert await rows(place, reads.PENDING_EVENTS) == [(0,)]

    run(scene())


@pytest.mark.parametrize(
    ("removal", "table", "others"),
    [
        (writes.DELETE_AWAITED, schema.awaited, 2),
        (writes.DELETE_EVENT, schema.outbox, 2),
    ],
    ids=["awaited", "event"],
)
def test_a_removal_takes_its_own_row(
    place: Place, removal: Statement, table: Table, others: int
) -> None:
    insert = next(one for one in PUTS if table_of(one) is table)
    made = [a_row(table, number) for number in (1, 2, 3)]
    key = made[1][: len(table.primary_key)]
    results = put(
        place,
        batch_of(insert, *made, expect=3),
        Batch(ONE, (step(removal, key, expect=1),)),
        Batch(ONE, (step(removal, key, expect=1),)),
    )
    assert [type(result) for result in results] == [type(None), type(None), Conflict]
    assert stands(place, table) == [made[0], made[2]]
    assert len(stands(place, table)) == others
