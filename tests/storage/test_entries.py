"""Entries on both engines: what is fed comes back, under the rights of who asks."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.record.access.model import EntryFacts, Sight
from carnet.record.access.sight import sees
from carnet.record.document import Flags
from carnet.record.errors import CarnetError
from carnet.record.lifecycle import RecordState
from carnet.storage import append, entries, records, writes
from carnet.storage.batch import Batch, Conflict, Step, step
from carnet.storage.codes import RecordSettings, UuidKind
from carnet.storage.entries import EntryRow, terms_of
from carnet.storage.pages import Slot, open_page
from carnet.storage.records import LoadedRecord
from carnet.storage.sealing import Sealer
from carnet.storage.store import Store
from tests.storage.rigs import Place, a_record, a_store, an_id, run
from tests.storage.samples import a_slot

ONE, TWO = an_id(1), an_id(2)
ME, OTHER, THIRD, HOUSE, ANOTHER_HOUSE = (bytes([n]) * 16 for n in range(1, 6))
EVERYTHING = Sight(sees_hidden_from_professionals=True)


async def feed(
    store: Store, record_id: bytes, fed: list[tuple[Slot, tuple[bytes, ...], bytes]]
) -> Sealer:
    """Make a record with entries: slot, authors, structure of the first author."""
    sealer, key = await store.keys.new_key(record_id)
    steps: list[Step] = [a_record(record_id)]
    for slot, authors, structure in fed:
        row = append.entry_row(
            sealer,
            slot,
            binary_id=slot.logical_id,
            author=authors[0],
            structure=structure,
            size=100,
        )
        steps += append.document_steps(store, append.NewEntry(row, slot, authors), at=5)
    steps += append.page_steps(sealer, {}, [slot for slot, _, _ in fed])
    await store.writer.write(Batch(record_id, tuple(steps), key_steps=(key,)))
    return sealer


def test_what_is_fed_is_found_by_each_of_its_ids(place: Place, tmp_path: Path) -> None:
    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            slots = [a_slot(number) for number in range(1, 40)]
            sealer = await feed(store, ONE, [(slot, (ME, OTHER), HOUSE) for slot in slots])
            assert await entries.document_of(store, "1.2.3.7") == (ONE, 7)
            assert await entries.document_of(store, "1.2.3.700") is None
            uuid = slots[6].entry_uuid
            assert await entries.locate(store, uuid) == (ONE, 7, UuidKind.ENTRY)
            uuid = slots[6].logical_id
            assert await entries.locate(store, uuid) == (ONE, 7, UuidKind.DOCUMENT)
            assert await entries.locate(store, ONE) is None
            row = await entries.entry(store, ONE, 39)
            assert row is not None
            assert (row.unique_id, row.page_no, row.author) == ("1.2.3.39", 1, ME)
            assert await entries.slot_of(store, sealer, row) == slots[38]
            assert await entries.entry(store, ONE, 40) is None
            assert await entries.other_authors(store, ONE, 7) == [OTHER]
            pages = await entries.open_pages(store, sealer, 0, 1)
            assert [slot for number in sorted(pages) for slot in pages[number]] == slots
            assert await entries.open_pages(store, sealer, 2, 9) == {}
            for who, wrote in ((ME, True), (OTHER, True), (HOUSE, True), (THIRD, False)):
                assert await entries.wrote(store, ONE, 7, who) is wrote

    run(scene())


def test_the_days_of_a_row_are_those_of_its_slot() -> None:
    sealer = Sealer(b"k" * 32, ONE)
    slot = msgspec.structs.replace(a_slot(1), created=86_400 * 10.5, started=-1.0, stopped=86_399.0)
    row = append.entry_row(sealer, slot, binary_id=ONE, author=ME, structure=HOUSE, size=1)
    assert (row.created_day, row.start_day, row.stop_day) == (10, -1, 0)
    assert EntryRow(*append.as_row(row)) == row


def test_another_document_of_the_same_unique_id_is_a_conflict(place: Place, tmp_path: Path) -> None:
    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            await feed(store, ONE, [(a_slot(1), (ME,), HOUSE)])
            with pytest.raises(Conflict) as raised:
                await feed(store, TWO, [(a_slot(1), (ME,), HOUSE)])
            assert raised.value.statement == "add_document"
            assert await records.load_record(store, TWO, ME, HOUSE) is None

    run(scene())


def test_a_slot_on_no_page_is_broken(place: Place, tmp_path: Path) -> None:
    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            sealer = await feed(store, ONE, [(a_slot(1), (ME,), HOUSE)])
            row = await entries.entry(store, ONE, 1)
            assert row is not None
            with pytest.raises(CarnetError, match="record-damaged"):
                await entries.slot_of(store, sealer, msgspec.structs.replace(row, entry_no=2))
            with pytest.raises(CarnetError, match="record-damaged"):
                await entries.slot_of(store, sealer, msgspec.structs.replace(row, page_no=5))

    run(scene())


def test_pages_are_rewritten_slot_by_slot() -> None:
    sealer = Sealer(b"k" * 32, ONE)
    standing = {0: [a_slot(number) for number in range(1, 32)]}
    changed = msgspec.structs.replace(a_slot(3), change=2, status=2)
    made = append.page_steps(sealer, standing, [changed, a_slot(32), a_slot(33)])
    pages = {row[1]: open_page(sealer, row[1], row[2]) for one in made for row in one.rows}
    assert pages[0] == [*standing[0][:2], changed, *standing[0][3:], a_slot(32)]
    assert pages[1] == [a_slot(33)]
    assert standing[0][2].change == 1


def test_the_lock_of_a_record_moves_its_counts() -> None:
    record = LoadedRecord(ONE, RecordState.OPEN, 4, 10, 20, RecordSettings(0), ())
    assert append.touch_step(record, entries=2, events=1).rows == ((ONE, 4, 12, 21),)
    assert append.touch_step(record).expect == 1


Fed = tuple[str, int, int, int, tuple[bytes, ...], bytes]
FLAGS = st.sampled_from([0, 1])
TYPES = st.sampled_from(["11488-4", "34112-3", "1148", "11488-4X"])
ENTRIES = st.lists(
    st.tuples(
        TYPES,
        FLAGS,
        st.sampled_from([0, 999, 1000, 1001]),
        FLAGS,
        st.sampled_from([(ME,), (OTHER,), (OTHER, ME), (OTHER, THIRD)]),
        st.sampled_from([HOUSE, ANOTHER_HOUSE]),
    ),
    min_size=1,
    max_size=12,
)
SIGHTS = st.builds(
    Sight,
    types=st.none() | st.frozensets(TYPES),
    sees_hidden_from_professionals=st.booleans(),
    is_patient_side=st.booleans(),
    is_representative=st.booleans(),
    own_only=st.booleans(),
    as_structure=st.booleans(),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fed=ENTRIES, sights=st.lists(SIGHTS, min_size=4, max_size=8))
def test_the_query_sees_what_the_rules_say(
    place: Place, tmp_path: Path, fed: list[Fed], sights: list[Sight]
) -> None:
    """The terms of ``Sight`` are terms of the query: both say the same of every entry."""
    now = 1000

    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            record_id = secrets.token_bytes(16)
            first = secrets.randbelow(1 << 40)  # uniqueIds of other examples stand in the store
            made: list[tuple[Slot, tuple[bytes, ...], bytes]] = []
            for number, one in enumerate(fed, start=1):
                type_code, hidden, until, reps, authors, structure = one
                slot = a_slot(
                    first + number,
                    type_code=type_code,
                    hidden_ps=hidden,
                    patient_until=until,
                    hidden_reps=reps,
                )
                made.append((slot, authors, structure))
            await feed(store, record_id, made)
            for sight in sights:
                me = HOUSE if sight.as_structure else ME
                terms = terms_of(sight, me, now)
                listed = {
                    found.entry_no
                    for found in await entries.list_entries(store, record_id, terms, 1, 1)
                }
                for slot, authors, structure in made:
                    expected = sees(sight, _facts(slot, authors, structure, sight), now)
                    assert (slot.entry_no in listed) is expected
                    latest = await entries.latest_of_document(
                        store, record_id, slot.logical_id, terms
                    )
                    assert latest is not None
                    assert (latest[0].entry_no, latest[1]) == (slot.entry_no, expected)

    run(scene())


def _facts(slot: Slot, authors: tuple[bytes, ...], structure: bytes, sight: Sight) -> EntryFacts:
    return EntryFacts(
        type_code=slot.type_code,
        flags=Flags(bool(slot.hidden_ps), slot.patient_until, bool(slot.hidden_reps)),
        is_author=not sight.as_structure and ME in authors,
        by_caller_structure=structure == HOUSE,
    )


def test_only_current_entries_of_the_asked_statuses_are_listed(
    place: Place, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            slots = [a_slot(number, status=number) for number in range(1, 5)]
            await feed(store, ONE, [(slot, (ME,), HOUSE) for slot in slots])
            await feed(store, TWO, [(a_slot(9), (ME,), HOUSE)])
            terms = terms_of(EVERYTHING, OTHER, 0)

            async def listed(first: int, last: int) -> list[int]:
                found = await entries.list_entries(store, ONE, terms, first, last)
                return sorted(one.entry_no for one in found)

            assert await listed(1, 1) == [1]
            assert await listed(2, 3) == [2, 3]
            older = step(writes.CHANGE_ENTRY, (ONE, 2, 0, 2, 2), expect=1)
            await store.writer.write(Batch(ONE, (older,)))
            assert await listed(1, 4) == [1, 3, 4]
            assert await entries.latest_of_document(store, ONE, slots[1].logical_id, terms) is None

    run(scene())
