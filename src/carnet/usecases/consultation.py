"""Finding and reading documents: ITI-67, ITI-68 and reading an entry by its id."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import IO

import msgspec

from carnet.record.access import Action, refusal
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError
from carnet.record.trace import Act, Chain
from carnet.record.uuids import uuid_text
from carnet.storage import entries, objects
from carnet.storage.codes import STATUSES, UuidKind
from carnet.storage.entries import EntryRow
from carnet.storage.sealing import Sealer
from carnet.storage.store import Store
from carnet.usecases.clock import instant
from carnet.usecases.gate import Gate
from carnet.usecases.querying import answer_of
from carnet.usecases.relations import shown
from carnet.usecases.requests import (
    Content,
    DocumentQuery,
    Found,
    ReadEntry,
    RetrievedDocument,
)
from carnet.usecases.scope import record_of_query
from carnet.usecases.view import RecordView, is_withheld

_SMALL = 1 << 20  # bytes of document that are opened in memory


async def find(gate: Gate, caller: Caller, query: DocumentQuery) -> Found:
    """The entries of one record that match and that the caller may see, a page of them.

    Raises the refusals of the access rules. Where only a document is named (``identifier``,
    ``_id``), what the caller may not see and what does not exist give the same empty answer.
    """
    record_id = await record_of_query(gate, caller, query)
    if record_id is None:
        return Found([], 0)
    view = await gate.look(caller, record_id, Action.FIND)
    if not view.decision.permitted:
        named = query.patient is not None or query.record is not None
        code = refusal(view.decision).code
        await gate.trace_refusal(view, Act.FIND, code, criteria=query.criteria)
        if named:
            raise refusal(view.decision)
        return Found([], 0)
    answer = await answer_of(view, query)
    await view.release(Act.FIND, answer.named, criteria=query.criteria)
    return answer.found


async def read_entry(gate: Gate, caller: Caller, entry_uuid: str) -> ReadEntry:
    """A DocumentReference by its current id or an earlier one.

    Raises ``document-absent`` for what does not exist and for what the caller may not read alike.
    """
    view, row = await reach(gate, caller, entry_uuid, UuidKind.ENTRY, Act.READ_ENTRY)
    slot = await entries.slot_of(gate.store, view.sealer, row)
    await view.release(Act.READ_ENTRY, (row,))
    return ReadEntry(
        entry_uuid=uuid_text(row.entry_uuid),
        change=row.change,
        last_updated=instant(round(slot.updated * 1_000_000)),
        resource=await shown(view, slot.resource),
    )


async def retrieve(gate: Gate, caller: Caller, binary_id: str) -> RetrievedDocument:
    """A document's bytes as submitted, by Binary.id. Raises ``document-absent``."""
    view, row = await reach(gate, caller, binary_id, UuidKind.DOCUMENT, Act.RETRIEVE)
    document = open_document(gate.store, view.sealer, row)
    await view.release(Act.RETRIEVE, (row,))
    return document


async def reach(
    gate: Gate,
    caller: Caller,
    name: str,
    kind: UuidKind,
    act: Act,
    *,
    unread: Action | None = None,
) -> tuple[RecordView, EntryRow]:
    """The view and the current row of the document that a UUID names, if the caller sees it.

    ``unread`` is an act that may be given to who does not see it; the view is then decided by that
    act and sees nothing. A refusal is traced with its true reason and answered
    ``document-absent``.
    """
    located = await _locate(gate, name, kind)
    if located is None:
        await gate.note("document-absent")
        raise CarnetError("document-absent")
    record_id, logical_id = located
    view = await gate.look(caller, record_id, Action.READ)
    found = await view.latest(logical_id)
    if found is None:
        raise CarnetError("document-absent")
    row, seen = found
    if view.decision.permitted and seen and row.status != _DELETED:
        return view, row
    if unread is not None and row.status != _DELETED:
        decision = await view.may(unread, row)
        if decision.permitted:
            return msgspec.structs.replace(view, decision=decision), row
    code = "hidden" if view.decision.permitted else str(view.decision.reason)
    chain = Chain.WITHHELD if is_withheld(row, view.now) else Chain.OPEN
    await gate.trace_refusal(view, act, code, entries=(row.entry_no,), chain=chain)
    raise CarnetError("document-absent")


_DELETED = max(STATUSES.values())


async def _locate(gate: Gate, name: str, kind: UuidKind) -> tuple[bytes, bytes] | None:
    """Record and logicalId of an entryUUID or of a Binary.id."""
    try:
        key = uuid.UUID(name).bytes
    except ValueError:
        return None
    line = await entries.locate(gate.store, key)
    if line is None or line[2] != kind:
        return None
    record_id, entry_no, _ = line
    if kind is UuidKind.DOCUMENT:
        return record_id, key
    row = await entries.entry(gate.store, record_id, entry_no)
    return (record_id, row.logical_id) if row else None


class StoredContent:
    """A document in the blob store, opened anew at each reading."""

    def __init__(self, store: Store, sealer: Sealer, object_id: bytes, size: int) -> None:
        self._store = store
        self._sealer = sealer
        self._object_id = object_id
        self._size = size

    @property
    def size(self) -> int:
        """Number of bytes of the document."""
        return self._size

    def chunks(self) -> Iterator[bytes]:
        """The bytes as submitted."""
        with self._store.blobs.open(self._object_id) as source:
            objects.open_entry(self._sealer, self._object_id, source)
            yield from objects.open_chunks(self._sealer, self._object_id, source)


class OpenedContent:
    """A small document, already opened."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self._data)

    def chunks(self) -> Iterator[bytes]:
        """All bytes as one piece."""
        yield self._data


def open_document(store: Store, sealer: Sealer, row: EntryRow) -> RetrievedDocument:
    """The bytes and what an answer says of them, from the object of an entry."""
    content: Content
    try:
        with store.blobs.open(row.binary_id) as source:
            entry = objects.open_entry(sealer, row.binary_id, source)
            if row.size <= _SMALL:
                content = OpenedContent(_whole(sealer, row.binary_id, source))
            else:
                content = StoredContent(store, sealer, row.binary_id, row.size)
    except (objects.ObjectBroken, FileNotFoundError):
        raise CarnetError("record-damaged") from None
    return RetrievedDocument(
        content=content,
        mime_type=entry.mime_type,
        title=entry.title,
        etag=entry.hash_sha256,
        entry_uuid=uuid_text(row.entry_uuid),
    )


def _whole(sealer: Sealer, object_id: bytes, source: IO[bytes]) -> bytes:
    pieces = list(objects.open_chunks(sealer, object_id, source))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
