"""Directory lines of one record: present, and leading to it. What is missing can be made again."""

from __future__ import annotations

from carnet.record.access.model import RelationKind
from carnet.storage import reads, writes
from carnet.storage.batch import Step, step
from carnet.storage.codes import RELATIONS, UuidKind
from carnet.storage.entries import EntryRow
from carnet.storage.records import DAY, NOBODY, traits_keys
from carnet.storage.sealed import SUBMITTED
from carnet.storage.statements import Row
from carnet.storage.verify import reads as own
from carnet.storage.verify.look import Look
from carnet.storage.verify.model import Mend, Suspicion, damage

INS, DOCUMENT, UUID = "directory_ins", "directory_document", "directory_uuid"
TRAITS, ACTOR = "directory_traits", "directory_actor"

_AUTHOR = RELATIONS[RelationKind.AUTHOR]
_CONFIRMED = 1


async def check_lines(look: Look) -> None:
    """All lines that a record must have."""
    await _check_ins(look)
    await _check_documents(look)
    await _check_uuids(look)
    await _check_traits(look)
    await _check_actors(look)


async def _check_ins(look: Look) -> None:
    context, record_id = look.context, look.record_id
    keys = dict.fromkeys(context.hasher.ins(one.ins.matricule) for one in look.identities)
    for key in keys:
        rows = await context.store.main.fetch(own.LINE_INS, key)
        line = (key, record_id, _CONFIRMED)
        if not rows:
            _absent(look, INS, key, step(writes.ADD_INS, line))
        elif rows[0][0] != record_id:
            _wrong(look, INS, key)
        elif rows[0][1] != _CONFIRMED:
            _absent(look, INS, key, step(writes.CONFIRM_INS, line))
    look.lines[INS] = len(keys)


def first_entries(entries: dict[int, EntryRow]) -> dict[bytes, EntryRow]:
    """The first entry of each document, by logicalId."""
    first: dict[bytes, EntryRow] = {}
    for _, row in sorted(entries.items()):
        first.setdefault(row.logical_id, row)
    return first


async def _check_documents(look: Look) -> None:
    context, record_id = look.context, look.record_id
    documents = first_entries(look.entries).values()
    for row in documents:
        key = context.hasher.unique_id(row.unique_id)
        rows = await context.store.main.fetch(own.LINE_DOCUMENT, key)
        line = (key, record_id, row.entry_no, _CONFIRMED)
        if not rows:
            _absent(look, DOCUMENT, key, step(writes.ADD_DOCUMENT, line))
        elif rows[0][0] != record_id or _leads_elsewhere(look, rows[0][1], row):
            _wrong(look, DOCUMENT, key)
        elif rows[0][2] != _CONFIRMED:
            _absent(look, DOCUMENT, key, step(writes.CONFIRM_DOCUMENT, line))
    look.lines[DOCUMENT] = len(documents)


def _leads_elsewhere(look: Look, entry_no: int, row: EntryRow) -> bool:
    """Whether a line names another entry; one whose row is lost is told of elsewhere."""
    return entry_no != row.entry_no and (entry_no in look.entries or entry_no > row.entry_no)


async def _check_uuids(look: Look) -> None:
    context, record_id = look.context, look.record_id
    wanted: dict[bytes, tuple[int, UuidKind, EntryRow | None]] = {}
    for row in look.entries.values():
        wanted[row.entry_uuid] = (row.entry_no, UuidKind.ENTRY, row)
    for logical_id, row in first_entries(look.entries).items():
        wanted[logical_id] = (row.entry_no, UuidKind.DOCUMENT, row)
    for tie, _ in look.ties:
        wanted[tie[3]] = (0, UuidKind.TIE, None)
    for uuid, (entry_no, kind, entry) in wanted.items():
        rows = await context.store.main.fetch(reads.OBJECT_OF_UUID, uuid)
        if not rows:
            _absent(look, UUID, uuid, step(writes.ADD_UUID, (uuid, record_id, entry_no, int(kind))))
            continue
        found_record, found_no, found_kind = rows[0]
        elsewhere = entry is not None and _leads_elsewhere(look, found_no, entry)
        if found_record != record_id or found_kind != kind or elsewhere:
            _wrong(look, UUID, uuid)
    look.lines[UUID] = len(wanted)


async def _check_traits(look: Look) -> None:
    context, record_id = look.context, look.record_id
    keys = dict.fromkeys(
        key
        for one in look.identities
        if one.source != SUBMITTED  # what a submission claims is not indexed
        for key in traits_keys(context.hasher, one.traits)
    )
    for key in keys:
        if not await context.store.main.fetch(own.LINE_TRAITS, key, record_id):
            _absent(look, TRAITS, key, step(writes.ADD_TRAITS, (key, record_id)))
    look.lines[TRAITS] = len(keys)


def actor_lines(look: Look) -> dict[tuple[bytes, int, int], set[int]]:
    """The lines by actor of a record: (actor, kind, entry number) and the days they may bear.

    The same lines that the worker writes from the outbox: a document's authors and their
    structure, and every tie but those of authors.
    """
    lines: dict[tuple[bytes, int, int], set[int]] = {}
    for row in look.entries.values():
        if row.version != 1:
            continue
        actors = {row.author, row.structure, *look.entry_actors.get(row.entry_no, ())}
        for actor in actors - {NOBODY}:
            lines[actor, _AUTHOR, row.entry_no] = {row.created_day}
    for (_, actor, kind, _, starts, _, _, _), _ in look.ties:
        lines.setdefault((actor, kind, 0), set()).add(starts // DAY)
    return lines


async def _check_actors(look: Look) -> None:
    """Lines by actor; those that an event still is to write are not missed."""
    record_id = look.record_id
    expected = actor_lines(look)
    waiting = bool(look.events)
    for (actor, kind, entry_no), days in sorted(expected.items()):
        rows = await look.context.store.main.fetch(own.LINE_ACTOR, actor, kind, record_id, entry_no)
        name = _actor_name(actor, kind, entry_no)
        if not rows and not waiting:
            line: Row = (actor, kind, record_id, entry_no, min(days))
            _absent_at(look, ACTOR, name, step(writes.ADD_ACTOR, line))
        elif rows and rows[0][0] not in days:
            where = f"{ACTOR} {name}"
            look.suspect(damage("verify-line-wrong", where, directory=ACTOR))
    look.lines[ACTOR] = len(expected)


def _actor_name(actor: bytes, kind: int, entry_no: int) -> str:
    return f"{actor.hex()} kind {kind} entry {entry_no}"


def _absent(look: Look, directory: str, key: bytes, mend: Step) -> None:
    _absent_at(look, directory, key.hex(), mend)


def _absent_at(look: Look, directory: str, name: str, mend: Step) -> None:
    look.suspect(
        Suspicion(
            code="verify-line-absent",
            where=f"{directory} {name}",
            params={"directory": directory},
            mend=Mend(mend, "verify-line-rebuilt"),
        )
    )


def _wrong(look: Look, directory: str, key: bytes) -> None:
    where = f"{directory} {key.hex()}"
    look.suspect(damage("verify-line-wrong", where, directory=directory))
