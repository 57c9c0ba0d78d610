"""ITI-67 over a view: what the columns decide first, what only unsealed pages tell after.

The query already holds the rights. Names of authors, exact times and labels are matched on the
unsealed pages of this one record, before totals, order and pages are made (design §3). An answer
in default order opens only the pages that it needs.
"""

from __future__ import annotations

import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

import msgspec

from carnet.record.document import Status
from carnet.record.uuids import uuid_text
from carnet.storage import entries, reads
from carnet.storage.codes import STATUSES
from carnet.storage.entries import Listed
from carnet.storage.pages import Slot
from carnet.usecases.cursors import Cursor, open_cursor, seal_cursor
from carnet.usecases.matching import slot_filter
from carnet.usecases.relations import shown
from carnet.usecases.requests import DateField, DocumentQuery, Found, FoundEntry, TokenFilter
from carnet.usecases.scope import unique_id_named
from carnet.usecases.view import RecordView

_DEFAULT_ORDER = ((DateField.CREATION, True),)

Key = tuple[float | str, ...]


class Answer(msgspec.Struct, frozen=True):
    """A page, and the entries that its trace names."""

    found: Found
    named: tuple[Listed, ...] = ()


async def answer_of(view: RecordView, query: DocumentQuery) -> Answer:
    """The page of a query that this view holds."""
    key = view.gate.store.keys.journal_key
    cursor = open_cursor(key, view.me, query)
    wanted = _statuses(query)
    if view.is_great and cursor is None and _asks_for_the_newest(query):
        return await _newest(view, query, wanted)
    listed = [item for item in await view.listed(min(wanted), max(wanted)) if item.status in wanted]
    if query.types or query.categories:
        listed = [
            item
            for item in listed
            if _any_code(item.type_code, query.types)
            and _any_code(item.class_code, query.categories)
        ]
    documents = await _named_documents(view, query)
    keep = slot_filter(query, documents, view.now)
    slots: dict[int, Slot] = {}
    if keep is not None:
        slots = await view.slots(listed)
        listed = [item for item in listed if item.entry_no in slots and keep(slots[item.entry_no])]
    total = len(listed)
    if query.count == 0 or not listed:
        return Answer(Found([], total))
    if cursor is not None:
        listed = await _known_by(view, listed, cursor.newest)
    elif query.sort == _DEFAULT_ORDER:
        listed = _first_by_day(listed, query.count)
    if not slots:
        slots = await view.slots(listed)
    return await _shown(view, _page(view, query, listed, slots, total, cursor), slots)


def _asks_for_the_newest(query: DocumentQuery) -> bool:
    """Whether a query only asks for the first page in default order."""
    plain = DocumentQuery(
        patient=query.patient,
        record=query.record,
        statuses=query.statuses,
        archived=query.archived,
        count=query.count,
        criteria=query.criteria,
    )
    return query == plain


async def _newest(view: RecordView, query: DocumentQuery, wanted: set[int]) -> Answer:
    """The first page of a great record: of its thousands only the last days are looked at."""
    total, listed = await view.newest(wanted, query.count)
    if not listed:
        return Answer(Found([], total))
    listed = _first_by_day(listed, query.count)
    slots = await view.slots(listed)
    return await _shown(view, _page(view, query, listed, slots, total, None), slots)


async def _shown(view: RecordView, answer: Answer, slots: dict[int, Slot]) -> Answer:
    """The answer, its links to other documents turned into those that the caller may see."""
    for place, named in enumerate(answer.named):
        if slots[named.entry_no].names_other:
            item = answer.found.entries[place]
            resource = await shown(view, item.resource)
            answer.found.entries[place] = FoundEntry(item.entry_uuid, resource)
    return answer


async def _known_by(view: RecordView, listed: list[Listed], newest: int) -> list[Listed]:
    """The documents that stood when ``newest`` was the last entry, whatever version they are in."""
    if all(item.entry_no <= newest for item in listed):
        return listed
    rows = await view.gate.store.main.fetch(reads.ENTRY_IDS, view.record.record_id)
    then = {logical_id for entry_no, logical_id, _ in rows if entry_no <= newest}
    known = {entry_no for entry_no, logical_id, _ in rows if logical_id in then}
    return [item for item in listed if item.entry_no in known]


def _page(
    view: RecordView,
    query: DocumentQuery,
    listed: list[Listed],
    slots: dict[int, Slot],
    total: int,
    cursor: Cursor | None,
) -> Answer:
    order = _order_of(query.sort, slots)
    listed.sort(key=lambda item: order(item.entry_no))
    begin, end = _bounds(listed, order, query.count, cursor)
    page = listed[begin:end]
    newest = cursor.newest if cursor else view.record.entry_count
    before = begin
    after = total - end if cursor is None else len(listed) - end
    sealing = view.gate.store.keys.journal_key

    def edge(item: Listed, forward: bool) -> str:
        made = Cursor(newest, order(item.entry_no)[:-1], item.entry_no, forward)
        return seal_cursor(sealing, view.me, query, made)

    found = Found(
        [FoundEntry(uuid_text(item.entry_uuid), slots[item.entry_no].resource) for item in page],
        total,
        next_cursor=edge(page[-1], True) if page and after > 0 else None,
        previous_cursor=edge(page[0], False) if page and before > 0 else None,
    )
    return Answer(found, tuple(page))


def _bounds(
    listed: Sequence[Listed],
    order: Callable[[int], Key],
    count: int,
    cursor: Cursor | None,
) -> tuple[int, int]:
    """Where the page stands in the sorted list."""
    if cursor is None:
        return 0, min(count, len(listed))
    edge = (*cursor.edge, -cursor.entry_no)
    keys = [order(item.entry_no) for item in listed]
    if cursor.forward:
        begin = bisect_right(keys, edge)
        return begin, min(begin + count, len(listed))
    end = bisect_left(keys, edge)
    return max(0, end - count), end


def _first_by_day(listed: list[Listed], count: int) -> list[Listed]:
    """The newest ``count`` by day, and all further ones of the last day: enough to order them."""
    if len(listed) <= count:
        return listed
    listed.sort(key=lambda item: item.created_day, reverse=True)
    last = listed[count - 1].created_day
    end = count
    while end < len(listed) and listed[end].created_day == last:
        end += 1
    return listed[:end]


def _order_of(
    sort: tuple[tuple[DateField, bool], ...], slots: dict[int, Slot]
) -> Callable[[int], Key]:
    """Key of an entry number: the asked fields, then the newest first."""
    if sort == _DEFAULT_ORDER:
        return lambda entry_no: (-slots[entry_no].created, -entry_no)

    def key(entry_no: int) -> Key:
        slot = slots[entry_no]
        return (*(_sort_value(slot, field, falls) for field, falls in sort), -entry_no)

    return key


def _sort_value(slot: Slot, field: DateField, falls: bool) -> float | str:
    if field is DateField.TYPE:
        return _falling_text(slot.type_code) if falls else slot.type_code
    value = {
        DateField.CREATION: slot.created,
        DateField.PERIOD: slot.started,
        DateField.LAST_UPDATED: slot.updated,
    }[field]
    return -value if falls else value


def _falling_text(text: str) -> str:
    """A text whose order is the reverse of ``text``'s (codes are ASCII)."""
    return "".join(chr(0x10000 - ord(char)) for char in text) + "\U0010ffff"


def _statuses(query: DocumentQuery) -> set[int]:
    """The status codes that a query asks for; archived entries only when asked (ITI-67, PDSm)."""
    if query.archived:
        return {STATUSES[Status.ARCHIVED]}
    return {STATUSES[status] for status in query.statuses}


def _any_code(code: str, filters: tuple[TokenFilter, ...]) -> bool:
    """Codes are compared without system: a code means the same in each that the metadata use."""
    return all((code in {c for _, c in one.any_of}) is not one.negate for one in filters)


async def _named_documents(view: RecordView, query: DocumentQuery) -> set[bytes] | None:
    """The logicalIds that ``identifier`` and ``_id`` name, None where neither was asked."""
    if not query.identifiers and not query.ids:
        return None
    by_identifier = {await _logical_id(view, unique_id_named(s, v)) for s, v in query.identifiers}
    by_id = {await _logical_id(view, name) for name in query.ids}
    if query.identifiers and query.ids:
        return {name for name in by_identifier & by_id if name}
    return {name for name in by_identifier | by_id if name}


async def _logical_id(view: RecordView, name: str) -> bytes:
    """The logicalId of a uniqueId, entryUUID or logicalId of this record; empty for none."""
    store, record_id = view.gate.store, view.record.record_id
    line = await entries.document_of(store, name)
    if line is None:
        try:
            located = await entries.locate(store, uuid.UUID(name.removeprefix("urn:uuid:")).bytes)
        except ValueError:
            return b""
        line = (located[0], located[1]) if located else None
    if line is None or line[0] != record_id:
        return b""
    row = await entries.entry(store, record_id, line[1])
    return row.logical_id if row else b""
