"""Many at once in one record, on both engines: each finds its place, and the chain has no gap."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Coroutine, Iterable
from typing import Any

import pytest

from carnet.record.document import Status
from carnet.record.errors import CarnetError
from carnet.record.trace import GENESIS, Act, Chain, link
from carnet.storage import entries, reads
from carnet.storage.batch import Batch, Writer, WriterLost
from carnet.storage.pages import SLOTS
from carnet.usecases import feeding, lifecycle, stewardship
from carnet.usecases.requests import (
    OpeningGround,
    OpeningRequest,
    SubmissionResult,
    SubmissionStatus,
    SubmittedDocument,
    Visibility,
)
from tests.usecases.bench import Desk, Person, doctor, document, person

ALL = (Status.APPROVED, Status.DEPRECATED)


def together(desk: Desk, acts: Iterable[Awaitable[Any]]) -> list[Any]:
    """Do acts at the same time; what each gave, or the error that it raised."""

    async def all_() -> list[Any]:
        return list(await asyncio.gather(*acts, return_exceptions=True))

    return desk.run(all_())


def submit(desk: Desk, made: SubmittedDocument) -> Coroutine[Any, Any, SubmissionResult]:
    return feeding.submit(desk.gate, doctor(), made)


def check_chain(desk: Desk, whose: Person, chain: Chain = Chain.OPEN) -> None:
    """Numbers without a gap, each head made of the one before."""
    record_id = desk.record_of(whose)
    rows = desk.run(desk.store.traces.fetch(reads.CHAIN, record_id, int(chain), 0, 10_000))
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    head = GENESIS
    for seq, _, sealed, stored in rows:
        head = link(head, record_id, int(chain), seq, sealed)
        assert stored == head


def check_pages(desk: Desk, whose: Person, count: int) -> None:
    """Every entry number from 1 on has its row, and its slot in the page where it belongs."""
    store, record_id = desk.store, desk.record_of(whose)
    sealer = desk.run(store.keys.sealer(record_id))
    pages = desk.run(entries.open_pages(store, sealer, 0, 1 << 30))
    placed = sorted((slot.entry_no, page) for page, slots in pages.items() for slot in slots)
    assert placed == [(number, (number - 1) // SLOTS) for number in range(1, count + 1)]
    for slots in pages.values():
        for slot in slots:
            row = desk.run(entries.entry(store, record_id, slot.entry_no))
            assert row is not None
            assert (row.unique_id, row.status) == (slot.unique_id, slot.status)


def test_submissions_to_one_record_all_find_their_place(either_desk: Desk) -> None:
    desk, whose = either_desk, either_desk.citizen()
    made = [document(whose, doctor()) for _ in range(40)]
    results = together(desk, (submit(desk, one) for one in made))
    assert [result.status for result in results] == [SubmissionStatus.STORED] * 40
    assert len({result.entry_uuid for result in results}) == 40
    assert desk.counts(whose)[:2] == (40, 41)
    assert desk.find(whose.caller, whose).total == 40
    submitted = [t.entries for t in desk.chain(whose) if t.act is Act.SUBMIT]
    assert sorted(submitted) == [(number,) for number in range(1, 41)]
    check_chain(desk, whose)
    check_pages(desk, whose, 40)


def test_the_same_document_twice_at_once_is_stored_once(either_desk: Desk) -> None:
    desk, whose = either_desk, either_desk.citizen()
    one = document(whose, doctor())
    objects = desk.counts(whose)[2]
    results = together(desk, [submit(desk, one) for _ in range(4)])
    assert Counter(result.status for result in results) == {
        SubmissionStatus.STORED: 1,
        SubmissionStatus.IDENTICAL: 3,
    }
    assert len({result.entry_uuid for result in results}) == 1
    assert desk.counts(whose) == (1, 2, objects + 1)
    check_chain(desk, whose)


def test_two_documents_of_one_unique_id_at_once_keep_one(either_desk: Desk) -> None:
    desk, whose, other = either_desk, either_desk.citizen(), either_desk.citizen()
    one = document(whose, doctor())
    taken = one.declared.unique_id
    same = document(whose, doctor(), unique_id=taken, data=b"other words")
    elsewhere = document(other, doctor(), unique_id=taken)
    objects = desk.counts(whose)[2]
    results = together(desk, (submit(desk, each) for each in (one, same, elsewhere)))
    codes = [result.code for result in results if isinstance(result, CarnetError)]
    assert codes == ["unique-id-taken"] * 2
    assert desk.counts(whose)[2] == objects + 1
    assert desk.counts(whose)[0] + desk.counts(other)[0] == 1


def test_openings_of_one_ins_at_once_make_one_record(either_desk: Desk) -> None:
    desk, whose = either_desk, person()
    request = OpeningRequest(whose.ins, whose.traits, OpeningGround.CONSENT)
    openings = (lifecycle.open_record(desk.gate, doctor(), request) for _ in range(8))
    results = together(desk, openings)
    assert Counter(result.created for result in results) == {True: 1, False: 7}
    assert len({result.status.record_id for result in results}) == 1
    acts = [trace.act for trace in desk.chain(whose)]
    assert acts == [Act.OPEN_RECORD] * 8
    check_chain(desk, whose)


def test_hiding_and_replacing_at_once_leave_one_current_version(either_desk: Desk) -> None:
    """Whoever comes first: the replaced document is superseded, its hidden version too."""
    desk, whose, author = either_desk, either_desk.citizen(), doctor()
    for _ in range(4):
        fed = desk.feed(whose, author)
        later = document(whose, author, replaces=fed.unique_id)
        hidden = Visibility(hidden_from_professionals=True)
        results = together(
            desk,
            (
                stewardship.change_visibility(
                    desk.gate, whose.caller, fed.entry_uuid, hidden, None
                ),
                feeding.submit(desk.gate, author, later),
            ),
        )
        assert not [result for result in results if isinstance(result, BaseException)]
        line = desk.run(entries.document_of(desk.store, fed.unique_id))
        assert line is not None
        first = desk.run(entries.entry(desk.store, *line))
        assert first is not None
        versions = _versions(desk, whose, first.logical_id)
        assert [(row.version, row.latest, row.hidden_ps) for row in versions] == [
            (1, 0, 0),
            (2, 1, 1),
        ]
        assert versions[-1].status == 2
    assert desk.find(whose.caller, whose).total == 4
    check_chain(desk, whose)
    check_pages(desk, whose, desk.counts(whose)[0])


def _versions(desk: Desk, whose: Person, logical_id: bytes) -> list[entries.EntryRow]:
    record_id, count = desk.record_of(whose), desk.counts(whose)[0]
    rows = [desk.run(entries.entry(desk.store, record_id, n)) for n in range(1, count + 1)]
    return [row for row in rows if row is not None and row.logical_id == logical_id]


def test_replacements_of_one_document_at_once_let_one_through(either_desk: Desk) -> None:
    desk, whose, author = either_desk, either_desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    made = [document(whose, author, replaces=fed.unique_id) for _ in range(3)]
    objects = desk.counts(whose)[2]
    results = together(desk, (feeding.submit(desk.gate, author, one) for one in made))
    codes = [result.code for result in results if isinstance(result, CarnetError)]
    assert codes == ["replaced-not-current"] * 2
    assert desk.counts(whose)[::2] == (2, objects + 1)


class Breaking:
    """A writer that breaks off at a submission, before or after the batch stands."""

    def __init__(self, writer: Writer, *, stands: bool) -> None:
        self._writer = writer
        self._stands = stands
        self.breaks = True

    async def write(self, batch: Batch) -> None:
        """Write; what became of the first batch with steps is never told."""
        if not (self.breaks and batch.steps):
            await self._writer.write(batch)
            return
        self.breaks = False
        if self._stands:
            await self._writer.write(batch)
        raise WriterLost

    async def close(self) -> None:
        """Nothing: the writer is another's."""


@pytest.mark.parametrize("stands", [True, False], ids=["it stands", "it does not"])
def test_an_outcome_that_is_unknown_loses_no_bytes(either_desk: Desk, *, stands: bool) -> None:
    desk, whose = either_desk, either_desk.citizen()
    one = document(whose, doctor())
    kept = desk.store.writer
    desk.store.writer = Breaking(kept, stands=stands)
    try:
        assert desk.refusal(submit(desk, one)) == "store-unavailable"
    finally:
        desk.store.writer = kept
    again = desk.run(submit(desk, one))
    assert again.status is (SubmissionStatus.IDENTICAL if stands else SubmissionStatus.STORED)
    assert desk.find(whose.caller, whose).total == 1
    refused = [trace for trace in desk.chain(whose) if trace.reason == "store-unavailable"]
    assert refused == []  # it is no refusal
