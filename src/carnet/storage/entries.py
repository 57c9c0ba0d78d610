"""Entries of a record: listed under the rights of who asks, opened from their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from carnet.record.access.model import Sight
from carnet.record.errors import CarnetError
from carnet.storage import reads
from carnet.storage.pages import PageBroken, Slot, open_page
from carnet.storage.sqlite import SqliteReader
from carnet.storage.statements import Row, Statement

if TYPE_CHECKING:
    from carnet.storage.sealing import Sealer
    from carnet.storage.store import Store

_NEVER = (1 << 62) - 1  # later than every due date


class EntryRow(msgspec.Struct, frozen=True, array_like=True):
    """A row of ``entry``, all its columns in order."""

    record_id: bytes
    entry_no: int
    entry_uuid: bytes
    logical_id: bytes
    binary_id: bytes
    unique_id: str
    latest: int
    version: int
    change: int
    status: int
    type_code: str
    class_code: str
    created_day: int
    start_day: int
    stop_day: int
    hidden_ps: int
    patient_until: int
    hidden_reps: int
    author: bytes
    structure: bytes
    size: int
    page_no: int
    location: int


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """What a list knows of an entry before its page is opened."""

    entry_no: int
    entry_uuid: bytes
    page_no: int
    created_day: int
    type_code: str
    class_code: str
    patient_until: int
    hidden_reps: int
    hidden_ps: int
    status: int


class SightTerms(msgspec.Struct, frozen=True):
    """``Sight`` as parameters of the query, with who asks and when."""

    all_types: int
    types: str
    sees_hidden: int
    now_patient: int
    sees_reps: int
    me: bytes
    own_only: int

    def values(self) -> tuple[Any, ...]:
        """In the order that the statements declare."""
        return (
            self.all_types,
            self.types,
            self.sees_hidden,
            self.now_patient,
            self.sees_reps,
            self.me,
            self.own_only,
        )


def terms_of(sight: Sight, me: bytes, now: int) -> SightTerms:
    """The terms of a decision for the actor of hash ``me`` at ``now`` (s)."""
    return SightTerms(
        all_types=int(sight.types is None),
        types=_joined(sight.types) if sight.types is not None else "",
        sees_hidden=int(sight.sees_hidden_from_professionals),
        now_patient=now if sight.is_patient_side else _NEVER,
        sees_reps=int(not sight.is_representative),
        me=me,
        own_only=int(sight.own_only),
    )


_JOINED: dict[frozenset[str], str] = {}


def _joined(types: frozenset[str]) -> str:
    """Codes between spaces; the sets are those of the matrix, few and kept."""
    found = _JOINED.get(types)
    if found is None:
        if len(_JOINED) > 1000:
            _JOINED.clear()
        found = _JOINED[types] = " " + " ".join(sorted(types)) + " "
    return found


async def list_entries(
    store: Store, record_id: bytes, terms: SightTerms, status_from: int, status_to: int
) -> list[Listed]:
    """The current entries that the terms let the caller see, of a range of statuses."""
    rows = await store.main.fetch(
        reads.LIST_ENTRIES, record_id, status_from, status_to, *terms.values()
    )
    return [Listed(*row) for row in rows]


async def list_all_of_many(
    store: Store, record_id: bytes, terms: SightTerms, status_from: int, status_to: int
) -> list[Listed]:
    """``list_entries`` for a record of thousands: nobody else waits for it."""
    rows = await _fetch_long(
        store, reads.LIST_ENTRIES, record_id, status_from, status_to, *terms.values()
    )
    return [Listed(*row) for row in rows]


async def count_by_day(
    store: Store, record_id: bytes, terms: SightTerms, status_from: int, status_to: int
) -> list[tuple[int, int, int]]:
    """(status, day, number) of what ``list_entries`` would list."""
    return await _fetch_long(
        store, reads.COUNT_BY_DAY, record_id, status_from, status_to, *terms.values()
    )


async def list_since(
    store: Store, record_id: bytes, terms: SightTerms, status_from: int, status_to: int, since: int
) -> list[Listed]:
    """What ``list_entries`` lists, made on the day ``since`` or later."""
    rows = await _fetch_long(
        store,
        reads.LIST_ENTRIES_SINCE,
        record_id,
        since,
        status_from,
        status_to,
        *terms.values(),
    )
    return [Listed(*row) for row in rows]


async def _fetch_long(store: Store, statement: Statement, *values: object) -> list[Row]:
    """PostgreSQL works in a process of its own; SQLite would in ours."""
    if isinstance(store.main, SqliteReader):
        return await store.main.fetch_long(statement, *values)
    return await store.main.fetch(statement, *values)


async def latest_of_document(
    store: Store, record_id: bytes, logical_id: bytes, terms: SightTerms
) -> tuple[EntryRow, bool] | None:
    """The current version of a document and whether the terms let the caller see it."""
    rows = await store.main.fetch(reads.LATEST_OF_DOCUMENT, record_id, logical_id, *terms.values())
    if not rows:
        return None
    return EntryRow(*rows[0][:-1]), bool(rows[0][-1])


async def entry(store: Store, record_id: bytes, entry_no: int) -> EntryRow | None:
    """One row by its number."""
    rows = await store.main.fetch(reads.ENTRY, record_id, entry_no)
    return EntryRow(*rows[0]) if rows else None


async def wrote(store: Store, record_id: bytes, entry_no: int, me: bytes) -> bool:
    """Whether an actor is an author of an entry."""
    return bool((await store.main.fetch(reads.WROTE, record_id, entry_no, me))[0][0])


async def other_authors(store: Store, record_id: bytes, entry_no: int) -> list[bytes]:
    """The further authors of an entry."""
    rows = await store.main.fetch(reads.ALL_ENTRY_ACTORS, record_id)
    return [actor for _, actor, number in rows if number == entry_no]


async def open_pages(store: Store, sealer: Sealer, first: int, last: int) -> dict[int, list[Slot]]:
    """The slots of a range of pages, by page number. Raises ``record-damaged``."""
    rows = await store.main.fetch(reads.PAGES, sealer.record_id, first, last)
    try:
        return {number: open_page(sealer, number, sealed) for number, sealed in rows}
    except PageBroken:
        raise CarnetError("record-damaged") from None


async def slot_of(store: Store, sealer: Sealer, row: EntryRow) -> Slot:
    """The rendered slot of an entry. Raises ``record-damaged``."""
    pages = await open_pages(store, sealer, row.page_no, row.page_no)
    for slot in pages.get(row.page_no, ()):
        if slot.entry_no == row.entry_no:
            return slot
    raise CarnetError("record-damaged")


async def locate(store: Store, uuid: bytes) -> tuple[bytes, int, int] | None:
    """Record, entry number and kind of a UUID."""
    rows = await store.main.fetch(reads.OBJECT_OF_UUID, uuid)
    return rows[0] if rows else None


async def document_of(store: Store, unique_id: str) -> tuple[bytes, int] | None:
    """Record and first entry of a uniqueId."""
    key = store.keys.hasher.unique_id(unique_id)
    rows = await store.main.fetch(reads.DOCUMENT_OF_UNIQUE_ID, key)
    return rows[0] if rows else None
