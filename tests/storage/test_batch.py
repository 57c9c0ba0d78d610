"""The one way to write keeps its promises on both engines."""

from __future__ import annotations

import asyncio

import pytest

from carnet.record.trace import GENESIS, link
from carnet.storage import journal, reads, writes
from carnet.storage.batch import DECODER, ENCODER, Batch, Conflict, WriterLost, step
from tests.storage.rigs import (
    JOURNAL_KEY,
    Place,
    a_key,
    a_record,
    a_trace,
    an_id,
    an_ins_line,
    rows,
    run,
    writing,
)

ONE, TWO, THREE = an_id(1), an_id(2), an_id(3)


async def chain(place: Place, record_id: bytes, number: int = 0) -> list[bytes]:
    """The trace ids of a chain, whose numbers and heads are checked on the way."""
    found = await rows(place, reads.CHAIN, record_id, number, 0, 10_000, of="traces")
    head = GENESIS
    for place_, (seq, _, sealed, stored) in enumerate(found, start=1):
        assert seq == place_
        head = link(head, record_id, number, seq, sealed)
        assert stored == head
    return [trace_id for _, trace_id, _, _ in found]


async def journal_streams(place: Place) -> list[list[journal.JournalBody]]:
    """The bodies of each stream, whose numbers and MACs are checked on the way."""
    streams = []
    for (stream,) in await rows(place, reads.JOURNAL_STREAMS, of="traces"):
        mac, bodies = journal.GENESIS, []
        found = await rows(place, reads.JOURNAL, stream, 0, 10_000, of="traces")
        for expected, (seq, at, body, stored) in enumerate(found, start=1):
            assert seq == expected
            mac = journal.mac(JOURNAL_KEY, mac, stream, seq, at, body)
            assert stored == mac
            bodies.append(journal.decode(body))
        streams.append(bodies)
    return streams


def test_a_batch_survives_the_way_to_the_ledger() -> None:
    batch = Batch(
        ONE, (a_record(ONE),), (a_trace(ONE, 1),), (a_key(ONE),), (b"a refusal of nobody",)
    )
    assert DECODER.decode(ENCODER.encode(batch)) == batch


def test_keys_steps_traces_and_notes_all_stand_when_write_returns(place: Place) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            await writer.write(
                Batch(ONE, (a_record(ONE),), (a_trace(ONE, 1),), (a_key(ONE),), (b"note",))
            )
            assert await rows(place, reads.RECORD_KEY, ONE, of="keys") == [(b"wrapped",)]
            assert len(await rows(place, reads.RECORD, ONE)) == 1
            assert await chain(place, ONE) == [a_trace(ONE, 1).trace_id]
        [[body]] = await journal_streams(place)
        assert body.notes == (b"note",)
        [(record_id, number, seq, start)] = [
            (h.record_id, h.chain, h.seq, h.link) for h in body.heads
        ]
        [(_, head)] = await rows(place, reads.CHAIN_HEAD, ONE, 0, of="traces")
        assert (record_id, number, seq, start) == (ONE, 0, 1, head[: journal.LINK])

    run(scene())


def test_a_conflict_undoes_its_own_batch_and_no_other(place: Place) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            await writer.write(Batch(TWO, (a_record(TWO),)))
            batches = [
                Batch(ONE, (a_record(ONE),), (a_trace(ONE, 1),)),
                Batch(
                    TWO,
                    (an_ins_line(b"i" * 16, TWO), a_record(TWO)),
                    (a_trace(TWO, 2),),
                    notes=(b"never",),
                ),
                Batch(THREE, (a_record(THREE),), (a_trace(THREE, 3),)),
            ]
            results = await asyncio.gather(
                *(writer.write(batch) for batch in batches), return_exceptions=True
            )
        assert [type(result) for result in results] == [type(None), Conflict, type(None)]
        assert isinstance(results[1], Conflict)
        assert results[1].statement == "insert_record"
        assert await chain(place, ONE) == [a_trace(ONE, 1).trace_id]
        assert await chain(place, TWO) == []
        assert await chain(place, THREE) == [a_trace(THREE, 3).trace_id]
        assert await rows(place, reads.RECORD_OF_INS, b"i" * 16) == []
        assert all(not body.notes for bodies in await journal_streams(place) for body in bodies)

    run(scene())


def test_of_many_who_hold_the_same_version_one_wins(place: Place) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            await writer.write(Batch(ONE, (a_record(ONE),)))
            touch = step(writes.TOUCH_RECORD, (ONE, 1, 5, 7), expect=1)
            results = await asyncio.gather(
                *(writer.write(Batch(ONE, (touch,), (a_trace(ONE, n),))) for n in range(20)),
                return_exceptions=True,
            )
        assert sum(result is None for result in results) == 1
        assert sum(isinstance(result, Conflict) for result in results) == 19
        [(_, _, version, entries, events, *_)] = await rows(place, reads.RECORD, ONE)
        assert (version, entries, events) == (2, 5, 7)
        assert len(await chain(place, ONE)) == 1

    run(scene())


def test_a_key_that_stands_is_a_conflict_of_the_key_step(place: Place) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            await writer.write(Batch(ONE, key_steps=(a_key(ONE),)))
            with pytest.raises(Conflict) as raised:
                await writer.write(Batch(ONE, (a_record(ONE),), key_steps=(a_key(ONE),)))
        assert raised.value.statement == "add_record_key"
        assert await rows(place, reads.RECORD, ONE) == []

    run(scene())


def test_a_conflict_after_key_steps_names_the_step(place: Place) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            await writer.write(Batch(ONE, (a_record(ONE),)))
            with pytest.raises(Conflict) as raised:
                await writer.write(Batch(ONE, (a_record(ONE),), key_steps=(a_key(ONE),)))
        assert raised.value.statement == "insert_record"

    run(scene())


def test_a_unique_key_without_an_expected_count_is_a_conflict_too(place: Place) -> None:
    row = (ONE, 1, b"x")

    async def scene() -> None:
        async with writing(place) as writer:
            await writer.write(Batch(ONE, (step(writes.INSERT_SUBMISSION, row),)))
            with pytest.raises(Conflict) as raised:
                await writer.write(Batch(ONE, (step(writes.INSERT_SUBMISSION, row),)))
        assert raised.value.statement == "insert_submission"

    run(scene())


def test_a_number_that_is_too_large_is_a_defect_and_its_neighbours_stand(place: Place) -> None:
    bad = (ONE, 1 << 70, b"x")

    async def scene() -> None:
        async with writing(place) as writer:
            results = await asyncio.gather(
                writer.write(Batch(ONE, (step(writes.INSERT_SUBMISSION, bad),))),
                writer.write(Batch(TWO, (a_record(TWO),))),
                return_exceptions=True,
            )
            assert isinstance(results[0], RuntimeError)
            assert results[1] is None
            await writer.write(Batch(ONE, (a_record(ONE),)))
        assert len(await rows(place, reads.RECORD, TWO)) == 1

    run(scene())


def test_several_traces_of_one_record_in_one_group_chain_among_themselves(place: Place) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            await asyncio.gather(
                *(
                    writer.write(Batch(ONE, traces=(a_trace(ONE, n), a_trace(ONE, n, chain=1))))
                    for n in range(30)
                ),
                *(writer.write(Batch(TWO, traces=(a_trace(TWO, n),))) for n in range(5)),
            )
        for number in (0, 1):
            assert sorted(await chain(place, ONE, number)) == [
                a_trace(ONE, n).trace_id for n in range(30)
            ]
        assert len(await chain(place, TWO)) == 5
        bodies = [body for stream in await journal_streams(place) for body in stream]
        last = {(h.record_id, h.chain): h.seq for body in bodies for h in body.heads}
        assert last == {(ONE, 0): 30, (ONE, 1): 30, (TWO, 0): 5}

    run(scene())


def test_chains_and_journal_go_on_after_a_restart(place: Place) -> None:
    async def scene() -> None:
        for start in range(3):
            async with writing(place) as writer:
                for n in range(3):
                    await writer.write(Batch(ONE, traces=(a_trace(ONE, 10 * start + n),)))
        assert await chain(place, ONE) == [
            a_trace(ONE, 10 * start + n).trace_id for start in range(3) for n in range(3)
        ]
        streams = await journal_streams(place)
        assert sum(len(bodies) for bodies in streams) == 9
        assert len(streams) == (1 if place.engine == "sqlite" else 3)

    run(scene())


def test_who_goes_away_leaves_the_group_alone(place: Place) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            tasks = [
                asyncio.create_task(writer.write(Batch(an_id(n), (a_record(an_id(n)),))))
                for n in range(8)
            ]
            await asyncio.sleep(0)
            tasks[3].cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [n for n, result in enumerate(results) if result is not None] == [3]
        found = await rows(place, reads.RECORD_IDS, b"", 100)
        assert {an_id(n) for n in range(8) if n != 3} <= {record_id for (record_id,) in found}

    run(scene())


def test_a_batch_of_nothing_is_answered(place: Place) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            await writer.write(Batch(ONE))
        assert await rows(place, reads.JOURNAL_STREAMS, of="traces") == []

    run(scene())


def test_a_closed_writer_writes_no_more(place: Place) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            await writer.write(Batch(ONE, (a_record(ONE),)))
        with pytest.raises(WriterLost):
            await writer.write(Batch(TWO, (a_record(TWO),)))

    run(scene())
