from __future__ import annotations

import asyncio
import sqlite3

import pytest

from carnet.record.errors import CarnetError
from carnet.storage.batch import Batch, WriterLost
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_thread import ThreadWriter
from tests.storage.rigs import JOURNAL_KEY, SqlitePlace, a_record, a_trace, an_id, run
from tests.storage.test_batch import chain, journal_streams

ONE = an_id(1)


def test_what_waits_becomes_one_group(sqlite_place: SqlitePlace) -> None:
    async def scene() -> None:
        writer = ThreadWriter(Ledger(sqlite_place.directory, JOURNAL_KEY))
        await asyncio.gather(
            *(writer.write(Batch(ONE, traces=(a_trace(ONE, n),))) for n in range(200))
        )
        await writer.close()

    run(scene())
    assert len(run(chain(sqlite_place, ONE))) == 200
    [bodies] = run(journal_streams(sqlite_place))
    assert len(bodies) < 100


def test_closing_lets_the_directory_go_and_writes_what_waits(sqlite_place: SqlitePlace) -> None:
    async def scene() -> None:
        writer = ThreadWriter(Ledger(sqlite_place.directory, JOURNAL_KEY))
        with pytest.raises(CarnetError, match="store-busy"):
            Ledger(sqlite_place.directory, JOURNAL_KEY)
        waiting = [
            asyncio.create_task(writer.write(Batch(ONE, traces=(a_trace(ONE, n),))))
            for n in range(20)
        ]
        await asyncio.sleep(0)
        await writer.close()
        await writer.close()
        await asyncio.gather(*waiting)
        Ledger(sqlite_place.directory, JOURNAL_KEY).close()

    run(scene())
    assert len(run(chain(sqlite_place, ONE))) == 20


def test_a_ledger_that_fails_is_a_lost_writer_and_goes_on(sqlite_place: SqlitePlace) -> None:
    async def scene() -> None:
        ledger = Ledger(sqlite_place.directory, JOURNAL_KEY)
        ledger._main.execute("PRAGMA busy_timeout=0")
        writer = ThreadWriter(ledger)
        other = sqlite3.connect(sqlite_place.directory / "carnet.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(WriterLost):
            await writer.write(Batch(ONE, (a_record(ONE),)))
        other.execute("ROLLBACK")
        other.close()
        await writer.write(Batch(ONE, (a_record(ONE),)))
        await writer.close()

    run(scene())
